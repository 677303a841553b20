"""Results, positions and costs in a reporting currency: each part at the rate of its own time."""

from datetime import timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import DecisionContext, Fee, Instrument, InstrumentKind, InvalidInput, VenueReport
from sot.accounting import GroupBy, Method, Quote, RateSource
from sot.adapters.memory import MemoryStore
from sot.adapters.rates import FileRates
from sot.domain.values.numbers import ZERO, add, multiply, subtract
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, write_history
from tests.support.accounting_samples import T0, account_event, execution_report

DAY = timedelta(days=1)
D = Decimal


def dollars_in_euros(*rates):
    """A source whose rate of USD into EUR changes each day at the time of `T0`."""
    return FileRates({("USD", "EUR"): {T0 + DAY * number: D(rate) for number, rate in enumerate(rates)}})


def shares(kind="EQUITY", **fields):
    return Instrument(
        account_id=ACCOUNT, venue=VENUE, symbol=SYMBOL, kind=InstrumentKind(kind), base="ACME", quote="USD", **fields
    )


def trade(name, side, quantity, price, day, fees=()):
    return attrs.evolve(execution_report(name, side, quantity, price, 0, fees), occurred_at=T0 + DAY * day)


def record(store, instrument, *reports, events=()):
    write_history(store, lambda h: h.register(instrument))
    for report in reports:
        write_history(store, lambda h, r=report: h.adopt(r))
    for event in events:
        write_history(store, lambda h, e=event: h.record_account_event(e))


def realized(store, **options):
    (row,) = read_history(store, lambda h: h.realized(ACCOUNT, in_currency="EUR", **options))
    return row


def test_a_trader_in_euros_with_shares_in_dollars(store):
    """The shares gained 200 dollars; the dollar lost, and took back most of it."""
    record(
        store,
        shares(),
        trade("E1", "BUY", 10, 100, 0, [(D(2), "USD")]),
        trade("E2", "SELL", 10, 120, 1, [(D(3), "USD")]),
    )
    row = realized(store, rates=dollars_in_euros("0.9", "0.8"))
    assert row.realized_gross == 200 * D("0.8")
    assert row.currency_gain == 1000 * (D("0.8") - D("0.9"))
    assert (row.closed_fees, row.paid_fees) == (2 * D("0.9") + 3 * D("0.8"),) * 2
    assert row.realized_net == 1200 * D("0.8") - 1000 * D("0.9") - row.paid_fees
    assert row.complete
    assert {(conversion.rate, conversion.quoted_at) for conversion in row.conversions} == {
        (D("0.9"), T0),
        (D("0.8"), T0 + DAY),
    }


def test_each_day_has_what_was_realized_on_it(store):
    """The entry fee of what was sold counts when it is sold, at the rate of the day when it was paid."""
    record(
        store,
        shares(),
        trade("E1", "BUY", 10, 100, 0, [(D(10), "USD")]),
        trade("E2", "SELL", 5, 100, 1),
        trade("E3", "SELL", 5, 90, 2),
    )
    rows = read_history(
        store,
        lambda h: h.realized(ACCOUNT, by=GroupBy.DAY, in_currency="EUR", rates=dollars_in_euros("0.5", "0.6", "0.4")),
    )
    figures = [(row.realized_gross, row.currency_gain, row.closed_fees, row.paid_fees) for row in rows]
    assert figures == [
        (0, 0, 0, 5),
        (0, 500 * D("0.1"), D("2.5"), 0),
        (-50 * D("0.4"), 500 * D("-0.1"), D("2.5"), 0),
    ]


@pytest.mark.parametrize(
    ("method", "gross", "gain"),
    [("FIFO", 100, "-20"), ("LIFO", 40, "-16"), ("HIFO", 40, "-16"), ("LOFO", 100, "-20"), ("AVERAGE", 70, "-18")],
)
def test_lots_keep_the_rate_of_their_own_entry(store, method, gross, gain):
    record(
        store,
        shares(),
        trade("E1", "BUY", 1, 100, 0),
        trade("E2", "BUY", 1, 160, 1),
        trade("E3", "SELL", 1, 200, 2),
    )
    row = realized(store, method=method, rates=dollars_in_euros("0.9", "0.8", "0.7"))
    assert (row.realized_gross, row.currency_gain) == (gross * D("0.7"), D(gain))


