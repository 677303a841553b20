"""What the repositories keep, beside the domain's own values, and how lists are asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

import attrs

from sot.domain.account_event import AccountEvent
from sot.domain.checkpoint import Leaf
from sot.domain.intent import DecisionContext, OrderRequest, RiskCheck, Withdrawal, request_status
from sot.domain.reconciliation import Reconciliation
from sot.domain.report import VenueReport
from sot.domain.state import OrderState
from sot.domain.vocabulary import (
    AccountEventType,
    Anomaly,
    IdentifierKind,
    Mismatch,
    OrderStatus,
    ReconciliationType,
    RequestStatus,
)

LARGEST_PAGE = 500


@attrs.frozen(slots=False, kw_only=True)
class RecordedCheck:
    """A risk check with its place (`number` counts from 1 per request), when it was recorded, and its digest."""

    number: int
    check: RiskCheck
    recorded_at: datetime
    hash: str


@attrs.frozen(slots=False, kw_only=True)
class RecordedWithdrawal:
    """A withdrawal, when it was recorded, and its digest."""

    withdrawal: Withdrawal
    recorded_at: datetime
    hash: str


@attrs.frozen(slots=False, kw_only=True)
class RecordedRequest:
    """A request with all that was said of it; `order_id` is the order it made or, for an amendment, worked on.

    `repeated` tells that it was submitted before, where `submit` returns it.
    """

    request: OrderRequest
    recorded_at: datetime
    hash: str
    context: DecisionContext | None = None
    context_hash: str | None = None
    checks: Sequence[RecordedCheck] = ()
    withdrawal: RecordedWithdrawal | None = None
    order_id: str | None = None
    repeated: bool = False

    @property
    def request_id(self) -> str:
        """Its id, which every recorded request has."""
        assert self.request.request_id is not None
        return self.request.request_id

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.request.account_id

    @property
    def risk_checks(self) -> tuple[RiskCheck, ...]:
        """The checks, in the order in which they came."""
        return tuple(recorded.check for recorded in self.checks)

    @property
    def status(self) -> RequestStatus:
        """What became of it."""
        return request_status(self.order_id is not None, self.withdrawal is not None, self.risk_checks)


@attrs.frozen(slots=False, kw_only=True)
class UnattributedReport:
    """A report for no known order, kept until its order is known."""

    report_id: str
    report: VenueReport
    recorded_at: datetime
    said: str
    hash: str

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.report.account_id


@attrs.frozen(slots=False, kw_only=True)
class RecordedAccountEvent:
    """An account event that has its id, when it was recorded, and its digest.

    `said` is the digest of what it says, by which a repeat is recognised, `identity` that of the venue's id, where it
    has one: of two that say different things under one id, the second has anomalies and no effect.
    """

    event: AccountEvent
    recorded_at: datetime
    said: str
    identity: str
    hash: str
    anomalies: Sequence[Anomaly] = ()

    @property
    def event_id(self) -> str:
        """Its id, which every recorded one has."""
        assert self.event.event_id is not None
        return self.event.event_id

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.event.account_id

    @property
    def counts(self) -> bool:
        """Whether it may have an effect; one that is replaced has none."""
        return Anomaly.DUPLICATE_CONFLICT not in self.anomalies


@attrs.frozen(slots=False, kw_only=True)
class RecordedReconciliation:
    """A row of a reconciliation that has its id, when it was recorded, and its digest.

    `resolution` is the row that closed a finding, where one did.
    """

    row: Reconciliation
    recorded_at: datetime
    hash: str
    resolution: Reconciliation | None = None

    @property
    def part(self) -> int | None:
        """Which part of what its run compared it is, if it is one: there is one of each number."""
        return self.row.number if self.row.type is ReconciliationType.INPUT else None

    @property
    def closes(self) -> str | None:
        """The finding that it closes, if it closes one: none is closed twice."""
        return self.row.finding_id if self.row.type is ReconciliationType.RESOLUTION else None

    @property
    def is_open(self) -> bool | None:
        """Whether it is a finding that is not closed; None of what is no finding."""
        return None if self.row.type is not ReconciliationType.FINDING else self.resolution is None

    @property
    def record_id(self) -> str:
        """Its id, which every recorded one has."""
        assert self.row.record_id is not None
        return self.row.record_id

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.row.account_id


class Identifier(NamedTuple):
    """A name by which an order is or was known: unique per venue at best, hence all that narrows it down."""

    account_id: str
    kind: IdentifierKind
    value: str
    venue: str
    venue_account: str = ""
    id_scope: str = ""


class Claims(NamedTuple):
    """Who goes by an identifier's value: orders, each with its full identifier, and reports that wait for an order."""

    orders: Sequence[tuple[Identifier, str]] = ()
    waiting: Sequence[str] = ()


