"""Where new ids come from."""

from abc import abstractmethod
from typing import Protocol


class IdSource(Protocol):
    """Makes ids that are unique everywhere."""

    @abstractmethod
    def new_id(self) -> str:
        """A new UUID in its canonical text, preferably ordered by time (version 7)."""
        raise NotImplementedError
