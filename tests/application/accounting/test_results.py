"""Realized results, round trips and costs, by day, symbol, strategy and order."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import attrs
import pytest

from sot import Fee, InvalidInput
from sot.accounting import GroupBy, Method
from sot.application.accounting.result_filter import ResultFilter
from sot.domain.values.times import EARLIEST
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, write_history
from tests.support.accounting_samples import T0, account_event, execution_report, record_two_strategies


def test_realized_results_by_day_symbol_strategy_and_order(store):
    record_two_strategies(store)
    ask = lambda **filters: read_history(store, lambda h: h.realized(ACCOUNT, **filters))  # noqa: E731
    (whole,) = ask()
    assert (whole.symbol, whole.currency) == (SYMBOL, "QUOTE")
    assert (whole.realized_gross, whole.realized_net, whole.realized_paid) == (-20, -22, -22)
    assert whole.unvalued == {"TOKEN": Decimal("0.5")}
    assert not whole.complete
    by_day = ask(by=GroupBy.DAY)
    assert [(row.day.day, row.realized_gross, row.realized_net) for row in by_day] == [
        (5, 0, 0),
        (6, 10, Decimal("9.75")),
        (7, -30, Decimal("-31.75")),
    ]
    by_strategy = ask(by="STRATEGY", rates={("TOKEN", "QUOTE"): 2})
    assert [(row.strategy_code, row.realized_net) for row in by_strategy] == [
        ("carry", Decimal("-31.75")),
        ("trend", Decimal("8.75")),
    ]
    assert by_strategy[1].complete
    assert by_strategy[1].conversions[0].rate == 2
    assert sum(row.realized_paid for row in ask(by=GroupBy.ORDER)) == -22
    assert [row.realized_gross for row in ask(strategy_code="carry", method="LIFO")] == [-30]
    assert ask(since=T0 + timedelta(days=3)) == []
    assert [row.realized_gross for row in ask(before=T0 + timedelta(days=2))] == [10]
    with pytest.raises(InvalidInput, match="by"):
        ask(by="WEATHER")
    with pytest.raises(InvalidInput, match="method"):
        ask(method="RANDOM")
    with pytest.raises(InvalidInput, match="since"):
        ask(since=datetime(2026, 1, 1))


def test_round_trips_tell_entry_exit_fees_net_and_duration(store):
    record_two_strategies(store)
    write_history(store, lambda h: h.adopt(execution_report("E9", "BUY", 1, 50, 400_000)))
    trip, still_open = read_history(store, lambda h: h.round_trips(ACCOUNT, rates={"TOKEN": 2}))
    assert (trip.side, trip.entry_quantity, trip.exit_quantity) == ("LONG", 4, 4)
    assert (trip.avg_entry_price, trip.avg_exit_price) == (100, 95)
    assert (trip.realized_gross, trip.fees, trip.net) == (-20, 3, -23)
    assert (trip.duration, trip.fills, len(trip.order_ids)) == (timedelta(days=2), 3, 3)
    assert trip.complete
    assert (still_open.side, still_open.closed_at, still_open.duration) == ("LONG", None, None)
    assert not read_history(store, lambda h: h.round_trips(ACCOUNT))[0].complete
    assert len(read_history(store, lambda h: h.round_trips(ACCOUNT, before=T0))) == 0


def test_cost_analysis_tells_fees_slippage_and_what_was_filled(store):
    from sot import DecisionContext

    write_history(store, lambda h: h.register(spot_instrument()))
    context = DecisionContext(market_snapshot={"decision_price": "99"})
    for name, side in (("C1", "BUY"), ("C2", "SELL")):
        request = write_history(
            store, lambda h, n=name, s=side: h.submit(new_order_request(n, side=s, quantity=4), context)
        )
        write_history(store, lambda h, r=request: h.mark_sent(r.request_id))
    fees = [Fee(Decimal(1), "QUOTE"), Fee(Decimal(2), "TOKEN")]
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "4", "100", fees=fees)))
    write_history(store, lambda h: h.record(trade_report("C2", "E2", "1", "97")))
    (row,) = read_history(store, lambda h: h.cost_analysis(ACCOUNT))
    assert (row.orders, row.notional, row.fill_ratio) == (2, 497, Decimal("0.625"))
    assert (row.fee_total, row.unvalued, row.complete, row.effective_rate) == (1, {"TOKEN": 2}, False, None)
    assert (row.decided, row.slippage_cost, row.decided_notional) == (2, 4 + 2, 5 * 99)
    (valued,) = read_history(
        store, lambda h: h.cost_analysis(ACCOUNT, by=["DAY", "SYMBOL"], rates=lambda *asked: Decimal(3))
    )
    assert (valued.fee_total, valued.complete, valued.conversions[0].rate) == (7, True, 3)
    assert valued.effective_rate is not None
    assert len(read_history(store, lambda h: h.cost_analysis(ACCOUNT, by=GroupBy.ORDER))) == 2


def test_rates_are_functions_of_pair_and_time(store):
    record_two_strategies(store)

    def rates(currency, into, moment):
        assert (currency, into) == ("TOKEN", "QUOTE")
        return Decimal(4) if moment == T0 + timedelta(days=1) else None

    held = read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL, rates=rates))
    assert (held.realized_paid, held.complete) == (-24, True)
    assert held.conversions[0].rate == 4
    with pytest.raises(InvalidInput, match="rates"):
        read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL, rates=lambda *asked: Decimal(-1)))


def test_days_are_those_of_a_time_zone(store):
    """A trade in the evening of New York belongs to the next day in UTC; summer time moves the border."""
    write_history(store, lambda h: h.register(spot_instrument()))
    evening, summer = datetime(2026, 1, 6, 4, 59, tzinfo=UTC), datetime(2026, 7, 2, 4, 0, tzinfo=UTC)
    for name, side, price, moment in (
        ("E1", "BUY", 10, T0),
        ("E2", "SELL", 12, evening),
        ("E3", "SELL", 13, evening + timedelta(minutes=1)),
        ("E4", "SELL", 14, summer),
    ):
        report = execution_report(name, side, 3 if side == "BUY" else 1, price, 0)
        write_history(store, lambda h, r=report, m=moment: h.adopt(attrs.evolve(r, occurred_at=m)))
    event = account_event("INTEREST", 0, amount="1", currency="QUOTE", symbol=None)
    write_history(store, lambda h: h.record_account_event(attrs.evolve(event, occurred_at=summer)))

    def days(**options):
        rows = read_history(store, lambda h: h.realized(ACCOUNT, by="DAY", **options))
        return {str(row.day): row.realized_net for row in rows if row.realized_net}

    assert days() == days(time_zone="UTC") == {"2026-01-06": 5, "2026-07-02": 5}
    assert days(time_zone="America/New_York") == {"2026-01-05": 2, "2026-01-06": 3, "2026-07-02": 5}
    assert days(time_zone="America/Chicago") == {"2026-01-05": 5, "2026-07-01": 5}
    assert days(time_zone=timezone(timedelta(hours=20))) == {"2026-01-07": 5, "2026-07-03": 5}
    costs = read_history(store, lambda h: h.cost_analysis(ACCOUNT, by="DAY", time_zone="Asia/Tokyo"))
    assert sum(row.orders for row in costs) == 4
    for name in ("", "Mars/Base", "../etc/passwd", "America", "America/New_York ", "\0", None, 5):
        with pytest.raises(InvalidInput, match="time_zone"):
            days(time_zone=name)


def test_days_at_the_ends_of_time_stay_where_they_are(store):
    filter = ResultFilter(account_id=ACCOUNT, time_zone=timezone(timedelta(hours=-5)))
    assert filter.day_of(EARLIEST) == EARLIEST.date()


def test_every_method_sees_the_same_position(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    for number, price in enumerate((10, 30, 20)):
        write_history(store, lambda h, n=number, p=price: h.adopt(execution_report(f"E{n}", "BUY", 1, p, n)))
    write_history(store, lambda h: h.adopt(execution_report("S", "SELL", 1, 25, 9)))
    gross = {
        method: read_history(store, lambda h, m=method: h.position(ACCOUNT, VENUE, SYMBOL, method=m)).realized_gross
        for method in Method
    }
    assert gross == {"AVERAGE": 5, "FIFO": 15, "LIFO": 5, "HIFO": -5, "LOFO": 15}
