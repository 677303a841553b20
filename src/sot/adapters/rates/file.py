"""Rates from a CSV or JSON file."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from sot.domain.accounting.quote_table import QuoteTable
from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NAME, TIME
from sot.domain.values.limits import RATE_FILE_BYTES
from sot.domain.values.numbers import ZERO, exact_wide
from sot.domain.values.times import time_text
from sot.ports.rates import RateSource

_COLUMNS = ("pair", "time", "rate")
_PAIR = "CURRENCY/INTO, as in EUR/USD for the dollars per euro"


class FileRates(QuoteTable, RateSource):
    """Rates in memory, as `FileRates.read` reads them from a file.

    Args:
        rates: The rates by (currency, into) and time, each above zero.
        via: The currency through which a rate is computed if the pair has none; None: nothing is computed.
        max_age: How old a rate may be; None: any age.
    """

    @classmethod
    def read(cls, path: Path, *, via: str | None = None, max_age: timedelta | None = None) -> Self:
        """Read a file: JSON, if its name ends in .json, else CSV with a header.

        Args:
            path: The file. Its columns, or the keys of its objects, are pair (EUR/USD), time (RFC 3339 with an offset)
                and rate (an exact decimal; text in JSON): units of the second currency per unit of the first one.
            via: The currency through which a rate is computed if the pair has none; None: nothing is computed.
            max_age: How old a rate may be; None: any age.

        Raises:
            InvalidInput: A line cannot be read, or gives a pair another rate at the same time.
            OSError: The file cannot be read.
        """
        size = path.stat().st_size
        if size > RATE_FILE_BYTES:
            raise InvalidInput(str(path), size, f"a file of at most {RATE_FILE_BYTES} bytes")
        rows = _json_rows(path) if path.suffix.lower() == ".json" else _csv_rows(path)
        return cls(_by_pair(path, rows), via=via, max_age=max_age)


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
