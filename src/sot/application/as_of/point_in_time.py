"""A moment to look at: what was known, of what had happened."""

from datetime import datetime, timedelta
from functools import cached_property

import attrs

from sot.domain.audit.known import KnownAt
from sot.domain.values import times
from sot.domain.values.errors import InvalidInput
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import FactKind
from sot.ports.store import UnitOfWork

MICROSECOND = timedelta(microseconds=1)


@attrs.define(slots=False, frozen=True)
class Moment:
    """What was known, of what had happened; independently. Without a limit it is now."""

    uow: UnitOfWork
    known: KnownAt
    happened_by: datetime | None

    @property
    def exact(self) -> bool:
        """Whether nothing counts that was not committed at that moment."""
        return self.known.recorded_by is None

    @property
    def words(self) -> str:
        """The moment in words."""
        said = []
        if self.known.position is not None:
            said.append(f"as known at cursor {self.known.position}")
        if self.known.recorded_by is not None:
            said.append(f"as known at {time_text(self.known.recorded_by)}")
        if self.happened_by is not None:
            said.append(f"as it had happened by {time_text(self.happened_by)}")
        return ", ".join(said) or "now"

    @property
    def now(self) -> datetime:
        """The time that it is at that moment."""
        return self.happened_by or self.known.recorded_by or self.uow.clock.now()

    def had(self, at: datetime) -> bool:
        """Whether what happened at a time had happened."""
        return self.happened_by is None or at <= self.happened_by

    def knew(self, kind: FactKind, account_id: str, key: str, recorded_at: datetime, number: int = 0) -> bool:
        """Whether a fact was known; its place in the feed is looked up only where its time does not tell."""
        if self.known.position is None:
            return self.known.recorded_by is None or recorded_at <= self.known.recorded_by
        if self.unknown_since is None or recorded_at <= self.unknown_since:
            return True
        leaf = self.uow.feed.find(kind, account_id, key, number)
        return leaf is not None and self.known.includes(leaf)

    @cached_property
    def unknown_since(self) -> datetime | None:
        """A time by which everything recorded was known; None if everything was."""
        found = [self.known.recorded_by]
        if self.known.position is not None:
            earliest = self.uow.feed.earliest_after(self.known.position)
            found.append(None if earliest is None else earliest - MICROSECOND)
        return min((at for at in found if at is not None), default=None)


def point_in_time(uow: UnitOfWork, known_at: datetime | int | None, happened_by: datetime | None) -> Moment:
    """A moment, checked; see `OrderHistory.as_of`."""
    return Moment(uow, _known(uow, known_at), _no_later_than_now(uow, "happened_by", happened_by))


def _known(uow: UnitOfWork, known_at: datetime | int | None) -> KnownAt:
    if type(known_at) is int:
        last = uow.feed.last()
        if not 0 <= known_at <= last:
            raise InvalidInput("known_at", known_at, f"a cursor of this store, from 0 to {last}, or a moment")
        return KnownAt(position=known_at)
    return KnownAt(recorded_by=_no_later_than_now(uow, "known_at", known_at))


def _no_later_than_now(uow: UnitOfWork, field: str, at: object) -> datetime | None:
    if at is None:
        return None
    found, now = times.utc_time(field, at), uow.clock.now()
    if found > now:
        raise InvalidInput(field, time_text(found), f"a moment that has come: it is {time_text(now)}")
    return found
