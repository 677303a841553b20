"""An executor finds the orders whose rows differ; they are rebuilt as one process does."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.audit import elsewhere
from sot.application.audit.rebuild import rebuild
from sot.application.audit.verification import verify
from sot.domain.values.errors import StoreUnavailable
from sot.testing.contract.samples import ACCOUNT
from sot.testing.contract.transactions import submit_and_send
from tests.support.postgres import fresh_url
from tests.support.tampering import Tampering, record_every_table
from tests.support.vanishing import VanishingFile

WRONG = (
    "UPDATE orders SET cum_quantity = 5",
    "UPDATE positions SET realized_gross = 7",
    "DELETE FROM order_costs",
    "DELETE FROM order_identifiers",
    "DELETE FROM waiting_reports",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return f"sqlite:///{tmp_path}/recorded.db" if request.param == "sqlite" else fresh_url()


@pytest.fixture
def damaged(url, monkeypatch):
    """A store with five orders, all of whose derived rows are wrong; an order is a part."""
    monkeypatch.setattr(elsewhere, "ORDERS_PER_PART", 1)
    record_every_table(url)
    store = SqlAlchemyStore.open(url)
    for number in range(3):
        submit_and_send(store, f"more {number}")
    assert verify(store).passed
    tamper = Tampering(url.partition(":")[0], url)
    for change in WRONG:
        tamper(change)
    tamper.engine.dispose()
    assert not verify(store).passed
    yield store
    store.close()


def count_of_orders(store):
    return verify(store).counts["order"]


def test_what_is_wrong_is_found_by_threads_and_rebuilt_here(damaged):
    told = []
    with ThreadPoolExecutor(3) as executor:
        count = rebuild(damaged, progress=lambda what, more: told.append((what, more)), batch=1, executor=executor)
    assert verify(damaged).problems == []
    assert count == count_of_orders(damaged) == sum(more for what, more in told if what == "order")


def test_nothing_is_written_elsewhere(damaged):
    """A part says which orders differ, and how many do not, or whose positions do."""
    answers = []

    class Listens(ThreadPoolExecutor):
        def submit(self, function, /, *arguments, **named):
            future = super().submit(function, *arguments, **named)
            answers.append(future)
            return future

    with Listens(1) as executor:
        rebuild(damaged, executor=executor)
    found = [answer.result() for answer in answers]
    differing = sum(len(part.order_ids) for part in found)
    assert sum(part.intact for part in found) + differing == count_of_orders(damaged)
    assert differing > 1
    assert ACCOUNT in set().union(*(part.accounts for part in found if not part.order_ids))


def test_other_processes_open_the_store_by_its_address(damaged):
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        assert rebuild(damaged, ACCOUNT, executor=executor) == count_of_orders(damaged)
    assert verify(damaged).problems == []


def test_a_store_of_this_process_is_rebuilt_here():
    store = MemoryStore()
    submit_and_send(store, "C1")
    with ThreadPoolExecutor(1) as executor:
        assert rebuild(store, executor=executor) == 1
        assert executor._work_queue.empty()


def test_an_error_in_another_process_is_raised_here(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/gone.db")
    submit_and_send(store, "C1")
    with VanishingFile(tmp_path / "gone.db") as executor, pytest.raises(StoreUnavailable):
        rebuild(store, executor=executor)
    store.close()