def test_a_short_position_gains_when_the_currency_loses(store):
    record(store, shares("MARGIN"), trade("E1", "SELL", 10, 100, 0), trade("E2", "BUY", 10, 100, 1))
    row = realized(store, rates=dollars_in_euros("0.9", "0.8"))
    assert (row.realized_gross, row.currency_gain) == (0, 100)


def test_a_flip_closes_and_opens_at_the_same_rate(store):
    record(
        store,
        shares("MARGIN"),
        trade("E1", "BUY", 1, 100, 0),
        trade("E2", "SELL", 3, 100, 1, [(D(3), "USD")]),
        trade("E3", "BUY", 2, 100, 2),
    )
    rates = dollars_in_euros("1", "0.5", "0.25")
    row = realized(store, rates=rates)
    assert row.currency_gain == 100 * D("-0.5") - 200 * D("-0.25")
    assert (row.closed_fees, row.paid_fees) == (D("1.5"), D("1.5"))
    (before,) = read_history(store, lambda h: h.realized(ACCOUNT, in_currency="EUR", rates=rates, before=T0 + 2 * DAY))
    assert (before.closed_fees, before.paid_fees) == (D("0.5"), D("1.5"))


@pytest.mark.parametrize("kind", ["FUTURE", "PERPETUAL"])
def test_a_contract_that_is_settled_by_its_result_has_no_gain_from_the_currency(store, kind):
    record(store, shares(kind), trade("E1", "BUY", 10, 100, 0), trade("E2", "SELL", 10, 120, 1))
    row = realized(store, rates=dollars_in_euros("0.9", "0.8"))
    assert (row.realized_gross, row.currency_gain, row.realized_net) == (160, 0, 160)


def test_funding_and_interest_are_valued_when_they_were_paid(store):
    events = [
        attrs.evolve(account_event("DIVIDEND", 0, amount="10", currency="USD"), occurred_at=T0 + DAY),
        attrs.evolve(account_event("INTEREST", 1, amount="4", currency="USD", symbol=None), occurred_at=T0),
        attrs.evolve(account_event("INTEREST", 2, amount="7", currency="EUR", symbol=None), occurred_at=T0),
        attrs.evolve(account_event("INTEREST", 3, amount="9", currency="GBP", symbol=None), occurred_at=T0),
    ]
    record(store, shares(), trade("E1", "BUY", 1, 100, 0), events=events)
    row = realized(store, by=[], rates=dollars_in_euros("0.5", "0.25"))
    assert row.account_results == D("2.5") + 2 + 7
    assert (row.unvalued_results, row.complete) == ({"GBP": 9}, False)


def test_a_fee_in_the_reporting_currency_needs_no_rate(store):
    record(store, shares(), trade("E1", "BUY", 1, 100, 0, [(D(1), "EUR"), (D(2), "TOKEN")]))
    row = realized(store, rates=dollars_in_euros("0.9"))
    assert (row.paid_fees, row.unvalued) == (1, {"TOKEN": 2})


def test_a_base_fee_is_in_the_entry_value(store):
    instrument = attrs.evolve(spot_instrument(), quote="USD", settle="USD")
    record(store, instrument, trade("E1", "BUY", 10, 9, 0, [(D(1), "BASE")]), trade("E2", "SELL", 9, 10, 1))
    row = realized(store, rates=dollars_in_euros("1", "2"))
    assert (row.realized_gross, row.currency_gain, row.paid_fees, row.complete) == (0, 90, 0, True)


