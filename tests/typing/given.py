"""Words, text and whole numbers type-check where values are given, and readers get the exact types; never run."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import assert_type

from sot import (
    AccountEvent,
    Action,
    DecisionContext,
    EventType,
    Executor,
    Fee,
    Instrument,
    InstrumentKind,
    OrderHistory,
    OrderRequest,
    OrderStatus,
    OrderType,
    RiskCheck,
    Side,
    VenueReport,
)
from sot.accounting import Mark, Position, PositionSide, TransferLot, unrealized
from sot.queries import (
    AccountEventFilter,
    LocalFact,
    OrderFilter,
    ReconciliationFilter,
    ReconciliationType,
    RequestFilter,
)
from sot.venue import HeldBalance, HeldPosition, Mismatch, ReconciliationLimits

NOON = "2026-01-05T12:00:00Z"


def requests() -> None:
    request = OrderRequest(
        account_id="a",
        client_order_id="c",
        venue="v",
        venue_account=None,
        id_scope=None,
        symbol="s",
        side="BUY",
        order_type="LIMIT",
        quantity="0.5",
        limit_price=60_000,
        time_in_force="GTD",
        expire_at=NOON,
        position_side="LONG",
        position_effect="OPEN",
    )
    assert_type(request.action, Action)
    assert_type(request.side, Side | None)
    assert_type(request.order_type, OrderType | None)
    assert_type(request.quantity, Decimal | None)
    assert_type(request.expire_at, datetime | None)
    assert_type(request.id_scope, str)
    OrderRequest(account_id="a", action="CANCEL", request_id="r", target_order_id="o")
    OrderRequest(account_id="a", action=Action.REPLACE, request_id="r", target_order_id="o", quantity=Decimal(1))
    OrderRequest(account_id="a", side="HOLD")  # type: ignore[arg-type]
    OrderRequest(account_id="a", quantity=0.5)  # type: ignore[arg-type]
    OrderRequest(account_id="a", expire_at=1_700_000_000)  # type: ignore[arg-type]
    assert_type(DecisionContext(signal_strength="0.7").signal_strength, Decimal | None)
    RiskCheck(rule_code="x", passed=True, checked_at=NOON)


def reports(history: OrderHistory) -> None:
    report = VenueReport(
        account_id="a",
        type="TRADE",
        client_order_id="c",
        exec_id="e",
        leg=None,
        side="SELL",
        reported_status="FILLED",
        reporting_type="SINGLE",
        last_quantity="1",
        last_price=2,
        liquidity="TAKER",
        fees=[Fee("0.1", "USDT")],
        occurred_at=NOON,
        venue_time_ns="1700000000000000000",
    )
    assert_type(report.type, EventType)
    assert_type(report.reported_status, OrderStatus | None)
    assert_type(report.leg, str)
    assert_type(report.fees[0].amount, Decimal)
    assert_type(report.venue_time_ns, int | None)
    VenueReport(account_id="a", type="CREATED")  # type: ignore[arg-type]
    history.record(report, "RECONCILIATION")
    history.mark("o", "60000", {"BNB": "600"}, NOON)
    history.void("o", reason="wrong", exec_id="e", leg=None, occurred_at=NOON)
    history.resolve("o", reason="found", status="FAILED")
    history.mark_sent("r", NOON)
    history.prepare("r", "AMENDS")
    assert_type(LocalFact(mark="1", rates={"BNB": 600}).mark, Decimal | None)


def other_facts() -> None:
    instrument = Instrument(
        account_id="a",
        venue="v",
        symbol="s",
        kind="OPTION",
        base="BTC",
        quote="USD",
        multiplier="0.1",
        underlying="BTC/USD",
        strike=60_000,
        right="CALL",
        expires_at=NOON,
        corrects=[NOON],
    )
    assert_type(instrument.kind, InstrumentKind)
    assert_type(instrument.multiplier, Decimal)
    assert_type(instrument.corrects, Sequence[datetime])
    event = AccountEvent(
        account_id="a",
        type="TRANSFER",
        venue="v",
        occurred_at=NOON,
        symbol="s",
        quantity="1",
        cost="100",
        position_side="SHORT",
        position_id=None,
        lots=[TransferLot(quantity="1", acquired_at=NOON, cost=100)],
    )
    assert_type(event.position_side, PositionSide)
    assert_type(event.occurred_at, datetime)
    HeldPosition(symbol="s", quantity="1", position_side="LONG", position_id=None)
    HeldBalance(asset="BTC", amount="1")
    ReconciliationLimits(since=NOON)


def queries(history: OrderHistory, executor: Executor) -> None:
    OrderFilter(statuses=["NEW", OrderStatus.FILLED], created_from=NOON)
    RequestFilter(recorded_before=NOON)
    AccountEventFilter(type="FUNDING", occurred_from=NOON)
    assert_type(ReconciliationFilter(mismatch="IN_DOUBT").mismatch, Mismatch | None)
    assert_type(ReconciliationFilter(types=["RUN"]).types, Sequence[ReconciliationType])
    position = history.position(
        "a", "v", "s", position_side="LONG", position_id=None, venue_account=None, method="FIFO", rates={"BNB": "600"}
    )
    assert_type(position, Position)
    assert_type(position.unrealized("60000"), Decimal)
    assert_type(Mark("60000").price, Decimal)
    unrealized([position], {"s": "60000", ("v", "t"): Mark(1)})
    unrealized([position], {"s": Mark(1)})
    history.realized("a", by=["DAY", "ORDER"], since=NOON, method="HIFO", rates={("BNB", "USDT"): 600})
    history.realized("a", by="SYMBOL", time_zone="America/New_York")
    history.pnl("o", "60000", {"BNB": "600"})
    history.as_of(NOON, NOON).costs("o")
    executor.execute("r", mark="60000", rates={"BNB": 600})
