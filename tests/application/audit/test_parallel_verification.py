"""An executor verifies the parts of a store, and finds what one process finds, in the same order."""

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.audit import elsewhere
from sot.application.audit.verification import verify
from sot.domain.values.errors import InvalidInput, StoreUnavailable
from sot.testing.contract.transactions import submit_and_send
from sot.testing.fakes import ManualClock
from tests.support.postgres import fresh_url
from tests.support.tampering import Tampering, record_every_table
from tests.support.vanishing import VanishingFile

FAULTS = (
    "UPDATE order_events SET hash = 'x' WHERE sequence = 2",
    "UPDATE orders SET cum_quantity = 5",
    "DELETE FROM order_costs",
    "UPDATE order_requests SET requested_by = 'you'",
    "UPDATE positions SET realized_gross = 7",
    "DELETE FROM waiting_reports",
    "UPDATE checkpoints SET count = 1",
    "DELETE FROM order_identifiers",
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def tampered(request, tmp_path, monkeypatch):
    """A store with faults in every part, and its checkpoints; an order is a range."""
    monkeypatch.setattr(elsewhere, "ORDERS_PER_PART", 1)
    url = f"sqlite:///{tmp_path}/recorded.db" if request.param == "sqlite" else fresh_url()
    checkpoints = record_every_table(url)
    store = SqlAlchemyStore.open(url, ManualClock())
    for number in range(3):
        submit_and_send(store, f"more {number}")
    tamper = Tampering(request.param, url)
    (first, *_) = tamper.rows("SELECT order_id FROM orders ORDER BY order_id")
    tamper("DELETE FROM order_events WHERE order_id = :order_id", order_id=first["order_id"])
    for fault in FAULTS:
        tamper(fault)
    tamper.engine.dispose()
    yield store, checkpoints
    store.close()


def test_the_findings_are_those_of_one_process(tampered):
    store, checkpoints = tampered
    alone = verify(store, checkpoints)
    assert len({problem.what for problem in alone.problems}) > 6
    told = []
    with ThreadPoolExecutor(3) as executor:
        together = verify(store, checkpoints, None, lambda what, count: told.append(what), executor)
    assert together == alone
    assert list(together.counts) == list(alone.counts)
    assert set(told) == set(alone.counts) - {"order"}


def test_other_processes_open_the_store_by_its_address(tmp_path, monkeypatch):
    monkeypatch.setattr(elsewhere, "ORDERS_PER_PART", 1)
    url = f"sqlite:///{tmp_path}/recorded.db?sot_prefix=sot_"
    checkpoints = record_every_table(url)
    store = SqlAlchemyStore.open(url)
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        found = verify(store, checkpoints, executor=executor)
        with pytest.raises(InvalidInput, match="as it was exported"):
            verify(store, [checkpoints[0].changed(count=1)], executor=executor)
    assert found.passed
    assert found == verify(store, checkpoints)
    store.close()


def test_a_store_is_opened_again_by_its_path_in_another_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = SqlAlchemyStore.open("sqlite:///here.db")
    submit_and_send(store, "C1")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = pickle.loads(pickle.dumps(store.opener()))()
    assert verify(again).counts["order"] == 1
    again.close()
    store.close()


@pytest.mark.parametrize("open_store", [MemoryStore, lambda: SqlAlchemyStore.open("sqlite://")])
def test_a_store_of_this_process_is_verified_here(open_store):
    store = open_store()
    submit_and_send(store, "C1")
    assert store.opener() is None
    with ThreadPoolExecutor(1) as executor:
        found = verify(store, executor=executor)
        assert executor._work_queue.empty()
    assert (found.counts["order"], found.problems) == (1, [])
    store.close()


def test_an_error_in_another_process_is_raised_here(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/gone.db")
    submit_and_send(store, "C1")
    with VanishingFile(tmp_path / "gone.db") as executor, pytest.raises(StoreUnavailable):
        verify(store, executor=executor)
    store.close()
