"""Whatever the network and the operating system do, history and exchange end equal, or a finding names the difference.

Everything is drawn from a seed: the application's steps, what the exchange and the network do, when the process is
killed, and which answers to COMMIT are lost. A seed that fails fails again.
"""

from collections import Counter
from functools import partial

import pytest

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.testing.faults import StoreFault, VenueFault
from tests.reliability.campaigns import simulation
from tests.support.extended_simulation import ExtendedSimulation
from tests.support.postgres import fresh_url
from tests.support.simulation import Simulation

SEEDS_OF_BUGS = [0, 15, 27, 28, 41, 91, 177, 214, 244, 268, 309, 334, 366, 393, 411, 414, 441, 463, 491]
SEEDS_OF_BUGS += [1068, 1139, 1963, 2100, 2979, 6190]
"""Seeds of extended simulations that found a bug."""


def simulate(seed, kind=Simulation, **options):
    """Run, settle and check a simulation."""
    life = kind(seed, **options)
    try:
        life.run()
        life.settle()
        life.check()
        return life
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}") from error


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_simulations_in_memory(start):
    seen = set()
    for seed in range(start, start + 100):
        life = simulate(seed)
        seen |= {outcome for _, outcome in life.trace if isinstance(outcome, str)}
    assert {"killed", "CommitUnknown", "FAILED", "FILLED", "PENDING_NEW", "PENDING_CANCEL"} <= seen


@pytest.mark.parametrize("start", range(1000, 1300, 100))
def test_extended_simulations(start):
    seen = set()
    for seed in range(start, start + 100):
        life = simulate(seed, kind=ExtendedSimulation)
        seen |= {outcome for _, outcome in life.trace if isinstance(outcome, str)}
        seen |= {step for step, _ in life.trace if step.startswith("meanwhile")}
    assert {"killed", "busted", "corrected", "restated", "ended", "EXPIRED", "meanwhile recover"} <= seen


@pytest.mark.parametrize("seed", SEEDS_OF_BUGS)
def test_simulations_that_found_a_bug(seed):
    simulate(seed, kind=ExtendedSimulation)


@pytest.mark.parametrize("kind", [Simulation, ExtendedSimulation])
@pytest.mark.parametrize("seed", range(5))
def test_long_simulations(seed, kind):
    simulate(seed, kind=kind, steps=300 if kind is Simulation else 150)


@pytest.mark.parametrize("kind", [Simulation, ExtendedSimulation])
def test_a_simulation_can_be_repeated(kind):
    first, second = simulate(7, kind=kind, steps=100), simulate(7, kind=kind, steps=100)
    assert first.trace == second.trace
    heads = [
        [(leaf.name, leaf.hash) for leaf in one.durable_store.run(lambda uow: list(uow.feed.leaves()), read_only=True)]
        for one in (first, second)
    ]
    assert heads[0] == heads[1]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_simulations_in_a_database_equal_those_in_memory(kind, tmp_path):
    for seed in range(8):
        url = f"sqlite:///{tmp_path}/{seed}.db" if kind == "sqlite" else fresh_url()
        in_database = simulate(seed, open_store=partial(SqlAlchemyStore.open, url))
        in_memory = simulate(seed)
        assert in_database.trace == in_memory.trace
        in_database.durable_store.close()


# ------------------------------------------------------------------------------------------------ with faults


@pytest.fixture(scope="module")
def faulty_lives():
    return [simulation.live(seed) for seed in range(40)]


def test_simulations_with_faults_keep_all_promises(faulty_lives):
    """Every fault occurs, and every fault of the store in repositories, too."""
    fired = Counter()
    for life in faulty_lives:
        fired += life.plan.counts()
    assert set(fired) == {*StoreFault, *VenueFault}
    assert {place.split(".")[0] for life in faulty_lives for _, place in life.plan.trace} > {
        "events",
        "orders",
        "commit",
    }
    outcomes = {outcome for life in faulty_lives for _, outcome in life.trace if isinstance(outcome, str)}
    assert {"killed", "RuntimeError", "CommitUnknown", "StoreUnavailable", "FILLED"} <= outcomes
    jumps = {jump for life in faulty_lives for jump in life.jumping_clock.fired}
    assert jumps == {"back", "forward", "repeated"}


def test_a_simulation_with_faults_can_be_repeated(faulty_lives):
    for seed in range(3):
        assert simulation.live(seed).trace_hash() == faulty_lives[seed].trace_hash()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_simulations_with_faults_in_a_database(kind, tmp_path):
    for seed in range(4):
        url = f"sqlite:///{tmp_path}/{seed}.db" if kind == "sqlite" else fresh_url()
        life = simulation.live(seed, partial(SqlAlchemyStore.open, url), steps=20)
        assert life.plan.calls["commit"] > 5
        life.durable_store.close()


def test_a_lost_event_would_be_noticed():
    life = simulation.live(1, steps=20)
    order_id, (sequence, head) = next(iter(life.known_events.items()))
    life.known_events[order_id] = (sequence + 1, head)
    with pytest.raises(AssertionError, match="an event was lost"):
        life.check_cheaply()


def test_the_campaign_counts_steps_and_faults():
    report = simulation.run(0, 7).check()
    assert report.counts["steps"] == simulation.STEPS
    assert report.counts["trials"] == 1
