"""The repository of reconciliation rows."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import attrs

from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.vocabulary import Mismatch, ReconciliationType
from sot.ports.paging import Page, PageKey


@attrs.frozen(kw_only=True)
class ReconciliationFilter:
    """Which rows of reconciliations to list. `is_open` asks for findings that are not closed (or are)."""

    account_id: str | None = None
    types: Sequence[ReconciliationType] = ()
    venue: str | None = None
    venue_account: str | None = None
    run_id: str | None = None
    subject: str | None = None
    mismatch: Mismatch | None = None
    order_id: str | None = None
    is_open: bool | None = None
    recorded_from: datetime | None = None
    recorded_before: datetime | None = None


class Reconciliations(Protocol):
    """What comparisons with venues found, and how that was closed: append-only; which findings are open is derived."""

    @abstractmethod
    def add(self, row: RecordedReconciliation) -> None:
        """Keep a row (its `resolution` is not part of it), after the run and the finding that it names.

        Raises at the latest on commit: ConcurrentUpdate, if its id is taken in its account, if its finding is closed
        already, if it is a part of a run that is there, or if what it names is not there in its account. A row does not
        satisfy the last condition by naming itself.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, record_id: str) -> RecordedReconciliation | None:
        """The row of this id, a finding with its resolution."""
        raise NotImplementedError

    @abstractmethod
    def last_run(self, account_id: str, venue: str, venue_account: str) -> RecordedReconciliation | None:
        """The run of an account at a venue that was recorded last; the last by id of those recorded at once."""
        raise NotImplementedError

    @abstractmethod
    def list(self, filter: ReconciliationFilter, after: PageKey | None, limit: int) -> Page[RecordedReconciliation]:
        """Rows by (recorded_at, record_id), after a place; findings with their resolutions."""
        raise NotImplementedError
