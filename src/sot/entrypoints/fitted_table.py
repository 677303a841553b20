"""Tables that fit the width of a terminal without ever cutting a value.

A table takes the first of these layouts that fits:

1. All columns, with whole ids.
2. All columns, with ids shortened to the first digits that tell them apart, which commands take for an id. Text is
   broken between words.
3. The same with notes, such as warnings, below their rows.
4. The same without the last columns, which are left out one by one, from the right. The columns to keep are not.
5. The columns to keep, with text in lines as short as its longest word; then with one space between columns.
6. Each row as a list of names and values.

Only text is broken, and only between words: a number is whole wherever it is shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.measure import Measurement
from rich.style import StyleType
from rich.table import Table
from rich.text import Text

_GAP = 2
_LEAST_GAP = 1
_TEXT_WIDTH = 24
"""So wide is a column of text at least, as long as another column can be left out."""
_FEWEST_DIGITS = 8

_PLAIN: Mapping[str, Any] = {"box": None, "pad_edge": False}


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """The first digits of each id: as many as tell all of them apart, and at least 8."""
    known = sorted(set(filter(None, ids)))
    length = _FEWEST_DIGITS
    for former, latter in pairwise(known):
        common = next((n for n, (a, b) in enumerate(zip(former, latter, strict=False)) if a != b), len(former))
        length = max(length, common + 1)
    return {id: id[:length].rstrip("-") for id in known}


def printable(value: object) -> Text:
    """A value as text; control characters, which names of venues may have, are shown escaped."""
    text = value if isinstance(value, Text) else Text(str(value))
    if text.plain.isprintable():
        return text
    escaped = (each if each.isprintable() else each.encode("unicode_escape").decode() for each in text.plain)
    return Text("".join(escaped), style=text.style)


def properties(title: str, rows: Sequence[tuple[str, str | Text]]) -> Table:
    """A table of names and values; without those that are empty."""
    table = Table(title=title and f"\n{title}", title_justify="left", title_style="bold", show_header=False, **_PLAIN)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        if value:
            table.add_row(name, printable(value))
    return table


@attrs.frozen(eq=False)
class _Column:
    """A column to show, and its cells."""

    name: str
    justify: JustifyMethod
    no_wrap: bool
    cells: Sequence[Text]

    def least_width(self, text_width: int) -> int:
        """The least width in which no word is broken, and text is as wide as this if it is as long."""
        if self.no_wrap:
            return self.width
        longest_word = max(
            map(cell_len, " ".join([self.name, *(cell.plain for cell in self.cells)]).split()), default=0
        )
        return max(longest_word, min(text_width, self.width))

    @property
    def width(self) -> int:
        """The width in which nothing is broken."""
        return max(cell_len(self.name), *(cell.cell_len for cell in self.cells), 0)

    def shortened(self) -> "_Column":
        """The same column with shortened ids."""
        short = short_ids([cell.plain for cell in self.cells])
        return attrs.evolve(self, cells=[Text(short.get(cell.plain, ""), style=cell.style) for cell in self.cells])


@attrs.frozen
class _Layout:
    """The columns beside each other, the least width of each, the spaces between them, and the columns below a row."""

    columns: Sequence[_Column]
    least: Sequence[int]
    gap: int = _GAP
    notes: Sequence[_Column] = ()

    def fits(self, width: int) -> bool:
        return sum(self.least) + self.gap * (len(self.columns) - 1) <= width

    def widths(self, width: int) -> list[int]:
        """The widths of the columns, of which the widest give way until all fit."""
        widths = [column.width for column in self.columns]
        excess = sum(widths) + self.gap * (len(widths) - 1) - width
        for _ in range(max(excess, 0)):
            widest = max((n for n, least in enumerate(self.least) if widths[n] > least), key=widths.__getitem__)
            widths[widest] -= 1
        return widths


class FittedTable(Table):
    """A table that fits: its columns are added in the order of their importance.

    Args:
        title: The line above it.
        keep: The names of the columns that are never left out; None keeps all.
        ids: The names of the columns of ids that commands take by their first digits.
        notes: The names of the columns that may stand below their row; they are never left out.
    """

    def __init__(
        self, title: str = "", keep: Sequence[str] | None = None, ids: Sequence[str] = (), notes: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._heading = title
        self._keep = None if keep is None else (*keep, *notes)
        self._ids = ids
        self._notes = notes

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Take whatever width there is."""
        return Measurement(1, options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the first layout that fits."""
        if self._heading:
            yield Text(f"\n{self._heading}", style="bold")
        layout = next((each for each in self._layouts() if each.fits(options.max_width)), None)
        if layout is None:
            yield from self._lists(console, options.max_width)
            return
        yield from self._lines(layout, console, options.max_width)
        shown = {column.name for column in (*layout.columns, *layout.notes)}
        left_out = [column.name for column in self._filled_columns() if column.name not in shown]
        if left_out:
            yield Text(f"Left out: {', '.join(left_out)}. --wide shows all columns.", style="dim")

    def _layouts(self) -> Iterator[_Layout]:
        columns = self._filled_columns()
        yield _Layout(columns, [column.width for column in columns])
        columns = [column.shortened() if column.name in self._ids else column for column in columns]
        yield _Layout(columns, [column.least_width(_TEXT_WIDTH) for column in columns])
        notes = [column for column in columns if column.name in self._notes]
        columns = [column for column in columns if column not in notes]
        yield _Layout(columns, [column.least_width(_TEXT_WIDTH) for column in columns], _GAP, notes)
        for column in reversed(columns):
            if self._keep is not None and column.name not in self._keep:
                columns = [each for each in columns if each is not column]
                yield _Layout(columns, [each.least_width(_TEXT_WIDTH) for each in columns], _GAP, notes)
        for gap in (_GAP, _LEAST_GAP):
            yield _Layout(columns, [column.least_width(0) for column in columns], gap, notes)

    def _filled_columns(self) -> list[_Column]:
        """All columns but those without any value that need not be kept."""
        columns = []
        for column in self.columns:
            name, cells = str(column.header), [_styled(cell, column.style) for cell in column.cells]
            if any(cells) or self._keep is None or (name in self._keep and name not in self._notes):
                columns.append(_Column(name, column.justify, column.no_wrap, cells))
        return columns

    def _lines(self, layout: _Layout, console: Console, width: int) -> Iterator[Text]:
        widths = layout.widths(width)
        yield from _row(console, layout, widths, [Text(column.name, style="dim") for column in layout.columns])
        for number, row in enumerate(self.rows):
            lines = _row(console, layout, widths, [column.cells[number] for column in layout.columns])
            for note in layout.notes:
                text = Text(f"{note.name}: ").append_text(note.cells[number])
                lines += _wrapped(text, console, width - _GAP, _GAP) if note.cells[number] else []
            for line in lines:
                line.stylize(row.style or "")
                yield line

    def _lists(self, console: Console, width: int) -> Iterator[Text]:
        columns = self._filled_columns()
        indent = max((cell_len(column.name) for column in columns), default=0) + _GAP
        for number in range(len(self.rows)):
            if number:
                yield Text("")
            for column in columns:
                if column.cells[number]:
                    lines = _wrapped(column.cells[number], console, width - indent, indent)
                    name = Text(column.name, style="dim")
                    lines[0] = name.append(" " * (indent - cell_len(column.name))).append_text(lines[0][indent:])
                    yield from lines


def _styled(cell: object, style: StyleType) -> Text:
    text = printable(cell)
    return Text(text.plain, style=style) if style and not text.spans and not text.style else text


def _wrapped(text: Text, console: Console, width: int, indent: int) -> list[Text]:
    """The lines of a text, broken between words, and indented."""
    lines = text.wrap(console, max(width, 1), overflow="fold")
    return [_unbroken(Text(" " * indent).append_text(line)) for line in lines]


def _row(console: Console, layout: _Layout, widths: Sequence[int], cells: Sequence[Text]) -> list[Text]:
    """The lines of a row, whose cells are beside each other."""
    blocks = [cell.wrap(console, max(width, 1)) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(map(len, blocks), default=0)):
        line = Text()
        for column, width, block in zip(layout.columns, widths, blocks, strict=True):
            part = block[number].copy() if number < len(block) else Text()
            part.rstrip()
            blanks = " " * (width - part.cell_len)
            line.append(" " * layout.gap if column is not layout.columns[0] else "")
            line.append(blanks if column.justify == "right" else "").append_text(part)
            line.append("" if column.justify == "right" else blanks)
        line.rstrip()
        lines.append(_unbroken(line))
    return lines


def _unbroken(line: Text) -> Text:
    line.no_wrap, line.overflow = True, "ignore"
    return line
