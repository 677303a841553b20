"""`sot export gains`: capital gains, a row for each lot that was closed."""

from contextlib import closing
from typing import Annotated

import typer

from sot.adapters.exports import gains as gains_file
from sot.adapters.exports.gains import GainsFormat
from sot.application.history import OrderHistory
from sot.application.input.time_zones import read_time_zone
from sot.domain.accounting.capital_gains import CapitalGain
from sot.domain.accounting.unregistered import ResultRows
from sot.domain.values.vocabulary import Method
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.files import output_file
from sot.entrypoints.options import (
    AccountOrOnlyOption,
    InCurrencyOption,
    JsonOption,
    MethodOption,
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
from sot.entrypoints.stores import account_or_only, open_store
from sot.entrypoints.table_files import print_summary, print_unregistered
from sot.ports.store import UnitOfWork


def gains(
    *,
    store_url: StoreOption,
    account: AccountOrOnlyOption = None,
    format: Annotated[
        GainsFormat, typer.Option("--format", case_sensitive=False, help="CSV with a header, or JSON lines.")
    ] = GainsFormat.CSV,
    out: OutOption = None,
    venue: Annotated[str | None, typer.Option(metavar="VENUE", help="Only this venue.")] = None,
    symbol: Annotated[str | None, typer.Option(metavar="SYMBOL", help="Only this instrument.")] = None,
    venue_account: VenueAccountOption = None,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="Only what was realized at or after, e.g. 2026-01-01T00:00:00Z."),
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", metavar="TIME", help="Only what was realized before.")
    ] = None,
    time_zone: TimeZoneOption = "UTC",
    method: MethodOption = Method.FIFO,
    in_currency: InCurrencyOption = None,
    rate: PairRateOption = None,
    rates_file: RatesFileOption = None,
    rates_via: RatesViaOption = None,
    rates_max_age: RatesMaxAgeOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write capital gains: a row for each lot that an execution or an account event closed.

    `docs/reference/capital-gains.md` has the columns. All gains together are the realized net result of the same method
    (`sot pnl --method`), but for payments such as funding and dividends. No rule of any country is applied.

    With `--in`, cost, proceeds and fees are each valued at the rate of their own time. What is not known is empty, and
    the column *incomplete* says why.

    For example:

    ```
    sot export gains --account main --store orders.db --out gains.csv
    sot export gains --account main --store orders.db --method lifo --format jsonl
    sot export gains --account main --store orders.db --in EUR --rates ecb.csv --time-zone Europe/Berlin
    ```
    """
    with exit_codes(as_json):
        given_account = read_name("--account", account)
        zone = read_time_zone("--time-zone", time_zone)
        pairs = read_pairs(rate)
        venue_name, symbol_name = read_name("--venue", venue), read_name("--symbol", symbol)
        begins, ends = read_interval(since, before, zone)
        rates = read_rate_source(pairs, rates_file, rates_via, rates_max_age)
        into = read_name("--in", in_currency)

        def read_rows(uow: UnitOfWork, account_id: str) -> ResultRows[CapitalGain]:
            return OrderHistory(uow).capital_gains(
                account_id,
                venue=venue_name,
                symbol=symbol_name,
                venue_account=venue_account,
                since=begins,
                before=ends,
                method=method,
                rates=rates,
                in_currency=into,
            )

        with closing(open_store(store_url, create=False, account_id=given_account)) as store:
            owner = account_or_only(store, given_account)
            rows = store.run(lambda uow: read_rows(uow, owner), read_only=True)
        check_rate_currencies(pairs, {row.currency for row in rows})
        with output_file(out) as stream:
            gains_file.write(rows, stream, format, zone)
        counts = {"gains": len(rows), "incomplete": sum(not row.complete for row in rows)}
        print_unregistered(rows.unregistered)
        print_summary(counts, out, quiet, as_json, rows.unregistered)
