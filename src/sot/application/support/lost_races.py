"""Tell a conflict from a race that was lost: another transaction may record the same between two look-ups."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sot.domain.values.errors import ConcurrentUpdate, Conflict


@contextmanager
def losing_races(known: Callable[[], object], what: str) -> Iterator[None]:
    """Let a block that finds a conflict lose a race instead, if the same was recorded since it was looked up.

    Args:
        known: Looks up what is to be recorded; None if nobody has recorded it.
        what: What it is, for the error.

    Raises:
        ConcurrentUpdate: It was recorded.
        Conflict: Something else has its name.
    """
    try:
        yield
    except Conflict as conflict:
        if known() is not None:
            raise ConcurrentUpdate(f"{what} was recorded") from conflict
        raise
