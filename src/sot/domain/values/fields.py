"""The kinds of fields, and the base of the immutable value classes.

A value class lists its fields in one table, `KINDS`: name -> `Kind`. Checking on entry, the canonical form and reading
back use this table. Every record passes through here several times, so the tables are compiled to straight code, and
values are read and written by their `__dict__`.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from json.encoder import encode_basestring
from types import NoneType
from typing import Any, ClassVar, NamedTuple, Self, get_args

import attrs

from sot.domain.values import documents
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import bounded, exact, plain, positive
from sot.domain.values.times import time_text, utc_time

quoted = encode_basestring
"""The JSON string of a text, with the least escaping (RFC 8785, section 3.2.2.2)."""

NAME_LENGTH = 255
TEXT_LENGTH = 4_000
RESPONSE_LENGTH = 4_000_000

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


@attrs.frozen
class Kind:
    """How values of one kind are checked, written and read back.

    Attributes:
        check: Takes (field name, value) and returns the value to store.
        write: Returns the canonical JSON text of a value.
        parse: Turns the JSON value of the canonical text into something that `check` accepts; None if it does already.
        passes: An expression over `v`, compiled for speed: true if a value needs no check.
        writes: An expression over `v`, compiled for speed: the canonical JSON text.
        blank: Whether an empty value is written as an absent one.
        names: The names that the expressions use beyond those of the compiled code.
        load: Makes the value from its canonical JSON value without checking; None if that is the value already.
    """

    check: Callable[[str, Any], Any]
    write: Callable[[Any], str]
    parse: Callable[[Any], Any] | None = None
    passes: str = "False"
    writes: str = "write(v)"
    blank: bool = False
    names: Mapping[str, Any] = attrs.field(factory=dict)
    load: Callable[[Any], Any] | None = None


def _text(longest: int, shortest: int = 0) -> Callable[[str, Any], str]:
    allowed = f"text of {shortest} to {longest} characters"

    def check(field: str, value: Any) -> str:
        if type(value) is str and shortest <= len(value) <= longest:
            return value if value.isprintable() else documents.clean_text(field, value)
        if isinstance(value, str) and shortest <= len(value) <= longest:
            return documents.clean_text(field, str.__str__(value))
        raise InvalidInput(field, value, allowed)

    return check


def _is_uuid(value: Any) -> bool:
    """Whether a value is a UUID of the standard library or of a driver; the domain imports neither."""
    return any(base.__name__ == "UUID" for base in type(value).__mro__)


def _uuid(field: str, value: Any) -> str:
    text = value if type(value) is str else str(value) if isinstance(value, str) or _is_uuid(value) else ""
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


def member_of(vocabulary: type[StrEnum], subset: tuple[StrEnum, ...] | None = None) -> Kind:
    """The kind of the members of a vocabulary.

    Args:
        vocabulary: The enumeration.
        subset: The members that are allowed; None means all.
    """
    members: Mapping[str, StrEnum] = {str(member): member for member in (subset or vocabulary)}
    allowed = "one of " + ", ".join(members)

    def check(field: str, value: Any) -> StrEnum:
        member = members.get(value) if isinstance(value, str) else None
        if member is None:
            raise InvalidInput(field, value, allowed)
        return member

    passes = "type(v) is vocabulary" if subset is None else "False"
    writes = """'"' + v + '"'"""
    return Kind(
        check,
        lambda value: f'"{value}"',
        passes=passes,
        writes=writes,
        names={"vocabulary": vocabulary},
        load=members.__getitem__,
    )


def sequence_of(kind: Kind) -> Kind:
    """The kind of the tuples of values of one kind."""
    write, parse = kind.write, kind.parse

    def check(field: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise InvalidInput(field, value, "a list")
        return tuple([kind.check(field, item) for item in value])

    def parse_all(values: list[Any]) -> list[Any]:
        return values if parse is None else [parse(value) for value in values]

    def load_all(values: list[Any]) -> tuple[Any, ...]:
        return tuple(values) if kind.load is None else tuple([kind.load(value) for value in values])

    return Kind(check, lambda values: "[" + ",".join(map(write, values)) + "]", parse_all, blank=True, load=load_all)


_PRINTABLE = "type(v) is str and {} <= len(v) <= {} and v.isprintable()"
_QUOTED = "quoted(v)"

NAME = Kind(_text(NAME_LENGTH, 1), quoted, passes=_PRINTABLE.format(1, NAME_LENGTH), writes=_QUOTED)
"""Text of 1 to 255 characters."""

SCOPE = Kind(_text(NAME_LENGTH), quoted, passes=_PRINTABLE.format(0, NAME_LENGTH), writes=_QUOTED, blank=True)
"""Text of up to 255 characters; empty means none."""

TEXT = Kind(_text(TEXT_LENGTH), quoted, passes=_PRINTABLE.format(0, TEXT_LENGTH), writes=_QUOTED)
"""Text of up to 4,000 characters."""

RESPONSE = Kind(_text(RESPONSE_LENGTH), quoted, passes=_PRINTABLE.format(0, RESPONSE_LENGTH), writes=_QUOTED)
"""The body of a response: text of up to 4,000,000 characters."""

IDENTITY = Kind(_uuid, quoted, writes=_QUOTED)
"""A UUID in its canonical text (RFC 9562)."""

HASH = Kind(_text(64, 64), quoted, writes=_QUOTED)
"""A SHA-256 digest in hexadecimal."""

NUMBER = Kind(exact, _write_number, load=Decimal)
"""An exact decimal; see `numbers.exact`."""

POSITIVE = Kind(positive, _write_number, load=Decimal)
"""An exact decimal greater than zero."""

TIME = Kind(
    utc_time,
    lambda value: f'"{time_text(value)}"',
    passes="type(v) is datetime and v.tzinfo is UTC",
    writes="""'"' + v.isoformat(timespec="microseconds")[:26] + 'Z"'""",
    load=datetime.fromisoformat,
)
"""An aware datetime in UTC."""

NANOSECONDS = Kind(_nanoseconds, lambda value: f'"{value}"', load=int)
"""Nanoseconds since 1970 as an integer."""

COUNT = Kind(_count, str)
"""An integer from 0 to 2^63 - 1."""

FLAG = Kind(_flag, lambda value: "true" if value else "false")
"""True or false."""

TIMES = sequence_of(TIME)
"""Aware datetimes in UTC."""

DOCUMENT = Kind(
    documents.checked_document,
    lambda value: quoted(documents.document_text(value)),
    documents.read_document,
    load=lambda text: documents.checked_document("document", documents.read_document(text)),
)
"""A JSON document; see `documents`."""

TAGS = Kind(_mapping(TEXT.check, "an object of text by text"), _write_mapping(quoted))
"""Texts by name."""

RATES = Kind(
    _mapping(positive, "an object of positive numbers by currency"),
    _write_mapping(_write_number),
    load=lambda rates: {currency: Decimal(rate) for currency, rate in rates.items()},
)
"""Rates (positive decimals) by currency."""


def value_of(cls: "type[Value]") -> Kind:
    """The kind of the values of a value class, nested in another."""

    def check(field: str, value: Any) -> Any:
        return value if isinstance(value, cls) else cls.read(value, field)

    def parse(document: Any) -> Any:
        return cls.from_canonical(document)

    return Kind(check, cls.canonical, parse, load=cls.from_trusted)


class _CompiledKinds(NamedTuple):
    check: Callable[[dict[str, Any]], None]
    write: Callable[[Mapping[str, Any]], str]


def _compile(kinds: Mapping[str, Kind]) -> _CompiledKinds:
    """Compile the table of a class to straight code, a line or two per field, as attrs does for `__init__`.

    Looping over the table takes three times as long, and this runs several times for every report.
    """
    names: dict[str, Any] = {"quoted": quoted, "datetime": datetime, "UTC": UTC}
    checks = ["def check(values):", " pass"]
    writes = ["def canonical(values):", " parts = []"]
    for number, name in enumerate(sorted(kinds)):
        kind = kinds[name]
        field_names = {"check": kind.check, "write": kind.write, **kind.names}
        names.update({f"{key}_{number}": value for key, value in field_names.items()})
        passes = kind.passes.replace("vocabulary", f"vocabulary_{number}")
        text = kind.writes.replace("write(", f"write_{number}(")
        checks.append(f" v = values[{name!r}]")
        checks.append(f" if v is not None and not ({passes}): values[{name!r}] = check_{number}({name!r}, v)")
        writes.append(f" v = values[{name!r}]")
        prefix = f'"{name}":'
        absent = "v" if kind.blank else "v is not None"
        writes.append(f" if {absent}: parts.append({prefix!r} + {text})")
    writes.append(" return '{' + ','.join(parts) + '}'")
    exec("\n".join([*checks, *writes]), names)  # made of our own tables only
    return _CompiledKinds(names["check"], names["canonical"])


@attrs.frozen(slots=False)
class Value:
    """The base of the immutable value classes. A value checks its fields by `KINDS` when it is created.

    Attributes:
        KINDS: The kind of each field.
    """

    KINDS: ClassVar[Mapping[str, Kind]] = {}
    _COMPILED: ClassVar[_CompiledKinds]

    def __init_subclass__(cls) -> None:
        cls._COMPILED = _compile(cls.KINDS)

    def __attrs_post_init__(self) -> None:
        values = self.__dict__
        cls: Any = type(self)
        for name in _required_names(cls):
            if values[name] is None:
                raise InvalidInput(name, None, "a value: this field is required")
        self._COMPILED.check(values)

    def canonical(self) -> str:
        """The canonical form: a JSON object without absent fields, its keys sorted."""
        values = self.__dict__
        text = values.get("_canonical")
        if text is None:
            text = values["_canonical"] = self._COMPILED.write(values)
        return text

    def canonical_without(self, names: Iterable[str]) -> str:
        """The canonical form without some of the fields."""
        return self._COMPILED.write({**self.__dict__, **dict.fromkeys(names)})

    def changed(self, **changes: Any) -> Self:
        """Copy the value with some fields changed.

        Args:
            **changes: The new values by field. They are not checked: pass only values that were checked before.
        """
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.__dict__.pop("_canonical", None)
        copy.__dict__.update(changes)
        return copy

    def as_json(self) -> dict[str, Any]:
        """The canonical form as a JSON object."""
        document: dict[str, Any] = json.loads(self.canonical())
        return document

    @classmethod
    def read(cls, fields: Mapping[str, Any], where: str = "") -> Self:
        """Create a value from input of the outside, such as a JSON object.

        Args:
            fields: The values by field.
            where: What error messages name the value by; by default the name of its class.

        Raises:
            InvalidInput: A field is unknown, missing or not allowed.
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
    def from_canonical(cls, document: Mapping[str, Any]) -> Self:
        """Create a value from its canonical form, and check it again.

        Args:
            document: The canonical form as a JSON object.

        Raises:
            InvalidInput: A field is not allowed.
        """
        kinds = cls.KINDS
        values = dict(document)
        for name, value in document.items():
            parse = kinds[name].parse
            if parse is not None:
                values[name] = parse(value)
        return cls(**values)

    @classmethod
    def from_trusted(cls, document: Mapping[str, Any]) -> Self:
        """Create a value from its canonical form, without checking it again: its hash vouches for it.

        Args:
            document: The canonical form as a JSON object.

        Raises:
            ArithmeticError, KeyError, TypeError, ValueError: It is damaged and cannot be read.
        """
        this: Any = cls
        values = _default_values(this).copy()
        kinds = cls.KINDS
        for name, value in document.items():
            load = kinds[name].load
            values[name] = value if load is None else load(value)
        new = object.__new__(cls)
        new.__dict__.update(values)
        return new


