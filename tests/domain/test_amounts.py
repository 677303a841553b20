"""The money that an execution states, and the average price of inverse contracts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.position_samples import PERPETUAL, fill_of, fold_of, instrument_of

from sot import InstrumentKind
from sot.accounting import Method
from sot.domain.accounting.costs import OrderCosts
from sot.domain.values.numbers import subtract

D = Decimal
INVERSE = instrument_of(InstrumentKind.PERPETUAL, inverse=True)
INVERSE_OF_100 = instrument_of(InstrumentKind.FUTURE, inverse=True, multiplier=100)
TIMES_TEN = instrument_of(InstrumentKind.FUTURE, multiplier=10)


@pytest.mark.parametrize(
    ("instrument", "quantity", "price", "amount", "believed"),
    [
        (PERPETUAL, 3, "0.335", "1.00", True),  # canonically 1: whole units of money
        (PERPETUAL, 3, "0.335", "1.01", True),
        (PERPETUAL, 3, "0.335", "1.005", True),
        (PERPETUAL, 3, "0.335", "1.0051", False),
        (PERPETUAL, 3, "333.2", "1000.00", True),  # 999.6, to whole units
        (PERPETUAL, 1, "999.5", "1000", True),  # at the edge
        (PERPETUAL, 1, "999.49", "1000", False),
        (PERPETUAL, 2, "-20", "-40", True),
        (PERPETUAL, 2, "-20", "40", False),
        (TIMES_TEN, 2, "1.2345", "24.7", True),
        (INVERSE, 100, "30000", "0.00333333", True),
        (INVERSE, 100, "30000", "0.0033", True),
        (INVERSE, 100, "30000", "0.0034", False),
        (INVERSE_OF_100, 1, "30000", "0.00333333", True),
    ],
)
def test_a_difference_of_half_a_unit_of_the_last_digit_is_rounding(instrument, quantity, price, amount, believed):
    assert instrument.believes(D(quantity), D(price), D(amount)) is believed
    value = instrument.value(D(quantity), D(price))
    expected = D(amount) if believed else value
    assert instrument.value_of_execution(D(quantity), D(price), D(amount)) == expected
    assert instrument.amount_difference(D(quantity), D(price), D(amount)) == subtract(D(amount), value)


def test_no_amount_is_the_exact_value():
    assert PERPETUAL.value_of_execution(D(3), D("0.335"), None) == D("1.005")


@pytest.mark.parametrize("method", Method)
def test_positions_and_costs_count_the_money_that_is_believed(method):
    fills = [
        fill_of(1, "BUY", 3, "0.335", amount=D("1.01")),
        fill_of(2, "BUY", 3, "0.335", amount=D("1.02")),  # not believed
    ]
    position = fold_of(PERPETUAL, fills, method)
    assert position.entry_value == D("1.01") + D("1.005")
    costs = OrderCosts(account_id="a", order_id="o", instrument=PERPETUAL, side=fills[0].side)
    costs = costs.recomputed(fills, D(6), lambda fill: PERPETUAL)
    assert costs.notional == position.entry_value
    assert costs.avg_price == position.avg_entry_price
    closed = fold_of(PERPETUAL, [*fills, fill_of(3, "SELL", 6, "0.335", amount=D("2.01"))], method)
    assert closed.realized_gross == D("-0.005")


quantities = st.integers(1, 10**9)
prices = st.decimals(D("0.00000001"), D(10**7), places=8)
multipliers = st.sampled_from([D(1), D(10), D(100), D("0.001")])


@given(quantities, prices, multipliers)
def test_the_average_of_one_inverse_fill_is_its_price(quantity, price, multiplier):
    instrument = instrument_of(InstrumentKind.PERPETUAL, inverse=True, multiplier=multiplier)
    fill = fill_of(1, "BUY", quantity, price)
    for method in (Method.AVERAGE, Method.FIFO):
        position = fold_of(instrument, [fill], method)
        assert position.avg_entry_price == price
        assert [lot.price for lot in position.lots] in ([], [price])
    costs = OrderCosts(account_id="a", order_id="o", instrument=instrument, side=fill.side)
    assert costs.recomputed([fill], D(quantity), lambda fill: instrument).avg_price == price


@given(st.integers(1000, 10**9), prices, st.integers(1, 999))
def test_it_stays_when_a_part_is_closed(quantity, price, closed):
    position = fold_of(INVERSE, [fill_of(1, "BUY", quantity, price), fill_of(2, "SELL", closed, price)])
    assert position.avg_entry_price == price


def test_the_average_of_two_inverse_fills_is_harmonic():
    position = fold_of(INVERSE, [fill_of(1, "BUY", 100, 40000), fill_of(2, "BUY", 100, 50000)])
    assert abs(position.avg_entry_price - D(400000) / 9) < D("1e-20")
