"""`sot rebuild`: everything derived, made anew from the facts."""

import json
from typing import Annotated

import typer

from sot.application.audit import rebuild as rebuilding
from sot.entrypoints import failures, progress
from sot.entrypoints.options import JsonOption, QuietOption, StoreOption, read_name
from sot.entrypoints.stores import open_store


def rebuild(
    *,
    store: StoreOption,
    account: Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Of this account alone.")] = None,
    symbol: Annotated[str | None, typer.Option("--symbol", metavar="SYMBOL", help="Of this instrument alone.")] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make everything derived anew from the facts: states of orders, costs, profit and loss, positions.

    It can be stopped at any point and run again, and others may record meanwhile: some orders at a time are rebuilt in
    a transaction of their own. What is right already stays as it is. Facts are only read.

    For example:

    ```
    sot rebuild --store orders.db
    sot rebuild --account main --symbol BTC/USDT --store orders.db
    sot verify --store orders.db                        # says whether anything is left to do
    ```
    """
    with failures.exit_codes(as_json):
        name, of = read_name("--account", account), read_name("--symbol", symbol)
        kept = open_store(store, create=False)
        try:
            with progress.counting() as tell:
                count = rebuilding.rebuild(kept, name, of, tell)
        finally:
            kept.close()
        if as_json:
            typer.echo(json.dumps({"orders": count}))
        elif not quiet:
            typer.echo(f"{count} orders and their positions are what the facts say.")
