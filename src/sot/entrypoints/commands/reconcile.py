"""`sot reconcile`: compare the history with the venue."""

import json
from contextlib import closing
from datetime import timedelta
from typing import Annotated

import typer

from sot.application.input.days import read_time
from sot.application.input.time_zones import read_time_zone
from sot.application.reconciliation import reconciler
from sot.application.reconciliation.reconciler import ReconciliationResult
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.application.views.records import finding_view
from sot.entrypoints import error_handling, progress
from sot.entrypoints.findings_table import findings_table
from sot.entrypoints.options import (
    AccountOrOnlyOption,
    JsonOption,
    QuietOption,
    StoreOption,
    TimeZoneOption,
    WideOption,
)
from sot.entrypoints.stores import account_or_only, open_store
from sot.entrypoints.terminal import console
from sot.entrypoints.venues import ConfigOption, VenueOption, open_venue


def reconcile(
    *,
    store_url: StoreOption,
    venue_name: VenueOption,
    venue_config: ConfigOption = None,
    account: AccountOrOnlyOption = None,
    venue_account: Annotated[
        str | None,
        typer.Option("--venue-account", metavar="NAME", help="Your account at the venue, if you have several."),
    ] = None,
    symbol: Annotated[
        list[str] | None, typer.Option("--symbol", metavar="SYMBOL", help="Only this instrument. Repeatable.")
    ] = None,
    heal: Annotated[
        bool, typer.Option("--heal", help="Record what the venue reports about differences, and compare again.")
    ] = False,
    balances: Annotated[
        bool,
        typer.Option(
            "--balances",
            help="Compare balances with the venue's wallets, too: for accounts whose deposits are recorded.",
        ),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="Where the first run begins to compare executions."),
    ] = None,
    time_zone: TimeZoneOption = "UTC",
    grace: Annotated[
        float, typer.Option("--grace", min=0, metavar="SECONDS", help="Do not compare what changed more recently.")
    ] = 10,
    queries: Annotated[
        int, typer.Option("--queries", min=0, metavar="N", help="At most so many queries about single orders.")
    ] = 100,
    actor: Annotated[str | None, typer.Option("--actor", metavar="NAME", help="Who runs it, for the record.")] = None,
    quiet: QuietOption = False,
    wide: WideOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare the history of an account with the venue: open orders, executions, positions, balances.

    The run, its inputs and its findings are recorded, and nothing else. With `--heal` the venue's reports about
    differences are recorded, too, including orders that were not placed through `sot`. Quantities that the venue gives
    without executions stay provisional; nothing is invented to make both sides equal.

    With `--balances` the balance of each asset is compared with the venue's wallet. It can agree only if the history
    has all deposits, withdrawals and what was there before, as TRANSFER events; `sot balances --explain` shows what a
    balance is made of.

    A finding stays open until a later run finds both sides equal, or until you close it with `sot findings --accept`.
    A query that the venue does not answer is listed, and nothing is concluded from it.

    Exit code 0: both agree; 1: findings are open; 2: bad input; 3: the store cannot be used; 4: no findings, but the
    venue did not answer every query.

    For example:

    ```
    sot reconcile --store orders.db --venue ccxt:binance --account main --symbol BTC/USDT
    sot reconcile --store orders.db --venue ccxt:binance --account main --symbol BTC/USDT --heal
    sot reconcile --store orders.db --venue ccxt:binance --account main --balances
    sot reconcile --store orders.db --venue mybroker.venues:live --account main --json | jq '.findings[]'
    ```
    """
    with error_handling.exit_codes(as_json):
        limits = ReconciliationLimits(
            grace=timedelta(seconds=grace),
            since=read_time("--since", since, read_time_zone("--zone", time_zone)),
            queries=queries,
            balances=balances,
        )
        venue = open_venue(venue_name, venue_config)
        with closing(open_store(store_url, create=False)) as store, progress.counting() as report:
            result = reconciler.reconcile(
                store,
                venue,
                account_or_only(store, account),
                venue_account=venue_account,
                symbols=symbol,
                heal=heal,
                limits=limits,
                actor=actor,
                progress=report,
            )
        if as_json:
            typer.echo(json.dumps(_view(result)))
        elif not (quiet and result.agrees):
            _print(result, wide)
        if result.findings:
            raise typer.Exit(error_handling.FINDINGS)
        if result.failures:
            raise typer.Exit(error_handling.UNANSWERED)


def _view(result: ReconciliationResult) -> dict[str, object]:
    return {
        "run_id": result.run_id,
        "agrees": result.agrees,
        "opened": result.opened,
        "closed": result.closed,
        "recorded": result.recorded,
        "failures": list(result.failures),
        "findings": [finding_view(finding) for finding in result.findings],
    }


def _print(result: ReconciliationResult, wide: bool) -> None:
    screen = console(wide=wide)
    if result.findings:
        screen.print(findings_table("What differs", result.findings))
    for failure in result.failures:
        screen.print(f"no answer: {failure}", style="yellow")
    counts = f"{result.opened} new, {result.closed} closed, {result.recorded} facts recorded"
    if result.findings:
        screen.print(f"\n{len(result.findings)} findings are open: {counts}", style="bold red")
    elif result.failures:
        screen.print(f"\nNothing differs, as far as the venue answered: {counts}", style="yellow")
    else:
        screen.print(f"\nHistory and venue agree: {counts}", style="bold green")
