"""`sot export`: files to keep, to read and to verify elsewhere."""

import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sot.application.audit import archive
from sot.domain.values.errors import InvalidInput
from sot.entrypoints import progress
from sot.entrypoints.commands import export_tables
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.files import output_file
from sot.entrypoints.options import JsonOption, OutOption, QuietOption, StoreOption
from sot.entrypoints.stores import open_store
from sot.entrypoints.table_files import print_summary
from sot.ports.store import Store

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
_DECEMBER = 12


@app.callback()
def export() -> None:
    """Write files: the whole history, tables, order records for an auditor, or checkpoints.

    Without `--out` the file goes to the standard output.

    For example:

    ```
    sot export history --store orders.db --out history.jsonl
    sot export fills --store orders.db --account main --out fills.csv
    sot export checkpoints --store orders.db
    ```
    """


@app.command("history")
def history(
    *,
    store_url: StoreOption,
    out: OutOption = None,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="YYYY-MM", help="What was recorded in a month (UTC), in whole checkpoints."),
    ] = None,
    after: Annotated[
        int | None, typer.Option("--after", metavar="CURSOR", help="Only facts after this cursor.")
    ] = None,
    upto: Annotated[int | None, typer.Option("--upto", metavar="CURSOR", help="Only facts up to this cursor.")] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the history as JSON lines: every fact exactly as it was hashed, and each checkpoint after its facts.

    `sot verify --offline` verifies the file without a database; `sot record` records it in any store, with the same
    hashes. A file that begins where an earlier one ended (`--after` its last cursor) can be recorded after it.

    A month consists of whole checkpoints, so that its file can be verified alone. Run `sot seal` before.

    For example:

    ```
    sot export history --store orders.db --out history.jsonl
    sot export history --store orders.db --month 2026-01 --out 2026-01.jsonl
    sot export history --store orders.db --after 4711 --out since.jsonl
    sot export history --store orders.db | sot record --batch 500 --store copy.db
    ```
    """
    with exit_codes(as_json):
        if month is not None and (after is not None or upto is not None):
            raise InvalidInput("--month", month, "either a month, or --after and --upto")
        times = None if month is None else _read_month(month)
        with closing(open_store(store_url, create=False)) as store:
            counts = _write_history(store, out, times, after, upto)
        print_summary(counts, out, quiet, as_json)


def _read_month(text: str) -> tuple[datetime, datetime]:
    """The beginning and the end of a month in UTC. Raises InvalidInput."""
    match = _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[1]) < datetime.max.year:
        raise InvalidInput("--month", text, "a month such as 2026-01")
    year, number = int(match[1]), int(match[2])
    following = (year + 1, 1) if number == _DECEMBER else (year, number + 1)
    return datetime(year, number, 1, tzinfo=UTC), datetime(*following, 1, tzinfo=UTC)


def _write_history(
    store: Store, out: Path | None, times: tuple[datetime, datetime] | None, after: int | None, upto: int | None
) -> dict[str, Any]:
    # A transaction that is still open may get a cursor before those of committed facts: the file ends before it.
    horizon = store.horizon()
    if after is not None and upto is not None and after > upto:
        raise InvalidInput("--upto", upto, f"a cursor from --after {after} on")
    for name, cursor in (("--after", after), ("--upto", upto)):
        if cursor is not None and not 0 <= cursor <= horizon:
            raise InvalidInput(name, cursor, f"a cursor of this store: a whole number from 0 to {horizon}")
    with store.begin(read_only=True) as uow:
        if times is not None:
            first, last = archive.month(uow, *times)
        else:
            first, last = after or 0, horizon if upto is None else upto
        lines = checkpoints = 0
        with output_file(out) as stream, progress.measuring("exporting", last - first) as report:
            for line in archive.archive(uow, first, last):
                lines += 1
                checkpoints += line.startswith('{"checkpoint"')
                stream.write(line + "\n")
                report(lines)
    return {"facts": lines - checkpoints, "checkpoints": checkpoints, "after": first, "upto": last}


@app.command("checkpoints")
def checkpoints(
    *, store_url: StoreOption, out: OutOption = None, quiet: QuietOption = False, as_json: JsonOption = False
) -> None:
    """Write all checkpoints again, one JSON line each, as `sot seal` printed them.

    For example:

    ```
    sot export checkpoints --store orders.db --out checkpoints.jsonl
    ```

    Verifying a store against checkpoints that were exported from it later proves little: export each when it is made.
    """
    with exit_codes(as_json):
        with closing(open_store(store_url, create=False)) as store:
            lines = store.run(
                lambda uow: [checkpoint.canonical() + "\n" for checkpoint in uow.checkpoints.all()], read_only=True
            )
        with output_file(out) as stream:
            stream.writelines(lines)
        print_summary({"checkpoints": len(lines)}, out, quiet, as_json)


for name, command in export_tables.COMMANDS.items():
    app.command(name)(command)
