"""The order history: every operation, inside a transaction that the caller owns."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import attrs

from sot.application import (
    account_events,
    accounting,
    archive,
    commands,
    execution,
    intents,
    positions,
    reading,
    reconciliations,
    recording,
    writing,
)
from sot.application.accounting import Scope
from sot.application.archive import ArchivedFact
from sot.application.execution import Answer, Prepared
from sot.application.past import Past, past_of
from sot.application.reading import Difference, TimelineEntry, difference
from sot.application.writing import Recorded
from sot.domain import fields
from sot.domain.account_event import AccountEvent
from sot.domain.checkpoint import Checkpoint
from sot.domain.cost_analysis import CostAnalysis
from sot.domain.costs import OrderCosts
from sot.domain.errors import NotFound
from sot.domain.event import OrderEvent
from sot.domain.fill import Fill
from sot.domain.folding import PositionKey
from sot.domain.instrument import Instrument
from sot.domain.intent import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl
from sot.domain.position import Position
from sot.domain.rates import Pairs, Rates, checked_rates
from sot.domain.report import VenueReport
from sot.domain.results import Contribution, Realized
from sot.domain.round_trips import RoundTrip
from sot.domain.times import moment
from sot.domain.vocabulary import GroupBy, Method, OrderStatus, Origin, Outcome, PositionSide, ReconciliationType
from sot.ports.records import (
    AccountEventFilter,
    OrderFilter,
    Page,
    PageKey,
    ReconciliationFilter,
    RecordedAccountEvent,
    RecordedReconciliation,
    RecordedRequest,
    RequestFilter,
    Stretch,
    UnattributedReport,
    checked_limit,
)
from sot.ports.store import UnitOfWork
from sot.ports.venue import Replacement


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

    def prepare(self, request_id: str, replacement: Replacement | None = None, actor: str | None = None) -> Prepared:
        """The request is handed to the venue, unless that was recorded before: `send` tells whether to call it.

        To be committed before the venue is called, by whoever calls it; then `conclude` with what it answered. This is
        what the executor does, for an application that calls (or awaits) its venue itself. `replacement` says what a
        REPLACE is at the venue: an amended order, or a new one, which is then the `order` that is returned.

        Raises: NotFound. NotExecutable: denied or withdrawn. IllegalTransition: the target cannot change any more.
            InvalidInput: no client order id, where the replacement is a new order.
        """
        return execution.prepare(self._uow, request_id, replacement, actor)

    def conclude(self, prepared: Prepared, answer: Answer, origin: Origin = Origin.VENUE) -> Order:
        """Record what calling the venue gave: its reports, or what it raised; gives the order as it is then.

        VenueRefused is the venue's no, VenueNotReached a failure before anything was sent; any other exception leaves
        the outcome unknown. Concluding the same again adds nothing.
        """
        return execution.conclude(self._uow, prepared, answer, origin)

    def record(self, report: VenueReport, origin: Origin = Origin.VENUE) -> Recorded:
        """Keep what a venue said. Never refused: what is odd about it is returned in `anomalies`.

        A report for no known order waits and joins its order by itself when that becomes known.
        Takes the same time however many reports came before; only corrections read earlier events.
        """
        return recording.record(self._uow, report, origin)

    def adopt(self, report: VenueReport, origin: Origin = Origin.IMPORT, actor: str | None = None) -> Recorded:
        """Take an order that no request made into the history, as the report tells it, and record the report.

        If the order is known already, the report is just recorded. If several orders go by its names, or a request that
        was not sent yet does, it waits: that is no other order. The id of an external order follows from its name at
        the venue, so that it is one order, whoever finds it, and however often.

        Raises: InvalidInput: the report has no venue or symbol, or names the order by no id.
        """
        recording.take_in(self._uow, report, origin, actor)
        return recording.record(self._uow, report, origin)

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

    # ------------------------------------------------------------------------------------------- without an order

    def record_account_event(self, event: AccountEvent) -> Recorded:
        """Keep what moved a position or its result without an order.

        The same again adds nothing. What the venue says differently under the same id is kept, flagged
        DUPLICATE_CONFLICT, and has no effect; so is what is about a symbol that is not registered yet, and takes effect
        when it is.

        Raises: InvalidInput: `replaces` names no event of this type and account. Conflict: that event was replaced
            before, or the event_id is taken.
        """
        return account_events.record_account_event(self._uow, event)

    def account_events(
        self, filter: AccountEventFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedAccountEvent]:
        """A page of account events, in the order in which they were recorded.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        return self._uow.account_events.list(filter or AccountEventFilter(), after, checked_limit(limit))

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

    def timeline_page(self, order_id: str, after: int = 0, limit: int = 50) -> Stretch[TimelineEntry, int]:
        """A page of it, after a sequence; the last events of a long story cost what the first ones do.

        Raises: NotFound. InvalidInput: `limit` is not from 1 to 500.
        """
        return reading.timeline_page(self._uow, intents.get_order(self._uow, order_id), after, checked_limit(limit))

    def fills(self, order_id: str) -> Sequence[Fill]:
        """The executions that hold now. Raises: NotFound."""
        return reading.fills(self._uow, intents.get_order(self._uow, order_id))

    def fills_page(self, order_id: str, after: int = 0, limit: int = 50) -> Stretch[Fill, int]:
        """A page of them, after an execution. It may be short, or empty, while there are more: busted ones count.

        Raises: NotFound. InvalidInput: `limit` is not from 1 to 500.
        """
        return reading.fills_page(self._uow, intents.get_order(self._uow, order_id), after, checked_limit(limit))

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
            return self._uow.pnl.last(order.account_id, order_id, order.last_sequence)
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
        page = self._uow.orders.list(filter or OrderFilter(), after, checked_limit(limit))
        return Page([order.copy() for order in page.items], page.next)

    def requests(
        self, filter: RequestFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedRequest]:
        """A page of requests, oldest first.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        return self._uow.requests.list(filter or RequestFilter(), after, checked_limit(limit))

    # ------------------------------------------------------------------------------------------------- time travel

    def as_of(self, known_at: datetime | int | None = None, happened_by: datetime | None = None) -> Past:
        """Any past moment, to be asked like the present: for orders, fills, costs, profit and loss, positions.

        `known_at` is what was known: up to a cursor of the feed, exactly, or by a moment (facts count, too, that a
        transaction recorded before it and committed after it: `exact` is false). `happened_by` is what had happened, by
        the times that venues and the application told. They are independent; without either it is now. Within an order
        no event shows before those of lower sequence.

        Raises: InvalidInput: a cursor that this store has not given, or a moment that has not come.
        """
        return past_of(self._uow, known_at, happened_by)

    def diff(self, order_id: str, before: Past, after: Past) -> Difference:
        """How an order differs between two moments, and by which events.

        Raises: NotFound: there was no such order at one of the moments.
        """
        return difference(self._uow, order_id, before, after)

    # --------------------------------------------------------------------------------------------------- archives

    def restore(self, fact: ArchivedFact) -> Outcome:
        """Keep a fact of an archive (see `archive.read_fact`) exactly as it was recorded; REPEATED if it is there.

        Raises: Conflict: another fact has this name. NotFound: a line before it was left out. InvalidInput: an event
            that does not follow the last one of its order.
        """
        return archive.restore(self._uow, fact)

    def restore_checkpoint(self, checkpoint: Checkpoint) -> Outcome:
        """Keep a checkpoint of an archive after the facts that it seals; REPEATED if it is there.

        Raises: InvalidInput: it is damaged, or does not seal what is here. Conflict: another one has its number.
        """
        return archive.restore_checkpoint(self._uow, checkpoint)

    # ------------------------------------------------------------------------------------------------- accounting

    def position(
        self,
        account_id: str,
        venue: str,
        symbol: str,
        *,
        position_side: PositionSide = PositionSide.NET,
        position_id: str = "",
        method: Method = Method.AVERAGE,
        rates: Rates | Pairs | None = None,
    ) -> Position:
        """One position as `method` sees it; a flat one, if nothing ever moved it.

        `rates` value fees and results in other currencies: a mapping of (currency, into), or currency alone, to units
        of the settlement currency, or a function of (currency, into, at).

        Raises: InvalidInput: an unknown method or side, or a rate that is not positive. NotFound: the instrument is not
            registered.
        """
        key = PositionKey(account_id, venue, symbol, _SIDE.check("position_side", position_side), position_id)
        return accounting.position(self._uow, key, _method(method), checked_rates(rates))

    def positions(
        self,
        account_id: str,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        method: Method = Method.AVERAGE,
        rates: Rates | Pairs | None = None,
        include_flat: bool = False,
    ) -> Sequence[Position]:
        """The positions of an account; flat ones, which still tell what they earned, with `include_flat`.

        Raises: InvalidInput: an unknown method, or a rate that is not positive.
        """
        scope = Scope(account_id=account_id, venue=venue, symbol=symbol)
        return accounting.positions(self._uow, scope, _method(method), checked_rates(rates), include_flat)

    def positions_page(
        self,
        account_id: str,
        after: PositionKey | None = None,
        limit: int = 50,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        method: Method = Method.AVERAGE,
        rates: Rates | Pairs | None = None,
        include_flat: bool = False,
    ) -> Stretch[Position, PositionKey]:
        """A page of them, by key, after a position. No other position is looked at.

        Raises: InvalidInput: the same, or `limit` is not from 1 to 500.
        """
        scope, checked = Scope(account_id=account_id, venue=venue, symbol=symbol), checked_rates(rates)
        wanted = (_method(method), checked, include_flat, after, checked_limit(limit))
        return accounting.positions_page(self._uow, scope, *wanted)

    def round_trips(
        self,
        account_id: str,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        rates: Rates | Pairs | None = None,
    ) -> Sequence[RoundTrip]:
        """What positions did from flat to flat, by when that ended; those that are open come last.

        Raises: InvalidInput: a time that is not aware, or a rate that is not positive.
        """
        return accounting.trips(self._uow, _scope(account_id, venue, symbol, None, since, before), checked_rates(rates))

    def realized(
        self,
        account_id: str,
        *,
        by: GroupBy | Sequence[GroupBy] = GroupBy.SYMBOL,
        venue: str | None = None,
        symbol: str | None = None,
        strategy_code: str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        method: Method = Method.AVERAGE,
        rates: Rates | Pairs | None = None,
    ) -> Sequence[Realized]:
        """Realized results of what happened from `since` to `before`, summed by day, symbol, strategy or order.

        Several words sum by each combination; results in different currencies are never added. A result belongs to
        the order that closed, and so to its strategy. All rows together are the results of the positions.

        Raises: InvalidInput: an unknown word or method, a time that is not aware, or a rate that is not positive.
        """
        scope = _scope(account_id, venue, symbol, strategy_code, since, before)
        groups = accounting.grouping(by)
        return accounting.realized(self._uow, scope, groups, _method(method), checked_rates(rates))

    def contributions(
        self,
        account_id: str,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        method: Method = Method.AVERAGE,
        rates: Rates | Pairs | None = None,
    ) -> Sequence[Contribution]:
        """What every fill and account event of a position contributed to its results, in the order of time.

        Raises: InvalidInput: an unknown method, a time that is not aware, or a rate that is not positive.
        """
        scope = _scope(account_id, venue, symbol, None, since, before)
        parts = accounting.contributed(self._uow, scope, _method(method), checked_rates(rates))
        return sorted(parts, key=lambda part: part.entry.fold_key)

    def cost_analysis(
        self,
        account_id: str,
        *,
        by: GroupBy | Sequence[GroupBy] = GroupBy.SYMBOL,
        venue: str | None = None,
        symbol: str | None = None,
        strategy_code: str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        rates: Rates | Pairs | None = None,
    ) -> Sequence[CostAnalysis]:
        """What executing the orders made from `since` to `before` cost, summed by day, symbol, strategy or order.

        Raises: InvalidInput: an unknown word, a time that is not aware, or a rate that is not positive.
        """
        scope = _scope(account_id, venue, symbol, strategy_code, since, before)
        return accounting.cost_analysis(self._uow, scope, accounting.grouping(by), checked_rates(rates))

    def rebuild_positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> int:
        """Drop what is kept of positions and make it anew from the facts; gives how many there are.

        The result is identical to what was there, if nothing but `sot` wrote it.
        """
        return positions.rebuild(self._uow, account_id, venue, symbol)

    def findings(
        self, filter: ReconciliationFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedReconciliation]:
        """A page of what comparisons with venues found, oldest first; without a filter, what is still open.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        wanted = attrs.evolve(filter or ReconciliationFilter(is_open=True), types=(ReconciliationType.FINDING,))
        return self._uow.reconciliations.list(wanted, after, checked_limit(limit))

    def accept_finding(self, finding_id: str, *, reason: str, actor: str | None = None) -> Outcome:
        """A person closes a finding; the same difference with the same figures is not found again.

        Raises: NotFound. InvalidInput: no reason. Conflict: it is closed already.
        """
        return reconciliations.accept(self._uow, finding_id, reason, actor)

    def waiting(self, account_id: str) -> Sequence[UnattributedReport]:
        """The reports of an account whose order is not known, oldest first."""
        return self._uow.reports.waiting(account_id)

    def waiting_page(
        self, account_id: str, after: str | None = None, limit: int = 50
    ) -> Stretch[UnattributedReport, str]:
        """A page of them, after a `report_id`.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        found = self._uow.reports.waiting(account_id, after, checked_limit(limit) + 1)
        shown = found[:limit]
        return Stretch(shown, shown[-1].report_id if len(found) > limit else None)


def _method(method: Method | str) -> Method:
    found: Method = _METHOD.check("method", method)
    return found


_METHOD = fields.word(Method)
_SIDE = fields.word(PositionSide)


def _scope(
    account_id: str,
    venue: str | None,
    symbol: str | None,
    strategy_code: str | None,
    since: datetime | None,
    before: datetime | None,
) -> Scope:
    return Scope(
        account_id=account_id,
        venue=venue,
        symbol=symbol,
        strategy_code=strategy_code,
        since=None if since is None else moment("since", since),
        before=None if before is None else moment("before", before),
    )
