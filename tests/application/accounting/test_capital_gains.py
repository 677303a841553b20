"""Capital gains by lot: what each row says, and that all rows together are the realized result."""

from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import Instrument, InstrumentKind, InvalidInput
from sot.accounting import Method
from sot.adapters.memory import MemoryStore
from sot.domain.accounting.capital_gains import PAYMENTS
from sot.domain.accounting.reporting import holds_value
from sot.domain.values.numbers import ZERO, add, subtract
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.strategies import account_events
from tests.application.accounting.test_reporting import DAY, dollars_in_euros, event, record, shares, trade
from tests.support.accounting_samples import T0, at, execution_report

D = Decimal


def gains(store, **options):
    return read_history(store, lambda h: list(h.capital_gains(ACCOUNT, **options)))


def figures(rows):
    return [(row.quantity, row.cost, row.proceeds, row.fees, row.gain) for row in rows]


def times(rows):
    return [(row.acquired_at, row.disposed_at, row.realized_at) for row in rows]


def day(number):
    return T0 + DAY * number


def two_lots(store, kind="EQUITY", sides=("BUY", "SELL")):
    opening, closing = sides
    record(
        store,
        shares(kind),
        trade("E1", opening, 2, 100, 0, [(D(4), "USD")]),
        trade("E2", opening, 2, 110, 1),
        trade("E3", closing, 3, 120, 2, [(D(3), "USD")]),
    )


def test_a_sale_takes_a_row_of_each_lot(store):
    two_lots(store)
    rows = gains(store)
    assert figures(rows) == [(2, 200, 240, 4 + 2, 34), (1, 110, 120, 1, 9)]
    assert times(rows) == [(day(0), day(2), day(2)), (day(1), day(2), day(2))]
    assert {(row.method, row.cause, row.side, row.currency, row.complete) for row in rows} == {
        ("FIFO", "TRADE", "LONG", "USD", True)
    }
    orders = read_history(store, lambda h: {o.venue_order_id: o.order_id for o in h.orders()})
    assert [(row.opening_order_id, row.order_id, row.exec_id) for row in rows] == [
        (orders["VE1"], orders["VE3"], "E3"),
        (orders["VE2"], orders["VE3"], "E3"),
    ]


@pytest.mark.parametrize(
    ("method", "rows"),
    [
        ("LIFO", [(2, 220, 240, 2, 18), (1, 100, 120, 3, 17)]),
        ("LOFO", [(2, 200, 240, 6, 34), (1, 110, 120, 1, 9)]),
        ("AVERAGE", [(3, 315, 360, 6, 39)]),
    ],
)
def test_methods_choose_the_lots(store, method, rows):
    two_lots(store)
    assert figures(gains(store, method=method)) == rows


def test_an_average_has_one_row_and_no_time_of_acquisition(store):
    two_lots(store)
    (row,) = gains(store, method="AVERAGE")
    assert (row.acquired_at, row.disposed_at, row.opening_order_id) == (None, day(2), None)


def test_short_units_are_disposed_of_when_sold_and_acquired_when_bought_back(store):
    two_lots(store, "MARGIN", ("SELL", "BUY"))
    rows = gains(store)
    assert figures(rows) == [(2, 240, 200, 6, -46), (1, 120, 110, 1, -11)]
    assert times(rows) == [(day(2), day(0), day(2)), (day(2), day(1), day(2))]
    assert {row.side for row in rows} == {"SHORT"}


def test_a_flip_closes_and_opens(store):
    record(
        store, shares("MARGIN"), trade("E1", "BUY", 1, 100, 0), trade("E2", "SELL", 3, 110, 1, [(D(3), "USD")]),
        trade("E3", "BUY", 2, 100, 2),
    )  # fmt: skip
    assert figures(gains(store)) == [(1, 100, 110, 1, 9), (2, 200, 220, 2, 18)]


