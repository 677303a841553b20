"""The port of the clock."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The clock of the application."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the present time: aware, in UTC."""
        raise NotImplementedError
