"""Where the tables of a history are in a database: their schema, and what their names begin with.

One rule makes every name of another place: the prefix, then the name in the default place. So two histories with other
prefixes, or in other schemas, have nothing in common but the database.
"""

import re
from collections.abc import Mapping
from typing import Any

from attrs import frozen
from sqlalchemy import URL
from sqlalchemy.dialects import postgresql

from sot.domain.values.errors import InvalidInput

SCHEMA_ARGUMENT = "sot_schema"
PREFIX_ARGUMENT = "sot_prefix"
"""The arguments of an address, as in `postgresql://host/name?sot_schema=oms`."""
MAX_PREFIX = 20
"""The length of a prefix. PostgreSQL cuts names after 63 bytes; the longest of `sot` that must not be cut has 37."""
_MAX_NAME = 63
_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
_RESERVED_SCHEMAS = re.compile(r"pg_.*|information_schema")
_quote = postgresql.dialect().identifier_preparer.quote  # type: ignore[no-untyped-call]


@frozen(eq=False)
class Place:
    """The schema and the prefix of the tables of a history; `place_at` makes it, one object for each.

    Attributes:
        schema: A schema of PostgreSQL; None is the one that the connection has by default.
        prefix: What the names of tables, indexes, constraints, triggers and functions begin with.

    Raises:
        InvalidInput: One is no plain name in small letters, or too long.
    """

    schema: str | None = None
    prefix: str = ""

    def __attrs_post_init__(self) -> None:
        if self.schema is not None:
            allowed = f"a name of a-z, 0-9 and _, at most {_MAX_NAME} characters, that PostgreSQL does not reserve"
            if not _is_name(self.schema, _MAX_NAME) or _RESERVED_SCHEMAS.fullmatch(self.schema):
                raise InvalidInput("schema", self.schema, allowed)
        if self.prefix != "" and not _is_name(self.prefix, MAX_PREFIX):
            raise InvalidInput("prefix", self.prefix, f"a name of a-z, 0-9 and _, at most {MAX_PREFIX} characters")

    @property
    def is_default(self) -> bool:
        """Whether names are as they are without a choice."""
        return self.schema is None and not self.prefix

    def arguments(self) -> Mapping[str, str]:
        """Return the arguments that say so, for a program or a message; none for the default place."""
        given = {"schema": self.schema, "prefix": self.prefix}
        return {name: value for name, value in given.items() if value}

    def name(self, default: str) -> str:
        """Return the name in this place of what has a name in the default place."""
        return self.prefix + default

    def default_name(self, name: str) -> str:
        """Return the name in the default place of what has a name in this one."""
        return name.removeprefix(self.prefix)

    def qualified(self, default: str) -> str:
        """Return the name in this place as statements have it, with the schema."""
        name = self.name(default)
        return name if self.schema is None else f"{_quote(self.schema)}.{name}"

    def sql(self, template: str) -> str:
        """Return a statement whose names are written as `{orders}`."""
        return template.format_map(_Names(self))

    def check_database(self, database: str) -> None:
        """Check that a kind of database has such a place.

        Raises:
            InvalidInput: SQLite was given a schema.
        """
        if self.schema is not None and database == "sqlite":
            raise InvalidInput("schema", self.schema, "None on SQLite, which has no schemas; choose a prefix there")


DEFAULT = Place()


class _Names(dict[str, str]):
    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def __missing__(self, name: str) -> str:
        return self._place.qualified(name)


_places: dict[tuple[str | None, str], Place] = {(None, ""): DEFAULT}


def place_at(schema: str | None = None, prefix: str = "") -> Place:
    """Return the place of a schema and a prefix; the same object for the same place.

    Raises:
        InvalidInput: One is no plain name in small letters, or too long.
    """
    if schema is None and prefix == "":
        return DEFAULT
    return _places.setdefault((schema, prefix), Place(schema, prefix))


def without_place(url: URL, schema: str | None, prefix: str) -> tuple[URL, Place]:
    """Return an address without the arguments that choose a place, and the place.

    Raises:
        InvalidInput: They choose another place than `schema` and `prefix`, or the database has no such place.
    """
    chosen_schema = _argument(url, SCHEMA_ARGUMENT, schema or "")
    chosen_prefix = _argument(url, PREFIX_ARGUMENT, prefix)
    place = place_at(chosen_schema or schema, chosen_prefix)
    place.check_database(url.get_backend_name())
    return url.difference_update_query([SCHEMA_ARGUMENT, PREFIX_ARGUMENT]), place


def _argument(url: URL, name: str, given: str) -> str:
    in_url = url.query.get(name)
    if in_url is None:
        return given
    if not isinstance(in_url, str) or given not in ("", in_url):
        raise InvalidInput(name, in_url, "one value, in the address or as an argument of the call")
    return in_url


def _is_name(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest and _NAME.fullmatch(value) is not None
