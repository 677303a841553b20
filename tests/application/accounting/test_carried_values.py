"""What account events carry from one position to another: its own rates, and what is unknown for want of one."""

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import Instrument, OrderHistory
from sot.accounting import Method
from sot.adapters.memory import MemoryStore
from sot.adapters.rates import FileRates
from sot.application.accounting import positions
from sot.audit import verify
from sot.domain.values.numbers import add, multiply, subtract
from sot.testing.contract.samples import ACCOUNT, VENUE
from sot.testing.contract.transactions import read_history, write_history
from tests.application.accounting.test_reporting import DAY, dollars_in_euros, event
from tests.application.accounting.test_reporting import trade as trade_of_the_symbol
from tests.support.accounting_samples import T0

D = Decimal
METHODS = pytest.mark.parametrize("method", list(Method))
CALL, PUT, STOCK, NEW, FUTURE = "CALL", "PUT", "ACME", "NEWCO", "FUT"


def instrument(symbol, kind="EQUITY", quote="USD", **fields):
    return Instrument(account_id=ACCOUNT, venue=VENUE, symbol=symbol, kind=kind, base=symbol, quote=quote, **fields)


def option(symbol, quote="USD", underlying=STOCK):
    terms = {"underlying": underlying, "strike": "90", "right": symbol, "expires_at": T0 + DAY * 99}
    return instrument(symbol, "OPTION", quote, **terms)


def trade(symbol, side, quantity, price, day, fees=()):
    report = trade_of_the_symbol(f"{symbol} {side} {quantity} {price} {day}", side, quantity, price, day, fees)
    return attrs.evolve(report, symbol=symbol)


def exercise(symbol, day, type="EXERCISE", to_symbol=STOCK, **fields):
    return event(type, day, symbol=symbol, quantity="1", to_symbol=to_symbol, **fields)


def recorded(*facts):
    store = MemoryStore()
    for fact in facts:
        record = "register" if isinstance(fact, Instrument) else "adopt" if hasattr(fact, "exec_id") else None
        write_history(store, lambda h, f=fact, name=record or "record_account_event": getattr(h, name)(f))
    return store


def realized(store, **options):
    rows = read_history(store, lambda h: h.realized(ACCOUNT, by=options.pop("by", []), **options))
    return rows[0] if len(rows) == 1 else rows


def row_of(store, symbol, **options):
    (row,) = (row for row in read_history(store, lambda h: h.realized(ACCOUNT, **options)) if row.symbol == symbol)
    return row


def sale_of(store, symbol, **options):
    """What the last execution of a symbol contributed."""
    rows = read_history(store, lambda h: h.contributions(ACCOUNT, symbol=symbol, **options))
    return [row for row in rows if hasattr(row.entry, "exec_id")][-1]


def gains(store, **options):
    return read_history(store, lambda h: list(h.capital_gains(ACCOUNT, **options)))


# ------------------------------------------------------------------------------------- each part at its own rate


@METHODS
def test_the_premium_of_an_exercised_option_keeps_the_rate_at_which_it_was_paid(method):
    store = recorded(
        option(CALL), instrument(STOCK), trade(CALL, "BUY", 1, 10, 0, [(D(1), "USD")]),
        exercise(CALL, 1), trade(STOCK, "SELL", 1, 120, 2),
    )  # fmt: skip
    rates = dollars_in_euros("0.9", "0.5", "0.8")
    row = realized(store, method=method, in_currency="EUR", rates=rates)
    money = 120 * D("0.8") - 90 * D("0.5") - 10 * D("0.9")
    assert row.realized_gross == 20 * D("0.8")
    assert row.realized_gross + row.currency_gain == money
    assert (row.closed_fees, row.paid_fees, row.complete) == (D("0.9"), D("0.9"), True)
    (gain,) = gains(store, method=method, in_currency="EUR", rates=rates)
    assert (gain.cost, gain.proceeds, gain.fees) == (90 * D("0.5") + 9, 96, D("0.9"))
    assert (gain.gain, gain.complete) == (money - D("0.9"), True)


