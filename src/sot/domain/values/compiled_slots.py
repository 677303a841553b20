"""Straight code that makes values with slots: it sets all slots in one pass, each from what its field is given.

There is a function for each set of names that comes often (`ByNames`). It reads the fields that are given and no
others, and it needs not ask whether they are fields of the class.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from sot.domain.values.compiled_kinds import ByNames, check_lines, function_of, names_of, numbered, required_names
from sot.domain.values.copying import unfrozen
from sot.domain.values.rare_fields import packed

SetSlots = Callable[[Any, Mapping[str, Any]], None]
"""Sets the slots of a new value from the values of fields by name; the others are set to their defaults."""

Read = Callable[[str], Iterable[str]]
"""The lines that read a field which is given; the last one is the expression for its value."""


class CompiledSlots:
    """What sets the slots of a class, by the names of the fields that are given.

    Attributes:
        holds: Takes values that were checked before.
        loads: Takes the canonical form as a JSON object.
        makes: Takes what the constructor is given; if the class `_IS_CHECKED`, it is checked.
        copy: Copies the fields of a value, and nothing that is cached.

    Args:
        cls: The class that attrs made.
    """

    def __init__(self, cls: Any) -> None:
        fields = attrs.fields(cls)
        self._cls, self._kinds, self._numbers = cls, cls.KINDS, numbered(cls.KINDS)
        self._names = [field.name for field in fields]
        self._fields, self._rare = frozenset(self._names), frozenset(cls._RARE)
        self._slots = vars(cls)["__slots__"]
        self._defaults = {field.name: field.default for field in fields if field.default is not attrs.NOTHING}
        assert not any(isinstance(default, attrs.Factory) for default in self._defaults.values())  # type: ignore[arg-type]
        self._required = self._fields - self._defaults.keys()
        self._never_none = required_names(cls)
        self._caches = [name for base in cls.__mro__[1:] for name in vars(base).get("__slots__", ())]
        self._code = names_of(self._kinds) | {f"default_{name}": self._defaults.get(name) for name in self._names}
        self._code |= {"cls": cls, "Unfrozen": unfrozen(cls), "set": object.__setattr__, "new": object.__new__}
        self._code |= {"packed": packed}
        self._refuse_arguments: Callable[..., None] = cls.__init__
        hold_all = self._compile(self._names, self._get, self._hold_each)
        self.holds = self._by_names(hold_all, self._hold, self._hold_each)
        self.loads = self._by_names(self._load_any, self._load, self._load_any, refuses_others=True)
        make = self._check if cls._IS_CHECKED else self._hold
        self.makes = self._by_names(self._make_any, make, self._make_any, self._required, refuses_others=True)
        self.copy = self._compile_copy(cls._copy)

    def _by_names(
        self,
        of_all: SetSlots,
        read: Read,
        otherwise: SetSlots,
        required: Iterable[str] = (),
        refuses_others: bool = False,
    ) -> Mapping[tuple[str, ...], SetSlots]:
        def compile(given: Sequence[str]) -> SetSlots:
            return self._compile(given, read, otherwise)

        return ByNames(self._names, required, of_all, compile, refuses_others)

    def _compile(self, given: Sequence[str], read: Read, otherwise: SetSlots) -> SetSlots:
        """Compile what sets the slots.

        Args:
            given: The fields that are given, in the order in which they are read.
            read: The lines that read one of them.
            otherwise: What does the same for the classes that inherit from this one.
        """
        absent = [name for name in self._names if name not in given and name not in self._rare]
        lines = [
            "def made(self, values):",
            " if type(self) is not cls: return otherwise(self, values)",
            ' set(self, "__class__", Unfrozen)',
            *self._set_lines(given, read),
            *(f" self.{name} = default_{name}" for name in absent),
            *(f" self.{name} = None" for name in self._caches),
            " self.__class__ = cls",
        ]
        compiled: SetSlots = function_of(lines, self._code | {"otherwise": otherwise})
        return compiled

    def _set_lines(self, given: Sequence[str], read: Read) -> Iterator[str]:
        """The lines that set the slots of the fields that are given."""
        sets_rare = not self._rare.isdisjoint(given)
        if sets_rare:
            yield " rare = {}"
        for name in given:
            *lines, value = read(name)
            yield from lines
            if name in self._rare:
                yield f" v = {value}"
                yield f" if v is not default_{name}: rare[{name!r}] = v"
            else:
                yield f" self.{name} = {value}"
        if self._rare:
            yield f" self._rare = {'packed(rare) if rare else None' if sets_rare else 'None'}"

    def _compile_copy(self, otherwise: Callable[[Any], Any]) -> Callable[[Any], Any]:
        lines = [
            "def made(old):",
            " if type(old) is not cls: return otherwise(old)",
            " self = new(Unfrozen)",
            *(f" self.{name} = old.{name}" for name in self._slots),
            *(f" self.{name} = None" for name in self._caches),
            " self.__class__ = cls",
            " return self",
        ]
        compiled: Callable[[Any], Any] = function_of(lines, self._code | {"otherwise": otherwise})
        return compiled

    # ------------------------------------------------------------------------------------------ lines of a field

    def _get(self, name: str) -> Iterator[str]:
        yield f"values.get({name!r}, default_{name})"

    def _hold(self, name: str) -> Iterator[str]:
        yield f"values[{name!r}]"

    def _load(self, name: str) -> Iterator[str]:
        value = f"values[{name!r}]"
        yield value if self._kinds[name].load is None else f"load_{self._numbers[name]}({value})"

    def _check(self, name: str) -> Iterator[str]:
        kind, number = self._kinds[name], self._numbers[name]
        blank = f"v = none_{number}" if kind.blank else "pass"
        if_none = "return otherwise(self, values)" if name in self._never_none else blank  # which refuses it
        yield from check_lines(name, kind, number, f"values[{name!r}]", "v", if_none)
        yield "v"

    # ------------------------------------------------------------------- for names that are rare, and other classes

    def _hold_each(self, new: Any, values: Mapping[str, Any]) -> None:
        for name in (*self._slots, *self._caches):
            object.__setattr__(new, name, None)
        for name in self._names:
            object.__setattr__(new, name, values.get(name, self._defaults.get(name)))

    def _load_any(self, new: Any, document: Mapping[str, Any]) -> None:
        kinds = self._kinds
        values = {
            name: value if (load := kinds[name].load) is None else load(value) for name, value in document.items()
        }
        self.holds[tuple(values)](new, values)

    def _make_any(self, new: Any, given: Mapping[str, Any]) -> None:
        if not self._required <= given.keys() <= self._fields:
            self._refuse_arguments(new, **given)  # those that are unknown or missing
        values, shape = dict(given), tuple(given)
        if self._cls._IS_CHECKED:
            self._cls._COMPILED.checks[shape](values)
        self.holds[shape](new, values)
