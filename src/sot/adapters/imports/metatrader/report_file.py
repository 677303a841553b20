"""The tables of a report, in HTML or saved as CSV."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import attrs

from sot.adapters.imports.figures import exact_number, read_number
from sot.adapters.imports.tables import TableRow, read_csv_rows, read_html_rows
from sot.domain.values.errors import InvalidInput

_SECTIONS = frozenset({"Positions", "Orders", "Deals", "Open Positions", "Working Orders", "Results"})

_CURRENCY_OF_ACCOUNT = re.compile(r"\b([A-Z]{3}),")

_CSV_ENDINGS = (".csv", ".txt")


@attrs.frozen
class ReportRow:
    """A row of a section, by the names of its header; a column that comes again has its number behind it."""

    section: str
    values: Mapping[str, str]
    location: str

    def number(self, *names: str) -> Decimal | None:
        """The number in the first of the columns that has one; thousands are apart by spaces.

        Raises:
            RowError: It is no number.
        """
        for name in names:
            text = self.values.get(name, "").replace("\u00a0", "").replace(" ", "")
            if text:
                return exact_number(name, read_number(name, text))
        return None


@attrs.frozen
class ReportFile:
    """A report: the currency of its account, whether that is a netting one, and the rows of its tables."""

    currency: str
    is_netting: bool
    rows: Sequence[ReportRow]


def read_report(path: Path, currency: str | None) -> ReportFile:
    """Read the sections of a report. Without titles, the rows below a header with `Deal` are deals.

    Raises:
        InvalidInput: It has no deals, or names no currency and none is given.
    """
    section = ""
    header: list[str] = []
    rows: list[ReportRow] = []
    texts: list[str] = []
    for row in read_csv_rows(path) if path.suffix.lower() in _CSV_ENDINGS else read_html_rows(path):
        filled = [cell for cell in row.cells if cell]
        if len(filled) == 1 and filled[0] in _SECTIONS:
            section, header = filled[0], []
        elif "Time" in filled and "Deal" in filled:
            section, header = "Deals", _names(row.cells)
        elif section and not header and "Time" in filled:
            header = _names(row.cells)
        elif section and header and filled:
            rows.append(ReportRow(section, _named(header, row), f"line {row.line}"))
        elif filled:
            texts += filled
    if not any(row.section == "Deals" for row in rows):
        raise InvalidInput(str(path), "no table of deals", "a report of MetaTrader 5 in HTML or CSV")
    about = " ".join(texts)
    found = _CURRENCY_OF_ACCOUNT.search(about) or re.search(r"Currency: ?([A-Z]{3})", about)
    named = found[1] if found is not None else currency
    if named is None:
        raise InvalidInput("--currency", None, "the currency of the account: the report names none")
    return ReportFile(named, "netting" in about.lower(), rows)


def _names(cells: Sequence[str]) -> list[str]:
    counts: Counter[str] = Counter()
    names = []
    for cell in cells:
        counts[cell] += 1
        names.append(cell if counts[cell] == 1 else f"{cell} {counts[cell]}")
    return names


def _named(header: Sequence[str], row: TableRow) -> dict[str, str]:
    if len(row.cells) == len(header):
        return dict(zip(header, row.cells, strict=True))
    return {str(number): cell for number, cell in enumerate(row.cells, 1) if cell}
