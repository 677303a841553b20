"""The smallest store that somebody else can write: a log of lines.

Each line is one JSON object in the format of archives: a fact or a checkpoint. `sot.adapters.memory.LogStore` folds the
state from the log into memory and serves every port from there, so that a log is all that a third party has to provide;
`sot.testing.contract` has the suite that it must pass.
"""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Protocol


class FactLog(Protocol):
    """An append-only list of lines, shared by all processes that use it."""

    @abstractmethod
    def read(self, after: int) -> Iterator[str]:
        """Read the lines behind the first `after` ones, in the order in which they were appended.

        Only whole appends are visible: all lines of one `append`, or none.

        Raises:
            StoreUnavailable: The log is out of reach.
            StoreDamaged: It cannot be read.
        """
        raise NotImplementedError

    @abstractmethod
    def append(self, lines: Sequence[str], after: int) -> None:
        """Append lines durably, all or none, if the log has exactly `after` lines now.

        Raises:
            ConcurrentUpdate: The log has more lines by now; nothing was appended.
            CommitUnknown: It is not known whether the lines were appended.
            StoreUnavailable: The log is out of reach; nothing was appended.
        """
        raise NotImplementedError