@pytest.mark.parametrize("event", [None, account_event("TRANSFER", 9, quantity=D(-1))])
def test_a_position_with_missing_units_is_not_complete(store, event):
    """Sold, or taken away, without being there."""
    reports = () if event else (trade("E1", "SELL", 1, 100, 0),)
    record(store, shares("SPOT"), *reports, events=[event] if event else [])
    page = read_history(
        store,
        lambda h: list(
            h.reported_positions(ACCOUNT, in_currency="EUR", rates=dollars_in_euros("0.9"), include_flat=True)
        ),
    )
    assert [(held.position.complete, held.complete) for held in page] == [(False, False)]


def test_a_missing_rate_is_never_zero(store):
    record(
        store,
        shares(),
        trade("E0", "BUY", 1, 60, -1),
        trade("E1", "BUY", 1, 100, 0),
        trade("E2", "SELL", 1, 100, 1),
    )
    rates = dollars_in_euros("0.9", "0.8")
    first_in = realized(store, rates=rates, method="FIFO")
    assert (first_in.realized_gross, first_in.currency_gain) == (32, 0)
    assert (first_in.unvalued_entry_values, first_in.complete) == ({"USD": 60}, False)
    last_in = realized(store, rates=rates, method="LIFO")
    assert (last_in.currency_gain, last_in.unvalued_entry_values, last_in.complete) == (-10, {}, True)
    average = realized(store, rates=rates)
    assert average.currency_gain == 50 * D("0.8") - 45
    assert average.unvalued_entry_values == {"USD": 30}
    nothing = realized(store, rates=None)
    assert (nothing.realized_gross, nothing.currency_gain, nothing.complete) == (0, 0, False)
    assert nothing.unvalued_results == {"USD": 20}


def test_positions_in_a_reporting_currency(store):
    record(
        store,
        shares(),
        trade("E1", "BUY", 4, 100, 0, [(D(8), "USD")]),
        trade("E2", "SELL", 1, 130, 1, [(D(1), "USD")]),
    )
    for method in Method:
        (held,) = read_history(
            store,
            lambda h, m=method: list(
                h.reported_positions(ACCOUNT, "EUR", method=m, rates=dollars_in_euros("0.9", "0.8", "0.7"))
            ),
        )
        assert (held.position.quantity, held.currency, held.position.currency) == (3, "EUR", "USD")
        assert (held.entry_value, held.open_fees) == (270, D("5.4"))
        assert (held.realized_gross, held.currency_gain) == (24, -10)
        assert held.realized_net == 24 - 10 - D("1.8") - D("0.8")
        assert held.realized_paid == held.realized_net - held.open_fees
        assert held.unrealized(D(110)) == (30 * D("0.7"), 300 * D("0.7") - 270)
        assert held.unrealized(D(110)).total == 330 * D("0.7") - 270
        assert held.complete
    (plain,) = read_history(store, lambda h: list(h.reported_positions(ACCOUNT, "EUR")))
    assert (plain.entry_value, plain.complete, plain.unrealized(D(110))) == (None, False, None)
    assert plain.unvalued_entry_values == {"USD": 400}


def test_a_position_with_missing_units_is_not_complete_in_any_currency(store):
    record(store, shares("SPOT"), trade("E1", "BUY", 1, 100, 0), trade("E2", "SELL", 2, 100, 1))
    (held,) = read_history(
        store,
        lambda h: list(h.reported_positions(ACCOUNT, "EUR", rates=dollars_in_euros("0.9", "0.8"), include_flat=True)),
    )
    assert (held.position.missing_quantity, held.position.complete, held.complete) == (1, False, False)


