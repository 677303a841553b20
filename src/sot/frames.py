"""Arrow tables of the history, which pandas and polars take without loss (extra `frames`).

Each function takes a history (`OrderHistory`, or one of the past), a unit of work, or a store, of which it reads one
transaction. `*_batches` give a stream for what is larger than memory. docs/how-to/tables.md shows them.

What always holds:

1. Amounts are decimal128(38, 18) where all of a column fit, which those of facts do; else exact text, or what
   `figures` names. None is rounded, unless `figures` says so.
2. Times are timestamp[us, UTC], words of vocabularies text. What is absent is null.
3. Columns are named and filled as the JSON form of the values.
4. Executions are the ones that hold: corrected ones count once, busted ones are absent.
5. What `realized` and `equity` leave out, because its symbol is not registered, is a warning, and JSON in the metadata
   `sot.unregistered` of the schema: an empty list where they leave out nothing.
"""

import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, tzinfo
from inspect import iscoroutinefunction
from typing import Any, Literal, TypeAlias

from sot.adapters.arrow import BATCH_ROWS, RecordBatchReader, Table, batch_reader, make_table
from sot.application.history import OrderHistory
from sot.application.queries.history import HistoryQueries
from sot.application.tables import columns, rows
from sot.application.tables.columns import Column
from sot.application.tables.figures import Figures
from sot.application.tables.rows import FillFilter
from sot.application.views.accounting import unregistered_view
from sot.domain.accounting.equity import EquityPoint, equity_curve
from sot.domain.accounting.rates import Rates, RatesByPair
from sot.domain.accounting.results import Contribution
from sot.domain.accounting.unregistered import ResultRows, UnregisteredSymbol
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import member_of
from sot.domain.values.given import GroupByGiven, MethodGiven, TimeGiven
from sot.domain.values.vocabulary import GroupBy, Method
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE
from sot.ports.store import Store, UnitOfWork

__all__ = [
    "Figures",
    "FillFilter",
    "balances",
    "equity",
    "event_batches",
    "events",
    "fees",
    "fill_batches",
    "fills",
    "order_batches",
    "orders",
    "positions",
    "realized",
]

Source: TypeAlias = HistoryQueries | UnitOfWork | Store
FiguresGiven: TypeAlias = Figures | Literal["exact", "text", "decimal256", "rounded"]

_UNREGISTERED = "sot.unregistered"
"""The name of the metadata that say what `realized` and `equity` leave out."""

_SOURCE = "an OrderHistory, a unit of work, or a store that is not awaited: await store.run(frames.fills) instead"


def orders(source: Source, filter: OrderFilter | None = None, *, figures: FiguresGiven = Figures.EXACT) -> Table:
    """Return the orders, oldest first.

    Args:
        source: A history, a unit of work or a store.
        filter: Which orders.
        figures: The type of amounts.
    """
    return _table(source, columns.ORDERS, lambda queries: rows.orders(queries, filter), figures)


def order_batches(
    source: Source,
    filter: OrderFilter | None = None,
    *,
    figures: FiguresGiven = Figures.EXACT,
    batch_rows: int = BATCH_ROWS,
) -> RecordBatchReader:
    """Return the orders as a stream, read while the unit of work is open. A figure that does not fit ends it.

    Args:
        source: A history, a unit of work or a store.
        filter: Which orders.
        figures: The type of amounts. Averages often fit only TEXT or ROUNDED.
        batch_rows: The rows of a batch.
    """
    return _stream(source, columns.ORDERS, lambda queries: rows.orders(queries, filter), figures, batch_rows)


def events(source: Source, filter: OrderFilter | None = None, *, figures: FiguresGiven = Figures.EXACT) -> Table:
    """Return the events of orders by order and sequence: what each states, and the order's status after it.

    Args:
        source: A history, a unit of work or a store.
        filter: The orders whose events to read.
        figures: The type of amounts.
    """
    return _table(source, columns.EVENTS, lambda queries: rows.events(queries, filter), figures)


def event_batches(
    source: Source,
    filter: OrderFilter | None = None,
    *,
    figures: FiguresGiven = Figures.EXACT,
    batch_rows: int = BATCH_ROWS,
) -> RecordBatchReader:
    """Return the events of orders as a stream, read while the unit of work is open.

    Args:
        source: A history, a unit of work or a store.
        filter: The orders whose events to read.
        figures: The type of amounts.
        batch_rows: The rows of a batch.
    """
    return _stream(source, columns.EVENTS, lambda queries: rows.events(queries, filter), figures, batch_rows)


