"""Tables as text: comma-separated values (RFC 4180), or JSON lines.

Numbers are exact text, times RFC 3339 text in UTC, as in `to_dict`. A cell of CSV is empty where a value is absent, and
JSON where a value is a list or an object. Cells are never changed to keep a spreadsheet from taking them for formulas.
"""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from io import TextIOWrapper
from typing import Any, BinaryIO, TextIO

from sot.application.tables.columns import Column
from sot.application.tables.file_format import FileFormat, ReadRows


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


_WriteText = Callable[[TextIO, Sequence[Column], Iterable[Any]], int]


def _as_bytes(write: _WriteText) -> Callable[[BinaryIO, Sequence[Column], ReadRows], int]:
    def write_bytes(stream: BinaryIO, columns: Sequence[Column], read_rows: ReadRows) -> int:
        text = TextIOWrapper(stream, encoding="utf-8", newline="")
        try:
            return write(text, columns, read_rows())
        finally:
            text.detach()  # it flushes, and leaves the stream open

    return write_bytes


CSV = FileFormat(name="csv", title="CSV", media_type="text/csv; charset=utf-8", write=_as_bytes(write_csv))
"""Comma-separated values, in UTF-8."""

JSON_LINES = FileFormat(
    name="jsonl", title="JSON lines", media_type="application/x-ndjson", write=_as_bytes(write_json_lines)
)
"""JSON objects, one a line."""
