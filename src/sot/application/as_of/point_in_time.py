"""A point in time, on two axes: what was known, and what had happened."""

from datetime import datetime, timedelta
from functools import cached_property

import attrs

from sot.domain.audit.known import KnownAt
from sot.domain.values import times
from sot.domain.values.errors import InvalidInput
from sot.domain.values.given import TimeGiven
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import FactKind
from sot.ports.store import UnitOfWork

MICROSECOND = timedelta(microseconds=1)


@attrs.define(slots=False, frozen=True)
class PointInTime:
    """A limit of what was known, and one of what had happened, which are independent. Without a limit it is now.

    Attributes:
        uow: The unit of work to read from.
        known: The facts that were known.
        happened_by: The last time of what had happened; None sets no limit.
    """

    uow: UnitOfWork
    known: KnownAt
    happened_by: datetime | None

    @property
    def exact(self) -> bool:
        """Whether only facts are included that were committed at that time."""
        return self.known.recorded_by is None

    @property
    def words(self) -> str:
        """The point in time in words."""
        parts = []
        if self.known.position is not None:
            parts.append(f"as known at cursor {self.known.position}")
        if self.known.recorded_by is not None:
            parts.append(f"as known at {time_text(self.known.recorded_by)}")
        if self.happened_by is not None:
            parts.append(f"as it had happened by {time_text(self.happened_by)}")
        return ", ".join(parts) or "now"

    @property
    def now(self) -> datetime:
        """The current time at that point."""
        return self.happened_by or self.known.recorded_by or self.uow.clock.now()

    def had_happened(self, at: datetime) -> bool:
        """Whether something had happened that happened at a time."""
        return self.happened_by is None or at <= self.happened_by

    def was_known(self, kind: FactKind, account_id: str, key: str, recorded_at: datetime, number: int = 0) -> bool:
        """Whether a fact was known. Its position in the feed is read only where its time does not decide."""
        if self.known.position is None:
            return self.known.recorded_by is None or recorded_at <= self.known.recorded_by
        if self.all_known_until is None or recorded_at <= self.all_known_until:
            return True
        leaf = self.uow.feed.find(kind, account_id, key, number)
        return leaf is not None and self.known.includes(leaf)

    @cached_property
    def all_known_until(self) -> datetime | None:
        """A time up to which everything that was recorded was known; None if everything was."""
        limits = [self.known.recorded_by]
        if self.known.position is not None:
            earliest = self.uow.feed.earliest_after(self.known.position)
            limits.append(None if earliest is None else earliest - MICROSECOND)
        return min((at for at in limits if at is not None), default=None)


def point_in_time(uow: UnitOfWork, known_at: TimeGiven | int | None, happened_by: TimeGiven | None) -> PointInTime:
    """Make a point in time; see `OrderHistory.as_of`.

    Args:
        uow: The unit of work to read from.
        known_at: A cursor of the feed, or a time; None means now.
        happened_by: A time; None means now.

    Raises:
        InvalidInput: The store has not given out this cursor, or the time is in the future.

    Rules: PAST-1.
    """
    return PointInTime(uow, _known(uow, known_at), _no_later_than_now(uow, "happened_by", happened_by))


def _known(uow: UnitOfWork, known_at: TimeGiven | int | None) -> KnownAt:
    if type(known_at) is int:
        last = uow.feed.last()
        if not 0 <= known_at <= last:
            raise InvalidInput("known_at", known_at, f"a cursor of this store, from 0 to {last}, or a time")
        return KnownAt(position=known_at)
    return KnownAt(recorded_by=_no_later_than_now(uow, "known_at", known_at))


def _no_later_than_now(uow: UnitOfWork, field: str, at: object) -> datetime | None:
    if at is None:
        return None
    time, now = times.utc_time(field, at), uow.clock.now()
    if time > now:
        raise InvalidInput(field, time_text(time), f"a time that is not in the future: it is {time_text(now)}")
    return time
