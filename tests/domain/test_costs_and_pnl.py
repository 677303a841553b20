"""What executions cost and earned: figures worked out by hand."""

from datetime import UTC, datetime
from decimal import Decimal as D

import pytest

from sot import (
    DecisionContext,
    Fee,
    Instrument,
    InstrumentKind,
    InvalidInput,
    OrderHistory,
    OrderRequest,
    OrderType,
    Side,
    VenueReport,
)
from sot.adapters.memory import MemoryStore
from sot.venue import Liquidity

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def filled(side, fills, *, decision_price=None, kind=InstrumentKind.SPOT, **instrument):
    """The history of one order with these (quantity, price, fees, liquidity)."""
    uow = MemoryStore().begin()
    history = OrderHistory(uow)
    history.register(
        Instrument(account_id="a", venue="v", symbol="s", kind=kind, base="BTC", quote="USD", **instrument)
    )
    snapshot = None if decision_price is None else DecisionContext(market_snapshot={"decision_price": decision_price})
    request = history.submit(
        OrderRequest(
            account_id="a",
            client_order_id="c",
            venue="v",
            symbol="s",
            side=side,
            order_type=OrderType.MARKET,
            quantity=D(1000),
        ),
        context=snapshot,
    )
    order_id = history.mark_sent(request.request_id).order_id
    for number, (quantity, price, fees, *liquidity) in enumerate(fills):
        history.record(
            VenueReport(
                account_id="a",
                type="TRADE",
                client_order_id="c",
                exec_id=f"e{number}",
                last_quantity=D(quantity),
                last_price=D(price),
                fees=[Fee(D(amount), currency) for amount, currency in fees],
                liquidity=liquidity[0] if liquidity else None,
            )
        )
    return history, order_id


def test_linear_buy():
    history, order = filled(Side.BUY, [("2", "100", [("0.2", "USD")]), ("3", "110", [("0.3", "USD")])])
    pnl = history.pnl(order, mark=D(120))
    assert (pnl.cost_basis, pnl.gross, pnl.unrealized) == (D(530), D(70), D(70))
    assert (pnl.realized, pnl.net, pnl.currency) == (D("-0.5"), D("69.5"), "USD")
    assert history.costs(order).avg_price == D(106)


def test_linear_sell_is_the_opposite():
    history, order = filled(Side.SELL, [("2", "100", [("0.2", "USD")]), ("3", "110", [])])
    pnl = history.pnl(order, mark=D(120))
    assert (pnl.gross, pnl.realized, pnl.net) == (D(-70), D("-0.2"), D("-70.2"))


def test_a_rebate_adds():
    history, order = filled(Side.BUY, [("1", "100", [("-0.05", "USD")])])
    assert history.pnl(order, mark=D(100)).net == D("0.05")


def test_a_multiplier_counts_in_value_not_in_quantity():
    history, order = filled(Side.BUY, [("2", "100", [])], kind=InstrumentKind.FUTURE, multiplier=D(50))
    assert history.order(order).cum_quantity == 2
    pnl = history.pnl(order, mark=D(101))
    assert (pnl.cost_basis, pnl.gross) == (D(10000), D(100))


def test_inverse_contracts_earn_base_currency_at_a_harmonic_average():
    history, order = filled(
        Side.BUY,
        [("100", "10000", [("0.0001", "BTC")]), ("100", "20000", [])],
        kind=InstrumentKind.PERPETUAL,
        inverse=True,
        multiplier=D(10),
    )
    costs = history.costs(order)
    assert costs.notional == D("0.15")
    assert costs.avg_price == D("13333.333333333333333333333333333333333333")
    pnl = history.pnl(order, mark=D(40000))
    assert (pnl.currency, pnl.gross, pnl.realized, pnl.net) == ("BTC", D("0.1"), D("-0.0001"), D("0.0999"))
    assert history.pnl(order, mark=D(10000)).gross == D("-0.05")
    with pytest.raises(InvalidInput, match="mark"):
        history.pnl(order, mark=D(0))


def test_inverse_sell():
    history, order = filled(
        Side.SELL, [("100", "10000", [])], kind=InstrumentKind.PERPETUAL, inverse=True, multiplier=D(10)
    )
    assert history.pnl(order, mark=D(20000)).gross == D("-0.05")


def test_a_base_fee_on_spot_is_paid_in_quantity_and_not_again():
    history, order = filled(Side.BUY, [("10", "100", [("0.01", "BTC")])])
    pnl = history.pnl(order, mark=D(110))
    # 9.99 arrived for 1000, and are worth 1098.9 now.
    assert (pnl.cost_basis, pnl.gross, pnl.realized, pnl.net) == (D(1000), D("98.9"), D(0), D("98.9"))
    assert dict(pnl.fees) == {"BTC": D("0.01")}
    history, order = filled(Side.SELL, [("10", "100", [("0.01", "BTC")])])
    # 10.01 left for 1000; to have them back would cost 901 + 0.9.
    assert history.pnl(order, mark=D(90)).net == D("99.1")


