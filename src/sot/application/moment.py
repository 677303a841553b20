"""A moment to look at: what was known, of what had happened."""

from datetime import datetime, timedelta
from functools import cached_property

import attrs

from sot.domain import times
from sot.domain.errors import InvalidInput
from sot.domain.times import moment_text
from sot.domain.vocabulary import FactKind
from sot.ports.records import Known
from sot.ports.store import UnitOfWork

MICROSECOND = timedelta(microseconds=1)


@attrs.define(slots=False, frozen=True)
class Moment:
    """What was known, of what had happened; independently. Without a limit it is now."""

    uow: UnitOfWork
    known: Known
    happened_by: datetime | None

    @property
    def exact(self) -> bool:
        """Whether nothing counts that was not committed at that moment."""
        return self.known.moment is None

    @property
    def words(self) -> str:
        """The moment in words."""
        said = []
        if self.known.position is not None:
            said.append(f"as known at cursor {self.known.position}")
        if self.known.moment is not None:
            said.append(f"as known at {moment_text(self.known.moment)}")
        if self.happened_by is not None:
            said.append(f"as it had happened by {moment_text(self.happened_by)}")
        return ", ".join(said) or "now"

    @property
    def now(self) -> datetime:
        """The time that it is at that moment."""
        return self.happened_by or self.known.moment or self.uow.clock.now()

    def had(self, at: datetime) -> bool:
        """Whether what happened at a time had happened."""
        return self.happened_by is None or at <= self.happened_by

    def knew(self, kind: FactKind, account_id: str, key: str, recorded_at: datetime, number: int = 0) -> bool:
        """Whether a fact was known; its place in the feed is looked up only where its time does not tell."""
        if self.known.position is None:
            return self.known.moment is None or recorded_at <= self.known.moment
        if self.unknown_since is None or recorded_at <= self.unknown_since:
            return True
        leaf = self.uow.feed.find(kind, account_id, key, number)
        return leaf is not None and self.known.holds(leaf)

    @cached_property
    def unknown_since(self) -> datetime | None:
        """A time by which everything recorded was known; None if everything was."""
        found = [self.known.moment]
        if self.known.position is not None:
            earliest = self.uow.feed.earliest_after(self.known.position)
            found.append(None if earliest is None else earliest - MICROSECOND)
        return min((at for at in found if at is not None), default=None)


def moment_of(uow: UnitOfWork, known_at: datetime | int | None, happened_by: datetime | None) -> Moment:
    """A moment, checked; see `OrderHistory.as_of`."""
    return Moment(uow, _known(uow, known_at), _no_later_than_now(uow, "happened_by", happened_by))


def _known(uow: UnitOfWork, known_at: datetime | int | None) -> Known:
    if type(known_at) is int:
        last = uow.feed.last()
        if not 0 <= known_at <= last:
            raise InvalidInput("known_at", known_at, f"a cursor of this store, from 0 to {last}, or a moment")
        return Known(position=known_at)
    return Known(moment=_no_later_than_now(uow, "known_at", known_at))


def _no_later_than_now(uow: UnitOfWork, field: str, at: object) -> datetime | None:
    if at is None:
        return None
    found, now = times.moment(field, at), uow.clock.now()
    if found > now:
        raise InvalidInput(field, moment_text(found), f"a moment that has come: it is {moment_text(now)}")
    return found
