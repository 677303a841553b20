"""How each kind of field is checked on entry and written in canonical form.

A value class lists its fields once, in a table of name -> Kind; checking, canonical text and reading back all use it.
This is the hot path of every record, hence the direct access to `__dict__` and the precomputed tables.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from json.encoder import encode_basestring as quoted
from typing import Any, ClassVar, Self

import attrs

from sot.domain import documents
from sot.domain.errors import InvalidInput
from sot.domain.numbers import bounded, exact, plain, positive
from sot.domain.times import moment, moment_text

NAME_LENGTH = 255
TEXT_LENGTH = 4_000
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


@attrs.frozen
class Kind:
    """`check` takes (field name, value) and gives the value as it is kept; `write` gives its canonical JSON text;
    `parse` turns what JSON gives for that text into something that `check` accepts, where it does not by itself."""

    check: Callable[[str, Any], Any]
    write: Callable[[Any], str]
    parse: Callable[[Any], Any] | None = None


def _text(longest: int, shortest: int = 0) -> Callable[[str, Any], str]:
    allowed = f"text of {shortest} to {longest} characters"

    def check(field: str, value: Any) -> str:
        if type(value) is str and shortest <= len(value) <= longest:
            return value if value.isprintable() else documents.clean_text(field, value)
        if isinstance(value, str) and shortest <= len(value) <= longest:
            return documents.clean_text(field, str.__str__(value))
        raise InvalidInput(field, value, allowed)

    return check


def _uuid(field: str, value: Any) -> str:
    text = value if type(value) is str else str(value)
    if _UUID.fullmatch(text):
        return text
    if _UUID.fullmatch(text.lower()):
        return text.lower()
    raise InvalidInput(field, value, "a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057")


def _flag(field: str, value: Any) -> bool:
    if value is True or value is False:
        return value
    raise InvalidInput(field, value, "true or false")


def _count(field: str, value: Any) -> int:
    if type(value) is int and 0 <= value < 2**63:
        return value
    raise InvalidInput(field, value, "a whole number from 0 to 2^63 - 1")


def _nanoseconds(field: str, value: Any) -> int:
    return _count(field, int(bounded(field, value, 19, 0, "nanoseconds since 1970 as a whole number")))


def _moment(field: str, value: Any) -> datetime:
    return value if type(value) is datetime and value.tzinfo is UTC else moment(field, value)


def _mapping(item: Callable[[str, Any], Any], allowed: str) -> Callable[[str, Any], dict[str, Any]]:
    def check(field: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise InvalidInput(field, value, allowed)
        return {NAME.check(field, key): item(f"{field}.{key}", value[key]) for key in value}

    return check


def _write_mapping(write: Callable[[Any], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda values: "{" + ",".join(f"{quoted(key)}:{write(values[key])}" for key in sorted(values)) + "}"


def _write_number(number: Decimal) -> str:
    text = str(number)  # a checked number is canonical but for an exponent
    return f'"{plain(number)}"' if "E" in text else f'"{text}"'


def word(vocabulary: type[StrEnum], subset: tuple[StrEnum, ...] | None = None) -> Kind:
    """One word of a closed vocabulary, or of a part of it."""
    members: Mapping[str, StrEnum] = {str(member): member for member in (subset or vocabulary)}
    allowed = "one of " + ", ".join(members)

    def check(field: str, value: Any) -> StrEnum:
        member = members.get(value) if isinstance(value, str) else None
        if member is None:
            raise InvalidInput(field, value, allowed)
        return member

    return Kind(check, {member: f'"{member}"' for member in members}.__getitem__)


def sequence_of(kind: Kind) -> Kind:
    """A tuple of values of one kind."""
    write, parse = kind.write, kind.parse

    def check(field: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise InvalidInput(field, value, "a list")
        return tuple([kind.check(field, item) for item in value])

    def parse_all(values: list[Any]) -> list[Any]:
        return values if parse is None else [parse(value) for value in values]

    return Kind(check, lambda values: "[" + ",".join(map(write, values)) + "]", parse_all)


NAME = Kind(_text(NAME_LENGTH, 1), quoted)
SCOPE = Kind(_text(NAME_LENGTH), quoted)
TEXT = Kind(_text(TEXT_LENGTH), quoted)
IDENTITY = Kind(_uuid, quoted)
HASH = Kind(_text(64, 64), quoted)
NUMBER = Kind(exact, _write_number)
POSITIVE = Kind(positive, _write_number)
MOMENT = Kind(_moment, lambda value: f'"{moment_text(value)}"')
NANOSECONDS = Kind(_nanoseconds, lambda value: f'"{value}"')
COUNT = Kind(_count, str)
FLAG = Kind(_flag, lambda value: "true" if value else "false")
DOCUMENT = Kind(
    documents.checked, lambda value: quoted(documents.document_text(value)), lambda text: documents.read_document(text)
)
TAGS = Kind(_mapping(TEXT.check, "an object of text by text"), _write_mapping(quoted))
RATES = Kind(_mapping(positive, "an object of positive numbers by currency"), _write_mapping(_write_number))


def value_of(cls: "type[Value]") -> Kind:
    """A value class inside another."""

    def check(field: str, value: Any) -> Any:
        return value if isinstance(value, cls) else cls.read(value, field)

    def parse(written: Any) -> Any:
        return cls.restored(written)

    return Kind(check, cls.canonical, parse)


@attrs.frozen(slots=False)
class Value:
    """Base of the immutable value classes: checks its fields by `KINDS` when made."""

    KINDS: ClassVar[Mapping[str, Kind]] = {}
    _CHECKS: ClassVar[tuple[tuple[str, Callable[[str, Any], Any]], ...]] = ()
    _WRITES: ClassVar[tuple[tuple[str, str, Callable[[Any], str]], ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._CHECKS = tuple((name, kind.check) for name, kind in cls.KINDS.items())
        cls._WRITES = tuple((name, f'"{name}":', cls.KINDS[name].write) for name in sorted(cls.KINDS))

    def __attrs_post_init__(self) -> None:
        values = self.__dict__
        for name, check in self._CHECKS:
            value = values[name]
            if value is not None:
                values[name] = check(name, value)

    def canonical(self, without: frozenset[str] = frozenset()) -> str:
        """The canonical form: a JSON object of the fields that say something, but for those `without`."""
        values = self.__dict__
        parts = []
        for name, prefix, write in self._WRITES:
            value = values[name]
            if value is None or name in without:
                continue
            # Absent is None, or '' and () where a field is never None; zero and false do say something.
            if value or (value != "" and value != ()):
                parts.append(prefix + write(value))
        return "{" + ",".join(parts) + "}"

    def written(self) -> dict[str, Any]:
        """The canonical form as JSON values."""
        written: dict[str, Any] = json.loads(self.canonical())
        return written

    @classmethod
    def read(cls, fields: Mapping[str, Any], where: str = "") -> Self:
        """Make one from named fields that came from outside, such as a JSON object.

        Raises: InvalidInput: an unknown or missing field, or a value that is not allowed.
        """
        where = where or cls.__name__
        if not isinstance(fields, Mapping):
            raise InvalidInput(where, fields, "an object of fields")
        for name in fields:
            if name not in cls.KINDS:
                raise InvalidInput(f"{where}.{name}", fields[name], "only these fields: " + ", ".join(cls.KINDS))
        for attribute in attrs.fields(cls):
            if attribute.default is attrs.NOTHING and fields.get(attribute.name) is None:
                raise InvalidInput(f"{where}.{attribute.name}", None, "a value: this field is required")
        return cls(**{name: value for name, value in fields.items() if value is not None})

    @classmethod
    def restored(cls, written: Mapping[str, Any]) -> Self:
        """Make one again from its canonical form, as JSON values."""
        kinds = cls.KINDS
        values = dict(written)
        for name, value in written.items():
            parse = kinds[name].parse
            if parse is not None:
                values[name] = parse(value)
        return cls(**values)
