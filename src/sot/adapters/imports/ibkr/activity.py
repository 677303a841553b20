"""Activity statements in CSV: sections, each with rows that are its header or its data.

A section may change its header; data rows belong to the last one. A statement has orders, and where it was asked for
their executions (`Trade`) as well: then these are read. No row has an id.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from sot.adapters.imports.ibkr.facts import facts
from sot.adapters.imports.ibkr.records import (
    ActionRecord,
    CashRecord,
    Contract,
    HeldRecord,
    StatementRecords,
    TradeRecord,
    number,
    split_codes,
)
from sot.adapters.imports.row_error import RowError
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO, multiply, plain, quotient
from sot.ports.readers import ImportItem, Reader, ReaderOptions

SECTION, KIND = "Section", "Row"
"""The names under which a row keeps its first two values."""

_CASH_SECTIONS = {
    "Dividends": "Dividends",
    "Payment In Lieu Of Dividends": "Payment In Lieu Of Dividends",
    "Withholding Tax": "Withholding Tax",
    "Deposits & Withdrawals": "Deposits & Withdrawals",
    "Interest": "Interest",
    "Broker Interest Paid": "Interest",
    "Broker Interest Received": "Interest",
    "Bond Interest Received": "Interest",
    "Bond Interest Paid": "Interest",
    "Fees": "Fees",
    "Other Fees": "Fees",
    "Broker Fees": "Fees",
    "Commission Adjustments": "Fees",
    "Transaction Fees": "Transaction Fees",
    "Sales Tax Details": "Sales Tax",
}

_SYMBOL_END = "("

_OF_THE_DAY = ("C. Price", "MTM ")
"""The beginnings of columns that are not the trade's own: closing prices, and results by them."""


@attrs.frozen
class _Row:
    """A data row of a section."""

    section: str
    values: Mapping[str, str]
    location: str

    def get(self, *names: str) -> str:
        """The first of several columns that is not empty."""
        return next((self.values[name] for name in names if self.values.get(name)), "")


class IbkrActivityReader(Reader):
    """Reads activity statements."""

    title = "Interactive Brokers: activity statement, CSV (trades, cash, splits, options, positions)"
    finished_orders = True

    def read(self, source: str, options: ReaderOptions) -> Iterator[ImportItem]:
        """Read a file; see `Reader.read`."""
        rows = list(_rows(Path(source)))
        if not any(row.section in ("Statement", "Trades") for row in rows):
            raise InvalidInput(source, "no section Statement or Trades", "an activity statement in CSV")
        reading = _Reading(rows)
        for row in rows:
            reading.read(row)
        return facts(reading.records, options)