def fills(source: Source, filter: FillFilter | None = None, *, figures: FiguresGiven = Figures.EXACT) -> Table:
    """Return the executions that hold, order by order, each once in its current version.

    An order with legs has its legs and its summary: `counts` selects what adds up to the order's executed quantity.

    Args:
        source: A history, a unit of work or a store.
        filter: Which executions.
        figures: The type of amounts.
    """
    return _table(source, columns.FILLS, lambda queries: rows.fills(queries, filter), figures)


def fill_batches(
    source: Source,
    filter: FillFilter | None = None,
    *,
    figures: FiguresGiven = Figures.EXACT,
    batch_rows: int = BATCH_ROWS,
) -> RecordBatchReader:
    """Return the executions that hold as a stream, read while the unit of work is open.

    Args:
        source: A history, a unit of work or a store.
        filter: Which executions.
        figures: The type of amounts.
        batch_rows: The rows of a batch.
    """
    return _stream(source, columns.FILLS, lambda queries: rows.fills(queries, filter), figures, batch_rows)


def fees(source: Source, filter: FillFilter | None = None, *, figures: FiguresGiven = Figures.EXACT) -> Table:
    """Return the fees of the executions that hold, a row each.

    Args:
        source: A history, a unit of work or a store.
        filter: The executions whose fees to read.
        figures: The type of amounts.
    """
    return _table(source, columns.FEES, lambda queries: rows.fees(queries, filter), figures)


def positions(
    source: Source,
    account_id: str,
    *,
    venue: str | None = None,
    symbol: str | None = None,
    venue_account: str | None = None,
    method: MethodGiven = Method.AVERAGE,
    rates: Rates | RatesByPair | None = None,
    include_flat: bool = False,
    figures: FiguresGiven = Figures.EXACT,
) -> Table:
    """Return the positions of an account; see `OrderHistory.positions`.

    Args:
        source: A history, a unit of work or a store.
        account_id: The account.
        venue: Only this venue.
        symbol: Only this symbol.
        venue_account: Only this account at the venue.
        method: Which lot a closing trade reduces.
        rates: Rates for fees and results in other currencies.
        include_flat: Flat positions, too.
        figures: The type of amounts.
    """
    return _table(
        source,
        columns.POSITIONS,
        lambda queries: queries.positions(
            account_id,
            limit=LARGEST_PAGE,
            venue=venue,
            symbol=symbol,
            venue_account=venue_account,
            method=method,
            rates=rates,
            include_flat=include_flat,
        ),
        figures,
    )


def realized(
    source: Source,
    account_id: str,
    *,
    by: GroupByGiven | Sequence[GroupByGiven] = GroupBy.SYMBOL,
    venue: str | None = None,
    symbol: str | None = None,
    strategy_code: str | None = None,
    venue_account: str | None = None,
    since: TimeGiven | None = None,
    before: TimeGiven | None = None,
    method: MethodGiven = Method.AVERAGE,
    rates: Rates | RatesByPair | None = None,
    time_zone: str | tzinfo = UTC,
    in_currency: str | None = None,
    figures: FiguresGiven = Figures.EXACT,
) -> Table:
    """Return realized results of an account, a row for each group and currency; see `OrderHistory.realized`.

    Args:
        source: A history, a unit of work or a store.
        account_id: The account.
        by: What results are summed by. Columns of other groupings are null.
        venue: Only this venue.
        symbol: Only this symbol.
        strategy_code: Only this strategy.
        venue_account: Only this account at the venue.
        since: Only what happened at or after this time.
        before: Only what happened before this time.
        method: Which lot a closing trade reduces.
        rates: Rates for fees and results in other currencies.
        time_zone: The time zone of days.
        in_currency: The reporting currency; None for that of settlement.
        figures: The type of amounts.
    """
    return _table(
        source,
        columns.REALIZED,
        lambda queries: queries.realized(
            account_id,
            by=by,
            venue=venue,
            symbol=symbol,
            strategy_code=strategy_code,
            venue_account=venue_account,
            since=since,
            before=before,
            method=method,
            rates=rates,
            time_zone=time_zone,
            in_currency=in_currency,
        ),
        figures,
    )


