"""The schemas that have a name: what is the same wherever it stands, so that a client has one type for it."""

import inspect
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sot.domain.values import fields, vocabulary
from sot.domain.values.vocabulary import VENUE_EVENT_TYPES

Schema = dict[str, Any]

DECIMAL = r"^-?(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,18})?$"
POSITIVE_DECIMAL = r"^(?=.*[1-9])(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,18})?$"
_DERIVED = r"^-?[0-9]+(?:\.[0-9]+)?$"
_NANOSECONDS = r"^(?:[0-9]{1,18}|[1-8][0-9]{18})$"
_NO_NUL = r"^[^\u0000]*$"

_PARTS: Mapping[str, tuple[type[StrEnum], Sequence[StrEnum]]] = {
    "VenueEventType": (vocabulary.EventType, VENUE_EVENT_TYPES)
}
"""The parts of vocabularies that have a name of their own."""


def text(longest: int, shortest: int = 0) -> Schema:
    """A text without NUL."""
    bounds = {"minLength": shortest} if shortest else {}
    return {"type": "string", **bounds, "maxLength": longest, "pattern": _NO_NUL}


def named(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def words(vocabulary_: type[StrEnum], part: Sequence[StrEnum] = ()) -> Schema:
    """One word of a closed vocabulary, or of a part of it, by name."""
    if not part or len(part) == len(vocabulary_):
        return named(vocabulary_.__name__)
    for name, known in _PARTS.items():
        if known == (vocabulary_, tuple(part)):
            return named(name)
    raise NotImplementedError("a part of a vocabulary without a name")


def _by_name(schema: Schema, about: str) -> Schema:
    return {
        "type": "object",
        "propertyNames": text(fields.NAME_LENGTH, 1),
        "additionalProperties": schema,
        "description": about,
    }


def _word_schema(vocabulary_: type[StrEnum], part: Sequence[StrEnum]) -> Schema:
    about = " ".join(inspect.cleandoc(vocabulary_.__doc__ or "").partition("\n\n")[0].split())
    return {"type": "string", "enum": [str(word) for word in part], "description": about}


VOCABULARIES: Mapping[str, Schema] = {
    **{
        cls.__name__: _word_schema(cls, tuple(cls))
        for cls in vars(vocabulary).values()
        if isinstance(cls, type) and issubclass(cls, StrEnum) and len(cls)
    },
    **{name: _word_schema(cls, part) for name, (cls, part) in _PARTS.items()},
}
"""Each closed vocabulary once."""

SIMPLE: Mapping[str, Schema] = {
    "Decimal": {
        "type": "string",
        "pattern": DECIMAL,
        "description": (
            "An exact decimal in plain notation: at most 20 digits before the point and 18 after it, no exponent. "
            "A string, since a JSON number may have been rounded before it arrives."
        ),
    },
    "PositiveDecimal": {
        "type": "string",
        "pattern": POSITIVE_DECIMAL,
        "description": "An exact decimal, as `Decimal`, that is greater than zero.",
    },
    "Amount": {
        "type": "string",
        "pattern": _DERIVED,
        "description": "An exact decimal that was derived: in plain notation, of any length.",
    },
    "Amounts": {
        "type": "object",
        "additionalProperties": named("Amount"),
        "description": "Amounts by currency.",
    },
    "Time": {
        "type": "string",
        "format": "date-time",
        "description": (
            "A time as RFC 3339 has it, with an offset and at most six fraction digits. It is answered in UTC, with "
            "`Z` and exactly six."
        ),
    },
    "Nanoseconds": {
        "type": "string",
        "pattern": _NANOSECONDS,
        "description": "Nanoseconds since 1970; a string, since many readers of JSON keep fewer digits of a number.",
    },
    "Id": {"type": "string", "format": "uuid", "description": "A UUID."},
    "Hash": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "A SHA-256 in lower-case hexadecimal."},
    "Tags": _by_name(text(fields.TEXT_LENGTH), "Texts by name."),
    "Rates": _by_name(
        named("PositiveDecimal"), "Settlement currency per unit of each currency; such as USDT per BNB, by `BNB`."
    ),
}
"""What is not a word."""