def test_an_inverse_contract_gains_as_its_value_falls(store):
    inverse = Instrument(
        account_id=ACCOUNT, venue=VENUE, symbol=SYMBOL, kind=InstrumentKind.PERPETUAL, base="BTC", quote="USD",
        settle="BTC", inverse=True,
    )  # fmt: skip
    record(store, inverse, trade("E1", "BUY", 100, 50, 0), trade("E2", "SELL", 100, 100, 1))
    (row,) = gains(store)
    assert (row.cost, row.proceeds, row.gain, row.currency, row.side) == (1, 2, 1, "BTC", "LONG")


@pytest.mark.parametrize("method", list(Method))
def test_a_split_changes_units_and_no_money(store, method):
    record(
        store, shares(), trade("E1", "BUY", 1, 90, 0), trade("E2", "SELL", 3, 40, 2),
        events=[event("SPLIT", 1, split_to="3")],
    )  # fmt: skip
    (row,) = gains(store, method=method)
    assert (row.quantity, row.cost, row.proceeds, row.gain) == (3, 90, 120, 30)
    assert row.acquired_at == (None if method == "AVERAGE" else day(0))


def test_units_of_a_transfer_keep_their_times_of_acquisition(store):
    acquired = datetime(2020, 2, 29, tzinfo=UTC)
    lots = [{"quantity": "1", "acquired_at": acquired, "cost": "10"}, {"quantity": "2", "acquired_at": T0, "cost": 80}]
    record(
        store, shares(), trade("E1", "SELL", 2, 50, 3),
        events=[event("TRANSFER", 1, quantity="3", lots=lots)],
    )  # fmt: skip
    rows = gains(store)
    assert figures(rows) == [(1, 10, 50, 0, 40), (1, 40, 50, 0, 10)]
    assert [row.acquired_at for row in rows] == [acquired, T0]


def test_units_that_a_transfer_takes_for_a_cost_are_disposed_of(store):
    """They leave the lots that the event names, first."""
    named = [{"quantity": "1", "acquired_at": day(number)} for number in (1, 0)]
    record(
        store, shares(), trade("E1", "BUY", 2, 100, 0), trade("E2", "BUY", 2, 110, 1),
        events=[event("TRANSFER", 2, quantity="-2", cost="230", lots=named)],
    )  # fmt: skip
    rows = gains(store)
    assert figures(rows) == [(1, 110, 115, 0, 5), (1, 100, 115, 0, 15)]
    assert {row.cause for row in rows} == {"TRANSFER"}
    assert all(row.event_id and not row.order_id for row in rows)


def test_units_that_leave_with_their_cost_are_no_disposal(store):
    """Their entry fees are part of the result, and have a row without units."""
    record(
        store, shares(), trade("E1", "BUY", 2, 100, 0, [(D(2), "USD")]),
        events=[event("TRANSFER", 1, quantity="-1")],
    )  # fmt: skip
    (row,) = gains(store)
    assert (row.cause, row.side, row.quantity, row.cost, row.proceeds, row.fees, row.gain) == (
        "TRANSFER", None, 0, None, None, 1, -1,
    )  # fmt: skip
    assert row.complete


@pytest.mark.parametrize("method", ["AVERAGE", "FIFO"])
def test_missing_units_have_no_cost_and_no_gain(store, method):
    record(store, shares("SPOT"), trade("E1", "BUY", 1, 100, 0), trade("E2", "SELL", 3, 110, 1, [(D(3), "USD")]))
    known, missing = gains(store, method=method)
    assert (known.cost, known.proceeds, known.fees, known.gain, known.complete) == (100, 110, 1, 9, True)
    assert (missing.quantity, missing.cost, missing.proceeds, missing.fees, missing.gain) == (2, None, 220, 2, None)
    assert (missing.incomplete, missing.complete, missing.acquired_at) == (("MISSING_UNITS",), False, None)


