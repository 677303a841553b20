"""The events that brokers tell: options that end, spin-offs, changes of cost, transfers by lot and of shorts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from functools import reduce

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sot import AccountEvent, EventType, Fee, Instrument, InvalidInput, VenueReport
from sot.accounting import Method
from sot.adapters.memory import MemoryStore
from sot.audit import rebuild, verify
from sot.domain.values.numbers import add, canonical
from sot.testing.contract.transactions import read_history, write_history
from tests.support.archived_history import archive_lines, restore_archive

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
METHODS = list(Method)
CALL, PUT, STOCK, NEW, FUTURE = "ABC C100", "ABC P100", "ABC", "XYZ", "FUT"


def at(minute):
    return T0 + timedelta(minutes=minute)


def instruments():
    common = {"account_id": "main", "venue": "X", "quote": "USD"}
    for symbol in (STOCK, NEW):
        yield Instrument(symbol=symbol, base=symbol, kind="EQUITY", **common)
    for symbol, right in ((CALL, "CALL"), (PUT, "PUT")):
        terms = {"underlying": STOCK, "strike": 100, "right": right, "multiplier": 100}
        yield Instrument(symbol=symbol, base=symbol, kind="OPTION", **terms, **common)
    yield Instrument(symbol=FUTURE, base=FUTURE, kind="FUTURE", multiplier=10, **common)


def trade(symbol, side, quantity, price, minute, fee=0):
    name = f"{symbol} {side} {quantity} {price} {minute}"
    fees = [Fee(D(fee), "USD")] if fee else []
    return VenueReport(
        account_id="main",
        venue="X",
        type=EventType.TRADE,
        symbol=symbol,
        side=side,
        venue_order_id=name,
        exec_id=name,
        last_quantity=D(quantity),
        last_price=D(price),
        fees=fees,
        occurred_at=at(minute),
    )


def event(type, symbol, minute, **fields):
    return AccountEvent(account_id="main", venue="X", type=type, symbol=symbol, occurred_at=at(minute), **fields)


def record(store, *facts):
    for fact in facts:
        if isinstance(fact, AccountEvent):
            write_history(store, lambda h, f=fact: h.record_account_event(f))
        elif isinstance(fact, Instrument):
            write_history(store, lambda h, f=fact: h.register(f))
        else:
            write_history(store, lambda h, f=fact: h.adopt(f))


def position(store, symbol, method=Method.AVERAGE):
    return read_history(store, lambda h: h.position("main", "X", symbol, method=method))


def figures(store, symbol, method=Method.AVERAGE):
    """Quantity, entry value, open fees, gross, net."""
    held = position(store, symbol, method)
    return held.quantity, held.entry_value, held.open_fees, held.realized_gross, held.realized_net


def check(store):
    """Nothing is found by verification, and a rebuild changes nothing."""
    assert verify(store).problems == []
    before = {symbol: position(store, symbol) for symbol in (STOCK, NEW, CALL, PUT, FUTURE)}
    rebuild(store)
    assert {symbol: position(store, symbol) for symbol in before} == before
    assert verify(store).problems == []


@pytest.fixture
def broker(store):
    record(store, *instruments())
    return store


# ------------------------------------------------------------------------------------------------ options


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("symbol", "side", "type", "held", "expected"),
    [
        (CALL, "BUY", "EXERCISE", None, (100, 10300, 2, 0, 0)),
        (PUT, "BUY", "EXERCISE", ("BUY", 90), (0, 0, 0, 700, 698)),
        (CALL, "SELL", "ASSIGNMENT", ("BUY", 90), (0, 0, 0, 1300, 1298)),
        (PUT, "SELL", "ASSIGNMENT", None, (100, 9700, 2, 0, 0)),
        (CALL, "BUY", "EXERCISE", ("SELL", 120), (0, 0, 0, 1700, 1698)),
        (CALL, "SELL", "ASSIGNMENT", None, (-100, 10300, 2, 0, 0)),
    ],
)
def test_an_option_that_is_exercised_enters_the_basis_of_the_underlying(
    broker, method, symbol, side, type, held, expected
):
    if held:
        record(broker, trade(STOCK, held[0], 100, held[1], 0))
    record(broker, trade(symbol, side, 1, 3, 1, fee=2), event(type, symbol, 2, quantity=1, to_symbol=STOCK))
    assert figures(broker, symbol, method) == (0, 0, 0, 0, 0)
    assert figures(broker, STOCK, method) == expected
    check(broker)


def test_the_terms_of_an_exercise_may_be_told(broker):
    told = {"to_symbol": STOCK, "to_quantity": 150, "price": 80}
    record(broker, trade(CALL, "BUY", 2, 3, 1), event("EXERCISE", CALL, 2, quantity=1, **told))
    assert figures(broker, CALL)[:2] == (1, 300)
    assert figures(broker, STOCK)[:2] == (150, 150 * 80 + 300)


def test_an_exercise_needs_terms(broker):
    plain = Instrument(account_id="main", venue="X", symbol="OPT", base="OPT", quote="USD", kind="OPTION")
    record(broker, plain)
    for told, field in (({}, "to_quantity"), ({"to_quantity": 5}, "price"), ({"price": 5}, "to_quantity")):
        with pytest.raises(InvalidInput) as caught:
            record(broker, event("EXERCISE", "OPT", 2, quantity=1, to_symbol=STOCK, **told))
        assert caught.value.field == field


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("side", "type", "fields", "gross"),
    [
        ("BUY", "EXERCISE", {"quantity": 1, "amount": 500, "currency": "USD"}, 200),
        ("SELL", "ASSIGNMENT", {"quantity": 1, "amount": -500, "currency": "USD"}, -200),
        ("BUY", "EXPIRY", {}, -300),
        ("SELL", "EXPIRY", {}, 300),
        ("BUY", "EXPIRY", {"quantity": 1}, -300),
        ("BUY", "EXPIRY", {"price": 4}, 100),
        ("SELL", "EXPIRY", {"price": 4}, -100),
        ("BUY", "EXPIRY", {"amount": 50, "currency": "USD"}, -250),
    ],
)
def test_what_an_option_brings_in_the_end_is_its_gross_result(broker, method, side, type, fields, gross):
    record(broker, trade(CALL, side, 1, 3, 1, fee=2), event(type, CALL, 2, **fields))
    assert figures(broker, CALL, method) == (0, 0, 0, gross, gross - 2)
    assert position(broker, CALL, method).account_results == {}
    check(broker)


@pytest.mark.parametrize(
    ("fields", "gross"),
    [({"price": 105}, 50), ({"amount": 45, "currency": "USD"}, 45), ({}, 0), ({"price": 95}, -50)],
)
def test_a_future_that_expires_brings_its_result_alone(broker, fields, gross):
    record(broker, trade(FUTURE, "BUY", 1, 100, 1), event("EXPIRY", FUTURE, 2, **fields))
    assert figures(broker, FUTURE) == (0, 0, 0, gross, gross)
    check(broker)


@pytest.mark.parametrize("method", METHODS)
def test_what_expires_for_an_amount_leaves_its_cost_behind_for_every_method(broker, method):
    """The result of what expired is the amount, so that which units expired decides what the others brought."""
    gross = 10 * (30 - {Method.AVERAGE: 15, Method.FIFO: 10, Method.LOFO: 10}.get(method, 20)) + 5
    record(
        broker,
        *(trade(FUTURE, "BUY", 1, price, minute) for minute, price in enumerate([10, 20])),
        trade(FUTURE, "SELL", 1, 30, 2),
        event("EXPIRY", FUTURE, 3, amount=5, currency="USD"),
    )
    for minute in range(4, 10):  # snapshots are taken while the position is flat
        record(broker, trade(FUTURE, "BUY" if minute % 2 else "SELL", 1, 10, minute))
        assert position(broker, FUTURE, method).realized_gross == gross
    check(broker)


@pytest.mark.parametrize("symbol", [CALL, FUTURE])
def test_what_is_paid_at_an_expiry_of_nothing_is_a_result(broker, symbol):
    """The venue settled what the history closed before: the money moved, with and without open units."""
    record(broker, trade(symbol, "BUY", 1, 5, 1), trade(symbol, "SELL", 1, 5, 2))
    record(broker, event("EXPIRY", symbol, 3, amount=D("-7.5"), currency="USD"))
    for method in METHODS:
        assert figures(broker, symbol, method) == (0, 0, 0, D("-7.5"), D("-7.5"))
    assert read_history(broker, lambda h: [(row.asset, row.amount) for row in h.balances("main")]) == [
        ("USD", D("-7.5"))
    ]
    check(broker)


def test_units_that_end_without_being_there_are_missing(broker):
    record(broker, trade(CALL, "SELL", 1, 3, 1), event("EXERCISE", CALL, 2, quantity=1, amount=500, currency="USD"))
    assert figures(broker, CALL)[:2] == (-1, 300)
    assert (position(broker, CALL).missing_quantity, position(broker, CALL).complete) == (1, False)
    record(broker, event("EXPIRY", CALL, 3, quantity=5))
    assert figures(broker, CALL) == (0, 0, 0, 300, 300)
    assert position(broker, CALL).missing_quantity == 5
    check(broker)


@pytest.mark.parametrize("method", METHODS)
def test_a_late_fact_of_an_option_moves_the_basis_of_the_underlying(broker, method):
    exercise = event("EXERCISE", CALL, 5, quantity=1, to_symbol=STOCK, external_id="x")
    record(broker, trade(CALL, "BUY", 1, 3, 3), exercise, trade(STOCK, "SELL", 50, 120, 6))
    assert figures(broker, STOCK, method)[:4] == (50, 5150, 0, 850)
    horizon = broker.horizon()
    record(broker, trade(CALL, "BUY", 1, 5, 1))
    cost = {Method.AVERAGE: 400, Method.FIFO: 500, Method.LIFO: 300, Method.HIFO: 500, Method.LOFO: 300}[method]
    expected = D(10000 + cost) / 2
    assert figures(broker, STOCK, method)[:4] == (50, expected, 0, 6000 - expected)
    past = read_history(broker, lambda h: h.as_of(known_at=horizon).position("main", "X", STOCK, method=method))
    assert (past.entry_value, past.realized_gross) == (5150, 850)
    check(broker)
    copy = MemoryStore()
    restore_archive(copy, archive_lines(broker))
    assert figures(copy, STOCK, method) == figures(broker, STOCK, method)
    (recorded,) = read_history(broker, lambda h: h.account_events().items)
    told = {"to_symbol": NEW, "to_quantity": 10, "price": 1}
    record(broker, event("EXERCISE", CALL, 4, quantity=1, replaces=recorded.event_id, **told))
    assert figures(broker, NEW, method)[:2] == (10, 10 + cost)
    assert figures(broker, STOCK, method)[0] == -50
    check(broker)


def test_an_option_that_is_registered_later_moves_the_underlying_then(store):
    call = next(instrument for instrument in instruments() if instrument.symbol == CALL)
    record(store, *(instrument for instrument in instruments() if instrument is not call and instrument.symbol != CALL))
    told = {"to_quantity": 100, "price": 100, "to_symbol": STOCK}
    record(store, trade(CALL, "BUY", 1, 3, 1), event("EXERCISE", CALL, 2, quantity=1, **told))
    assert figures(store, STOCK)[0] == 0
    record(store, call)
    assert figures(store, STOCK)[:2] == (100, 10300)
    check(store)


# ----------------------------------------------------------------------------------- spin-offs, changes of cost


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("cost", [{"cost": 100}, {"cost_share": D("0.25")}])
def test_a_spin_off_moves_a_part_of_the_cost_and_keeps_the_trip_and_its_fees(broker, method, cost):
    record(broker, trade(STOCK, "BUY", 10, 10, 0, fee=4), trade(STOCK, "BUY", 10, 30, 1))
    record(broker, event("SPIN_OFF", STOCK, 2, to_symbol=NEW, to_quantity=5, **cost))
    assert figures(broker, STOCK, method) == (20, 300, 4, 0, 0)
    assert figures(broker, NEW, method) == (5, 100, 0, 0, 0)
    lots = position(broker, NEW, method).lots
    if lots:
        assert [(lot.opened_at, lot.quantity, lot.entry_value) for lot in lots] == [
            (at(0), D("2.5"), 25),
            (at(1), D("2.5"), 75),
        ]
    record(broker, trade(STOCK, "SELL", 20, 20, 3))
    assert figures(broker, STOCK, method) == (0, 0, 0, 100, 96)
    (trip,) = read_history(broker, lambda h: h.round_trips("main", symbol=STOCK))
    assert (trip.opened_at, trip.entry_value, trip.exit_value, trip.realized_gross) == (at(0), 300, 400, 100)
    assert (trip.fees, trip.net) == (4, 96)
    check(broker)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("cost", [{"cost": 10}, {"cost_share": D("0.25")}])
@pytest.mark.parametrize(("units", "expected"), [(-5, (30, 10)), (5, (40, 0))])
def test_who_is_short_owes_what_is_spun_off(broker, method, cost, units, expected):
    record(
        broker, trade(STOCK, "SELL", 4, 10, 0), event("SPIN_OFF", STOCK, 1, to_symbol=NEW, to_quantity=units, **cost)
    )
    left, moved = expected
    assert figures(broker, STOCK, method) == (-4, left, 0, 0, 0)
    assert figures(broker, NEW, method) == (units, moved, 0, 0, 0)
    check(broker)


@pytest.mark.parametrize("method", METHODS)
def test_a_return_of_capital_lowers_the_cost_and_only_what_exceeds_it_is_a_result(broker, method):
    record(broker, trade(STOCK, "BUY", 10, 10, 0), event("COST_ADJUSTMENT", STOCK, 1, amount=60, currency="USD"))
    assert figures(broker, STOCK, method) == (10, 40, 0, 0, 0)
    record(broker, event("COST_ADJUSTMENT", STOCK, 2, amount=50, currency="USD"))
    assert figures(broker, STOCK, method) == (10, 0, 0, 0, 10)
    assert position(broker, STOCK, method).account_results == {"COST_ADJUSTMENT": 10}
    record(broker, event("COST_ADJUSTMENT", STOCK, 3, cost=30), trade(STOCK, "SELL", 10, 5, 4))
    assert figures(broker, STOCK, method) == (0, 0, 0, 20, 30)
    (trip,) = read_history(broker, lambda h: h.round_trips("main", symbol=STOCK))
    assert (trip.realized_gross, trip.account_results, trip.net) == (20, 10, 30)
    check(broker)


def test_a_change_of_cost_is_by_lot(broker):
    record(broker, trade(STOCK, "BUY", 10, 1, 0), trade(STOCK, "BUY", 10, 9, 1))
    record(broker, event("COST_ADJUSTMENT", STOCK, 2, amount=40, currency="USD"))
    assert figures(broker, STOCK) == (20, 60, 0, 0, 0)
    assert figures(broker, STOCK, Method.FIFO) == (20, 70, 0, 0, 10)  # the first lot cost 10, and got 20
    assert [lot.entry_value for lot in position(broker, STOCK, Method.FIFO).lots] == [0, 70]
    assert [lot.price for lot in position(broker, STOCK, Method.HIFO).lots] == [0, 7]


@pytest.mark.parametrize("method", METHODS)
def test_who_is_short_pays_what_others_receive(broker, method):
    record(broker, trade(STOCK, "SELL", 10, 10, 0), event("COST_ADJUSTMENT", STOCK, 1, amount=-30, currency="USD"))
    assert figures(broker, STOCK, method) == (-10, 70, 0, 0, 0)
    record(broker, trade(STOCK, "BUY", 10, 5, 2))
    assert figures(broker, STOCK, method) == (0, 0, 0, 20, 20)


def test_a_change_of_cost_of_nothing_is_a_result(broker):
    record(
        broker, event("COST_ADJUSTMENT", STOCK, 1, amount=5, currency="USD"), event("COST_ADJUSTMENT", STOCK, 2, cost=5)
    )
    assert figures(broker, STOCK) == (0, 0, 0, 0, 5)


def test_without_a_rate_a_change_of_cost_is_unvalued(broker):
    record(broker, trade(STOCK, "BUY", 10, 10, 0), event("COST_ADJUSTMENT", STOCK, 1, amount=5, currency="EUR"))
    held = position(broker, STOCK)
    assert (held.entry_value, held.unvalued_results, held.complete) == (100, {"EUR": 5}, False)
    held = read_history(broker, lambda h: h.position("main", "X", STOCK, rates={("EUR", "USD"): 2}))
    assert (held.entry_value, held.complete) == (90, True)


# ------------------------------------------------------------------------------------------------ transfers


LOTS = [{"quantity": 1, "acquired_at": at(-5), "cost": 50}, {"quantity": 2, "acquired_at": at(-9), "cost": 20}]


def test_lots_that_come_keep_their_acquisition_times(broker):
    record(broker, trade(STOCK, "BUY", 1, 30, -7), event("TRANSFER", STOCK, 0, quantity=3, lots=LOTS))
    assert figures(broker, STOCK)[:2] == (4, 100)
    held = position(broker, STOCK, Method.FIFO)
    assert [(lot.opened_at, lot.quantity, lot.entry_value) for lot in held.lots] == [
        (at(-9), 2, 20),
        (at(-7), 1, 30),
        (at(-5), 1, 50),
    ]
    record(broker, trade(STOCK, "SELL", D("2.5"), 100, 1))
    assert figures(broker, STOCK, Method.FIFO)[3] == 250 - 20 - 15
    assert figures(broker, STOCK, Method.LIFO)[3] == 250 - 50 - 30 - 5
    check(broker)


def test_a_transfer_says_which_lots_leave(broker):
    record(broker, *(trade(STOCK, "BUY", 2, price, minute, fee=2) for minute, price in enumerate([10, 20, 30])))
    leaving = [{"quantity": 1, "acquired_at": at(1)}, {"quantity": 2, "acquired_at": at(2)}]
    record(broker, event("TRANSFER", STOCK, 5, quantity=-3, lots=leaving))
    for method in (Method.FIFO, Method.LIFO, Method.HIFO, Method.LOFO):
        held = position(broker, STOCK, method)
        assert [(lot.quantity, lot.entry_value, lot.fees) for lot in held.lots] == [(2, 20, 2), (1, 20, 1)]
        assert (held.realized_gross, held.realized_net) == (0, -3)
    assert position(broker, STOCK).entry_value == 60
    unknown = [{"quantity": 1, "acquired_at": at(100)}]
    record(broker, event("TRANSFER", STOCK, 6, quantity=-1, lots=unknown))
    assert position(broker, STOCK, Method.LIFO).entry_value == 20  # no such lot: as the method has it
    check(broker)


@pytest.mark.parametrize(
    ("method", "result"),
    [
        (Method.AVERAGE, 100 - 60),
        *((method, 100 - 20 - 60) for method in (Method.FIFO, Method.LIFO, Method.HIFO, Method.LOFO)),
    ],
)
def test_named_lots_leave_for_a_cost(broker, method, result):
    record(broker, *(trade(STOCK, "BUY", 2, price, minute, fee=2) for minute, price in enumerate([10, 20, 30])))
    leaving = [{"quantity": 1, "acquired_at": at(1)}, {"quantity": 2, "acquired_at": at(2)}]
    record(broker, event("TRANSFER", STOCK, 5, quantity=-3, lots=leaving, cost=100))
    held = position(broker, STOCK, method)
    assert (held.account_results, held.realized_gross, held.realized_net) == ({"TRANSFER": result}, 0, result - 3)
    if method is not Method.AVERAGE:
        assert [(lot.quantity, lot.entry_value, lot.fees) for lot in held.lots] == [(2, 20, 2), (1, 20, 1)]
    record(broker, trade(STOCK, "SELL", 3, 30, 6))
    assert position(broker, STOCK, method).realized_net == 190 - 120 - 6
    check(broker)


@pytest.mark.parametrize(("method", "result"), [(Method.FIFO, 40 - 30), (Method.AVERAGE, 40 - 25)])
def test_named_lots_of_a_short_position_are_bought_back_for_a_cost(broker, method, result):
    record(broker, *(trade(STOCK, "SELL", 1, price, minute) for minute, price in enumerate([20, 30])))
    leaving = [{"quantity": 1, "acquired_at": at(1)}]
    record(broker, event("TRANSFER", STOCK, 5, quantity=1, lots=leaving, cost=40, short=True))
    assert position(broker, STOCK, method).account_results == {"TRANSFER": -result}
    check(broker)


@pytest.mark.parametrize("method", METHODS)
def test_short_positions_move_in_and_out_without_a_result(broker, method):
    record(broker, event("TRANSFER", STOCK, 0, quantity=-5, cost=100, short=True))
    assert figures(broker, STOCK, method) == (-5, 100, 0, 0, 0)
    record(broker, event("TRANSFER", STOCK, 1, quantity=3, short=True))
    assert figures(broker, STOCK, method) == (-2, 40, 0, 0, 0)
    record(broker, event("TRANSFER", STOCK, 2, quantity=2, short=True, cost=30))
    assert figures(broker, STOCK, method) == (0, 0, 0, 0, 10)
    assert position(broker, STOCK, method).account_results == {"TRANSFER": 10}
    check(broker)


def test_cash_that_comes_is_no_result_and_no_position(broker):
    cash = AccountEvent(account_id="main", venue="X", type="TRANSFER", amount=1000, currency="USD", occurred_at=T0)
    record(broker, cash)
    assert read_history(broker, lambda h: h.realized("main")) == []
    assert read_history(broker, lambda h: list(h.positions("main", include_flat=True))) == []
    assert verify(broker).problems == []


# ------------------------------------------------------------------------------------------------ properties

quantities = st.integers(1, 4).map(D)
prices = st.integers(1, 30).map(D)
fees = st.integers(-2, 4)
minutes = st.integers(0, 12)


def trades():
    side, symbols = st.sampled_from(["BUY", "SELL"]), st.sampled_from([STOCK, CALL, PUT, NEW])
    return st.builds(trade, symbols, side, quantities, prices, minutes, fees)


def broker_events():
    symbols, options = st.sampled_from([STOCK, NEW]), st.sampled_from([CALL, PUT])
    units, amounts = st.integers(1, 300).map(D), st.integers(-40, 40).filter(bool).map(D)
    usd = st.just("USD")
    parts, ratios = st.sampled_from([D("0.25"), D(1)]), st.sampled_from([D(2), D(3)])
    stock, new = st.just(STOCK), st.just(NEW)

    def events(types, of, **fields):
        return st.builds(event, st.sampled_from(types), of, minutes, **fields)

    return st.one_of(
        events(["EXERCISE", "ASSIGNMENT"], options, quantity=quantities, to_symbol=stock),
        events(["EXERCISE", "EXPIRY"], options, quantity=quantities, amount=amounts, currency=usd),
        events(["EXPIRY"], options),
        events(["SPIN_OFF"], stock, to_symbol=new, to_quantity=units, cost=units),
        events(["SPIN_OFF"], new, to_symbol=stock, to_quantity=units, cost_share=parts),
        events(["COST_ADJUSTMENT"], symbols, amount=amounts, currency=usd),
        events(["TRANSFER"], symbols, quantity=quantities, cost=units),
        events(["SPLIT"], symbols, split_to=ratios),
    )


def cash_of(fact):
    """What a fact pays; the cost of what a transfer brings counts as paid."""
    if isinstance(fact, VenueReport):
        multiplier = 100 if fact.symbol in (CALL, PUT) else 1
        value = fact.last_quantity * fact.last_price * multiplier
        return (value if fact.side == "SELL" else -value) - sum(fee.amount for fee in fact.fees)
    if fact.type == "TRANSFER":
        return -fact.cost
    if fact.amount is not None:
        return fact.amount
    if fact.type in ("EXERCISE", "ASSIGNMENT"):
        bought = (fact.symbol == CALL) is (fact.type == "EXERCISE")
        return fact.quantity * 100 * 100 * (-1 if bought else 1)
    return D(0)


@st.composite
def histories(draw):
    """Facts with names of their own, in the order of recording."""
    facts = draw(st.lists(st.one_of(trades(), trades(), broker_events()), min_size=2, max_size=12))
    named = []
    for number, fact in enumerate(facts):
        if isinstance(fact, AccountEvent):
            event_id = f"00000000-0000-7000-8000-{number:012x}"
            named.append(attrs.evolve(fact, external_id=f"e{number}", event_id=event_id))
        else:
            named.append(attrs.evolve(fact, exec_id=f"x{number}", venue_order_id=f"v{number}"))
    return named


def exact_sum(amounts):
    return canonical(reduce(add, amounts, D(0)))


def recorded(facts):
    store = MemoryStore()
    record(store, *instruments(), *facts)
    return store


def all_positions(store, method):
    found = [position(store, symbol, method) for symbol in (STOCK, NEW, CALL, PUT)]
    return [
        (attrs.evolve(held.state, last_key=""), [lot._replace(order_id=None) for lot in held.lots]) for held in found
    ]


@given(histories())
@settings(max_examples=40, deadline=None)
def test_no_method_makes_or_loses_money(facts):
    store = recorded(facts)
    cash = exact_sum(map(cash_of, facts))
    for method in METHODS:
        found = [position(store, symbol, method) for symbol in (STOCK, NEW, CALL, PUT)]
        assume(not any(held.missing_quantity for held in found))
        signed = [h.entry_value if h.quantity < 0 else h.entry_value.copy_negate() for h in found]
        assert exact_sum([*signed, *(held.realized_paid for held in found)]) == cash, method
        for held in found:
            if held.lots:
                assert exact_sum(lot.quantity for lot in held.lots) == held.quantity.copy_abs()
                assert exact_sum(lot.entry_value for lot in held.lots) == held.entry_value
                assert exact_sum(lot.fees for lot in held.lots) == held.open_fees


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_arrival_does_not_matter(facts, random):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sot.application.accounting.positions.FLAT_SNAPSHOT_INTERVAL", 2)
        patch.setattr("sot.application.accounting.positions.SNAPSHOT_INTERVAL", 3)
        first = recorded(facts)
        other = recorded(random.sample(facts, len(facts)))
        for method in METHODS:
            assert all_positions(first, method) == all_positions(other, method), method
        assert verify(other).problems == []


# ------------------------------------------------------------------------------------------------ balances


def balances(store):
    return {b.asset: b.amount for b in read_history(store, lambda h: list(h.balances("main")))}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([event("EXERCISE", CALL, 2, quantity=1, to_symbol=STOCK)], {CALL: 1, STOCK: 100, "USD": -10600}),
        ([event("EXERCISE", CALL, 2, quantity=2, amount=500, currency="USD")], {"USD": -100}),
        ([event("EXPIRY", CALL, 2)], {"USD": -600}),
        ([event("EXPIRY", CALL, 2, quantity=1)], {CALL: 1, "USD": -600}),
        ([event("COST_ADJUSTMENT", CALL, 2, cost=-5)], {CALL: 2, "USD": -600}),
        ([event("COST_ADJUSTMENT", CALL, 2, amount=5, currency="USD")], {CALL: 2, "USD": -595}),
        ([event("SPIN_OFF", CALL, 2, to_symbol=NEW, to_quantity=7, cost=5)], {CALL: 2, NEW: 7, "USD": -600}),
        ([trade(FUTURE, "BUY", 1, 100, 2), event("EXPIRY", FUTURE, 3, price=105)], {CALL: 2, "USD": -550}),
        (
            [trade(FUTURE, "BUY", 1, 100, 2), event("EXPIRY", FUTURE, 3, amount=45, currency="USD")],
            {CALL: 2, "USD": -555},
        ),
    ],
)
def test_balances_follow_what_events_move(broker, facts, expected):
    record(broker, trade(CALL, "BUY", 2, 3, 1), *facts)
    assert balances(broker) == expected


def test_balances_of_an_assigned_option(broker):
    record(broker, trade(PUT, "SELL", 1, 3, 1), event("ASSIGNMENT", PUT, 2, quantity=1, to_symbol=STOCK))
    assert balances(broker) == {STOCK: 100, "USD": 300 - 10000}


@given(histories())
@settings(max_examples=25, deadline=None)
def test_the_balance_of_the_currency_is_what_was_paid(facts):
    """The cost of what a transfer brings is no payment."""
    facts = [fact for fact in facts if getattr(fact, "type", "") != "TRANSFER"]
    store = recorded(facts)
    assert balances(store).get("USD", 0) == exact_sum(map(cash_of, facts))
