"""The base of the immutable value classes.

A value class lists its fields in one table, `KINDS`: name -> `Kind`. Checking on entry, the canonical form and reading
back use this table. Every record passes through here several times, so the tables are compiled to straight code, and
values are read and written by their `__dict__`, or by their slots (`slotted`).
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar, Self

import attrs

from sot.domain.values.compiled_kinds import CompiledKinds, compile_kinds
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind
from sot.domain.values.json_form import JsonForm


def value_of(cls: "type[Value]") -> Kind:
    """The kind of the values of a value class, nested in another."""

    def check(field: str, value: Any) -> Any:
        return value if isinstance(value, cls) else cls.read(value, field)

    def parse(document: Any) -> Any:
        return cls.from_canonical(document)

    def restore(field: str, value: Any) -> Any:
        return value if isinstance(value, cls) else cls.restore_input(field, value)

    return Kind(
        check,
        cls.canonical,
        parse,
        load=cls.from_trusted,
        dump=cls.to_dict,
        restore=restore,
        schema=cls.json_schema,
    )


class _CompiledWhenUsed:
    """The compiled table of a class, made when the first value of the class is."""

    def __get__(self, instance: "Value | None", owner: "type[Value]") -> CompiledKinds:
        compiled = owner._COMPILED = compile_kinds(owner, owner.KINDS)
        return compiled


@attrs.frozen(weakref_slot=False)
class Value(JsonForm):
    """The base of the immutable value classes. A value checks its fields by `KINDS` when it is created.

    Attributes:
        KINDS: The kind of each field.
    """

    KINDS: ClassVar[Mapping[str, Kind]] = {}
    _COMPILED: ClassVar[CompiledKinds]

    def __init_subclass__(cls) -> None:
        cls._COMPILED = _CompiledWhenUsed()  # type: ignore[assignment]

    def __attrs_post_init__(self) -> None:
        values = self.__dict__
        self._COMPILED.checks[tuple(values)](values)

    def canonical(self) -> str:
        """The canonical form: a JSON object without absent fields, its keys sorted."""
        values = self.__dict__
        text = values.get("_canonical")
        if text is None:
            text = values["_canonical"] = self._COMPILED.writes[tuple(values)](values)
        return text

    def forget_text(self) -> None:
        """Forget the canonical form, which takes half of the memory of a value. It is written again when asked for."""
        self.__dict__.pop("_canonical", None)

    def canonical_without(self, names: Iterable[str]) -> str:
        """The canonical form without some of the fields."""
        values = {name: value for name, value in self.__dict__.items() if name not in names}
        return self._COMPILED.writes[tuple(values)](values)

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
        kinds = cls.KINDS
        new = object.__new__(cls)
        values = new.__dict__
        values.update(_default_values(this))
        for name, value in document.items():
            load = kinds[name].load
            values[name] = value if load is None else load(value)
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
        values = {}
        for name, value in document.items():
            parse = cls.KINDS[name].parse
            values[name] = value if parse is None else parse(value)
        return cls.make_recorded(**values)

    @classmethod
    def make_recorded(cls, **values: Any) -> Self:
        """Create a value that was recorded before: each field is checked, the rules are not.

        Raises:
            InvalidInput: A field is missing or not allowed.
        """
        this: Any = cls
        new = object.__new__(cls)
        new.__dict__.update(_default_values(this) | values)
        CompleteValue.__attrs_post_init__(new)
        new._fill_defaults()
        return new


@cache
def _default_values(cls: type[Value]) -> dict[str, Any]:
    """The default of each field of a class; the values are immutable and can be shared.

    Fields of a `blank` kind have an empty default: absent and empty are written alike, and so are read back alike.
    """
    assert not any(isinstance(field.default, attrs.Factory) for field in attrs.fields(cls))  # type: ignore[arg-type]
    assert not [f.name for f in attrs.fields(cls) if f.default is None and cls.KINDS[f.name].blank]
    return {field.name: None if field.default is attrs.NOTHING else field.default for field in attrs.fields(cls)}
