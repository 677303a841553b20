"""`sot diff`: how an order differs between two moments."""

import json
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from sot.application.as_of.difference import Difference
from sot.application.as_of.history import PastHistory
from sot.application.history import OrderHistory
from sot.application.views.orders import event_view
from sot.application.views.values import plain_value
from sot.entrypoints import failures
from sot.entrypoints.moments import HappenedOption, KnownOption, Moment, as_of_view, check_given
from sot.entrypoints.naming import order_named
from sot.entrypoints.options import JsonOption, StoreOption
from sot.entrypoints.order_page import Part, listed, timeline_table
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console, value_text
from sot.ports.store import UnitOfWork

Compared = tuple[PastHistory, PastHistory, Difference]


def diff(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="An order id or, with --account, a client order id.")],
    *,
    store: StoreOption,
    account: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="The account of the order.")] = None,
    venue: Annotated[
        str | None, typer.Option(metavar="VENUE", help="The venue, where ORDER may also be the venue's id.")
    ] = None,
    known_at: KnownOption = None,
    happened_by: HappenedOption = None,
    to_known_at: Annotated[
        str | None, typer.Option(metavar="CURSOR|TIME", help="The other moment, as known; now without it.")
    ] = None,
    to_happened_by: Annotated[
        str | None, typer.Option(metavar="TIME", help="The other moment, as it had happened; now without it.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    r"""Show how an order differs between two moments, and by which events.

    The first moment is `--known-at` and `--happened-by` (see `sot as-of`), the other one is now or what the `--to-`
    options say.

    For example:

    ```
    export SOT_STORE=orders.db EVENING=2026-01-31T17:00:00Z
    sot diff my-order-1 --account main --known-at 4711      # what came since
    sot diff my-order-1 --account main --known-at 4711 --to-known-at 4999
    sot diff my-order-1 --account main --known-at $EVENING \
        --happened-by $EVENING --to-happened-by $EVENING    # what arrived late
    ```

    The last one is the same evening twice: as it was seen then, and as it is known now.
    """
    with failures.exit_codes(as_json):
        one, other = Moment.read(known_at, happened_by), Moment.read(to_known_at, to_happened_by, "--to-")
        check_given(one, "diff")

        def compared(uow: UnitOfWork) -> Compared:
            history = OrderHistory(uow)
            named = order_named(history, order, account, venue)
            before, after = one.past(uow), other.past(uow)
            return before, after, history.diff(named.order_id, before, after)

        kept = open_store(store, create=False)
        try:
            found = kept.run(compared, read_only=True)
        finally:
            kept.close()
        if as_json:
            typer.echo(json.dumps(_view(*found)))
            return
        screen = console()
        for part in _page(*found):
            screen.print(part)


def _view(before: PastHistory, after: PastHistory, found: Difference) -> dict[str, Any]:
    return {
        "order_id": found.after.order_id,
        "before": as_of_view(before),
        "after": as_of_view(after),
        "changed": plain_value(found.changed),
        "events": [event_view(entry) for entry in found.entries],
    }


def _page(before: PastHistory, after: PastHistory, found: Difference) -> list[Part]:
    parts: list[Part] = [Text(f"Order {found.after.order_id}: {before.words}, and {after.words}", style="bold")]
    if not found.changed and not found.entries:
        return [*parts, Text("Nothing differs.")]
    if found.changed:
        parts.append(_changes(found))
    if found.entries:
        parts.append(timeline_table(found.entries, "Events between"))
    return parts


def _changes(found: Difference) -> Table:
    table = listed("What differs")
    table.add_column("field", style="dim")
    for name in ("before", "after"):
        table.add_column(name, overflow="fold")
    for name, (then, now) in found.changed.items():
        table.add_row(name, value_text(then), value_text(now))
    return table
