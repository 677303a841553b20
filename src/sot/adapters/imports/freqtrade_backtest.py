"""Results of freqtrade's backtests: the JSON file, or the archive that has it.

The orders of a trade are executions, at the rate and the time at which they were simulated; results of older versions
have none, and a trade is its entry and its exit. Fees follow from the rates of the trade, as freqtrade's results do.
Each strategy is an account at the venue, under its name.

Its result of a trade (`profit_abs`) is compared, per pair: less fees, without funding.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from sot.adapters.imports.database import utc
from sot.adapters.imports.figures import document_value, exact_number, read_number, rounded_number
from sot.adapters.imports.freqtrade import (
    FEE_ROUNDED,
    FEES_BY_RATE,
    PARTIAL_RESULT_DIGITS,
    RESULT_DIGITS,
    fee_by_rate,
    instrument_of_pair,
)
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.times import UNITS, read_unix_time
from sot.adapters.imports.values import Instruments, account_event, report
from sot.application.importing.row_ids import MomentSequence
from sot.domain.values.documents import check_json_bounds
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.limits import JSON_LENGTH
from sot.domain.values.numbers import FRACTION_DIGITS, ZERO, subtract
from sot.domain.values.vocabulary import AccountEventType, EventType, Side
from sot.ports.readers import ImportItem, Reader, ReaderOptions, Remark, Skipped, StatedFigure, Statement

VENUE = "BACKTEST"
"""The venue, where nobody gives one: a result does not name the exchange."""

NEVER_FILLED = "an order that was not filled"
FIGURES_ROUNDED = f"figures were rounded to {FRACTION_DIGITS} fraction digits"

_OTHER_FILES = ("_config.json", ".meta.json")
"""The ends of the names of JSON files in the archive that are no result."""

_ALLOWED = "a result of a backtest of freqtrade: JSON with strategies, or the .zip that has it"


class FreqtradeBacktestReader(Reader):
    """Reads results of freqtrade's backtests."""

    title = "freqtrade: result of a backtest, JSON or .zip"
    finished_orders = True

    def read(self, source: str, options: ReaderOptions) -> Iterator[ImportItem]:
        """Read a result; see `Reader.read`."""
        instruments, moments = Instruments(), MomentSequence()
        for strategy, result in _strategies(source).items():
            trades = result.get("trades") if isinstance(result, Mapping) else None
            if not isinstance(trades, list) or not all(isinstance(trade, Mapping) for trade in trades):
                raise InvalidInput(source, f"no trades of {strategy}", _ALLOWED)
            for place, trade in enumerate(trades, 1):
                row = document_value(trade)
                try:
                    yield from _read_trade(
                        _Trade(row, strategy, options, _instrument(row, options)), instruments, moments
                    )
                except RowError as error:
                    yield Skipped(reason=error.reason, row=row, location=f"{strategy} trade {place}")


def _strategies(source: str) -> Mapping[str, Any]:
    text = _text(Path(source))
    check_json_bounds(text)
    try:
        document = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise InvalidInput(source, str(error), _ALLOWED) from None
    strategies = document.get("strategy") if isinstance(document, Mapping) else None
    if not isinstance(strategies, Mapping):
        raise InvalidInput(source, "no strategies", _ALLOWED)
    return strategies


