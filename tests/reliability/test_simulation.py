"""Whatever the network and the operating system do, history and exchange end equal, or a finding names the difference.

Everything is drawn from a seed: the application's steps, what the exchange and the network do, when the process is
killed, and which answers to COMMIT are lost. A seed that fails fails again.
"""

from functools import partial

import pytest

from sot.adapters.sqlalchemy import SqlAlchemyStore
from tests.support.extended_simulation import ExtendedSimulation
from tests.support.postgres import fresh_url
from tests.support.simulation import Simulation

SEEDS_OF_BUGS = [0, 15, 27, 28, 41, 91, 177, 214, 244, 268, 309, 334, 366, 393, 411, 414, 441, 463, 491]
SEEDS_OF_BUGS += [1068, 1139, 1963, 2100, 2979, 6190]
"""Seeds of extended simulations that found a bug."""


def simulate(seed, kind=Simulation, **options):
    """Run, settle and check a simulation."""
    simulation = kind(seed, **options)
    try:
        simulation.run()
        simulation.settle()
        simulation.check()
        return simulation
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}") from error


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_simulations_in_memory(start):
    seen = set()
    for seed in range(start, start + 100):
        simulation = simulate(seed)
        seen |= {outcome for _, outcome in simulation.trace if isinstance(outcome, str)}
    assert {"killed", "CommitUnknown", "FAILED", "FILLED", "PENDING_NEW", "PENDING_CANCEL"} <= seen


@pytest.mark.parametrize("start", range(1000, 1300, 100))
def test_extended_simulations(start):
    seen = set()
    for seed in range(start, start + 100):
        simulation = simulate(seed, kind=ExtendedSimulation)
        seen |= {outcome for _, outcome in simulation.trace if isinstance(outcome, str)}
        seen |= {step for step, _ in simulation.trace if step.startswith("meanwhile")}
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
