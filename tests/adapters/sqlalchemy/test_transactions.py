"""Closing a store closes every connection: an idle one at once, one in use when its transaction ends."""

import pytest
from sqlalchemy import event

from sot import OrderHistory
from sot.errors import StoreUnavailable
from sot.testing.contract.samples import spot_instrument
from sot.testing.contract.transactions import write_history


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param)


@pytest.fixture
def connections(store):
    """The connections that were taken from the store's pools, and those that are closed by now."""
    taken, closed = [], []
    event.listen(store.engine, "checkout", lambda connection, record, pooled: taken.append(connection))
    event.listen(store.engine, "close", lambda connection, record: closed.append(connection))
    return taken, closed


def read(uow):
    return OrderHistory(uow).orders().items


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("listens", [False, True], ids=["straight", "with a listener"])
def test_a_connection_in_use_is_closed_when_its_transaction_ends(store, connections, listens, read_only):
    taken, closed = connections
    if listens:
        event.listen(store.engine, "before_cursor_execute", lambda *arguments: None)
    with store.begin(read_only) as uow:
        assert read(uow) == []
        store.close()
        assert taken
        assert closed == []
        assert read(uow) == []
    assert closed == taken


def test_a_transaction_under_way_commits_though_the_store_is_closed(store, connections):
    taken, closed = connections
    with store.begin() as uow:
        OrderHistory(uow).register(spot_instrument())
        store.close()
        uow.commit()
        assert closed == taken
        with pytest.raises(StoreUnavailable, match="it is closed"):
            read(uow)
    assert closed == taken


def test_a_connection_is_closed_though_the_end_of_its_transaction_is_interrupted(store, connections, monkeypatch):
    taken, closed = connections
    with pytest.raises(KeyboardInterrupt), store.begin() as uow:
        kind = type(uow._begin())
        end = kind._close

        def interrupted(transaction):
            end(transaction)
            raise KeyboardInterrupt

        monkeypatch.setattr(kind, "_close", interrupted)
        store.close()
    assert closed == taken


def test_no_transaction_begins_once_the_store_is_closed(store, connections):
    taken, _ = connections
    unused = store.begin()
    store.close()
    with pytest.raises(StoreUnavailable, match="it is closed; open it again"):
        store.begin()
    with unused as uow, pytest.raises(StoreUnavailable, match="it is closed; open it again"):
        read(uow)
    assert taken == []


def test_an_open_store_keeps_its_connections(store, connections):
    taken, closed = connections
    for _ in range(2):
        write_history(store, lambda h: h.register(spot_instrument()))
    assert len(set(map(id, taken))) == 1
    assert closed == []
