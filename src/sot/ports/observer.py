"""The port of observers: they see each operation from its beginning to its end, as the spans of a trace do.

A store has the observer (`Store.observer`), and whatever works on the store calls it. By default there is none.
"""

from abc import abstractmethod
from contextlib import AbstractContextManager
from enum import StrEnum
from types import TracebackType
from typing import Protocol

Fact = str | int | bool | None
"""What is known of an operation: a name, an id, a status or a count; never an amount, or a text of others."""


class Operation(StrEnum):
    """The kinds of operations that are observed."""

    RUN = "store.run"
    EXECUTE = "execute"
    PREPARE = "execute.prepare"
    CALL_VENUE = "execute.call_venue"
    CONCLUDE = "execute.conclude"
    RECOVER = "recover"
    RECONCILE = "reconcile"
    SERVE = "http.serve"


class Observation(Protocol):
    """One operation, while it goes on."""

    @abstractmethod
    def add(self, **facts: Fact) -> None:
        """Add facts; None adds nothing. The fact `error` means that it went wrong: it is the name of a class of errors,
        or the status of a response.
        """
        raise NotImplementedError


class Observer(Protocol):
    """Sees the operations of this process. It must not raise, and may be called by any thread."""

    @abstractmethod
    def observe(
        self, operation: Operation, parent: str | None = None, /, **facts: Fact
    ) -> AbstractContextManager[Observation]:
        """Return the block in which an operation is done. An error that leaves the block is part of it.

        Args:
            operation: The kind of operation.
            parent: The W3C traceparent of the work of another process that this one belongs to.
            **facts: What is known at its beginning.
        """
        raise NotImplementedError

    @abstractmethod
    def trace(self) -> str | None:
        """Return what causes the work that is going on, as the `trace` of a unit of work; None if that is not known."""
        raise NotImplementedError


class _NoObserver(Observer, Observation, AbstractContextManager[Observation]):
    """No observer: every operation is the same object, which keeps nothing."""

    def observe(
        self, operation: Operation, parent: str | None = None, /, **facts: Fact
    ) -> AbstractContextManager[Observation]:
        return self

    def trace(self) -> str | None:
        return None

    def add(self, **facts: Fact) -> None:
        pass

    def __enter__(self) -> Observation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass


NO_OBSERVER: Observer = _NoObserver()
"""The observer of a store that has no other."""


def observer_of(store: object) -> Observer:
    """Return the observer of a store, also of one that was written without the attribute."""
    observer: Observer = getattr(store, "observer", NO_OBSERVER)
    return observer
