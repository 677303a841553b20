"""What is kept of requests, reports and orders beside the values themselves: ids, times of recording and digests."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import attrs

from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal, request_status
from sot.domain.orders.state import OrderState
from sot.domain.values.vocabulary import IdentifierKind, RequestStatus


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
    content_digest: str
    hash: str

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.report.account_id


class Identifier(NamedTuple):
    """A name by which an order is or was known: unique per venue at best, hence all that narrows it down."""

    account_id: str
    kind: IdentifierKind
    value: str
    venue: str
    venue_account: str = ""
    id_scope: str = ""

    @classmethod
    def of_request(cls, request: OrderRequest) -> "Identifier":
        """The client order id of a request; empty, if it has none."""
        return cls(
            request.account_id,
            IdentifierKind.CLIENT,
            request.client_order_id or "",
            request.venue or "",
            request.venue_account,
            request.id_scope,
        )

    def fits(self, report: VenueReport) -> bool:
        """Whether a report that carries this value can mean this order, by venue, venue account and scope."""
        return (
            report.venue in (None, self.venue)
            and report.venue_account in ("", self.venue_account)
            and report.id_scope in ("", self.id_scope)
        )


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
