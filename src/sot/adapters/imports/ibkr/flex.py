"""Flex queries in XML.

Only elements with attributes are read. A document type is refused, and with it every entity of the document's own.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.parsers import expat

import attrs

from sot.adapters.imports.ibkr.facts import facts
from sot.adapters.imports.ibkr.records import (
    ActionRecord,
    CashRecord,
    Contract,
    HeldRecord,
    StatementRecords,
    TradeRecord,
    split_codes,
)
from sot.domain.values.errors import InvalidInput
from sot.ports.readers import ImportItem, Reader, ReaderOptions

Element = Mapping[str, str]

_EXECUTION_LEVELS = ("", "EXECUTION")
_CANCELED = "(Ca.)"


class IbkrFlexReader(Reader):
    """Reads Flex queries."""

    title = "Interactive Brokers: Flex query, XML (trades, cash, splits, options, positions)"
    finished_orders = True

    def read(self, source: str, options: ReaderOptions) -> Iterator[ImportItem]:
        """Read a file; see `Reader.read`."""
        elements = _Elements()
        elements.parse(Path(source))
        records = StatementRecords()
        for name, row, location in elements.found:
            _READ.get(name, _other)(records, name, row, location)
        return facts(records, options)


@attrs.define
class _Elements:
    """The elements below the statements of a file."""

    found: list[tuple[str, Element, str]] = attrs.field(factory=list)
    _depth: int = 0
    _root: str = ""

    def parse(self, path: Path) -> None:
        """Read a file.

        Raises:
            InvalidInput: It is no Flex query, no XML, or has a document type.
            OSError: The file cannot be read.
        """
        parser = expat.ParserCreate()

        def start(name: str, attributes: dict[str, str]) -> None:
            self._depth += 1
            if self._depth == 1:
                self._root = name
            elif name not in ("FlexStatement", "FlexStatements") and attributes:
                self.found.append((name, attributes, f"line {parser.CurrentLineNumber}"))

        def end(name: str) -> None:
            self._depth -= 1

        def doctype(*args: object) -> None:
            raise InvalidInput(str(path), "a document type", "XML without one, as Flex queries are")

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.StartDoctypeDeclHandler = doctype
        try:
            with path.open("rb") as stream:
                parser.ParseFile(stream)
        except expat.ExpatError as error:
            raise InvalidInput(str(path), str(error), "a Flex query in XML") from None
        if self._root != "FlexQueryResponse":
            raise InvalidInput(str(path), self._root, "a Flex query, whose root is FlexQueryResponse")


def _contract(row: Element) -> Contract:
    return Contract(
        category=row.get("assetCategory", "").upper(),
        symbol=row.get("symbol", ""),
        currency=row.get("currency", ""),
        multiplier=row.get("multiplier", ""),
        underlying=row.get("underlyingSymbol", ""),
        strike=row.get("strike", ""),
        right=row.get("putCall", ""),
        expiry=row.get("expiry", ""),
    )


def _at(row: Element, *names: str) -> str:
    """The time of an element: date and time, else the date and the time apart."""
    if row.get("dateTime"):
        return row["dateTime"]
    if row.get("tradeDate"):
        return f"{row['tradeDate']} {row.get('tradeTime', '')}".strip()
    return next((row[name] for name in names if row.get(name)), "")


def _trade(records: StatementRecords, name: str, row: Element, location: str) -> None:
    level = row.get("levelOfDetail", "")
    if level not in _EXECUTION_LEVELS:
        records.others.append((dict(row), location, f"a trade at the level {level}: executions are read"))
        return
    buy_sell = row.get("buySell", "")
    is_canceled = _CANCELED in buy_sell
    codes = split_codes(row.get("notes", ""))
    is_booked = row.get("transactionType", "") == "BookTrade"
    records.trades.append(
        TradeRecord(
            row=dict(row),
            location=location,
            contract=_contract(row),
            at=_at(row, "reportDate"),
            quantity=row.get("quantity", ""),
            price=row.get("tradePrice", ""),
            proceeds=row.get("proceeds", ""),
            commission=row.get("ibCommission", ""),
            commission_currency=row.get("ibCommissionCurrency", ""),
            taxes=row.get("taxes", ""),
            realized=row.get("fifoPnlRealized", ""),
            codes=codes if is_booked or "transactionType" not in row else codes - {"Ex", "A", "Ep"},
            trade_id=row.get("tradeID") or row.get("ibExecID") or row.get("transactionID") or "",
            identity=row,
            order_id=row.get("ibOrderID", ""),
            canceled_id=row.get("origTradeID", "") if is_canceled else "",
            side=buy_sell.replace(_CANCELED, "").strip().upper(),
        )
    )


def _cash(records: StatementRecords, name: str, row: Element, location: str) -> None:
    if row.get("levelOfDetail", "") == "SUMMARY":
        records.others.append((dict(row), location, "a sum of cash transactions: its parts are read"))
        return
    records.cash.append(
        CashRecord(
            row=dict(row),
            location=location,
            type=row.get("type", ""),
            at=_at(row, "settleDate", "reportDate"),
            amount=row.get("amount", ""),
            currency=row.get("currency", ""),
            description=row.get("description", ""),
            id=row.get("transactionID", ""),
            contract=_contract(row) if row.get("symbol") and row.get("assetCategory") else None,
        )
    )


def _action(records: StatementRecords, name: str, row: Element, location: str) -> None:
    if row.get("levelOfDetail", "") == "SUMMARY":
        records.others.append((dict(row), location, "a sum of corporate actions: its parts are read"))
        return
    records.actions.append(
        ActionRecord(
            row=dict(row),
            location=location,
            contract=_contract(row),
            at=_at(row, "reportDate"),
            description=row.get("actionDescription") or row.get("description", ""),
            id=row.get("transactionID", ""),
        )
    )


def _position(records: StatementRecords, name: str, row: Element, location: str) -> None:
    if row.get("levelOfDetail", "SUMMARY") != "SUMMARY":
        records.others.append((dict(row), location, "a lot of a position: its sum is compared"))
        return
    held = HeldRecord(row=dict(row), location=location, symbol=row.get("symbol", ""), amount=row.get("position", ""))
    records.positions.append(held)


def _balance(records: StatementRecords, name: str, row: Element, location: str) -> None:
    currency, start = row.get("currency", ""), row.get("startingCash", "")
    if currency == "BASE_SUMMARY" or start.strip("-0.") or not row.get("endingCash"):
        reason = "a balance that is not compared: it is a sum, or began before the statement"
        records.others.append((dict(row), location, reason))
        return
    records.balances.append(HeldRecord(row=dict(row), location=location, currency=currency, amount=row["endingCash"]))


def _option_event(records: StatementRecords, name: str, row: Element, location: str) -> None:
    records.others.append((dict(row), location, "an option event: the trades tell it"))


def _other(records: StatementRecords, name: str, row: Element, location: str) -> None:
    records.others.append((dict(row), location, f"{name}: not read"))


_READ: Mapping[str, Callable[[StatementRecords, str, Element, str], Any]] = {
    "Trade": _trade,
    "CashTransaction": _cash,
    "CorporateAction": _action,
    "OpenPosition": _position,
    "CashReportCurrency": _balance,
    "OptionEAE": _option_event,
}
