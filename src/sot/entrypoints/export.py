"""`sot export`: files for others to keep, to read and to verify."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sot.application.audit import archive
from sot.domain.values.errors import InvalidInput
from sot.entrypoints import failures, progress
from sot.entrypoints.files import whole_file
from sot.entrypoints.options import JsonOption, OutOption, QuietOption, StoreOption, read_name, read_time
from sot.entrypoints.stores import open_store
from sot.ports.store import Store, UnitOfWork

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
_DECEMBER = 12


class Format(StrEnum):
    """How orders can be written for auditors."""

    RTS24 = "rts24"


@app.callback()
def export() -> None:
    """Write files for others: the whole history, records of orders for an auditor, checkpoints.

    With `--out` a file gets its name only when it is complete; without, everything goes to the standard output.

    For example:

    ```
    sot export history --store orders.db --out history.jsonl
    sot export orders --store orders.db --account main --out orders.csv
    sot export checkpoints --store orders.db
    ```
    """


@app.command("history")
def history(
    *,
    store: StoreOption,
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
    """Write the history as JSON lines: every fact exactly as it was hashed, and each checkpoint after what it seals.

    `sot verify --offline` verifies the file with no database, and `sot record` reads it back into any store, hash by
    hash. A part that begins where an earlier one ended (`--after` its last position) can be recorded after it. A month
    is made of the checkpoints that seal it, so that it can be verified on its own: seal before.

    For example:

    ```
    sot export history --store orders.db --out history.jsonl
    sot export history --store orders.db --month 2026-01 --out 2026-01.jsonl
    sot export history --store orders.db --after 4711 --out since.jsonl
    sot export history --store orders.db | sot record --batch 500 --store copy.db
    ```
    """
    with failures.exit_codes(as_json):
        if month is not None and (after is not None or upto is not None):
            raise InvalidInput("--month", month, "either a month, or --after and --upto")
        times = None if month is None else _month(month)
        kept = open_store(store, create=False)
        try:
            told = _write_history(kept, out, times, after, upto)
        finally:
            kept.close()
        _say(told, out, quiet, as_json)


def _month(text: str) -> tuple[datetime, datetime]:
    """When a month begins and ends. Raises: InvalidInput."""
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[1]) < datetime.max.year:
        raise InvalidInput("--month", text, "a month such as 2026-01")
    year, number = int(found[1]), int(found[2])
    ends = (year + 1, 1) if number == _DECEMBER else (year, number + 1)
    return datetime(year, number, 1, tzinfo=UTC), datetime(*ends, 1, tzinfo=UTC)


def _write_history(
    store: Store, out: Path | None, times: tuple[datetime, datetime] | None, after: int | None, upto: int | None
) -> dict[str, Any]:
    # What is still open in another transaction may yet get a place before what is there: the file ends before that.
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
        with whole_file(out) as stream, progress.measuring("exporting", last - first) as reach:
            for line in archive.archive(uow, first, last):
                lines += 1
                checkpoints += line.startswith('{"checkpoint"')
                stream.write(line + "\n")
                reach(lines)
    return {"facts": lines - checkpoints, "checkpoints": checkpoints, "after": first, "upto": last}


@app.command("orders")
def orders(
    *,
    store: StoreOption,
    format: Annotated[
        Format, typer.Option("--format", case_sensitive=False, help="In the fields of RTS 24, as CSV.")
    ] = Format.RTS24,
    out: OutOption = None,
    account: Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Of this account.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="What happened from then, e.g. 2026-01-01T00:00:00Z.")
    ] = None,
    before: Annotated[str | None, typer.Option("--before", metavar="TIME", help="What happened before then.")] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write records of orders for an auditor: CSV in the fields of RTS 24, one line per event.

    What is known and how it is said is in `docs/reference/rts24.md`. It is an extract, not a filing.

    For example:

    ```
    sot export orders --format rts24 --store orders.db --out orders.csv
    sot export orders --account main --since 2026-01-01T00:00:00Z --before 2026-02-01T00:00:00Z --store orders.db
    ```
    """
    from sot.adapters.exports import rts24

    with failures.exit_codes(as_json):
        name, begins, ends = read_name("--account", account), read_time("--since", since), read_time("--before", before)
        if begins is not None and ends is not None and begins >= ends:
            raise InvalidInput("--before", before, f"a time after --since {since}")
        kept = open_store(store, create=False)
        try:
            with kept.begin(read_only=True) as uow, whole_file(out) as stream, progress.counting() as tell:
                count = rts24.write(uow, stream, name, begins, ends, tell)
        finally:
            kept.close()
        _say({"records": count}, out, quiet, as_json)


@app.command("checkpoints")
def checkpoints(
    *, store: StoreOption, out: OutOption = None, quiet: QuietOption = False, as_json: JsonOption = False
) -> None:
    """Write all checkpoints again, one JSON line each, as `sot seal` printed them.

    For example:

    ```
    sot export checkpoints --store orders.db --out checkpoints.jsonl
    ```

    Verifying a store against checkpoints that were taken from it afterwards proves little: keep them as they are made.
    """
    with failures.exit_codes(as_json):
        kept = open_store(store, create=False)
        try:
            lines = kept.run(lambda uow: list(_checkpoint_lines(uow)), read_only=True)
        finally:
            kept.close()
        with whole_file(out) as stream:
            stream.writelines(lines)
        _say({"checkpoints": len(lines)}, out, quiet, as_json)


def _checkpoint_lines(uow: UnitOfWork) -> Iterator[str]:
    return (checkpoint.canonical() + "\n" for checkpoint in uow.checkpoints.all())


def _say(told: dict[str, Any], out: Path | None, quiet: bool, as_json: bool) -> None:
    """What a file holds; the standard output holds nothing else than what was exported."""
    if out is None:
        return
    if as_json:
        typer.echo(json.dumps({"file": str(out), **told}))
    elif not quiet:
        typer.echo(f"{out}: " + ", ".join(f"{name} {value}" for name, value in told.items()))
