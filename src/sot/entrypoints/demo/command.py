"""`sot demo`: record real orders and play scenes, and import and export files, all of it twice."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, cast

import typer
from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from sot.application.history import OrderHistory
from sot.domain.orders.order import Order
from sot.domain.values.vocabulary import Outcome
from sot.entrypoints import error_handling
from sot.entrypoints.commands.positions import positions_table
from sot.entrypoints.demo import past_year, real_records, scenes
from sot.entrypoints.demo.file_commands import FileCommands
from sot.entrypoints.demo.real_records import ACCOUNT, RealRecords, Tally
from sot.entrypoints.order_page import order_page
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import amounts, console, new_table, number, status_style, status_text
from sot.ports.orders import OrderFilter
from sot.ports.store import Store, UnitOfWork

_EXAMPLES = (
    ("OL7LNO-R4SAD-6UINEU", "an acknowledgement with an id and little else"),
    ("1609602210852247040", "bought for 50 USDT: the quantity is what 50 USDT bought"),
    ("01b6e467-b659-432f-9490-c7cefe949564", "reported as filled, and then its execution arrived"),
    ("3397148653", "closed without executions: the reported quantity is unproven"),
    ("125924049993", "three fee currencies on one execution"),
    ("13809777875", "a negative fee: a rebate"),
    ("639895991331667968", "the fee is taken from the quantity that was bought"),
    ("71548909034", "an inverse contract: worth quantity times 10 USD, settled in ETH"),
    ("1674069326895775744", "its fee is not exact and is left out"),
)


def demo(
    context: typer.Context,
    store_url: Annotated[
        str,
        typer.Option("--store", metavar="URL", help="The store of the demonstration, which uses the account *demo*."),
    ] = "sot-demo.db",
) -> None:
    """See `sot` work: record orders and trades of 16 exchanges, execute requests at a simulated venue, and repeat it.

    The repetition adds no fact and sends nothing. Then made-up files of a bot, a broker and an exchange are
    imported, and results are exported, in a folder beside the store.

    For example:

    ```
    sot demo
    sot demo --store memory
    sot orders --store sot-demo.db --account demo
    ```
    """
    with error_handling.exit_codes(), closing(open_store(store_url)) as store:
        _run(store, store_url)
    with error_handling.exit_codes(), _folder_beside(store_url) as folder:
        commands = FileCommands(folder, console(), cast("TyperGroup", context.find_root().command))
        commands.play()
        if commands.failed:
            raise typer.Exit(error_handling.FINDINGS)


@contextmanager
def _folder_beside(store_url: str) -> Iterator[Path]:
    """A folder for files that stays beside a file of a store, and goes at the end beside other stores."""
    path = Path(store_url)
    if path.is_file():
        yield path.with_name(f"{path.stem}-files")
    else:
        with TemporaryDirectory(prefix="sot-demo-") as folder:
            yield Path(folder)


def _run(store: Store, url: str) -> None:
    screen = console()
    records = real_records.real_records()
    past_year.record_past_year(store)
    screen.print(Panel.fit(Text(f"{records.about['what']}\nKept in {url}, account {ACCOUNT}."), title="sot demo"))
    tallies, adopted = _import(store, records, screen)
    screen.print(_import_table(tallies))
    if adopted:
        screen.print(f"{adopted} orders were known only by executions that waited for them, and were adopted.")
    waiting = store.run(lambda uow: list(OrderHistory(uow).waiting(ACCOUNT)), read_only=True)
    screen.print(f"{len(waiting)} reports still wait: they name no instrument, so their order is not known.")
    screen.print(_left_out_table(tallies))
    screen.print(store.run(_examples_table, read_only=True))
    played = scenes.play(store)
    scenes.record_mark(store)
    screen.print(_scenes_table(played))
    screen.print(_differences(store))
    for part in store.run(_order_page, read_only=True):
        screen.print(part)
    positions = store.run(lambda uow: list(OrderHistory(uow).positions(ACCOUNT)), read_only=True)
    screen.print(positions_table(positions, {}))
    _repeat(store, records, screen)
    for command in ("orders", "positions", "pnl"):
        screen.print(f"Look around:  sot {command} --store {url} --account {ACCOUNT}", style="dim", soft_wrap=True)


def _import(store: Store, records: RealRecords, screen: Console) -> tuple[Mapping[str, Tally], int]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        task = progress.add_task("recording", total=len(records.orders) + len(records.trades))
        tallies = real_records.import_records(store, records, lambda: progress.advance(task))
    return tallies, real_records.adopt_orders_of_trades(store)


def _table(title: str, left: Sequence[str], right: Sequence[str] = (), more: Sequence[str] = ()) -> Table:
    table = new_table(title)
    for name in left:
        table.add_column(name)
    for name in right:
        table.add_column(name, justify="right")
    for name in more:
        table.add_column(name)
    return table


def _import_table(tallies: Mapping[str, Tally]) -> Table:
    table = _table(
        "What the exchanges reported", ["exchange"], ["orders", "trades", "recorded", "odd", "known already"]
    )
    rows = [(exchange, tally.orders, tally.trades, tally.outcomes) for exchange, tally in tallies.items()]
    totals = {outcome: sum(tally.outcomes[outcome] for tally in tallies.values()) for outcome in Outcome}
    rows.append(("in all", sum(row[1] for row in rows), sum(row[2] for row in rows), totals))
    for exchange, orders, trades, outcomes in rows:
        figures = (orders, trades, outcomes[Outcome.RECORDED], outcomes[Outcome.FLAGGED], outcomes[Outcome.REPEATED])
        table.add_row(exchange, *map(str, figures), style="bold" if exchange == "in all" else None)
    return table


def _left_out_table(tallies: Mapping[str, Tally]) -> Table:
    table = _table("Left out, because it is not exact", ["record", "why"])
    for tally in tallies.values():
        for name, reason in tally.left_out:
            table.add_row(name, reason)
    return table


def _examples_table(uow: UnitOfWork) -> Table:
    history = OrderHistory(uow)
    table = _table(
        "Worth a look",
        ["venue", "symbol", "side", "status"],
        ["quantity", "executed", "average"],
        ["fees", "what is special"],
    )
    for venue_order_id, remark in _EXAMPLES:
        for order in history.orders(OrderFilter(account_id=ACCOUNT, identifier=venue_order_id)).items:
            table.add_row(
                order.venue,
                order.symbol,
                order.side or "?",
                status_text(order),
                number(order.order_quantity, "?"),
                number(order.cum_quantity),
                number(order.avg_price),
                amounts(history.costs(order.order_id).fees),
                remark,
            )
    return table


def _scenes_table(played: Sequence[scenes.PlayedScene]) -> Table:
    table = _table("Requests at a simulated venue", ["client order id", "what happened", "request", "order", "why"])
    for each in played:
        # The request was read before its execution: if there is an order, it was executed.
        status = "EXECUTED" if each.order is not None else str(each.request.status)
        table.add_row(each.scene.client_order_id, each.scene.story, status, _order_status(each.order), each.reason)
    return table


def _order_status(order: Order | None) -> Text:
    return Text("none was made", style="dim") if order is None else status_text(order)


def _differences(store: Store) -> Text:
    findings = store.run(lambda uow: list(OrderHistory(uow).findings()), read_only=True)
    found = "; ".join(f"{one.row.reason} ({one.row.client_order_id})" for one in findings)
    return Text(f"A comparison with {scenes.VENUE} found what differs: {found}.")


def _order_page(uow: UnitOfWork) -> list[object]:
    history = OrderHistory(uow)
    order = history.find_order(ACCOUNT, scenes.SHOWN, scenes.VENUE)
    heading = Text(f"\nThe order {scenes.SHOWN}", style=f"bold {status_style(order.status)}")
    return [heading, *order_page(history, order, scenes.MARK, {})]


def _repeat(store: Store, records: RealRecords, screen: Console) -> None:
    before = real_records.count_facts(store)
    tallies, adopted = _import(store, records, screen)
    added = sum(tally.added for tally in tallies.values()) + adopted
    repeated = sum(tally.outcomes[Outcome.REPEATED] for tally in tallies.values())
    added += past_year.record_past_year(store)
    played = scenes.play(store)
    marked = scenes.record_mark(store)
    after = real_records.count_facts(store)
    all_known = all(each.repeated for each in played) and marked is Outcome.REPEATED
    fine = before == after and not added and all_known
    lines = (
        f"reports      {repeated} known already, {added} added\n"
        f"requests     {sum(each.repeated for each in played)} known already, none sent again\n"
        f"facts        {before} before, {after} after"
    )
    screen.print(Panel.fit(lines, title="Everything once more", border_style="green" if fine else "red"))
    if not fine:
        raise typer.Exit(error_handling.FINDINGS)