def test_what_a_transfer_sells_without_being_there_is_missing(store):
    record(store, shares("SPOT"), events=[event("TRANSFER", 0, quantity="-2", cost="50")])
    (row,) = gains(store)
    assert (row.quantity, row.cost, row.proceeds, row.gain, row.incomplete) == (2, None, 50, None, ("MISSING_UNITS",))


def test_what_ends_without_being_there_is_missing(store):
    terms = {"underlying": "ACME", "strike": "90", "right": "CALL", "expires_at": day(9)}
    record(store, shares("OPTION", **terms), trade("E1", "BUY", 1, 10, 0),
           events=[event("EXPIRY", 1, quantity="3")])  # fmt: skip
    assert [(row.quantity, row.cost, row.proceeds, row.gain, row.incomplete) for row in gains(store)] == [
        (1, 10, 0, -10, ()),
        (2, None, None, None, ("MISSING_UNITS",)),
    ]


def test_missing_units_of_a_short_side_have_no_proceeds(store):
    record(
        store,
        shares("PERPETUAL"),
        *(
            attrs.evolve(each, position_side="SHORT")
            for each in (trade("E1", "SELL", 1, 100, 0), trade("E2", "BUY", 3, 90, 1))
        ),
    )
    (_, missing) = gains(store)
    assert (missing.quantity, missing.cost, missing.proceeds, missing.side) == (2, 180, None, "SHORT")


def test_a_fee_of_zero_is_complete(store):
    record(store, shares(), trade("E1", "BUY", 1, 100, 0, [(D(0), "BNB")]), trade("E2", "SELL", 1, 110, 1))
    assert [row.complete for row in gains(store)] == [True]
    (row,) = read_history(store, lambda h: list(h.realized(ACCOUNT, by=(), in_currency="EUR", rates={"USD": "0.9"})))
    assert (row.realized_gross, row.unvalued) == (9, {})


def test_an_exercised_option_is_in_the_cost_of_the_underlying(store):
    terms = {"underlying": "ACME", "strike": "90", "right": "CALL", "expires_at": day(9)}
    write_history(store, lambda h: h.register(attrs.evolve(shares(), symbol="ACME")))
    record(
        store, shares("OPTION", **terms), trade("E1", "BUY", 1, 10, 0, [(D(1), "USD")]),
        attrs.evolve(trade("E2", "SELL", 1, 120, 2), symbol="ACME"),
        events=[event("EXERCISE", 1, quantity="1", to_symbol="ACME")],
    )  # fmt: skip
    (row,) = gains(store)
    assert (row.key.symbol, row.cost, row.proceeds, row.fees, row.gain) == ("ACME", 100, 120, 1, 19)
    assert (row.acquired_at, row.disposed_at) == (day(1), day(2))


def test_a_future_that_ends_for_a_payment_has_no_cost(store):
    record(
        store, shares("FUTURE"), trade("E1", "BUY", 1, 100, 0), trade("E2", "BUY", 3, 110, 0, [(D(3), "USD")]),
        events=[event("EXPIRY", 1, quantity="4", amount="8", currency="USD")],
    )  # fmt: skip
    rows = gains(store)
    assert figures(rows) == [(1, None, None, 0, 2), (3, None, None, 3, 3)]
    assert all(row.complete for row in rows)


def test_a_return_of_capital_beyond_the_entry_value_is_a_gain_without_units(store):
    record(store, shares(), trade("E1", "BUY", 1, 30, 0),
           events=[event("COST_ADJUSTMENT", 1, amount="40", currency="USD")])  # fmt: skip
    (row,) = gains(store)
    assert (row.cause, row.quantity, row.gain) == ("COST_ADJUSTMENT", 0, 10)


def test_payments_are_no_capital_gains(store):
    record(store, shares(), trade("E1", "BUY", 1, 30, 0),
           events=[event(type, 1, amount="4", currency="USD") for type in sorted(PAYMENTS)])  # fmt: skip
    assert gains(store) == []


