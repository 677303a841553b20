"""Ids of rows without an id, and the order of rows within a moment, so that overlapping files agree."""

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

from sot.domain.values.canonical import digest
from sot.domain.values.documents import checked_document, document_text

_DIGITS = 32


class RowIds:
    """Gives rows without an id one that follows from what they say.

    It is a digest of the row and its number among equal rows of the source, so that a row has the same id in every file
    that contains it.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def next_id(self, row: Mapping[str, Any]) -> str:
        """Return the id of a row, which counts as one more of its kind.

        Raises:
            InvalidInput: The row is no JSON document, such as one with a float.
        """
        text = document_text(checked_document("row", dict(row)))
        self._counts[text] += 1
        number = self._counts[text]
        return "row-" + digest("row", text if number == 1 else f"{text}{number}")[:_DIGITS]


class MomentSequence:
    """Numbers the rows of one moment in the order of the source.

    A row has the same number in all files that contain its moment from the beginning, whatever came before.
    """

    def __init__(self) -> None:
        self._counts: Counter[Hashable] = Counter()

    def next_number(self, moment: Hashable) -> int:
        """Return the number of the next row of a moment, from 1."""
        self._counts[moment] += 1
        return self._counts[moment]
