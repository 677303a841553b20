"""`sot positions`: what is held, what it cost, what it has earned."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from sot.application.queries.history import HistoryQueries
from sot.application.views import accounting
from sot.domain.accounting.position import Marks, Position, unrealized
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import Method
from sot.entrypoints import failures
from sot.entrypoints.moments import heading, said_of, teller
from sot.entrypoints.options import (
    AccountOption,
    JsonOption,
    MethodOption,
    PairRateOption,
    StoreOption,
    check_into,
    read_marks,
    read_name,
    read_pairs,
)
from sot.entrypoints.order_page import listed
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import amounts, console, minute, result, signed
from sot.ports.store import UnitOfWork

Results = Mapping[PositionKey, Decimal]


def positions(
    *,
    store: StoreOption,
    account: AccountOption,
    venue: Annotated[str | None, typer.Option(metavar="VENUE", help="At this venue.")] = None,
    symbol: Annotated[str | None, typer.Option(metavar="SYMBOL", help="Of this instrument.")] = None,
    method: MethodOption = Method.AVERAGE,
    mark: Annotated[
        list[str] | None,
        typer.Option(
            "--mark",
            metavar="SYMBOL=PRICE",
            help="Value open quantity at this price, e.g. BTC/USDT=50000. Repeatable: one for each open symbol.",
        ),
    ] = None,
    rate: PairRateOption = None,
    flat: Annotated[bool, typer.Option("--flat", help="Flat positions, too: what they have earned stays.")] = False,
    lots: Annotated[bool, typer.Option("--lots", help="Their open lots, by a method that has lots.")] = False,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """List an account's positions: quantity, average entry price, break-even price, and what they have earned.

    *gross* is what closed units brought beyond their entry; *net* is less the fees of what was closed, *paid* less all
    fees that were paid, both with funding and the like. A fee in another currency counts at a rate that you give;
    without one it is listed, and the figures are marked as incomplete.

    For example:

    ```
    sot positions --account main --store orders.db
    sot positions --account main --store orders.db --mark BTC/USDT=50100 --rate BNB/USDT=612.5
    sot positions --account main --store orders.db --method FIFO --lots
    sot positions --account main --store orders.db --flat --json | jq '.positions[].realized_net'
    ```
    """
    with failures.exit_codes(as_json):
        marks, pairs = read_marks(mark), read_pairs(rate)
        name = str(read_name("--account", account))

        def asked(uow: UnitOfWork) -> tuple[HistoryQueries, Sequence[Position]]:
            told = teller(uow, context)
            return told, told.positions(name, venue=venue, symbol=symbol, method=method, rates=pairs, include_flat=True)

        kept = open_store(store, create=False)
        try:
            told, held = kept.run(asked, read_only=True)
        finally:
            kept.close()
        _check_marks(marks, held)
        check_into(pairs, {position.currency for position in held})
        results = unrealized(held, marks) if marks else {}
        shown = [position for position in held if flat or not position.is_flat]
        if as_json:
            found = [accounting.position_view(position, results) for position in shown]
            typer.echo(json.dumps({**said_of(told), "positions": found}))
            return
        screen = console()
        for line in heading(told):
            screen.print(line)
        if not shown:
            typer.echo("No open positions." if not flat else "No positions.")
            return
        screen.print(positions_table(shown, results))
        if lots:
            screen.print(_lots_table(shown))
        for line in _totals(shown, results):
            screen.print(line)


def _check_marks(marks: Marks, held: Sequence[Position]) -> None:
    known = {position.symbol for position in held}
    for symbol in marks:
        if symbol not in known:
            raise InvalidInput("--mark", symbol, "a symbol of this account: " + (", ".join(sorted(known)) or "none"))


def _side(position: Position) -> str:
    words = ["flat" if position.is_flat else "long" if position.quantity > ZERO else "short"]
    if position.key.position_side != "NET":
        words.append(f"({position.key.position_side})")
    if position.key.position_id:
        words.append(position.key.position_id)
    return " ".join(words)


def _odd(position: Position) -> Text:
    words = []
    if position.uncovered:
        words.append("UNCOVERED")
    if not position.complete:
        words.append("incomplete: " + amounts({**position.unvalued, **position.unvalued_results}))
    return Text(", ".join(words), style="yellow")


def positions_table(items: Sequence[Position], results: Results) -> Table:
    """Positions for people to read; `results` are the unrealized ones, by key."""
    table = listed("Positions")
    for name in ("venue", "symbol", "side"):
        table.add_column(name, overflow="fold")
    for name in ("quantity", "average entry", "break even", "unrealized", "gross", "net", "paid"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("currency", "fees", "without orders", "odd"):
        table.add_column(name, overflow="fold")
    table.add_column("open since", no_wrap=True)
    for held in items:
        table.add_row(
            held.venue,
            held.symbol,
            _side(held),
            result(held.quantity),
            result(held.avg_entry_price),
            result(held.break_even),
            signed(results.get(held.key)),
            signed(held.realized_gross),
            signed(held.realized_net),
            signed(held.realized_paid),
            held.currency,
            amounts(held.fees),
            ", ".join(f"{kind.lower()} {result(amount)}" for kind, amount in held.account_results.items()),
            _odd(held),
            minute(held.state.opened_at),
        )
    return table


def _lots_table(items: Sequence[Position]) -> Table:
    table = listed("Lots")
    for name in ("symbol", "side"):
        table.add_column(name, overflow="fold")
    for name in ("quantity", "price", "entry value", "fees"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("opened", "order id"):
        table.add_column(name, no_wrap=True)
    for held in items:
        for lot in held.lots:
            table.add_row(
                held.symbol,
                _side(held),
                result(lot.quantity),
                result(lot.price),
                result(lot.entry_value),
                result(lot.fees),
                minute(lot.opened_at),
                lot.order_id or "",
            )
    return table


def _totals(items: Sequence[Position], results: Results) -> list[Text]:
    """A line per currency; amounts of different currencies are never added."""
    lines = []
    for currency in sorted({held.currency for held in items}):
        mine = [held for held in items if held.currency == currency]
        net = open_result = ZERO
        for held in mine:
            net = add(net, held.realized_net)
            open_result = add(open_result, results.get(held.key, ZERO))
        line = Text(f"\nTotal {currency}: net ")
        line.append(signed(net))
        if results:
            line.append(", unrealized ").append(signed(open_result))
        if not all(held.complete for held in mine):
            missing = sorted({name for held in mine for name in (*held.unvalued, *held.unvalued_results)})
            example = " ".join(f"--rate {name}/{currency}=..." for name in missing)
            line.append(f"  INCOMPLETE without rates of {', '.join(missing)}: give {example}", style="yellow")
        lines.append(line)
    return lines
