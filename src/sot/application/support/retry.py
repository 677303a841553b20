"""Running a whole use case again when a race was lost."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate
from sot.ports.store import Store, UnitOfWork

T = TypeVar("T")
U = TypeVar("U", bound=UnitOfWork)


ATTEMPTS = 8


_FIRST_PAUSE_SECONDS = 0.005


_LONGEST_PAUSE_SECONDS = 0.5


def run_with_retries(
    begin: Callable[[], U],
    use_case: Callable[[U], T],
    commits: bool = True,
    attempts: int = ATTEMPTS,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Run `use_case` in a transaction of its own and commit it; bounded, with pauses that grow and vary.

    Raises: ConcurrentUpdate: the last attempt lost its race too.
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
    """Run a use case that recognises what it did before; once more, if the answer to its COMMIT was lost.

    Raises: CommitUnknown: the second answer was lost, too.
    """
    try:
        return store.run(use_case)
    except CommitUnknown:
        return store.run(use_case)
