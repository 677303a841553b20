"""Run a whole use case again after a lost race."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate
from sot.ports.store import Store, UnitOfWork

T = TypeVar("T")
U = TypeVar("U", bound=UnitOfWork)


ATTEMPTS = 8
"""How often a use case is run at most."""


_FIRST_PAUSE_SECONDS = 0.005


_LONGEST_PAUSE_SECONDS = 0.5


def run_with_retries(
    begin: Callable[[], U],
    use_case: Callable[[U], T],
    commits: bool = True,
    attempts: int = ATTEMPTS,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Run a use case in a transaction of its own and commit it, again after each lost race.

    Args:
        begin: Begins a unit of work.
        use_case: The use case.
        commits: Whether to commit.
        attempts: How often to run it at most.
        sleep: Waits for some seconds. The pauses grow with each attempt, and are random within limits.

    Returns:
        What the use case returns.

    Raises:
        ConcurrentUpdate: The last attempt lost its race, too.
    """
    for attempt in range(attempts):
        try:
            with begin() as uow:
                result = use_case(uow)
                if commits:
                    uow.commit()
                return result
        except ConcurrentUpdate:
            if attempt + 1 == attempts:
                raise
        longest = min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2**attempt)
        sleep(random.uniform(longest / 2, longest))
    raise AssertionError("the last attempt returns or raises")


def run_until_known(store: Store, use_case: Callable[[UnitOfWork], T]) -> T:
    """Run a use case that adds nothing when it is run twice; once more, if the answer to its COMMIT was lost.

    Raises:
        CommitUnknown: The second answer was lost, too.
    """
    try:
        return store.run(use_case)
    except CommitUnknown:
        return store.run(use_case)
