"""Why a row cannot be read."""


class RowError(Exception):
    """A row cannot be read: it is skipped.

    Attributes:
        reason: Why, for people.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