@METHODS
@pytest.mark.parametrize(
    ("symbol", "side", "type", "opening", "money"),
    [
        (PUT, "BUY", "EXERCISE", ("BUY", 70), "-70 -10 +90"),
        (CALL, "SELL", "ASSIGNMENT", ("BUY", 70), "-70 +10 +90"),
        (CALL, "BUY", "EXERCISE", ("SELL", 120), "+120 -10 -90"),
        (PUT, "SELL", "ASSIGNMENT", ("SELL", 120), "+120 +10 -90"),
    ],
)
def test_units_that_are_closed_by_an_exercise_gain_what_money_gained(method, symbol, side, type, opening, money):
    """The underlying on day 0, the option on day 1, the exercise on day 2: each at its own rate."""
    store = recorded(
        option(symbol), instrument(STOCK), trade(STOCK, opening[0], 1, opening[1], 0),
        trade(symbol, side, 1, 10, 1), exercise(symbol, 2, type),
    )  # fmt: skip
    rates = [D("0.9"), D("0.5"), D("0.8")]
    row = realized(store, method=method, in_currency="EUR", rates=dollars_in_euros(*rates))
    expected = sum(int(amount) * rate for amount, rate in zip(money.split(), rates, strict=True))
    assert (row.realized_gross + row.currency_gain, row.complete) == (expected, True)
    (gain,) = gains(store, method=method, in_currency="EUR", rates=dollars_in_euros(*rates))
    assert (gain.gain, gain.proceeds - gain.cost) == (expected, expected)


@METHODS
def test_an_option_on_a_future_keeps_the_rate_of_its_premium(method):
    """The future itself is settled by its result, at the rate of the closing."""
    store = recorded(
        option(CALL, underlying=FUTURE), instrument(FUTURE, "FUTURE"), trade(CALL, "BUY", 1, 10, 0),
        exercise(CALL, 1, to_symbol=FUTURE), trade(FUTURE, "SELL", 1, 120, 2),
    )  # fmt: skip
    rates = dollars_in_euros("0.9", "0.5", "0.8")
    row = realized(store, method=method, in_currency="EUR", rates=rates)
    assert row.realized_gross + row.currency_gain == (120 - 90) * D("0.8") - 10 * D("0.9")
    (gain,) = gains(store, method=method, in_currency="EUR", rates=rates)
    assert gain.gain == row.realized_net


@METHODS
def test_what_a_spin_off_moves_keeps_the_rates_of_its_entry(method):
    store = recorded(
        instrument(STOCK), instrument(NEW), trade(STOCK, "BUY", 1, 100, 0), trade(STOCK, "BUY", 1, 60, 1),
        event("SPIN_OFF", 2, symbol=STOCK, to_symbol=NEW, to_quantity="2", cost_share="0.25"),
        trade(NEW, "SELL", 2, 30, 3),
    )  # fmt: skip
    row = row_of(store, NEW, method=method, in_currency="EUR", rates=dollars_in_euros("0.9", "0.8", "0.1", "0.5"))
    assert row.realized_gross == 20 * D("0.5")
    assert row.realized_gross + row.currency_gain == 60 * D("0.5") - (25 * D("0.9") + 15 * D("0.8"))


@METHODS
def test_a_premium_without_a_rate_of_its_time_leaves_its_currency_gain_open(method):
    store = recorded(
        option(CALL), instrument(STOCK), trade(CALL, "BUY", 1, 10, -1), exercise(CALL, 1),
        trade(STOCK, "SELL", 1, 120, 2),
    )  # fmt: skip
    rates = dollars_in_euros("0.9", "0.5", "0.8")
    row = realized(store, method=method, in_currency="EUR", rates=rates)
    assert (row.realized_gross, row.unvalued_entry_values, row.complete) == (16, {"USD": 10}, False)
    (gain,) = gains(store, method=method, in_currency="EUR", rates=rates)
    assert (gain.cost, gain.gain, gain.incomplete) == (None, None, ("UNVALUED_COST",))


