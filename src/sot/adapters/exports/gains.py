"""Capital gains as CSV (RFC 4180) or JSON lines, with the days of a time zone.

Amounts are exact text; what is not known is empty in CSV and null in JSON. docs/reference/capital-gains.md has the
columns.
"""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any, TextIO

from sot.domain.accounting.capital_gains import CapitalGain


class GainsFormat(StrEnum):
    """The formats of capital gains."""

    CSV = "csv"
    JSONL = "jsonl"


_KEY_FIELDS = ("account_id", "venue", "venue_account", "symbol", "position_side", "position_id")

_FIELDS = (
    "side",
    "method",
    "cause",
    "quantity",
    "acquired_at",
    "disposed_at",
    "realized_at",
    "cost",
    "proceeds",
    "fees",
    "gain",
    "currency",
    "incomplete",
)

_ORIGIN = ("order_id", "exec_id", "event_id", "opening_order_id")

_DAYS: Mapping[str, str] = {
    "acquired_day": "acquired_at",
    "disposed_day": "disposed_at",
    "realized_day": "realized_at",
}

COLUMNS = (*_KEY_FIELDS, *_FIELDS, *_DAYS, *_ORIGIN)
"""The columns of CSV, and the keys of a line of JSON."""


def write(gains: Iterable[CapitalGain], stream: TextIO, format: GainsFormat, zone: tzinfo) -> int:
    """Write gains in their order.

    Args:
        gains: The gains.
        stream: Where to write.
        format: CSV with a header, or a JSON object a line.
        zone: The time zone of days.

    Returns:
        The number of gains.
    """
    return _WRITERS[format]((row_of(gain, zone) for gain in gains), stream)


def row_of(gain: CapitalGain, zone: tzinfo) -> dict[str, Any]:
    """Return the values of a gain by column, as JSON has them."""
    values = gain.to_dict()
    days = {day: _day(getattr(gain, at), zone) for day, at in _DAYS.items()}
    return {name: {**values["key"], **values, **days}[name] for name in COLUMNS}


def _day(at: datetime | None, zone: tzinfo) -> str | None:
    if at is None:
        return None
    try:
        day: date = at.astimezone(zone).date()
    except OverflowError:  # before the first day, or after the last one, that there is
        day = at.date()
    return day.isoformat()


def _write_csv(rows: Iterable[dict[str, Any]], stream: TextIO) -> int:
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        writer.writerow([" ".join(row[name]) if name == "incomplete" else row[name] for name in COLUMNS])
        count += 1
    return count


def _write_jsonl(rows: Iterable[dict[str, Any]], stream: TextIO) -> int:
    count = 0
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


_WRITERS: Mapping[GainsFormat, Callable[[Iterable[dict[str, Any]], TextIO], int]] = {
    GainsFormat.CSV: _write_csv,
    GainsFormat.JSONL: _write_jsonl,
}
