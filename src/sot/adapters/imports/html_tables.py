"""The rows of the tables in an HTML file, as texts."""

from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import attrs

from sot.domain.values.errors import InvalidInput

_BYTES = 100_000_000
_CELLS = ("td", "th")
_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@attrs.frozen
class HtmlRow:
    """A row of a table: the texts of its cells that are shown."""

    line: int
    cells: Sequence[str]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[HtmlRow] = []
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
            self.rows.append(HtmlRow(self.getpos()[0], tuple(self._cells)))
        self._cells = None


def read_html_rows(path: Path) -> Sequence[HtmlRow]:
    """Read the rows of all tables of a file.

    Raises:
        InvalidInput: It is too large, or no text.
        OSError: It cannot be read.
    """
    size = path.stat().st_size
    if size > _BYTES:
        raise InvalidInput(str(path), size, f"a file of at most {_BYTES} bytes")
    content = path.read_bytes()
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInput(str(path), str(error), "HTML in UTF-8 or UTF-16") from None
    parser = _Parser()
    parser.feed(text)
    parser.close()
    return parser.rows
