"""`sot show`: everything about one order."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

import typer

from sot.application.history import OrderHistory
from sot.application.queries.history import HistoryQueries
from sot.application.views import orders
from sot.domain.orders.order import Order
from sot.entrypoints import failures
from sot.entrypoints.moments import heading, said_of, teller
from sot.entrypoints.naming import order_named
from sot.entrypoints.options import JsonOption, RateOption, StoreOption, read_number, read_rates
from sot.entrypoints.order_page import Part, order_page
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console
from sot.ports.store import UnitOfWork


def show(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="An order id or, with --account, a client order id.")],
    *,
    store: StoreOption,
    account: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="The account of the order.")] = None,
    venue: Annotated[
        str | None, typer.Option(metavar="VENUE", help="The venue, where ORDER may also be the venue's id.")
    ] = None,
    mark: Annotated[str | None, typer.Option(metavar="PRICE", help="Value the order at this price.")] = None,
    rate: RateOption = None,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """Show an order's story: its state, every event with what it changed and why, executions, costs, profit and loss.

    Without a mark, the profit and loss is the latest recorded snapshot, if there is one.

    For example:

    ```
    sot show my-order-1 --account main --store orders.db
    sot show 0199b2c4-7d4e-7a51-8f2e-0c6f5f0a1b2c --store orders.db --mark 50100 --rate BNB=612.5
    sot show my-order-1 --account main --store orders.db --json | jq .costs
    ```
    """
    with failures.exit_codes(as_json):
        price, rates = read_number("--mark", mark), read_rates(rate)

        def found(uow: UnitOfWork) -> tuple[HistoryQueries, Order]:
            told = teller(uow, context)
            return told, told.order(order_named(OrderHistory(uow), order, account, venue).order_id)

        kept = open_store(store, create=False)
        try:
            if as_json:
                typer.echo(json.dumps(kept.run(lambda uow: _view(*found(uow), price, rates), True)))
                return
            parts = kept.run(lambda uow: _page(*found(uow), price, rates), True)
        finally:
            kept.close()
        screen = console()
        for part in parts:
            screen.print(part)


def _view(told: HistoryQueries, order: Order, mark: Decimal | None, rates: Mapping[str, Decimal]) -> dict[str, object]:
    return {**said_of(told), **orders.full_order_view(told, order, mark, rates)}


def _page(told: HistoryQueries, order: Order, mark: Decimal | None, rates: Mapping[str, Decimal]) -> list[Part]:
    return [*heading(told), *order_page(told, order, mark, rates)]