def test_a_fee_without_a_rate_is_told_with_the_units_that_paid_it(store):
    record(
        store, shares(), trade("E1", "BUY", 1, 100, 0, [(D(1), "TOKEN")]), trade("E2", "BUY", 1, 100, 1),
        trade("E3", "SELL", 2, 110, 2),
    )  # fmt: skip
    assert [row.incomplete for row in gains(store)] == [("UNVALUED_FEES",), ()]
    assert [row.incomplete for row in gains(store, method="AVERAGE")] == [("UNVALUED_FEES",)]
    rows = gains(store, rates={("TOKEN", "USD"): D(5)})
    assert [(row.fees, row.gain, row.complete) for row in rows] == [(5, 5, True), (0, 10, True)]


def test_each_part_has_the_rate_of_its_own_time(store):
    two_lots(store)
    rows = gains(store, in_currency="EUR", rates=dollars_in_euros("0.9", "0.8", "0.5"))
    assert figures(rows) == [
        (2, 180, 120, D("3.6") + 1, 120 - 180 - D("4.6")),
        (1, 88, 60, D("0.5"), D("-28.5")),
    ]
    assert {row.currency for row in rows} == {"EUR"}
    (row,) = gains(store, method="AVERAGE", in_currency="EUR", rates=dollars_in_euros("0.9", "0.8", "0.5"))
    assert (row.cost, row.proceeds) == (D("0.75") * (180 + 176), 180)


def test_a_missing_rate_leaves_figures_out(store):
    record(
        store, shares(), trade("E0", "BUY", 1, 60, -1), trade("E1", "BUY", 1, 100, 0), trade("E2", "SELL", 2, 100, 1)
    )
    old, new = gains(store, in_currency="EUR", rates=dollars_in_euros("0.9", "0.8"))
    assert (old.cost, old.proceeds, old.gain, old.incomplete) == (None, 80, None, ("UNVALUED_COST",))
    assert (new.cost, new.proceeds, new.gain, new.incomplete) == (90, 80, -10, ())
    for row in gains(store, in_currency="EUR"):
        assert (row.gain, row.incomplete) == (None, ("UNVALUED_COST", "UNVALUED_PROCEEDS"))


def test_a_contract_that_is_settled_by_its_result_has_one_rate(store):
    record(store, shares("FUTURE"), trade("E1", "BUY", 1, 100, 0), trade("E2", "SELL", 1, 120, 1))
    (row,) = gains(store, in_currency="EUR", rates=dollars_in_euros("0.9", "0.5"))
    assert (row.cost, row.proceeds, row.gain) == (50, 60, 10)


def test_an_interval_has_what_was_realized_in_it(store):
    two_lots(store)
    assert len(gains(store, since=day(2), before=day(3))) == 2
    assert gains(store, before=day(2)) == gains(store, since=day(3)) == gains(store, venue="ELSEWHERE") == []
    with pytest.raises(InvalidInput, match="method"):
        gains(store, method="SPECIFIC")


def test_the_past_has_the_gains_of_its_time(store):
    record(store, shares(), *(trade(f"E{n}", side, 1, 100 + n, n) for n, side in enumerate(["BUY", "SELL"] * 2)))
    past = read_history(store, lambda h: list(h.as_of(happened_by=day(2)).capital_gains(ACCOUNT)))
    assert past == gains(store)[:1]


# ---------------------------------------------------------------------------------------------------- the sum of all

FEES = st.lists(
    st.tuples(st.decimals("-1", "2", places=1), st.sampled_from(["USD", "EUR", "TOKEN", "ACME"])), max_size=2
)
FILLS = st.lists(
    st.tuples(
        st.sampled_from(["BUY", "SELL"]),
        st.integers(1, 7),
        st.decimals("0.5", "200", places=1),
        FEES,
        st.integers(0, 30),
    ),
    max_size=9,
)
OTHER = "UNREGISTERED"  # the other symbol of the strategy, which these tests do register


