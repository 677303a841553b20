"""A store that fails on purpose, around any store."""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar, cast

from sot.application.support.retry import run_with_retries
from sot.application.support.watched_run import WatchedRun
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate, StoreUnavailable
from sot.ports.access import AccessStore, AccessUnitOfWork
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.observer import observer_of
from sot.ports.store import Store, UnitOfWork
from sot.testing.faults.plan import FaultPlan, StoreFault

T = TypeVar("T")

URL = "faulty://"

REPOSITORIES = frozenset(
    name
    for base in AccessUnitOfWork.__mro__
    if base is not UnitOfWork
    for name in vars(base).get("__annotations__", ())
)
"""The names of all repositories of a unit of work, as the ports declare them."""

_BEFORE = (StoreFault.ERROR_BEFORE, StoreFault.DISCONNECTED_BEFORE, StoreFault.DISK_FULL)
_AT_BEGIN = (StoreFault.ERROR_BEFORE, StoreFault.DISCONNECTED_BEFORE, StoreFault.DELAY)
_AT_CALL = (*_BEFORE, StoreFault.ERROR_AFTER, StoreFault.DISCONNECTED_AFTER, StoreFault.LOST_RACE, StoreFault.DELAY)
_AT_COMMIT = (*_BEFORE, StoreFault.LOST_RACE, StoreFault.COMMIT_LOST, StoreFault.ANSWER_LOST, StoreFault.DELAY)
_AFTER = (StoreFault.ERROR_AFTER, StoreFault.DISCONNECTED_AFTER, StoreFault.ANSWER_LOST)

_ERRORS: Mapping[StoreFault, Callable[[str], Exception]] = {
    StoreFault.ERROR_BEFORE: lambda place: RuntimeError(f"an unexpected error before {place}"),
    StoreFault.ERROR_AFTER: lambda place: RuntimeError(f"an unexpected error after {place}"),
    StoreFault.DISCONNECTED_BEFORE: lambda place: StoreUnavailable(URL, f"the connection was lost before {place}"),
    StoreFault.DISCONNECTED_AFTER: lambda place: StoreUnavailable(URL, f"the connection was lost after {place}"),
    StoreFault.DISK_FULL: lambda place: StoreUnavailable(URL, f"no space is left on the disk at {place}"),
    StoreFault.LOST_RACE: lambda place: ConcurrentUpdate(f"serialization failure at {place}"),
    StoreFault.COMMIT_LOST: lambda place: CommitUnknown("the connection was lost before COMMIT arrived"),
    StoreFault.ANSWER_LOST: lambda place: CommitUnknown("the connection was lost before its answer arrived"),
}


def _fail(fault: StoreFault, place: str) -> NoReturn:
    raise _ERRORS[fault](place)


def _draw(plan: FaultPlan, place: str, possible: Collection[StoreFault]) -> StoreFault | None:
    fault = plan.draw(place, possible)
    assert fault is None or isinstance(fault, StoreFault)
    return fault


class _FaultyRepository:
    """A repository each of whose methods may fail before or after it takes effect."""

    def __init__(self, repository: Any, name: str, plan: FaultPlan) -> None:
        self._repository = repository
        self._name = name
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._repository, name)
        if name.startswith("_") or not callable(attribute):
            return attribute
        place = f"{self._name}.{name}"

        def call(*args: Any, **kwargs: Any) -> Any:
            fault = _draw(self._plan, place, _AT_CALL)
            if fault is not None and fault not in _AFTER:
                _fail(fault, place)
            result = attribute(*args, **kwargs)
            if fault is not None:
                _fail(fault, place)
            return result

        return call


class FaultyUnitOfWork(AccessUnitOfWork):
    """A unit of work that fails as a plan says, around any unit of work.

    Args:
        uow: The unit of work.
        plan: What fails.
        clock: The clock; by default that of the unit of work.
        ids: The source of ids; by default that of the unit of work.
    """

    def __init__(
        self, uow: UnitOfWork, plan: FaultPlan, clock: Clock | None = None, ids: IdSource | None = None
    ) -> None:
        self._uow = uow
        self._plan = plan
        self.clock = clock or uow.clock
        self.ids = ids or uow.ids

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._uow, name)
        return _FaultyRepository(attribute, name, self._plan) if name in REPOSITORIES else attribute

    @property
    def trace(self) -> str | None:
        """What caused this work."""
        return self._uow.trace

    @trace.setter
    def trace(self, trace: str | None) -> None:
        self._uow.trace = trace

    def commit(self) -> None:
        """Commit, or fail: nothing is stored then, unless the answer is lost."""
        fault = _draw(self._plan, "commit", _AT_COMMIT)
        if fault is None:
            self._uow.commit()
        elif fault is StoreFault.ANSWER_LOST:
            self._uow.commit()
            _fail(fault, "commit")
        else:
            self._uow.rollback()
            _fail(fault, "commit")

    def rollback(self) -> None:
        """Roll back."""
        self._uow.rollback()

    def read_ahead(self, reports: Sequence[VenueReport], requests: Sequence[OrderRequest] = ()) -> None:
        """Read together what recording these is going to look up."""
        self._uow.read_ahead(reports, requests)

    @property
    def changes(self) -> int:
        """How many changes were made."""
        return self._uow.changes

    def resume(self) -> None:
        """Make ready for the next use case."""
        self._uow.resume()

    def begin_command(self) -> None:
        """Make ready for the next command."""
        self._uow.begin_command()

    def end_command(self) -> None:
        """Let other threads in."""
        self._uow.end_command()

    def fail(self, error: BaseException) -> None:
        """Refuse everything until a rollback."""
        self._uow.fail(error)

    def __enter__(self) -> Self:
        self._uow.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._uow.__exit__(kind, error, traceback)


class FaultyStore(AccessStore):
    """A store whose units of work fail as a plan says, around any store.

    Args:
        store: The store.
        plan: What fails.
        clock: The clock of its units of work, such as a `JumpingClock`; by default that of the store.
        ids: The source of ids, such as `CollidingIds`; by default that of the store.
    """

    def __init__(self, store: Store, plan: FaultPlan, clock: Clock | None = None, ids: IdSource | None = None) -> None:
        self._store = store
        self._plan = plan
        self.clock = clock or store.clock
        self.ids = ids or store.ids
        self.observer = observer_of(store)

    def begin(self, read_only: bool = False) -> FaultyUnitOfWork:
        """Begin a transaction, or fail."""
        fault = _draw(self._plan, "begin", _AT_BEGIN)
        if fault is not None:
            _fail(fault, "begin")
        make: Callable[..., FaultyUnitOfWork] = cast("Any", FaultyUnitOfWork)  # it has its repositories by __getattr__
        return make(self._store.begin(read_only), self._plan, self.clock, self.ids)

    def run(self, use_case: Callable[[FaultyUnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own, again if it lost a race, at once."""
        with WatchedRun(use_case, self.observer, read_only) as watched:
            return run_with_retries(
                lambda: self.begin(read_only), watched, commits=not read_only, sleep=lambda seconds: None
            )

    def horizon(self) -> int:
        """The horizon of the store, or a fault."""
        fault = _draw(self._plan, "horizon", _AT_BEGIN)
        if fault is not None:
            _fail(fault, "horizon")
        return self._store.horizon()

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
