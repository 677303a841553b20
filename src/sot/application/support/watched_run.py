"""Watch a use case that a store runs: how often it lost a race, and how it ended."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Generic, Self, TypeVar

from sot.application.support.log import facts, log
from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate
from sot.ports.observer import NO_OBSERVER, Observation, Observer, Operation

T = TypeVar("T")
U = TypeVar("U")


class WatchedRun(Generic[U, T]):
    """A use case, to be called once an attempt, and the block in which all attempts are made.

    It logs lost races (DEBUG), and races that were lost too often and lost answers to COMMIT (WARNING). It tells the
    observer the name, the number of attempts and the outcome.

    Attributes:
        attempts: How often the use case was called.
    """

    def __init__(self, use_case: Callable[[U], T], observer: Observer, read_only: bool = False) -> None:
        self.attempts = 0
        self._use_case = use_case
        self._block: AbstractContextManager[Observation] | None = None
        if observer is not NO_OBSERVER:  # else not even the name is made: this is run for each report
            self._block = observer.observe(Operation.RUN, use_case=name_of(use_case), read_only=read_only)

    def __call__(self, uow: U) -> T:
        """Run the use case once."""
        if self.attempts:
            self._log(log.debug, "%s lost a race in attempt %d, and runs again")
        self.attempts += 1
        return self._use_case(uow)

    def __enter__(self) -> Self:
        if self._block is not None:
            self._observation = self._block.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None and self._block is None:
            return
        outcome, text = next(((outcome, text) for errors, outcome, text in _ENDS if isinstance(error, errors)))
        if text:
            self._log(log.warning, text)
        if self._block is not None:
            self._observation.add(attempts=self.attempts, outcome=outcome)
            self._block.__exit__(kind, error, traceback)

    def _log(self, write: Callable[..., None], text: str) -> None:
        name = name_of(self._use_case)
        write(text, name, self.attempts, extra=facts(use_case=name, attempts=self.attempts))


_ENDS: tuple[tuple[type, str, str], ...] = (
    (type(None), "DONE", ""),
    (ConcurrentUpdate, "LOST_RACE", "%s lost its race in each of %d attempts, and stored nothing"),
    (
        CommitUnknown,
        "COMMIT_UNKNOWN",
        "%s: the answer to COMMIT was lost in attempt %d; whether it was stored is not known yet",
    ),
    (BaseException, "FAILED", ""),
)
"""How a run may end: the error, the outcome, and what is logged."""


def name_of(function: Callable[..., object]) -> str:
    """The full name of a function; of something else that can be called, that of its class."""
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"
