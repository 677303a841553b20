"""`sot export orders`, `fills`, `results` and `balances`: tables, and order records for an auditor."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sot.application.input.time_zones import read_time_zone
from sot.application.queries.history import HistoryQueries
from sot.application.tables import columns, rows
from sot.application.tables.figures import Figures
from sot.application.tables.rows import FillFilter
from sot.domain.accounting.balances import Balance
from sot.domain.accounting.results import Realized
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import GroupBy, Method
from sot.entrypoints import progress
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.files import output_file
from sot.entrypoints.options import (
    AccountOrOnlyOption,
    InCurrencyOption,
    JsonOption,
    MethodOption,
    OnlyAccountOption,
    OutOption,
    PairRateOption,
    QuietOption,
    RatesFileOption,
    RatesMaxAgeOption,
    RatesViaOption,
    StoreOption,
    TimeZoneOption,
    VenueAccountOption,
    check_rate_currencies,
    read_interval,
    read_name,
    read_pairs,
    read_rate_source,
)
from sot.entrypoints.stores import open_store
from sot.entrypoints.table_files import Table, TableFile, TableFormat, print_summary
from sot.ports.orders import OrderFilter


class OrderFormat(StrEnum):
    """The formats of orders: those of tables, and RTS 24."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    RTS24 = "rts24"


FormatOption = Annotated[TableFormat, typer.Option("--format", case_sensitive=False, help="The format of the table.")]
FiguresOption = Annotated[
    Figures,
    typer.Option(
        "--figures",
        case_sensitive=False,
        help="The type of amounts in Parquet: exact is decimal(38, 18) where a whole column fits, else text.",
    ),
]
OnlyVenueOption = Annotated[str | None, typer.Option("--venue", metavar="VENUE", help="Only this venue.")]
OnlySymbolOption = Annotated[str | None, typer.Option("--symbol", metavar="SYMBOL", help="Only this instrument.")]
FromOption = Annotated[
    str | None,
    typer.Option("--from", metavar="TIME", help="Only what happened at or after, e.g. 2026-01-31T00:00:00Z."),
]
BeforeOption = Annotated[str | None, typer.Option("--before", metavar="TIME", help="Only what happened before.")]


def orders(
    *,
    store_url: StoreOption,
    format: Annotated[
        OrderFormat, typer.Option("--format", case_sensitive=False, help="The format; rts24 has a line per event.")
    ] = OrderFormat.CSV,
    figures: FiguresOption = Figures.EXACT,
    out: OutOption = None,
    account: OnlyAccountOption = None,
    venue: OnlyVenueOption = None,
    symbol: OnlySymbolOption = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            "--since",
            metavar="TIME",
            help="Only orders recorded at or after, e.g. 2026-01-01T00:00:00Z; of rts24, what happened then.",
        ),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="TIME", help="Only orders recorded before; of rts24, what happened before."),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the orders as a table, or with `--format rts24` order records for an auditor.

    RTS 24 has a line per event, with the fields of the regulation. `docs/reference/rts24.md` says which have a value,
    and from where. It is an extract, not a filing.

    For example:

    ```
    sot export orders --store orders.db --account main --out orders.csv
    sot export orders --format parquet --figures rounded --store orders.db --out orders.parquet
    sot export orders --format rts24 --store orders.db --out records.csv
    sot export orders --format rts24 --from 2026-01-01T00:00:00Z --before 2026-02-01T00:00:00Z --store orders.db
    ```
    """
    with exit_codes(as_json):
        begins, ends = read_interval(since, before)
        if format is OrderFormat.RTS24:
            for name, value in (("--venue", venue), ("--symbol", symbol)):
                if value is not None:
                    raise InvalidInput(name, value, "it with csv, jsonl or parquet: rts24 has all orders of an account")
            if figures is not Figures.EXACT:
                raise InvalidInput("--figures", figures, "it with parquet: the figures of rts24 are exact text")
            _write_records(store_url, out, read_name("--account", account), begins, ends, quiet, as_json)
            return
        filter = OrderFilter(
            account_id=read_name("--account", account),
            venue=read_name("--venue", venue),
            symbol=read_name("--symbol", symbol),
            created_from=begins,
            created_before=ends,
        )
        file = TableFile(format=TableFormat(format), figures=figures, out=out, quiet=quiet, as_json=as_json)
        file.write(
            Table(columns.ORDERS, lambda queries: rows.orders(queries, filter), "order"), store_url, filter.account_id
        )


def fills(
    *,
    store_url: StoreOption,
    format: FormatOption = TableFormat.CSV,
    figures: FiguresOption = Figures.EXACT,
    out: OutOption = None,
    account: OnlyAccountOption = None,
    venue: OnlyVenueOption = None,
    symbol: OnlySymbolOption = None,
    since: FromOption = None,
    before: BeforeOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the executions that hold: corrected ones once, busted ones not.

    An order with legs has its legs and its summary; where `counts` is true, quantities add up to those of orders.

    For example:

    ```
    sot export fills --store orders.db --account main --out fills.csv
    sot export fills --store orders.db --from 2026-01-01T00:00:00Z --before 2026-02-01T00:00:00Z --format jsonl
    sot export fills --store orders.db --format parquet --out fills.parquet
    ```
    """
    with exit_codes(as_json):
        begins, ends = read_interval(since, before)
        filter = FillFilter(
            account_id=read_name("--account", account),
            venue=read_name("--venue", venue),
            symbol=read_name("--symbol", symbol),
            since=begins,
            before=ends,
        )
        file = TableFile(format=format, figures=figures, out=out, quiet=quiet, as_json=as_json)
        file.write(
            Table(columns.FILLS, lambda queries: rows.fills(queries, filter), "fill"), store_url, filter.account_id
        )


