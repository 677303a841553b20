"""A store is verified by a Dask cluster of two processes: what it finds is what one process finds, whoever dies.

A store that is recorded here has more parts than the cluster has workers, and a part waits for a file before it begins,
so that a worker can be killed while it has a part.
"""

import os
import shutil
import signal
import time
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from distributed import Client, KilledWorker, LocalCluster

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.audit import elsewhere, verification
from sot.audit import rebuild, verify
from sot.errors import InvalidInput
from sot.testing.contract.transactions import submit_and_send
from tests.support.command_line import sot
from tests.support.postgres import fresh_url
from tests.support.tampering import Tampering, record_every_table

pytestmark = pytest.mark.filterwarnings("default")  # a cluster whose processes are killed warns of much
on_sqlite = pytest.mark.parametrize("recorded", ["sqlite"], indirect=True)


@contextmanager
def running_cluster(**options):
    """A cluster of two processes on this machine, without a page of its own."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50, **options
    ) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def cluster():
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    with Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(2, 60)
        yield client


@pytest.fixture(params=["sqlite", "postgresql"])
def recorded(request, tmp_path, monkeypatch):
    """The kind of a database, its address, an open store, and its checkpoints; each order is a part."""
    monkeypatch.setattr(elsewhere, "ORDERS_PER_PART", 1)
    url = f"sqlite:///{tmp_path}/recorded.db" if request.param == "sqlite" else fresh_url()
    checkpoints = record_every_table(url)
    store = SqlAlchemyStore.open(url)
    for number in range(2):
        submit_and_send(store, f"more {number}")
    yield request.param, url, store, checkpoints
    store.close()


def opened_later(opener, folder):
    """Open a store once the file `go` is there; the first worker that waits writes its process id."""
    waiting = Path(folder, "waiting")
    try:
        with waiting.open("x") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        pass
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    return opener()


def dies(opener, folder):
    """End the process as if it were out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


class Slow:
    """A store whose copies in other processes open by `open_again`."""

    def __init__(self, store, open_again, folder):
        self._store = store
        self._open_again = open_again
        self._folder = str(folder)

    def opener(self):
        return partial(self._open_again, self._store.opener(), self._folder)

    def __getattr__(self, name):
        return getattr(self._store, name)


class ThenDoes:
    """An executor that does something once all parts of a verification are given to it."""

    def __init__(self, executor, store, action):
        self._executor = executor
        self._action = action
        self._left = number_of_parts(store)

    def submit(self, function, /, *arguments):
        future = self._executor.submit(function, *arguments)
        self._left -= 1
        if self._left == 0:
            self._action()
        return future


def kill_the_waiting_worker(folder):
    waiting = folder / "waiting"
    for _ in range(6000):
        if waiting.exists() and waiting.read_text():
            break
        time.sleep(0.01)
    os.kill(int(waiting.read_text()), signal.SIGKILL)
    (folder / "go").touch()


def number_of_parts(store):
    with store.begin(read_only=True) as uow:
        return len(list(verification._parts(uow, uow.audit.order_ranges(elsewhere.ORDERS_PER_PART))))


def test_the_findings_are_those_of_one_process(recorded, client):
    kind, url, store, checkpoints = recorded
    assert verify(store, checkpoints, executor=client.get_executor()).problems == []
    tamper = Tampering(kind, url)
    tamper("UPDATE order_events SET hash = 'x' WHERE sequence = 2")
    tamper("UPDATE orders SET cum_quantity = 5")
    tamper.engine.dispose()
    alone = verify(store, checkpoints)
    assert len(alone.problems) > 5
    assert verify(store, checkpoints, executor=client.get_executor()) == alone


def test_a_worker_is_killed_in_the_middle(recorded, client, tmp_path):
    kind, url, store, checkpoints = recorded
    tamper = Tampering(kind, url)
    tamper("UPDATE orders SET cum_quantity = 5")
    tamper.engine.dispose()
    before = set(client.scheduler_info()["workers"])
    executor = ThenDoes(client.get_executor(), store, lambda: kill_the_waiting_worker(tmp_path))
    found = verify(Slow(store, opened_later, tmp_path), checkpoints, executor=executor)
    assert found == verify(store, checkpoints)
    assert not found.passed
    client.wait_for_workers(2, 60)
    assert set(client.scheduler_info()["workers"]) != before, "no worker died"


@on_sqlite
def test_a_part_that_kills_each_worker_is_an_error(recorded, cluster, client, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)  # of a part; three by default, and as many starts
    store, checkpoints = recorded[2:]
    with pytest.raises(KilledWorker, match="died"):
        verify(Slow(store, dies, tmp_path), checkpoints, executor=client.get_executor())


@on_sqlite
def test_a_cluster_that_ends_is_an_error(recorded, tmp_path):
    store, checkpoints = recorded[2:]
    with running_cluster() as cluster, Client(cluster, set_as_default=False) as client:
        executor = ThenDoes(client.get_executor(), store, cluster.close)
        with pytest.raises(BrokenExecutor, match="gave up a part"):
            verify(Slow(store, opened_later, tmp_path), checkpoints, executor=executor)
    (tmp_path / "go").touch()


def test_what_is_wrong_is_found_by_a_cluster_and_rebuilt_here(recorded, client):
    kind, url, store, _ = recorded
    tamper = Tampering(kind, url)
    tamper("UPDATE orders SET cum_quantity = 5")
    tamper.engine.dispose()
    assert not verify(store).passed
    assert rebuild(store, executor=client.get_executor()) == verify(store).counts["order"]
    assert verify(store).passed


@on_sqlite
def test_results_of_an_earlier_verification_are_not_taken(recorded, client):
    """Dask takes the result of an equal task that somebody still holds."""
    kind, url, store, checkpoints = recorded
    held = []

    class Holds:
        def submit(self, function, /, *arguments):
            held.append(client.submit(function, *arguments))  # as `get_executor` does
            return executor.submit(function, *arguments)

    executor = client.get_executor()
    assert verify(store, checkpoints, executor=Holds()).passed
    client.gather(held)
    tamper = Tampering(kind, url)
    tamper("UPDATE orders SET cum_quantity = 5")
    tamper.engine.dispose()
    assert verify(store, checkpoints, executor=Holds()) == verify(store, checkpoints)
    assert not verify(store, checkpoints, executor=Holds()).passed


def test_a_worker_that_finds_another_store_at_the_address_is_an_error(tmp_path, client):
    url = f"sqlite:///{tmp_path}/recorded.db"
    record_every_table(url)
    shutil.copy(tmp_path / "recorded.db", tmp_path / "older.db")
    store, older = SqlAlchemyStore.open(url), SqlAlchemyStore.open(f"sqlite:///{tmp_path}/older.db")
    submit_and_send(store, "later")

    class Elsewhere(Slow):
        def opener(self):
            return older.opener()

    with pytest.raises(InvalidInput, match="no older copy of it"):
        verify(Elsewhere(store, None, tmp_path), executor=client.get_executor())
    store.close()
    older.close()


@on_sqlite
def test_the_command_line_verifies_by_a_cluster(recorded, cluster):
    url, address = recorded[1], cluster.scheduler_address
    result = sot("verify", "--store", url, "--scheduler", address)
    assert result.exit_code == 0, result.output
    assert "Everything holds." in result.output
    assert sot("verify", "--store", url, "--scheduler", "tcp://127.0.0.1:1").exit_code == 2
    assert sot("verify", "--store", url, "--scheduler", address, "--jobs", "2").exit_code == 2
