"""A store that fails on purpose, at every call of its ports, so that an application can be tried against each failure.

`FaultyStore` wraps any store. A plan says what fails and where; `RandomFaults` follows a seed, `FaultAt` fails once. A
call of a repository can fail before it, after it, or in a way that nobody expects; COMMIT can lose its race, be out of
reach, or lose its answer, stored or not. `FaultContract` proves a store with it.
"""

import random
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast, get_type_hints

from sot.application.support.retry import run_with_retries
from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate, SotError, StoreUnavailable
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.store import Store, UnitOfWork

T = TypeVar("T")

_NO_PAUSE: Callable[[float], None] = lambda seconds: None  # noqa: E731


class Fault(StrEnum):
    """What can fail."""

    CALL_LOST_RACE = "CALL_LOST_RACE"
    CALL_UNAVAILABLE = "CALL_UNAVAILABLE"
    CALL_UNEXPECTED = "CALL_UNEXPECTED"
    ANSWER_UNEXPECTED = "ANSWER_UNEXPECTED"
    """The call did what it should; what follows it fails."""
    COMMIT_LOST_RACE = "COMMIT_LOST_RACE"
    COMMIT_UNAVAILABLE = "COMMIT_UNAVAILABLE"
    COMMIT_NOT_STORED = "COMMIT_NOT_STORED"
    """The answer to COMMIT is lost, and nothing was stored."""
    COMMIT_STORED = "COMMIT_STORED"
    """The answer to COMMIT is lost, and everything was stored."""


CALL_FAULTS = (Fault.CALL_LOST_RACE, Fault.CALL_UNAVAILABLE, Fault.CALL_UNEXPECTED, Fault.ANSWER_UNEXPECTED)
COMMIT_FAULTS = (Fault.COMMIT_LOST_RACE, Fault.COMMIT_UNAVAILABLE, Fault.COMMIT_NOT_STORED, Fault.COMMIT_STORED)
_AFTER = (Fault.ANSWER_UNEXPECTED, Fault.COMMIT_STORED)


class UnexpectedFault(Exception):
    """An error that no application expects, such as a bug or a full memory."""


def _error_of(fault: Fault, point: str) -> Exception:
    if fault in (Fault.CALL_LOST_RACE, Fault.COMMIT_LOST_RACE):
        return ConcurrentUpdate(f"planned at {point}")
    if fault in (Fault.CALL_UNAVAILABLE, Fault.COMMIT_UNAVAILABLE):
        return StoreUnavailable("faulty", f"planned at {point}")
    if fault in (Fault.COMMIT_NOT_STORED, Fault.COMMIT_STORED):
        return CommitUnknown(f"planned at {point}")
    return UnexpectedFault(f"planned at {point}")


class FaultPlan(Protocol):
    """Says what fails."""

    @abstractmethod
    def next(self, point: str, possible: tuple[Fault, ...]) -> Fault | None:
        """Return what fails at a point, one of what is possible there; None if nothing does.

        Args:
            point: The call, such as `orders.save` or `commit`.
            possible: The faults that a call of this kind can have.
        """
        raise NotImplementedError


class RandomFaults(FaultPlan):
    """Faults at random; the same seed gives the same faults for the same calls.

    Attributes:
        fired: How often each fault happened, by (fault, point).

    Args:
        seed: The seed.
        rate: How many calls of a thousand fail, from 0 to 1000.
    """

    def __init__(self, seed: int, rate: int = 10) -> None:
        self.fired: Counter[tuple[Fault, str]] = Counter()
        self._random = random.Random(seed)
        self._rate = rate

    def next(self, point: str, possible: tuple[Fault, ...]) -> Fault | None:
        """Return one of the possible faults, or None."""
        if self._random.randrange(1000) >= self._rate:
            return None
        fault = self._random.choice(possible)
        self.fired[fault, point] += 1
        return fault


class FaultAt(FaultPlan):
    """One fault, at one of the calls for which it is possible.

    Attributes:
        point: The call that failed; None while none has.

    Args:
        fault: What fails.
        number: Which of these calls, from 1.
    """

    def __init__(self, fault: Fault, number: int) -> None:
        self.point: str | None = None
        self._fault = fault
        self._remaining = number

    def next(self, point: str, possible: tuple[Fault, ...]) -> Fault | None:
        """Return the fault at its call, else None."""
        if self._fault not in possible:
            return None
        self._remaining -= 1
        if self._remaining:
            return None
        self.point = point
        return self._fault


