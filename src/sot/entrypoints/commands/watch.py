"""`sot watch`: orders, executions and positions as they change."""

import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from sot.domain.values.errors import InvalidInput
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import OnlyAccountOption, StoreOption, read_name
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console
from sot.entrypoints.watch_tables import frame
from sot.entrypoints.watched import Watch


def watch(
    *,
    store_url: StoreOption,
    account: OnlyAccountOption = None,
    symbol: Annotated[str | None, typer.Option("--symbol", metavar="SYMBOL", help="Only this instrument.")] = None,
    every: Annotated[
        float, typer.Option("--every", metavar="SECONDS", min=0.1, help="Look for new facts at this interval.")
    ] = 1.0,
    once: Annotated[bool, typer.Option("--once", help="Print what there is now, and end.")] = False,
) -> None:
    """Watch orders, executions and positions in a terminal, as they change, until Ctrl-C.

    Shown are open orders and those that ended lately, the latest executions, and open positions:
    as many as the terminal has room for. A wider terminal shows more columns. Nothing is recorded.

    For programs there is `sot follow`, which prints every event once.

    For example:

    ```
    sot watch --store orders.db
    sot watch --store postgresql://localhost/orders --account main --symbol BTC/USDT --every 0.5
    sot watch --store orders.db --once
    ```
    """
    with exit_codes():
        account_id, only_symbol = read_name("--account", account), read_name("--symbol", symbol)
        if not once and not sys.stdout.isatty():
            raise InvalidInput(
                "standard output", "a pipe or a file", "a terminal, or --once (for programs: sot follow --poll SECONDS)"
            )
        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            watched = Watch(store, account_id, only_symbol)
            screen = console()
            if once:
                watched.update()
                screen.print(frame(watched, screen.width, None))
                return
            try:
                _show(watched, screen, lambda: time.sleep(every))
            except KeyboardInterrupt:
                return


def _show(watched: Watch, screen: Console, wait: Callable[[], None]) -> None:
    with Live(console=screen, screen=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False) as live:
        while True:
            watched.update()
            live.update(frame(watched, screen.width, screen.height), refresh=True)
            wait()
