"""Whatever the network and the operating system do, history and exchange end equal, or a finding names the difference.

Everything is drawn from a seed: the application's steps, what the exchange and the network do to them, when the process
is killed, and which COMMITs lose their answer. A seed that fails fails again.
"""

from functools import partial

import pytest
from exchange import Life
from tests.postgres import fresh_url
from wild import WildLife

from sot.adapters.sqlalchemy import SqlAlchemyStore

FOUND_BUGS = [0, 15, 27, 28, 41, 91, 177, 214, 244, 268, 309, 334, 366, 393, 411, 414, 441, 463, 491]
FOUND_BUGS += [1068, 1139, 1963, 2100, 2979, 6190]
"""Seeds of wild lives that found something."""


def lived(seed, kind=Life, **how):
    life = kind(seed, **how)
    try:
        life.live()
        life.settle()
        return life, life.check()
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}") from error


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_lives_in_memory(start):
    seen = set()
    for seed in range(start, start + 100):
        life, _ = lived(seed)
        seen |= {outcome for _, outcome in life.trace if isinstance(outcome, str)}
    assert {"killed", "CommitUnknown", "FAILED", "FILLED", "PENDING_NEW", "PENDING_CANCEL"} <= seen


@pytest.mark.parametrize("start", range(1000, 1300, 100))
def test_wild_lives(start):
    seen = set()
    for seed in range(start, start + 100):
        life, _ = lived(seed, kind=WildLife)
        seen |= {outcome for _, outcome in life.trace if isinstance(outcome, str)}
        seen |= {step for step, _ in life.trace if step.startswith("meanwhile")}
    assert {"killed", "busted", "corrected", "restated", "ended", "EXPIRED", "meanwhile recover"} <= seen


@pytest.mark.parametrize("seed", FOUND_BUGS)
def test_lives_that_found_something(seed):
    lived(seed, kind=WildLife)


@pytest.mark.parametrize("kind", [Life, WildLife])
@pytest.mark.parametrize("seed", range(5))
def test_long_lives(seed, kind):
    lived(seed, kind=kind, steps=300 if kind is Life else 150)


@pytest.mark.parametrize("kind", [Life, WildLife])
def test_a_life_can_be_lived_again(kind):
    (first, _), (second, _) = lived(7, kind=kind, steps=100), lived(7, kind=kind, steps=100)
    assert first.trace == second.trace
    heads = [
        [(leaf.name, leaf.hash) for leaf in life.kept.run(lambda uow: list(uow.feed.leaves()), read_only=True)]
        for life in (first, second)
    ]
    assert heads[0] == heads[1]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_lives_in_a_database_are_those_in_memory(kind, tmp_path):
    for seed in range(8):
        url = f"sqlite:///{tmp_path}/{seed}.db" if kind == "sqlite" else fresh_url()
        kept, _ = lived(seed, opens=partial(SqlAlchemyStore.open, url))
        told, _ = lived(seed)
        assert kept.trace == told.trace
        kept.kept.close()
