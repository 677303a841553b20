"""The history at a past point in time: as it was known, and as it had happened, independently of each other."""

from datetime import datetime

import attrs

from sot.application.as_of.point_in_time import PointInTime, point_in_time
from sot.application.as_of.unit_of_work import unit_of_work_as_of
from sot.application.queries.history import HistoryQueries
from sot.domain.audit.known import KnownAt
from sot.domain.values.given import TimeGiven
from sot.ports.store import UnitOfWork


@attrs.frozen
class PastHistory(HistoryQueries):
    """The history at a past point in time, with the queries of the present. See `OrderHistory.as_of`.

    Rules: PAST-5.
    """

    point: PointInTime

    @property
    def _source(self) -> UnitOfWork:
        return unit_of_work_as_of(self.point)

    @property
    def _missing_hint(self) -> str:
        return f"{self.words}: it came later, or never"

    @property
    def known(self) -> KnownAt:
        """Which facts were known."""
        return self.point.known

    @property
    def happened_by(self) -> datetime | None:
        """By when facts had happened; None for no limit."""
        return self.point.happened_by

    @property
    def exact(self) -> bool:
        """Whether every fact that counts was committed at that point.

        A cursor of the feed is exact. A time is not: facts count that a transaction recorded before it and committed
        after it.
        """
        return self.point.exact

    @property
    def words(self) -> str:
        """The point in time in words."""
        return self.point.words


def past_history(uow: UnitOfWork, known_at: TimeGiven | int | None, happened_by: TimeGiven | None) -> PastHistory:
    """Return the history at a point in time; see `OrderHistory.as_of`."""
    return PastHistory(point_in_time(uow, known_at, happened_by))
