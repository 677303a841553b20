"""Executions, account events and trades of two strategies, for tests of accounting."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sot import AccountEvent, EventType, Fee, VenueReport
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)


def at(second):
    """A time so many seconds after `T0`."""
    return T0 + timedelta(seconds=second)


def execution_report(exec_id, side, quantity, price, second, fees=(), order=None, **fields):
    """An execution of an external order, which has one execution unless `order` names it."""
    return VenueReport(
        account_id=ACCOUNT,
        type=fields.pop("type", EventType.TRADE),
        venue=VENUE,
        symbol=SYMBOL,
        venue_order_id=order or f"V{exec_id}",
        exec_id=exec_id,
        side=side,
        last_quantity=quantity,
        last_price=price,
        fees=[Fee(*fee) for fee in fees],
        occurred_at=at(second),
        **fields,
    )


def account_event(type, second, **fields):
    """An account event about the symbol, unless the fields have another one."""
    return AccountEvent(
        account_id=ACCOUNT, type=type, venue=VENUE, occurred_at=at(second), **{"symbol": SYMBOL, **fields}
    )


def record_two_strategies(store):
    """Trade one position with two strategies: trend buys, and sells some on the next day; carry sells the rest."""
    submit_and_send(store, "C1", quantity=4, strategy_code="trend")
    submit_and_send(store, "C2", quantity=2, side="SELL", strategy_code="trend")
    submit_and_send(store, "C3", quantity=4, side="SELL", strategy_code="carry")
    fee = [Fee(Decimal(1), "QUOTE")]
    token = [Fee(Decimal("0.5"), "TOKEN")]
    day = timedelta(days=1)
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "4", "100", fees=fee, occurred_at=T0)))
    write_history(store, lambda h: h.record(trade_report("C2", "E2", "1", "110", fees=token, occurred_at=T0 + day)))
    write_history(store, lambda h: h.record(trade_report("C3", "E3", "3", "90", fees=fee, occurred_at=T0 + 2 * day)))
