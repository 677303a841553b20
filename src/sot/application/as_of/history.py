"""Any past moment: as it was known, and as it had happened, independently."""

from datetime import datetime

import attrs

from sot.application.as_of.point_in_time import PointInTime, point_in_time
from sot.application.as_of.unit_of_work import unit_of_work_as_of
from sot.application.queries.history import HistoryQueries
from sot.domain.audit.known import KnownAt
from sot.ports.store import UnitOfWork


@attrs.frozen
class PastHistory(HistoryQueries):
    """A moment, to be asked like the present; see `OrderHistory.as_of`. Nothing here writes.

    `exact` tells whether it is known for sure what was known: by a cursor of the feed it is. By a time, facts count
    that a transaction recorded before it and committed after it, too.
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
        """What was known."""
        return self.point.known

    @property
    def happened_by(self) -> datetime | None:
        """What had happened; None sets no limit."""
        return self.point.happened_by

    @property
    def exact(self) -> bool:
        """Whether nothing counts that was not committed at that moment."""
        return self.point.exact

    @property
    def words(self) -> str:
        """The moment in words."""
        return self.point.words


def past_history(uow: UnitOfWork, known_at: datetime | int | None, happened_by: datetime | None) -> PastHistory:
    """A moment, checked; see `OrderHistory.as_of`."""
    return PastHistory(point_in_time(uow, known_at, happened_by))
