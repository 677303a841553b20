"""Schemas with a name. A client generator makes one type of each, wherever it is used."""

import inspect
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sot.adapters.http.schemas.decimals import DECIMAL, POSITIVE_DECIMAL
from sot.domain.values import fields, vocabulary
from sot.domain.values.vocabulary import VENUE_EVENT_TYPES

Schema = dict[str, Any]

_DERIVED_DECIMAL = r"^-?[0-9]+(?:\.[0-9]+)?$"
_NANOSECONDS = r"^(?:[0-9]{1,18}|[1-8][0-9]{18})$"
_NO_NUL = r"^[^\u0000]*$"

_SUBSETS: Mapping[str, tuple[type[StrEnum], Sequence[StrEnum]]] = {
    "VenueEventType": (vocabulary.EventType, VENUE_EVENT_TYPES)
}
"""Subsets of vocabularies that have a name of their own."""


def text_schema(max_length: int, min_length: int = 0) -> Schema:
    """Return the schema of a text without NUL."""
    bounds = {"minLength": min_length} if min_length else {}
    return {"type": "string", **bounds, "maxLength": max_length, "pattern": _NO_NUL}


def schema_ref(name: str) -> Schema:
    """Return a reference to a schema with a name."""
    return {"$ref": f"#/components/schemas/{name}"}


def vocabulary_ref(words: type[StrEnum], subset: Sequence[StrEnum] = ()) -> Schema:
    """Return a reference to the schema of a vocabulary, or of a subset of it."""
    if not subset or len(subset) == len(words):
        return schema_ref(words.__name__)
    for name, known in _SUBSETS.items():
        if known == (words, tuple(subset)):
            return schema_ref(name)
    raise NotImplementedError("a subset of a vocabulary needs a name in _SUBSETS")


def _object_of(schema: Schema, description: str) -> Schema:
    return {
        "type": "object",
        "propertyNames": text_schema(fields.NAME_LENGTH, 1),
        "additionalProperties": schema,
        "description": description,
    }


def _vocabulary_schema(words: type[StrEnum], subset: Sequence[StrEnum]) -> Schema:
    summary = " ".join(inspect.cleandoc(words.__doc__ or "").partition("\n\n")[0].split())
    return {"type": "string", "enum": [str(word) for word in subset], "description": summary}


VOCABULARIES: Mapping[str, Schema] = {
    **{
        cls.__name__: _vocabulary_schema(cls, tuple(cls))
        for cls in vars(vocabulary).values()
        if isinstance(cls, type) and issubclass(cls, StrEnum) and len(cls)
    },
    **{name: _vocabulary_schema(cls, subset) for name, (cls, subset) in _SUBSETS.items()},
}
"""The schemas of all closed vocabularies."""

SIMPLE_TYPES: Mapping[str, Schema] = {
    "Decimal": {
        "type": "string",
        "pattern": DECIMAL,
        "description": (
            "An exact decimal in plain notation: at most 20 digits before the point and 18 after it, no exponent. "
            "A string, since a JSON number may have been rounded on its way."
        ),
    },
    "PositiveDecimal": {
        "type": "string",
        "pattern": POSITIVE_DECIMAL,
        "description": "An exact decimal greater than zero, in the notation of `Decimal`.",
    },
    "Amount": {
        "type": "string",
        "pattern": _DERIVED_DECIMAL,
        "description": "An exact decimal that was computed: in plain notation, with any number of digits.",
    },
    "Amounts": {
        "type": "object",
        "additionalProperties": schema_ref("Amount"),
        "description": "Amounts by currency.",
    },
    "Time": {
        "type": "string",
        "format": "date-time",
        "description": (
            "A time in RFC 3339 format, with an offset and at most six fraction digits. Responses give it in UTC, with "
            "`Z` and exactly six fraction digits."
        ),
    },
    "Nanoseconds": {
        "type": "string",
        "pattern": _NANOSECONDS,
        "description": "Nanoseconds since 1970. A string, since many JSON parsers round large numbers.",
    },
    "Id": {"type": "string", "format": "uuid", "description": "A UUID."},
    "Hash": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "A SHA-256 digest in lower-case hex."},
    "Tags": _object_of(text_schema(fields.TEXT_LENGTH), "Texts by name."),
    "Rates": _object_of(
        schema_ref("PositiveDecimal"),
        "Units of the settlement currency per unit of each currency, such as USDT per BNB under `BNB`.",
    ),
}
"""The schemas of simple types that are no vocabulary."""
