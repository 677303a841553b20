"""The order history: every operation, inside a transaction that the caller owns."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sot.application import commands, intents, reading, recording, writing
from sot.application.reading import TimelineEntry
from sot.application.writing import Recorded
from sot.domain.costs import OrderCosts
from sot.domain.errors import InvalidInput, NotFound
from sot.domain.event import OrderEvent
from sot.domain.fill import Fill
from sot.domain.instrument import Instrument
from sot.domain.intent import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl
from sot.domain.report import VenueReport
from sot.domain.vocabulary import OrderStatus, Origin, Outcome
from sot.ports.records import (
    LARGEST_PAGE,
    OrderFilter,
    Page,
    PageKey,
    RecordedRequest,
    RequestFilter,
    UnattributedReport,
)
from sot.ports.store import UnitOfWork


class OrderHistory:
    """The order history inside one unit of work.

    Nothing is kept until the owner of the unit of work commits it. What is returned are values: later changes do not
    show in them. Times are aware UTC, amounts Decimals; where text or whole numbers are given instead, they are read
    strictly. Writing the same fact again adds nothing and says REPEATED.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    # ------------------------------------------------------------------------------------------ before an order

    def register(self, instrument: Instrument) -> Outcome:
        """Keep an instrument, or a new version of it that holds from its `valid_from`.

        Raises: Conflict: another version begins at the same moment.
        """
        return intents.register(self._uow, instrument)

    def submit(
        self,
        request: OrderRequest,
        context: DecisionContext | None = None,
        risk_checks: Iterable[RiskCheck] = (),
    ) -> RecordedRequest:
        """Keep an intent. Sent again with the same key it is the same request, returned with `repeated` set.

        Intents are the same if all but their ids, times and raw payloads are.

        Raises: InvalidInput: an unknown symbol, target or link. Conflict: the key or the client order id belongs to a
            different intent.
        """
        return intents.submit(self._uow, request, context, list(risk_checks))

    def add_risk_check(self, request_id: str, check: RiskCheck) -> Outcome:
        """Keep the result of a check. They may come until execution, and the latest for a rule counts.

        Raises: NotFound. IllegalTransition: the request was executed or withdrawn.
        """
        return intents.add_risk_check(self._uow, request_id, check)

    def withdraw(
        self,
        request_id: str,
        reason: str | None = None,
        actor: str | None = None,
        occurred_at: datetime | None = None,
    ) -> Outcome:
        """Take back a request that was not sent.

        Raises: NotFound. IllegalTransition: it was executed or withdrawn already.
        """
        withdrawal = Withdrawal(reason=reason, actor=actor, occurred_at=occurred_at)
        return intents.withdraw(self._uow, request_id, withdrawal)

    # ----------------------------------------------------------------------------- what became of what was sent

    def sent(self, request_id: str, occurred_at: datetime | None = None, actor: str | None = None) -> Recorded:
        """The request is handed to the venue: an order is made (NEW), or its target is asked to change.

        To be committed before the venue is called, so that a crash leaves a trace.

        Raises: NotFound. NotExecutable: denied or withdrawn. IllegalTransition: it was sent before, or the target
            cannot change any more.
        """
        return commands.sent(self._uow, request_id, occurred_at, actor)

    def failed(
        self,
        request_id: str,
        reason: str,
        occurred_at: datetime | None = None,
        actor: str | None = None,
    ) -> Recorded:
        """The request never reached the venue, known for sure. It is never sent again; a new attempt is a new request.

        Raises: NotFound. NotExecutable. IllegalTransition: the venue has spoken of it.
        """
        return commands.outcome_of(self._uow, request_id, True, occurred_at, reason, actor)

    def unknown(
        self,
        request_id: str,
        reason: str,
        occurred_at: datetime | None = None,
        actor: str | None = None,
    ) -> Recorded:
        """It is not known whether the request reached the venue: it is in doubt until the venue is asked.

        Raises: NotFound. NotExecutable. IllegalTransition: it is known to have failed.
        """
        return commands.outcome_of(self._uow, request_id, False, occurred_at, reason, actor)

    def record(self, report: VenueReport, origin: Origin = Origin.VENUE) -> Recorded:
        """Keep what a venue said. Never refused: what is odd about it is returned in `anomalies`.

        A report for no known order waits and joins its order by itself when that becomes known.
        Takes the same time however many reports came before; only corrections read earlier events.
        """
        return recording.record(self._uow, report, origin)

    def adopt(self, report: VenueReport, origin: Origin = Origin.IMPORT, actor: str | None = None) -> Recorded:
        """Take an order that no request made into the history, as the report tells it, and record the report.

        If the order is known already, the report is just recorded.

        Raises: InvalidInput: the report has no venue or symbol, or names the order by no id.
        """
        uow = self._uow
        if recording.find_order(uow, report) is None:
            for field in ("venue", "symbol"):
                if getattr(report, field) is None:
                    raise InvalidInput(field, None, "a value: an external order needs it")
            if not list(recording.names(report)):
                raise InvalidInput("venue_order_id", None, "an id of the order")
            order = writing.create_external_order(uow, report, origin, actor)
            recording.learn(uow, order, report, all_names=True)
        return recording.record(uow, report, origin)

    # -------------------------------------------------------------------------------------- marks and corrections

    def mark(
        self,
        order_id: str,
        mark: Decimal,
        rates: Mapping[str, Decimal] | None = None,
        occurred_at: datetime | None = None,
        actor: str | None = None,
    ) -> Recorded:
        """Record a snapshot of the order's profit and loss at `mark` (quote currency per unit).

        `rates` are settlement currency per unit of each other fee currency. Without `occurred_at` the same mark and
        rates again are a repeat and add nothing.

        Raises: NotFound. InvalidInput: a mark or rate that is not allowed, or an unknown instrument.
        """
        return commands.mark(self._uow, order_id, mark, rates or {}, occurred_at, actor)

    def void(
        self,
        order_id: str,
        *,
        reason: str,
        sequence: int | None = None,
        exec_id: str | None = None,
        leg: str = "",
        actor: str | None = None,
        occurred_at: datetime | None = None,
    ) -> Recorded:
        """An earlier event was wrong: it stays, and from now on counts as if it had not been.

        Raises: NotFound. InvalidInput: there is no such event. IllegalTransition: it is void already.
        """
        return commands.void(self._uow, order_id, sequence, exec_id, leg, reason, actor, occurred_at)

    def resolve(
        self,
        order_id: str,
        *,
        reason: str,
        status: OrderStatus | None = None,
        actor: str | None = None,
        occurred_at: datetime | None = None,
    ) -> Recorded:
        """A person closes what is in doubt; `status` is what they found (FAILED: it never arrived).

        Raises: NotFound. IllegalTransition: nothing is in doubt.
        """
        return commands.resolve(self._uow, order_id, status, reason, actor, occurred_at)

    def attribute(
        self,
        external_order_id: str,
        order_id: str,
        *,
        reason: str,
        actor: str | None = None,
        occurred_at: datetime | None = None,
    ) -> Recorded:
        """An external order turned out to be this order: its reports are recorded here, and count here alone.

        Reports that name the external order join this one from now on.

        Raises: NotFound. InvalidInput: not an external order, or one of another account or venue.
        """
        return commands.attribute(self._uow, external_order_id, order_id, reason, actor, occurred_at)

    # ---------------------------------------------------------------------------------------------------- reading

    def request(self, request_id: str) -> RecordedRequest:
        """The request with its context, checks and status. Raises: NotFound."""
        return intents.get_request(self._uow, request_id)

    def find_request(self, account_id: str, idempotency_key: str) -> RecordedRequest | None:
        """The request of this key, if there is one."""
        found = self._uow.requests.by_key(account_id, idempotency_key, None)
        return found[0] if found else None

    def order(self, order_id: str) -> Order:
        """The order as it is now. Raises: NotFound."""
        return intents.get_order(self._uow, order_id).copy()

    def order_of(self, request_id: str) -> Order | None:
        """The order that a request made or, for an amendment, worked on; None before it was sent. Raises: NotFound."""
        request = intents.get_request(self._uow, request_id)
        return None if request.order_id is None else self.order(request.order_id)

    def find_order(
        self,
        account_id: str,
        client_order_id: str | None = None,
        venue: str | None = None,
        venue_order_id: str | None = None,
    ) -> Order:
        """The order known by an identifier, present or past.

        Raises: NotFound: none is, or several are.
        """
        named = VenueReport(
            account_id=account_id,
            type="ORDER_STATUS",  # type: ignore[arg-type]
            client_order_id=client_order_id,
            venue=venue,
            venue_order_id=venue_order_id,
        )
        order = recording.find_order(self._uow, named)
        if order is None:
            raise NotFound("order", client_order_id or venue_order_id or "", "or more than one is: narrow it by venue")
        return order.copy()

    def events(self, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        """The order's events after a sequence. Raises: NotFound."""
        order = intents.get_order(self._uow, order_id)
        return self._uow.events.list(order.account_id, order_id, after, limit)

    def timeline(self, order_id: str) -> Sequence[TimelineEntry]:
        """The order's story: each event with what it changed. Raises: NotFound."""
        return reading.timeline(self._uow, intents.get_order(self._uow, order_id))

    def fills(self, order_id: str) -> Sequence[Fill]:
        """The executions that hold now. Raises: NotFound."""
        return reading.fills(self._uow, intents.get_order(self._uow, order_id))

    def costs(self, order_id: str) -> OrderCosts:
        """What the executions cost. Raises: NotFound."""
        order = intents.get_order(self._uow, order_id)
        return self._uow.costs.get(order.account_id, order_id) or writing.no_costs(self._uow, order)

    def pnl(
        self, order_id: str, mark: Decimal | None = None, rates: Mapping[str, Decimal] | None = None
    ) -> OrderPnl | None:
        """The order's profit and loss at a mark, only computed; without a mark the latest recorded snapshot, if any.

        Raises: NotFound. InvalidInput: a mark or rate that is not allowed, or an unknown instrument.
        """
        order = intents.get_order(self._uow, order_id)
        if mark is None:
            snapshots = self._uow.pnl.list(order.account_id, order_id)
            return snapshots[-1] if snapshots else None
        now = self._uow.clock.now()
        return commands.compute_pnl(self._uow, order, mark, rates or {}, order.last_sequence, now)

    def pnl_snapshots(self, order_id: str) -> Sequence[OrderPnl]:
        """All recorded snapshots. Raises: NotFound."""
        order = intents.get_order(self._uow, order_id)
        return self._uow.pnl.list(order.account_id, order_id)

    def orders(self, filter: OrderFilter | None = None, after: PageKey | None = None, limit: int = 50) -> Page[Order]:
        """A page of orders, oldest first, after the place where an earlier page ended.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        page = self._uow.orders.list(filter or OrderFilter(), after, _limit(limit))
        return Page([order.copy() for order in page.items], page.next)

    def requests(
        self, filter: RequestFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedRequest]:
        """A page of requests, oldest first.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        return self._uow.requests.list(filter or RequestFilter(), after, _limit(limit))

    def waiting(self, account_id: str) -> Sequence[UnattributedReport]:
        """The reports of an account whose order is not known."""
        return self._uow.reports.waiting(account_id)


def _limit(limit: int) -> int:
    if not 1 <= limit <= LARGEST_PAGE:
        raise InvalidInput("limit", limit, f"a number from 1 to {LARGEST_PAGE}")
    return limit
