"""The JSON form of values: `to_dict`, `from_dict`, and what pydantic asks a class for.

The form of a class has one definition, from which writing, reading and the JSON schema follow: its fields in their
order, each of the kind that `KINDS` or else its type hint says, then the derived figures that `DERIVED` names, each of
the kind of its property's type.

1. Decimals are exact text without exponent, times RFC 3339 in UTC with six fraction digits, enumerations their word.
2. A field without a value is null; reading takes an absent one for it, if the class has a default.
3. Reading is strict: floats, unknown fields, and derived figures that do not follow from the others are refused.
4. Reading what was written gives an equal value.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, ClassVar, NamedTuple, Self, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind
from sot.domain.values.hinted_kinds import kind_of_hint, optional

T = TypeVar("T")


class JsonField(NamedTuple):
    """A field of the JSON form of a class.

    Attributes:
        name: The name of the field: that of the argument of the constructor, or of the property.
        kind: How it is written and read.
        get: Returns it from a value.
        nullable: Whether it may be None.
        has_default: Whether the constructor has a default for it.
        derived: Whether it follows from the other fields.
    """

    name: str
    kind: Kind
    get: Callable[[Any], Any]
    nullable: bool
    has_default: bool = False
    derived: bool = False

    @property
    def required(self) -> bool:
        """Whether reading needs it."""
        return not (self.nullable or self.has_default or self.derived)

    def schema(self, written: bool) -> dict[str, Any]:
        """Return the JSON schema of the field."""
        return (optional(self.kind) if self.nullable else self.kind).schema(written)


class JsonForm:
    """The base of all values: they can be written as JSON values, and read back.

    Attributes:
        DERIVED: The properties that follow from the fields and are written, too.
        UNWRITTEN: The fields that are not written.
    """

    __slots__ = ()

    DERIVED: ClassVar[tuple[str, ...]] = ()
    UNWRITTEN: ClassVar[tuple[str, ...]] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON values: what `json.dumps` takes, and `from_dict` reads back.

        Decimals are exact text, times RFC 3339 text in UTC with six fraction digits, enumerations their word, documents
        canonical JSON text. What has no value is None. Figures that follow from the others are there, too.
        """
        return {field.name: field.kind.dumped(field.get(self)) for field in json_fields(type(self))}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Create a value from JSON values, strictly.

        Derived figures may be absent; those that are there must follow from the other fields.

        Args:
            document: The values by field, as `to_dict` writes them. Decimals, whole numbers and times may be Python's
                own; floats are refused.

        Raises:
            InvalidInput: A field is unknown, missing or not allowed, or a derived figure differs.
        """
        return cls.restore_input(cls.__name__, document)

    @classmethod
    def restore_input(cls, field: str, document: Any) -> Self:
        """Read the JSON form of a value as new input: with all rules of the class.

        Args:
            field: What errors name the value by.
            document: The values by field.

        Raises:
            InvalidInput: See `from_dict`.
        """
        return _restore(cls, field, document, cls)

    @classmethod
    def restore_recorded(cls, field: str, document: Any) -> Self:
        """Read the JSON form of a value that was recorded or derived before; see `RuledValue`.

        Args:
            field: What errors name the value by.
            document: The values by field.

        Raises:
            InvalidInput: See `from_dict`.
        """
        return _restore(cls, field, document, cls.make_recorded)

    @classmethod
    def make_recorded(cls, **values: Any) -> Self:
        """Create a value that was recorded before from its checked fields."""
        return cls(**values)

    @classmethod
    def json_schema(cls, written: bool = True) -> dict[str, Any]:
        """Return the JSON schema (2020-12) of the form.

        Args:
            written: Whether of what `to_dict` writes, which has all fields; otherwise of what `from_dict` reads.
        """
        fields = json_fields(cls)
        schema = {
            "type": "object",
            "title": cls.__name__,
            "description": _summary(cls),
            "properties": {field.name: field.schema(written) for field in fields},
            "required": [field.name for field in fields if written or field.required],
        }
        return schema if written else {**schema, "additionalProperties": False}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Tell pydantic to read by `from_dict` and to write by `to_dict`; only pydantic calls this."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.from_dict(value),
            ref=f"{cls.__module__}.{cls.__qualname__}",
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.to_dict()),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """Tell pydantic the JSON schema; only pydantic calls this."""
        return cls.json_schema(handler.mode == "serialization")


def json_fields(cls: Any) -> tuple[JsonField, ...]:
    """Return the fields of the JSON form of a class, derived ones last."""
    return _fields_of(cls)


def _summary(cls: type) -> str:
    """The first paragraph of the docstring of a class."""
    return " ".join((cls.__doc__ or "").partition("\n\n")[0].split())


@cache
def _fields_of(cls: Any) -> tuple[JsonField, ...]:
    derived = [_field(cls, name, _hint_of(getattr(cls, name)), derived=True) for name in cls.DERIVED]
    return (*_constructor_fields(cls), *derived)


def _constructor_fields(cls: Any) -> Iterator[JsonField]:
    hints = get_type_hints(cls)
    for attribute, name, has_default in _attributes(cls):
        if attribute not in cls.UNWRITTEN:
            prop = getattr(cls, name, None)
            yield _field(cls, name, _hint_of(prop) if isinstance(prop, property) else hints[attribute], has_default)


def kind_of_attribute(cls: Any, name: str) -> Kind:
    """Return the kind of an attribute or property of a class that is not None."""
    prop = getattr(cls, name, None)
    hint = _hint_of(prop) if isinstance(prop, property) else get_type_hints(cls)[name]
    return kind_of_hint(_without_none(hint))


def _field(cls: Any, name: str, hint: Any, has_default: bool = False, derived: bool = False) -> JsonField:
    kinds: Mapping[str, Kind] = getattr(cls, "KINDS", {})
    kind = kinds[name] if name in kinds else kind_of_hint(_without_none(hint))
    nullable = hint is Any or NoneType in get_args(hint)
    return JsonField(name, kind, attrgetter(name), nullable, has_default, derived)


def _attributes(cls: Any) -> list[tuple[str, str, bool]]:
    """The attributes of a class, each with its name in the constructor and whether it has a default."""
    if attrs.has(cls):
        return [(a.name, a.alias, a.default is not attrs.NOTHING) for a in attrs.fields(cls) if a.init]
    return [(name, name, name in cls._field_defaults) for name in cls._fields]


def _hint_of(prop: property) -> Any:
    return get_type_hints(prop.fget)["return"]


def _without_none(hint: Any) -> Any:
    """A type hint without None, which is said by `JsonField.nullable`."""
    if get_origin(hint) not in (Union, UnionType):
        return hint
    given = tuple(argument for argument in get_args(hint) if argument is not NoneType)
    return Union[given]  # noqa: UP007 - made of a tuple


def _restore(cls: type[T], where: str, document: Any, make: Callable[..., T]) -> T:
    if not isinstance(document, Mapping):
        raise InvalidInput(where, document, "an object of fields")
    fields = {field.name: field for field in json_fields(cls)}
    for name, given in document.items():
        if name not in fields:
            raise InvalidInput(f"{where}.{name}", given, "only these fields: " + ", ".join(fields))
    values = {}
    for name, field in fields.items():
        given = document.get(name)
        if field.derived:
            continue
        if given is not None:
            values[name] = field.kind.restored(f"{where}.{name}", given)
        elif field.required:
            raise InvalidInput(f"{where}.{name}", None, "a value: this field is required")
        elif field.nullable and (name in document or not field.has_default):
            values[name] = None
    value = make(**values)
    for name, field in fields.items():
        if field.derived and name in document:
            _check_derived(field, f"{where}.{name}", document[name], field.get(value))
    return value


def _check_derived(field: JsonField, path: str, given: Any, derived: Any) -> None:
    """Check a derived figure by its JSON value: lists and tuples of the same are the same."""
    restored = None if given is None else field.kind.restored(path, given)
    follows = field.kind.dumped(derived)
    if field.kind.dumped(restored) != follows:
        raise InvalidInput(path, given, f"what follows from the other fields, {follows!r}, or leave it out")
