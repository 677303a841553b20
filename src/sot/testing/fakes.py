"""A clock and ids that a test controls."""

from datetime import UTC, datetime, timedelta

from sot.ports.clock import Clock
from sot.ports.ids import IdSource


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