# ----------------------------------------------------------------------------------------- costs without a rate


def pounds_and_dollars(pounds=True, dollars=True):
    """Pounds and dollars in euros: 2 and 1 on the first day, half of it on the second, a quarter on the third."""
    wanted = [(name, rate) for name, rate, is_there in (("GBP", 2, pounds), ("USD", 1, dollars)) if is_there]
    return FileRates({(name, "EUR"): {T0 + DAY * n: D(rate) / 2**n for n in range(3)} for name, rate in wanted})


def premium_in_pounds(right=CALL, side="BUY", type="EXERCISE", closing="SELL"):
    return recorded(
        option(right, "GBP"), instrument(STOCK), trade(right, side, 1, 10, 0, [(D(1), "GBP")]),
        exercise(right, 1, type), trade(STOCK, closing, 1, 120, 2),
    )  # fmt: skip


@METHODS
def test_a_premium_in_another_currency_is_a_cost_at_its_own_rate(method):
    """It was 20 euros, and ten pounds are 20 dollars when it is exercised."""
    store = premium_in_pounds()
    row = realized(store, method=method, in_currency="EUR", rates=pounds_and_dollars())
    assert row.realized_gross == (120 - 90 - 20) * D("0.25")
    assert row.realized_gross + row.currency_gain == 120 * D("0.25") - 90 * D("0.5") - 20
    assert (row.paid_fees, row.closed_fees, row.account_results, row.complete) == (2, 2, 0, True)
    (gain,) = gains(store, method=method, in_currency="EUR", rates=pounds_and_dollars())
    assert (gain.cost, gain.proceeds, gain.fees, gain.complete) == (45 + 20, 30, 2, True)


@METHODS
@pytest.mark.parametrize("rates", [pounds_and_dollars(pounds=False), None])
def test_a_premium_without_a_rate_makes_the_later_sale_incomplete(method, rates):
    store = premium_in_pounds()
    sale = sale_of(store, STOCK, method=method, in_currency="EUR", rates=rates)
    assert sale.unvalued_entry_values["GBP"] == 10
    row = realized(store, method=method, in_currency="EUR", rates=rates)
    assert (row.unvalued_entry_values["GBP"], row.complete) == (10, False)
    assert "GBP" not in row.unvalued_results  # a cost is no result
    (gain,) = gains(store, method=method, in_currency="EUR", rates=rates)
    assert (gain.cost, gain.gain) == (None, None)
    assert "UNVALUED_COST" in gain.incomplete


@METHODS
def test_fees_are_paid_even_where_the_premium_has_no_rate(method):
    """Two euros were paid on the first day; from the second one on pounds have no rate."""
    pounds = FileRates({("GBP", "EUR"): {T0: D(2)}, ("USD", "EUR"): {T0: D(1)}}, max_age=DAY / 2)
    row = realized(premium_in_pounds(), method=method, in_currency="EUR", rates=pounds)
    assert (row.paid_fees, row.closed_fees, row.complete) == (2, 2, False)


@METHODS
def test_in_settlement_currency_the_later_sale_is_incomplete_too(method):
    store = premium_in_pounds()
    sale = sale_of(store, STOCK, method=method)
    assert (sale.realized_gross, sale.unvalued_entry_values) == (30, {"GBP": 10})
    row = row_of(store, STOCK, method=method, since=T0 + 2 * DAY)
    assert (row.unvalued_entry_values, row.complete) == ({"GBP": 10}, False)
    (gain,) = gains(store, method=method)
    assert (gain.cost, gain.proceeds, gain.gain, gain.incomplete) == (
        None, 120, None, ("UNVALUED_COST", "UNVALUED_FEES"),
    )  # fmt: skip
    (trip,) = (trip for trip in read_history(store, lambda h: h.round_trips(ACCOUNT)) if trip.key.symbol == STOCK)
    assert not trip.complete
    held = read_history(store, lambda h: h.position(ACCOUNT, VENUE, STOCK, method=method))
    assert (held.unvalued_results, held.complete) == ({"GBP": -10}, False)
    valued = row_of(store, STOCK, method=method, rates={("GBP", "USD"): 2})
    assert (valued.realized_gross, valued.complete) == (10, True)


