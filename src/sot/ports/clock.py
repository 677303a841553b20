"""Where the time comes from."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time, as the application has it."""

    @abstractmethod
    def now(self) -> datetime:
        """The present moment: aware, UTC."""
        raise NotImplementedError