class FaultyStore(Store):
    """A store whose units of work fail as a plan says.

    Args:
        store: The store that works.
        plan: What fails.
    """

    def __init__(self, store: Store, plan: FaultPlan) -> None:
        self.clock = store.clock
        self.ids = store.ids
        self._store = store
        self._plan = plan

    def begin(self, read_only: bool = False) -> UnitOfWork:
        """Begin a transaction that may fail."""
        return cast("UnitOfWork", _FaultyUnitOfWork(self._store.begin(read_only), self._plan))

    def run(self, use_case: Callable[[UnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own, again if it lost a race, without pauses."""
        return run_with_retries(lambda: self.begin(read_only), use_case, commits=not read_only, sleep=_NO_PAUSE)

    def horizon(self) -> int:
        """The horizon of the store that works."""
        return self._store.horizon()

    def close(self) -> None:
        """Close the store that works."""
        self._store.close()


class _FaultyUnitOfWork:
    """A unit of work whose calls fail as a plan says."""

    def __init__(self, uow: UnitOfWork, plan: FaultPlan) -> None:
        self.clock = uow.clock
        self.ids = uow.ids
        self._uow = uow
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        if name not in _REPOSITORIES:
            raise AttributeError(name)
        return _FaultyRepository(name, getattr(self._uow, name), self._plan)

    @property
    def trace(self) -> str | None:
        """What caused this work."""
        return self._uow.trace

    @trace.setter
    def trace(self, value: str | None) -> None:
        self._uow.trace = value

    @property
    def changes(self) -> int:
        """How many changes were made."""
        return self._uow.changes

    def resume(self) -> None:
        """Make ready for the next use case."""
        self._uow.resume()

    def fail(self, error: BaseException) -> None:
        """Refuse everything until a rollback."""
        self._uow.fail(error)

    def commit(self) -> None:
        """Commit, or fail as planned."""
        fault = self._plan.next("commit", COMMIT_FAULTS)
        if fault is not None and fault not in _AFTER:
            self._uow.rollback()
            raise _error_of(fault, "commit")
        self._uow.commit()
        if fault is not None:
            raise _error_of(fault, "commit")

    def rollback(self) -> None:
        """Roll back."""
        self._uow.rollback()

    def __enter__(self) -> Self:
        self._uow.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._uow.__exit__(kind, error, traceback)


_REPOSITORIES = frozenset(get_type_hints(UnitOfWork)) - {"clock", "ids", "trace"}


class _FaultyRepository:
    """A repository of which each call may fail, before it or after it."""

    def __init__(self, name: str, repository: Any, plan: FaultPlan) -> None:
        self._name = name
        self._repository = repository
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._repository, name)
        point = f"{self._name}.{name}"

        def call(*args: Any, **kwargs: Any) -> Any:
            fault = self._plan.next(point, CALL_FAULTS)
            if fault is not None and fault not in _AFTER:
                raise _error_of(fault, point)
            result = method(*args, **kwargs)
            if fault is not None:
                raise _error_of(fault, point)
            return result

        return call


def run_to_the_end(store: Store, use_case: Callable[[UnitOfWork], T], attempts: int = 100) -> T:
    """Run a use case again after every fault, as an application does that wants it done.

    Args:
        store: The store, which may be a `FaultyStore`.
        use_case: A use case that adds nothing when it is run twice.
        attempts: How often to run it at most.

    Raises:
        SotError: The last attempt failed, too.
    """
    for remaining in reversed(range(attempts)):
        try:
            return store.run(use_case)
        except (CommitUnknown, ConcurrentUpdate, StoreUnavailable, UnexpectedFault) as error:
            if not remaining:
                raise
            last: Exception = error
    raise SotError("a use case has no attempt") from last


class JumpingClock(Clock):
    """A clock that goes on, stands still, jumps ahead and goes back, by a seed.

    Args:
        seed: The seed.
        now: The time at which it begins.
    """

    def __init__(self, seed: int, now: datetime) -> None:
        self._random = random.Random(seed)
        self._now = now

    def now(self) -> datetime:
        """Return the next time."""
        step = self._random.choice((0, 0, 1, 1_000, 1_000_000, 3_600_000_000, -1_000, -3_600_000_000))
        self._now += timedelta(microseconds=step)
        return self._now


class RepeatingIds(IdSource):
    """Ids of which some were given before, as by a broken source.

    Args:
        ids: The source of ids.
        every: Each how many ids one is given again.
    """

    def __init__(self, ids: IdSource, every: int = 5) -> None:
        self._ids = ids
        self._every = every
        self._given = 0
        self._last = ids.new_id()

    def new_id(self) -> str:
        """Return a new id, or the last one again."""
        self._given += 1
        if self._given % self._every:
            self._last = self._ids.new_id()
        return self._last
