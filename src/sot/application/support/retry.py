"""Run a whole use case again after a lost race."""

import random
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from sot.application.support.coroutines import refuse_coroutine
from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate, InvalidInput
from sot.ports.store import Store, UnitOfWork

T = TypeVar("T")
U = TypeVar("U", bound=UnitOfWork)


ATTEMPTS = 8
"""How often a use case is run at most."""


_FIRST_PAUSE_SECONDS = 0.005


_LONGEST_PAUSE_SECONDS = 0.5


_NOT_AWAITED = "a function that is not awaited; or await sot.aio.AsyncStore.run(use_case)"


def pauses(attempts: int = ATTEMPTS) -> Iterator[float]:
    """Yield the pause after each attempt but the last, in seconds. They grow, and are random within limits.

    Raises:
        InvalidInput: `attempts` is no number of at least 1.
    """
    if attempts < 1:
        raise InvalidInput("attempts", attempts, "a number of at least 1")
    for attempt in range(attempts - 1):
        longest = min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2**attempt)
        yield random.uniform(longest / 2, longest)


def retry(run: Callable[[], T], attempts: int = ATTEMPTS, sleep: Callable[[float], None] = time.sleep) -> T:
    """Run a whole use case, and again, after a pause, each time that it lost a race.

    It is for applications that own the session: `run` makes the session, works, and commits. Everything that it did is
    rolled back, and done again from the start. `Store.run` does the same for a store's own transactions.

    Args:
        run: The whole use case, with its transaction.
        attempts: How often to run it at most.
        sleep: Waits for some seconds. The pauses grow with each attempt, and are random within limits.

    Returns:
        What `run` returns.

    Raises:
        ConcurrentUpdate: The last attempt lost its race, too.
        InvalidInput: `attempts` is no number of at least 1, or `run` is to be awaited.
    """
    advice = "a function that is not awaited; or await sot.aio.retry_async(run)"
    for pause in pauses(attempts):
        try:
            return refuse_coroutine("run", run(), advice)
        except ConcurrentUpdate:
            pass
        sleep(pause)
    return refuse_coroutine("run", run(), advice)


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
        InvalidInput: `use_case` is to be awaited; nothing is committed.
    """

    def run() -> T:
        with begin() as uow:
            result = refuse_coroutine("use_case", use_case(uow), _NOT_AWAITED)
            if commits:
                uow.commit()
            return result

    return retry(run, attempts, sleep)


def run_until_known(store: Store, use_case: Callable[[UnitOfWork], T]) -> T:
    """Run a use case that adds nothing when it is run twice; once more, if the answer to its COMMIT was lost.

    Raises:
        CommitUnknown: The second answer was lost, too.
    """
    try:
        return store.run(use_case)
    except CommitUnknown:
        return store.run(use_case)
