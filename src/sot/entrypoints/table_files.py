"""Files with tables: CSV, JSON lines or Parquet."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

import attrs
import typer

from sot.adapters.exports.tables import CSV, JSON_LINES, write_csv, write_json_lines
from sot.application.history import OrderHistory
from sot.application.queries.history import HistoryQueries
from sot.application.support.progress import Progress
from sot.application.tables.columns import Column
from sot.application.tables.figures import Figures
from sot.application.tables.file_format import FileFormat
from sot.application.views.accounting import unregistered_view
from sot.domain.accounting.unregistered import ResultRows, UnregisteredSymbol
from sot.domain.values.errors import InvalidInput, MissingExtra
from sot.entrypoints import progress
from sot.entrypoints.files import binary_output_file, output_file
from sot.entrypoints.stores import account_or_only, open_store
from sot.ports.store import Store


class TableFormat(StrEnum):
    """The formats of tables."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def installed_formats() -> list[FileFormat]:
    """Return the formats of tables that can be written here: Parquet needs the extra `frames`."""
    formats = [CSV, JSON_LINES]
    with suppress(MissingExtra):
        from sot.adapters.arrow import PARQUET

        formats.append(PARQUET)
    return formats


@attrs.frozen
class Table:
    """A table: its columns, how its rows are read, and what a row is."""

    columns: Sequence[Column]
    read: Callable[[HistoryQueries], Iterable[Any]]
    row: str


@attrs.frozen(kw_only=True)
class TableFile:
    """How and where a table is written.

    Attributes:
        format: The format.
        figures: The type of amounts in Parquet.
        out: The file; None for the standard output.
        quiet: Whether to print no summary.
        as_json: Whether the summary is JSON.
    """

    format: TableFormat
    figures: Figures
    out: Path | None
    quiet: bool
    as_json: bool

    def __attrs_post_init__(self) -> None:
        if self.format is not TableFormat.PARQUET and self.figures is not Figures.EXACT:
            raise InvalidInput("--figures", self.figures.value, "it with --format parquet: text is always exact")

    def write(self, table: Table, store_url: str, account_id: str | None) -> None:
        """Write a table of a store, in one transaction, and print how many rows it has.

        Raises:
            InvalidInput: A figure does not fit the type of amounts.
            MissingExtra: The format is Parquet, and the extra `frames` is not installed.
        """
        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            self._write(table, store)

    def write_for_account(self, table_of: Callable[[str], Table], store_url: str, account_id: str | None) -> None:
        """Write a table of one account; without one, of the only account of the store.

        Raises:
            InvalidInput: No account is given, and the store has several, or none yet; or a figure does not fit.
            MissingExtra: The format is Parquet, and the extra `frames` is not installed.
        """
        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            self._write(table_of(account_or_only(store, account_id)), store)

    def _write(self, table: Table, store: Store) -> None:
        write = self._write_parquet if self.format is TableFormat.PARQUET else self._write_text
        with store.begin(read_only=True) as uow, progress.counting() as report:
            history, read = OrderHistory(uow), _Read()
            count = write(table.columns, lambda: _counted(read.rows(table.read(history)), table.row, report))
        print_unregistered(read.unregistered)
        print_summary({f"{table.row}s": count}, self.out, self.quiet, self.as_json, read.unregistered)

    def _write_text(self, columns: Sequence[Column], read_rows: Callable[[], Iterable[Any]]) -> int:
        write = write_csv if self.format is TableFormat.CSV else write_json_lines
        with output_file(self.out) as stream:
            return write(stream, columns, read_rows())

    def _write_parquet(self, columns: Sequence[Column], read_rows: Callable[[], Iterable[Any]]) -> int:
        from sot.adapters.arrow import write_parquet

        with binary_output_file(self.out) as stream:
            return write_parquet(stream, columns, read_rows, self.figures)


class _Read:
    """Remembers what the rows that were read leave out. It reads them again where a column turns out to be wider."""

    def __init__(self) -> None:
        self.unregistered: Sequence[UnregisteredSymbol] | None = None

    def rows(self, rows: Iterable[Any]) -> Iterable[Any]:
        if isinstance(rows, ResultRows):
            self.unregistered = rows.unregistered
        return rows


def _counted(rows: Iterable[Any], kind: str, report: Progress) -> Iterator[Any]:
    for row in rows:
        report(kind, 1)
        yield row


def print_unregistered(unregistered: Sequence[UnregisteredSymbol] | None) -> None:
    """Print what results leave out, to standard error: standard output may be the file."""
    for symbol in unregistered or ():
        typer.echo(str(symbol), err=True)


def print_summary(
    counts: dict[str, Any],
    out: Path | None,
    quiet: bool,
    as_json: bool,
    unregistered: Sequence[UnregisteredSymbol] | None = None,
) -> None:
    """Print what a file contains; nothing without a file, since the standard output then is the file.

    Args:
        counts: How much of what it contains.
        out: The file.
        quiet: Whether to print nothing but JSON.
        as_json: Whether to print JSON.
        unregistered: What the results in the file leave out; None for other files.
    """
    if out is None:
        return
    if as_json:
        left_out = {} if unregistered is None else {"unregistered": unregistered_view(unregistered)}
        typer.echo(json.dumps({"file": str(out), **counts, **left_out}))
    elif not quiet:
        typer.echo(f"{out}: " + ", ".join(f"{name} {value}" for name, value in counts.items()))