def balances(
    source: Source,
    account_id: str,
    venue: str | None = None,
    *,
    venue_account: str | None = None,
    asset: str | None = None,
    include_zero: bool = False,
    figures: FiguresGiven = Figures.EXACT,
) -> Table:
    """Return the balance of each asset of an account; see `OrderHistory.balances`.

    Args:
        source: A history, a unit of work or a store.
        account_id: The account.
        venue: Only this venue.
        venue_account: Only this account at the venue.
        asset: Only this asset.
        include_zero: Assets of which nothing is left, too.
        figures: The type of amounts.
    """
    return _table(
        source,
        columns.BALANCES,
        lambda queries: queries.balances(
            account_id, venue, venue_account=venue_account, asset=asset, include_zero=include_zero
        ),
        figures,
    )


def equity(
    source: Source,
    account_id: str,
    *,
    venue: str | None = None,
    symbol: str | None = None,
    venue_account: str | None = None,
    since: TimeGiven | None = None,
    before: TimeGiven | None = None,
    method: MethodGiven = Method.AVERAGE,
    rates: Rates | RatesByPair | None = None,
    in_currency: str | None = None,
    figures: FiguresGiven = Figures.EXACT,
) -> Table:
    """Return the equity curve: what each execution and account event contributed, and the sums by currency so far.

    Its end is what `realized` sums up to: payments of an account without a symbol are in it, with an empty symbol.

    Args:
        source: A history, a unit of work or a store.
        account_id: The account.
        venue: Only this venue.
        symbol: Only this symbol.
        venue_account: Only this account at the venue.
        since: Only what happened at or after this time; sums begin there.
        before: Only what happened before this time.
        method: Which lot a closing trade reduces.
        rates: Rates for fees and results in other currencies.
        in_currency: The reporting currency; None for that of settlement.
        figures: The type of amounts.
    """
    return _table(
        source,
        columns.EQUITY,
        lambda queries: _equity(
            queries.contributions(
                account_id,
                venue=venue,
                symbol=symbol,
                venue_account=venue_account,
                since=since,
                before=before,
                method=method,
                rates=rates,
                in_currency=in_currency,
            )
        ),
        figures,
    )


_FIGURES = member_of(Figures)


def _table(
    source: Source, columns: Sequence[Column], read: Callable[[HistoryQueries], Iterable[Any]], figures: FiguresGiven
) -> Table:
    checked = _FIGURES.check("figures", figures)

    def make(queries: HistoryQueries) -> tuple[Table, Sequence[UnregisteredSymbol]]:
        rows = read(queries)
        first = [rows]
        table = make_table(columns, lambda: first.pop() if first else read(queries), checked)
        if not isinstance(rows, ResultRows):
            return table, ()
        told = json.dumps(unregistered_view(rows.unregistered))
        return table.replace_schema_metadata({**(table.schema.metadata or {}), _UNREGISTERED: told}), rows.unregistered

    source = _checked(source)
    if isinstance(source, HistoryQueries):
        table, unregistered = make(source)
    else:
        table, unregistered = source.run(lambda uow: make(OrderHistory(uow)), read_only=True)
    for symbol in unregistered:
        warnings.warn(str(symbol), stacklevel=3)
    return table


def _equity(contributions: ResultRows[Contribution]) -> ResultRows[EquityPoint]:
    return ResultRows(equity_curve(contributions), contributions.unregistered)


def _stream(
    source: Source,
    columns: Sequence[Column],
    read: Callable[[HistoryQueries], Iterable[Any]],
    figures: FiguresGiven,
    batch_rows: int,
) -> RecordBatchReader:
    return batch_reader(columns, _rows(_checked(source), read), _FIGURES.check("figures", figures), batch_rows)


def _rows(source: HistoryQueries | Store, read: Callable[[HistoryQueries], Iterable[Any]]) -> Iterator[Any]:
    if isinstance(source, HistoryQueries):
        yield from read(source)
        return
    with source.begin(read_only=True) as uow:
        yield from read(OrderHistory(uow))


def _checked(source: Any) -> HistoryQueries | Store:
    """The history of a source, or the store that it is. Protocols are told by a method that nothing else has."""
    if isinstance(source, HistoryQueries):
        return source
    if hasattr(source, "begin_command"):
        return OrderHistory(source)
    if hasattr(source, "horizon") and not iscoroutinefunction(source.run):
        store: Store = source
        return store
    raise InvalidInput("source", type(source).__name__, _SOURCE)
