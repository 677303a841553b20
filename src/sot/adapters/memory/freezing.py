"""Keep what is stored out of the garbage collector, on request.

CPython's collector looks at everything that is alive whenever a quarter more has been made, so that a store of many
orders makes each further one dearer. What a store keeps stays alive as long as the store, and has no cycles.
"""

import gc

from sot.domain.values.errors import InvalidInput


class Freezer:
    """Freezes whatever is alive, after so many commits each time.

    Args:
        every: The number of commits.

    Raises:
        InvalidInput: The number is not a whole one, or below 1.
    """

    def __init__(self, every: int) -> None:
        if type(every) is not int or every < 1:
            raise InvalidInput("freeze_every", every, "a whole number of commits, 1 or more")
        self._every = every
        self._commits = 0

    def count_commit(self) -> None:
        """Count a commit, and freeze if it is due. Call it under the lock of the commit."""
        self._commits += 1
        if self._commits == self._every:
            self._commits = 0
            gc.collect()  # cycles that are garbage now would never be freed; frozen objects are not looked at
            gc.freeze()
