"""The store of the bot Hummingbot: tables `Order`, `OrderStatus`, `TradeFill` and `FundingPayment` in SQLite.

Prices and quantities are integers in millionths, and are read as such; of older stores they are floats. Hummingbot cuts
off what is smaller, so that the figures are those that it kept. A fee is a list of amounts and a rate: with
`DeductedFromReturns` the rate is of what came (of a purchase the base), otherwise of the money.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from sot.adapters.imports.database import DatabaseRow, number, open_database
from sot.adapters.imports.figures import exact_number, read_number, rounded_number
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.times import UNITS, read_unix_time
from sot.adapters.imports.values import Instruments, account_event, crypto_instrument, report
from sot.application.importing.row_ids import MomentSequence
from sot.domain.orders.report import Fee
from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, multiply
from sot.domain.values.vocabulary import AccountEventType, EventType, OrderStatus, OrderType
from sot.ports.readers import ImportItem, Reader, ReaderOptions, Remark, Skipped

_SCALE = 6

_ORDER_TYPES = {"LIMIT": OrderType.LIMIT, "LIMIT_MAKER": OrderType.LIMIT, "MARKET": OrderType.MARKET}

_STATUSES = {
    "OrderCancelled": (EventType.CANCELED, OrderStatus.CANCELED),
    "OrderExpired": (EventType.EXPIRED, OrderStatus.EXPIRED),
    "OrderFailure": (EventType.REJECTED, OrderStatus.REJECTED),
    "MarketOrderFailure": (EventType.REJECTED, OrderStatus.REJECTED),
    "BuyOrderCompleted": (EventType.ORDER_STATUS, OrderStatus.FILLED),
    "SellOrderCompleted": (EventType.ORDER_STATUS, OrderStatus.FILLED),
}

TOLD_ELSEWHERE = "a status that the order, or its fills, tell"
FEE_WITHOUT_RATE = "a fee by rate in another currency was left out: Hummingbot keeps no amount"
FEE_IN_QUOTE = "a fee by rate in another currency is in quote currency, as Hummingbot valued it"
FEE_ROUNDED = "fees by rate were rounded to 18 fraction digits"


class HummingbotReader(Reader):
    """Reads the store of Hummingbot."""

    title = "Hummingbot: the bot's store, SQLite file"
    finished_orders = False

    def read(self, source: str, options: ReaderOptions) -> Iterator[ImportItem]:
        """Read a store; see `Reader.read`."""
        with open_database(source) as database:
            database.require("Order", "TradeFill")
            orders = {row["id"]: row for row in database.rows("Order")}
            statuses, fills = database.rows("OrderStatus"), database.rows("TradeFill")
            payments = database.rows("FundingPayment")
        reading = _Reading(options, orders)
        readers: list[tuple[str, Iterable[DatabaseRow], Callable[[DatabaseRow], Iterable[ImportItem]]]] = [
            ("Order", orders.values(), reading.order),
            ("OrderStatus", statuses, reading.status),
            ("TradeFill", fills, reading.fill),
            ("FundingPayment", payments, reading.funding),
        ]
        for table, rows, read in readers:
            for row in rows:
                yield from _guarded(table, row, read)


def _guarded(table: str, row: DatabaseRow, read: Callable[[DatabaseRow], Iterable[ImportItem]]) -> Iterable[ImportItem]:
    location = f"{table} {row.get('id') or row.get('exchange_trade_id') or row.get('timestamp')}"
    try:
        items = list(read(row))
    except RowError as error:
        return [Skipped(reason=error.reason, row=row, location=location)]
    return items or [Skipped(reason=TOLD_ELSEWHERE, row=row, location=location, expected=True)]


@attrs.define
class _Reading:
    """The state of reading one store."""

    options: ReaderOptions
    orders: Mapping[Any, DatabaseRow]
    instruments: Instruments = attrs.field(factory=Instruments)
    moments: MomentSequence = attrs.field(factory=MomentSequence)

    def order(self, row: DatabaseRow) -> Iterator[ImportItem]:
        """That an order was placed."""
        instrument = self._instrument(row)
        values = self._names(row, instrument)
        order_type = _ORDER_TYPES.get(str(row.get("order_type")).upper(), OrderType.OTHER)
        price = _scaled(row, "price")
        placed = report(
            {
                **values,
                "type": EventType.NEW,
                "order_type": order_type,
                "order_quantity": _scaled(row, "amount") or None,
                "limit_price": price if order_type is OrderType.LIMIT else None,
                "occurred_at": _milliseconds(row, "creation_timestamp"),
                "raw_payload": row,
            }
        )
        yield from self.instruments.new(instrument)
        yield placed

    def status(self, row: DatabaseRow) -> Iterator[ImportItem]:
        """How an order ended."""
        order = self.orders.get(row["order_id"])
        if order is None:
            raise RowError("a status of an order that is not in the store")
        found = _STATUSES.get(str(row["status"]))
        if found is None:
            return
        instrument = self._instrument(order)
        yield report(
            {
                **self._names(order, instrument),
                "type": found[0],
                "reported_status": found[1],
                "occurred_at": _milliseconds(row, "timestamp"),
                "raw_payload": row,
            }
        )

    def fill(self, row: DatabaseRow) -> Iterator[ImportItem]:
        """An execution."""
        instrument = self._instrument(row)
        order = self.orders.get(row["order_id"], {})
        quantity, price = _scaled(row, "amount"), _scaled(row, "price")
        if not quantity:
            raise RowError("amount is empty or zero")
        at = _milliseconds(row, "timestamp")
        remarks: list[str] = []
        execution = report(
            {
                **self._names({**row, "id": row["order_id"], **order}, instrument),
                "type": EventType.TRADE,
                "exec_id": str(row["exchange_trade_id"]),
                "side": str(row["trade_type"]).upper(),
                "last_quantity": quantity,
                "last_price": price,
                "fees": _fees(row, instrument, quantity, price, remarks),
                "occurred_at": at,
                "venue_sequence": self.moments.next_number(at),
                "raw_payload": row,
            }
        )
        yield from self.instruments.new(instrument)
        yield execution
        for text in remarks:
            yield Remark(text=text, row=row, location=f"TradeFill {row['exchange_trade_id']}")

    def funding(self, row: DatabaseRow) -> Iterator[ImportItem]:
        """A funding payment."""
        base, _, quote = str(row["symbol"]).partition("-")
        if not quote:
            raise RowError(f"symbol: {row['symbol']!r} has no base and quote")
        venue = self.options.venue or str(row["market"]).upper()
        instrument = crypto_instrument(self.options.account_id, venue, base, quote, quote)
        amount = number(row, "amount")
        if not amount:
            raise RowError("amount is empty or zero")
        payment = account_event(
            {
                **self._account(venue),
                "type": AccountEventType.FUNDING,
                "symbol": instrument.symbol,
                "amount": amount,
                "currency": quote,
                "external_id": f"{row['market']}-{row['symbol']}-{row['timestamp']}",
                "occurred_at": _milliseconds(row, "timestamp"),
                "raw_payload": row,
            }
        )
        yield from self.instruments.new(instrument)
        yield payment

    def _account(self, venue: str) -> dict[str, Any]:
        return {
            "account_id": self.options.account_id,
            "venue": venue,
            "venue_account": self.options.venue_account,
        }

    def _names(self, order: DatabaseRow, instrument: Instrument) -> dict[str, Any]:
        """The names of an order. Its own id is the client order id."""
        return {
            **self._account(instrument.venue),
            "client_order_id": str(order["id"]),
            "venue_order_id": order.get("exchange_order_id") or None,
            "symbol": instrument.symbol,
        }

    def _instrument(self, row: DatabaseRow) -> Instrument:
        market, base, quote = str(row["market"]), str(row["base_asset"]), str(row["quote_asset"])
        settle = quote if "perpetual" in market else None
        return crypto_instrument(self.options.account_id, self.options.venue or market.upper(), base, quote, settle)


def _scaled(row: DatabaseRow, name: str) -> Decimal:
    """A number that is kept in millionths; of older stores a float.

    Raises:
        RowError: It is no number.
    """
    value = row.get(name)
    if isinstance(value, int):
        return exact_number(name, Decimal(value).scaleb(-_SCALE))
    return number(row, name) or ZERO


def _milliseconds(row: DatabaseRow, name: str) -> Any:
    return read_unix_time(name, str(row[name]), UNITS["ms"])[0]


def _fees(row: DatabaseRow, instrument: Instrument, quantity: Decimal, price: Decimal, remarks: list[str]) -> list[Fee]:
    """The fees of an execution: amounts, and a rate.

    Raises:
        RowError: They cannot be read.
    """
    fee = _document(row.get("trade_fee"))
    fees = [Fee(amount=amount, currency=token) for token, amount in _flat_fees(fee) if amount]
    rate = read_number("percent", str(fee.get("percent") or 0))
    if rate:
        token = fee.get("percent_token")
        is_purchase = str(row["trade_type"]).upper() == "BUY"
        if not token:
            from_returns = fee.get("fee_type") == "DeductedFromReturns" and is_purchase
            token = instrument.base if from_returns else instrument.quote
        amounts = {
            instrument.quote: multiply(multiply(quantity, price), rate),
            instrument.base: multiply(quantity, rate),
        }
        fees += _fee_by_rate(row, str(token), amounts, instrument, remarks)
    return fees


def _fee_by_rate(
    row: DatabaseRow, token: str, amounts: Mapping[str, Decimal], instrument: Instrument, remarks: list[str]
) -> list[Fee]:
    if token not in amounts:
        valued = _scaled(row, "trade_fee_in_quote") if row.get("trade_fee_in_quote") is not None else ZERO
        remarks.append(FEE_IN_QUOTE if valued else FEE_WITHOUT_RATE)
        return [Fee(amount=valued, currency=instrument.quote)] if valued else []
    amount = rounded_number(amounts[token])
    if amount != amounts[token]:
        remarks.append(FEE_ROUNDED)
    return [Fee(amount=amount, currency=token)] if amount else []


def _document(value: Any) -> Mapping[str, Any]:
    if isinstance(value, str):
        try:
            value = read_document(value)
        except InvalidInput as error:
            raise RowError(f"trade_fee: {error.allowed}") from None
    if not isinstance(value, Mapping):
        raise RowError(f"trade_fee: {json.dumps(value, default=str)[:40]} is no object")
    return value


def _flat_fees(fee: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    for flat in fee.get("flat_fees") or ():
        if isinstance(flat, Mapping):
            token, amount = flat.get("token"), flat.get("amount")
        elif isinstance(flat, (list, tuple)) and len(flat) == 2:
            token, amount = flat
        else:
            raise RowError("trade_fee: a flat fee has neither token nor amount")
        yield str(token), exact_number("flat fee", read_number("flat fee", str(amount)))