def test_costs_in_a_reporting_currency(store):
    write_history(store, lambda h: h.register(attrs.evolve(spot_instrument(), quote="USD", settle="USD")))
    context = DecisionContext(market_snapshot={"decision_price": "99"})
    request = write_history(store, lambda h: h.submit(new_order_request("C1", quantity=4), context))
    write_history(store, lambda h: h.mark_sent(request.request_id))
    for number, liquidity in enumerate(("MAKER", "TAKER")):
        fees = [Fee(D(1), "USD"), Fee(D("0.1"), "BASE"), Fee(D(3), "EUR")]
        report = trade_report(
            "C1", f"E{number}", "2", "100", fees=fees, liquidity=liquidity, occurred_at=T0 + DAY * number
        )
        write_history(store, lambda h, r=report: h.record(r))
    rates = dollars_in_euros("0.5", "0.25")
    (row,) = read_history(store, lambda h: h.cost_analysis(ACCOUNT, in_currency="EUR", rates=rates))
    assert (row.currency, row.orders, row.fill_ratio) == ("EUR", 1, 1)
    assert (row.notional, row.maker_notional, row.taker_notional) == (150, 100, 50)
    assert row.fees == {"USD": 2, "BASE": D("0.2"), "EUR": 6}
    assert row.fee_total == D("0.75") + 10 * D("0.75") + 6
    assert (row.slippage_cost, row.decided_notional) == (2 * D("0.75"), 198 * D("0.75"))
    assert row.complete
    (row,) = read_history(store, lambda h: h.cost_analysis(ACCOUNT, in_currency="EUR"))
    assert (row.notional, row.fee_total, row.complete, row.effective_rate) == (0, 6, False, None)
    assert row.unvalued_notional == {"USD": 400}


def test_the_caller_may_give_a_function_a_mapping_or_a_source(store):
    class Source(RateSource):
        def quote(self, currency, into, at):
            return Quote(D("0.5"), T0, ("USD/EUR",)) if (currency, into) == ("USD", "EUR") else None

    record(store, shares(), trade("E1", "BUY", 1, 100, 0), trade("E2", "SELL", 1, 140, 1))
    for rates in (Source(), {("USD", "EUR"): D("0.5")}, {"USD": D("0.5")}, lambda *asked: D("0.5")):
        assert realized(store, rates=rates).realized_net == 20
    for bad in (D(0), D(-1)):
        with pytest.raises(InvalidInput, match="rates.USD/EUR"):
            realized(store, rates=lambda *asked, bad=bad: bad)
    with pytest.raises(InvalidInput, match="in_currency"):
        read_history(store, lambda h: h.realized(ACCOUNT, in_currency=""))


def test_the_past_in_a_reporting_currency(store):
    record(
        store, shares(), trade("E1", "BUY", 2, 100, 0), trade("E2", "SELL", 1, 100, 1), trade("E3", "SELL", 1, 100, 2)
    )
    rates = dollars_in_euros("0.9", "0.8", "0.7")
    (row,) = read_history(
        store, lambda h: h.as_of(happened_by=T0 + DAY).realized(ACCOUNT, in_currency="EUR", rates=rates)
    )
    assert row.currency_gain == -10
    (held,) = read_history(
        store, lambda h: list(h.as_of(happened_by=T0 + DAY).reported_positions(ACCOUNT, "EUR", rates=rates))
    )
    assert (held.entry_value, held.unrealized(D(100)).currency_gain) == (90, -10)


def event(type, day, **fields):
    return attrs.evolve(account_event(type, 0, **fields), occurred_at=T0 + DAY * day)


@pytest.mark.parametrize("method", list(Method))
def test_units_that_were_split_keep_their_entry_rates(store, method):
    record(
        store,
        shares(),
        trade("E1", "BUY", 1, 100, 0),
        trade("E2", "BUY", 1, 100, 1),
        trade("E3", "SELL", 3, 50, 3),
        trade("E4", "SELL", 1, 50, 3),
        events=[event("SPLIT", 2, split_to="2")],
    )
    row = realized(store, method=method, rates=dollars_in_euros("0.9", "0.8", "1", "0.5"))
    assert (row.realized_gross, row.currency_gain) == (0, 200 * D("0.5") - 170)


