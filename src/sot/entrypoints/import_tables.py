"""Imports as tables."""

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table

from sot.application.importing.summary import Contradiction, FigureDifference, ImportSummary
from sot.entrypoints.terminal import new_table, number


def summary_table(summary: ImportSummary) -> Table:
    """A table with a row per kind of fact."""
    table = new_table("Would be imported" if summary.dry_run else "Imported")
    table.add_column("")
    for name in ("new", "known", "flagged"):
        table.add_column(name, justify="right")
    for kind, count in summary.counts.items():
        table.add_row(kind, str(count.recorded), str(count.repeated), str(count.flagged))
    return table


def differences_table(differences: Iterable[FigureDifference]) -> Table:
    """A table with a row per figure that differs."""
    table = new_table("What the source states, and the history has not")
    for name in ("figure", "symbol or asset", "currency"):
        table.add_column(name)
    for name in ("stated", "here", "difference"):
        table.add_column(name, justify="right")
    table.add_column("why it may be")
    for each in differences:
        table.add_row(
            each.figure,
            each.symbol or "",
            each.currency or "",
            number(each.stated),
            number(each.computed, "none"),
            number(each.difference),
            each.note,
        )
    return table


_LISTED_CONTRADICTIONS = 20


def contradictions_table(contradictions: Sequence[Contradiction], title: str) -> Table:
    """A table with a row per field that differs, of the first contradictions."""
    table = new_table(title)
    for name in ("row", "symbol", "field", "stored", "the row says"):
        table.add_column(name, overflow="fold")
    for each in contradictions[:_LISTED_CONTRADICTIONS]:
        for field, stored in each.stored.items():
            table.add_row(_row_text(each), each.symbol or "", field, stored, each.stated[field])
    if len(contradictions) > _LISTED_CONTRADICTIONS:
        table.add_row(f"... and {len(contradictions) - _LISTED_CONTRADICTIONS} more: see --json")
    return table


_LONGEST_ROW = 120


def _row_text(contradiction: Contradiction) -> str:
    """The row, shortened; else the id of its fact."""
    row = contradiction.row
    if not isinstance(row, Mapping):
        return contradiction.id
    text = ", ".join(f"{name}: {value}" for name, value in row.items() if value not in ("", None))
    return text if len(text) <= _LONGEST_ROW else f"{text[:_LONGEST_ROW]}..."


def formats_table(titles: Mapping[str, str]) -> Table:
    """A table with a row per format."""
    table = new_table("Formats")
    table.add_column("format", no_wrap=True)
    table.add_column("reads")
    for name, title in titles.items():
        table.add_row(name, title)
    return table