@METHODS
def test_units_that_are_sold_in_parts_lack_their_shares(method):
    store = premium_in_pounds(closing="BUY")
    for number in (3, 4):
        write_history(store, lambda h, n=number: h.adopt(trade(STOCK, "SELL", 1, 100, n)))
    parts = read_history(store, lambda h: h.contributions(ACCOUNT, symbol=STOCK, method=method))
    lacking = [part.unvalued_entry_values.get("GBP", 0) for part in parts]
    expected = {"AVERAGE": [0, 0, 5, 5], "FIFO": [0, 0, 10, 0], "LIFO": [0, 0, 0, 10]}
    expected |= {"HIFO": expected["LIFO"], "LOFO": expected["FIFO"]}
    assert lacking == expected[method]


@METHODS
def test_lots_tell_which_part_of_their_cost_has_no_rate(method):
    store = recorded(option(CALL, "GBP"), instrument(STOCK), trade(CALL, "BUY", 1, 10, 0), exercise(CALL, 1))
    held = read_history(store, lambda h: h.position(ACCOUNT, VENUE, STOCK, method=method))
    assert [dict(lot.unvalued_cost) for lot in held.lots] == ([] if method == "AVERAGE" else [{"GBP": 10}])
    (reported,) = read_history(
        store, lambda h: list(h.reported_positions(ACCOUNT, "EUR", method=method, rates={"USD": 1}))
    )
    assert (reported.entry_value, reported.unvalued_entry_values, reported.complete) == (None, {"GBP": 10}, False)
    assert reported.unrealized(D(100)).total is None


@METHODS
def test_units_that_an_exercise_closes_for_an_unknown_premium_have_no_known_result(method):
    """A put that was bought: 90 dollars less a premium in pounds."""
    store = recorded(
        option(PUT, "GBP"), instrument(STOCK), trade(STOCK, "BUY", 1, 70, 0), trade(PUT, "BUY", 1, 10, 0),
        exercise(PUT, 1),
    )  # fmt: skip
    row = realized(store, method=method, in_currency="EUR", rates=pounds_and_dollars(pounds=False))
    assert (row.unvalued_results, row.complete) == ({"GBP": -10}, False)
    (gain,) = gains(store, method=method, in_currency="EUR", rates=pounds_and_dollars(pounds=False))
    assert (gain.proceeds, gain.gain, gain.incomplete) == (None, None, ("UNVALUED_PROCEEDS",))


@METHODS
def test_a_return_of_capital_in_another_currency_lowers_the_cost(method):
    store = recorded(
        instrument(STOCK), trade(STOCK, "BUY", 2, 100, 0),
        event("COST_ADJUSTMENT", 1, symbol=STOCK, amount="10", currency="GBP"), trade(STOCK, "SELL", 2, 90, 2),
    )  # fmt: skip
    row = realized(store, method=method, in_currency="EUR", rates=pounds_and_dollars())
    assert (row.realized_gross, row.account_results, row.complete) == (0, 0, True)
    assert row.currency_gain == 180 * D("0.25") - (200 - 20 * D("0.5"))
    unknown = sale_of(store, STOCK, method=method, in_currency="EUR", rates=pounds_and_dollars(pounds=False))
    assert unknown.unvalued_entry_values == {"GBP": -10}
    plain = sale_of(store, STOCK, method=method)
    assert plain.unvalued_entry_values == {"GBP": -10}
    assert [gain.incomplete for gain in gains(store, method=method)] == [("UNVALUED_PROCEEDS",), ("UNVALUED_COST",)]


