"""`sot record`: record a stream of facts."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import attrs
import typer

from sot.domain.values.errors import InvalidInput
from sot.entrypoints import error_handling
from sot.entrypoints.files import bounded_lines
from sot.entrypoints.fix_stream import FixOptions, fix_format
from sot.entrypoints.options import JsonOption, StoreOption
from sot.entrypoints.record_stream import (
    JSON_LINES,
    NUMBERED_JSON_LINES,
    Format,
    RepeatsWhenFedAgain,
    record_stream,
)
from sot.entrypoints.record_summary import RecordSummary
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console


class FormatName(StrEnum):
    """The formats of streams."""

    JSON = "json"
    FIX = "fix"


def _json_format(options: FixOptions, number_lines: bool) -> Format:
    for field in attrs.fields(FixOptions):
        value = getattr(options, field.name)
        if value != field.default:
            raise InvalidInput(
                "--" + field.name.replace("_", "-"), value, "--format fix with it: in JSON lines it is a field"
            )
    return NUMBERED_JSON_LINES if number_lines else JSON_LINES


def _fix_format(options: FixOptions, number_lines: bool) -> Format:
    if number_lines:
        raise InvalidInput("--number-lines", number_lines, "JSON lines with it: FIX messages have numbers of their own")
    return fix_format(options)


FORMATS: Mapping[FormatName, Callable[[FixOptions, bool], Format]] = {
    FormatName.JSON: _json_format,
    FormatName.FIX: _fix_format,
}


def record(
    file: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="JSON lines, or a FIX log; - is the standard input.")
    ] = "-",
    *,
    store_url: StoreOption,
    batch: Annotated[
        int, typer.Option("--batch", min=1, metavar="N", help="Commit after every N lines or messages.")
    ] = 1,
    number_lines: Annotated[
        bool,
        typer.Option(
            "--number-lines",
            help="JSON lines of a file that only grows: each report has the number of its line as venue_sequence, "
            "unless it has one. Equal words on different lines are then told apart.",
        ),
    ] = False,
    format: Annotated[
        FormatName, typer.Option("--format", case_sensitive=False, help="JSON lines, or a log of FIX messages.")
    ] = FormatName.JSON,
    venue: Annotated[
        str | None,
        typer.Option("--venue", metavar="NAME", help="FIX: the venue; else SenderCompID (tag 49) of each message."),
    ] = None,
    account_id: Annotated[
        str | None,
        typer.Option(
            "--account", "--account-id", metavar="ID", help="FIX: the account; else Account (tag 1) of each message."
        ),
    ] = None,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt/--no-adopt",
            help="FIX: adopt orders without a request. Otherwise reports of unknown orders wait for their order. "
            'A JSON line says "adopt": true itself.',
        ),
    ] = False,
    daily_ids: Annotated[
        bool,
        typer.Option("--daily-ids", help="FIX: order ids are unique within a day only; the date tells them apart."),
    ] = False,
    time_zone: Annotated[
        str | None,
        typer.Option("--time-zone", metavar="ZONE", help="FIX: the time zone of the days of --daily-ids; else UTC."),
    ] = None,
    symbol_tag: Annotated[
        int | None,
        typer.Option(
            "--symbol-tag", min=1, metavar="TAG", help="FIX: the tag that names the instrument: 55, or 48 for options."
        ),
    ] = None,
    fee_currency: Annotated[
        str | None,
        typer.Option("--fee-currency", metavar="CUR", help="FIX: the currency of fees that are reported without one."),
    ] = None,
    requests: Annotated[
        bool,
        typer.Option(
            "--requests",
            help="FIX: record the requests that were sent (35=D, F, G, AB, AC) as intents. Otherwise they are skipped.",
        ),
    ] = False,
    ignore_checksums: Annotated[
        bool,
        typer.Option(
            "--ignore-checksums",
            help="FIX: read messages whose BodyLength or CheckSum is wrong, as in a log without its names; count them.",
        ),
    ] = False,
    keep_going: Annotated[
        bool,
        typer.Option("--keep-going", help="Go on after a line that is refused; list them in the end, exit code 1."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Record a stream of JSON lines, or a log of FIX messages.

    Recording it again adds nothing if its reports carry an *exec_id*, a time that orders them, or a *venue_sequence*. Reports
    with none of these that contradict each other are the exception: a warning lists them, and --number-lines ends it.

    A JSON line is an object with one key, which names the kind of fact: *instrument*, *request*, *risk_check*, *sent*, *failed*,
    *unknown*, *withdraw*, *report*, *mark*, *void* or *account_event*. The lines of an archive have *fact* or *checkpoint*, and
    are restored exactly. Amounts are text or whole numbers; times have an offset. A *report* with *"adopt": true* makes an
    order of what the venue did by itself (a liquidation, an order by hand); otherwise it waits for its order (`sot waiting`).

        {"instrument": {"account_id": "main", "venue": "BINANCE", "symbol": "BTC/USDT", "kind": "SPOT", "base": "BTC", "quote": "USDT"}}
        {"request": {"account_id": "main", "client_order_id": "my-order-1", "venue": "BINANCE", "symbol": "BTC/USDT", "side": "BUY", "order_type": "LIMIT", "quantity": "0.5", "limit_price": "50000"}}
        {"sent": {"account_id": "main", "idempotency_key": "my-order-1"}}
        {"report": {"account_id": "main", "type": "TRADE", "client_order_id": "my-order-1", "exec_id": "1", "last_quantity": "0.5", "last_price": "49990"}}
        {"account_event": {"account_id": "main", "type": "FUNDING", "venue": "BINANCE", "symbol": "BTC/USDT", "amount": "-0.25", "currency": "USDT", "occurred_at": "2026-01-05T16:00:00Z"}}

    A FIX log (4.2 to 5.0 SP2, such as a drop copy) has a message in a line, after any prefix, with SOH, | or ^A between its
    fields. Its ExecutionReports (35=8), OrderCancelRejects (35=9) and rejects of requests (35=j, 35=3) are recorded, with `--requests`
    also the requests that were sent; other messages are skipped and counted.

        20260105-10:00:00 : 8=FIX.4.4|9=146|35=8|49=BROKER|56=DESK|34=7|52=20260105-10:00:00|37=V1|11=my-order-1|17=1|150=F|39=2|55=ACME|54=1|32=5|31=10|14=5|151=0|6=10|60=20260105-10:00:00|10=102|

    After each commit, one JSON line is printed per line or message:

    | outcome | meaning |
    | --- | --- |
    | RECORDED | it is new |
    | REPEATED | it was recorded before |
    | FLAGGED | it is new and odd: see *anomalies* |
    | ERROR | it is refused; the stream ends, and its batch is not recorded. With `--keep-going` the stream goes on without it |

    In a terminal, a table in the end counts what became of each kind of fact.

    For example:

    ```
    sot record orders.jsonl --store orders.db
    sot record growing.jsonl --number-lines --store orders.db
    tail -f reports.jsonl | sot record --store postgresql://localhost/orders
    sot record history.jsonl --batch 500 --store orders.db
    sot export history --store orders.db | sot record --batch 500 --store copy.db
    sot record --format fix drop-copy.log --venue BROKER --account main --adopt --store orders.db
    ```
    """  # noqa: E501
    with error_handling.exit_codes(as_json), _open_input(file) as lines:
        stream_format = FORMATS[format](
            FixOptions(
                venue=venue,
                account_id=account_id,
                symbol_tag=symbol_tag,
                fee_currency=fee_currency,
                daily_ids=daily_ids,
                time_zone=time_zone,
                adopt=adopt,
                requests=requests,
                ignore_checksums=ignore_checksums,
            ),
            number_lines,
        )
        repeats, notes, summary = RepeatsWhenFedAgain(), list[str](), _summary_for_terminal(as_json)
        try:
            with closing(open_store(store_url)) as store:
                is_complete = record_stream(
                    store,
                    bounded_lines(lines),
                    batch,
                    sys.stdout,
                    stream_format,
                    repeats.observe,
                    keep_going,
                    notes,
                    summary,
                )
        finally:
            _print_notes(repeats.warning())
            if summary is not None and summary.counts:
                console(stderr=True).print(summary.table())
        _print_notes(*stream_format.skipped().splitlines(), *notes)
    if not is_complete:
        raise typer.Exit(error_handling.FINDINGS if keep_going else error_handling.BAD_INPUT)


def _summary_for_terminal(as_json: bool) -> RecordSummary | None:
    """A summary where a person reads all of the output; None where a program may read it."""
    return RecordSummary() if sys.stdout.isatty() and sys.stderr.isatty() and not as_json else None


def _print_notes(*notes: str) -> None:
    for note in filter(None, notes):
        sys.stderr.write(f"sot: {note}\n")


@contextmanager
def _open_input(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    path = Path(file)
    if path.is_dir():
        raise InvalidInput("FILE", file, "a file of JSON lines or FIX messages, or - for the standard input")
    with path.open("rb") as stream:
        yield stream
