"""Values with slots: one object each, without a dictionary.

A dictionary of eleven fields takes 464 bytes beside its value; a slot takes 8, whether its field is set or not. attrs
makes the classes, so that types, comparison, `evolve` and the refusal of wrong arguments are as ever. Only the
constructor is another one: it checks what is given, and sets all slots by straight code. The fields that few values set
share a slot (`rare_fields`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from typing import Any, ClassVar, Self, TypeVar, cast

import attrs

from sot.domain.values.compiled_kinds import Write, compile_write
from sot.domain.values.compiled_slots import CompiledSlots, SetSlots
from sot.domain.values.rare_fields import with_rare_fields
from sot.domain.values.value import Value


class SlottedValue(Value):
    """The base of values with slots; each class is `slotted`."""

    __slots__ = ("_canonical",)

    _IS_CHECKED: ClassVar[bool] = True
    _RARE: ClassVar[Collection[str]] = ()
    _NAMES: ClassVar[tuple[str, ...]]
    _HOLDS: ClassVar[Mapping[tuple[str, ...], SetSlots]]
    _LOADS: ClassVar[Mapping[tuple[str, ...], SetSlots]]
    _WRITES: ClassVar[dict[frozenset[str], Write]]
    _canonical: str | None

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).make_trusted, (self.held(),)

    @classmethod
    def make_trusted(cls, values: Mapping[str, Any]) -> Self:
        """Create a value from fields that were checked before; absent ones have their defaults."""
        new = object.__new__(cls)
        cls._HOLDS[tuple(values)](new, values)
        return new

    @classmethod
    def from_trusted(cls, document: Mapping[str, Any]) -> Self:
        """Create a value from its canonical form, without checking it again: its hash vouches for it.

        Args:
            document: The canonical form as a JSON object.

        Raises:
            ArithmeticError, KeyError, TypeError, ValueError: It is damaged and cannot be read.
        """
        new = object.__new__(cls)
        cls._LOADS[tuple(document)](new, document)
        return new

    def held(self) -> dict[str, Any]:
        """Return the values of all fields by name."""
        return {name: getattr(self, name) for name in self._NAMES}

    def canonical(self) -> str:
        """The canonical form: a JSON object without absent fields, its keys sorted."""
        text = self._canonical
        if text is None:
            text = self.canonical_without(_NOTHING)
            object.__setattr__(self, "_canonical", text)
        return text

    def forget_text(self) -> None:
        """Forget the canonical form, which takes half of the memory of a value. It is written again when asked for."""
        object.__setattr__(self, "_canonical", None)

    def canonical_without(self, names: Iterable[str]) -> str:
        """The canonical form without some of the fields."""
        left_out = frozenset(names)
        write = self._WRITES.get(left_out)
        if write is None:
            write = self._WRITES[left_out] = compile_write(self.KINDS, left_out, self._RARE)
        return write(self)

    def changed(self, **changes: Any) -> Self:
        """Copy the value with some fields changed.

        Args:
            **changes: The new values by field. They are not checked: pass only values that were checked before.
        """
        new = self._copy()
        for name, value in changes.items():
            object.__setattr__(new, name, value)
        return new

    def _copy(self) -> Self:
        """Copy the fields, and nothing that is cached; `slotted` compiles it for each class."""
        return self.make_trusted(self.held())

    def _complete(self) -> None:
        """Complete a new value, and check its fields together."""


T = TypeVar("T", bound=SlottedValue)

_NOTHING: frozenset[str] = frozenset()


def slotted(cls: type[T]) -> type[T]:
    """Let the instances of an attrs class with slots be made as quickly as dictionaries.

    Its `_IS_CHECKED` tells whether what is given to the constructor is checked by `KINDS`. The fields in `_RARE` are
    kept together in one slot: those that few values set, and that are absent from the canonical form by default.
    """
    if cls._RARE:
        cls = with_rare_fields(cls, cls._RARE)
    fields: tuple[Any, ...] = attrs.fields(cast("Any", cls))
    cls._NAMES = tuple(field.name for field in fields)
    by_position = [field.name for field in fields if not field.kw_only]
    make_whole: Callable[..., None] = cls.__init__
    compiled = CompiledSlots(cls)
    makes, is_completed = compiled.makes, cls._complete is not SlottedValue._complete

    @wraps(make_whole)
    def __init__(self: Any, /, *args: Any, **given: Any) -> None:
        if args:
            if len(args) > len(by_position) or not given.keys().isdisjoint(by_position[: len(args)]):
                make_whole(self, *args, **given)  # it refuses them
            given.update(zip(by_position, args, strict=False))
        makes[tuple(given)](self, given)
        if is_completed:
            self._complete()

    type.__setattr__(cls, "__init__", __init__)
    type.__setattr__(cls, "_copy", compiled.copy)
    cls._HOLDS, cls._LOADS, cls._WRITES = compiled.holds, compiled.loads, {}
    return cls


def tells_absent(cls: type[T], names: Iterable[str]) -> Callable[[T], bool]:
    """Compile a function that tells whether all of these fields of a slotted class have their defaults."""
    defaults = {field.name: field.default for field in attrs.fields(cast("Any", cls))}
    values: dict[str, Any] = {f"default_{name}": defaults[name] for name in sorted(names)}

    def are_absent(names: Collection[str]) -> str:
        return " and ".join(["True", *(f"value.{name} is default_{name}" for name in sorted(names))])

    rare = set(cls._RARE).intersection(names)
    line = are_absent(set(names) - rare)
    if rare:
        line = f"(value._rare is None or {are_absent(rare)}) and {line}"
    tells: Callable[[T], bool] = eval(f"lambda value: {line}", values)  # made of names of fields only
    return tells