def _rows(path: Path) -> Iterator[_Row]:
    headers: dict[str, list[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        try:
            for values in reader:
                if len(values) < 2:
                    continue
                section, kind, *rest = (value.strip() for value in values)
                if kind == "Header":
                    headers[section] = rest
                    continue
                named = dict(zip(headers.get(section, []), rest, strict=False))
                yield _Row(section, {SECTION: section, KIND: kind, **named}, f"line {reader.line_num}")
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidInput(f"{path} line {reader.line_num}", str(error), "CSV in UTF-8") from None


class _Reading:
    """The records of a statement."""

    def __init__(self, rows: list[_Row]) -> None:
        self.records = StatementRecords()
        trades = [row for row in rows if row.section == "Trades"]
        self._has_executions = any(row.get("DataDiscriminator") == "Trade" for row in trades)
        self._information = {
            (row.get("Asset Category").upper(), symbol.strip()): row
            for row in rows
            if row.section == "Financial Instrument Information"
            for symbol in row.get("Symbol").split(",")
        }

    def read(self, row: _Row) -> None:
        """Read a row."""
        if row.values[KIND] != "Data":
            self._other(row, "a sum, or a note")
        elif row.section in _CASH_SECTIONS:
            self._cash(row)
        else:
            _READ.get(row.section, _Reading._unread)(self, row)

    def _other(self, row: _Row, reason: str) -> None:
        self.records.others.append((dict(row.values), row.location, reason))

    def _unread(self, row: _Row) -> None:
        self._other(row, f"{row.section}: not read")

    def _contract(self, row: _Row) -> Contract:
        category, symbol = row.get("Asset Category").upper(), row.get("Symbol")
        known = self._information.get((category, symbol)) or _Row("", {}, "")
        return Contract(
            category=category,
            symbol=symbol,
            currency=row.get("Currency"),
            multiplier=known.get("Multiplier").replace(",", "") or _multiplier(row),
            underlying=known.get("Underlying") or symbol.partition(" ")[0],
            strike=known.get("Strike"),
            right=known.get("Type"),
            expiry=known.get("Expiry"),
        )

    def _trade(self, row: _Row) -> None:
        level = row.get("DataDiscriminator")
        if level != ("Trade" if self._has_executions else "Order"):
            self._other(
                row, f"a trade at the level {level}: {'executions' if self._has_executions else 'orders'} are read"
            )
            return
        commission, commission_currency = row.get("Comm/Fee", "Commission"), ""
        for column, value in row.values.items():
            if column.startswith("Comm in ") and value:
                commission, commission_currency = value, column.removeprefix("Comm in ")
        codes = split_codes(row.get("Code"))
        self.records.trades.append(
            TradeRecord(
                row=dict(row.values),
                location=row.location,
                contract=self._contract(row),
                at=row.get("Date/Time"),
                quantity=row.get("Quantity").replace(",", ""),
                price=row.get("T. Price"),
                proceeds=row.get("Proceeds"),
                commission=commission,
                commission_currency=commission_currency,
                realized=row.get("Realized P/L"),
                codes=codes,
                identity={name: value for name, value in row.values.items() if not name.startswith(_OF_THE_DAY)},
            )
        )

    def _cash(self, row: _Row) -> None:
        currency = row.get("Currency")
        if not currency or currency.startswith("Total") or row.get("Subtitle", "Header").startswith("Total"):
            self._other(row, "a sum")
            return
        description = row.get("Description")
        symbol = description.partition(_SYMBOL_END)[0].strip()
        is_of_stock = row.section in ("Dividends", "Withholding Tax", "Payment In Lieu Of Dividends")
        contract = Contract(category="STK", symbol=symbol, currency=currency)
        is_known = ("STOCKS", symbol) in self._information
        self.records.cash.append(
            CashRecord(
                row=dict(row.values),
                location=row.location,
                type=_CASH_SECTIONS[row.section],
                at=row.get("Date/Time", "Date", "Settle Date"),
                amount=row.get("Amount").replace(",", ""),
                currency=currency,
                description=description,
                contract=contract if is_of_stock and is_known else None,
            )
        )

    def _action(self, row: _Row) -> None:
        if row.get("Asset Category").startswith("Total") or not row.get("Description"):
            self._other(row, "a sum")
            return
        description = row.get("Description")
        symbol = description.partition(_SYMBOL_END)[0].strip()
        self.records.actions.append(
            ActionRecord(
                row=dict(row.values),
                location=row.location,
                contract=Contract(category="STK", symbol=symbol, currency=row.get("Currency")),
                at=row.get("Date/Time", "Report Date"),
                description=description,
            )
        )

    def _position(self, row: _Row) -> None:
        if row.get("DataDiscriminator") != "Summary" or row.get("Asset Category").upper() == "FOREX":
            self._other(row, "a lot of a position, or a currency")
            return
        amount = row.get("Quantity").replace(",", "")
        held = HeldRecord(row=dict(row.values), location=row.location, symbol=row.get("Symbol"), amount=amount)
        self.records.positions.append(held)


def _multiplier(row: _Row) -> str:
    """The multiplier that the proceeds of a trade tell, where the statement does not list its instruments."""
    try:
        proceeds = number("proceeds", row.get("Proceeds"))
        value = multiply(number("quantity", row.get("Quantity")), number("price", row.get("T. Price")))
    except RowError:
        return ""
    size = quotient(proceeds, value).copy_abs() if value else ZERO
    return plain(size) if size == size.to_integral_value() else ""


_READ: Mapping[str, Callable[[_Reading, _Row], Any]] = {
    "Trades": _Reading._trade,
    "Corporate Actions": _Reading._action,
    "Open Positions": _Reading._position,
}
