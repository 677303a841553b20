"""A clock, ids and an observer that a test controls."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.observer import Fact, Observation, Observer, Operation


class ManualClock(Clock):
    """A clock that stands still until it is moved, forward or back."""

    def __init__(self, now: datetime | None = None) -> None:
        self.time = now or datetime(2026, 1, 5, 10, tzinfo=UTC)

    def now(self) -> datetime:
        """The time that was set."""
        return self.time

    def move(self, by: timedelta) -> None:
        """Move the clock forward, or back by a negative duration."""
        self.time += by


class CountedIds(IdSource):
    """Ids in ascending order, the same in every run."""

    def __init__(self) -> None:
        self._count = 0

    def new_id(self) -> str:
        """The next id."""
        self._count += 1
        return f"00000000-0000-7000-8000-{self._count:012x}"


class RecordingObserver(Observer):
    """Keeps what it sees: a dictionary of facts for each operation, in the order in which they began.

    The fact `operation` is the kind, `above` that of the operation that it is part of, `raised` the class of an error.

    Attributes:
        seen: The facts.
        cause: What `trace` returns.
    """

    def __init__(self, cause: str | None = None) -> None:
        self.seen: list[dict[str, Fact]] = []
        self.cause = cause
        self._open: list[Operation] = []

    @contextmanager
    def observe(self, operation: Operation, parent: str | None = None, /, **facts: Fact) -> Iterator[Observation]:
        """Keep the facts of an operation."""
        above = self._open[-1] if self._open else None
        kept: dict[str, Fact] = {"operation": operation, "above": above, "parent": parent}
        self.seen.append(kept)
        self._open.append(operation)
        observation = _Recording(kept)
        observation.add(**facts)
        try:
            yield observation
        except BaseException as error:
            kept["raised"] = type(error).__name__
            raise
        finally:
            self._open.pop()

    def trace(self) -> str | None:
        """Return the cause that was set."""
        return self.cause


class _Recording(Observation):
    def __init__(self, kept: dict[str, Fact]) -> None:
        self._kept = kept

    def add(self, **facts: Fact) -> None:
        """Keep facts that are not None."""
        self._kept.update({name: value for name, value in facts.items() if value is not None})
