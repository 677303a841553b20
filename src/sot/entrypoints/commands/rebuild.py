"""`sot rebuild`: compute everything derived again from the facts."""

import json
from contextlib import closing
from typing import Annotated

import typer

from sot.application.audit import rebuild as audit_rebuild
from sot.entrypoints import progress
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import (
    JobsOption,
    JsonOption,
    OnlyAccountOption,
    QuietOption,
    SchedulerOption,
    StoreOption,
    read_name,
)
from sot.entrypoints.stores import open_store
from sot.entrypoints.workers import few_collections, workers


def rebuild(
    *,
    store_url: StoreOption,
    account: OnlyAccountOption = None,
    symbol: Annotated[str | None, typer.Option("--symbol", metavar="SYMBOL", help="Only this instrument.")] = None,
    jobs: JobsOption = 1,
    scheduler: SchedulerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compute order states, costs, profit and loss and positions again from the facts, and correct wrong rows.

    Facts are only read. It works on a few orders per transaction, so that it can be stopped and run again at any time,
    while others record. With `--jobs` or `--scheduler` other processes look for what differs, unless a symbol
    is given; this one corrects them.

    For example:

    ```
    sot rebuild --store orders.db
    sot rebuild --account main --symbol BTC/USDT --store orders.db
    sot rebuild --store orders.db --jobs 4
    sot verify --store orders.db                        # check that everything holds
    ```
    """
    with exit_codes(as_json):
        account_id, symbol_name = read_name("--account", account), read_name("--symbol", symbol)
        with (
            few_collections(),
            closing(open_store(store_url, create=False, account_id=account_id)) as store,
            progress.counting() as report,
            workers(jobs, scheduler, store_url) as executor,
        ):
            count = audit_rebuild.rebuild(store, account_id, symbol_name, report, executor=executor)
        if as_json:
            typer.echo(json.dumps({"orders": count}))
        elif not quiet:
            typer.echo(f"{count} orders and their positions agree with the facts.")
