"""`sot import`: import history from a file of a broker or an exchange, or the store of a bot."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sot.application.importing.contradictions import Correction
from sot.application.importing.importer import BATCH, import_history
from sot.application.importing.summary import ImportSummary
from sot.application.input.time_zones import read_time_zone
from sot.domain.values.errors import InvalidInput
from sot.entrypoints import error_handling, progress
from sot.entrypoints.import_tables import contradictions_table, differences_table, formats_table, summary_table
from sot.entrypoints.options import JsonOption, OptionalStoreOption, read_name, require_store
from sot.entrypoints.readers import CSV, open_reader, reader_formats
from sot.entrypoints.stores import MEMORY, open_store
from sot.entrypoints.terminal import console
from sot.ports.readers import ImportItem, Reader, ReaderOptions, Skipped
from sot.ports.store import Store

_LISTED_ROWS = 5
_LONGEST_ROW = 300


def import_(
    format: Annotated[
        str, typer.Argument(metavar="FORMAT", help="The format: see --list; csv for any CSV, by --map.")
    ] = "",
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Files, or the URL of a database.")
    ] = None,
    *,
    store_url: OptionalStoreOption = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="ACCOUNT", envvar="SOT_ACCOUNT", help="The account.")
    ] = None,
    venue: Annotated[
        str | None, typer.Option("--venue", metavar="NAME", help="The venue; else that of the format.")
    ] = None,
    venue_account: Annotated[
        str, typer.Option("--venue-account", metavar="NAME", help="Your account at the venue, if you have several.")
    ] = "",
    zone: Annotated[
        str | None,
        typer.Option("--zone", metavar="ZONE", help="The time zone of times without an offset, e.g. Europe/Berlin."),
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CUR", help="The currency of the account, where a report names none."),
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="The mapping of a CSV, in TOML: format csv.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything but store it: show what would be recorded.")
    ] = False,
    correct: Annotated[
        bool,
        typer.Option("--correct", help="Correct what an earlier import read otherwise than this one: needs --reason."),
    ] = False,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="TEXT", help="Why it is corrected, e.g. what the mapping had wrong."),
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", metavar="NAME", help="Who corrects it.")] = None,
    list_formats: Annotated[bool, typer.Option("--list", help="List the formats.")] = False,
    batch: Annotated[int, typer.Option("--batch", min=1, metavar="N", help="Commit after every N facts.")] = BATCH,
    as_json: JsonOption = False,
) -> None:
    """Import history: what a broker, an exchange or a bot recorded.

    A file is read whole before anything is written. Its executions make external orders, with origin IMPORT; orders
    that are known already get what is new. Importing it again, or a file that overlaps it, adds nothing twice.

    Rows that cannot be read are skipped and listed with the reason. Figures that the file itself states (results,
    fees, balances) are compared with those of the history, per instrument.

    Rows that contradict what is stored do not change it, and are listed. If an earlier import read the same rows with a
    wrong mapping, --correct makes its facts void and records what the rows say now; both stay on record.

    Exit code 0: every row was recorded and all figures agree; 1: rows were skipped or contradict what is stored,
    reports wait or figures differ; 2: the file, the mapping or an option is not allowed; 3: the store cannot be used.

    For example:

    ```
    sot import --list
    sot import kraken-ledgers ledgers.csv --account main --store orders.db
    sot import freqtrade tradesv3.sqlite --account bot --store orders.db
    sot import csv fills.csv --map my-broker.toml --account main --zone Europe/Berlin --dry-run
    sot import csv fills.csv --map my.toml --account main --store orders.db --correct --reason "fees had the wrong sign"
    ```
    """
    with error_handling.exit_codes(as_json):
        if list_formats:
            _print_formats(as_json)
            return
        if not format or not files:
            raise InvalidInput("FORMAT FILE", format, "a format and a file: see sot import --list")
        options = ReaderOptions(
            account_id=_required_account(account),
            venue=read_name("--venue", venue),
            venue_account=venue_account,
            zone=None if zone is None else read_time_zone("--zone", zone),
            currency=read_name("--currency", currency),
        )
        correction = _correction(correct, reason, actor)
        reader = open_reader(format, map_file)
        with closing(_open(store_url, dry_run)) as store, progress.counting() as report:
            summary = import_history(
                store,
                _items(reader, files, options),
                finished_orders=reader.finished_orders,
                batch=batch,
                dry_run=dry_run,
                correction=correction,
                progress=report,
            )
        if as_json:
            typer.echo(json.dumps(summary.to_dict()))
        else:
            _print(summary)
        if not summary.agrees:
            raise typer.Exit(error_handling.FINDINGS)


def _required_account(account: str | None) -> str:
    name = read_name("--account", account)
    if name is None:
        raise InvalidInput("--account", None, "the account of the facts")
    return name


def _correction(correct: bool, reason: str | None, actor: str | None) -> Correction | None:
    if not correct:
        if reason is not None or actor is not None:
            raise InvalidInput("--correct", None, "this option, too: nothing else takes --reason and --actor")
        return None
    if not reason:
        raise InvalidInput("--reason", reason, "why the earlier import was wrong: it is kept with what is corrected")
    return Correction(reason=reason, actor=read_name("--actor", actor))


def _open(store_url: str | None, dry_run: bool) -> Store:
    """Open the store; a dry run needs none, and creates none."""
    if not dry_run:
        return open_store(require_store(store_url))
    is_missing_file = store_url is not None and "://" not in store_url and not Path(store_url).exists()
    return open_store(MEMORY if store_url is None or is_missing_file else store_url, create=False)


def _items(reader: Reader, files: Iterable[str], options: ReaderOptions) -> Iterator[ImportItem]:
    for file in files:
        if "://" not in file and Path(file).is_dir():
            raise InvalidInput("FILE", file, "a file, or the URL of a database")
        yield from reader.read(file, options)


def _print_formats(as_json: bool) -> None:
    titles = {name: open_format().title for name, open_format in sorted(reader_formats().items())}
    titles = {CSV: "any CSV file, by a mapping file of yours (--map)", **titles}
    if as_json:
        typer.echo(json.dumps(titles))
    else:
        console().print(formats_table(titles))


def _print(summary: ImportSummary) -> None:
    screen = console()
    screen.print(summary_table(summary))
    for text, count in summary.remarks.items():
        screen.print(f"{_rows(count)}: {text}", style="yellow")
    for text, count in summary.expected.items():
        screen.print(f"{_rows(count)} left out: {text}", style="dim")
    _print_skipped(screen, summary.skipped)
    _print_contradictions(screen, summary)
    if summary.waiting:
        screen.print(f"{summary.waiting} reports wait for their order: see sot waiting", style="yellow")
    if summary.differences:
        screen.print(differences_table(summary.differences))
    if summary.figures:
        agreeing = summary.figures - len(summary.differences)
        style = "red" if summary.differences else "green"
        screen.print(f"{agreeing} of {summary.figures} figures that the source states agree", style=style)
    if summary.dry_run:
        screen.print("nothing was stored: this was a dry run", style="bold")


def _print_skipped(screen: Console, skipped: Iterable[Skipped]) -> None:
    """Print the reasons, each with the locations of its rows and the first of them."""
    by_reason: dict[str, list[Skipped]] = {}
    for each in skipped:
        by_reason.setdefault(each.reason, []).append(each)
    for reason, rows in by_reason.items():
        locations = ", ".join(filter(None, [row.location for row in rows[:_LISTED_ROWS]]))
        more = ", ..." if len(rows) > _LISTED_ROWS else ""
        screen.print(f"{_rows(len(rows))} skipped: {reason}{f' ({locations}{more})' if locations else ''}", style="red")
        first = rows[0].row
        if isinstance(first, Mapping):
            shown = ", ".join(f"{name}: {value}" for name, value in first.items() if value not in ("", None))
            screen.print(f"    {shown[:_LONGEST_ROW]}{'...' if len(shown) > _LONGEST_ROW else ''}", style="dim")


def _print_contradictions(screen: Console, summary: ImportSummary) -> None:
    """Print the rows that contradict what is stored, and what to do about them."""
    if summary.corrected:
        done = "would be corrected" if summary.dry_run else "corrected"
        screen.print(contradictions_table(summary.corrected, f"{_rows(len(summary.corrected))} {done}"))
    if not summary.contradictions:
        return
    count = len(summary.contradictions)
    title = f"{_rows(count)} that contradict{'s' if count == 1 else ''} what is stored"
    screen.print(contradictions_table(summary.contradictions, title))
    imported = sum(each.was_imported for each in summary.contradictions)
    if imported:
        screen.print(
            f"{_rows(imported)}: an earlier import read it otherwise. If this reading is right, import again with"
            " --correct --reason TEXT (with --dry-run to see it first); if not, mend the mapping",
            style="yellow",
        )
    if imported < count:
        screen.print(
            f"{_rows(count - imported)}: recorded by something else than an import. It stays: compare with"
            " sot show ORDER, and void what is wrong by sot record",
            style="yellow",
        )


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"
