"""Whatever the network and the operating system do, history and exchange end equal, or a finding names the difference."""

import pytest
from exchange import Life


def lived(seed, **how):
    life = Life(seed, **how)
    life.live()
    life.settle()
    return life, life.check()


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_lives(start):
    for seed in range(start, start + 50):
        try:
            lived(seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error
