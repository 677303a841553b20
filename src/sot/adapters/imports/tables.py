"""The rows of the tables in an HTML or CSV file, as texts."""

import csv
import io
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import attrs

from sot.domain.values.errors import InvalidInput

_BYTES = 100_000_000
_CELLS = ("td", "th")
_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@attrs.frozen
class TableRow:
    """A row of a table: the texts of its cells that are shown."""

    line: int
    cells: Sequence[str]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[TableRow] = []
        self._cells: list[str] | None = None
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_row()
            self._cells = []
        elif tag in _CELLS and self._cells is not None:
            self._end_cell()
            is_hidden = "hidden" in (dict(attributes).get("class") or "")
            self._text = None if is_hidden else []

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS:
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._cells is not None and self._text is not None:
            self._cells.append(" ".join("".join(self._text).split()))
        self._text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells:
            self.rows.append(TableRow(self.getpos()[0], tuple(self._cells)))
        self._cells = None


def read_html_rows(path: Path) -> Sequence[TableRow]:
    """Read the rows of all tables of a file.

    Raises:
        InvalidInput: It is too large, or no text.
        OSError: It cannot be read.
    """
    parser = _Parser()
    parser.feed(_text(path))
    parser.close()
    return parser.rows


def read_csv_rows(path: Path) -> Sequence[TableRow]:
    """Read the rows of a CSV file whose values are apart by commas, semicolons or tabs.

    Raises:
        InvalidInput: It is too large, or no text.
        OSError: It cannot be read.
    """
    text = _text(path)
    delimiter = max(",;\t", key=text.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [TableRow(reader.line_num, tuple(cell.strip() for cell in row)) for row in reader if any(row)]
    except csv.Error as error:
        raise InvalidInput(f"{path} line {reader.line_num}", str(error), "CSV") from None


def _text(path: Path) -> str:
    size = path.stat().st_size
    if size > _BYTES:
        raise InvalidInput(str(path), size, f"a file of at most {_BYTES} bytes")
    content = path.read_bytes()
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInput(str(path), str(error), "text in UTF-8 or UTF-16") from None
