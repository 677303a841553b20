"""The first half of the demonstration: a file of real records, taken into the history."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.resources import files
from typing import Any

import attrs

from sot.adapters.ccxt.records import Account, Converted, executions, order_placed
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
    """What recording did, per exchange and in all."""

    orders: int = 0
    trades: int = 0
    outcomes: dict[Outcome, int] = attrs.field(factory=lambda: dict.fromkeys(Outcome, 0))
    left_out: list[tuple[str, str]] = attrs.field(factory=list)

    def count(self, outcome: Outcome) -> None:
        """One more outcome."""
        self.outcomes[outcome] += 1

    @property
    def added(self) -> int:
        """Facts that were not known before."""
        return self.outcomes[Outcome.RECORDED] + self.outcomes[Outcome.FLAGGED]


@attrs.frozen
class RealRecords:
    """The records of the file: instruments, orders and trades."""

    about: Record
    instruments: Sequence[Instrument]
    orders: Sequence[Record]
    trades: Sequence[Record]


def real_records() -> RealRecords:
    """Read the file that comes with the package."""
    text = (files("sot.entrypoints") / "data" / "real_orders.jsonl").read_text("utf-8")
    found: dict[str, list[Record]] = {"about": [], "instrument": [], "order": [], "trade": []}
    for line in text.splitlines():
        key, said = next(iter(read_document(line).items()))
        found[key].append(said)
    instruments = [Instrument.read({"account_id": ACCOUNT, **said}) for said in found["instrument"]]
    return RealRecords(found["about"][0], instruments, found["order"], found["trade"])


def order_reports(record: Record) -> Converted:
    """What a record of an order in the file says."""
    return order_placed(*_read(record))


def trade_reports(record: Record) -> Converted:
    """What a record of a trade in the file says."""
    trade, account = _read(record)
    return executions([trade], account)


def _read(record: Record) -> tuple[Record, Account]:
    unified = {**record["unified"], "symbol": record.get("symbol"), "info": record.get("raw")}
    return unified, Account(exchange=record["exchange"], venue=record["exchange"].upper(), account_id=ACCOUNT)


def order_behind(trade: VenueReport) -> VenueReport | None:
    """What an execution tells of its order: that it exists, and its instrument; None if it names no instrument."""
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
    """Record everything, one transaction per record; returns what became of it, per exchange."""
    tallies = {exchange: Tally() for exchange in sorted({r["exchange"] for r in (*records.orders, *records.trades)})}
    store.run(lambda uow: [OrderHistory(uow).register(instrument) for instrument in records.instruments])
    for record in records.orders:
        converted = order_reports(record)
        tally = tallies[record["exchange"]]
        tally.orders += 1
        _keep(store, record, converted, tally, progress, adopt=True)
    for record in records.trades:
        converted = trade_reports(record)
        tally = tallies[record["exchange"]]
        tally.trades += 1
        _keep(store, record, converted, tally, progress, adopt=False)
    return tallies


def _keep(
    store: Store, record: Record, converted: Converted, tally: Tally, progress: Callable[[], None], adopt: bool
) -> None:
    outcomes = store.run(lambda uow: list(_recorded(uow, converted, adopt)))
    for recorded in outcomes:
        tally.count(recorded.outcome)
    name = f"{record['exchange']} {record['unified'].get('id') or record['unified'].get('order')}"
    tally.left_out += [(name, why) for why in converted.left_out]
    progress()


def _recorded(uow: UnitOfWork, converted: Converted, adopt: bool) -> Iterator[RecordResult]:
    history = OrderHistory(uow)
    for report in converted.reports:
        # An order whose instrument nobody names cannot be taken in; what was said of it waits.
        adoptable = adopt and report.symbol is not None
        yield history.adopt(report, actor="demo") if adoptable else history.record(report)


def adopt_orders_of_trades(store: Store) -> int:
    """Take in the orders that are known only by their executions, which waited for them; returns how many."""
    waiting = store.run(lambda uow: OrderHistory(uow).waiting(ACCOUNT), read_only=True)
    found = [order for order in (order_behind(kept.report) for kept in waiting) if order is not None]
    orders = {(order.venue, order.venue_order_id): order for order in found}
    for order in orders.values():
        store.run(partial(_adopt, order))
    return len(orders)


def _adopt(order: VenueReport, uow: UnitOfWork) -> None:
    OrderHistory(uow).adopt(order, actor="demo")


def facts_kept(store: Store) -> int:
    """How many facts the account has: events, requests, and reports that wait for their order."""

    def count(uow: UnitOfWork) -> int:
        history = OrderHistory(uow)
        total, place = len(history.waiting(ACCOUNT)), None
        while True:
            page = history.orders(OrderFilter(account_id=ACCOUNT), place, LARGEST_PAGE)
            total += sum(order.last_sequence for order in page.items)
            total += sum(order.request_id is not None for order in page.items)
            place = page.next
            if place is None:
                return total

    return store.run(count, read_only=True)
