"""The repository of the rows of reconciliations."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import attrs

from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values import given
from sot.domain.values.arguments import check_fields
from sot.domain.values.json_form import JsonForm
from sot.domain.values.times import is_between
from sot.domain.values.vocabulary import Mismatch, ReconciliationType
from sot.ports.paging import Page, PageKey

_EQUAL_FIELDS = ("account_id", "venue", "venue_account", "run_id", "subject", "mismatch", "order_id")


@attrs.frozen(kw_only=True)
class ReconciliationFilter(JsonForm):
    """Which reconciliation rows to list. Times are half-open; an absent field does not filter.

    With `is_open` only findings are listed: True lists open ones, False those with a resolution.
    """

    account_id: str | None = None
    types: Sequence[ReconciliationType] = attrs.field(default=(), converter=given.reconciliation_types)
    venue: str | None = None
    venue_account: str | None = None
    run_id: str | None = None
    subject: str | None = None
    mismatch: Mismatch | None = attrs.field(default=None, converter=given.mismatch_or_none)
    order_id: str | None = None
    is_open: bool | None = None
    recorded_from: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    recorded_before: datetime | None = attrs.field(default=None, converter=given.time_or_none)

    def __attrs_post_init__(self) -> None:
        check_fields(self)

    def matches(self, recorded: RecordedReconciliation) -> bool:
        """Whether a row, with its resolution, has what the filter asks for."""
        row = recorded.row
        return (
            (not self.types or row.type in self.types)
            and all(getattr(self, name) in (None, getattr(row, name)) for name in _EQUAL_FIELDS)
            and self.is_open in (None, recorded.is_open)
            and is_between(recorded.recorded_at, self.recorded_from, self.recorded_before)
        )


class Reconciliations(Protocol):
    """The rows of reconciliations: append-only. Which findings are open is derived."""

    @abstractmethod
    def add(self, row: RecordedReconciliation) -> None:
        """Add a row, without its `resolution`, which is a row of its own.

        The run and the finding that it refers to must have been added before.

        Raises:
            ConcurrentUpdate: As late as on commit: its id is in use in its account, its finding is closed already, its
                run has this part already, or its account does not have the run or the finding. A row that refers to
                itself does not have it either.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, record_id: str) -> RecordedReconciliation | None:
        """Return a row by its id, a finding with its resolution; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def last_run(self, account_id: str, venue: str, venue_account: str) -> RecordedReconciliation | None:
        """Return the latest run of an account at a venue, by (recorded_at, record_id); None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def list(
        self, filter: ReconciliationFilter, after: PageKey | None, limit: int
    ) -> Page[RecordedReconciliation, PageKey]:
        """Return a page of rows, findings with their resolutions, ordered by (recorded_at, record_id)."""
        raise NotImplementedError
