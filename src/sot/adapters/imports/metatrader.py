"""Reports of MetaTrader 5 in HTML: the history of an account, and of the strategy tester.

Deals are executions and what moves the balance; positions only tell the size of a contract, which the report does not
state: it follows from a position's profit, where that is in the currency of the price, and is 100,000 of a pair of
currencies. Contracts are PERPETUAL: the result alone moves the balance, and a swap is their funding. In a hedging
account purchases and sales are two positions.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from sot.adapters.imports.figures import exact_number, read_number
from sot.adapters.imports.html_tables import HtmlRow, read_html_rows
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.times import read_local_time
from sot.adapters.imports.values import Instruments, account_event, instrument, report
from sot.application.importing.row_ids import MomentSequence
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ONE, ZERO, multiply, quotient, rounded, subtract
from sot.domain.values.vocabulary import AccountEventType, EventType, InstrumentKind, Method, PositionSide, Side
from sot.ports.readers import ImportItem, Reader, ReaderOptions, Remark, Skipped, StatedFigure, Statement

VENUE = "METATRADER"

_SECTIONS = frozenset({"Positions", "Orders", "Deals", "Open Positions", "Working Orders", "Results"})

_CURRENCY_OF_ACCOUNT = re.compile(r"\b([A-Z]{3}),")

_PAIR = re.compile(r"([A-Z]{3})/?([A-Z]{3})(?![A-Z])")

_FIAT = frozenset(
    {"USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "ZAR"}
    | {"MXN", "SGD", "HKD", "CNH", "THB", "ILS", "RUB"}
)

_CURRENCIES = _FIAT | {"XAU", "XAG", "BTC", "ETH"}

_LOT_OF_CURRENCY = Decimal(100_000)

_HALF_CENT = Decimal("0.005")

_UNITS = tuple(Decimal((0, (1,), exponent)) for exponent in range(-4, 7))
"""What sizes of contracts are multiples of, from a ten-thousandth to a million."""

_FORMATS = ("%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M:%S.%f", "%Y.%m.%d %H:%M")

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

OTHER_CURRENCY = "the result is in the currency of the account, not of the price, and is not compared"
SIZE_UNKNOWN = "the size of the contract does not follow from the report, and is taken as 1"


class MetaTraderReader(Reader):
    """Reads reports of MetaTrader 5."""

    title = "MetaTrader 5: report of an account's history or of the strategy tester, HTML"
    finished_orders = True

    def read(self, source: str, options: ReaderOptions) -> Iterator[ImportItem]:
        """Read a file; see `Reader.read`."""
        report_file = _read_report(Path(source))
        reading = _Reading(report_file, options)
        for row in report_file.rows:
            yield from reading.row(row)
        yield from reading.balance()


@attrs.frozen
class _Row:
    """A row of a section, by the names of its header; a column that comes again has its number behind it."""

    section: str
    values: Mapping[str, str]
    place: str

    def number(self, *names: str) -> Decimal | None:
        """The number in the first of the columns that has one; thousands are apart by spaces.

        Raises:
            RowError: It is no number.
        """
        for name in names:
            text = self.values.get(name, "").replace("\u00a0", "").replace(" ", "")
            if text:
                return exact_number(name, read_number(name, text))
        return None


@attrs.frozen
class _Report:
    currency: str
    is_netting: bool
    rows: Sequence[_Row]


def _read_report(path: Path) -> _Report:
    """Read the sections of a report.

    Raises:
        InvalidInput: It has no deals.
    """
    section = ""
    header: list[str] = []
    rows: list[_Row] = []
    texts: list[str] = []
    for row in read_html_rows(path):
        filled = [cell for cell in row.cells if cell]
        if len(filled) == 1 and filled[0] in _SECTIONS:
            section, header = filled[0], []
        elif section and not header and "Time" in filled:
            header = _names(row.cells)
        elif section and header and filled:
            rows.append(_Row(section, _named(header, row), f"line {row.line}"))
        elif filled:
            texts += filled
    if not any(row.section == "Deals" for row in rows):
        raise InvalidInput(str(path), "no table of deals", "a report of MetaTrader 5 in HTML")
    about = " ".join(texts)
    found = _CURRENCY_OF_ACCOUNT.search(about) or re.search(r"Currency: ?([A-Z]{3})", about)
    if found is None:
        raise InvalidInput(str(path), "no currency of the account", "a report with the line of the account")
    return _Report(found[1], "netting" in about.lower(), rows)


def _names(cells: Sequence[str]) -> list[str]:
    counts: Counter[str] = Counter()
    names = []
    for cell in cells:
        counts[cell] += 1
        names.append(cell if counts[cell] == 1 else f"{cell} {counts[cell]}")
    return names


def _named(header: Sequence[str], row: HtmlRow) -> dict[str, str]:
    if len(row.cells) == len(header):
        return dict(zip(header, row.cells, strict=True))
    return {str(number): cell for number, cell in enumerate(row.cells, 1) if cell}


class _Reading:
    """The state of reading one report."""

    def __init__(self, report_file: _Report, options: ReaderOptions) -> None:
        self._report = report_file
        self._options = options
        self._instruments = Instruments()
        self._moments = MomentSequence()
        self._sizes = _contract_sizes(report_file)
        self._last_balance: _Row | None = None
        self._is_whole = True

    def row(self, row: _Row) -> Iterator[ImportItem]:
        """What a row says."""
        try:
            yield from list(self._deal(row) if row.section == "Deals" else self._other(row))
        except RowError as error:
            yield Skipped(reason=error.reason, row=dict(row.values), place=row.place)

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

    def _other(self, row: _Row) -> Iterator[ImportItem]:
        yield Skipped(reason=f"{row.section}: the deals tell it", row=dict(row.values), place=row.place, expected=True)

    def _deal(self, row: _Row) -> Iterator[ImportItem]:
        kind = row.values.get("Type", "").lower()
        if not row.values.get("Deal"):
            yield Skipped(reason="a sum", row=dict(row.values), place=row.place, expected=True)
            return
        self._note_balance(row, kind)
        if kind in ("buy", "sell"):
            yield from self._execution(row, Side(kind.upper()))
        elif kind in _BALANCE_TYPES:
            yield from self._payment(row, _BALANCE_TYPES[kind], "Profit")
        else:
            raise RowError(f"a deal of type {kind or 'none'}")

    def _note_balance(self, row: _Row, kind: str) -> None:
        if self._last_balance is None:
            self._is_whole = kind == "balance" and row.number("Balance") == row.number("Profit")
        if row.values.get("Balance"):
            self._last_balance = row

    def _execution(self, row: _Row, side: Side) -> Iterator[ImportItem]:
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
            yield Remark(text=SIZE_UNKNOWN, row=dict(row.values), place=row.place)
        yield from self._payment(row, AccountEventType.FUNDING, "Swap", execution)
        if "out" in direction:
            yield self._result(row, contract)

    def _fees(self, row: _Row) -> list[Fee]:
        """Commission and fee; what was paid is negative in the report."""
        amounts = (row.number("Commission"), row.number("Fee"))
        return [Fee(amount=-amount, currency=self._report.currency) for amount in amounts if amount]

    def _result(self, row: _Row, contract: Instrument) -> ImportItem:
        profit = row.number("Profit")
        if contract.currency != self._report.currency or profit is None:
            self._is_whole = False
            return Remark(text=OTHER_CURRENCY, row=dict(row.values), place=row.place)
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
        self, row: _Row, kind: AccountEventType, column: str, execution: VenueReport | None = None
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
        base, quote = _currencies(symbol) or (symbol, self._report.currency)
        size = self._sizes.get(symbol)
        if size is None and {base, quote} <= _FIAT:
            size = _LOT_OF_CURRENCY
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


def _currencies(symbol: str) -> tuple[str, str] | None:
    found = _PAIR.match(symbol)
    if found is None or not {found[1], found[2]} <= _CURRENCIES:
        return None
    return found[1], found[2]


def _contract_sizes(report_file: _Report) -> dict[str, Decimal]:
    """The sizes of contracts that the profits of positions tell, by symbol; none where they tell several."""
    sizes: dict[str, set[Decimal]] = {}
    for row in report_file.rows:
        symbol = row.values.get("Symbol", "")
        pair = _currencies(symbol)
        if row.section == "Positions" and (pair is None or pair[1] == report_file.currency):
            size = _size_of(row)
            if size is not None:
                sizes.setdefault(symbol, set()).add(size)
    return {symbol: found.pop() for symbol, found in sizes.items() if len(found) == 1}


def _size_of(row: _Row) -> Decimal | None:
    """The size of a contract that gives the profit of a position, to a cent."""
    try:
        volume, profit = row.number("Volume"), row.number("Profit")
        opened, closed = row.number("Price"), row.number("Price 2")
    except RowError:
        return None
    if not volume or not profit or opened is None or closed is None:
        return None
    moved = multiply(subtract(closed, opened), volume)
    if row.values.get("Type", "").lower() == "sell":
        moved = -moved
    if moved == ZERO:
        return None
    best = None
    for unit in _UNITS:  # the roundest size that gives the profit
        size = multiply(rounded(quotient(quotient(profit, moved), unit), 0), unit)
        if size > ZERO and subtract(multiply(size, moved), profit).copy_abs() <= _HALF_CENT:
            best = size
    return best
