"""Whatever the network and the operating system do, history and exchange end equal, or a finding names the difference.

Everything is drawn from a seed: the application's steps, what the exchange and the network do to them, when the process
is killed, and which COMMITs lose their answer. A seed that fails fails again.
"""

from functools import partial

import pytest
from exchange import Life
from tests.postgres import fresh_url

from sot.adapters.sqlalchemy import SqlAlchemyStore

FOUND_BUGS: list[int] = []
"""Seeds that found something, of the form that they had then."""


def lived(seed, **how):
    life = Life(seed, **how)
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


@pytest.mark.parametrize("seed", range(5))
def test_long_lives(seed):
    lived(seed, steps=300)


def test_a_life_can_be_lived_again():
    (first, _), (second, _) = lived(7, steps=100), lived(7, steps=100)
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
