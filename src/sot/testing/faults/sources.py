"""A clock that jumps and ids that collide."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sot.ports.clock import Clock
from sot.ports.ids import IdSource

JUMPS = (timedelta(hours=-1), timedelta(hours=1), timedelta(0), timedelta(days=-1), timedelta(days=1))
"""By how much a clock jumps; zero means that it tells the last time again."""


class JumpingClock(Clock):
    """A clock that now and then jumps forward or back, or tells a time again.

    Args:
        clock: The clock that is right.
        seed: The same seed gives the same jumps.
        chance: How probable a jump is whenever the time is read, from 0 to 1.
        jumps: By how much it may jump.

    Attributes:
        fired: How many times it jumped "back" and "forward", and told a time again ("repeated").
    """

    def __init__(self, clock: Clock, seed: int = 0, chance: float = 0.05, jumps: Sequence[timedelta] = JUMPS) -> None:
        self.fired: Counter[str] = Counter()
        self.chance = chance
        self._jumps = jumps
        self._clock = clock
        self._random = random.Random(seed)
        self._offset = timedelta(0)
        self._last: datetime | None = None

    def now(self) -> datetime:
        """The present time, wherever the clock has jumped."""
        if self._random.random() < self.chance:
            jump = self._random.choice(self._jumps)
            if not jump and self._last is not None:
                self.fired["repeated"] += 1
                return self._last
            if jump:
                self.fired["forward" if jump > timedelta(0) else "back"] += 1
                # The next jump leads home, so that the clock never strays further than a day.
                self._offset = timedelta(0) if self._offset else jump
        self._last = self._clock.now() + self._offset
        return self._last


class CollidingIds(IdSource):
    """Ids of which some were given before.

    Args:
        ids: The source of new ids.
        seed: The same seed gives the same collisions.
        chance: How probable it is that an id is one that was given before, from 0 to 1.

    Attributes:
        fired: How many ids were given again ("repeated").
    """

    def __init__(self, ids: IdSource, seed: int = 0, chance: float = 0.05) -> None:
        self.fired: Counter[str] = Counter()
        self.chance = chance
        self._ids = ids
        self._random = random.Random(seed)
        self._given: list[str] = []

    def new_id(self) -> str:
        """A new id, or one that was given before."""
        if self._given and self._random.random() < self.chance:
            self.fired["repeated"] += 1
            return self._random.choice(self._given)
        new = self._ids.new_id()
        self._given.append(new)
        return new
