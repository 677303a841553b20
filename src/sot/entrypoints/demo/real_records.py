"""The first half of the demonstration: record real orders and trades from a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.resources import files
from typing import Any

import attrs

from sot.adapters.ccxt.records import Account, Conversion, convert_new_order, convert_trades
from sot.application.history import OrderHistory
from sot.application.support.record_result import RecordResult
from sot.domain.orders.report import VenueReport
from sot.domain.values.documents import read_document
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import EventType, Outcome
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE
from sot.ports.store import Store, UnitOfWork

ACCOUNT = "demo"
Record = Mapping[str, Any]


@attrs.define
class Tally:
    """Counts of what was recorded for an exchange.

    Attributes:
        orders: How many records of orders there were.
        trades: How many records of trades there were.
        outcomes: How many reports had each outcome.
        left_out: What was not recorded: (record, reason).
    """

    orders: int = 0
    trades: int = 0
    outcomes: dict[Outcome, int] = attrs.field(factory=lambda: dict.fromkeys(Outcome, 0))
    left_out: list[tuple[str, str]] = attrs.field(factory=list)

    def count(self, outcome: Outcome) -> None:
        """Count an outcome."""
        self.outcomes[outcome] += 1

    @property
    def added(self) -> int:
        """How many facts were new."""
        return self.outcomes[Outcome.RECORDED] + self.outcomes[Outcome.FLAGGED]


@attrs.frozen
class RealRecords:
    """The content of the file: a description, instruments, orders and trades."""

    about: Record
    instruments: Sequence[Instrument]
    orders: Sequence[Record]
    trades: Sequence[Record]


def real_records() -> RealRecords:
    """Read the file in the package."""
    text = (files("sot.entrypoints") / "data" / "real_orders.jsonl").read_text("utf-8")
    records: dict[str, list[Record]] = {"about": [], "instrument": [], "order": [], "trade": []}
    for line in text.splitlines():
        key, fields = next(iter(read_document(line).items()))
        records[key].append(fields)
    instruments = [Instrument.read({"account_id": ACCOUNT, **fields}) for fields in records["instrument"]]
    return RealRecords(records["about"][0], instruments, records["order"], records["trade"])


def convert_order_record(record: Record) -> Conversion:
    """Convert the record of an order to reports."""
    return convert_new_order(*_unified_record(record))


def convert_trade_record(record: Record) -> Conversion:
    """Convert the record of a trade to reports."""
    trade, account = _unified_record(record)
    return convert_trades([trade], account)


def _unified_record(record: Record) -> tuple[Record, Account]:
    unified = {**record["unified"], "symbol": record.get("symbol"), "info": record.get("raw")}
    return unified, Account(exchange=record["exchange"], venue=record["exchange"].upper(), account_id=ACCOUNT)


def order_of_trade(trade: VenueReport) -> VenueReport | None:
    """A report that the order of a trade exists; None if the trade names no instrument or no order."""
    if trade.symbol is None or trade.venue_order_id is None:
        return None
    return VenueReport(
        account_id=trade.account_id,
        type=EventType.ORDER_STATUS,
        venue=trade.venue,
        venue_order_id=trade.venue_order_id,
        symbol=trade.symbol,
        side=trade.side,
    )


def import_records(store: Store, records: RealRecords, progress: Callable[[], None]) -> dict[str, Tally]:
    """Record everything, one transaction per record.

    Returns:
        The counts by exchange.
    """
    tallies = {exchange: Tally() for exchange in sorted({r["exchange"] for r in (*records.orders, *records.trades)})}
    store.run(lambda uow: [OrderHistory(uow).register(instrument) for instrument in records.instruments])
    for record in records.orders:
        tally = tallies[record["exchange"]]
        tally.orders += 1
        _import(store, record, convert_order_record(record), tally, adopt=True)
        progress()
    for record in records.trades:
        tally = tallies[record["exchange"]]
        tally.trades += 1
        _import(store, record, convert_trade_record(record), tally, adopt=False)
        progress()
    return tallies


def _import(store: Store, record: Record, conversion: Conversion, tally: Tally, adopt: bool) -> None:
    for result in store.run(lambda uow: list(_record_reports(uow, conversion, adopt))):
        tally.count(result.outcome)
    name = f"{record['exchange']} {record['unified'].get('id') or record['unified'].get('order')}"
    tally.left_out += [(name, reason) for reason in conversion.left_out]


def _record_reports(uow: UnitOfWork, conversion: Conversion, adopt: bool) -> Iterator[RecordResult]:
    history = OrderHistory(uow)
    for report in conversion.reports:
        # An order without an instrument cannot be adopted; its report waits.
        is_adoptable = adopt and report.symbol is not None
        yield history.adopt(report, actor="demo") if is_adoptable else history.record(report)


def adopt_orders_of_trades(store: Store) -> int:
    """Adopt the orders of executions that wait for them.

    Returns:
        How many orders were adopted.
    """
    waiting = store.run(lambda uow: list(OrderHistory(uow).waiting(ACCOUNT)), read_only=True)
    reports = [order for order in (order_of_trade(parked.report) for parked in waiting) if order is not None]
    orders = {(order.venue, order.venue_order_id): order for order in reports}
    for order in orders.values():
        store.run(partial(_adopt, order))
    return len(orders)


def _adopt(order: VenueReport, uow: UnitOfWork) -> None:
    OrderHistory(uow).adopt(order, actor="demo")


def count_facts(store: Store) -> int:
    """How many events, requests and waiting reports the account has."""

    def count(uow: UnitOfWork) -> int:
        history = OrderHistory(uow)
        total, start = len(list(history.waiting(ACCOUNT))), None
        while True:
            page = history.orders(OrderFilter(account_id=ACCOUNT), start, LARGEST_PAGE)
            total += sum(order.last_sequence for order in page.items)
            total += sum(order.request_id is not None for order in page.items)
            start = page.next
            if start is None:
                return total

    return store.run(count, read_only=True)
