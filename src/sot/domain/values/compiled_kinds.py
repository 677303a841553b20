"""The table of a value class, compiled to straight code, as attrs does for `__init__`.

Looping over the table takes three times as long, and this runs several times for every report.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, NamedTuple, get_args

import attrs

from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind, quoted
from sot.domain.values.numbers import is_plain
from sot.domain.values.sparse import sparse_defaults

Check = Callable[[dict[str, Any]], None]
"""Checks the values of fields by name, and puts what was read in their place."""


class CompiledKinds(NamedTuple):
    """The compiled table of a class.

    Attributes:
        checks: How values are checked, by the names of the fields that they hold.
        write: Writes the canonical form.
    """

    checks: Mapping[tuple[str, ...], Check]
    write: Callable[[Mapping[str, Any]], str]


class Checks(dict[tuple[str, ...], Check]):
    """The checks of a class, by the names of the fields that a value holds.

    Most values of a program hold the same few fields. The check of these alone takes a fraction of the time of looking
    for all fields of the class. It is compiled for names that come often; others are looked for among all fields.

    Args:
        kinds: The kind of each field.
        names: The names that the expressions of the kinds use.
        required: The fields that cannot be None.
    """

    OFTEN = 32
    MOST = 128

    def __init__(self, kinds: Mapping[str, Kind], names: Mapping[str, Any], required: Iterable[str]) -> None:
        super().__init__()
        self._kinds = kinds
        self._required = tuple(required)
        self._numbers = {name: number for number, name in enumerate(sorted(kinds))}
        self._names = {**names, "check_all": self._check_all}
        self._seen: dict[tuple[str, ...], int] = {}
        self._check_fields = self._compile(self._numbers, "get({!r})", "get = values.get", ())

    def __missing__(self, names: tuple[str, ...]) -> Check:
        count = self._seen.get(names, 0) + 1
        if count < self.OFTEN or not self._numbers.keys() >= {*names} >= {*self._required}:
            if count > 1 or len(self._seen) < self.MOST:
                self._seen[names] = count
            return self._check_all
        check = self[names] = self._compile(sorted(names), "values[{!r}]", "pass", self._required)
        return check

    def _check_all(self, values: dict[str, Any]) -> None:
        for name in self._required:
            if values.get(name) is None:
                raise InvalidInput(name, None, "a value: this field is required")
        self._check_fields(values)

    def _compile(self, names: Iterable[str], read: str, first: str, required: Iterable[str]) -> Check:
        lines = ["def check(values):", f" {first}"]
        for name in names:
            kind, number = self._kinds[name], self._numbers[name]
            lines.append(f" v = {read.format(name)}")
            lines.append(" if v is None:")
            if name in required:
                lines.append("  return check_all(values)")
            else:
                lines.append(f"  if {name!r} in values: values[{name!r}] = none_{number}" if kind.blank else "  pass")
            passes = kind.passes.replace("vocabulary", f"vocabulary_{number}").replace("allowed", f"allowed_{number}")
            lines.append(f" elif not ({passes}): values[{name!r}] = check_{number}({name!r}, v)")
        code: dict[str, Any] = dict(self._names)
        exec("\n".join(lines), code)  # made of our own tables only
        check: Check = code["check"]
        return check


def compile_kinds(cls: Any, kinds: Mapping[str, Kind]) -> CompiledKinds:
    """Compile the table of a value class."""
    names: dict[str, Any] = {"quoted": quoted, "datetime": datetime, "UTC": UTC}
    names |= {"Decimal": Decimal, "is_plain": is_plain}
    for number, name in enumerate(sorted(kinds)):
        kind = kinds[name]
        field_names = {"check": kind.check, "write": kind.write, "none": kind.none, **kind.names}
        names.update({f"{key}_{number}": value for key, value in field_names.items()})
    checks = Checks(kinds, names, _required_names(cls))
    return CompiledKinds(checks, _compiled_write(kinds, names, sparse_defaults(cls)))


def _compiled_write(
    kinds: Mapping[str, Kind], names: Mapping[str, Any], defaults: Mapping[str, Any]
) -> Callable[[Mapping[str, Any]], str]:
    code = dict(names)
    lines = ["def canonical(values):", " parts = []", " get = values.get"]
    for number, name in enumerate(sorted(kinds)):
        kind = kinds[name]
        default = code[f"default_{number}"] = None if kind.blank else defaults.get(name)
        text = kind.writes.replace("write(", f"write_{number}(")
        lines.append(f" v = get({name!r}, default_{number})" if default is not None else f" v = get({name!r})")
        prefix = f'"{name}":'
        absent = "v" if kind.blank else "v is not None"
        lines.append(f" if {absent}: parts.append({prefix!r} + {text})")
    lines.append(" return '{' + ','.join(parts) + '}'")
    exec("\n".join(lines), code)  # made of our own tables only
    write: Callable[[Mapping[str, Any]], str] = code["canonical"]
    return write


@cache
def _required_names(cls: Any) -> tuple[str, ...]:
    """The fields without a default that cannot be None."""
    return tuple(
        field.name
        for field in attrs.fields(cls)
        if field.default is attrs.NOTHING and NoneType not in get_args(field.type)
    )
