"""Whether a venue's methods are awaited."""

from inspect import iscoroutinefunction, isfunction
from typing import Any

from sot.domain.values.errors import InvalidInput
from sot.ports.venue import Venue

_DEFAULTS = {name: method for name, method in vars(Venue).items() if isfunction(method) and name[0] != "_"}


def check_calls(venue: Any, are_awaited: bool) -> None:
    """Check that the methods of a venue are awaited, or that they are not: `submit`, and each other one that it has.

    Those that it inherits from the port only say that they are not supported, and may be of either kind.

    Raises:
        InvalidInput: One is of the other kind: what the venue answers would be lost.
    """
    for name, default in _DEFAULTS.items():
        method = getattr(venue, name, None)
        if method is None or getattr(method, "__func__", None) is default:
            continue
        if iscoroutinefunction(method) is not are_awaited:
            blocking = "a venue whose methods are all `async def`, such as sot.aio.threaded(venue)"
            waiting = "a venue none of whose methods is awaited; or use sot.aio.AsyncExecutor"
            raise InvalidInput("venue", f"{type(venue).__name__}.{name}", blocking if are_awaited else waiting)
