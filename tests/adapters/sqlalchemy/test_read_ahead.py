"""Reports that are recorded together are looked up together on PostgreSQL, with the results of one after the other."""

import itertools
import threading
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from sqlalchemy import event

from sot import ConcurrentUpdate, OrderHistory, VenueReport
from sot.adapters.memory import MemoryStore
from sot.domain.orders.external_id import external_order_id
from sot.testing.contract.samples import (
    ACCOUNT,
    SYMBOL,
    VENUE,
    new_order_request,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import read_history, submit_and_send, write_history
from sot.testing.fakes import CountedIds, ManualClock

ORDERS = 12
T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.fixture
def postgresql(make_store):
    """A store with the instrument of the requests."""
    store = make_store("postgresql", ManualClock(), CountedIds())
    write_history(store, lambda h: h.register(spot_instrument()))
    return store


_moments = itertools.count(1)


def reports_of(name):
    """An acknowledgement and two fills, each later than all that were made before."""
    said = {"venue_order_id": f"V{name}", "symbol": SYMBOL, "side": "BUY"}
    at = [T0 + timedelta(seconds=next(_moments)) for _ in range(3)]
    yield VenueReport(
        account_id=ACCOUNT,
        venue=VENUE,
        client_order_id=name,
        type="NEW",
        exec_id=f"{name}.0",
        occurred_at=at[0],
        **said,
    )
    yield trade_report(name, f"{name}.1", occurred_at=at[1], **said)
    yield trade_report(name, f"{name}.2", occurred_at=at[2], **said)


def all_reports(names):
    return [report for name in names for report in reports_of(name)]


NAMES = [f"C{number}" for number in range(ORDERS)]


def count_selects(store, use_case):
    """How many queries a use case sends, without those of its commit."""
    sent = []

    def note(connection, cursor, statement, *_):
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    with store.begin() as uow:
        use_case(OrderHistory(uow))
        selects = len(sent)
        uow.commit()
    event.remove(store.engine, "before_cursor_execute", note)
    return selects


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_results_are_those_of_one_after_the_other(make_store, kind):
    results = []
    reports = [*all_reports(NAMES), trade_report("C0", "C0.1", price="7")]
    for together in (False, True):
        store = make_store(kind, ManualClock(), CountedIds())
        write_history(store, lambda h: h.register(spot_instrument()))
        for name in NAMES[: ORDERS // 2]:
            submit_and_send(store, name)
        write_history(store, lambda h: h.submit(new_order_request("C9")))
        of_store = []
        for _ in range(2):  # the second time, all of them repeat
            if together:
                of_store.append(write_history(store, lambda h: h.record_many(reports)))
            else:
                of_store.append([write_history(store, lambda h, r=report: h.record(r)) for report in reports])
        waiting = read_history(store, lambda h: [waiting.report for waiting in h.waiting(ACCOUNT)])
        results.append((of_store, waiting, read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL).quantity)))
    assert results[0] == results[1]


@pytest.fixture
def traded(postgresql):
    """A store with a position, which is read from then on."""
    submit_and_send(postgresql, "first")
    write_history(postgresql, lambda h: h.record_many(all_reports(["first"])))
    return postgresql


def test_the_number_of_queries_does_not_grow_with_the_reports(traded):
    counts = []
    for round, orders in enumerate((2, ORDERS)):
        names = [f"R{round}.{name}" for name in NAMES[:orders]]
        for name in names:
            submit_and_send(traded, name)
        counts.append(count_selects(traded, lambda h, n=names: h.record_many(all_reports(n))))
    assert counts[0] == counts[1]


def test_adopted_orders_are_looked_up_together(traded):
    counts = []
    for round, orders in enumerate((2, ORDERS)):
        reports = all_reports([f"A{round}.{name}" for name in NAMES[:orders]])

        def adopt(history, reports=reports):
            history._uow.read_ahead(reports)
            for report in reports:
                assert history.adopt(report).order_id is not None

        counts.append(count_selects(traded, adopt))
    assert counts[0] == counts[1]


