"""The story of an order."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property

import attrs

from sot.adapters.http.page.models.anomalies import AnomalyText, anomaly_texts
from sot.adapters.http.page.models.facts import Fact, present_facts
from sot.adapters.http.page.models.links import ActionLink
from sot.adapters.http.page.models.status import Status, status_alone
from sot.adapters.http.page.models.values import Amount, Moment, Money, amount, moment, moneys, places
from sot.adapters.http.page.models.words import CHANGE_WORDS, ORIGIN_WORDS, event_word
from sot.application.orders.explanation import Explanation
from sot.application.queries.timeline import TimelineEntry
from sot.application.views.values import short_number
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest


@attrs.frozen(kw_only=True)
class Check:
    """A risk check."""

    rule_code: str
    passed: bool
    message: str
    checked_at: Moment | None


@attrs.frozen(kw_only=True)
class Intent:
    """What was intended: the request with its context and checks.

    Attributes:
        indicators: What the decision was made of, by name.
        market: The market at that time, by name.
    """

    facts: Sequence[Fact]
    indicators: Mapping[str, str]
    market: Mapping[str, str]
    tags: Mapping[str, str]
    checks: Sequence[Check]
    hash: str


@attrs.frozen(kw_only=True)
class Entry:
    """An event in the timeline.

    Attributes:
        happened_at: The time that came with it, by the venue's or the application's clock; None if it has none.
        recorded_at: When it was recorded, by the clock of the store.
        says: What it states beside its type.
        changes: What it changed, in words.
        left_out: Values that could not be kept, by field, with the reason.
        is_sealed: Whether a checkpoint seals it.
        proof: The address of the proof of that, or of what is missing for one.
        actions: What the reader can do about it.
    """

    sequence: int
    event: str
    origin: str
    happened_at: Moment | None
    recorded_at: Moment | None
    status: Status
    says: str
    changes: Sequence[str]
    anomalies: Sequence[AnomalyText]
    left_out: Mapping[str, str]
    actor: str
    trace: str
    hash: str
    prev_hash: str
    is_sealed: bool
    proof: str
    actions: Sequence[ActionLink]


@attrs.frozen(kw_only=True)
class Execution:
    """An execution that holds."""

    number: int
    happened_at: Moment | None
    side: str
    quantity: Amount | None
    price: Amount | None
    fees: Sequence[Money]
    liquidity: str
    exec_id: str
    stated: Amount | None


@attrs.frozen(kw_only=True)
class PastMoment:
    """A moment at which something of the order was recorded: a stop of the slider over its past."""

    moment: Moment | None
    events: str
    address: str
    is_current: bool


@attrs.frozen(kw_only=True)
class OrderModel:
    """The story of an order.

    Attributes:
        terms: The order in one line.
        explanation: How much of it was executed, and why not more.
        facts: What it is and what is known of it.
        intent: What was intended; None for an order that was found at the venue.
        entries: Its events, oldest first.
        later: The address of later events; None at the end.
        more_executions: Whether there are executions that the page does not show.
        costs: What the executions cost; none without executions.
        results: The latest recorded profit and loss; none without a snapshot.
        moments: The slider over its past.
        last_hash: The hash of its last event.
        sealed: The sequence of the last event that a checkpoint seals; 0 for none.
        checkpoint: The number of the last checkpoint; None without one.
        actions: What the reader can do about the order.
        event_files: Its events as a file, in each format.
        execution_files: Its executions as a file, in each format.
    """

    order_id: str
    terms: str
    status: Status
    explanation: Explanation
    facts: Sequence[Fact]
    intent: Intent | None
    entries: Sequence[Entry]
    later: str | None
    executions: Sequence[Execution]
    more_executions: bool
    costs: Sequence[Fact]
    results: Sequence[Fact]
    moments: Sequence[PastMoment]
    last_hash: str
    sealed: int
    checkpoint: int | None
    actions: Sequence[ActionLink]
    event_files: Sequence[ActionLink]
    execution_files: Sequence[ActionLink]

    @cached_property
    def places(self) -> dict[str, int]:
        """The width of the fractions of each column of numbers."""
        return {name: places(getattr(one, name) for one in self.executions) for name in ("quantity", "price", "stated")}

    @property
    def states_money(self) -> bool:
        """Whether an execution states the money that moved."""
        return any(one.stated is not None for one in self.executions)


def _texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in facts.items() if value is not None}


def terms_of(order: Order) -> str:
    """Return the terms of an order in one line."""
    state = order.state
    parts = [str(order.side or ""), short_number(order.order_quantity) if order.order_quantity is not None else ""]
    if order.order_quantity is None and state.quote_quantity is not None:
        parts.append(f"for {short_number(state.quote_quantity)} of the quote currency")
    parts += [order.symbol, str(order.order_type or "")]
    parts += [f"limit {short_number(state.limit_price)}"] if state.limit_price is not None else []
    parts += [f"stop {short_number(state.stop_price)}"] if state.stop_price is not None else []
    parts += [str(state.time_in_force)] if state.time_in_force is not None else []
    return " ".join(part for part in parts if part)


def order_facts(order: Order) -> list[Fact]:
    """Return what an order is and what is known of it."""
    facts = [
        Fact(name="Ordered", amount=amount(order.order_quantity)),
        Fact(name="Executed", amount=amount(order.cum_quantity)),
        Fact(name="Left", amount=amount(order.leaves_quantity)),
        Fact(name="Average price", amount=amount(order.avg_price)),
        Fact(name="Limit", amount=amount(order.state.limit_price)),
        Fact(name="Stop", amount=amount(order.state.stop_price)),
        Fact(name="Unproven", amount=amount(order.state.provisional_quantity or None)),
        Fact(name="Account", text=f"{order.account_id} at {order.venue} {order.venue_account}".rstrip()),
        Fact(name="Strategy", text=order.strategy_code or ""),
        Fact(name="Created", moment=moment(order.created_at)),
        Fact(name="Client order id", text=order.client_order_id or ""),
        Fact(name="Venue order id", text=order.venue_order_id or ""),
        Fact(name="Order id", text=order.order_id),
        Fact(name="Request id", text=order.request_id or ""),
    ]
    return present_facts(facts)


def intent_of(recorded: RecordedRequest) -> Intent:
    """Return what was intended."""
    request, context = recorded.request, recorded.context
    facts = [
        Fact(name="Requested by", text=request.requested_by or ""),
        Fact(name="Requested at", moment=moment(request.requested_at)),
        Fact(name="Recorded at", moment=moment(recorded.recorded_at)),
        Fact(name="Source", text=" ".join(filter(None, [request.source, request.source_ref]))),
        Fact(name="Signal strength", amount=amount(context.signal_strength) if context else None),
        Fact(name="Quantity", amount=amount(request.quantity)),
        Fact(name="Quote quantity", amount=amount(request.quote_quantity)),
        Fact(name="Limit", amount=amount(request.limit_price)),
        Fact(name="Stop", amount=amount(request.stop_price)),
        Fact(name="Time in force", text=str(request.time_in_force or "")),
        Fact(name="Expires", moment=moment(request.expire_at)),
        Fact(name="Group", text=request.group_id or ""),
        Fact(name="Retry of", text=request.retry_of or ""),
        Fact(name="Part of", text=request.parent_id or ""),
        Fact(name="Key", text=request.idempotency_key or ""),
    ]
    return Intent(
        facts=present_facts(facts),
        indicators=_texts((context.indicators if context else None) or {}),
        market=_texts((context.market_snapshot if context else None) or {}),
        tags=_texts(request.tags or {}),
        checks=[
            Check(
                rule_code=check.rule_code,
                passed=check.passed,
                message=check.message or "",
                checked_at=moment(check.checked_at),
            )
            for check in recorded.risk_checks
        ],
        hash=recorded.hash,
    )


def entry_of(entry: TimelineEntry, is_sealed: bool, proof: str, actions: Sequence[ActionLink]) -> Entry:
    """Return an event in the timeline."""
    event = entry.event
    left_out = (event.report.left_out if event.report is not None else None) or {}
    return Entry(
        sequence=event.sequence,
        event=event_word(event.type),
        origin=ORIGIN_WORDS[event.origin],
        happened_at=moment(event.reported_at),
        recorded_at=moment(event.recorded_at),
        status=status_alone(entry.status),
        says=entry.description,
        changes=[_change(name, pair) for name, pair in entry.changed.items() if name != "status"],
        anomalies=anomaly_texts(event.anomalies),
        left_out=left_out,
        actor=event.actor or "",
        trace=event.trace or "",
        hash=event.hash,
        prev_hash=event.prev_hash,
        is_sealed=is_sealed,
        proof=proof,
        actions=actions,
    )


def _change(name: str, pair: tuple[object, object]) -> str:
    before, after = map(_value_text, pair)
    word = CHANGE_WORDS.get(name, name.replace("_", " "))
    if not before:
        return f"{word} {after}"
    return f"{word} {before} → {after}" if after else f"{word} {before} no more"


def _value_text(value: object) -> str:
    if isinstance(value, Decimal):
        return short_number(value)
    return "" if value is None else str(value)


def execution_of(fill: Fill) -> Execution:
    """Return an execution."""
    return Execution(
        number=fill.execution,
        happened_at=moment(fill.happened_at),
        side=str(fill.side),
        quantity=amount(fill.quantity),
        price=amount(fill.price),
        fees=[money for fee in fill.fees for money in moneys({fee.currency: fee.amount})],
        liquidity=str(fill.liquidity or "").lower(),
        exec_id=fill.exec_id or "",
        stated=amount(fill.amount),
    )


def costs_of(costs: OrderCosts) -> list[Fact]:
    """Return what the executions of an order cost. What has no rate is named, never left out."""
    currency = costs.currency or ""
    total, unvalued = costs.fee_total({})
    facts = [
        Fact(name="Notional", amount=amount(costs.notional), unit=currency),
        Fact(name="As maker", amount=amount(costs.maker_notional), unit=currency),
        Fact(name="As taker", amount=amount(costs.taker_notional), unit=currency),
        *(Fact(name="Fees", amount=money.amount, unit=money.currency) for money in moneys(costs.fees)),
        Fact(name="Fees in all", amount=amount(total), unit=currency),
        *(Fact(name="Fees without a rate", amount=money.amount, unit=money.currency) for money in moneys(unvalued)),
        Fact(name="Fees of the notional", amount=amount(costs.effective_rate({})), unit="bps"),
        Fact(name="Price at the decision", amount=amount(costs.decision_price)),
        Fact(name="Slippage", amount=amount(costs.slippage)),
        Fact(name="Slippage of the price", amount=amount(costs.slippage_rate), unit="bps"),
        Fact(name="Cost of the slippage", amount=amount(costs.slippage_cost), unit=currency),
    ]
    return present_facts(facts)


def results_of(pnl: OrderPnl) -> list[Fact]:
    """Return a recorded snapshot of profit and loss."""
    facts = [
        Fact(name="Mark", amount=amount(pnl.mark)),
        Fact(name="Gross", amount=amount(pnl.gross), unit=pnl.currency),
        Fact(name="Fees paid apart", amount=amount(pnl.realized), unit=pnl.currency),
        Fact(name="Net", amount=amount(pnl.net), unit=pnl.currency),
        *(Fact(name="Not valued", amount=money.amount, unit=money.currency) for money in moneys(pnl.unvalued)),
        Fact(name="Computed", moment=moment(pnl.calculated_at)),
    ]
    return present_facts(facts)


def moments_of(events: Sequence[OrderEvent]) -> dict[str, tuple[Moment, list[OrderEvent]]]:
    """Return the moments at which events were recorded, by their exact text, with their events."""
    moments: dict[str, tuple[Moment, list[OrderEvent]]] = {}
    for event in events:
        at = moment(event.recorded_at)
        if at is not None:
            moments.setdefault(at.exact, (at, []))[1].append(event)
    return moments
