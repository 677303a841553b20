"""Results of a time: the same as those of all times, of which the others are left out, and read from a snapshot."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import attrs
import pytest

from sot.adapters.memory import MemoryStore
from sot.application.accounting import positions
from sot.application.accounting.windows import entries_before, start_before
from sot.application.history import OrderHistory
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import Fee
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType, InstrumentKind, Method, Side
from sot.testing.contract.samples import ACCOUNT, VENUE, spot_instrument, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
STEPS = 60
RATES = {
    ("BNB", "QUOTE"): "3",
    ("QUOTE", "EUR"): "0.5",
    ("BNB", "EUR"): "2",
    ("GBP", "QUOTE"): "7",
    ("GBP", "EUR"): "4",
}
SYMBOLS = {"FLAT": InstrumentKind.SPOT, "OPEN": InstrumentKind.PERPETUAL, "SHORT": InstrumentKind.MARGIN}
WINDOWS = [(20, None), (20, 35), (None, 35), (45, 50), (59, None)]


@pytest.fixture(autouse=True)
def many_snapshots(monkeypatch):
    """Snapshots after few entries, so that few entries have many."""
    monkeypatch.setattr(positions, "FLAT_SNAPSHOT_INTERVAL", 4)
    monkeypatch.setattr(positions, "SNAPSHOT_INTERVAL", 7)


def record_steps(store, symbol, seed):
    """Trade a symbol each hour, with fees in two currencies, and what moves it without an order."""
    rng, held = random.Random(seed), 0
    for number in range(STEPS):
        at = START + HOUR * number
        is_sale = held > 0 if symbol == "FLAT" else rng.random() < 0.4
        quantity = held if symbol == "FLAT" and is_sale else rng.randint(1, 3)
        held += -quantity if is_sale else quantity
        fees = [Fee(Decimal("0.1"), rng.choice(["QUOTE", "BNB"]))]
        name, side = f"{symbol}-{number}", Side.SELL if is_sale else Side.BUY
        submit_and_send(store, name, symbol=symbol, side=side)
        price = str(100 + rng.randint(-9, 9))
        report = trade_report(name, name, str(quantity), price, occurred_at=at, fees=fees, symbol=symbol, side=side)
        write_history(store, lambda h, report=report: h.record(report))
        if number % 9 == 4:
            add_event(store, symbol, at + HOUR / 2, AccountEventType.FUNDING, amount="-0.25", currency="QUOTE")
        if number == 15 and symbol == "SHORT":
            add_event(store, symbol, at + HOUR / 3, AccountEventType.SPLIT, split_from="1", split_to="2")


def add_event(store, symbol, at, type, **values):
    event = AccountEvent(
        account_id=ACCOUNT, type=type, venue=VENUE, symbol=symbol, occurred_at=at, reason="test", **values
    )
    write_history(store, lambda h: h.record_account_event(event))


def registered(symbols=SYMBOLS):
    store = MemoryStore()
    for symbol, kind in symbols.items():
        instrument = attrs.evolve(spot_instrument(symbol=symbol), kind=kind)
        write_history(store, lambda h, i=instrument: h.register(i))
    return store


@pytest.fixture
def store():
    store = registered()
    for seed, symbol in enumerate(SYMBOLS):
        record_steps(store, symbol, seed)
    return store


def window(since, before):
    return {
        "since": None if since is None else START + HOUR * since,
        "before": None if before is None else START + HOUR * before,
    }


def is_within(at, since, before):
    return (since is None or at >= since) and (before is None or at < before)


def check_windows(store):
    """Check contributions of each time against those of all times, by each method, with and without rates."""
    options = [{}, {"rates": RATES}, {"rates": RATES, "in_currency": "EUR"}, {"in_currency": "EUR"}]
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        for method, option in product(Method, options):
            everything = history.contributions(ACCOUNT, method=method, **option)
            for since, before in WINDOWS:
                within = window(since, before)
                found = history.contributions(ACCOUNT, method=method, **option, **within)
                assert list(found) == [part for part in everything if is_within(part.at, **within)]


def test_contributions_of_a_time_are_those_of_all_times(store):
    check_windows(store)


def test_sums_are_those_of_the_contributions(store):
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        for by, (since, before) in product((["SYMBOL"], ["DAY", "STRATEGY"], ["ORDER"], []), WINDOWS):
            within = window(since, before)
            options = {"rates": RATES, "time_zone": "Asia/Tokyo", **within}
            summed, parts = history.realized_and_contributions(ACCOUNT, by=by, **options)
            assert list(parts) == list(history.contributions(ACCOUNT, rates=RATES, **within))
            realized = history.realized(ACCOUNT, by=by, **options)
            assert [_without_order(row) for row in summed] == [_without_order(row) for row in realized]
            assert summed.unregistered == realized.unregistered


def _without_order(row):
    """A row whose conversions are in a fixed order: they are of several positions."""
    return attrs.evolve(row, conversions=sorted(row.conversions, key=str))


def test_round_trips_of_a_time_are_those_of_all_times(store):
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        everything = history.round_trips(ACCOUNT, rates=RATES)
        for since, before in WINDOWS:
            within = window(since, before)
            expected = [
                trip for trip in everything
                if (is_within(trip.closed_at, **within) if trip.closed_at else before is None)
            ]  # fmt: skip
            assert list(history.round_trips(ACCOUNT, rates=RATES, **within)) == expected


def test_a_past_moment_has_the_same_windows(store):
    horizon = store.horizon()
    for symbol in SYMBOLS:
        add_event(store, symbol, START, AccountEventType.FUNDING, amount="-7", currency="QUOTE")
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow).as_of(known_at=horizon)
        everything = history.contributions(ACCOUNT)
        for since, before in WINDOWS:
            within = window(since, before)
            parts = history.contributions(ACCOUNT, **within)
            assert list(parts) == [part for part in everything if is_within(part.at, **within)]


def start_of(store, symbol, needs_flat):
    key = PositionKey(ACCOUNT, VENUE, symbol)
    with store.begin(read_only=True) as uow:
        start = start_before(uow, key, START + HOUR * 50, "QUOTE", needs_flat)
        count = len(list(entries_before(uow, key, start, START + HOUR * 52)))
    return start, count


def test_only_entries_since_a_snapshot_are_read(store):
    for symbol, needs_flat in (("FLAT", True), ("FLAT", False), ("OPEN", False)):
        start, count = start_of(store, symbol, needs_flat)
        assert start is not None
        assert start.quantity == 0 or not needs_flat
        assert count < 15


def test_open_units_have_lots_and_rates_that_no_snapshot_tells(store):
    start, count = start_of(store, "OPEN", True)
    assert start is None or not start.quantity
    assert count > 15


@pytest.mark.parametrize("currency", ["QUOTE", "GBP"])
def test_a_cost_in_another_currency_is_in_no_snapshot(currency):
    store = registered({"OPEN": InstrumentKind.EQUITY})
    submit_and_send(store, "bought", symbol="OPEN", quantity=Decimal(90))
    for number in range(STEPS):
        report = trade_report("bought", f"E{number}", "1", "100", occurred_at=START + HOUR * number, symbol="OPEN")
        write_history(store, lambda h, report=report: h.record(report))
    add_event(
        store, "OPEN", START + HOUR * 10.5, AccountEventType.COST_ADJUSTMENT, amount="12", currency=currency
    )  # fmt: skip
    submit_and_send(store, "sold", symbol="OPEN", side=Side.SELL)
    for number in (30, 55):
        at = START + HOUR * number + HOUR / 2
        report = trade_report("sold", f"S{number}", "1", "120", occurred_at=at, symbol="OPEN", side=Side.SELL)
        write_history(store, lambda h, report=report: h.record(report))
    check_windows(store)
    assert (start_of(store, "OPEN", False)[0] is None) == (currency == "GBP")


def test_missing_units_are_counted_from_the_beginning():
    store = registered({"GONE": InstrumentKind.SPOT})
    for number in range(STEPS):
        side = Side.SELL if number % 2 == 0 else Side.BUY
        submit_and_send(store, f"C{number}", symbol="GONE", side=side)
        report = trade_report(
            f"C{number}", f"E{number}", "1", "100", occurred_at=START + HOUR * number, symbol="GONE", side=side
        )
        write_history(store, lambda h, report=report: h.record(report))
    check_windows(store)
    assert start_of(store, "GONE", True)[0] is None