@attrs.frozen(kw_only=True)
class StateAfter:
    """The state of an order after the event `sequence`, which was recorded at `recorded_at`.

    `happened_at` is the latest moment at which any event up to that one happened; where none of them was told with a
    time, that of recording.
    """

    account_id: str
    order_id: str
    sequence: int
    recorded_at: datetime
    happened_at: datetime
    state: OrderState


@attrs.frozen(kw_only=True)
class Known:
    """What was known: facts up to a `position` of the feed, and recorded by a `moment`; None sets no limit."""

    position: int | None = None
    moment: datetime | None = None

    @property
    def everything(self) -> bool:
        """There is no limit."""
        return self.position is None and self.moment is None

    def holds(self, leaf: Leaf) -> bool:
        """Whether a fact was known."""
        return (self.position is None or leaf.position <= self.position) and (
            self.moment is None or leaf.recorded_at <= self.moment
        )


@attrs.frozen(kw_only=True)
class Prefix:
    """How much of an order is looked at: events up to `sequence`, recorded and having happened by the given moments.

    Within an order neither goes back: what one event is too late for, all later ones are too late for.
    """

    sequence: int | None = None
    recorded_by: datetime | None = None
    happened_by: datetime | None = None

    def knows(self, sequence: int, recorded_at: datetime) -> bool:
        """Whether an event with these was known."""
        return (self.sequence is None or sequence <= self.sequence) and (
            self.recorded_by is None or recorded_at <= self.recorded_by
        )

    def holds(self, sequence: int, recorded_at: datetime, happened_at: datetime) -> bool:
        """Whether an event with these was known, and what it tells had happened."""
        return self.knows(sequence, recorded_at) and (self.happened_by is None or happened_at <= self.happened_by)


@attrs.frozen(kw_only=True)
class OrderFilter:
    """Which orders to list. Times are half-open; an absent field does not filter."""

    account_id: str | None = None
    statuses: Sequence[OrderStatus] = ()
    venue: str | None = None
    symbol: str | None = None
    strategy_code: str | None = None
    identifier: str | None = None
    is_open: bool | None = None
    in_doubt: bool | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None


@attrs.frozen(kw_only=True)
class RequestFilter:
    """Which requests to list."""

    account_id: str | None = None
    symbol: str | None = None
    strategy_code: str | None = None
    recorded_from: datetime | None = None
    recorded_before: datetime | None = None


@attrs.frozen
class PageKey:
    """The place after which a page begins: what it is sorted by, ascending."""

    at: datetime
    id: str


@attrs.frozen(kw_only=True)
class AccountEventFilter:
    """Which account events to list."""

    account_id: str | None = None
    type: AccountEventType | None = None
    venue: str | None = None
    symbol: str | None = None
    occurred_from: datetime | None = None
    occurred_before: datetime | None = None


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


T = TypeVar("T")
K = TypeVar("K")


@attrs.frozen
class Stretch(Generic[T, K]):
    """Some items in ascending order, and the place after which the next ones are; None at the end.

    Where items are left out, it may be short, or empty, while there are more.
    """

    items: Sequence[T]
    next: K | None = None


@attrs.frozen
class Page(Stretch[T, PageKey]):
    """A stretch of a list that is sorted by time and id. Of what there is now, only the last one is short."""