def leaving(units, second, has_lots):
    """Units that a transfer takes; those of a lot for a cost."""
    lots = [{"quantity": units, "acquired_at": at(second)}] if has_lots else []
    return event("TRANSFER", 0, quantity=-units, cost=D(7) if has_lots else None, lots=lots)


LEAVING = st.builds(leaving, st.integers(1, 4).map(D), st.integers(0, 30), st.booleans())
EVENTS = st.lists(
    st.one_of(
        account_events(ACCOUNT, VENUE, SYMBOL),
        account_events(ACCOUNT, VENUE, SYMBOL),
        st.tuples(LEAVING, st.integers(0, 30)).map(lambda pair: attrs.evolve(pair[0], occurred_at=at(pair[1]))),
    ),
    max_size=7,
)


def traded(kind, inverse, fills, events):
    store = MemoryStore()
    instrument = shares(kind, multiplier="3")
    if inverse and kind in ("PERPETUAL", "FUTURE"):
        instrument = shares(kind, inverse=True, settle="ACME")
    write_history(store, lambda h: h.register(instrument))
    write_history(store, lambda h: h.register(attrs.evolve(shares("MARGIN"), symbol=OTHER, base="OTHER")))
    for number, (side, quantity, price, fees, second) in enumerate(fills):
        report = execution_report(f"E{number}", side, quantity, price, second, fees)
        if number % 4 == 3:
            report = attrs.evolve(report, symbol=OTHER)
        write_history(store, lambda h, r=report: h.adopt(r))
    for told in events:
        write_history(store, lambda h, e=told: h.record_account_event(e))
    return store, instrument


@given(
    st.sampled_from(["SPOT", "MARGIN", "EQUITY", "OPTION", "PERPETUAL", "FUTURE"]), st.booleans(), FILLS, EVENTS,
    st.sampled_from(list(Method)), st.sampled_from([None, "USD", "EUR"]), st.booleans(),
)  # fmt: skip
def test_all_gains_are_the_realized_result_but_for_payments(kind, inverse, fills, events, method, into, has_rates):
    store, instrument = traded(kind, inverse, fills, events)
    rates = {("TOKEN", "USD"): D(2), ("EUR", "USD"): D(3), ("BASE", "USD"): D(5), ("QUOTE", "USD"): D(1)}
    if into == "EUR":
        rates = {(currency, "EUR"): D(number) / 4 for number, currency in enumerate(["TOKEN", "USD", "ACME"], 1)}
    options = {"method": method, "rates": rates if has_rates else None, "in_currency": into}
    rows = gains(store, **options)
    contributions = read_history(store, lambda h: h.contributions(ACCOUNT, **options))
    if into is not None and not has_rates and into != instrument.currency and holds_value(instrument):
        assert all(row.gain is None or not row.quantity for row in rows)
    expected = ZERO
    for contribution in contributions:
        if contribution.entry.__class__.__name__ == "Fill" or contribution.entry.type not in PAYMENTS:
            trading = add(contribution.realized_gross, contribution.currency_gain)
            expected = add(expected, add(subtract(trading, contribution.closed_fees), contribution.account_results))
    if any(flag in ("UNVALUED_COST", "UNVALUED_PROCEEDS") for row in rows for flag in row.incomplete):
        return  # what the library counts in part is not known here
    total = ZERO
    for row in rows:
        total = add(total, subtract(ZERO, row.fees) if row.gain is None else row.gain)
        assert row.complete == (not row.incomplete)
        if row.gain is None:
            assert row.incomplete and None in (row.cost, row.proceeds)
        elif row.cost is not None:
            assert row.gain == subtract(subtract(row.proceeds, row.cost), row.fees)
        assert (row.side is None) == (not row.quantity)
    assert total == expected