def test_a_base_fee_of_lots_is_in_units_of_the_base():
    """Of 10 lots of 5 units 2 units are a fee: 48 arrived for 5000, and are worth 5280 now."""
    history, order = filled(Side.BUY, [("10", "100", [("2", "BTC")])], multiplier=D(5))
    costs = history.costs(order)
    assert (costs.paid_in_quantity, costs.paid_in_quantity_value, costs.fee_total()) == (2, 200, (200, {}))
    assert costs.effective_rate() == 400
    assert history.pnl(order, mark=D(110)).gross == 280
    (row,) = history.cost_analysis("a", in_currency="EUR", rates={("USD", "EUR"): D("0.5")})
    assert (row.notional, row.fee_total) == (2500, 100)


def test_a_third_currency_is_valued_by_a_rate_or_listed_as_unvalued():
    history, order = filled(Side.BUY, [("1", "100", [("0.5", "BNB"), ("0.1", "USD")])])
    without = history.pnl(order, mark=D(100))
    assert (without.realized, dict(without.unvalued), without.complete) == (D("-0.1"), {"BNB": D("0.5")}, False)
    valued = history.pnl(order, mark=D(100), rates={"BNB": D(300)})
    assert (valued.realized, dict(valued.unvalued), valued.complete) == (D("-150.1"), {}, True)
    costs = history.costs(order)
    assert costs.effective_rate() is None
    assert costs.effective_rate({"BNB": D(300)}) == D(15010)


def test_costs_by_liquidity_and_currency():
    history, order = filled(
        Side.BUY,
        [
            ("1", "100", [("0.1", "USD")], Liquidity.MAKER),
            ("2", "100", [("0.3", "USD"), ("0.001", "BTC")], Liquidity.TAKER),
            ("1", "100", []),
        ],
    )
    costs = history.costs(order)
    assert (costs.maker_notional, costs.taker_notional, costs.notional) == (D(100), D(200), D(400))
    assert dict(costs.fees) == {"USD": D("0.4"), "BTC": D("0.001")}
    assert costs.fee_total() == (D("0.5"), {})  # the base fee counts at the price of its execution
    assert costs.effective_rate() == D("12.5")


@pytest.mark.parametrize(("side", "slippage", "cost"), [(Side.BUY, "0.5", "1"), (Side.SELL, "-0.5", "-1")])
def test_slippage_is_positive_when_it_was_worse_than_decided(side, slippage, cost):
    history, order = filled(side, [("1", "100", []), ("1", "101", [])], decision_price="100")
    costs = history.costs(order)
    assert (costs.slippage, costs.slippage_rate, costs.slippage_cost) == (D(slippage), D(slippage) * 100, D(cost))


def test_no_slippage_without_a_decision_price_or_executions():
    history, order = filled(Side.BUY, [("1", "100", [])])
    assert history.costs(order).slippage is None
    history, order = filled(Side.BUY, [], decision_price="100")
    assert history.costs(order).slippage is None
    assert history.costs(order).avg_price is None
    assert history.pnl(order, mark=D(5)).net == 0


def test_marks_are_snapshots_and_pnl_only_computes():
    history, order = filled(Side.BUY, [("1", "100", [])])
    assert history.pnl(order) is None
    assert history.pnl(order, mark=D(110)).net == 10
    assert history.pnl(order) is None
    history.mark(order, D(120), occurred_at=NOW)
    snapshot = history.pnl(order)
    assert (snapshot.net, snapshot.mark, snapshot.calculated_at, snapshot.sequence) == (D(20), D(120), NOW, 4)
    assert list(history.events(order))[-1].fact.mark == D(120)


def test_corrections_change_costs():
    history, order = filled(Side.BUY, [("1", "100", [("0.1", "USD")]), ("2", "100", [("0.2", "USD")])])
    history.record(VenueReport(account_id="a", type="TRADE_CANCEL", client_order_id="c", exec_id="x", exec_ref_id="e1"))
    costs = history.costs(order)
    assert (costs.quantity, costs.notional, dict(costs.fees)) == (D(1), D(100), {"USD": D("0.1")})


@pytest.mark.parametrize("mark", [1.5, "NaN", None, "1e99"])
def test_a_bad_mark_is_refused_and_nothing_is_written(mark):
    history, order = filled(Side.BUY, [("1", "100", [])])
    before = len(list(history.events(order)))
    with pytest.raises(InvalidInput):
        history.mark(order, mark)
    with pytest.raises(InvalidInput):
        history.mark(order, D(1), {"BNB": D(-1)})
    assert len(list(history.events(order))) == before
