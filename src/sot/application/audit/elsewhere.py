"""Parts of long work on a store, which an executor does in other processes, on this machine or on others.

Each part opens the store by its address, and reads it in a transaction of its own, as it is then.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor
from contextlib import suppress
from typing import NamedTuple, Self, TypeVar
from uuid import uuid4

from sot.domain.audit.checkpoint import Leaf
from sot.domain.values.errors import InvalidInput, StoreDamaged
from sot.ports.store import Store, UnitOfWork

R = TypeVar("R")

Part = Callable[[UnitOfWork], R]
"""A part of the work, which can be pickled, as can be what it returns."""

ORDERS_PER_PART = 1_000
"""How many orders are a part."""


class _Address(NamedTuple):
    """Where the parts find the store.

    Attributes:
        opener: Opens it.
        newest: Its newest fact when the work began; None if there was none.
        run: Names the work. Executors that keep the results of equal tasks, as Dask does, must not answer with those of
            an earlier one.
    """

    opener: Callable[[], Store]
    newest: Leaf | None
    run: str


class Elsewhere:
    """An executor, and the store that its parts open.

    Attributes:
        executor: The executor.
    """

    def __init__(self, executor: Executor, address: _Address) -> None:
        self.executor = executor
        self._address = address

    @classmethod
    def of(cls, store: Store, uow: UnitOfWork, executor: Executor | None) -> Self | None:
        """Let an executor work on a store; None without one, and for a store that is in this process alone.

        Args:
            store: The store.
            uow: A unit of work that sees its facts.
            executor: The executor.
        """
        opener = None if executor is None else store.opener()
        if executor is None or opener is None:
            return None
        return cls(executor, _Address(opener, _fact_at(uow, uow.feed.last()), uuid4().hex))

    def run(self, parts: Iterable[Part[R]], large: Iterable[Part[R]] = ()) -> Iterator[R]:
        """Do parts elsewhere; yields what each returns, in their order.

        Args:
            parts: The parts.
            large: Those of the parts that begin first, so that no executor is left with a long one at the end.

        Raises:
            InvalidInput: A worker finds another store, or an older copy, at the address.
            BrokenExecutor: The executor gave up a part.
        """
        parts, first = list(parts), set(large)
        futures = {
            id(part): self.executor.submit(_do, self._address, part)
            for part in sorted(parts, key=lambda part: part not in first)
        }
        try:
            for part in parts:
                yield futures[id(part)].result()
        except CancelledError as error:  # it says nothing
            raise BrokenExecutor("the executor gave up a part of the work; run it again") from error
        finally:
            for future in futures.values():
                future.cancel()


def _do(address: _Address, part: Part[R]) -> R:
    store = address.opener()
    try:
        with store.begin(read_only=True) as uow:
            _check_address(uow, address.newest)
            return part(uow)
    finally:
        store.close()


def _check_address(uow: UnitOfWork, newest: Leaf | None) -> None:
    """Check that the store has the newest fact of the one that is worked on.

    Raises:
        InvalidInput: It is another store, or an older copy: what holds there says nothing.
    """
    if newest is not None and _fact_at(uow, newest.position) != newest:
        allowed = "one whose workers find the same store at the address, and no older copy of it"
        raise InvalidInput("executor", "workers with another store", allowed)


def _fact_at(uow: UnitOfWork, position: int) -> Leaf | None:
    """Return a fact of the feed; None if there is none, or none that can be read."""
    with suppress(StoreDamaged):
        return next(uow.feed.leaves(position - 1, position), None)
    return None
