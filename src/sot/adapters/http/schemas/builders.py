"""Build schemas: of value classes from their tables of fields, of responses from a short notation."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

import attrs

from sot.adapters.http.schemas.schema_refs import Schema, schema_ref, text_schema, vocabulary_ref
from sot.domain.accounting.account_event import TRANSFER_LOTS, TransferLot
from sot.domain.orders.report import FEES, Fee
from sot.domain.values import fields
from sot.domain.values.fields import Kind
from sot.domain.values.value import Value

MAX_SYMBOLS = 1_000
SYMBOLS = fields.sequence_of(fields.NAME)
_KINDS: Sequence[tuple[Kind, Schema]] = (
    (fields.NAME, text_schema(fields.NAME_LENGTH, 1)),
    (fields.SCOPE, text_schema(fields.NAME_LENGTH)),
    (fields.TEXT, text_schema(fields.TEXT_LENGTH)),
    (fields.IDENTITY, schema_ref("Id")),
    (fields.HASH, schema_ref("Hash")),
    (fields.NUMBER, schema_ref("Decimal")),
    (fields.POSITIVE, schema_ref("PositiveDecimal")),
    (fields.TIME, schema_ref("Time")),
    (fields.TIMES, {"type": "array", "items": schema_ref("Time")}),
    (fields.NANOSECONDS, schema_ref("Nanoseconds")),
    (fields.COUNT, {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}),
    (fields.FLAG, {"type": "boolean"}),
    (fields.DOCUMENT, {"description": "Any JSON value; stored exactly, numbers included."}),
    (fields.TAGS, schema_ref("Tags")),
    (fields.RATES, schema_ref("Rates")),
    (SYMBOLS, {"type": "array", "items": text_schema(fields.NAME_LENGTH, 1), "maxItems": MAX_SYMBOLS}),
    (FEES, {"type": "array", "items": schema_ref("Fee")}),
    (TRANSFER_LOTS, {"type": "array", "items": schema_ref("TransferLot")}),
)


def field_schema(kind: Kind) -> Schema:
    """Return the schema of a kind of field."""
    for known, schema in _KINDS:
        if known is kind:
            return dict(schema)
    vocabulary: type[StrEnum] | None = kind.names.get("vocabulary")
    if vocabulary is None:
        raise NotImplementedError("a kind of field needs a schema in _KINDS")
    return vocabulary_ref(vocabulary, tuple(word for word in vocabulary if _accepts(kind, word)))


def _accepts(kind: Kind, word: str) -> bool:
    try:
        kind.check("", word)
    except ValueError:
        return False
    return True


def nullable(schema: Schema) -> Schema:
    """Return a schema that accepts null, too."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema


def body_schema(
    cls: type[Value],
    *,
    without: Collection[str] = (),
    optional: Collection[str] = (),
    extra: Mapping[str, Schema] | None = None,
) -> Schema:
    """Return the schema of a request body that is read as a value class.

    Args:
        cls: The value class.
        without: Fields that the body must not have.
        optional: Fields that the body may leave out, although the class requires them.
        extra: Fields of the body that the class does not have, with their schemas.
    """
    attributes = attrs.fields_dict(cls)
    names = [name for name in cls.KINDS if name not in without]
    required = [name for name in names if attributes[name].default is attrs.NOTHING and name not in optional]
    properties = {name: field_schema(cls.KINDS[name]) for name in names}
    properties = {name: schema if name in required else nullable(schema) for name, schema in properties.items()}
    schema: Schema = {"type": "object", "properties": {**properties, **(extra or {})}, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


FEE_SCHEMA = body_schema(Fee)
TRANSFER_LOT_SCHEMA = body_schema(TransferLot)

_JSON_TEXT: Schema = {"type": "string", "description": "JSON as text, with every digit of its numbers."}
_NOTATION: Mapping[str, Schema] = {
    "name": {"type": "string"},
    "text": {"type": "string"},
    "id": schema_ref("Id"),
    "hash": schema_ref("Hash"),
    "amount": schema_ref("Amount"),
    "amounts": schema_ref("Amounts"),
    "time": schema_ref("Time"),
    "count": {"type": "integer", "minimum": 0},
    "flag": {"type": "boolean"},
    "object": {"type": "object", "additionalProperties": True},
    "cursor or time": {"anyOf": [{"type": "integer", "minimum": 0}, schema_ref("Time"), {"type": "null"}]},
}
_RESPONSE_TYPES: Sequence[tuple[Kind, str]] = (
    (fields.NAME, "name"),
    (fields.SCOPE, "text"),
    (fields.TEXT, "text"),
    (fields.IDENTITY, "id"),
    (fields.NUMBER, "amount"),
    (fields.POSITIVE, "amount"),
    (fields.TIME, "time"),
    (fields.COUNT, "count"),
    (fields.FLAG, "flag"),
    (fields.DOCUMENT, "text"),
    (fields.TAGS, "Tags"),
)


def response_schema(**types: str) -> Schema:
    """Return the schema of a response: an object with these fields.

    Later versions may add fields, so that others are allowed.

    Args:
        types: By field, a word of `_NOTATION`, a vocabulary or a schema with a name. A `?` at the end allows null, a
            `[]` makes a list; a `-` at the beginning makes the field optional.
    """
    properties = {name: _type_schema(notation.removeprefix("-")) for name, notation in types.items()}
    required = [name for name, notation in types.items() if not notation.startswith("-")]
    return {"type": "object", "properties": properties, "required": required}


def _type_schema(notation: str) -> Schema:
    if notation.endswith("?"):
        return nullable(_type_schema(notation[:-1]))
    if notation.endswith("[]"):
        return {"type": "array", "items": _type_schema(notation[:-2])}
    return dict(_NOTATION[notation]) if notation in _NOTATION else schema_ref(notation)


def response_types(kinds: Mapping[str, Kind], *, never_null: Collection[str]) -> dict[str, str]:
    """Return the types of fields in a response that has all of them, in the notation of `response_schema`.

    Unlike the schema of a request body, they promise no limits: later versions may raise those.

    Args:
        kinds: The kinds of the fields, by name.
        never_null: Fields that always have a value.
    """
    return {name: _response_type(kind) + ("" if name in never_null else "?") for name, kind in kinds.items()}


def _response_type(kind: Kind) -> str:
    for known, notation in _RESPONSE_TYPES:
        if known is kind:
            return notation
    vocabulary: type[StrEnum] = kind.names["vocabulary"]
    return vocabulary.__name__


def value_response_schema(
    cls: type[Value], *, with_nulls: bool = False, without: Collection[str] = (), **types: str
) -> Schema:
    """Return the schema of a value class in a response.

    Args:
        cls: The value class.
        with_nulls: Whether fields without a value are null; otherwise they are absent.
        without: Fields that are left out.
        types: Other fields, or other types of fields, in the notation of `response_schema`.
    """
    attributes = attrs.fields_dict(cls)
    schema = response_schema(**types)
    properties: dict[str, Schema] = {}
    for name in cls.KINDS:
        if name in without or name in types:
            continue
        kind = cls.KINDS[name]
        property_schema = dict(_JSON_TEXT) if kind is fields.DOCUMENT else field_schema(kind)
        has_value = attributes[name].default is attrs.NOTHING
        properties[name] = nullable(property_schema) if with_nulls and not has_value else property_schema
        if with_nulls or has_value:
            schema["required"].append(name)
    return {**schema, "properties": {**properties, **schema["properties"]}}
