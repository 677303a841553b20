"""The table of a value class, compiled to straight code, as attrs does for `__init__`.

Looping over the table takes three times as long, and this runs several times for every report.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from types import NoneType
from typing import Any, NamedTuple, TypeVar, get_args

import attrs

from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind, quoted

Check = Callable[[dict[str, Any]], None]
"""Checks the values of fields by name, and puts what was read in their place."""


Write = Callable[[Any], str]
"""Writes the canonical form of a value: of its fields, or of the values of fields by name."""

F = TypeVar("F", bound=Callable[..., Any])


class CompiledKinds(NamedTuple):
    """The compiled table of a class.

    Attributes:
        checks: How values are checked, by the names of the fields that they hold.
        writes: How they are written, by the same names.
    """

    checks: Mapping[tuple[str, ...], Check]
    writes: Mapping[tuple[str, ...], Write]


class ByNames(dict[tuple[str, ...], F]):
    """The compiled functions of a class, by the names of the fields that a value holds.

    Most values of a program hold the same few fields. A function for these alone takes a fraction of the time of one
    that looks for all fields of the class. It is compiled for names that come often; `of_all` stands in for it until
    then. There are `MOST` functions at most. When as many names are counted, all are counted anew: so names that came
    once leave room for those that come often.

    Args:
        names: The fields of the class.
        required: The fields that a value must hold for a function of its own.
        of_all: The function for all fields.
        compile: Compiles the function for some of them.
        refuses_others: Whether `of_all` refuses names that are no fields of the class; otherwise they do not matter.
    """

    OFTEN = 32
    MOST = 128

    def __init__(
        self,
        names: Iterable[str],
        required: Iterable[str],
        of_all: F,
        compile: Callable[[Sequence[str]], F],
        refuses_others: bool = False,
    ) -> None:
        super().__init__()
        self._fields = frozenset(names)
        self._required = frozenset(required)
        self._of_all = of_all
        self._compile = compile
        self._refuses_others = refuses_others
        self._seen: dict[tuple[str, ...], int] = {}

    def __missing__(self, names: tuple[str, ...]) -> F:
        seen = self._seen
        count = seen.pop(names, 0) + 1
        if count < self.OFTEN or len(self) >= self.MOST or not self._may_have_own(names):
            if len(seen) >= self.MOST:
                seen.clear()
            seen[names] = count
            return self._of_all
        made = self[names] = self._compile(sorted(self._fields.intersection(names)))
        return made

    def _may_have_own(self, names: tuple[str, ...]) -> bool:
        return self._required <= set(names) and not (self._refuses_others and not self._fields.issuperset(names))


def compile_kinds(cls: Any, kinds: Mapping[str, Kind]) -> CompiledKinds:
    """Compile the table of a value class."""
    code = names_of(kinds)
    required = required_names(cls)
    numbers = numbered(kinds)

    def compiled_check(names: Sequence[str], required: Sequence[str] = required) -> Check:
        lines = [line for name in names for line in check_in_place(name, name in required)]
        check: Check = function_of(["def made(values):", " get = values.get", *lines], code)
        return check

    def check_in_place(name: str, is_required: bool) -> Iterator[str]:
        kind, place = kinds[name], f"values[{name!r}]"
        blank = f"if {name!r} in values: {place} = none_{numbers[name]}" if kind.blank else "pass"
        if_none = "return check_all(values)" if is_required else blank
        return check_lines(name, kind, numbers[name], f"get({name!r})", place, if_none)

    def compiled_write(names: Sequence[str]) -> Write:
        lines = [line for name in names for line in _write_lines(name, kinds[name], numbers[name], f"get({name!r})")]
        write: Write = function_of(["def made(values):", " parts = []", " get = values.get", *lines, _JOINED], code)
        return write

    check_fields = compiled_check(sorted(kinds), ())

    def check_all(values: dict[str, Any]) -> None:
        for name in required:
            if values.get(name) is None:
                raise InvalidInput(name, None, "a value: this field is required")
        check_fields(values)

    code["check_all"] = check_all
    write_all = compiled_write(sorted(kinds))
    return CompiledKinds(
        ByNames(kinds, required, check_all, compiled_check), ByNames(kinds, (), write_all, compiled_write)
    )


def compile_write(kinds: Mapping[str, Kind], without: Collection[str], rare: Collection[str] = ()) -> Write:
    """Compile what writes the canonical form of a value with slots, without some of its fields.

    Args:
        kinds: The fields.
        without: Those that are left out.
        rare: Those that are kept in one slot, and are absent where that is None.
    """
    numbers, code = numbered(kinds), names_of(kinds)

    def compiled(left_out: Collection[str], *first: str) -> Write:
        names = [name for name in numbers if name not in left_out]
        lines = [line for name in names for line in _write_lines(name, kinds[name], numbers[name], f"value.{name}")]
        write: Write = function_of(["def made(value):", *first, " parts = []", *lines, _JOINED], code)
        return write

    if not rare:
        return compiled(without)
    code["write_others"] = compiled({*without, *rare})
    return compiled(without, " if value._rare is None: return write_others(value)")


def numbered(kinds: Mapping[str, Kind]) -> Mapping[str, int]:
    """The number of each field, with which the names of its own in compiled code end."""
    return {name: number for number, name in enumerate(sorted(kinds))}


def names_of(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The names that compiled code uses."""
    code: dict[str, Any] = {"quoted": quoted, "datetime": datetime, "UTC": UTC}
    for name, number in numbered(kinds).items():
        kind = kinds[name]
        own_names = {"check": kind.check, "load": kind.load, "write": kind.write, "none": kind.none, **kind.names}
        code.update({f"{key}_{number}": value for key, value in own_names.items()})
    return code


_JOINED = " return '{' + ','.join(parts) + '}'"


def check_lines(name: str, kind: Kind, number: int, read: str, place: str, if_none: str) -> Iterator[str]:
    """The lines that check a field as `v`.

    Args:
        name: The field.
        kind: Its kind.
        number: Its number among the fields.
        read: The expression that reads it.
        place: Where what was read from it is put, if that is another value.
        if_none: The statement for None.
    """
    passes = kind.passes
    for each in kind.names:
        passes = passes.replace(each, f"{each}_{number}")
    yield f" v = {read}"
    yield " if v is None:"
    yield f"  {if_none}"
    yield f" elif not ({passes}): {place} = check_{number}({name!r}, v)"


def _write_lines(name: str, kind: Kind, number: int, read: str) -> Iterator[str]:
    text = kind.writes.replace("write(", f"write_{number}(")
    yield f" v = {read}"
    prefix, is_held = f'"{name}":', "v" if kind.blank else "v is not None"
    yield f" if {is_held}: parts.append({prefix!r} + {text})"


def function_of(lines: Iterable[str], names: Mapping[str, Any]) -> Any:
    """Compile the function `made` of some lines, for which names stand for values."""
    code = dict(names)
    exec("\n".join(lines), code)  # made of our own tables only
    return code["made"]


@cache
def required_names(cls: Any) -> tuple[str, ...]:
    """The fields without a default that cannot be None."""
    return tuple(
        field.name
        for field in attrs.fields(cls)
        if field.default is attrs.NOTHING and NoneType not in get_args(field.type)
    )
