"""`sot recover`: finding out what became of what was sent."""

import json
from datetime import timedelta
from typing import Annotated

import attrs
import typer
from rich.table import Table

from sot.application.execution.recovery import RecoveryLimits, RecoveryResult
from sot.application.execution.recovery import recover as recovering
from sot.entrypoints import failures, progress
from sot.entrypoints.options import JsonOption, QuietOption, StoreOption, read_name
from sot.entrypoints.order_page import listed
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console
from sot.entrypoints.venues import ConfigOption, VenueOption, open_venue


def recover(
    *,
    store: StoreOption,
    venue: VenueOption,
    venue_config: ConfigOption = None,
    account: Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Of this account alone.")] = None,
    grace: Annotated[
        float, typer.Option("--grace", min=0, metavar="SECONDS", help="Leave alone what was sent more recently.")
    ] = 30,
    queries: Annotated[
        int, typer.Option("--queries", min=1, metavar="N", help="Questions to the venue in all.")
    ] = 1000,
    tries: Annotated[int, typer.Option("--tries", min=1, metavar="N", help="Questions about one order.")] = 3,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Ask the venue about every order, cancel and replacement that was sent and has no answer, as after a crash.

    What the venue says is recorded. "I know no such order" counts only where the venue can know: then the request never
    arrived, and has *FAILED*. All else stays in doubt and is listed; a later run may find it out, or a person closes it
    with `sot resolve`. Nothing is ever sent. It may run at any time, and several times at once.

    Exit code 0: nothing is in doubt; 1: something is; 2: bad input; 3: the store cannot be used.

    For example:

    ```
    sot recover --store orders.db --venue ccxt:binance
    sot recover --store orders.db --venue mybroker.venues:live --account main --json
    sot orders --store orders.db --in-doubt
    ```
    """
    with failures.exit_codes(as_json):
        limits = RecoveryLimits(grace=timedelta(seconds=grace), queries=queries, tries=tries)
        name, asked = read_name("--account", account), open_venue(venue, venue_config)
        kept = open_store(store, create=False)
        try:
            with progress.counting() as tell:
                result = recovering(kept, asked, name, limits, tell)
        finally:
            kept.close()
        if as_json:
            typer.echo(json.dumps(attrs.asdict(result)))
        elif result.in_doubt or not quiet:
            _show(result)
        if result.in_doubt:
            raise typer.Exit(failures.FINDINGS)


def _show(result: RecoveryResult) -> None:
    screen = console()
    if result.in_doubt:
        table = listed("Still in doubt")
        for name in ("account", "client order id", "status"):
            table.add_column(name, overflow="fold")
        table.add_column("why", overflow="fold", style="yellow")
        table.add_column("order id", no_wrap=True, style="dim")
        _fill(table, result)
        screen.print(table)
    told = f"{len(result.settled)} settled, {len(result.in_doubt)} in doubt, {len(result.too_recent)} too recent"
    screen.print(f"{told}; {result.queries} questions", style="yellow" if result.in_doubt else "green")


def _fill(table: Table, result: RecoveryResult) -> None:
    for left in result.in_doubt:
        table.add_row(left.account_id, left.client_order_id or "", left.status, left.reason, left.order_id)