@METHODS
def test_what_is_unknown_moves_on_with_the_units(method):
    """From the option to the underlying, and a quarter of it to what is spun off from that."""
    store = recorded(
        option(CALL, "GBP"), instrument(STOCK), instrument(NEW), trade(CALL, "BUY", 1, 10, 0), exercise(CALL, 1),
        event("SPIN_OFF", 2, symbol=STOCK, to_symbol=NEW, to_quantity="1", cost_share="0.25"),
        trade(NEW, "SELL", 1, 30, 3), trade(STOCK, "SELL", 1, 90, 3),
    )  # fmt: skip
    for symbol, part in ((NEW, D("2.5")), (STOCK, D("7.5"))):
        for options in ({}, {"in_currency": "EUR", "rates": pounds_and_dollars(pounds=False)}):
            sale = sale_of(store, symbol, method=method, **options)
            assert sale.unvalued_entry_values == {"GBP": part}
    held = read_history(store, lambda h: h.position(ACCOUNT, VENUE, NEW, method=method))
    assert (held.unvalued_results, held.complete) == ({"GBP": D("-2.5")}, False)


@METHODS
def test_what_an_option_brings_in_another_currency_is_its_proceeds(method):
    store = recorded(
        option(CALL), trade(CALL, "BUY", 1, 10, 0),
        event("EXPIRY", 1, symbol=CALL, quantity="1", amount="20", currency="GBP"),
    )  # fmt: skip
    row = realized(store, method=method, in_currency="EUR", rates=pounds_and_dollars())
    assert (row.realized_gross, row.account_results) == ((40 - 10) * D("0.5"), 0)
    assert row.realized_net == 20 - 10
    (gain,) = gains(store, method=method, in_currency="EUR", rates=pounds_and_dollars())
    assert (gain.cost, gain.proceeds, gain.gain) == (10, 20, 10)


AMOUNTS = st.integers(1, 40).map(lambda number: D(number) / 4)
RATES = st.decimals("0.1", "3", places=2)


@pytest.mark.parametrize("late", [[CALL, STOCK], [STOCK, CALL], [CALL], [STOCK]])
def test_late_fills_of_positions_that_carry_units_are_folded_in_any_order(late):
    facts = [option(CALL), instrument(STOCK), trade(CALL, "BUY", 1, 5, 2), exercise(CALL, 3)]
    store = recorded(*facts, trade(STOCK, "BUY", 1, 100, 4))
    with store.begin() as uow:
        with positions.folding_together(uow):
            for symbol in late:
                OrderHistory(uow).adopt(trade(symbol, "BUY", 1, 7, 1))
        uow.commit()
    assert verify(store).problems == []


@given(
    st.sampled_from([(CALL, "BUY", "EXERCISE", 1), (PUT, "BUY", "EXERCISE", -1), (CALL, "SELL", "ASSIGNMENT", -1)]),
    st.lists(AMOUNTS, min_size=3, max_size=3),
    st.lists(RATES, min_size=4, max_size=4),
    st.sampled_from([-3, -1, 0, 1, 3]),
    st.sampled_from(list(Method)),
)
def test_the_sum_of_all_parts_is_the_money_at_the_rates_of_its_own_times(case, prices, rates, held, method):
    right, side, type, direction = case
    facts = [option(right), instrument(STOCK), trade(right, side, 1, prices[0], 1), exercise(right, 2, type)]
    flows = [(side, 1, prices[0], rates[1]), ("BUY" if direction > 0 else "SELL", 1, D(90), rates[2])]
    for units, price, day in ((held, prices[1], 0), (-held - direction, prices[2], 3)):
        if units:
            facts.append(trade(STOCK, "BUY" if units > 0 else "SELL", abs(units), price, day))
            flows.append((facts[-1].side, abs(units), price, rates[day]))
    store = recorded(*facts)
    row = realized(store, method=method, in_currency="EUR", rates=dollars_in_euros(*rates))
    money = D(0)
    for way, units, price, rate in flows:
        value = multiply(multiply(D(units), price), rate)
        money = subtract(money, value) if way == "BUY" else add(money, value)
    assert abs(subtract(row.realized_net, money)) < D("1e-30")
    assert row.complete