def test_units_of_a_transfer_have_the_rates_of_their_acquisition(store):
    lots = [
        {"quantity": "1", "acquired_at": T0, "cost": "100"},
        {"quantity": "1", "acquired_at": T0 + DAY, "cost": "100"},
    ]
    record(
        store,
        shares(),
        trade("E1", "SELL", 1, 100, 3),
        events=[event("TRANSFER", 2, quantity="2", lots=lots)],
    )
    rates = dollars_in_euros("0.9", "0.8", "0.1", "0.7")
    assert realized(store, method="FIFO", rates=rates).currency_gain == -20
    assert realized(store, method="LIFO", rates=rates).currency_gain == -10
    assert realized(store, rates=rates).currency_gain == 100 * D("0.7") - 85


@pytest.mark.parametrize("method", ["AVERAGE", "FIFO"])
def test_units_that_move_out_take_their_entry_value_along(store, method):
    record(
        store,
        shares(),
        trade("E1", "BUY", 2, 100, 0, [(D(2), "USD")]),
        trade("E2", "SELL", 1, 100, 2),
        events=[event("TRANSFER", 1, quantity="-1")],
    )
    row = realized(store, method=method, rates=dollars_in_euros("0.9", "0.1", "0.8"))
    assert (row.realized_gross, row.currency_gain, row.paid_fees, row.closed_fees) == (0, -10, D("1.8"), D("1.8"))


@pytest.mark.parametrize("method", ["AVERAGE", "FIFO"])
def test_a_return_of_capital_lowers_the_entry_value_at_the_rate_of_its_time(store, method):
    record(
        store,
        shares(),
        trade("E1", "BUY", 2, 100, 0),
        trade("E2", "SELL", 2, 90, 2),
        events=[event("COST_ADJUSTMENT", 1, amount="20", currency="USD")],
    )
    row = realized(store, method=method, rates=dollars_in_euros("0.9", "0.5", "0.8"))
    assert (row.realized_gross, row.currency_gain) == (0, 180 * D("0.8") - (180 - 10))


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("change", [{"amount": "20", "currency": "USD"}, {"cost": "-20"}])
def test_a_change_of_cost_is_valued_by_what_it_changes_in_each_lot(store, method, change):
    """Of a lot that cost less than its part of the payment the rest is a result. A constant rate gains nothing."""
    record(
        store,
        shares(),
        trade("E1", "BUY", 1, 1, 0),
        trade("E2", "BUY", 1, 100, 0),
        trade("E3", "SELL", 1, 50, 2),
        trade("E4", "SELL", 1, 60, 3),
        events=[event("COST_ADJUSTMENT", 1, **change)],
    )
    rates = dollars_in_euros(*["0.9"] * 4)
    contributions = read_history(
        store, lambda h: list(h.contributions(ACCOUNT, method=method, in_currency="EUR", rates=rates))
    )
    assert [contribution.currency_gain for contribution in contributions] == [0] * 5
    plain = read_history(store, lambda h: list(h.contributions(ACCOUNT, method=method)))
    assert [contribution.realized_gross for contribution in contributions] == [
        contribution.realized_gross * D("0.9") for contribution in plain
    ]


@pytest.mark.parametrize("method", list(Method))
def test_a_payment_beyond_the_cost_of_a_lot_is_a_result_at_the_rate_of_its_time(store, method):
    """Of 101 dollars 20 came back, by lot 9 of them as a result; what was left lost with the currency."""
    record(
        store,
        shares(),
        trade("E1", "BUY", 1, 1, 0),
        trade("E2", "BUY", 1, 100, 0),
        trade("E3", "SELL", 2, 60, 2),
        events=[event("COST_ADJUSTMENT", 1, amount="20", currency="USD")],
    )
    row = realized(store, by=[], method=method, rates=dollars_in_euros("0.9", "0.9", "0.8"))
    open_value = {"AVERAGE": 81}.get(method, 90)
    assert row.currency_gain == open_value * D("-0.1")
    assert row.realized_gross + row.account_results == (120 - open_value) * D("0.8") + (open_value - 81) * D("0.9")


