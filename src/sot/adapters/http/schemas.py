"""JSON schemas (2020-12) of what goes in and out: of the value classes from their tables of kinds, of answers from
a short notation.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

import attrs

from sot.domain import fields, vocabulary
from sot.domain.errors import InvalidInput
from sot.domain.fields import Kind, Value
from sot.domain.report import FEES, Fee

Schema = dict[str, Any]

DECIMAL = r"^-?(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,18})?$"
POSITIVE_DECIMAL = r"^(?=.*[1-9])(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,18})?$"
_DERIVED = r"^-?[0-9]+(?:\.[0-9]+)?$"
_NANOSECONDS = r"^(?:[0-9]{1,18}|[1-8][0-9]{18})$"
_NO_NUL = r"^[^\u0000]*$"


_DECIMAL = re.compile(DECIMAL.replace("$", r"\Z"), re.ASCII)
_EXACT_WORDS = "an exact decimal as a string, with at most 20 integer and 18 fraction digits and no exponent"


def check_decimal(field: str, value: object) -> None:
    """Raises: InvalidInput: not a string that the pattern DECIMAL takes; a JSON number may have been rounded before."""
    if type(value) is not str or not _DECIMAL.fullmatch(value):
        raise InvalidInput(field, value, _EXACT_WORDS)


def _text(longest: int, shortest: int = 0) -> Schema:
    bounds = {"minLength": shortest} if shortest else {}
    return {"type": "string", **bounds, "maxLength": longest, "pattern": _NO_NUL}


def _by_name(schema: Schema) -> Schema:
    return {"type": "object", "propertyNames": _text(fields.NAME_LENGTH, 1), "additionalProperties": schema}


NAMES = fields.sequence_of(fields.NAME)
_EXACT: Schema = {"type": "string", "pattern": DECIMAL}
_POSITIVE: Schema = {"type": "string", "pattern": POSITIVE_DECIMAL}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_KINDS: Sequence[tuple[Kind, Schema]] = (
    (fields.NAME, _text(fields.NAME_LENGTH, 1)),
    (fields.SCOPE, _text(fields.NAME_LENGTH)),
    (fields.TEXT, _text(fields.TEXT_LENGTH)),
    (fields.IDENTITY, {"type": "string", "format": "uuid"}),
    (fields.HASH, {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
    (fields.NUMBER, _EXACT),
    (fields.POSITIVE, _POSITIVE),
    (fields.MOMENT, _MOMENT),
    (fields.NANOSECONDS, {"type": "string", "pattern": _NANOSECONDS}),
    (fields.COUNT, {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}),
    (fields.FLAG, {"type": "boolean"}),
    (fields.DOCUMENT, {"description": "Any JSON; kept exactly, numbers included."}),
    (fields.TAGS, _by_name(_text(fields.TEXT_LENGTH))),
    (fields.RATES, _by_name(_POSITIVE)),
    (NAMES, {"type": "array", "items": _text(fields.NAME_LENGTH, 1)}),
    (FEES, {"type": "array", "items": {"$ref": "#/components/schemas/Fee"}}),
)


def schema_of(kind: Kind) -> Schema:
    """The schema of a kind of field."""
    for known, schema in _KINDS:
        if known is kind:
            return dict(schema)
    words: type[StrEnum] | None = kind.names.get("vocabulary")
    if words is None:
        raise NotImplementedError("a kind of field without a schema")
    return {"type": "string", "enum": [word for word in words if _takes(kind, word)]}


def _takes(kind: Kind, word: str) -> bool:
    try:
        kind.check("", word)
    except ValueError:
        return False
    return True


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    if "$ref" in schema:
        return {"oneOf": [schema, {"type": "null"}]}
    if "type" not in schema:
        return schema
    told = {**schema, "type": [schema["type"], "null"]}
    return {**told, "enum": [*schema["enum"], None]} if "enum" in schema else told


def value_schema(
    cls: type[Value],
    *,
    without: Collection[str] = (),
    optional: Collection[str] = (),
    beside: Mapping[str, Schema] | None = None,
) -> Schema:
    """The schema of a body that is read as a value class: nothing but its fields, some left out, some beside it."""
    attributes = attrs.fields_dict(cls)
    names = [name for name in cls.KINDS if name not in without]
    required = [name for name in names if attributes[name].default is attrs.NOTHING and name not in optional]
    properties = {name: schema_of(cls.KINDS[name]) for name in names}
    told = {name: schema if name in required else nullable(schema) for name, schema in properties.items()}
    schema: Schema = {"type": "object", "properties": {**told, **(beside or {})}, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


FEE = value_schema(Fee)

_TYPES: Mapping[str, Schema] = {
    "name": {"type": "string"},
    "text": {"type": "string"},
    "id": {"type": "string", "format": "uuid"},
    "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "amount": {"type": "string", "pattern": _DERIVED},
    "time": _MOMENT,
    "count": {"type": "integer", "minimum": 0},
    "flag": {"type": "boolean"},
    "amounts": {"type": "object", "additionalProperties": {"type": "string", "pattern": _DERIVED}},
    "object": {"type": "object", "additionalProperties": True},
    "any": {},
}


def shape(**told: str) -> Schema:
    """The schema of an object that is answered, by field: a word of the table above, a vocabulary or a named schema.

    `?` after it says that it may be null, `[]` that it is a list. More fields may come in later versions.
    """
    properties = {name: _typed(notation) for name, notation in told.items()}
    return {"type": "object", "properties": properties, "required": list(told)}


def _typed(notation: str) -> Schema:
    if notation.endswith("?"):
        return nullable(_typed(notation[:-1]))
    if notation.endswith("[]"):
        return {"type": "array", "items": _typed(notation[:-2])}
    if notation in _TYPES:
        return dict(_TYPES[notation])
    words = getattr(vocabulary, notation, None)
    if words is not None:
        return {"type": "string", "enum": [str(word) for word in words]}
    return {"$ref": f"#/components/schemas/{notation}"}
