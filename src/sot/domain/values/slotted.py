"""Values with slots: one object each, without a dictionary.

A dictionary of eleven fields takes 464 bytes beside its value; a slot takes 8, whether its field is set or not. attrs
makes the classes, so that types, comparison, `evolve` and the refusal of wrong arguments are as ever. Only the
constructor is another one: it checks what is given, and sets all slots by straight code.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ClassVar, Self, TypeVar, cast

import attrs

from sot.domain.values.compiled_kinds import ByNames, Write, compile_write
from sot.domain.values.copying import unfrozen
from sot.domain.values.value import Value

Hold = Callable[[Any, Mapping[str, Any]], None]
"""Sets the slots of a new value from the values of fields by name; the others are set to their defaults."""


class SlottedValue(Value):
    """The base of values with slots; each class is `slotted`."""

    __slots__ = ("_canonical",)

    _IS_CHECKED: ClassVar[bool] = True
    _NAMES: ClassVar[tuple[str, ...]]
    _LOADS: ClassVar[Mapping[str, Callable[[Any], Any] | None]]
    _HOLDS: ClassVar[Mapping[tuple[str, ...], Hold]]
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
        loads = cls._LOADS
        return cls.make_trusted(
            {name: value if (load := loads[name]) is None else load(value) for name, value in document.items()}
        )

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
            write = self._WRITES[left_out] = compile_write(self.KINDS, left_out)
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

    Its `_IS_CHECKED` tells whether what is given to the constructor is checked by `KINDS`.
    """
    fields: tuple[Any, ...] = attrs.fields(cast("Any", cls))
    names = cls._NAMES = tuple(field.name for field in fields)
    defaults = {field.name: field.default for field in fields if field.default is not attrs.NOTHING}
    assert not any(isinstance(default, attrs.Factory) for default in defaults.values())  # type: ignore[arg-type]
    by_position = [field.name for field in fields if not field.kw_only]
    are_known, required = frozenset(names).issuperset, frozenset(names) - defaults.keys()
    make_whole: Callable[..., None] = cls.__init__
    holds = _compile_holds(cls, names, defaults)
    is_checked, is_completed = cls._IS_CHECKED, cls._complete is not SlottedValue._complete

    @wraps(make_whole)
    def __init__(self: Any, /, *args: Any, **given: Any) -> None:
        if args:
            if len(args) > len(by_position) or not given.keys().isdisjoint(by_position[: len(args)]):
                make_whole(self, *args, **given)  # it refuses them
            given.update(zip(by_position, args, strict=False))
        if not are_known(given) or not required <= given.keys():
            make_whole(self, **given)  # it refuses what is unknown or missing
        shape = tuple(given)
        if is_checked:
            cls._COMPILED.checks[shape](given)
        holds[shape](self, given)
        if is_completed:
            self._complete()

    type.__setattr__(cls, "__init__", __init__)
    type.__setattr__(cls, "_copy", _compile_copy(cls, names))
    cls._LOADS = {name: kind.load for name, kind in cls.KINDS.items()}
    cls._HOLDS, cls._WRITES = holds, {}
    return cls


def _caches(cls: type[Any]) -> list[str]:
    """The slots of the bases of a class, which no field has."""
    return [name for base in cls.__mro__[1:] for name in vars(base).get("__slots__", ())]


def _compile_holds(
    cls: type[Any], names: tuple[str, ...], defaults: Mapping[str, Any]
) -> Mapping[tuple[str, ...], Hold]:
    """Compile what sets the slots of a class, by the names of the fields that are given."""

    def hold_each(self: Any, values: Mapping[str, Any]) -> None:
        for name in names:
            object.__setattr__(self, name, values.get(name, defaults.get(name)))
        for name in _caches(cls):
            object.__setattr__(self, name, None)

    code: dict[str, Any] = {f"default_{name}": defaults.get(name) for name in names}
    code |= {"cls": cls, "Unfrozen": unfrozen(cls), "set": object.__setattr__, "hold_each": hold_each}

    def compile_hold(given: Iterable[str], of_given: str = "values[{0!r}]") -> Hold:
        held = set(given)
        lines = [
            "def made(self, values):",
            " if type(self) is not cls: return hold_each(self, values)",  # a class that inherits from it
            ' set(self, "__class__", Unfrozen)',
            *(f" self.{name} = {(of_given if name in held else 'default_{0}').format(name)}" for name in names),
            *(f" self.{name} = None" for name in _caches(cls)),
            " self.__class__ = cls",
        ]
        hold: Hold = _function(lines, code)
        return hold

    return ByNames(names, (), compile_hold(names, "values.get({0!r}, default_{0})"), compile_hold)


def _compile_copy(cls: type[T], names: tuple[str, ...]) -> Callable[[T], T]:
    """Compile what copies the fields of a value, and nothing that is cached."""
    lines = [
        "def made(old):",
        " if type(old) is not cls: return copy_each(old)",  # a class that inherits from it
        " new = make(Unfrozen)",
        *(f" new.{name} = old.{name}" for name in names),
        *(f" new.{name} = None" for name in _caches(cls)),
        " new.__class__ = cls",
        " return new",
    ]
    code = {"cls": cls, "Unfrozen": unfrozen(cls), "make": object.__new__, "copy_each": SlottedValue._copy}
    copy: Callable[[T], T] = _function(lines, code)
    return copy


def _function(lines: Iterable[str], names: Mapping[str, Any]) -> Any:
    code = dict(names)
    exec("\n".join(lines), code)  # made of names of fields only
    return code["made"]