def _text(path: Path) -> str:
    """The text of the result: of the file, or of the one in the archive."""
    try:
        if not zipfile.is_zipfile(path):
            _check_size(path, path.stat().st_size)
            return path.read_text("utf-8")
        with zipfile.ZipFile(path) as archive:
            results = [
                info
                for info in archive.infolist()
                if info.filename.endswith(".json") and not info.filename.endswith(_OTHER_FILES)
            ]
            if len(results) != 1:
                raise InvalidInput(str(path), f"{len(results)} JSON files", _ALLOWED)
            _check_size(path, results[0].file_size)
            return archive.read(results[0]).decode("utf-8")
    except (UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise InvalidInput(str(path), str(error), _ALLOWED) from None


def _check_size(path: Path, size: int) -> None:
    if size > JSON_LENGTH:
        raise InvalidInput(str(path), size, f"a result of at most {JSON_LENGTH} bytes")


def _figure(row: Mapping[str, Any], name: str) -> tuple[Decimal, bool]:
    """A number of a row, which may be a float of more digits than facts have; whether it was rounded.

    Raises:
        RowError: The row has none.
    """
    value = row.get(name)
    if value is None:
        raise RowError(f"{name} is empty")
    number = value if isinstance(value, Decimal) else read_number(name, str(value))
    figure = exact_number(name, rounded_number(number))
    return figure, figure != number


def _instrument(row: Mapping[str, Any], options: ReaderOptions) -> Instrument:
    return instrument_of_pair(options.account_id, options.venue or VENUE, str(row.get("pair")))


@attrs.frozen
class _Trade:
    """A trade of a strategy: an entry, perhaps in several orders, and its exits."""

    row: Mapping[str, Any]
    strategy: str
    options: ReaderOptions
    instrument: Instrument

    @property
    def terms(self) -> Mapping[str, Any]:
        """The row without its orders, which facts keep one each."""
        return {name: value for name, value in self.row.items() if name != "orders"}

    @property
    def name(self) -> str:
        """The name of the trade, which its executions begin with."""
        return f"{self.strategy} {self.row.get('pair')} {self.row.get('open_date')}"

    @property
    def account_fields(self) -> dict[str, Any]:
        return {
            "account_id": self.options.account_id,
            "venue": self.instrument.venue,
            "venue_account": self.options.venue_account or self.strategy,
            "symbol": self.instrument.symbol,
        }

    def side(self, is_entry: bool) -> Side:
        """The side of an entry or an exit."""
        return Side.BUY if is_entry is not bool(self.row.get("is_short")) else Side.SELL


def _read_trade(trade: _Trade, instruments: Instruments, moments: MomentSequence) -> Iterable[ImportItem]:
    items: list[ImportItem] = [*instruments.new(trade.instrument)]
    exits = 0
    orders = list(_orders(trade.row))
    for place, order in enumerate(orders, 1):
        if order.get("filled_at") is None and order.get("order_filled_timestamp") is None:
            items.append(Skipped(reason=NEVER_FILLED, row=order, location=trade.name, expected=True))
            continue
        exits += not order.get("ft_is_entry")
        items += _execution(trade, order, place, moments)
    if not orders:
        raise RowError("the trade has neither orders nor rates")
    return [*items, *_funding(trade), *_result(trade, exits)]


def _orders(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The orders of a trade; where the result has none, its entry and its exit in the shape of orders."""
    if row.get("orders"):
        if not isinstance(row["orders"], list) or not all(isinstance(order, dict) for order in row["orders"]):
            raise RowError("orders: is no list of objects")
        yield from row["orders"]
        return
    for prefix, is_entry in (("open", True), ("close", False)):
        filled_at = row.get(f"{prefix}_date")
        if filled_at and row.get(f"{prefix}_rate") is not None:
            rate, amount = row[f"{prefix}_rate"], row.get("amount")
            yield {"amount": amount, "safe_price": rate, "ft_is_entry": is_entry, "filled_at": filled_at}


def _execution(trade: _Trade, order: Mapping[str, Any], place: int, moments: MomentSequence) -> Iterator[ImportItem]:
    is_entry = bool(order.get("ft_is_entry"))
    quantity, is_other_quantity = _figure(order, "amount")
    price, is_other_price = _figure(order, "safe_price")
    fees, is_other_fee = fee_by_rate(quantity, price, _rate(trade.row, is_entry), trade.instrument)
    if "filled_at" in order:
        filled_at = utc(order, "filled_at")
    else:
        filled_at, _ = read_unix_time("order_filled_timestamp", str(order["order_filled_timestamp"]), UNITS["ms"])
    yield report(
        {
            **trade.account_fields,
            "type": EventType.TRADE,
            "side": trade.side(is_entry),
            "exec_id": f"{trade.name} {place}",
            "venue_order_id": f"{trade.name} {place}",
            "last_quantity": quantity,
            "last_price": price,
            "fees": fees,
            "text": order.get("ft_order_tag") or trade.row.get("enter_tag" if is_entry else "exit_reason"),
            "occurred_at": filled_at,
            "venue_sequence": moments.next_number(filled_at),
            "raw_payload": {"rows": [order, trade.terms]} if trade.row.get("orders") else trade.row,
        }
    )
    remarks = {
        FEES_BY_RATE: bool(fees),
        FEE_ROUNDED: is_other_fee,
        FIGURES_ROUNDED: is_other_quantity or is_other_price,
    }
    for text in (text for text, applies in remarks.items() if applies):
        yield Remark(text=text, row=order, location=trade.name)


def _rate(row: Mapping[str, Any], is_entry: bool) -> Decimal | None:
    name = "fee_open" if is_entry else "fee_close"
    return None if row.get(name) is None else _figure(row, name)[0]


def _funding(trade: _Trade) -> Iterator[ImportItem]:
    """What a closed trade received or paid as funding."""
    amount = _funding_amount(trade.row)
    if not amount or trade.row.get("is_open"):
        return
    fields = {
        **trade.account_fields,
        "type": AccountEventType.FUNDING,
        "amount": amount,
        "currency": trade.instrument.currency,
        "external_id": f"{trade.name} funding",
        "occurred_at": utc(trade.row, "close_date"),
        "raw_payload": trade.terms,
    }
    yield account_event(fields)


def _funding_amount(row: Mapping[str, Any]) -> Decimal:
    return ZERO if row.get("funding_fees") is None else _figure(row, "funding_fees")[0]


def _result(trade: _Trade, exits: int) -> Iterator[ImportItem]:
    """The result that freqtrade states of a trade."""
    if trade.row.get("profit_abs") is None or trade.row.get("is_open"):
        return
    stated, _ = _figure(trade.row, "profit_abs")
    yield Statement(
        figure=StatedFigure.REALIZED_NET,
        venue=trade.instrument.venue,
        venue_account=trade.options.venue_account or trade.strategy,
        symbol=trade.instrument.symbol,
        currency=trade.instrument.currency,
        amount=subtract(stated, _funding_amount(trade.row)),
        fraction_digits=RESULT_DIGITS if exits == 1 else PARTIAL_RESULT_DIGITS,
        row=trade.terms,
    )
