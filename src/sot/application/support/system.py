"""The clock and the ids of the machine, which stores use by default."""

import os
import time
from datetime import UTC, datetime
from threading import Lock

from sot.ports.clock import Clock
from sot.ports.ids import IdSource


class SystemClock(Clock):
    """The machine's clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)


class TimeOrderedIds(IdSource):
    """UUIDs of version 7 (RFC 9562, section 5.7): milliseconds, then a counter that starts at random, then randomness.

    Ids made by one source ascend strictly.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def new_id(self) -> str:
        """Make an id that is greater than every earlier one of this source."""
        # 48 bits of time and 74 random ones; within one millisecond the last id is counted up by a random step.
        random = int.from_bytes(os.urandom(10))
        now = (time.time_ns() // 1_000_000) << 74 | random >> 6
        with self._lock:
            if now <= self._last or now >> 74 == self._last >> 74:
                now = self._last + 1 + (random & 0xFFFFFFFF)
            self._last = now
        value = (now >> 74) << 80 | 7 << 76 | (now >> 62 & 0xFFF) << 64 | 2 << 62 | (now & (1 << 62) - 1)
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
