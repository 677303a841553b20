"""`sot record`: keeping a stream of facts."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import attrs
import typer

from sot.domain.values.errors import InvalidInput
from sot.entrypoints import failures
from sot.entrypoints.fix_log import FixOptions, fix_log
from sot.entrypoints.options import JsonOption, StoreOption
from sot.entrypoints.stores import open_store
from sot.entrypoints.streams import JSON_LINES, Format, record_stream


class FormatName(StrEnum):
    """What a stream is made of."""

    JSON = "json"
    FIX = "fix"


def _json_lines(options: FixOptions) -> Format:
    for field in attrs.fields(FixOptions):
        given = getattr(options, field.name)
        if given != field.default:
            raise InvalidInput("--" + field.name.replace("_", "-"), given, "--format fix with it: JSON lines tell it")
    return JSON_LINES


FORMATS: Mapping[FormatName, Callable[[FixOptions], Format]] = {FormatName.JSON: _json_lines, FormatName.FIX: fix_log}


def record(
    file: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="JSON lines, or a FIX log; - is the standard input.")
    ] = "-",
    *,
    store: StoreOption,
    batch: Annotated[
        int, typer.Option("--batch", min=1, metavar="N", help="Commit after every N lines or messages.")
    ] = 1,
    format: Annotated[
        FormatName, typer.Option("--format", case_sensitive=False, help="JSON lines, or a log of FIX messages.")
    ] = FormatName.JSON,
    venue: Annotated[
        str | None, typer.Option("--venue", metavar="NAME", help="FIX: the venue's name; else its SenderCompID (49).")
    ] = None,
    account_id: Annotated[
        str | None,
        typer.Option("--account-id", metavar="ID", help="FIX: your account; else each message's Account (1)."),
    ] = None,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt/--no-adopt",
            help="FIX: take in orders that no request made. Without it, reports of unknown orders wait for theirs.",
        ),
    ] = False,
    daily_ids: Annotated[
        bool, typer.Option("--daily-ids", help="FIX: ids of orders repeat from day to day, so tell them apart by date.")
    ] = False,
    time_zone: Annotated[
        str | None,
        typer.Option("--time-zone", metavar="ZONE", help="FIX: where a day of --daily-ids begins; else UTC."),
    ] = None,
    symbol_tag: Annotated[
        int | None,
        typer.Option(
            "--symbol-tag", min=1, metavar="TAG", help="FIX: what names the instrument; 48 for options, else 55."
        ),
    ] = None,
    fee_currency: Annotated[
        str | None, typer.Option("--fee-currency", metavar="CUR", help="FIX: of fees whose currency no field tells.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Record a stream of JSON lines, or a log of FIX messages. Recording it again adds nothing.

    Each JSON line is an object with one key, which says what it is: *instrument*, *request*, *risk_check*, *sent*, *failed*,
    *unknown*, *withdraw*, *report*, *mark*, *void* or *account_event*; the lines of an archive have *fact* and *checkpoint*, and
    are kept exactly as they were. Amounts are text or whole numbers, times have an offset.

        {"instrument": {"account_id": "main", "venue": "BINANCE", "symbol": "BTC/USDT", "kind": "SPOT", "base": "BTC", "quote": "USDT"}}
        {"request": {"account_id": "main", "client_order_id": "my-order-1", "venue": "BINANCE", "symbol": "BTC/USDT", "side": "BUY", "order_type": "LIMIT", "quantity": "0.5", "limit_price": "50000"}}
        {"sent": {"account_id": "main", "idempotency_key": "my-order-1"}}
        {"report": {"account_id": "main", "type": "TRADE", "client_order_id": "my-order-1", "exec_id": "1", "last_quantity": "0.5", "last_price": "49990"}}
        {"account_event": {"account_id": "main", "type": "FUNDING", "venue": "BINANCE", "symbol": "BTC/USDT", "amount": "-0.25", "currency": "USDT", "occurred_at": "2026-01-05T16:00:00Z"}}

    A FIX log (4.2 to 5.0 SP2, such as a drop copy) has a message in a line, after any prefix, with SOH, | or ^A between its
    fields. Its ExecutionReports (35=8) and OrderCancelRejects (35=9) are recorded; other messages are skipped, and counted
    in the end.

        20260105-10:00:00 : 8=FIX.4.4|9=146|35=8|49=BROKER|56=DESK|34=7|52=20260105-10:00:00|37=V1|11=my-order-1|17=1|150=F|39=2|55=ACME|54=1|32=5|31=10|14=5|151=0|6=10|60=20260105-10:00:00|10=102|

    After each commit, one JSON line is printed per line or message: *RECORDED*, *REPEATED* (known already), *FLAGGED* (kept,
    and odd: see *anomalies*) or *ERROR*. An error ends the stream; nothing of its batch is kept, earlier batches are.

    For example:

    ```
    sot record orders.jsonl --store orders.db
    tail -f reports.jsonl | sot record --store postgresql://localhost/orders
    sot record history.jsonl --batch 500 --store orders.db
    sot export history --store orders.db | sot record --batch 500 --store copy.db
    sot record --format fix drop-copy.log --venue BROKER --account-id main --adopt --store orders.db
    ```
    """  # noqa: E501
    with failures.exit_codes(as_json), _opened(file) as lines:
        read_as = FORMATS[format](
            FixOptions(
                venue=venue,
                account_id=account_id,
                symbol_tag=symbol_tag,
                fee_currency=fee_currency,
                daily_ids=daily_ids,
                time_zone=time_zone,
                adopt=adopt,
            )
        )
        kept = open_store(store)
        try:
            fine = record_stream(kept, lines, batch, sys.stdout, read_as)
        finally:
            kept.close()
        left_out = read_as.left_out()
        if left_out:
            sys.stderr.write(f"sot: {left_out}\n")
    if not fine:
        raise typer.Exit(failures.BAD_INPUT)


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    path = Path(file)
    if path.is_dir():
        raise InvalidInput("FILE", file, "a file of JSON lines or FIX messages, or - for the standard input")
    with path.open("rb") as opened:
        yield opened