def test_an_order_that_was_absent_is_found_once_it_is_added(postgresql):
    report = next(reports_of("X"))
    with postgresql.begin() as uow:
        uow.read_ahead([report, report])
        assert uow.orders.get(external_order_id(report)) is None
        adopted = OrderHistory(uow).adopt(report).order_id
        assert uow.orders.get(adopted).order_id == adopted == external_order_id(report)


def test_a_request_that_is_submitted_after_reading_ahead_is_found_by_its_key(postgresql):
    request = new_order_request("K1")
    with postgresql.begin() as uow:
        uow.read_ahead([], [request, new_order_request("K2")])
        submitted = OrderHistory(uow).submit(request)
        again = OrderHistory(uow).submit(request)
        uow.commit()
    assert again.repeated
    assert again.request_id == submitted.request_id
    with postgresql.begin() as uow:
        uow.read_ahead([], [request, new_order_request("K2")])
        assert OrderHistory(uow).submit(request).request_id == submitted.request_id


def test_who_submits_the_same_waits_and_finds_it(postgresql):
    submitted = []

    def submit():
        submitted.append(write_history(postgresql, lambda h: h.submit(new_order_request("K2"))))

    thread = threading.Thread(target=submit)
    with postgresql.begin() as uow:
        uow.read_ahead([], [new_order_request("K1"), new_order_request("K2")])
        thread.start()
        thread.join(0.3)
        assert thread.is_alive(), "the name is not locked"
        first = OrderHistory(uow).submit(new_order_request("K2"))
        uow.commit()
    thread.join()
    assert [(request.request_id, request.repeated) for request in submitted] == [(first.request_id, True)]


def test_what_is_asked_again_is_read_again(postgresql):
    """A use case that fails looks whether somebody was faster: what was absent before may be there now."""
    request = attrs.evolve(new_order_request("K3"), client_order_id=None, idempotency_key="K3")
    with postgresql.begin() as uow:
        uow.read_ahead([], [request, request])
        write_history(postgresql, lambda h: h.submit(request))
        found = [uow.requests.by_key(ACCOUNT, "K3", None) for _ in range(2)]
    assert [len(requests) for requests in found] == [0, 1]


def test_names_that_no_order_has_are_locked_until_the_end(postgresql):
    """A report waits or finds its order: it cannot miss one that gets its name at the same time."""
    request = write_history(postgresql, lambda h: h.submit(new_order_request("L1")))
    sent = threading.Event()

    def send():
        write_history(postgresql, lambda h: h.mark_sent(request.request_id))
        sent.set()

    thread = threading.Thread(target=send)
    with postgresql.begin() as uow:
        history = OrderHistory(uow)
        reports = all_reports(["L1"])
        uow.read_ahead(reports)
        thread.start()
        assert not sent.wait(0.3), "the order got its name, though the name is locked"
        assert history.record_many(reports)[0].order_id is None
        uow.commit()
    thread.join()
    order = read_history(postgresql, lambda h: h.find_order(ACCOUNT, "L1"))
    assert order.state.cum_quantity > 0
    assert not read_history(postgresql, lambda h: list(h.waiting(ACCOUNT)))


def test_memory_ignores_the_hint():
    store = MemoryStore()
    with store.begin() as uow:
        assert uow.read_ahead(all_reports(NAMES)) is None
        assert uow.changes == 0


def test_one_of_many_orders_that_somebody_changed_since_is_a_lost_race(postgresql):
    for name in NAMES:
        submit_and_send(postgresql, name)
    with postgresql.begin() as uow:
        OrderHistory(uow).record_many(all_reports(NAMES))
        write_history(postgresql, lambda h: h.record(trade_report(NAMES[3], "elsewhere")))
        with pytest.raises(ConcurrentUpdate):
            uow.commit()
