"""`sot orders`: which orders there are."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer
from rich.table import Table

from sot.application.queries.history import HistoryQueries
from sot.application.support.paging import full_page
from sot.application.views.orders import order_view
from sot.domain.orders.order import Order
from sot.domain.values.vocabulary import OrderStatus
from sot.entrypoints import failures
from sot.entrypoints.moments import heading, said_of, teller
from sot.entrypoints.options import JsonOption, StoreOption, read_name, read_time
from sot.entrypoints.page_tokens import page_key, page_token
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console, number, short_time, status_text
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE, Page
from sot.ports.store import UnitOfWork


def orders(
    *,
    store: StoreOption,
    account: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="Of this account.")] = None,
    status: Annotated[
        list[OrderStatus] | None, typer.Option(case_sensitive=False, help="With this status. Repeatable.")
    ] = None,
    symbol: Annotated[str | None, typer.Option(metavar="SYMBOL", help="Of this instrument.")] = None,
    venue: Annotated[str | None, typer.Option(metavar="VENUE", help="At this venue.")] = None,
    strategy: Annotated[str | None, typer.Option(metavar="CODE", help="Of this strategy.")] = None,
    identifier: Annotated[
        str | None, typer.Option(metavar="ID", help="Known by this client or venue order id, present or past.")
    ] = None,
    is_open: Annotated[
        bool | None, typer.Option("--open/--closed", help="Only orders of which more, or nothing more, may execute.")
    ] = None,
    in_doubt: Annotated[bool, typer.Option("--in-doubt", help="Only orders with an unknown outcome.")] = False,
    created_from: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Recorded at or after, e.g. 2026-01-31T00:00:00Z.")
    ] = None,
    created_before: Annotated[str | None, typer.Option("--before", metavar="TIME", help="Recorded before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST_PAGE, help="How many at most.")] = 50,
    after: Annotated[str | None, typer.Option(metavar="PAGE", help="The page after this one's end.")] = None,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """List orders, oldest first, a page at a time.

    For example:

    ```
    sot orders --store orders.db --open
    sot orders --store orders.db --account main --status FILLED --status CANCELED
    sot orders --store orders.db --in-doubt --json
    sot orders --store orders.db --identifier my-order-1
    ```
    """
    with failures.exit_codes(as_json):
        wanted = OrderFilter(
            account_id=read_name("--account", account),
            statuses=tuple(status or ()),
            venue=read_name("--venue", venue),
            symbol=read_name("--symbol", symbol),
            strategy_code=read_name("--strategy", strategy),
            identifier=read_name("--identifier", identifier),
            is_open=is_open,
            in_doubt=True if in_doubt else None,
            created_from=read_time("--from", created_from),
            created_before=read_time("--before", created_before),
        )
        place = page_key(after)

        def listed(uow: UnitOfWork) -> tuple[HistoryQueries, Page[Order]]:
            told = teller(uow, context)
            return told, full_page(partial(told.orders, wanted), place, limit)

        kept = open_store(store, create=False)
        try:
            told, page = kept.run(listed, read_only=True)
        finally:
            kept.close()
        following = page_token(page.next)
        if as_json:
            found = [order_view(order) for order in page.items]
            typer.echo(json.dumps({**said_of(told), "orders": found, "next": following}))
            return
        screen = console()
        for line in heading(told):
            screen.print(line)
        if not page.items:
            typer.echo("No such orders.")
            return
        screen.print(_table(page.items))
        if following is not None:
            typer.echo(f"More: --after {following}")


def _table(items: Sequence[Order]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("account", "client order id", "symbol", "side", "type", "status"):
        table.add_column(name, overflow="fold")
    for name in ("quantity", "executed", "average"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("venue", overflow="fold")
    table.add_column("recorded", no_wrap=True)
    table.add_column("order id", no_wrap=True, style="dim")
    for order in items:
        table.add_row(
            order.account_id,
            order.client_order_id or order.venue_order_id or "",
            order.symbol,
            order.side or "",
            order.order_type or "",
            status_text(order),
            number(order.order_quantity),
            number(order.cum_quantity),
            number(order.avg_price),
            order.venue,
            short_time(order.created_at),
            order.order_id,
        )
    return table
