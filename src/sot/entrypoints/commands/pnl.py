"""`sot pnl`: realized results by day, symbol, strategy or order; round trips; costs of executing; a chart."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import attrs
import typer
from rich.table import Table
from rich.text import Text

from sot.application.input.time_zones import read_time_zone
from sot.application.queries.history import HistoryQueries
from sot.application.views import accounting
from sot.application.views.points_in_time import as_of_field
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.accounting.unregistered import ResultRows, unregistered_of
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.vocabulary import GroupBy, Method
from sot.entrypoints.chart_options import read_chart_options
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
    TimeZoneOption,
    VenueAccountOption,
    WideOption,
    check_rate_currencies,
    is_on_command_line,
    read_interval,
    read_name,
    read_pairs,
    read_rate_source,
)
from sot.entrypoints.points_in_time import heading, queries_of
from sot.entrypoints.stores import account_or_only, open_store
from sot.entrypoints.terminal import amounts, console, minute, new_table, result, signed
from sot.ports.store import UnitOfWork

_GROUP_COLUMNS = ("day", "venue", "symbol", "strategy_code", "order_id")


@attrs.frozen(kw_only=True)
class _Question:
    """What is asked for, as the options say."""

    groups: Sequence[GroupBy]
    strategy_code: str | None
    method: Method
    in_currency: str | None
    time_zone: tzinfo
    filters: Mapping[str, Any]

    def realized(self, queries: HistoryQueries, account_id: str) -> Sequence[Realized]:
        """The results by group."""
        return queries.realized(account_id, method=self.method, **self._grouped())

    def costs(self, queries: HistoryQueries, account_id: str) -> Sequence[CostAnalysis]:
        """The costs of executing by group."""
        return queries.cost_analysis(account_id, **self._grouped())

    def round_trips(self, queries: HistoryQueries, account_id: str) -> Sequence[RoundTrip]:
        """The round trips."""
        return queries.round_trips(account_id, **self.filters)

    def contributions(self, queries: HistoryQueries, account_id: str) -> Sequence[Contribution]:
        """What each execution and account event added."""
        return queries.contributions(account_id, method=self.method, in_currency=self.in_currency, **self.filters)

    def _grouped(self) -> dict[str, Any]:
        return {
            "by": self.groups,
            "strategy_code": self.strategy_code,
            "in_currency": self.in_currency,
            "time_zone": self.time_zone,
            **self.filters,
        }


@attrs.frozen
class _Report:
    """A kind of rows: how to ask for them, their key in JSON, the view of a row, and their table."""

    rows: Callable[[_Question, HistoryQueries, str], Sequence[Any]]
    key: str
    view: Callable[[Any], Any]
    table: Callable[[Any], Table]


def pnl(
    chart_path: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="With --chart: a .svg or .png file (extra: chart).")
    ] = None,
    *,
    store_url: StoreOption,
    account: AccountOrOnlyOption = None,
    by: Annotated[
        list[GroupBy] | None,
        typer.Option("--by", case_sensitive=False, help="Group by this; SYMBOL unless given. Repeatable."),
    ] = None,
    trips: Annotated[bool, typer.Option("--trips", help="List round trips instead: from flat to flat.")] = False,
    costs: Annotated[
        bool, typer.Option("--costs", help="Show the costs of executing instead: fees, slippage, fill ratio.")
    ] = False,
    venue: Annotated[str | None, typer.Option(metavar="VENUE", help="Only this venue.")] = None,
    symbol: Annotated[str | None, typer.Option(metavar="SYMBOL", help="Only this instrument.")] = None,
    venue_account: VenueAccountOption = None,
    strategy: Annotated[str | None, typer.Option(metavar="CODE", help="Only this strategy.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="Only what happened at or after, e.g. 2026-01-31T00:00:00Z."),
    ] = None,
    before: Annotated[str | None, typer.Option("--before", metavar="TIME", help="Only what happened before.")] = None,
    time_zone: TimeZoneOption = "UTC",
    method: MethodOption = Method.AVERAGE,
    in_currency: InCurrencyOption = None,
    rate: PairRateOption = None,
    rates_file: RatesFileOption = None,
    rates_via: RatesViaOption = None,
    rates_max_age: RatesMaxAgeOption = None,
    with_chart: Annotated[
        bool,
        typer.Option(
            "--chart",
            help="Draw the cumulative net results and their drawdown, in one currency: in the terminal, or into FILE.",
        ),
    ] = False,
    panels: Annotated[
        bool, typer.Option("--panels", help="With --chart: each currency by itself, one below the other.")
    ] = False,
    wide: WideOption = False,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """Show realized results: gross, fees, net, and results without an order, such as funding.

    A result belongs to the order that closed the position. Amounts of different currencies are never added.

    | column | meaning |
    | --- | --- |
    | net | less the fees of what was closed: entry fees count as units are closed |
    | paid | less all fees as they were paid |

    With `--in` each part is valued in one currency at the rate of its own time: fees when they were paid, results when
    units were closed. The column *currency gain* has what the settlement currency gained while the units were held.

    Symbols that are not registered have no results: a line below the table names each of them.

    Fees in other currencies are converted at `--rate`; without a rate they are listed, and the figures are marked as
    incomplete.

    For example:

    ```
    sot pnl --account main --store orders.db --by day --zone America/New_York
    sot pnl --account main --store orders.db --by strategy --by symbol --rate BNB/USDT=612.5
    sot pnl --account main --store orders.db --by day --in EUR --rates ecb.csv
    sot pnl --account main --store orders.db --trips
    sot pnl --account main --store orders.db --costs --by day --json
    sot pnl --account main --store orders.db --in EUR --rates ecb.csv --chart
    sot pnl --account main --store orders.db --symbol BTC/USDT --chart pnl.svg
    ```
    """
    with exit_codes(as_json):
        if trips and not is_on_command_line(context, "in_currency"):
            in_currency = None  # a setting: round trips are in settlement currency
        report = _report_of(trips, costs, in_currency, strategy, with_chart)
        chart_options = read_chart_options(with_chart, chart_path, panels, as_json)
        pairs, zone = read_pairs(rate), read_time_zone("--zone", time_zone)
        begins, ends = read_interval(since, before, zone)
        question = _Question(
            groups=tuple(by or (GroupBy.SYMBOL,)),
            strategy_code=strategy,
            method=method,
            in_currency=read_name("--in", in_currency),
            time_zone=zone,
            filters={
                "venue": read_name("--venue", venue),
                "symbol": read_name("--symbol", symbol),
                "venue_account": venue_account,
                "since": begins,
                "before": ends,
                "rates": read_rate_source(pairs, rates_file, rates_via, rates_max_age),
            },
        )

        def read_rows(uow: UnitOfWork, account_id: str) -> tuple[HistoryQueries, Any, Sequence[Contribution]]:
            queries = queries_of(uow, context)
            drawn = () if chart_options is None else question.contributions(queries, account_id)
            return queries, report.rows(question, queries, account_id), drawn

        account_id = read_name("--account", account)
        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            owner = account_or_only(store, account_id)
            queries, rows, contributions = store.run(lambda uow: read_rows(uow, owner), read_only=True)
        check_rate_currencies(pairs, {row.currency for row in rows})
        curves = () if chart_options is None else chart_options.curves(contributions)
        _print(queries, rows, report, wide, as_json)
        if chart_options is not None:
            chart_options.draw(curves, f"Realized results of {owner}", question.time_zone, as_json)


def _report_of(trips: bool, costs: bool, in_currency: str | None, strategy: str | None, with_chart: bool) -> "_Report":
    """Return the kind of rows that is asked for.

    Raises:
        InvalidInput: Options exclude one another.
    """
    if trips and costs:
        raise InvalidInput("--costs", "--trips", "one of the two")
    if trips and in_currency is not None:
        raise InvalidInput("--in", in_currency, "it without --trips: round trips are in settlement currency")
    if strategy is not None and (trips or with_chart):
        raise InvalidInput("--strategy", strategy, "no strategy: positions net what all strategies trade")
    return _TRIPS if trips else _COSTS if costs else _RESULTS


def _print(queries: HistoryQueries, rows: Sequence[Any], report: _Report, wide: bool, as_json: bool) -> None:
    if as_json:
        shown = {report.key: [report.view(row) for row in rows], **_unregistered_field(rows)}
        typer.echo(json.dumps({**as_of_field(queries), **shown}))
        return
    screen = console(wide=wide)
    for line in heading(queries):
        screen.print(line)
    if not rows:
        typer.echo("Nothing was traded there and then." if not unregistered_of(rows) else "There are no results.")
    else:
        screen.print(report.table(rows))
        for line in [] if report is _COSTS else _totals(rows):
            screen.print(line)
    for symbol in unregistered_of(rows):
        screen.print(Text(f"\n{symbol}", style="yellow"))


def _unregistered_field(rows: Sequence[Any]) -> dict[str, Any]:
    """What the rows leave out; nothing for costs, which have rows of all orders."""
    return {"unregistered": accounting.unregistered_view(rows.unregistered)} if isinstance(rows, ResultRows) else {}


def _grouped_table(
    title: str, rows: Sequence[Realized] | Sequence[CostAnalysis], figures: Sequence[str], keep: Sequence[str]
) -> Table:
    groups = [name.replace("_", " ") for name in _group_columns(rows)]
    table = new_table(title, keep=(*groups, *keep), ids=("order id",), notes=("odd",))
    for name in groups:
        table.add_column(name, no_wrap=True)
    for name in figures:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _group_columns(rows: Sequence[Realized] | Sequence[CostAnalysis]) -> list[str]:
    return [name for name in _GROUP_COLUMNS if getattr(rows[0], name) is not None]


def _group_values(row: Realized | CostAnalysis, names: Sequence[str]) -> list[str]:
    return [str(getattr(row, name)) or "-" for name in names]


def _results_table(rows: Sequence[Realized]) -> Table:
    gains = ("currency gain",) if any(row.currency_gain for row in rows) else ()
    figures = ("gross", *gains, "fees", "without orders", "net", "paid")
    table = _grouped_table("Realized results", rows, figures, ("net", "currency"))
    for name in ("currency", "odd"):
        table.add_column(name)
    names = _group_columns(rows)
    for row in rows:
        table.add_row(
            *_group_values(row, names),
            _known(row, row.realized_gross),
            *([signed(row.currency_gain)] if gains else []),
            result(row.closed_fees),
            result(row.account_results) if row.account_results else "",
            _known(row, row.realized_net),
            _known(row, row.realized_paid),
            row.currency,
            _odd(row),
        )
    return table


def _known(row: Realized, value: Decimal) -> Text:
    known = accounting.known_figure(row, value)
    return Text("?", style="yellow") if known is None else signed(known)


def _odd(row: Realized) -> Text:
    text = _incomplete(row.unvalued, results=row.unvalued_results, entries=row.unvalued_entry_values)
    if row.missing_quantity:
        what = "missing" if row.missing_quantity > ZERO else "fills missing"
        text.append(f"{', ' if text else ''}{what} {result(row.missing_quantity.copy_abs())}")
    return text


def _incomplete(fees: dict[str, Decimal], **others: dict[str, Decimal]) -> Text:
    """What has no rate: fees, and other amounts with their names."""
    named = [amounts(fees)] if fees else []
    listed = ", ".join(named + [f"{name} {amounts(values)}" for name, values in others.items() if values])
    return Text(f"incomplete: {listed}" if listed else "", style="yellow")


def _costs_table(rows: Sequence[CostAnalysis]) -> Table:
    figures = ("orders", "filled", "notional", "maker", "taker", "fees in all", "bps", "slippage", "bps of it")
    table = _grouped_table("Costs", rows, figures, ("notional", "fees in all", "currency"))
    for name in ("currency", "fees", "odd"):
        table.add_column(name)
    names = _group_columns(rows)
    for row in rows:
        table.add_row(
            *_group_values(row, names),
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
            _incomplete(row.unvalued, notional=row.unvalued_notional),
        )
    return table


def _trips_table(rows: Sequence[RoundTrip]) -> Table:
    table = new_table(
        "Round trips", keep=("symbol", "side", "quantity", "entry", "exit", "net", "currency"), notes=("odd",)
    )
    for name in ("symbol", "side", "opened", "closed"):
        table.add_column(name, no_wrap=name != "symbol")
    for name in ("took", "quantity", "entry", "exit", "gross", "fees", "without orders", "net"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("currency", "odd"):
        table.add_column(name)
    for trip in rows:
        table.add_row(
            f"{trip.key.symbol} at {trip.key.venue_account}" if trip.key.venue_account else trip.key.symbol,
            trip.side.lower(),
            minute(trip.opened_at),
            minute(trip.closed_at) or "still open",
            _duration(trip.duration),
            result(trip.entry_quantity),
            result(trip.avg_entry_price),
            result(trip.avg_exit_price),
            signed(trip.realized_gross),
            result(trip.fees),
            result(trip.account_results) if trip.account_results else "",
            signed(trip.net),
            trip.currency,
            Text("" if trip.complete else "incomplete", style="yellow"),
        )
    return table


def _duration(duration: timedelta | None) -> str:
    return "" if duration is None else str(timedelta(seconds=round(duration.total_seconds())))


def _totals(rows: Sequence[Realized] | Sequence[RoundTrip]) -> list[Text]:
    """A line per currency; amounts of different currencies are never added."""
    lines = []
    for currency in sorted({row.currency for row in rows}):
        rows_in_currency = [row for row in rows if row.currency == currency]
        net = ZERO
        for row in rows_in_currency:
            net = add(net, row.net if isinstance(row, RoundTrip) else row.realized_net)
        line = Text(f"\nTotal {currency}: net ").append(signed(net))
        if not all(row.complete for row in rows_in_currency):
            line.append(
                "  INCOMPLETE: some have no rate (give --rate or --rates), or units are missing", style="yellow"
            )
        lines.append(line)
    return lines


_RESULTS = _Report(_Question.realized, "realized", accounting.realized_view, _results_table)
_TRIPS = _Report(_Question.round_trips, "round_trips", accounting.round_trip_view, _trips_table)
_COSTS = _Report(_Question.costs, "costs", accounting.costs_view, _costs_table)
