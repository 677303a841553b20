"""`sot recover`: ask the venue about requests without an answer."""

import json
import time
from contextlib import closing
from datetime import timedelta
from typing import Annotated

import attrs
import typer
from rich.table import Table

from sot.application.execution import recovery
from sot.application.execution.recovery import RecoveryLimits, RecoveryResult
from sot.entrypoints import error_handling, progress
from sot.entrypoints.options import JsonOption, OnlyAccountOption, QuietOption, StoreOption, WideOption, read_name
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console, new_table
from sot.entrypoints.venues import ConfigOption, VenueOption, open_venue


def recover(
    *,
    store_url: StoreOption,
    venue_name: VenueOption,
    venue_config: ConfigOption = None,
    account: OnlyAccountOption = None,
    grace: Annotated[
        float, typer.Option("--grace", min=0, metavar="SECONDS", help="Leave out what was sent more recently.")
    ] = 30,
    queries: Annotated[
        int, typer.Option("--queries", min=1, metavar="N", help="At most so many queries to the venue.")
    ] = 1000,
    tries: Annotated[
        int, typer.Option("--tries", min=1, metavar="N", help="At most so many queries about one order.")
    ] = 3,
    wait: Annotated[
        float, typer.Option("--wait", min=0, metavar="SECONDS", help="Wait so long at most before asking again.")
    ] = 600,
    quiet: QuietOption = False,
    wide: WideOption = False,
    as_json: JsonOption = False,
) -> None:
    """Ask the venue about every order, cancel and replacement that was sent and has no answer, as after a crash.

    The venue's reports are recorded. "No such order" counts only if the venue's answer is certain, and is given again
    after the time in which a request can be under way: then the request never arrived and is *FAILED*. Everything else
    stays in doubt and is listed, for a later run or for `sot resolve`.

    Nothing is sent. It may run at any time, and several times at once.

    Exit code 0: nothing is in doubt; 1: something is; 2: bad input; 3: the store cannot be used.

    For example:

    ```
    sot recover --store orders.db --venue ccxt:binance
    sot recover --store orders.db --venue mybroker.venues:live --account main --json
    sot orders --store orders.db --in-doubt
    ```
    """
    with error_handling.exit_codes(as_json):
        limits = RecoveryLimits(
            grace=timedelta(seconds=grace), queries=queries, tries=tries, wait=timedelta(seconds=wait)
        )
        account_id = read_name("--account", account)
        with (
            closing(open_store(store_url, create=False, account_id=account_id)) as store,
            progress.counting() as report,
        ):
            venue = open_venue(venue_name, venue_config)
            result = recovery.recover(store, venue, account_id, limits, report, time.sleep if quiet else _wait)
        if as_json:
            typer.echo(json.dumps(attrs.asdict(result)))
        elif result.in_doubt or not quiet:
            _print(result, wide)
        if result.in_doubt:
            raise typer.Exit(error_handling.FINDINGS)


def _wait(seconds: float) -> None:
    if seconds >= 1:
        console(stderr=True).print(f"waiting {seconds:.0f} s, to ask again about what did not arrive", style="dim")
    time.sleep(seconds)


def _print(result: RecoveryResult, wide: bool) -> None:
    screen = console(wide=wide)
    if result.in_doubt:
        screen.print(_in_doubt_table(result))
    counts = f"{len(result.settled)} settled, {len(result.in_doubt)} in doubt, {len(result.too_recent)} too recent"
    screen.print(f"{counts}; {result.queries} questions", style="yellow" if result.in_doubt else "green")


def _in_doubt_table(result: RecoveryResult) -> Table:
    table = new_table("Still in doubt", keep=("order id", "status", "why"), ids=("order id",))
    table.add_column("order id", no_wrap=True, style="dim")
    for name in ("client order id", "status"):
        table.add_column(name, no_wrap=True)
    table.add_column("why", style="yellow")
    table.add_column("account", no_wrap=True)
    for item in result.in_doubt:
        table.add_row(item.order_id, item.client_order_id or "", item.status, item.reason, item.account_id)
    return table
