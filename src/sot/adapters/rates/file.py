"""Rates from a CSV or JSON file."""

import csv
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import attrs

from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NAME, TIME
from sot.domain.values.limits import RATE_FILE_BYTES
from sot.domain.values.numbers import ONE, ZERO, exact_wide, multiply, quotient
from sot.domain.values.times import time_text
from sot.ports.rates import Quote, RateSource

_COLUMNS = ("pair", "time", "rate")
_PAIR = "CURRENCY/INTO, as in EUR/USD for the dollars per euro"


@attrs.frozen
class _Series:
    """The rates of one pair, sorted by time."""

    times: list[datetime]
    rates: list[Decimal]

    def last(self, at: datetime, max_age: timedelta | None) -> tuple[datetime, Decimal] | None:
        """The last rate up to a time, if it is not older than `max_age`."""
        index = bisect_right(self.times, at) - 1
        if index < 0 or (max_age is not None and at - self.times[index] > max_age):
            return None
        return self.times[index], self.rates[index]


class FileRates(RateSource):
    """Rates in memory, as `FileRates.read` reads them from a file.

    Args:
        rates: The rates by pair and time.
        via: The currency through which a rate is computed if the pair has none, e.g. EUR with the rates of a bank that
            quotes euros: USD into JPY is USD into EUR times EUR into JPY. None: nothing is computed.
        max_age: How old a rate may be; None: any age.
    """

    def __init__(
        self,
        rates: Mapping[tuple[str, str], Mapping[datetime, Decimal]],
        *,
        via: str | None = None,
        max_age: timedelta | None = None,
    ) -> None:
        self._series = {
            pair: _Series(sorted(by_time), [by_time[time] for time in sorted(by_time)])
            for pair, by_time in rates.items()
        }
        self._via = via
        self._max_age = max_age

    @classmethod
    def read(cls, path: Path, *, via: str | None = None, max_age: timedelta | None = None) -> Self:
        """Read a file: JSON, if its name ends in .json, else CSV with a header.

        Args:
            path: The file. Its columns, or the keys of its objects, are pair (EUR/USD), time (RFC 3339 with an offset)
                and rate (an exact decimal; text in JSON): units of the second currency per unit of the first one.
            via: As for the class.
            max_age: As for the class.

        Raises:
            InvalidInput: A line cannot be read, or gives a pair another rate at the same time.
            OSError: The file cannot be read.
        """
        size = path.stat().st_size
        if size > RATE_FILE_BYTES:
            raise InvalidInput(str(path), size, f"a file of at most {RATE_FILE_BYTES} bytes")
        rows = _json_rows(path) if path.suffix.lower() == ".json" else _csv_rows(path)
        return cls(_by_pair(path, rows), via=via, max_age=max_age)

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies that it has rates of."""
        return frozenset(currency for pair in self._series for currency in pair)

    def quote(self, currency: str, into: str, at: datetime) -> Quote | None:
        """Return the last rate up to a time: of the pair, else of the inverse pair, else through `via`."""
        direct = self._direct(currency, into, at)
        if direct is not None or self._via is None or self._via in (currency, into):
            return direct
        first, second = self._direct(currency, self._via, at), self._direct(self._via, into, at)
        if first is None or second is None:
            return None
        rate = quotient(multiply(first.rate, second.rate), ONE)
        if not rate:
            return None
        oldest = min(at for at in (first.quoted_at, second.quoted_at) if at is not None)
        return Quote(rate, oldest, (*first.pairs, *second.pairs))

    def _direct(self, currency: str, into: str, at: datetime) -> Quote | None:
        for pair, is_inverse in (((currency, into), False), ((into, currency), True)):
            series = self._series.get(pair)
            found = None if series is None else series.last(at, self._max_age)
            if found is not None:
                quoted_at, rate = found
                rate = quotient(ONE, rate) if is_inverse else rate
                return Quote(rate, quoted_at, ("/".join(pair),)) if rate else None
        return None


_Row = tuple[str, Mapping[str, Any]]
"""Where a row is, and its values."""


def _csv_rows(path: Path) -> Iterator[_Row]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        try:
            header = [name.strip().lower() for name in next(reader, [])]
            if sorted(header) != sorted(_COLUMNS):
                raise InvalidInput(f"{path} line 1", ",".join(header), "a header with pair, time and rate")
            for values in reader:
                where = f"{path} line {reader.line_num}"
                if values and len(values) != len(_COLUMNS):
                    raise InvalidInput(where, ",".join(values), "three columns: pair, time and rate")
                if values:
                    yield where, dict(zip(header, (value.strip() for value in values), strict=True))
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidInput(f"{path} line {reader.line_num}", str(error), "CSV in UTF-8") from None


def _json_rows(path: Path) -> Iterator[_Row]:
    try:
        document = read_document(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidInput(str(path), str(error), "JSON in UTF-8") from None
    if not isinstance(document, list):
        raise InvalidInput(str(path), document, "a JSON array of objects with pair, time and rate")
    for number, item in enumerate(document, 1):
        where = f"{path} item {number}"
        if not isinstance(item, dict) or sorted(item) != sorted(_COLUMNS):
            raise InvalidInput(where, item, "an object with pair, time and rate")
        yield where, item


def _by_pair(path: Path, rows: Iterable[_Row]) -> dict[tuple[str, str], dict[datetime, Decimal]]:
    rates: dict[tuple[str, str], dict[datetime, Decimal]] = {}
    for where, row in rows:
        pair = _read_pair(f"{where}: pair", row["pair"])
        time: datetime = TIME.check(f"{where}: time", row["time"])
        rate = exact_wide(f"{where}: rate", row["rate"])
        if rate <= ZERO:
            raise InvalidInput(f"{where}: rate", row["rate"], "a number greater than zero")
        if rates.setdefault(pair, {}).setdefault(time, rate) != rate:
            allowed = f"one rate of {'/'.join(pair)} at {time_text(time)}; an earlier line has another one"
            raise InvalidInput(f"{where}: rate", row["rate"], allowed)
    if not rates:
        raise InvalidInput(str(path), "", "a file with at least one rate")
    return rates


def _read_pair(field: str, text: Any) -> tuple[str, str]:
    currencies = text.split("/") if isinstance(text, str) else []
    if len(currencies) != 2 or not all(currencies) or currencies[0] == currencies[1]:
        raise InvalidInput(field, text, _PAIR)
    first, second = (NAME.check(field, currency) for currency in currencies)
    return first, second
