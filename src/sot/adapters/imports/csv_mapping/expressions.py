"""Where a value of a row comes from: a column, several, or a constant; and how its text is read."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

import attrs

from sot.adapters.imports.figures import exact_number, fraction_digits, read_number, rounded_number
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.times import read_local_time, read_unix_time
from sot.domain.values.limits import PATTERN_LENGTH
from sot.domain.values.numbers import FRACTION_DIGITS, canonical

Row = Mapping[str, str]

Remarks = list[str]
"""What was done to values of the row."""


def search(pattern: re.Pattern[str], label: str, text: str) -> re.Match[str] | None:
    """Look for a pattern in the text of a column.

    Raises:
        RowError: The text is too long for that.
    """
    if len(text) > PATTERN_LENGTH:
        raise RowError(
            f"{label} has {len(text):,} characters, and a pattern is looked for in {PATTERN_LENGTH:,} at most"
        )
    return pattern.search(text)


@attrs.frozen(kw_only=True)
class Expression:
    """A text of a row; see docs/reference/import-mapping.md for the keys."""

    name: str
    columns: Sequence[str] = ()
    constant: str | None = None
    join: str | None = None
    pattern: re.Pattern[str] | None = None
    words: Mapping[str, str] | None = None
    default: str | None = None
    remove: str = ""

    def text(self, row: Row) -> str:
        """Return the text; empty if the row has none.

        Raises:
            RowError: The text does not match the pattern, or is none of the words.
        """
        if self.constant is not None:
            return self.constant
        values = [row.get(column, "").strip() for column in self.columns]
        if self.join is not None:
            value = "" if not any(values) else self.join.join(values)
        else:
            value = next(filter(None, values), "")
        if self.pattern is not None and value:
            value = self._match(self.pattern, value)
        for character in self.remove:
            value = value.replace(character, "")
        value = value.strip()
        if self.words is not None:
            value = self._word(self.words, value)
        return value or self.default or ""

    def required(self, row: Row) -> str:
        """Return the text.

        Raises:
            RowError: There is none.
        """
        text = self.text(row)
        if not text:
            raise RowError(f"{self.label} is empty ({self.name})")
        return text

    @property
    def label(self) -> str:
        """The columns, for people."""
        return " ".join(self.columns) or "the constant"

    def _match(self, pattern: re.Pattern[str], value: str) -> str:
        found = search(pattern, self.label, value)
        if found is None:
            raise RowError(f"{self.label}: {value[:40]!r} does not match the pattern of {self.name}")
        return (found[1] or "") if pattern.groups else found[0]

    def _word(self, words: Mapping[str, str], value: str) -> str:
        found = words.get(value.casefold())
        if found is not None:
            return found
        if self.default is not None:
            return self.default
        raise RowError(f"{self.label}: {value[:40]!r} is none of the words of {self.name}")


@attrs.frozen(kw_only=True)
class NumberExpression(Expression):
    """A number of a row."""

    decimal: str = "."
    round: bool = False
    negate: bool = False

    def number(self, row: Row, remarks: Remarks) -> Decimal | None:
        """Return the number; None if the row has none.

        Raises:
            RowError: The text is no number, or has more digits than a fact may have and may not be rounded.
        """
        number = self._read(row)
        if number is None:
            return None
        if self.round and fraction_digits(canonical(number)) > FRACTION_DIGITS:
            remarks.append(f"{self.label} was rounded to {FRACTION_DIGITS} fraction digits")
            number = rounded_number(number)
        return exact_number(self.label, -number if self.negate else number)

    def digits(self, row: Row) -> int:
        """The fraction digits that the text of the number has."""
        number = self._read(row)
        return 0 if number is None else fraction_digits(number)

    def _read(self, row: Row) -> Decimal | None:
        text = self.text(row)
        if self.decimal != ".":
            if "." in text:  # it would be read as a decimal point, and 1.200 as 1.2
                raise RowError(f'{self.label}: {text!r} has a point beside decimal {self.decimal!r}; remove = "."')
            text = text.replace(self.decimal, ".")
        return read_number(self.label, text) if text else None


@attrs.frozen(kw_only=True)
class TimeExpression(Expression):
    """A time of a row."""

    formats: Sequence[str] = ()
    unit: timedelta | None = None
    zone: tzinfo | None = None

    def time(self, row: Row, zone: tzinfo | None, remarks: Remarks) -> tuple[datetime, int | None]:
        """Return the time in UTC, and in nanoseconds since 1970 where it is finer than a microsecond.

        Raises:
            RowError: The text is no time.
            InvalidInput: It has no offset, and there is no zone.
        """
        text = self.required(row)
        if self.unit is not None:
            return read_unix_time(self.label, text, self.unit)
        return read_local_time(self.label, text, self.formats, self.zone or zone, remarks)


def optional_text(expression: Expression | None, row: Row) -> str | None:
    """The text of an expression; None if there is none.

    Raises:
        RowError: As `Expression.text` does.
    """
    return None if expression is None else expression.text(row) or None


def optional_number(expression: NumberExpression | None, row: Row, remarks: Remarks) -> Decimal | None:
    """The number of an expression; None if there is none.

    Raises:
        RowError: As `NumberExpression.number` does.
    """
    return None if expression is None else expression.number(row, remarks)
