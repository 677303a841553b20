"""The kinds of fields of value classes: how each is checked on entry, written in canonical form, and read back."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from json.encoder import encode_basestring
from typing import Any

import attrs

from sot.domain.values import documents
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import bounded, exact, is_plain, plain, positive
from sot.domain.values.times import time_text, utc_time, written_time

quoted = encode_basestring
"""The JSON string of a text, with the least escaping (RFC 8785, section 3.2.2.2)."""

NAME_LENGTH = 255
TEXT_LENGTH = 4_000
RESPONSE_LENGTH = 4_000_000

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


MakeSchema = Callable[[bool], dict[str, Any]]
"""Makes a JSON schema: True asks for that of what is written, False for that of what is read."""


def _no_schema(written: bool) -> dict[str, Any]:
    return {}


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
        none: The value that None stands for: the empty one, of a blank kind.
        names: The names that the expressions use beyond those of the compiled code.
        load: Makes the value from its canonical JSON value without checking; None if that is the value already.
        dump: Makes the JSON value of `to_dict`; None if the value is one already.
        restore: Takes (field name, JSON value of `to_dict`) and returns the checked value; None if `check` does.
        schema: Makes the JSON schema: of what `dump` writes, or else of what `restore` reads.
    """

    check: Callable[[str, Any], Any]
    write: Callable[[Any], str]
    parse: Callable[[Any], Any] | None = None
    passes: str = "False"
    writes: str = "write(v)"
    blank: bool = False
    none: Any = None
    names: Mapping[str, Any] = attrs.field(factory=dict)
    load: Callable[[Any], Any] | None = None
    dump: Callable[[Any], Any] | None = None
    restore: Callable[[str, Any], Any] | None = None
    schema: MakeSchema = _no_schema

    def dumped(self, value: Any) -> Any:
        """The JSON value of a value; null for None."""
        return value if value is None or self.dump is None else self.dump(value)

    def restored(self, field: str, value: Any) -> Any:
        """Read a JSON value, and check it.

        Args:
            field: The name of the field, for the error.
            value: What `dumped` made, or a value of the kind.

        Raises:
            InvalidInput: It is not allowed.
        """
        return (self.restore or self.check)(field, value)


def _schema_of(**schema: Any) -> MakeSchema:
    return lambda written: dict(schema)


def _text_schema(longest: int, shortest: int = 0) -> MakeSchema:
    bounds = {"minLength": shortest} if shortest else {}
    return _schema_of(type="string", **bounds, maxLength=longest)


def array_schema(item: MakeSchema) -> MakeSchema:
    """The schema of lists of something."""
    return lambda written: {"type": "array", "items": item(written)}


def object_schema(item: MakeSchema) -> MakeSchema:
    """The schema of objects whose values are something."""
    return lambda written: {"type": "object", "additionalProperties": item(written)}


def word_schema(words: Iterable[str]) -> MakeSchema:
    """The schema of the words of a vocabulary."""
    return _schema_of(type="string", enum=[str(word) for word in words])


decimal_schema = _schema_of(type="string", pattern=r"^-?[0-9]+(?:\.[0-9]+)?$")
"""The schema of an exact decimal."""

time_schema = _schema_of(type="string", format="date-time")
"""The schema of a time."""

text_schema = _schema_of(type="string")
"""The schema of any text."""


