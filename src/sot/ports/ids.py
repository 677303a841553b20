"""The port of new ids."""

from abc import abstractmethod
from typing import Protocol


class IdSource(Protocol):
    """Creates ids that are unique everywhere."""

    @abstractmethod
    def new_id(self) -> str:
        """Return a new UUID in its canonical text, preferably ordered by time (version 7, RFC 9562)."""
        raise NotImplementedError
