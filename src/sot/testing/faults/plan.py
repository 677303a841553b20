"""What fails, and when: drawn from a seed, or at a call that is named."""

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from hashlib import sha256


class StoreFault(Enum):
    """What a store may do instead of what it is asked."""

    ERROR_BEFORE = "ERROR_BEFORE"
    """An unexpected exception before a call takes effect."""
    ERROR_AFTER = "ERROR_AFTER"
    """An unexpected exception after a call has taken effect."""
    DISCONNECTED_BEFORE = "DISCONNECTED_BEFORE"
    """The connection is lost before a call (StoreUnavailable)."""
    DISCONNECTED_AFTER = "DISCONNECTED_AFTER"
    """The connection is lost after a call of a repository (StoreUnavailable)."""
    DISK_FULL = "DISK_FULL"
    """There is no space for what a call or a COMMIT writes (StoreUnavailable)."""
    LOST_RACE = "LOST_RACE"
    """A deadlock or a serialization failure, at a call or at COMMIT (ConcurrentUpdate)."""
    COMMIT_LOST = "COMMIT_LOST"
    """COMMIT never arrives, and nobody can tell (CommitUnknown; nothing is stored)."""
    ANSWER_LOST = "ANSWER_LOST"
    """COMMIT takes effect, and its answer is lost (CommitUnknown; everything is stored)."""
    DELAY = "DELAY"
    """A call takes long: `FaultPlan.on_delay` is called before it."""


class VenueFault(Enum):
    """What a venue, or the way to it, may do instead of what it is asked."""

    NOT_REACHED = "NOT_REACHED"
    """Nothing is sent, and that is certain (VenueNotReached)."""
    LOST = "LOST"
    """A request or a query never arrives, and nobody can tell (VenueOutcomeUnknown)."""
    ANSWER_LOST = "ANSWER_LOST"
    """A request or a query arrives, and its answer is lost (VenueOutcomeUnknown)."""
    ERROR_BEFORE = "ERROR_BEFORE"
    """An unexpected exception before sending."""
    ERROR_AFTER = "ERROR_AFTER"
    """An unexpected exception after sending."""
    DUPLICATED = "DUPLICATED"
    """A report of an answer is in it twice."""
    REORDERED = "REORDERED"
    """The reports of an answer are in another order."""
    WITHHELD = "WITHHELD"
    """The last reports of an answer are missing; `FaultyVenue.deliver` returns them later."""
    FORGOTTEN = "FORGOTTEN"
    """The last reports of an answer are missing for ever, as where the venue forgets to tell them."""
    DELAY = "DELAY"
    """A call takes long: `FaultPlan.on_delay` is called before it."""


Fault = StoreFault | VenueFault


def _do_nothing(place: str) -> None:
    """No delay."""


class FaultPlan:
    """Decides which calls fail.

    Args:
        seed: The same seed gives the same faults for the same calls.
        chances: How probable each fault is at each call where it can occur, from 0 to 1. None by default.
        on_delay: Called with the place of a call that is delayed. There, others may act; nothing sleeps.

    Attributes:
        random: The source of everything that is drawn.
        chances: As above; may be changed at any time. `pause` clears them.
        calls: How many calls there were at each place, such as "events.append", "commit" and "submit".
        fired: How many times each fault occurred at each place.
        trace: The faults in order, each with its place.
    """

    def __init__(
        self,
        seed: int = 0,
        chances: Mapping[Fault, float] | None = None,
        on_delay: Callable[[str], None] = _do_nothing,
    ) -> None:
        self.random = random.Random(seed)
        self.chances = dict(chances or {})
        self.on_delay = on_delay
        self.calls: Counter[str] = Counter()
        self.fired: Counter[tuple[Fault, str]] = Counter()
        self.trace: list[tuple[Fault, str]] = []
        self._once: tuple[Fault, int] | None = None

    def once(self, fault: Fault, number: int) -> None:
        """Let a fault occur at the n-th of the coming calls where it can, from 1, and never again."""
        self._once = (fault, number)

    def pause(self) -> None:
        """Let nothing fail from now on."""
        self.chances.clear()
        self._once = None

    @property
    def is_pending(self) -> bool:
        """Whether a fault that was set with `once` has not occurred yet."""
        return self._once is not None

    def counts(self) -> Counter[Fault]:
        """How many times each fault occurred, anywhere."""
        counts: Counter[Fault] = Counter()
        for (fault, _), count in self.fired.items():
            counts[fault] += count
        return counts

    def trace_hash(self) -> str:
        """A digest of the trace, to compare two runs."""
        return sha256("\n".join(f"{fault} {place}" for fault, place in self.trace).encode()).hexdigest()

    def draw(self, place: str, possible: Collection[Fault]) -> Fault | None:
        """Decide whether a call fails, and how. A delay happens here, and is not returned.

        Args:
            place: The call.
            possible: The faults that can occur there.
        """
        self.calls[place] += 1
        fault = self._due(possible) or self._by_chance(possible)
        if fault is None:
            return None
        self.fired[fault, place] += 1
        self.trace.append((fault, place))
        if fault in (StoreFault.DELAY, VenueFault.DELAY):
            self.on_delay(place)
            return None
        return fault

    def _due(self, possible: Collection[Fault]) -> Fault | None:
        if self._once is None:
            return None
        fault, number = self._once
        if fault not in possible:
            return None
        self._once = None if number == 1 else (fault, number - 1)
        return fault if number == 1 else None

    def _by_chance(self, possible: Collection[Fault]) -> Fault | None:
        for fault, chance in self.chances.items():
            if chance and fault in possible and self.random.random() < chance:
                return fault
        return None