def _restore_document(field: str, value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = documents.read_document(value)
        except InvalidInput:
            allowed = "a document, or its JSON text (a text alone is JSON in quotes)"
            raise InvalidInput(field, value, allowed) from None
    return documents.checked_document(field, value)


def _text(longest: int, shortest: int = 0) -> Callable[[str, Any], str]:
    """Make the check of a text with so many characters.

    Rules: INPUT-6.
    """
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
    """Check a count.

    Rules: INPUT-8.
    """
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

    Rules: INPUT-5.
    """
    members: Mapping[str, StrEnum] = {str(member): member for member in (subset or vocabulary)}
    allowed = "one of " + ", ".join(members)

    def check(field: str, value: Any) -> StrEnum:
        member = members.get(value) if isinstance(value, str) else None
        if member is None:
            raise InvalidInput(field, value, allowed)
        return member

    passes = "type(v) is vocabulary" if subset is None else "type(v) is vocabulary and v in allowed"
    writes = """'"' + v + '"'"""
    return Kind(
        check,
        lambda value: f'"{value}"',
        passes=passes,
        writes=writes,
        names={"vocabulary": vocabulary, "allowed": frozenset(members.values())},
        load=members.__getitem__,
        dump=str,
        schema=word_schema(members),
    )


def sequence_of(kind: Kind) -> Kind:
    """The kind of the tuples of values of one kind."""
    write, parse, load = kind.write, kind.parse, kind.load

    def check(field: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise InvalidInput(field, value, "a list")
        return tuple([kind.check(field, item) for item in value])

    def parse_all(values: list[Any]) -> list[Any]:
        return values if parse is None else [parse(value) for value in values]

    def load_all(values: list[Any]) -> tuple[Any, ...]:
        return tuple(values) if load is None else tuple(map(load, values))

    def restore_all(field: str, values: Any) -> tuple[Any, ...]:
        if not isinstance(values, (list, tuple)):
            raise InvalidInput(field, values, "a list")
        return tuple([kind.restored(f"{field}.{number}", value) for number, value in enumerate(values)])

    return Kind(
        check,
        lambda values: "[" + ",".join(map(write, values)) + "]",
        parse_all,
        blank=True,
        none=(),
        load=load_all,
        dump=lambda values: [kind.dumped(value) for value in values],
        restore=restore_all,
        schema=array_schema(kind.schema),
    )


_PRINTABLE = "type(v) is str and {} <= len(v) <= {} and v.isprintable()"
_QUOTED = "quoted(v)"

NAME = Kind(
    _text(NAME_LENGTH, 1),
    quoted,
    passes=_PRINTABLE.format(1, NAME_LENGTH),
    writes=_QUOTED,
    schema=_text_schema(NAME_LENGTH, 1),
)
"""Text of 1 to 255 characters."""

SCOPE = Kind(
    _text(NAME_LENGTH),
    quoted,
    passes=_PRINTABLE.format(0, NAME_LENGTH),
    writes=_QUOTED,
    blank=True,
    none="",
    schema=_text_schema(NAME_LENGTH),
)
"""Text of up to 255 characters; empty, or None, means none."""

TEXT = Kind(
    _text(TEXT_LENGTH),
    quoted,
    passes=_PRINTABLE.format(0, TEXT_LENGTH),
    writes=_QUOTED,
    schema=_text_schema(TEXT_LENGTH),
)
"""Text of up to 4,000 characters."""

RESPONSE = Kind(
    _text(RESPONSE_LENGTH),
    quoted,
    passes=_PRINTABLE.format(0, RESPONSE_LENGTH),
    writes=_QUOTED,
    schema=_text_schema(RESPONSE_LENGTH),
)
"""The body of a response: text of up to 4,000,000 characters."""

IDENTITY = Kind(
    _uuid,
    quoted,
    passes="type(v) is str and is_uuid(v)",
    names={"is_uuid": _UUID.fullmatch},
    writes=_QUOTED,
    schema=_schema_of(type="string", format="uuid"),
)
"""A UUID in its canonical text (RFC 9562).

Rules: INPUT-4.
"""

HASH = Kind(_text(64, 64), quoted, writes=_QUOTED, schema=_text_schema(64, 64))
"""A SHA-256 digest in hexadecimal."""

NUMBER = Kind(
    exact,
    _write_number,
    passes="type(v) is decimal and is_plain(str(v))",
    names={"decimal": Decimal, "is_plain": is_plain},
    load=Decimal,
    dump=plain,
    schema=decimal_schema,
)
"""An exact decimal; see `numbers.exact`."""

POSITIVE = Kind(positive, _write_number, load=Decimal, dump=plain, schema=decimal_schema)
"""An exact decimal greater than zero."""

TIME = Kind(
    utc_time,
    lambda value: f'"{time_text(value)}"',
    passes="type(v) is datetime and v.tzinfo is UTC",
    writes="""'"' + v.isoformat(timespec="microseconds")[:26] + 'Z"'""",
    load=written_time,
    dump=time_text,
    schema=time_schema,
)
"""An aware datetime in UTC."""

NANOSECONDS = Kind(
    _nanoseconds,
    lambda value: f'"{value}"',
    load=int,
    dump=str,
    schema=_schema_of(type="string", pattern="^[0-9]{1,19}$"),
)
"""Nanoseconds since 1970 as an integer."""

COUNT = Kind(_count, str, schema=_schema_of(type="integer", minimum=0, maximum=2**63 - 1))
"""An integer from 0 to 2^63 - 1."""

FLAG = Kind(_flag, lambda value: "true" if value else "false", schema=_schema_of(type="boolean"))
"""True or false."""

TIMES = sequence_of(TIME)
"""Aware datetimes in UTC."""

DOCUMENT = Kind(
    documents.checked_document,
    lambda value: quoted(documents.document_text(value)),
    documents.read_document,
    load=lambda text: documents.checked_document("document", documents.read_document(text)),
    dump=documents.document_text,
    restore=_restore_document,
    schema=_schema_of(type="string", contentMediaType="application/json"),
)
"""A JSON document; see `documents`."""

TAGS = Kind(
    _mapping(TEXT.check, "an object of text by text"),
    _write_mapping(quoted),
    dump=dict,
    schema=object_schema(text_schema),
)
"""Texts by name."""

RATES = Kind(
    _mapping(positive, "an object of positive numbers by currency"),
    _write_mapping(_write_number),
    load=lambda rates: {currency: Decimal(rate) for currency, rate in rates.items()},
    dump=lambda rates: {currency: plain(rate) for currency, rate in rates.items()},
    schema=object_schema(decimal_schema),
)
"""Rates (positive decimals) by currency."""
