"""Any past moment: as known, as happened, and what differs between two."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from sot import (
    AccountEvent,
    AccountEventType,
    EventType,
    InvalidInput,
    NotFound,
    OrderHistory,
    OrderStatus,
    Side,
    VenueReport,
)
from sot.accounting import Method
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.accounting import positions
from sot.application.orders import state_snapshots
from sot.audit import follow
from sot.queries import OrderFilter
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history
from sot.testing.fakes import ManualClock
from tests.support.postgres import fresh_url

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, tmp_path):
    clock = ManualClock()
    if request.param == "memory":
        made = MemoryStore(clock)
    else:
        url = f"sqlite:///{tmp_path}/past.db" if request.param == "sqlite" else fresh_url()
        made = SqlAlchemyStore.open(url, clock)
    yield made
    made.close()


def report(client_order_id, kind, **fields):
    return VenueReport(account_id=ACCOUNT, type=kind, venue=VENUE, client_order_id=client_order_id, **fields)


def record(store, *reports):
    for one in reports:
        write_history(store, lambda h, one=one: h.record(one))
        store.clock.move(MINUTE)


def test_as_known_at_a_cursor_is_what_was_told_then(store):
    order_id = submit_and_send(store, "C1")
    record(store, trade_report("C1", "E1", "2", "100"))
    cursor = store.horizon()
    before = read_history(store, lambda h: (h.order(order_id), list(h.fills(order_id)), h.costs(order_id)))
    record(
        store, trade_report("C1", "E2", "3", "90"), report("C1", EventType.TRADE_CANCEL, exec_id="X", exec_ref_id="E1")
    )
    with store.begin(read_only=True) as uow:
        past = OrderHistory(uow).as_of(known_at=cursor)
        assert past.exact
        assert past.order(order_id).state == before[0].state
        assert (list(past.fills(order_id)), past.costs(order_id)) == before[1:]
        assert past.pnl(order_id, Decimal(110)).gross == Decimal(20)
        assert past.position(ACCOUNT, VENUE, SYMBOL).quantity == 2
        now = OrderHistory(uow).as_of()
        assert now.order(order_id).cum_quantity == 3
        assert now.position(ACCOUNT, VENUE, SYMBOL, method=Method.FIFO).quantity == 3


def test_known_and_happened_are_independent(store):
    order_id = submit_and_send(store, "C1", quantity=Decimal(10))
    early, late = T0 - 30 * MINUTE, T0 - 10 * MINUTE
    store.clock.move(MINUTE)
    # Told late, in the wrong order: what happened first was heard of last.
    write_history(store, lambda h: h.record(trade_report("C1", "E2", "3", "90", occurred_at=late)))
    heard = store.clock.now()
    store.clock.move(MINUTE)
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "2", "100", occurred_at=early)))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)

        def held(known_at, happened_by):
            return history.as_of(known_at, happened_by).position(ACCOUNT, VENUE, SYMBOL).quantity

        assert held(None, None) == 5
        assert held(heard, None) == 3, "E1 was not known yet"
        assert held(None, early) == 2, "E2 had not happened"
        assert held(heard, early) == 0, "what had happened was not known, what was known had not happened"
        assert held(None, early - MINUTE) == 0
        assert not history.as_of(heard).exact
        assert history.as_of(heard).order(order_id).cum_quantity == 3


def test_within_an_order_nothing_shows_before_what_was_recorded_before_it(store):
    order_id = submit_and_send(store, "C1", quantity=Decimal(10))
    store.clock.move(10 * MINUTE)
    record(store, trade_report("C1", "E1", "2", "100", occurred_at=T0 + 9 * MINUTE))
    record(store, trade_report("C1", "E2", "3", "100", occurred_at=T0 + 2 * MINUTE))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        assert history.as_of(happened_by=T0 + 5 * MINUTE).order(order_id).cum_quantity == 0
        assert history.as_of(happened_by=T0 + 9 * MINUTE).order(order_id).cum_quantity == 5


@pytest.mark.parametrize("untimed", [0, 15, 20, 40])
def test_an_order_recorded_long_after_it_was_executed_was_not_made_after_that(store, untimed):
    order_id = submit_and_send(store, "C1", quantity=Decimal(10))
    for number in range(untimed):
        write_history(store, lambda h, number=number: h.mark(order_id, Decimal(100 + number)))
    record(store, trade_report("C1", "E1", "2", "100", occurred_at=T0 - 9 * MINUTE))
    record(store, trade_report("C1", "E2", "3", "100", occurred_at=T0 - 2 * MINUTE))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        for at, quantity in ((9, 2), (3, 2), (2, 5)):
            past = history.as_of(happened_by=T0 - at * MINUTE)
            assert past.order(order_id).cum_quantity == quantity
            assert past.position(ACCOUNT, VENUE, SYMBOL).quantity == quantity
            assert len(list(past.timeline(order_id))) == untimed + (3 if quantity == 2 else 4)
        with pytest.raises(NotFound):
            history.as_of(happened_by=T0 - 10 * MINUTE).order(order_id)


def test_an_order_that_was_found_to_be_another_was_its_own_before(store, monkeypatch):
    monkeypatch.setattr(state_snapshots, "STATE_SNAPSHOT_INTERVAL", 2)
    external = write_history(
        store, lambda h: h.adopt(trade_report("X1", "E1", "2", "100", symbol=SYMBOL, side=Side.BUY))
    ).order_id
    cursor = store.horizon()
    order_id = submit_and_send(store, "C1")
    write_history(store, lambda h: h.attribute(external, order_id, reason="the same"))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        assert history.as_of(known_at=cursor).order(external).cum_quantity == 2
        assert history.as_of().order(external).state == history.order(external).state
        assert history.as_of().order(external).cum_quantity == 0


def test_a_symbol_that_was_split_before_anything_was_held_has_no_position(store):
    split = AccountEvent(
        account_id=ACCOUNT,
        venue=VENUE,
        symbol=SYMBOL,
        type=AccountEventType.SPLIT,
        split_from=Decimal(1),
        split_to=Decimal(2),
        occurred_at=T0,
    )
    write_history(store, lambda h: h.record_account_event(split))
    before = store.horizon()
    submit_and_send(store, "C1")
    record(store, trade_report("C1", "E1", "2", "100", occurred_at=T0 + MINUTE))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        past = history.as_of(known_at=before)
        assert list(past.positions(ACCOUNT, include_flat=True)) == []
        assert past.realized(ACCOUNT) == past.contributions(ACCOUNT) == []
        assert history.position(ACCOUNT, VENUE, SYMBOL).quantity == 2
        assert [part.entry.happened_at for part in history.contributions(ACCOUNT)] == [T0 + MINUTE]


@pytest.mark.parametrize("events", [1, 15, 16, 17, 40])
def test_every_prefix_of_a_long_order_is_what_it_was(store, events):
    order_id = submit_and_send(store, "C1", quantity=Decimal(1000))
    cursors, states = [], []
    for number in range(events):
        kind = trade_report("C1", f"E{number}", "1", str(100 + number))
        if number == 20:
            kind = report("C1", EventType.TRADE_CORRECT, exec_id="K", exec_ref_id="E3", last_quantity=2, last_price=7)
        record(store, kind)
        if number == 30:
            write_history(store, lambda h: h.void(order_id, exec_id="E5", reason="wrong"))
        cursors.append(store.horizon())
        states.append(
            read_history(
                store, lambda h: (h.order(order_id).state, h.order(order_id).last_hash, list(h.fills(order_id)))
            )
        )
    with store.begin(read_only=True) as uow:
        for cursor, expected in zip(cursors, states, strict=True):
            past = OrderHistory(uow).as_of(known_at=cursor)
            order = past.order(order_id)
            assert (order.state, order.last_hash, list(past.fills(order_id))) == expected


def test_a_position_of_a_moment_goes_on_from_a_checkpoint(store, monkeypatch):
    monkeypatch.setattr(positions, "SNAPSHOT_INTERVAL", 10)
    submit_and_send(store, "C1", quantity=Decimal(1000))
    moments = []
    for number in range(60):
        at = store.clock.now()
        record(store, trade_report("C1", f"E{number}", "1", "100", occurred_at=at))
        moments.append((store.horizon(), at))
    read_at_once = []
    with store.begin(read_only=True) as uow:
        of_position = uow.fills.of_position

        def counted(*asked):
            found = of_position(*asked)
            read_at_once.append(len(found))
            return found

        uow.fills.of_position = counted
        for number, (cursor, at) in enumerate(moments, 1):
            assert OrderHistory(uow).as_of(known_at=cursor).position(ACCOUNT, VENUE, SYMBOL).quantity == number
            assert OrderHistory(uow).as_of(happened_by=at).position(ACCOUNT, VENUE, SYMBOL).quantity == number
    assert len(read_at_once) == 120
    assert max(read_at_once) <= 20, "it does not read the whole history"


def test_lists_find_orders_by_what_they_were(store):
    first, second = submit_and_send(store, "C1"), submit_and_send(store, "C2")
    cursor = store.horizon()
    record(store, trade_report("C1", "E1", "10"), report("C2", EventType.NEW, venue_order_id="V2"))
    with store.begin(read_only=True) as uow:
        past = OrderHistory(uow).as_of(known_at=cursor)

        def found(**wanted):
            return [order.order_id for order in past.orders(OrderFilter(account_id=ACCOUNT, **wanted)).items]

        assert found(statuses=[OrderStatus.PENDING_NEW]) == [first, second]
        assert found(is_open=True) == [first, second]
        assert found(identifier="C2") == [second]
        assert found(identifier="V2") == [], "it had no such name yet"
        page = past.orders(limit=1)
        assert [order.order_id for order in page.items] == [first]
        assert [order.order_id for order in past.orders(after=page.next).items] == [second]


def test_what_came_later_is_not_there(store):
    cursor = store.horizon()
    order_id = submit_and_send(store, "C1")
    with store.begin(read_only=True) as uow:
        past = OrderHistory(uow).as_of(known_at=cursor)
        with pytest.raises(NotFound, match="it came later"):
            past.order(order_id)
        with pytest.raises(NotFound, match="it came later, or never"):
            past.position(ACCOUNT, VENUE, SYMBOL)
        assert past.orders().items == []
        assert list(past.positions(ACCOUNT, include_flat=True)) == []


def test_costs_are_valued_by_what_was_known_of_the_instrument(store):
    order_id = submit_and_send(store, "C1", quantity=Decimal(10))
    record(store, trade_report("C1", "E1", "2", "100"))
    cursor = store.horizon()
    late = attrs.evolve(spot_instrument(), multiplier=Decimal(10), valid_from=T0 - MINUTE)
    write_history(store, lambda h: h.register(late))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        assert history.costs(order_id).instrument.multiplier == 10
        assert history.as_of(known_at=cursor).costs(order_id).instrument.multiplier == 1


def test_a_difference_is_told_by_its_events(store):
    order_id = submit_and_send(store, "C1", quantity=Decimal(10))
    cursor = store.horizon()
    record(store, report("C1", EventType.NEW, venue_order_id="V1"), trade_report("C1", "E1", "2", "100"))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        then, now = history.as_of(known_at=cursor), history.as_of()
        difference = history.diff(order_id, then, now)
        assert [entry.event.type for entry in difference.entries] == [EventType.NEW, EventType.TRADE]
        assert difference.changed["status"] == (OrderStatus.PENDING_NEW, OrderStatus.PARTIALLY_FILLED)
        assert difference.changed["cum_quantity"] == (0, 2)
        assert difference.entries[1].description == "2 at 100, exec E1"
        assert history.diff(order_id, now, now).changed == {}
        back = history.diff(order_id, now, then)
        assert back.changed["cum_quantity"] == (2, 0)
        assert [entry.event.type for entry in back.entries] == [EventType.NEW, EventType.TRADE]


@pytest.mark.parametrize("known_at", [-1, 10**9, True, "yesterday", datetime(2026, 1, 1), T0 + 365 * 24 * 60 * MINUTE])
def test_a_moment_that_cannot_be_is_refused(store, known_at):
    submit_and_send(store, "C1")
    with store.begin(read_only=True) as uow, pytest.raises(InvalidInput, match="known_at"):
        OrderHistory(uow).as_of(known_at=known_at)
    with store.begin(read_only=True) as uow, pytest.raises(InvalidInput, match="happened_by"):
        OrderHistory(uow).as_of(happened_by=T0 + 365 * 24 * 60 * MINUTE)


def test_following_shows_every_event_once_from_any_cursor(store):
    submit_and_send(store, "C1")
    record(store, *(trade_report("C1", f"E{number}") for number in range(7)))
    whole = list(follow(store, batch=3))
    assert [found.event.sequence for found in whole] == list(range(1, 10))
    assert [found.cursor for found in whole] == sorted({found.cursor for found in whole})
    for place_, found in enumerate(whole, 1):
        assert list(follow(store, found.cursor, batch=2)) == whole[place_:]
    assert list(follow(store, store.horizon())) == []
    for cursor in (-1, store.horizon() + 1, "1", True):
        with pytest.raises(InvalidInput, match="after"):
            next(follow(store, cursor))
