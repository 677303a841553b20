"""Values that hold only what is set: a report has 38 fields, of which ten say something.

The defaults are attributes of the class, where Python looks for what an instance does not hold. So a value reads,
compares and prints as if it held all of them, and takes a third of the memory.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

import attrs

T = TypeVar("T")

_DEFAULTS = "_sparse_defaults"

_FEW = 21
"""As many fields as a dictionary of 32 places holds: to leave out defaults among more of them saves memory."""


def sparse(cls: type[T]) -> type[T]:
    """Let the instances of an attrs class, made with `slots=False`, hold only the fields that are given.

    Of many fields that are given, those that are their default are not held either.
    """
    fields: tuple[Any, ...] = attrs.fields(cast("Any", cls))
    names = frozenset(field.name for field in fields)
    defaults = {field.name: field.default for field in fields if field.default is not attrs.NOTHING}
    assert not any(isinstance(default, attrs.Factory) for default in defaults.values())  # type: ignore[arg-type]
    for name, default in defaults.items():
        type.__setattr__(cls, name, default)
    required = names - defaults.keys()
    default_of = defaults.get
    are_known = names.issuperset
    hold = object.__setattr__
    make_whole: Callable[..., None] = cls.__init__
    check: Callable[[Any], None] | None = getattr(cls, "__attrs_post_init__", None)

    @wraps(make_whole)
    def __init__(self: Any, /, *args: Any, **given: Any) -> None:
        if args or not are_known(given) or not required <= given.keys():
            make_whole(self, *args, **given)  # by position; or it refuses what is unknown or missing
            return
        if len(given) > _FEW:
            given = {name: value for name, value in given.items() if value is not default_of(name, attrs.NOTHING)}
        hold(self, "__dict__", given)  # nobody else has the dictionary of the arguments
        if check is not None:
            check(self)

    type.__setattr__(cls, "__init__", __init__)
    type.__setattr__(cls, _DEFAULTS, defaults)
    return cls


def sparse_defaults(cls: type[Any]) -> Mapping[str, Any]:
    """Return the defaults that the instances of a class do not hold; none, if it is not sparse."""
    defaults: Mapping[str, Any] = cls.__dict__.get(_DEFAULTS, {})
    return defaults
