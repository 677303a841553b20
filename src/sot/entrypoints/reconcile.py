"""`sot reconcile`: holding the history against the venue."""

import json
from datetime import timedelta
from typing import Annotated

import typer

from sot.application.reconciliation.reconciler import ReconciliationResult
from sot.application.reconciliation.reconciler import reconcile as reconciling
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.application.views.records import finding_view
from sot.entrypoints import failures, progress
from sot.entrypoints.finding_views import findings_table
from sot.entrypoints.options import AccountOption, JsonOption, QuietOption, StoreOption, read_time
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console
from sot.entrypoints.venues import ConfigOption, VenueOption, open_venue


def reconcile(
    *,
    store: StoreOption,
    venue: VenueOption,
    venue_config: ConfigOption = None,
    account: AccountOption,
    venue_account: Annotated[
        str | None, typer.Option("--venue-account", metavar="NAME", help="Which of your accounts at the venue.")
    ] = None,
    symbol: Annotated[
        list[str] | None, typer.Option("--symbol", metavar="SYMBOL", help="Of this instrument alone. Repeatable.")
    ] = None,
    heal: Annotated[
        bool, typer.Option("--heal", help="Record what the venue reports about what differs, and compare again.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="From when on a first run compares executions."),
    ] = None,
    grace: Annotated[
        float, typer.Option("--grace", min=0, metavar="SECONDS", help="Do not judge what changed so shortly before.")
    ] = 10,
    queries: Annotated[
        int, typer.Option("--queries", min=0, metavar="N", help="Questions about single orders, at most.")
    ] = 100,
    actor: Annotated[str | None, typer.Option("--actor", metavar="NAME", help="Who does this, for the record.")] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare the history of an account with what the venue says: open orders, executions, positions.

    The run, what it compared and what it found are kept. Nothing else is written, unless you say `--heal`: then what
    the venue reports about what differs is recorded, orders that you made elsewhere included. Figures that the venue
    gives without executions stay provisional; nothing is ever made up to make both sides equal. What still differs
    stays open until a later run sees it settled, or you close it with `sot findings --accept`.

    A question that the venue does not answer is told, and nothing is concluded from it.

    Exit code 0: both agree; 1: findings are open; 2: bad input; 3: the store cannot be used; 4: nothing is open, and
    the venue left questions unanswered.

    For example:

    ```
    sot reconcile --store orders.db --venue ccxt:binance --account main --symbol BTC/USDT
    sot reconcile --store orders.db --venue ccxt:binance --account main --symbol BTC/USDT --heal
    sot reconcile --store orders.db --venue mybroker.venues:live --account main --json | jq '.findings[]'
    ```
    """
    with failures.exit_codes(as_json):
        limits = ReconciliationLimits(
            grace=timedelta(seconds=grace), since=read_time("--since", since), queries=queries
        )
        asked = open_venue(venue, venue_config)
        kept = open_store(store, create=False)
        try:
            with progress.counting() as tell:
                result = reconciling(
                    kept,
                    asked,
                    account,
                    venue_account=venue_account,
                    symbols=symbol,
                    heal=heal,
                    limits=limits,
                    actor=actor,
                    progress=tell,
                )
        finally:
            kept.close()
        if as_json:
            typer.echo(json.dumps(_view(result)))
        elif not (quiet and result.agrees):
            _show(result)
        if result.findings:
            raise typer.Exit(failures.FINDINGS)
        if result.failures:
            raise typer.Exit(failures.UNANSWERED)


def _view(result: ReconciliationResult) -> dict[str, object]:
    return {
        "run_id": result.run_id,
        "agrees": result.agrees,
        "opened": result.opened,
        "closed": result.closed,
        "recorded": result.recorded,
        "failures": list(result.failures),
        "findings": [finding_view(found) for found in result.findings],
    }


def _show(result: ReconciliationResult) -> None:
    screen = console()
    if result.findings:
        screen.print(findings_table("What differs", result.findings))
    for failure in result.failures:
        screen.print(f"no answer: {failure}", style="yellow")
    told = f"{result.opened} new, {result.closed} closed, {result.recorded} facts recorded"
    if result.findings:
        screen.print(f"\n{len(result.findings)} findings are open: {told}", style="bold red")
    elif result.failures:
        screen.print(f"\nNothing differs, as far as the venue answered: {told}", style="yellow")
    else:
        screen.print(f"\nHistory and venue agree: {told}", style="bold green")
