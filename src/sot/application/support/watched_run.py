"""Watch a use case that a store runs: how often it lost a race, and how it ended."""

from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from sot.application.support.log import facts, log
from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate

T = TypeVar("T")
U = TypeVar("U")


class WatchedRun(Generic[U, T]):
    """A use case, to be called once an attempt, and the block in which all attempts are made.

    It logs lost races (DEBUG), and races that were lost too often and lost answers to COMMIT (WARNING).

    Attributes:
        attempts: How often the use case was called.
    """

    def __init__(self, use_case: Callable[[U], T]) -> None:
        self.attempts = 0
        self._use_case = use_case

    def __call__(self, uow: U) -> T:
        """Run the use case once."""
        if self.attempts:
            log.debug(
                "%s lost a race, and runs again (attempt %d)", self.name, self.attempts + 1,
                extra=facts(use_case=self.name, attempts=self.attempts),
            )  # fmt: skip
        self.attempts += 1
        return self._use_case(uow)

    @property
    def name(self) -> str:
        """The full name of the use case."""
        return name_of(self._use_case)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        text = next((text for errors, text in _ENDS if isinstance(error, errors)), None)
        if text is not None:
            log.warning(text, self.name, self.attempts, extra=facts(use_case=self.name, attempts=self.attempts))


_ENDS = (
    (ConcurrentUpdate, "%s lost its race in each of %d attempts, and stored nothing"),
    (CommitUnknown, "%s: the answer to COMMIT was lost in attempt %d; whether it was stored is not known yet"),
)


def name_of(function: Callable[..., object]) -> str:
    """The full name of a function; of something else that can be called, that of its class."""
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"
