"""Any past moment: as it was known, and as it had happened, independently."""

from datetime import datetime

import attrs

from sot.application.as_it_was import as_it_was
from sot.application.moment import Moment, moment_of
from sot.application.tellers import Teller
from sot.ports.records import Known
from sot.ports.store import UnitOfWork


@attrs.frozen
class Past(Teller):
    """A moment, to be asked like the present; see `OrderHistory.as_of`. Nothing here writes.

    `exact` tells whether it is known for sure what was known: by a cursor of the feed it is. By a time, facts count
    that a transaction recorded before it and committed after it, too.
    """

    moment: Moment

    @property
    def _facts(self) -> UnitOfWork:
        return as_it_was(self.moment)

    @property
    def _why(self) -> str:
        return f"{self.words}: it came later, or never"

    @property
    def known(self) -> Known:
        """What was known."""
        return self.moment.known

    @property
    def happened_by(self) -> datetime | None:
        """What had happened; None sets no limit."""
        return self.moment.happened_by

    @property
    def exact(self) -> bool:
        """Whether nothing counts that was not committed at that moment."""
        return self.moment.exact

    @property
    def words(self) -> str:
        """The moment in words."""
        return self.moment.words


def past_of(uow: UnitOfWork, known_at: datetime | int | None, happened_by: datetime | None) -> Past:
    """A moment, checked; see `OrderHistory.as_of`."""
    return Past(moment_of(uow, known_at, happened_by))
