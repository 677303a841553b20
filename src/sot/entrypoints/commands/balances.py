"""`sot balances`: what an account has of each asset, and what that is made of."""

import json
from collections.abc import Sequence
from contextlib import closing
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from sot.application.queries.history import HistoryQueries
from sot.application.views import accounting
from sot.application.views.points_in_time import as_of_field
from sot.domain.accounting.balances import Balance, Movement
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import (
    AccountOrOnlyOption,
    JsonOption,
    StoreOption,
    VenueAccountOption,
    WideOption,
    read_name,
)
from sot.entrypoints.points_in_time import heading, queries_of
from sot.entrypoints.stores import account_or_only, open_store
from sot.entrypoints.terminal import console, new_table, number, short_time
from sot.ports.store import UnitOfWork

_Rows = Sequence[Balance] | Sequence[Movement]


def balances(
    *,
    store_url: StoreOption,
    account: AccountOrOnlyOption = None,
    venue: Annotated[str | None, typer.Option(metavar="VENUE", help="Only this venue.")] = None,
    venue_account: VenueAccountOption = None,
    asset: Annotated[str | None, typer.Option(metavar="ASSET", help="Only this asset, such as USDT.")] = None,
    zero: Annotated[bool, typer.Option("--zero", help="Assets of which nothing is left, too.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="List each fact that moved an asset, instead of the sums.")
    ] = False,
    wide: WideOption = False,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """List an account's balances: the exact sum of each asset over executions, fees and account events.

    | kind of instrument | an execution moves |
    | --- | --- |
    | SPOT, MARGIN, FX, EQUITY | base and settlement currency |
    | OPTION, OTHER | the contract and the settlement currency |
    | FUTURE, PERPETUAL | the settlement currency, by the result of what it closes |

    What was there before, deposits and withdrawals are told by TRANSFER events. A negative balance is borrowed, or
    something came in that no fact shows.

    For example:

    ```
    sot balances --account main --store orders.db
    sot balances --account main --store orders.db --asset BNB --explain
    sot as-of --happened-by 2026-01-31T00:00:00Z balances --account main --store orders.db --json
    ```
    """
    with exit_codes(as_json):
        account_id = read_name("--account", account)
        venue_name, asset_name = read_name("--venue", venue), read_name("--asset", asset)
        if venue_account:
            read_name("--venue-account", venue_account)

        def read_rows(uow: UnitOfWork, account_id: str) -> tuple[HistoryQueries, _Rows]:
            queries = queries_of(uow, context)
            if explain:
                return queries, queries.balance_movements(
                    account_id, venue_name, venue_account=venue_account, asset=asset_name
                )
            return queries, queries.balances(
                account_id, venue_name, venue_account=venue_account, asset=asset_name, include_zero=zero
            )

        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            owner = account_or_only(store, account_id)
            queries, rows = store.run(lambda uow: read_rows(uow, owner), read_only=True)
        _print(queries, rows, explain, wide, as_json)


def _print(queries: HistoryQueries, rows: _Rows, explain: bool, wide: bool, as_json: bool) -> None:
    if as_json:
        key = "movements" if explain else "balances"
        views = [
            accounting.balance_view(row) if isinstance(row, Balance) else accounting.movement_view(row) for row in rows
        ]
        typer.echo(json.dumps({**as_of_field(queries), key: views}))
        return
    screen = console(wide=wide)
    for line in heading(queries):
        screen.print(line)
    if not rows:
        typer.echo("Nothing moved." if explain else "No balances.")
        return
    screen.print(_movements_table(rows) if explain else _balances_table(rows))


def _balances_table(rows: _Rows) -> Table:
    balances = [row for row in rows if isinstance(row, Balance)]
    has_accounts = any(balance.venue_account for balance in balances)
    table = new_table("Balances", keep=("venue", "venue account", "asset", "amount"), notes=("odd",))
    table.add_column("venue")
    if has_accounts:
        table.add_column("venue account")
    table.add_column("asset")
    table.add_column("amount", justify="right", no_wrap=True)
    for name in ("made of", "odd"):
        table.add_column(name)
    for balance in balances:
        amount = Text(number(balance.amount), style="red" if balance.negative else "")
        table.add_row(
            balance.venue,
            *([balance.venue_account] if has_accounts else []),
            balance.asset,
            amount,
            _parts(balance),
            _warnings(balance),
        )
    return table


def _parts(balance: Balance) -> str:
    return ", ".join(
        f"{source.lower().replace('_', ' ')} {number(part.amount)} ({part.count})"
        for source, part in sorted(balance.parts.items())
    )


def _warnings(balance: Balance) -> Text:
    words = []
    if balance.negative:
        words.append("NEGATIVE")
    if not balance.complete:
        words.append("incomplete: not registered: " + ", ".join(balance.unregistered))
    return Text(", ".join(words), style="yellow")


def _movements_table(rows: _Rows) -> Table:
    table = new_table("Movements", keep=("at", "asset", "amount", "source"), ids=("order id",))
    table.add_column("at", no_wrap=True)
    for name in ("venue", "asset"):
        table.add_column(name)
    table.add_column("amount", justify="right", no_wrap=True)
    for name in ("source", "symbol", "execution or event"):
        table.add_column(name)
    table.add_column("order id", no_wrap=True, style="dim")
    for row in rows:
        if isinstance(row, Movement):
            table.add_row(
                short_time(row.at),
                row.venue,
                row.asset,
                number(row.amount),
                row.source.lower(),
                row.symbol or "",
                row.exec_id or row.event_id or "",
                row.order_id or "",
            )
    return table