def results(
    *,
    store_url: StoreOption,
    account: AccountOrOnlyOption = None,
    format: FormatOption = TableFormat.CSV,
    figures: FiguresOption = Figures.EXACT,
    out: OutOption = None,
    by: Annotated[
        list[GroupBy] | None,
        typer.Option("--by", case_sensitive=False, help="Group by this; SYMBOL unless given. Repeatable."),
    ] = None,
    venue: OnlyVenueOption = None,
    symbol: OnlySymbolOption = None,
    venue_account: VenueAccountOption = None,
    strategy: Annotated[str | None, typer.Option(metavar="CODE", help="Only this strategy.")] = None,
    since: FromOption = None,
    before: BeforeOption = None,
    time_zone: TimeZoneOption = "UTC",
    method: MethodOption = Method.AVERAGE,
    in_currency: InCurrencyOption = None,
    rate: PairRateOption = None,
    rates_file: RatesFileOption = None,
    rates_via: RatesViaOption = None,
    rates_max_age: RatesMaxAgeOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write realized results by day, symbol, strategy or order, as `sot pnl` shows them.

    For example:

    ```
    sot export results --account main --by day --by symbol --store orders.db --out results.csv
    sot export results --account main --by order --format parquet --figures rounded --store orders.db --out r.parquet
    ```
    """
    with exit_codes(as_json):
        zone = read_time_zone("--time-zone", time_zone)
        begins, ends = read_interval(since, before, zone)
        venue_name, symbol_name = read_name("--venue", venue), read_name("--symbol", symbol)
        currency = read_name("--in", in_currency)
        pairs = read_pairs(rate)
        rates = read_rate_source(pairs, rates_file, rates_via, rates_max_age)

        def read(queries: HistoryQueries, account_id: str) -> Iterable[Realized]:
            results = queries.realized(
                account_id,
                by=by or GroupBy.SYMBOL,
                venue=venue_name,
                symbol=symbol_name,
                strategy_code=strategy,
                venue_account=venue_account,
                since=begins,
                before=ends,
                method=method,
                rates=rates,
                time_zone=zone,
                in_currency=currency,
            )
            check_rate_currencies(pairs, {row.currency for row in results})
            return results

        TableFile(format=format, figures=figures, out=out, quiet=quiet, as_json=as_json).write_for_account(
            lambda account_id: Table(columns.REALIZED, lambda queries: read(queries, account_id), "result"),
            store_url,
            read_name("--account", account),
        )


def balances(
    *,
    store_url: StoreOption,
    account: AccountOrOnlyOption = None,
    format: FormatOption = TableFormat.CSV,
    figures: FiguresOption = Figures.EXACT,
    out: OutOption = None,
    venue: OnlyVenueOption = None,
    venue_account: VenueAccountOption = None,
    asset: Annotated[str | None, typer.Option(metavar="ASSET", help="Only this asset, such as USDT.")] = None,
    zero: Annotated[bool, typer.Option("--zero", help="Assets of which nothing is left, too.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the balance of each asset of an account, as `sot balances` shows them.

    For example:

    ```
    sot export balances --account main --store orders.db --out balances.csv
    ```
    """
    with exit_codes(as_json):
        venue_name, asset_name = read_name("--venue", venue), read_name("--asset", asset)

        def read(queries: HistoryQueries, account_id: str) -> Iterable[Balance]:
            return queries.balances(
                account_id, venue_name, venue_account=venue_account, asset=asset_name, include_zero=zero
            )

        TableFile(format=format, figures=figures, out=out, quiet=quiet, as_json=as_json).write_for_account(
            lambda account_id: Table(columns.BALANCES, lambda queries: read(queries, account_id), "balance"),
            store_url,
            read_name("--account", account),
        )


def _write_records(
    store_url: str,
    out: Path | None,
    account_id: str | None,
    since: datetime | None,
    before: datetime | None,
    quiet: bool,
    as_json: bool,
) -> None:
    from sot.adapters.exports import rts24

    with (
        closing(open_store(store_url, create=False, account_id=account_id)) as store,
        store.begin(read_only=True) as uow,
        output_file(out) as stream,
        progress.counting() as report,
    ):
        count = rts24.write(uow, stream, account_id, since, before, report)
    print_summary({"records": count}, out, quiet, as_json)


COMMANDS: Mapping[str, Callable[..., None]] = {
    "orders": orders,
    "fills": fills,
    "results": results,
    "balances": balances,
}