@pytest.mark.parametrize("method", ["AVERAGE", "FIFO"])
def test_a_spin_off_takes_its_share_at_the_rates_of_the_entry(store, method):
    write_history(store, lambda h: h.register(attrs.evolve(shares(), symbol="NEWCO", base="NEWCO")))
    record(
        store,
        shares(),
        trade("E1", "BUY", 1, 100, 0),
        trade("E2", "SELL", 1, 75, 2),
        events=[event("SPIN_OFF", 1, to_symbol="NEWCO", to_quantity="1", cost="25")],
    )
    row = realized(store, by=[], method=method, rates=dollars_in_euros("0.9", "0.5", "0.8"))
    assert (row.realized_gross, row.currency_gain) == (0, 75 * D("-0.1"))


@pytest.mark.parametrize("method", ["AVERAGE", "FIFO"])
def test_an_exercised_option_brings_its_premium_at_the_rates_of_its_own_entry(store, method):
    terms = {"underlying": "ACME", "strike": "90", "right": "CALL", "expires_at": T0 + DAY * 9}
    write_history(store, lambda h: h.register(attrs.evolve(shares(), symbol="ACME")))
    record(
        store,
        shares("OPTION", **terms),
        trade("E1", "BUY", 1, 10, 0, [(D(1), "USD")]),
        attrs.evolve(trade("E2", "SELL", 1, 100, 2), symbol="ACME"),
        events=[event("EXERCISE", 1, quantity="1", to_symbol="ACME")],
    )
    row = realized(store, by=[], method=method, rates=dollars_in_euros("0.9", "0.5", "0.8"))
    assert (row.realized_gross, row.currency_gain) == (0, 90 * D("0.3") + 10 * D("-0.1"))
    assert (row.closed_fees, row.paid_fees) == (D("0.9"), D("0.9"))


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["BUY", "SELL"]),
        st.integers(1, 5),
        st.decimals("0.5", "200", places=1),
        st.lists(st.tuples(st.decimals("-1", "2", places=1), st.sampled_from(["USD", "EUR", "TOKEN"])), max_size=2),
        st.decimals("0.1", "3", places=2),
    ),
    min_size=1,
    max_size=9,
)
KINDS = st.sampled_from(["SPOT", "MARGIN", "EQUITY", "OPTION", "PERPETUAL"])


def recorded(kind, entries):
    store = MemoryStore()
    reports = [trade(f"E{n}", side, q, p, n, fees) for n, (side, q, p, fees, _) in enumerate(entries)]
    record(store, shares(kind, multiplier="3"), *reports)
    return store


@given(KINDS, ENTRIES, st.sampled_from(list(Method)))
def test_in_the_settlement_currency_results_are_the_plain_ones(kind, entries, method):
    store, rates = recorded(kind, entries), {("TOKEN", "USD"): D(2), ("EUR", "USD"): D(3)}
    (plain,) = read_history(store, lambda h: h.realized(ACCOUNT, method=method, rates=rates))
    (row,) = read_history(store, lambda h: h.realized(ACCOUNT, method=method, rates=rates, in_currency="USD"))
    assert row.currency_gain == 0
    for name in ("realized_gross", "paid_fees", "account_results", "realized_paid", "unvalued", "complete"):
        assert getattr(row, name) == getattr(plain, name), name
    assert abs(subtract(row.closed_fees, plain.closed_fees)) < D("1e-33")  # shares are rounded apart


@given(KINDS.filter(lambda kind: kind != "PERPETUAL"), ENTRIES, st.sampled_from(list(Method)))
def test_gross_and_currency_gain_are_what_flat_positions_earned(kind, entries, method):
    """Money out at the rates of the exits less money in at the rates of the entries, exactly."""
    units = sum(quantity if side == "BUY" else -quantity for side, quantity, *_ in entries)
    if units:
        entries = [*entries, ("SELL" if units > 0 else "BUY", abs(units), D(7), [], D("0.9"))]
    if kind == "SPOT" and units_go_below_zero(entries):
        kind = "MARGIN"
    store = recorded(kind, [(side, q, p, [], rate) for side, q, p, _, rate in entries])
    rates = dollars_in_euros(*[entry[-1] for entry in entries])
    row = realized(store, rates=rates, method=method)
    money = ZERO
    for side, quantity, price, _, rate in entries:
        value = multiply(multiply(D(3 * quantity), price), rate)
        money = subtract(money, value) if side == "BUY" else add(money, value)
    assert add(row.realized_gross, row.currency_gain) == money
    assert row.complete


