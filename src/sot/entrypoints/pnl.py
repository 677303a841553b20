"""`sot pnl`: what was earned, by day, symbol, strategy or order; round trips; costs; a picture of it."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from sot.application.queries.history import HistoryQueries
from sot.application.views import accounting
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.vocabulary import GroupBy, Method
from sot.entrypoints import chart, failures
from sot.entrypoints.moments import heading, said_of, teller
from sot.entrypoints.options import (
    AccountOption,
    JsonOption,
    MethodOption,
    PairRateOption,
    StoreOption,
    check_into,
    read_name,
    read_pairs,
    read_time,
)
from sot.entrypoints.order_page import listed
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import amounts, console, minute, result, signed
from sot.ports.store import UnitOfWork

_LABELS = ("day", "venue", "symbol", "strategy_code", "order_id")


def pnl(
    *,
    store: StoreOption,
    account: AccountOption,
    by: Annotated[
        list[GroupBy] | None,
        typer.Option("--by", case_sensitive=False, help="Sum by this; SYMBOL unless given. Repeatable."),
    ] = None,
    trips: Annotated[bool, typer.Option("--trips", help="Round trips instead: from flat to flat.")] = False,
    costs: Annotated[
        bool, typer.Option("--costs", help="What executing cost instead: fees, slippage, filled.")
    ] = False,
    venue: Annotated[str | None, typer.Option(metavar="VENUE", help="At this venue.")] = None,
    symbol: Annotated[str | None, typer.Option(metavar="SYMBOL", help="Of this instrument.")] = None,
    strategy: Annotated[str | None, typer.Option(metavar="CODE", help="Of this strategy.")] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="What happened at or after, e.g. 2026-01-31T00:00:00Z.")
    ] = None,
    before: Annotated[str | None, typer.Option("--before", metavar="TIME", help="What happened before.")] = None,
    method: MethodOption = Method.AVERAGE,
    rate: PairRateOption = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            "--chart", metavar="FILE", help="Draw the cumulative results into this .svg or .png file (extra: chart)."
        ),
    ] = None,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """Tell what was realized: gross, fees, net, and what came without an order.

    A result belongs to the order that closed. *net* counts entry fees as units are closed, *paid* as they are paid.
    Amounts of different currencies are never added. Fees in other currencies count at the rates that you give; without
    one they are listed, and the figures are marked as incomplete.

    For example:

    ```
    sot pnl --account main --store orders.db --by day
    sot pnl --account main --store orders.db --by strategy --by symbol --rate BNB/USDT=612.5
    sot pnl --account main --store orders.db --trips
    sot pnl --account main --store orders.db --costs --by day --json
    sot pnl --account main --store orders.db --chart pnl.svg
    ```
    """
    with failures.exit_codes(as_json):
        if trips and costs:
            raise InvalidInput("--costs", "--trips", "one of the two")
        if strategy is not None and (trips or picture is not None):
            raise InvalidInput("--strategy", strategy, "no strategy: positions net what all strategies trade")
        drawn = None if picture is None else chart.checked_path(picture)
        pairs = read_pairs(rate)
        asked: dict[str, Any] = {
            "venue": read_name("--venue", venue),
            "symbol": read_name("--symbol", symbol),
            "since": read_time("--from", since),
            "before": read_time("--before", before),
            "rates": pairs,
        }
        name = str(read_name("--account", account))
        groups = tuple(by or (GroupBy.SYMBOL,))

        def answer(uow: UnitOfWork) -> tuple[HistoryQueries, Any, Sequence[Contribution]]:
            told = teller(uow, context)
            parts = told.contributions(name, method=method, **asked) if drawn is not None else ()
            if trips:
                return told, told.round_trips(name, **asked), parts
            if costs:
                return told, told.cost_analysis(name, by=groups, strategy_code=strategy, **asked), parts
            return told, told.realized(name, by=groups, strategy_code=strategy, method=method, **asked), parts

        kept = open_store(store, create=False)
        try:
            told, rows, parts = kept.run(answer, read_only=True)
        finally:
            kept.close()
        check_into(pairs, {row.currency for row in rows})
        if drawn is not None:
            chart.draw(parts, drawn, f"Realized results of {name}")
        _print(told, rows, trips, costs, as_json)
        if drawn is not None and not as_json:
            typer.echo(f"The chart is in {drawn}.")


def _print(told: HistoryQueries, rows: Sequence[Any], trips: bool, costs: bool, as_json: bool) -> None:
    key, view, table = _SHOWN["trips" if trips else "costs" if costs else "results"]
    if as_json:
        typer.echo(json.dumps({**said_of(told), key: [view(row) for row in rows]}))
        return
    screen = console()
    for line in heading(told):
        screen.print(line)
    if not rows:
        typer.echo("Nothing was traded there and then.")
        return
    screen.print(table(rows))
    for line in [] if costs else _totals(rows):
        screen.print(line)


def _labelled(title: str, rows: Sequence[Realized] | Sequence[CostAnalysis], figures: Sequence[str]) -> Table:
    table = listed(title)
    for name in _labels_of(rows):
        table.add_column(name.replace("_", " "), overflow="fold", no_wrap=name == "order_id")
    for name in figures:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _labels_of(rows: Sequence[Realized] | Sequence[CostAnalysis]) -> list[str]:
    return [name for name in _LABELS if getattr(rows[0], name) is not None]


def _shown_labels(row: Realized | CostAnalysis, names: Sequence[str]) -> list[str]:
    return [str(getattr(row, name)) or "-" for name in names]


def _results_table(rows: Sequence[Realized]) -> Table:
    table = _labelled("Realized results", rows, ("gross", "fees", "without orders", "net", "paid"))
    for name in ("currency", "odd"):
        table.add_column(name, overflow="fold")
    names = _labels_of(rows)
    for row in rows:
        table.add_row(
            *_shown_labels(row, names),
            signed(row.realized_gross),
            result(row.closed_fees),
            result(row.account_results) if row.account_results else "",
            signed(row.realized_net),
            signed(row.realized_paid),
            row.currency,
            _incomplete(row.unvalued, row.unvalued_results),
        )
    return table


def _incomplete(*unvalued: dict[str, Decimal]) -> Text:
    missing = {name: amount for part in unvalued for name, amount in part.items()}
    return Text(f"incomplete: {amounts(missing)}" if missing else "", style="yellow")


def _costs_table(rows: Sequence[CostAnalysis]) -> Table:
    figures = ("orders", "filled", "notional", "maker", "taker", "fees in all", "bps", "slippage", "bps of it")
    table = _labelled("Costs", rows, figures)
    for name in ("currency", "fees", "odd"):
        table.add_column(name, overflow="fold")
    names = _labels_of(rows)
    for row in rows:
        table.add_row(
            *_shown_labels(row, names),
            str(row.orders),
            "" if row.fill_ratio is None else f"{row.fill_ratio:.1%}",
            result(row.notional),
            result(row.maker_notional),
            result(row.taker_notional),
            result(row.fee_total),
            result(row.effective_rate),
            result(row.slippage_cost) if row.decided else "",
            result(row.slippage_rate),
            row.currency or "?",
            amounts(row.fees),
            _incomplete(row.unvalued),
        )
    return table


def _trips_table(rows: Sequence[RoundTrip]) -> Table:
    table = listed("Round trips")
    for name in ("symbol", "side", "opened", "closed"):
        table.add_column(name, no_wrap=name != "symbol")
    for name in ("took", "quantity", "entry", "exit", "gross", "fees", "without orders", "net"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("currency", "odd"):
        table.add_column(name, overflow="fold")
    for trip in rows:
        table.add_row(
            trip.key.symbol,
            trip.side.lower(),
            minute(trip.opened_at),
            minute(trip.closed_at) or "still open",
            _took(trip.duration),
            result(trip.entry_quantity),
            result(trip.avg_entry_price),
            result(trip.avg_exit_price),
            signed(trip.realized_gross),
            result(trip.fees),
            result(trip.account_results) if trip.account_results else "",
            signed(trip.net),
            trip.currency,
            Text("" if trip.complete else "incomplete: give --rate", style="yellow"),
        )
    return table


def _took(duration: timedelta | None) -> str:
    return "" if duration is None else str(timedelta(seconds=round(duration.total_seconds())))


def _totals(rows: Sequence[Realized] | Sequence[RoundTrip]) -> list[Text]:
    """A line per currency; amounts of different currencies are never added."""
    lines = []
    for currency in sorted({row.currency for row in rows}):
        mine = [row for row in rows if row.currency == currency]
        net = ZERO
        for row in mine:
            net = add(net, row.net if isinstance(row, RoundTrip) else row.realized_net)
        line = Text(f"\nTotal {currency}: net ").append(signed(net))
        if not all(row.complete for row in mine):
            line.append("  INCOMPLETE: some fees or results have no rate (give --rate)", style="yellow")
        lines.append(line)
    return lines


_SHOWN: dict[str, tuple[str, Callable[[Any], Any], Callable[[Any], Table]]] = {
    "results": ("realized", accounting.realized_view, _results_table),
    "trips": ("round_trips", accounting.round_trip_view, _trips_table),
    "costs": ("costs", accounting.costs_view, _costs_table),
}
