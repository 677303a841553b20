"""Check the arguments of public methods, and the fields of filters, by their annotations.

What has the wrong type is refused with its name before anything is read or written; texts in place of members of a
vocabulary and of times are read strictly. None for an optional argument means that none is given: its default.
What an annotation does not say (a limit, a range) the method checks.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, wraps
from inspect import Parameter, isfunction, signature, unwrap
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import attrs

from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import COUNT, FLAG, TIME, member_of

T = TypeVar("T")
C = TypeVar("C", bound=type)

Check = Callable[[str, Any], Any]
"""Takes (name, value) and returns the value to use."""


def checked_arguments(cls: C) -> C:
    """Let the public methods of a class check their arguments by their annotations."""
    for name, function in list(vars(cls).items()):
        if isfunction(function) and not name.startswith("_"):
            setattr(cls, name, checked(function))
    return cls


def checked(function: Callable[..., T]) -> Callable[..., T]:
    """Let a function or method check its arguments by their annotations."""
    code = unwrap(function).__code__
    names = code.co_varnames[: code.co_argcount]
    checks: Mapping[str, Check] = {}
    positional: Sequence[tuple[int, str, Check]] = ()
    is_ready = False

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> T:
        nonlocal checks, positional, is_ready
        if not is_ready:
            checks = _checks_of(cast("Hashable", function))
            positional = [(place, name, checks[name]) for place, name in enumerate(names) if name in checks]
            is_ready = True
        count = len(args)
        if count <= len(names):
            for place, name, check in positional:
                if place >= count:
                    break
                value = args[place]
                read = check(name, value)
                if read is not value:
                    args = (*args[:place], read, *args[place + 1 :])
        for name, value in kwargs.items():
            if name in checks:
                kwargs[name] = checks[name](name, value)
        return function(*args, **kwargs)

    return call


def check_fields(value: Any) -> None:
    """Check the fields of an attrs value by their annotations, and set what was read."""
    checks = _checks_of(cast("Hashable", type(value)))
    for field in attrs.fields(type(value)):
        check = checks.get(field.name)
        if check is not None:
            object.__setattr__(value, field.name, check(field.name, getattr(value, field.name)))


@cache
def _checks_of(annotated: Any) -> Mapping[str, Check]:
    hints, defaults = get_type_hints(annotated), _defaults_of(annotated)
    checks = {name: _check_of(hint) for name, hint in hints.items() if name != "return"}
    return {
        name: _or_default(check, defaults.get(name)) if NoneType in get_args(hints[name]) else check
        for name, check in checks.items()
        if check is not None
    }


def _defaults_of(annotated: Any) -> Mapping[str, Any]:
    """The defaults of the arguments of a function, or of the fields of a named tuple."""
    if isinstance(annotated, type):
        return getattr(annotated, "_field_defaults", {})
    parameters = signature(annotated).parameters.values()
    return {parameter.name: parameter.default for parameter in parameters if parameter.default is not Parameter.empty}


def _or_default(check: Check, default: Any) -> Check:
    return lambda name, value: default if value is None else check(name, value)


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    raise InvalidInput(name, value, "text")


def _duration(name: str, value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    raise InvalidInput(name, value, "a timedelta")


def _mapping(name: str, value: Any) -> Mapping[Any, Any]:
    if isinstance(value, Mapping):
        return value
    raise InvalidInput(name, value, "a mapping")


def _function(name: str, value: Any) -> Any:
    if callable(value):
        return value
    raise InvalidInput(name, value, "a function")


_SIMPLE: Final[Mapping[Any, Check]] = {
    str: _text,
    int: COUNT.check,
    bool: FLAG.check,
    datetime: TIME.check,
    timedelta: _duration,
}


def _check_of(hint: Any) -> Check | None:
    """The check of an annotation; None if it says nothing that can be checked here."""
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _check_of_union(arguments)
    if origin is not None:
        return _check_of_generic(origin, arguments)
    if not isinstance(hint, type) or hint.__module__ in ("builtins", "decimal", "typing"):
        return None
    return member_of(hint).check if issubclass(hint, StrEnum) else _instance_of(hint)


def _instance_of(cls: type) -> Check | None:
    """Values of our own classes; ports are structural, so that anything may be one."""
    if hasattr(cls, "_fields"):
        return _named_tuple(cls)
    if getattr(cls, "_is_protocol", False) or not attrs.has(cls):
        return None

    def check(name: str, value: Any) -> Any:
        if isinstance(value, cls):
            return value
        raise InvalidInput(name, value, f"a value of {cls.__name__}")

    return check


def _named_tuple(cls: Any) -> Check:
    def check(name: str, value: Any) -> Any:
        if not isinstance(value, cls):
            raise InvalidInput(name, value, f"a value of {cls.__name__}")
        checks = _checks_of(cls)
        return cls(*(checks[field](f"{name}.{field}", item) for field, item in zip(cls._fields, value, strict=True)))

    return check


def _check_of_generic(origin: Any, arguments: tuple[Any, ...]) -> Check | None:
    if not isinstance(origin, type):
        return None
    if issubclass(origin, Mapping):
        return _mapping
    if issubclass(origin, Iterable) and len(arguments) == 1:
        return _items_of(arguments[0])
    return _function if origin is Callable or issubclass(origin, Callable) else None  # type: ignore[arg-type]


def _items_of(hint: Any) -> Check:
    item_check = _check_of(hint)

    def check(name: str, value: Any) -> Any:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            raise InvalidInput(name, value, "a list")
        items = tuple(value)
        if item_check is None:
            return items
        return tuple([item_check(f"{name}.{number}", item) for number, item in enumerate(items, 1)])

    return check


def _is_spelling(hint: Any, union: tuple[Any, ...]) -> bool:
    """Whether a hint is None, or what the check of another hint of the union reads: words, or the text of a time."""
    return hint is NoneType or get_origin(hint) is Literal or (hint is str and datetime in union)


def _check_of_union(arguments: tuple[Any, ...]) -> Check | None:
    checks = [_check_of(argument) for argument in arguments if not _is_spelling(argument, arguments)]
    known = [check for check in checks if check is not None]
    if len(known) < len(checks):
        return None
    is_optional = NoneType in arguments

    def check(name: str, value: Any) -> Any:
        if value is None and is_optional:
            return None
        errors = []
        for one in known:
            try:
                return one(name, value)
            except InvalidInput as error:
                errors.append(error)
        raise InvalidInput(name, value, " or ".join(error.allowed for error in errors))

    return check
