"""Reports of MetaTrader 5 in HTML, or saved as CSV: the history of an account, and of the strategy tester.

Deals are executions and what moves the balance; positions only tell the size of a contract, which the report does not
state: it follows from a position's profit, where that is in the currency of the price, and is 100,000 of a pair of
currencies. Contracts are PERPETUAL: the result alone moves the balance, and a swap is their funding. In a hedging
account purchases and sales are two positions.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sot.adapters.imports.metatrader.contract_sizes import FIAT, LOT_OF_CURRENCY, contract_sizes, currencies_of
from sot.adapters.imports.metatrader.report_file import ReportFile, ReportRow, read_report
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.times import read_local_time
from sot.adapters.imports.values import Instruments, account_event, instrument, report
from sot.application.importing.row_ids import MomentSequence
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ONE
from sot.domain.values.vocabulary import AccountEventType, EventType, InstrumentKind, Method, PositionSide, Side
from sot.ports.readers import ImportItem, Reader, ReaderOptions, Remark, Skipped, StatedFigure, Statement

VENUE = "METATRADER"

_BALANCE_TYPES = {
    "balance": AccountEventType.TRANSFER,
    "credit": AccountEventType.TRANSFER,
    "bonus": AccountEventType.TRANSFER,
    "correction": AccountEventType.TRANSFER,
    "charge": AccountEventType.FEE_ADJUSTMENT,
    "commission": AccountEventType.FEE_ADJUSTMENT,
    "interest": AccountEventType.INTEREST,
    "dividend": AccountEventType.DIVIDEND,
    "tax": AccountEventType.FEE_ADJUSTMENT,
}

_FORMATS = ("%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M:%S.%f", "%Y.%m.%d %H:%M")

OTHER_CURRENCY = "the result is in the currency of the account, not of the price, and is not compared"
SIZE_UNKNOWN = "the size of the contract does not follow from the report, and is taken as 1"


class MetaTraderReader(Reader):
    """Reads reports of MetaTrader 5."""

    title = "MetaTrader 5: report of an account's history or of the strategy tester, HTML or CSV"
    finished_orders = True

    def read(self, source: str, options: ReaderOptions) -> Iterator[ImportItem]:
        """Read a file; see `Reader.read`."""
        report_file = read_report(Path(source), options.currency)
        reading = _Reading(report_file, options)
        for row in report_file.rows:
            yield from reading.row(row)
        yield from reading.balance()


class _Reading:
    """The state of reading one report."""

    def __init__(self, report_file: ReportFile, options: ReaderOptions) -> None:
        self._report = report_file
        self._options = options
        self._instruments = Instruments()
        self._moments = MomentSequence()
        self._sizes = contract_sizes(report_file)
        self._last_balance: ReportRow | None = None
        self._is_whole = True

    def row(self, row: ReportRow) -> Iterator[ImportItem]:
        """What a row says."""
        try:
            yield from list(self._deal(row) if row.section == "Deals" else self._other(row))
        except RowError as error:
            yield Skipped(reason=error.reason, row=dict(row.values), location=row.location)

    def balance(self) -> Iterator[ImportItem]:
        """The last balance, where the report begins with the account and all results are in its currency."""
        row = self._last_balance
        amount = None if row is None else row.number("Balance")
        if row is None or amount is None or not self._is_whole:
            return
        yield Statement(
            figure=StatedFigure.BALANCE,
            venue=self._venue,
            venue_account=self._options.venue_account,
            currency=self._report.currency,
            amount=amount,
            fraction_digits=1,  # it is the sum of results that were rounded to cents
            row=dict(row.values),
        )

    @property
    def _venue(self) -> str:
        return self._options.venue or VENUE

    def _other(self, row: ReportRow) -> Iterator[ImportItem]:
        yield Skipped(
            reason=f"{row.section}: the deals have it", row=dict(row.values), location=row.location, expected=True
        )

    def _deal(self, row: ReportRow) -> Iterator[ImportItem]:
        kind = row.values.get("Type", "").lower()
        if not row.values.get("Deal"):
            yield Skipped(reason="a sum", row=dict(row.values), location=row.location, expected=True)
            return
        self._note_balance(row, kind)
        if kind in ("buy", "sell"):
            yield from self._execution(row, Side(kind.upper()))
        elif kind in _BALANCE_TYPES:
            yield from self._payment(row, _BALANCE_TYPES[kind], "Profit")
        else:
            raise RowError(f"a deal of type {kind or 'none'}")

    def _note_balance(self, row: ReportRow, kind: str) -> None:
        if self._last_balance is None:
            self._is_whole = kind == "balance" and row.number("Balance") == row.number("Profit")
        if row.values.get("Balance"):
            self._last_balance = row

    def _execution(self, row: ReportRow, side: Side) -> Iterator[ImportItem]:
        contract, is_size_known = self._instrument(row.values["Symbol"])
        at, _ = read_local_time("Time", row.values["Time"], _FORMATS, self._options.zone, [])
        direction = row.values.get("Direction", "").lower()
        quantity, price = row.number("Volume"), row.number("Price")
        if not quantity or price is None:
            raise RowError("a deal without volume or price")
        execution = report(
            {
                **self._account_fields,
                "type": EventType.TRADE,
                "exec_id": row.values["Deal"],
                "venue_order_id": row.values.get("Order") or row.values["Deal"],
                "symbol": contract.symbol,
                "side": side,
                "last_quantity": quantity,
                "last_price": price,
                "fees": self._fees(row),
                "text": row.values.get("Comment") or None,
                "position_side": None if self._report.is_netting else _position_side(side, direction),
                "occurred_at": at,
                "venue_sequence": self._moments.next_number(at),
                "raw_payload": dict(row.values),
            }
        )
        yield from self._instruments.new(contract)
        yield execution
        if not is_size_known:
            yield Remark(text=SIZE_UNKNOWN, row=dict(row.values), location=row.location)
        yield from self._payment(row, AccountEventType.FUNDING, "Swap", execution)
        if "out" in direction:
            yield self._result(row, contract)

    def _fees(self, row: ReportRow) -> list[Fee]:
        """Commission and fee; what was paid is negative in the report."""
        amounts = (row.number("Commission"), row.number("Fee"))
        return [Fee(amount=-amount, currency=self._report.currency) for amount in amounts if amount]

    def _result(self, row: ReportRow, contract: Instrument) -> ImportItem:
        profit = row.number("Profit")
        if contract.currency != self._report.currency or profit is None:
            self._is_whole = False
            return Remark(text=OTHER_CURRENCY, row=dict(row.values), location=row.location)
        return Statement(
            figure=StatedFigure.REALIZED_GROSS,
            venue=self._venue,
            symbol=contract.symbol,
            currency=contract.currency,
            amount=profit,
            fraction_digits=2,
            method=Method.FIFO,
            row=dict(row.values),
        )

    def _payment(
        self, row: ReportRow, kind: AccountEventType, column: str, execution: VenueReport | None = None
    ) -> Iterator[ImportItem]:
        amount = row.number(column)
        if not amount:
            return
        at, _ = read_local_time("Time", row.values["Time"], _FORMATS, self._options.zone, [])
        yield account_event(
            {
                **self._account_fields,
                "type": kind,
                "symbol": None if execution is None else execution.symbol,
                "position_side": None if execution is None else execution.position_side,
                "amount": amount,
                "currency": self._report.currency,
                "external_id": f"{row.values['Deal']}-{column.lower()}",
                "occurred_at": at,
                "reason": row.values.get("Comment") or None,
                "raw_payload": dict(row.values),
            }
        )

    @property
    def _account_fields(self) -> dict[str, Any]:
        return {
            "account_id": self._options.account_id,
            "venue": self._venue,
            "venue_account": self._options.venue_account,
        }

    def _instrument(self, symbol: str) -> tuple[Instrument, bool]:
        """The instrument of a symbol, and whether the size of its contract is known."""
        base, quote = currencies_of(symbol) or (symbol, self._report.currency)
        size = self._sizes.get(symbol)
        if size is None and {base, quote} <= FIAT:
            size = LOT_OF_CURRENCY
        found = instrument(
            {
                "account_id": self._options.account_id,
                "venue": self._venue,
                "symbol": symbol,
                "kind": InstrumentKind.PERPETUAL,
                "base": base,
                "quote": quote,
                "multiplier": size or ONE,
            }
        )
        return found, size is not None


def _position_side(side: Side, direction: str) -> PositionSide | None:
    """The position of a deal in a hedging account; a reversal is one of a netting account."""
    if direction == "in":
        return PositionSide.LONG if side is Side.BUY else PositionSide.SHORT
    if direction == "out":
        return PositionSide.SHORT if side is Side.BUY else PositionSide.LONG
    return None
