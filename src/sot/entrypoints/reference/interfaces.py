"""Interfaces as data: JSON Schemas of the public values, and the statements that make the tables."""

import importlib
import json
from collections.abc import Iterator

from sot.adapters.sqlalchemy.creation import creation_statements
from sot.domain.values.json_form import JsonForm
from sot.ports.paging import Page

PUBLIC_MODULES = ("sot", "sot.accounting", "sot.audit", "sot.importing", "sot.queries", "sot.venue")
DATABASES = ("sqlite", "postgresql")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def value_classes() -> dict[str, type[JsonForm]]:
    """The public classes that have a JSON form, by name; a page has one only together with its items."""
    modules = [importlib.import_module(name) for name in PUBLIC_MODULES]
    public = {name: getattr(module, name) for module in modules for name in module.__all__}
    return {
        name: value
        for name, value in sorted(public.items())
        if isinstance(value, type) and issubclass(value, JsonForm) and value is not Page
    }


def schema_files() -> Iterator[tuple[str, str]]:
    """The JSON Schemas of the values, by their paths: of what is written, and of what is read."""
    for name, value in value_classes().items():
        for folder, written in (("written", True), ("read", False)):
            schema = {"$schema": _DIALECT, **value.json_schema(written)}
            yield f"schemas/{folder}/{name}.json", json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def statement_files() -> Iterator[tuple[str, str]]:
    """The statements that make tables, triggers and views in an empty database of each kind, by their paths."""
    for database in DATABASES:
        yield f"ddl/{database}.sql", "".join(f"{text};\n\n" for text in creation_statements(database))
