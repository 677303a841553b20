"""`sot positions`: the positions of an account, their costs and their results."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from sot.application.queries.history import HistoryQueries
from sot.application.views import accounting
from sot.application.views.points_in_time import as_of_field
from sot.domain.accounting.position import Marks, Position, mark_of, unrealized
from sot.domain.accounting.reported_position import ReportedPosition
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import Method
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import (
    AccountOrOnlyOption,
    InCurrencyOption,
    JsonOption,
    MethodOption,
    PairRateOption,
    RatesFileOption,
    RatesMaxAgeOption,
    RatesViaOption,
    StoreOption,
    VenueAccountOption,
    WideOption,
    check_rate_currencies,
    read_marks,
    read_name,
    read_pairs,
    read_rate_source,
)
from sot.entrypoints.points_in_time import heading, queries_of
from sot.entrypoints.stores import account_or_only, open_store
from sot.entrypoints.terminal import amounts, console, minute, new_table, result, signed
from sot.ports.store import UnitOfWork

Results = Mapping[PositionKey, Decimal]
"""Unrealized results by position, each in the position's currency."""


def positions(
    *,
    store_url: StoreOption,
    account: AccountOrOnlyOption = None,
    venue: Annotated[str | None, typer.Option(metavar="VENUE", help="Only this venue.")] = None,
    symbol: Annotated[str | None, typer.Option(metavar="SYMBOL", help="Only this instrument.")] = None,
    venue_account: VenueAccountOption = None,
    method: MethodOption = Method.AVERAGE,
    mark: Annotated[
        list[str] | None,
        typer.Option(
            "--mark",
            metavar="SYMBOL=PRICE",
            help="Value open quantity at this price, e.g. BTC/USDT=50000. Repeatable: one for each open symbol.",
        ),
    ] = None,
    in_currency: InCurrencyOption = None,
    rate: PairRateOption = None,
    rates_file: RatesFileOption = None,
    rates_via: RatesViaOption = None,
    rates_max_age: RatesMaxAgeOption = None,
    flat: Annotated[bool, typer.Option("--flat", help="Flat positions, too, with their realized results.")] = False,
    lots: Annotated[bool, typer.Option("--lots", help="The open lots, too, with a --method that has lots.")] = False,
    wide: WideOption = False,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """List an account's positions: quantity, average entry price, break-even price, and results.

    | column | meaning |
    | --- | --- |
    | gross | what closed units brought beyond their entry value |
    | net | gross less the fees of what was closed, with funding and the like |
    | paid | gross less all fees that were paid, with funding and the like |

    Fees in other currencies are converted at `--rate`; without a rate they are listed, and the figures are marked as
    incomplete.

    For example:

    ```
    sot positions --account main --store orders.db
    sot positions --account main --store orders.db --mark BTC/USDT=50100 --rate BNB/USDT=612.5
    sot positions --account main --store orders.db --mark BTC/USDT=50100 --in EUR --rates ecb.csv
    sot positions --account main --store orders.db --method FIFO --lots
    sot positions --account main --store orders.db --flat --json | jq '.positions[].realized_net'
    ```
    """
    with exit_codes(as_json):
        marks, pairs = read_marks(mark), read_pairs(rate)
        rates = read_rate_source(pairs, rates_file, rates_via, rates_max_age)
        account_id = read_name("--account", account)

        currency = read_name("--in", in_currency)
        filters: dict[str, Any] = {
            "venue": venue,
            "symbol": symbol,
            "venue_account": venue_account,
            "method": method,
            "rates": rates,
            "include_flat": True,
        }

        def read_positions(
            uow: UnitOfWork, account_id: str
        ) -> tuple[HistoryQueries, Sequence[Position], Sequence[ReportedPosition]]:
            queries = queries_of(uow, context)
            if currency is None:
                return queries, list(queries.positions(account_id, **filters)), ()
            reported = list(queries.reported_positions(account_id, currency, **filters))
            return queries, [each.position for each in reported], reported

        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            owner = account_or_only(store, account_id)
            queries, all_positions, reported = store.run(lambda uow: read_positions(uow, owner), read_only=True)
        _check_marks(marks, all_positions)
        currencies: set[str | None] = {position.currency for position in all_positions}
        check_rate_currencies(pairs, currencies if currency is None or not currencies else {*currencies, currency})
        results = unrealized(all_positions, marks) if marks else {}
        shown = [position for position in all_positions if flat or position.state.is_open]
        shown_reported = [each for each in reported if flat or each.position.state.is_open]
        if as_json and currency is not None:
            views = [accounting.reported_position_view(each, results, marks) for each in shown_reported]
            typer.echo(json.dumps({**as_of_field(queries), "positions": views}))
            return
        _print(queries, shown, results, as_json, wide=wide, with_lots=lots, with_flat=flat)
        if shown_reported:
            console(wide=wide).print(_reported_table(shown_reported, marks))


def _print(
    queries: HistoryQueries,
    positions: Sequence[Position],
    results: Results,
    as_json: bool,
    *,
    wide: bool,
    with_lots: bool,
    with_flat: bool,
) -> None:
    if as_json:
        views = [accounting.position_view(position, results) for position in positions]
        typer.echo(json.dumps({**as_of_field(queries), "positions": views}))
        return
    screen = console(wide=wide)
    for line in heading(queries):
        screen.print(line)
    if not positions:
        typer.echo("No positions." if with_flat else "No open positions.")
        return
    screen.print(positions_table(positions, results))
    if with_lots:
        screen.print(_lots_table(positions))
    for line in _totals(positions, results):
        screen.print(line)


def _check_marks(marks: Marks, positions: Sequence[Position]) -> None:
    known = {position.symbol for position in positions}
    for symbol in marks:
        if symbol not in known:
            raise InvalidInput("--mark", symbol, "a symbol of this account: " + (", ".join(sorted(known)) or "none"))


def _side(position: Position) -> str:
    words = ["flat" if position.is_flat else "long" if position.quantity > ZERO else "short"]
    if position.key.position_side != "NET":
        words.append(f"({position.key.position_side})")
    if position.key.position_id:
        words.append(position.key.position_id)
    if position.key.venue_account:
        words.append(f"at {position.key.venue_account}")
    return " ".join(words)


def _warnings(position: Position) -> Text:
    words = []
    if position.missing_quantity:
        held = f" (held in {', '.join(position.missing)})" if position.missing else ""
        words.append(f"missing {result(position.missing_quantity)}{held}")
    if position.order_assumed:
        words.append("order assumed")
    if unvalued := {**position.unvalued, **position.unvalued_results}:
        words.append("incomplete: " + amounts(unvalued))
    return Text(", ".join(words), style="yellow")


def positions_table(positions: Sequence[Position], results: Results) -> Table:
    """A table with a row per position."""
    table = new_table(
        "Positions", keep=("symbol", "side", "quantity", "average entry", "net", "currency"), notes=("odd",)
    )
    for name in ("venue", "symbol", "side"):
        table.add_column(name)
    for name in ("quantity", "average entry", "break even", "unrealized", "gross", "net", "paid"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("currency", "odd", "fees", "without orders"):
        table.add_column(name)
    table.add_column("open since", no_wrap=True)
    for position in positions:
        table.add_row(
            position.venue,
            position.symbol,
            _side(position),
            result(position.quantity),
            result(position.avg_entry_price),
            result(position.break_even),
            signed(results.get(position.key)),
            signed(position.realized_gross),
            signed(position.realized_net),
            signed(position.realized_paid),
            position.currency,
            _warnings(position),
            amounts(position.fees),
            ", ".join(f"{kind.lower()} {result(amount)}" for kind, amount in position.account_results.items()),
            minute(position.state.opened_at),
        )
    return table


def _reported_table(positions: Sequence[ReportedPosition], marks: Marks) -> Table:
    title = f"In {positions[0].currency}, each part at the rate of its time"
    table = new_table(title, keep=("symbol", "side", "entry value", "net"), notes=("odd",))
    for name in ("symbol", "side"):
        table.add_column(name)
    figures = ("entry value", "unrealized", "of it currency", "gross", "currency gain", "net", "paid", "rate")
    for name in figures:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("odd")
    for each in positions:
        mark = mark_of(each.position, marks)
        open_result = None if mark is None else each.unrealized(mark)
        parts = (each.unvalued, each.unvalued_results, each.unvalued_entry_values)
        listed = ", ".join(amounts(part) for part in parts if part)
        table.add_row(
            each.position.symbol,
            _side(each.position),
            result(each.entry_value),
            signed(None if open_result is None else open_result.total),
            signed(None if open_result is None else open_result.currency_gain),
            signed(each.realized_gross),
            signed(each.currency_gain),
            signed(each.realized_net),
            signed(each.realized_paid),
            result(None if each.rate is None else each.rate.rate),
            Text(f"incomplete: {listed}" if listed else "", style="yellow"),
        )
    return table


def _lots_table(positions: Sequence[Position]) -> Table:
    table = new_table("Lots", keep=("symbol", "side", "quantity", "price"), ids=("order id",))
    for name in ("symbol", "side"):
        table.add_column(name)
    for name in ("quantity", "price", "entry value", "fees"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("opened", "order id"):
        table.add_column(name, no_wrap=True)
    for position in positions:
        for lot in position.lots:
            table.add_row(
                position.symbol,
                _side(position),
                result(lot.quantity),
                result(lot.price),
                result(lot.entry_value),
                result(lot.fees),
                minute(lot.opened_at),
                lot.order_id or "",
            )
    return table


def _totals(positions: Sequence[Position], results: Results) -> list[Text]:
    """A line per currency; amounts of different currencies are never added."""
    lines = []
    for currency in sorted({position.currency for position in positions}):
        in_currency = [position for position in positions if position.currency == currency]
        net = open_result = ZERO
        for position in in_currency:
            net = add(net, position.realized_net)
            open_result = add(open_result, results.get(position.key, ZERO))
        line = Text(f"\nTotal {currency}: net ")
        line.append(signed(net))
        if results:
            line.append(", unrealized ").append(signed(open_result))
        unvalued = sorted({name for each in in_currency for name in (*each.unvalued, *each.unvalued_results)})
        if any(position.missing_quantity for position in in_currency):
            line.append("  INCOMPLETE: units are missing", style="yellow")
        if unvalued:
            example = " ".join(f"--rate {name}/{currency}=..." for name in unvalued)
            line.append(f"  INCOMPLETE without rates of {', '.join(unvalued)}: give {example}", style="yellow")
        lines.append(line)
    return lines
