"""JSON schemas (2020-12) of what goes in and out: of the value classes from their tables of kinds, of answers from
a short notation.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

import attrs

from sot.adapters.http.named import DECIMAL, Schema, named, text, words
from sot.domain.orders.report import FEES, Fee
from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind, Value

_DECIMAL = re.compile(DECIMAL.replace("$", r"\Z"), re.ASCII)
_EXACT_WORDS = "an exact decimal as a string, with at most 20 integer and 18 fraction digits and no exponent"


def check_decimal(field: str, value: object) -> None:
    """Raises: InvalidInput: not a string that the pattern DECIMAL takes; a JSON number may have been rounded before."""
    if type(value) is not str or not _DECIMAL.fullmatch(value):
        raise InvalidInput(field, value, _EXACT_WORDS)


MOST_NAMES = 1_000
NAMES = fields.sequence_of(fields.NAME)
_KINDS: Sequence[tuple[Kind, Schema]] = (
    (fields.NAME, text(fields.NAME_LENGTH, 1)),
    (fields.SCOPE, text(fields.NAME_LENGTH)),
    (fields.TEXT, text(fields.TEXT_LENGTH)),
    (fields.IDENTITY, named("Id")),
    (fields.HASH, named("Hash")),
    (fields.NUMBER, named("Decimal")),
    (fields.POSITIVE, named("PositiveDecimal")),
    (fields.TIME, named("Time")),
    (fields.NANOSECONDS, named("Nanoseconds")),
    (fields.COUNT, {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}),
    (fields.FLAG, {"type": "boolean"}),
    (fields.DOCUMENT, {"description": "Any JSON; kept exactly, numbers included."}),
    (fields.TAGS, named("Tags")),
    (fields.RATES, named("Rates")),
    (NAMES, {"type": "array", "items": text(fields.NAME_LENGTH, 1), "maxItems": MOST_NAMES}),
    (FEES, {"type": "array", "items": named("Fee")}),
)


def schema_of(kind: Kind) -> Schema:
    """The schema of a kind of field."""
    for known, schema in _KINDS:
        if known is kind:
            return dict(schema)
    vocabulary: type[StrEnum] | None = kind.names.get("vocabulary")
    if vocabulary is None:
        raise NotImplementedError("a kind of field without a schema")
    return words(vocabulary, tuple(word for word in vocabulary if _takes(kind, word)))


def _takes(kind: Kind, word: str) -> bool:
    try:
        kind.check("", word)
    except ValueError:
        return False
    return True


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema


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

_JSON_TEXT: Schema = {"type": "string", "description": "JSON as text, with every digit of its numbers."}
_TYPES: Mapping[str, Schema] = {
    "name": {"type": "string"},
    "text": {"type": "string"},
    "id": named("Id"),
    "hash": named("Hash"),
    "amount": named("Amount"),
    "amounts": named("Amounts"),
    "time": named("Time"),
    "count": {"type": "integer", "minimum": 0},
    "flag": {"type": "boolean"},
    "object": {"type": "object", "additionalProperties": True},
    "cursor or time": {"anyOf": [{"type": "integer", "minimum": 0}, named("Time"), {"type": "null"}]},
}


def shape(**told: str) -> Schema:
    """The schema of an object that is answered, by field: a word of the table above, a vocabulary or a named schema.

    `?` after it says that it may be null, `[]` that it is a list; `-` before it that the field may be absent. More
    fields may come in later versions.
    """
    properties = {name: _typed(notation.removeprefix("-")) for name, notation in told.items()}
    required = [name for name, notation in told.items() if not notation.startswith("-")]
    return {"type": "object", "properties": properties, "required": required}


def _typed(notation: str) -> Schema:
    if notation.endswith("?"):
        return nullable(_typed(notation[:-1]))
    if notation.endswith("[]"):
        return {"type": "array", "items": _typed(notation[:-2])}
    return dict(_TYPES[notation]) if notation in _TYPES else named(notation)


def written_shape(cls: type[Value], *, whole: bool = False, without: Collection[str] = (), **more: str) -> Schema:
    """The schema of a value class as it is answered, with more fields as `shape` has them.

    Fields that say nothing are absent, or null in a `whole` one.
    """
    attributes = attrs.fields_dict(cls)
    told = shape(**more)
    properties: dict[str, Schema] = {}
    for name in cls.KINDS:
        if name in without or name in more:
            continue
        kind = cls.KINDS[name]
        schema = dict(_JSON_TEXT) if kind is fields.DOCUMENT else schema_of(kind)
        needed = attributes[name].default is attrs.NOTHING
        properties[name] = nullable(schema) if whole and not needed else schema
        if whole or needed:
            told["required"].append(name)
    return {**told, "properties": {**properties, **told["properties"]}}
