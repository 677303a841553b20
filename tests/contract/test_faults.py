"""Our stores pass the suite of faults: at every call in memory, at some of them in databases."""

import itertools
from datetime import UTC, datetime

import pytest

from sot.adapters.memory import MemoryStore
from sot.audit import verify
from sot.errors import ConcurrentUpdate, Conflict
from sot.testing.contract.faults import FaultContract, figures, run_steps
from sot.testing.contract.transactions import read_history, submit_and_send
from sot.testing.faults import Fault, FaultAt, FaultyStore, JumpingClock, RandomFaults, RepeatingIds
from tests.conftest import STORES


class TestFaults(FaultContract):
    stride = 1

    @pytest.fixture
    def new_store(self):
        return MemoryStore


class TestFaultsInDatabases(FaultContract):
    stride = 150

    @pytest.fixture(params=[name for name in STORES if name != "memory"])
    def new_store(self, request, make_store):
        return lambda: make_store(request.param)


def test_the_same_seed_gives_the_same_faults():
    fired = []
    for _ in range(2):
        plan = RandomFaults(7, 20)
        run_steps(FaultyStore(MemoryStore(), plan))
        fired.append(plan.fired)
    assert fired[0] == fired[1]


def test_every_fault_fires():
    fired = set()
    for seed in itertools.count():
        plan = RandomFaults(seed, 40)
        run_steps(FaultyStore(MemoryStore(), plan))
        fired |= {fault for fault, _ in plan.fired}
        if fired == set(Fault):
            break
        assert seed < 50, fired


def test_a_store_without_faults_is_the_store():
    store, plan = MemoryStore(), FaultAt(Fault.COMMIT_STORED, 10_000)
    run_steps(FaultyStore(store, plan))
    assert plan.point is None
    assert read_history(store, figures)["waiting"] == 0


@pytest.mark.parametrize("seed", range(3))
def test_a_clock_that_jumps_changes_no_order(seed):
    """Executions without a time of their own are placed by the clock, so that results may differ; units do not."""
    store, expected = MemoryStore(), MemoryStore()
    run_steps(expected)
    store.clock = JumpingClock(seed, datetime(2026, 1, 5, tzinfo=UTC))
    run_steps(store)
    actual, wanted = ({**read_history(each, figures)} for each in (store, expected))
    assert [position[0] for position in actual.pop("position")] == [position[0] for position in wanted.pop("position")]
    assert actual == wanted
    for order in read_history(store, lambda history: list(history.orders())):
        times = [
            event.recorded_at for event in read_history(store, lambda history, o=order: history.events(o.order_id))
        ]
        assert times == sorted(times)


def test_ids_that_were_given_before_are_refused_and_replaced():
    """A colliding id is a lost race or a conflict: nothing of the use case is stored, and the next id will do."""
    store = MemoryStore()
    ids = RepeatingIds(store.ids, every=3)
    store.ids = ids
    for number in range(12):
        for _ in range(5):
            try:
                submit_and_send(store, f"C{number}")
                break
            except (ConcurrentUpdate, Conflict):
                continue
    orders = read_history(store, lambda history: list(history.orders()))
    assert len(orders) == len({order.order_id for order in orders}) == 12
    assert verify(store).passed
