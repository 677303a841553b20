"""`sot orders`: list orders."""

import json
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import Annotated

import typer
from rich.table import Table

from sot.application.input.time_zones import read_time_zone
from sot.application.queries.history import HistoryQueries
from sot.application.support.paging import full_page
from sot.application.views.orders import order_view
from sot.application.views.points_in_time import as_of_field
from sot.domain.orders.order import Order
from sot.domain.values.vocabulary import OrderStatus
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import (
    AfterOption,
    JsonOption,
    LimitOption,
    StoreOption,
    TimeZoneOption,
    WideOption,
    read_interval,
    read_name,
)
from sot.entrypoints.page_tokens import page_key, page_token
from sot.entrypoints.points_in_time import heading, queries_of
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console, new_table, number, short_time, status_text
from sot.ports.orders import OrderFilter
from sot.ports.paging import Page, PageKey
from sot.ports.store import UnitOfWork


def orders(
    *,
    store_url: StoreOption,
    account: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="Only orders of this account.")] = None,
    status: Annotated[
        list[OrderStatus] | None, typer.Option(case_sensitive=False, help="Only orders with this status. Repeatable.")
    ] = None,
    symbol: Annotated[str | None, typer.Option(metavar="SYMBOL", help="Only orders of this instrument.")] = None,
    venue: Annotated[str | None, typer.Option(metavar="VENUE", help="Only orders at this venue.")] = None,
    strategy: Annotated[str | None, typer.Option(metavar="CODE", help="Only orders of this strategy.")] = None,
    identifier: Annotated[
        str | None, typer.Option(metavar="ID", help="Only orders with this client or venue order id, now or earlier.")
    ] = None,
    is_open: Annotated[
        bool | None, typer.Option("--open/--closed", help="Only orders that are, or are not, open.")
    ] = None,
    in_doubt: Annotated[bool, typer.Option("--in-doubt", help="Only orders with an unknown outcome.")] = False,
    created_from: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="Only orders recorded at or after, e.g. 2026-01-31T00:00:00Z."),
    ] = None,
    created_before: Annotated[
        str | None, typer.Option("--before", metavar="TIME", help="Only orders recorded before.")
    ] = None,
    time_zone: TimeZoneOption = "UTC",
    oldest_first: Annotated[
        bool, typer.Option("--oldest-first", help="List the oldest first, not the newest.")
    ] = False,
    limit: LimitOption = 50,
    after: AfterOption = None,
    wide: WideOption = False,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """List orders, those recorded last first, a page at a time; so does --json.

    The time of an order is when it began, as its first event with a time says; else when it was recorded.

    For example:

    ```
    sot orders --store orders.db --open
    sot orders --store orders.db --account main --status FILLED --status CANCELED
    sot orders --store orders.db --in-doubt --json
    sot orders --store orders.db --identifier my-order-1
    sot orders --store orders.db --oldest-first --limit 500
    ```
    """
    with exit_codes(as_json):
        begins, ends = read_interval(created_from, created_before, read_time_zone("--zone", time_zone))
        filter = OrderFilter(
            account_id=read_name("--account", account),
            statuses=tuple(status or ()),
            venue=read_name("--venue", venue),
            symbol=read_name("--symbol", symbol),
            strategy_code=read_name("--strategy", strategy),
            identifier=read_name("--identifier", identifier),
            is_open=is_open,
            in_doubt=True if in_doubt else None,
            created_from=begins,
            created_before=ends,
        )
        newest_first = not oldest_first
        start = page_key(after, newest_first)

        def list_orders(uow: UnitOfWork) -> tuple[HistoryQueries, Page[Order, PageKey]]:
            queries = queries_of(uow, context)
            return queries, full_page(partial(queries.orders, filter, newest_first=newest_first), start, limit)

        with closing(open_store(store_url, create=False, account_id=filter.account_id)) as store:
            queries, page = store.run(list_orders, read_only=True)
        _print(queries, page, page_token(page.next, newest_first), wide, as_json)


def _print(
    queries: HistoryQueries, page: Page[Order, PageKey], next_page: str | None, wide: bool, as_json: bool
) -> None:
    if as_json:
        views = [order_view(order) for order in page.items]
        typer.echo(json.dumps({**as_of_field(queries), "orders": views, "next": next_page}))
        return
    screen = console(wide=wide)
    for line in heading(queries):
        screen.print(line)
    if not page.items:
        typer.echo("No such orders.")
        return
    screen.print(_orders_table(page.items))
    if next_page is not None:
        typer.echo(f"More: --after {next_page}")


def _orders_table(orders: Sequence[Order]) -> Table:
    table = new_table("Orders", keep=("order id", "symbol", "side", "quantity", "price", "status"), ids=("order id",))
    table.add_column("order id", no_wrap=True, style="dim")
    for name in ("symbol", "side"):
        table.add_column(name, no_wrap=True)
    for name in ("quantity", "price"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("status")
    for name in ("executed", "average"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("client order id", "time", "type", "account", "venue"):
        table.add_column(name, no_wrap=True)
    for order in orders:
        table.add_row(
            order.order_id,
            order.symbol,
            order.side or "",
            number(order.order_quantity),
            number(order.state.limit_price),
            status_text(order),
            number(order.cum_quantity),
            number(order.avg_price),
            order.client_order_id or order.venue_order_id or "",
            short_time(order.state.began_at or order.created_at),
            order.order_type or "",
            order.account_id,
            order.venue,
        )
    return table
