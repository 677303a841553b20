"""`sot show`: everything about one order."""

import json
from contextlib import closing
from typing import Annotated

import typer

from sot.application.queries.history import HistoryQueries
from sot.application.views import orders
from sot.application.views.points_in_time import as_of_field
from sot.domain.orders.order import Order
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import (
    AccountOfOrderOption,
    JsonOption,
    OrderArgument,
    RateOption,
    StoreOption,
    VenueOfOrderOption,
    WideOption,
    read_name,
    read_number,
    read_rates,
)
from sot.entrypoints.order_ids import find_order
from sot.entrypoints.order_page import Part, order_page
from sot.entrypoints.points_in_time import heading, queries_of
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console
from sot.ports.store import UnitOfWork


def show(
    order: OrderArgument,
    *,
    store_url: StoreOption,
    account: AccountOfOrderOption = None,
    venue: VenueOfOrderOption = None,
    mark: Annotated[str | None, typer.Option(metavar="PRICE", help="Value the order at this price.")] = None,
    rate: RateOption = None,
    wide: WideOption = False,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """Show an order: its state, every event with what it changed and why, executions, costs, profit and loss.

    Without a mark, the profit and loss is the latest recorded snapshot, if there is one.

    For example:

    ```
    sot show my-order-1 --account main --store orders.db
    sot show 0199b2c4-7d4e-7a51-8f2e-0c6f5f0a1b2c --store orders.db --mark 50100 --rate BNB=612.5
    sot show my-order-1 --account main --store orders.db --json | jq .costs
    ```
    """
    with exit_codes(as_json):
        account_id = read_name("--account", account)
        price, rates = read_number("--mark", mark), read_rates(rate)

        def read_order(uow: UnitOfWork) -> tuple[HistoryQueries, Order]:
            queries = queries_of(uow, context)
            return queries, queries.order(find_order(uow, order, account_id, venue).order_id)

        def view(uow: UnitOfWork) -> dict[str, object]:
            queries, read = read_order(uow)
            return {**as_of_field(queries), **orders.full_order_view(queries, read, price, rates)}

        def page(uow: UnitOfWork) -> list[Part]:
            queries, read = read_order(uow)
            return [*heading(queries), *order_page(queries, read, price, rates)]

        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            if as_json:
                typer.echo(json.dumps(store.run(view, read_only=True)))
                return
            parts = store.run(page, read_only=True)
        screen = console(wide=wide)
        for part in parts:
            screen.print(part)
