"""`sot diff`: how an order differs between two points in time."""

import json
from contextlib import closing
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from sot.application.as_of.difference import Difference
from sot.application.as_of.history import PastHistory
from sot.application.history import OrderHistory
from sot.application.views.orders import event_view
from sot.application.views.points_in_time import as_of_view
from sot.application.views.values import plain_value
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import (
    AccountOfOrderOption,
    JsonOption,
    OrderArgument,
    StoreOption,
    TimeZoneOption,
    VenueOfOrderOption,
    read_name,
)
from sot.entrypoints.order_ids import find_order
from sot.entrypoints.order_page import Part, timeline_table
from sot.entrypoints.points_in_time import (
    HappenedByOption,
    KnownAtOption,
    PointInTimeOptions,
    require_past,
)
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console, new_table, value_text
from sot.ports.store import UnitOfWork

Comparison = tuple[PastHistory, PastHistory, Difference]


def diff(
    order: OrderArgument,
    *,
    store_url: StoreOption,
    account: AccountOfOrderOption = None,
    venue: VenueOfOrderOption = None,
    known_at: KnownAtOption = None,
    happened_by: HappenedByOption = None,
    to_known_at: Annotated[
        str | None, typer.Option(metavar="CURSOR|TIME", help="--known-at of the second point in time; else now.")
    ] = None,
    to_happened_by: Annotated[
        str | None, typer.Option(metavar="TIME", help="--happened-by of the second point in time; else now.")
    ] = None,
    time_zone: TimeZoneOption = "UTC",
    as_json: JsonOption = False,
) -> None:
    r"""Show how an order differs between two points in time, and the events between them.

    The first point in time is `--known-at` and `--happened-by` (see `sot as-of`), the second one is that of the `--to-`
    options, or now.

    For example:

    ```
    export SOT_STORE=orders.db EVENING=2026-01-31T17:00:00Z
    sot diff my-order-1 --account main --known-at 4711      # what came since
    sot diff my-order-1 --account main --known-at 4711 --to-known-at 4999
    sot diff my-order-1 --account main --known-at $EVENING \
        --happened-by $EVENING --to-happened-by $EVENING    # what arrived late
    ```

    The last example is the same evening twice: as it was known then, and as it is known now.
    """
    with exit_codes(as_json):
        account_id = read_name("--account", account)
        first = PointInTimeOptions.read(known_at, happened_by, time_zone=time_zone)
        second = PointInTimeOptions.read(to_known_at, to_happened_by, "--to-", time_zone)
        require_past(first, "diff")

        def compare(uow: UnitOfWork) -> Comparison:
            history = OrderHistory(uow)
            order_id = find_order(uow, order, account_id, venue).order_id
            before, after = first.past_history(uow), second.past_history(uow)
            return before, after, history.diff(order_id, before, after)

        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            comparison = store.run(compare, read_only=True)
        if as_json:
            typer.echo(json.dumps(_view(*comparison)))
            return
        screen = console()
        for part in _page(*comparison):
            screen.print(part)


def _view(before: PastHistory, after: PastHistory, difference: Difference) -> dict[str, Any]:
    return {
        "order_id": difference.after.order_id,
        "before": as_of_view(before),
        "after": as_of_view(after),
        "changed": plain_value(difference.changed),
        "events": [event_view(entry) for entry in difference.entries],
    }


def _page(before: PastHistory, after: PastHistory, difference: Difference) -> list[Part]:
    heading = f"Order {difference.after.order_id}: {before.words}, and {after.words}"
    parts: list[Part] = [Text(heading, style="bold")]
    if not difference.changed and not difference.entries:
        return [*parts, Text("Nothing differs.")]
    if difference.changed:
        parts.append(_changes_table(difference))
    if difference.entries:
        parts.append(timeline_table(difference.entries, "Events between"))
    return parts


def _changes_table(difference: Difference) -> Table:
    table = new_table("What differs")
    table.add_column("field", style="dim")
    for name in ("before", "after"):
        table.add_column(name)
    for name, (before, after) in difference.changed.items():
        table.add_row(name, value_text(before), value_text(after))
    return table
