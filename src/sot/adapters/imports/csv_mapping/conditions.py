"""Which rows a section of a mapping takes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from sot.adapters.imports.csv_mapping.expressions import Row, search
from sot.adapters.imports.csv_mapping.keys import read_pattern, read_texts, table
from sot.domain.values.errors import InvalidInput


@attrs.frozen(kw_only=True)
class _Test:
    """What the text of a column must be. Words are compared without regard to case."""

    allowed: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None

    def holds(self, column: str, text: str) -> bool:
        """Whether the text of a column is so.

        Raises:
            RowError: It is too long for a pattern.
        """
        word = text.casefold()
        if word in self.excluded or (self.allowed is not None and word not in self.allowed):
            return False
        return self.pattern is None or search(self.pattern, column, text) is not None


@attrs.frozen
class Condition:
    """Tests of columns that must all hold; without any, every row is taken."""

    tests: Mapping[str, _Test] = attrs.field(factory=dict)

    @property
    def columns(self) -> Sequence[str]:
        """The columns that are tested."""
        return tuple(self.tests)

    def holds(self, row: Row) -> bool:
        """Whether a row is taken.

        Raises:
            RowError: A text is too long for its test.
        """
        return all(test.holds(column, row.get(column, "").strip()) for column, test in self.tests.items())


def read_condition(name: str, value: Any) -> Condition:
    """Read a condition: a table from columns to a word, a list of words, or a table with is, not and matches.

    Raises:
        InvalidInput: It has another form.
    """
    if not isinstance(value, Mapping):
        raise InvalidInput(name, value, 'a table from columns to words, such as { Status = "Filled" }')
    return Condition({column: _read_test(f"{name}.{column}", test) for column, test in value.items()})


def _read_test(name: str, value: Any) -> _Test:
    if not isinstance(value, Mapping):
        return _Test(allowed=_words(name, value))
    with table(value, name) as keys:
        return _Test(
            allowed=keys.optional("is", _words),
            excluded=keys.optional("not", _words, frozenset()),
            pattern=keys.optional("matches", read_pattern),
        )


def _words(name: str, value: Any) -> frozenset[str]:
    return frozenset(word.casefold() for word in read_texts(name, [value] if isinstance(value, str) else value))
