"""From request to result at an exchange that loses answers: placed once, in doubt, found, and counted once."""

from decimal import Decimal

import pytest
from tests.adapters.ccxt.conftest import impatient
from tests.adapters.ccxt.orders import NAME, reference, request

from sot import Executor, Instrument, InstrumentKind, OrderHistory, OrderStatus
from sot.adapters.memory import MemoryStore
from sot.domain.values.vocabulary import Outcome
from sot.ports.venue import VenueScope


@pytest.fixture
def store():
    new_store = MemoryStore()
    bitcoin = Instrument(
        account_id="main", venue="BINANCE", symbol="BTC/USDT", kind=InstrumentKind.SPOT, base="BTC", quote="USDT"
    )
    new_store.run(lambda uow: OrderHistory(uow).register(bitcoin))
    return new_store


def submitted(store, **terms):
    return store.run(lambda uow: OrderHistory(uow).submit(request(**terms))).request_id


def recorded(store, reports):
    return [store.run(lambda uow, r=report: OrderHistory(uow).record(r)).outcome for report in reports]


def order(store):
    return store.run(lambda uow: OrderHistory(uow).find_order("main", NAME, "BINANCE"), read_only=True)


def test_filled_at_once(store, venue):
    done = Executor(store, venue).execute(submitted(store, order_type="MARKET"))
    assert (done.status, done.cum_quantity, done.avg_price) == (OrderStatus.FILLED, Decimal("0.5"), 50_000)
    costs = store.run(lambda uow: OrderHistory(uow).costs(done.order_id), read_only=True)
    assert costs.fees == {"BTC": Decimal("0.0005")}


@pytest.mark.parametrize("add_fault", ["hang", "close", "503"])
def test_a_lost_answer_is_in_doubt_until_the_exchange_is_asked(store, venue, server, add_fault):
    request_id = submitted(store, order_type="MARKET")
    server.add_fault("POST", "order", add_fault)
    executor = Executor(store, venue)
    with impatient(venue):
        doubtful = executor.execute(request_id)
    assert doubtful.in_doubt
    assert doubtful.cum_quantity == 0
    assert executor.execute(request_id).in_doubt
    assert len(server.calls("POST", "order")) == 1

    found = venue.find(reference())
    recorded(store, found.reports)
    settled = order(store)
    assert (settled.status, settled.in_doubt) == (OrderStatus.FILLED, False)
    assert (settled.cum_quantity, settled.venue_order_id) == (Decimal("0.5"), "1001")
    assert len(server.orders) == 1


def test_what_was_never_sent_has_failed(store, venue, server):
    server.stop()
    failed = Executor(store, venue).execute(submitted(store))
    assert failed.status is OrderStatus.FAILED


def test_a_refusal_is_a_rejection(store, venue):
    refused = Executor(store, venue).execute(submitted(store, quantity=Decimal(5000)))
    assert refused.status is OrderStatus.REJECTED


def test_an_execution_is_counted_once_however_it_is_told(store, venue, server):
    """In the response, when the order is found, and in pages, twice and in any order."""
    server.part_at_once = Decimal("0.2")
    resting = Executor(store, venue).execute(submitted(store, limit_price=Decimal(50000)))
    assert (resting.status, resting.cum_quantity) == (OrderStatus.PARTIALLY_FILLED, Decimal("0.2"))
    server.execute(NAME, "0.3", "50000")
    server.doubled = server.reversed = True
    everything = [
        *venue.executions(VenueScope(account_id="main", symbols=frozenset({"BTC/USDT"})), resting.created_at).reports,
        *venue.find(reference()).reports,
    ]
    recorded(store, everything)
    recorded(store, reversed(everything))
    again = recorded(store, everything)
    assert set(again) == {Outcome.REPEATED}
    done = order(store)
    assert (done.status, done.cum_quantity) == (OrderStatus.FILLED, Decimal("0.5"))
    fees = store.run(lambda uow: OrderHistory(uow).costs(done.order_id), read_only=True).fees
    assert fees == {"BTC": Decimal("0.0005")}


def test_a_status_before_its_executions_is_provisional(store, venue, server):
    Executor(store, venue).execute(submitted(store))
    server.delayed.add(server.execute(NAME, "0.5", "40000")["id"])
    recorded(store, venue.find(reference()).reports)
    early = order(store)
    assert (early.status, early.cum_quantity) == (OrderStatus.FILLED, 0)
    assert early.state.reported_cum_quantity == Decimal("0.5")
    server.delayed.clear()
    recorded(store, venue.find(reference()).reports)
    later = order(store)
    assert (later.cum_quantity, later.state.reported_cum_quantity) == (Decimal("0.5"), None)


def test_partially_filled_then_cancelled(store, venue, server):
    Executor(store, venue).execute(submitted(store))
    server.execute(NAME, "0.2", "40000")
    server.order(NAME)["status"] = "CANCELED"
    recorded(store, venue.find(reference()).reports)
    over = order(store)
    assert (over.status, over.cum_quantity, over.is_open) == (OrderStatus.CANCELED, Decimal("0.2"), False)
