"""Tables as text: comma-separated values (RFC 4180), or JSON lines.

Numbers are exact text, times RFC 3339 text in UTC, as in `to_dict`. A cell of CSV is empty where a value is absent, and
JSON where a value is a list or an object. Cells are never changed to keep a spreadsheet from taking them for formulas.
"""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO

from sot.application.tables.columns import Column


def write_csv(stream: TextIO, columns: Sequence[Column], rows: Iterable[Any]) -> int:
    """Write rows as CSV with a line of names; returns their number.

    Args:
        stream: Where to write; open a file with `newline=""` and as UTF-8.
        columns: The columns.
        rows: The rows.
    """
    lines, count = csv.writer(stream), 0
    lines.writerow([column.name for column in columns])
    for row in rows:
        lines.writerow([_cell(column.json(row)) for column in columns])
        count += 1
    return count


def write_json_lines(stream: TextIO, columns: Sequence[Column], rows: Iterable[Any]) -> int:
    """Write rows as JSON objects, one a line; returns their number.

    Args:
        stream: Where to write; open a file as UTF-8.
        columns: The columns, the keys of each object.
        rows: The rows.
    """
    count = 0
    for row in rows:
        stream.write(_json({column.name: column.json(row) for column in columns}) + "\n")
        count += 1
    return count


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_CELLS: dict[type, Callable[[Any], str]] = {type(None): lambda value: "", str: str}


def _cell(value: Any) -> str:
    return _CELLS.get(type(value), _json)(value)
