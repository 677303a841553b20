"""Recorded values: a request, check, withdrawal or report with its id, the time of recording and its digest."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, NamedTuple

import attrs

from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal, request_status
from sot.domain.orders.state import OrderState
from sot.domain.values.copying import quickly_made
from sot.domain.values.json_form import JsonForm
from sot.domain.values.vocabulary import IdentifierKind, RequestStatus


@attrs.frozen(kw_only=True)
class RecordedCheck(JsonForm):
    """A recorded risk check; `number` counts from 1 per request."""

    number: int
    check: RiskCheck
    recorded_at: datetime
    hash: str


@attrs.frozen(kw_only=True)
class RecordedWithdrawal(JsonForm):
    """A recorded withdrawal."""

    withdrawal: Withdrawal
    recorded_at: datetime
    hash: str


@quickly_made
@attrs.frozen(kw_only=True, weakref_slot=False)
class RecordedRequest(JsonForm):
    """A recorded request, with its context, checks and withdrawal.

    Attributes:
        hash: The digest of the request.
        context_hash: The digest of the context.
        order_id: The order that was created for it (of a REPLACE or CANCEL, its target); None if it was not executed.
        repeated: Whether it was submitted before; set in the result of `submit`.
    """

    DERIVED: ClassVar = ("request_id", "account_id", "status")

    request: OrderRequest
    recorded_at: datetime
    hash: str
    context: DecisionContext | None = None
    context_hash: str | None = None
    checks: Sequence[RecordedCheck] = attrs.field(default=(), eq=tuple)
    withdrawal: RecordedWithdrawal | None = None
    order_id: str | None = None
    repeated: bool = False

    def executed_by(self, order_id: str) -> "RecordedRequest":
        """Return the request with the order that was created for it, or that it changes."""
        return RecordedRequest(
            request=self.request,
            recorded_at=self.recorded_at,
            hash=self.hash,
            context=self.context,
            context_hash=self.context_hash,
            checks=self.checks,
            withdrawal=self.withdrawal,
            order_id=order_id,
            repeated=self.repeated,
        )

    @property
    def request_id(self) -> str:
        """The id of the request."""
        assert self.request.request_id is not None
        return self.request.request_id

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.request.account_id

    @property
    def risk_checks(self) -> tuple[RiskCheck, ...]:
        """The checks, in the order in which they were recorded."""
        return tuple(recorded.check for recorded in self.checks)

    @property
    def decision_price(self) -> Decimal | None:
        """The price at the time of the decision, in quote currency per unit; None if the context has none."""
        return self.context.decision_price if self.context is not None else None

    @property
    def status(self) -> RequestStatus:
        """The status of the request."""
        return request_status(self.order_id is not None, self.withdrawal is not None, self.risk_checks)


@attrs.frozen(kw_only=True)
class UnattributedReport(JsonForm):
    """A report whose order is not known yet."""

    DERIVED: ClassVar = ("account_id",)

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
    """An identifier that an order has or had, with the account, venue and scope in which it is unique."""

    account_id: str
    kind: IdentifierKind
    value: str
    venue: str
    venue_account: str = ""
    id_scope: str = ""

    @classmethod
    def of_request(cls, request: OrderRequest) -> "Identifier":
        """Create the identifier for the client order id of a request; its value is empty if the request has none."""
        return cls(
            request.account_id,
            IdentifierKind.CLIENT,
            request.client_order_id or "",
            request.venue or "",
            request.venue_account,
            request.id_scope,
        )

    def fits(self, report: VenueReport) -> bool:
        """Whether a report with this value can be about this order, by venue, venue account and scope.

        An order without a venue account may turn out to be of any.

        Rules: NAME-4.
        """
        return (
            report.venue in (None, self.venue)
            and (not self.venue_account or report.venue_account in ("", self.venue_account))
            and report.id_scope in ("", self.id_scope)
        )


@attrs.frozen(kw_only=True)
class StateAfter:
    """The state of an order after one of its events.

    Attributes:
        sequence: The sequence of the event.
        recorded_at: When the event was recorded.
        happened_at: The latest time at which an event up to this one happened; `recorded_at` if none came with a time.
        state: The state.
    """

    account_id: str
    order_id: str
    sequence: int
    recorded_at: datetime
    happened_at: datetime
    state: OrderState