def units_go_below_zero(entries):
    units = 0
    for side, quantity, *_ in entries:
        units += quantity if side == "BUY" else -quantity
        if units < 0:
            return True
    return False


# ----------------------------------------------------------------------------------------- costs as without a currency


def costs_in_both(store, **options):
    """The costs in the settlement currency, and in another one at a constant rate of one half."""
    rates = FileRates({("USD", "EUR"): {T0: D("0.5")}, ("TOKEN", "EUR"): {T0: D(2)}, ("TOKEN", "USD"): {T0: D(4)}})
    plain = read_history(store, lambda h: h.cost_analysis(ACCOUNT, rates=rates, **options))
    reported = read_history(store, lambda h: h.cost_analysis(ACCOUNT, in_currency="EUR", rates=rates, **options))
    return plain, reported


def assert_costs_agree(store, **figures):
    (plain,), (reported,) = costs_in_both(store)
    for name in ("notional", "fee_total", "slippage_cost", "decided_notional"):
        assert getattr(reported, name) * 2 == getattr(plain, name)
    assert reported.fees == plain.fees
    assert (plain.complete, reported.complete) == (True, True)
    assert {name: getattr(plain, name) for name in figures} == figures


def submit(store, quantity):
    write_history(store, lambda h: h.register(shares()))
    context = DecisionContext(market_snapshot={"decision_price": "5"})
    request = write_history(store, lambda h: h.submit(new_order_request("C1", quantity=quantity), context))
    write_history(store, lambda h: h.mark_sent(request.request_id))


def test_costs_of_a_split_order_in_a_reporting_currency(store):
    """Two of the six units were executed before each unit became two: they are four at the decision price."""
    submit(store, 6)
    fields = {"venue": VENUE, "client_order_id": "C1"}
    split = VenueReport(account_id=ACCOUNT, type="RESTATED", split_ratio=D(2), order_quantity=D(12), **fields)
    for report in (
        trade_report("C1", "E1", "2", "12", occurred_at=T0),
        attrs.evolve(split, occurred_at=T0 + DAY),
        trade_report("C1", "E2", "3", "6", occurred_at=T0 + DAY * 2),
    ):
        write_history(store, lambda h, r=report: h.record(r))
    assert_costs_agree(store, notional=42, decided_notional=35, slippage_cost=7)


def test_stated_amounts_count_in_the_costs_in_a_reporting_currency(store):
    submit(store, 3)
    report = trade_report("C1", "E1", "3", "3.3333", last_amount=D(10), occurred_at=T0)
    write_history(store, lambda h: h.record(report))
    assert_costs_agree(store, notional=10, slippage_cost=-5)


@pytest.mark.parametrize(("leg_fee", "fees", "total"), [(1, {"TOKEN": 2}, 8), (0, {"USD": 3}, 3)])
def test_fees_of_legs_count_in_the_costs(store, leg_fee, fees, total):
    """Those of the summary count only where no leg has any."""
    submit(store, 1)
    summary = trade_report("C1", "S", "1", "7", fees=[Fee(D(3), "USD")], reporting_type="SUMMARY", occurred_at=T0)
    write_history(store, lambda h: h.record(summary))
    for leg in ("1", "2"):
        paid = [Fee(D(leg_fee), "TOKEN")] if leg_fee else []
        fields = {"leg": leg, "symbol": f"LEG{leg}", "side": "BUY", "reporting_type": "LEG"}
        told = trade_report("C1", f"L{leg}", "1", "50", fees=paid, occurred_at=T0, **fields)
        write_history(store, lambda h, r=told: h.record(r))
    assert_costs_agree(store, notional=7, fees=fees, fee_total=total)