@attrs.frozen(slots=False)
class CompleteValue(Value):
    """A value whose fields are None only where None is their default.

    Raises:
        InvalidInput: A field is None that must have a value, or is not allowed.
    """

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for field in attrs.fields(type(self)):
            if getattr(self, field.name) is None and field.default is not None:
                raise InvalidInput(field.name, None, "a value")


@attrs.frozen(slots=False)
class RuledValue(CompleteValue):
    """A value whose fields obey rules together, which are checked on a new value only.

    Rules are added over time. What was recorded before a rule was made is read back as it is: reading checks each field
    alone.
    """

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self._fill_defaults()
        self._check_rules()

    def _fill_defaults(self) -> None:
        """Set absent fields that follow from others."""

    def _check_rules(self) -> None:
        """Check the rules of the fields together.

        Raises:
            InvalidInput: A rule is broken.
        """

    @classmethod
    def from_canonical(cls, document: Mapping[str, Any]) -> Self:
        """Create a value from its canonical form, and check each field again.

        Args:
            document: The canonical form as a JSON object.

        Raises:
            InvalidInput: A field is missing or not allowed.
        """
        this: Any = cls
        values = _default_values(this).copy()
        for name, value in document.items():
            parse = cls.KINDS[name].parse
            values[name] = value if parse is None else parse(value)
        new = object.__new__(cls)
        new.__dict__.update(values)
        CompleteValue.__attrs_post_init__(new)
        new._fill_defaults()
        return new


@cache
def _required_names(cls: Any) -> tuple[str, ...]:
    """The fields without a default that cannot be None."""
    return tuple(
        field.name
        for field in attrs.fields(cls)
        if field.default is attrs.NOTHING and NoneType not in get_args(field.type)
    )


@cache
def _default_values(cls: type[Value]) -> dict[str, Any]:
    """The default of each field of a class; the values are immutable and can be shared.

    Fields of a `blank` kind have an empty default: absent and empty are written alike, and so are read back alike.
    """
    assert not any(isinstance(field.default, attrs.Factory) for field in attrs.fields(cls))  # type: ignore[arg-type]
    assert not [f.name for f in attrs.fields(cls) if f.default is None and cls.KINDS[f.name].blank]
    return {field.name: None if field.default is attrs.NOTHING else field.default for field in attrs.fields(cls)}
