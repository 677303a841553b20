"""Somebody who looks at a table in the middle of a commit."""


class Interrupted(dict):
    """Committed rows while which are written somebody else looks at the table."""

    def __init__(self, look):
        self._look = look

    def update(self, rows):
        self._look()
        super().update(rows)
