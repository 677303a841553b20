"""The store of the bot freqtrade: tables `trades` and `orders`, in SQLite or PostgreSQL.

freqtrade keeps no executions: what was filled of an order at its average price is one execution, under an id that is
made of the order's. What an open order has filled so far still changes: its status says it. The store keeps rates of
fees; the fees follow from them as its own results do. Where the fee was taken from the coins that were bought
(`ft_fee_base`), that amount is the fee.

Its result of a closed trade (`close_profit_abs`) is compared, per pair: less fees, without funding.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from sot.adapters.imports.database import DatabaseRow, number, open_database, utc
from sot.adapters.imports.figures import rounded_number
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.values import Instruments, account_event, crypto_instrument, report
from sot.domain.orders.report import Fee
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import FRACTION_DIGITS, ZERO, canonical, multiply, subtract
from sot.domain.values.vocabulary import AccountEventType, EventType, OrderStatus, OrderType, Side
from sot.ports.readers import ImportItem, Reader, ReaderOptions, Remark, Skipped, StatedFigure, Statement

_ORDER_TYPES = {
    "limit": OrderType.LIMIT,
    "market": OrderType.MARKET,
    "stop_loss_limit": OrderType.STOP_LIMIT,
    "stop_limit": OrderType.STOP_LIMIT,
    "stop_loss": OrderType.STOP,
    "stop_market": OrderType.STOP,
    "stop": OrderType.STOP,
}

_ENDS = {
    "canceled": (EventType.CANCELED, OrderStatus.CANCELED),
    "cancelled": (EventType.CANCELED, OrderStatus.CANCELED),
    "expired": (EventType.EXPIRED, OrderStatus.EXPIRED),
    "rejected": (EventType.REJECTED, OrderStatus.REJECTED),
}

_PRICED = frozenset({OrderType.LIMIT, OrderType.STOP_LIMIT})
_FUTURES = "FUTURES"
RESULT_DIGITS = 8
PARTIAL_RESULT_DIGITS = 7

NOTHING_REALIZED = "an open trade: it states no result"
FILLED_SO_FAR = "an open order: what it has filled counts as unproven until it ends, and is imported again"
FEES_BY_RATE = "fees follow from the rate that freqtrade keeps"
FEE_ROUNDED = f"fees by rate were rounded to {FRACTION_DIGITS} fraction digits"
NOT_COMPARED = "the result is not compared: freqtrade estimates fees that were taken from the coins, and interest"


class FreqtradeReader(Reader):
    """Reads the store of freqtrade."""

    title = "freqtrade: the bot's store, SQLite file or URL of a database"
    finished_orders = False

    def read(self, source: str, options: ReaderOptions) -> Iterator[ImportItem]:
        """Read a store; see `Reader.read`."""
        with open_database(source) as database:
            database.require("trades", "orders")
            trades = {row["id"]: row for row in database.rows("trades")}
            orders: dict[Any, list[DatabaseRow]] = {}
            for row in database.rows("orders"):
                orders.setdefault(row.get("ft_trade_id"), []).append(row)
        instruments = Instruments()
        for trade_id, trade in trades.items():
            yield from _read_trade(trade, orders.pop(trade_id, []), options, instruments)
        for rows in orders.values():
            for row in rows:
                yield Skipped(reason="an order without a trade", row=row, location=_place(row))


@attrs.frozen
class _Trade:
    """A trade of freqtrade: what its orders have in common."""

    row: DatabaseRow
    options: ReaderOptions
    instrument: Instrument

    @property
    def is_short(self) -> bool:
        return bool(self.row.get("is_short"))

    @property
    def entry_side(self) -> Side:
        return Side.SELL if self.is_short else Side.BUY

    @property
    def account_fields(self) -> dict[str, Any]:
        return {
            "account_id": self.options.account_id,
            "venue": self.instrument.venue,
            "venue_account": self.options.venue_account,
        }


def _read_trade(
    row: DatabaseRow, orders: list[DatabaseRow], options: ReaderOptions, instruments: Instruments
) -> Iterable[ImportItem]:
    """A trade with its orders; if one of them cannot be read, the others are read."""
    try:
        trade = _Trade(row, options, _instrument(row, options))
        items: list[ImportItem] = [*instruments.new(trade.instrument)]
    except RowError as error:
        return [Skipped(reason=error.reason, row=each, location=_place(each)) for each in (row, *orders)]
    if not orders:
        return [Skipped(reason="a trade without orders", row=row, location=_place(row))]
    for order in orders:
        try:
            items += _read_order(trade, order)
        except RowError as error:
            items.append(Skipped(reason=error.reason, row=order, location=_place(order)))
    try:
        items += _funding(trade)
        items += _results(trade, orders)
    except RowError as error:
        items.append(Skipped(reason=error.reason, row=row, location=_place(row)))
    return items


def _place(row: DatabaseRow) -> str:
    return f"{'orders' if 'order_id' in row else 'trades'} {row.get('id')}"


def _instrument(row: DatabaseRow, options: ReaderOptions) -> Instrument:
    venue = options.venue or str(row["exchange"]).upper()
    return instrument_of_pair(options.account_id, venue, str(row["pair"]), _mode(row) == _FUTURES)


def instrument_of_pair(account_id: str, venue: str, pair: str, is_future: bool | None = None) -> Instrument:
    """Make the instrument of a pair as freqtrade has it: `BTC/USDT`, of a contract `BTC/USDT:USDT`.

    Args:
        account_id: The account.
        venue: The venue.
        pair: The pair.
        is_future: Whether it is a contract; None if its name tells.

    Raises:
        RowError: It has no base and quote.
    """
    coins, _, settle = pair.partition(":")
    base, slash, quote = coins.partition("/")
    if not (base and slash and quote):
        raise RowError(f"pair: {pair!r} has no base and quote")
    if is_future is None:
        is_future = bool(settle)
    return crypto_instrument(account_id, venue, base, quote, (settle or quote) if is_future else None)


def _mode(row: DatabaseRow) -> str:
    return str(row.get("trading_mode") or "SPOT").upper()


def _read_order(trade: _Trade, row: DatabaseRow) -> list[ImportItem]:
    """An order: that it was placed, what was filled, and how it ended."""
    ft_side = str(row["ft_order_side"]).lower()
    exit_side = Side.BUY if trade.is_short else Side.SELL
    side = {"buy": Side.BUY, "sell": Side.SELL, "stoploss": exit_side}.get(ft_side)
    if side is None:
        raise RowError(f"ft_order_side: {ft_side[:40]!r} is no side")
    placed_at = utc(row, "order_date")
    order_type = _ORDER_TYPES.get(str(row.get("order_type") or "").lower(), OrderType.OTHER)
    common = {
        **trade.account_fields,
        "venue_order_id": str(row["order_id"]),
        "symbol": trade.instrument.symbol,
        "side": side,
        "raw_payload": {"rows": [row, trade.row]},
    }
    items: list[ImportItem] = []
    filled = number(row, "filled") or ZERO
    status = str(row.get("status") or "").lower()
    end = _ENDS.get(status)
    if end is None or end[0] is not EventType.REJECTED:
        price = number(row, "price") if order_type in _PRICED else None
        items.append(
            report(
                {
                    **common,
                    "type": EventType.NEW,
                    "order_type": order_type,
                    "order_quantity": number(row, "amount") or number(row, "ft_amount"),
                    "limit_price": price,
                    "stop_price": number(row, "stop_price") or None,
                    "occurred_at": placed_at,
                }
            )
        )
    if filled and end is None and status != "closed" and row.get("ft_is_open"):
        return [*items, *_filled_so_far(row, common, filled)]
    if filled:
        items += _execution(trade, row, common, filled, side)
    ended_at = utc(row, "order_filled_date", "order_update_date", "order_date")
    if end is not None:
        values = {"type": end[0], "reported_status": end[1], "text": row.get("ft_cancel_reason")}
        items.append(report({**common, **values, "occurred_at": utc(row, "order_update_date") or ended_at}))
    elif status == "closed" and filled:
        values = {"type": EventType.ORDER_STATUS, "reported_status": OrderStatus.FILLED}
        items.append(report({**common, **values, "occurred_at": ended_at}))
    return items


def _filled_so_far(row: DatabaseRow, common: dict[str, Any], filled: Decimal) -> Iterator[ImportItem]:
    """What an open order has filled, as its status says: no execution, whose figures would have to stay."""
    values = {"type": EventType.ORDER_STATUS, "reported_status": OrderStatus.PARTIALLY_FILLED, "cum_quantity": filled}
    at = utc(row, "order_update_date", "order_filled_date", "order_date")
    yield report({**common, **values, "avg_price": number(row, "average"), "occurred_at": at})
    yield Remark(text=FILLED_SO_FAR, row=row, location=_place(row))


def _execution(
    trade: _Trade, row: DatabaseRow, common: dict[str, Any], filled: Decimal, side: Side
) -> Iterator[ImportItem]:
    price = number(row, "average") or number(row, "price") or number(row, "ft_price")
    if not price:
        raise RowError("the order was filled and has no price")
    fee, remarks = _fee(trade, row, filled, price, side)
    yield report(
        {
            **common,
            "type": EventType.TRADE,
            "exec_id": f"freqtrade-{row['order_id']}",
            "last_quantity": filled,
            "last_price": price,
            "fees": fee,
            "occurred_at": utc(row, "order_filled_date", "order_update_date", "order_date"),
        }
    )
    for remark in remarks:
        yield Remark(text=remark, row=row, location=_place(row))


def _fee(trade: _Trade, row: DatabaseRow, filled: Decimal, price: Decimal, side: Side) -> tuple[list[Fee], list[str]]:
    """The fee of an order, and what was done to compute it."""
    in_base = number(row, "ft_fee_base")
    if in_base:
        return [Fee(amount=in_base, currency=trade.instrument.base)], []
    rate = number(trade.row, "fee_open" if side is trade.entry_side else "fee_close")
    if not rate:
        return [], []
    fees, was_rounded = fee_by_rate(filled, price, rate, trade.instrument)
    return fees, [FEES_BY_RATE, FEE_ROUNDED] if was_rounded else [FEES_BY_RATE]


def fee_by_rate(
    quantity: Decimal, price: Decimal, rate: Decimal | None, instrument: Instrument
) -> tuple[list[Fee], bool]:
    """Compute the fee of an execution by a rate, a share of its money; returns whether it was rounded, too."""
    exact = canonical(multiply(multiply(quantity, price), rate or ZERO))
    amount = rounded_number(exact)
    return [Fee(amount=amount, currency=instrument.currency)] if amount else [], amount != exact


def _funding(trade: _Trade) -> list[ImportItem]:
    """What a closed trade received or paid as funding."""
    row = trade.row
    amount = number(row, "funding_fees")
    if _mode(row) != _FUTURES or not amount or row.get("is_open"):
        return []
    closed_at = utc(row, "close_date")
    fields = {
        **trade.account_fields,
        "type": AccountEventType.FUNDING,
        "symbol": trade.instrument.symbol,
        "amount": amount,
        "currency": trade.instrument.currency,
        "external_id": f"freqtrade-{row['pair']}-{row['id']}-funding",
        "occurred_at": closed_at,
        "raw_payload": row,
    }
    return [account_event(fields)]


def _results(trade: _Trade, orders: list[DatabaseRow]) -> list[ImportItem]:
    """The result that freqtrade states."""
    row = trade.row
    stated = number(row, "realized_profit" if row.get("is_open") else "close_profit_abs")
    if not stated:
        return [Skipped(reason=NOTHING_REALIZED, row=row, location=_place(row), expected=True)]
    if _mode(row) == "MARGIN" or any(number(order, "ft_fee_base") for order in orders):
        return [Remark(text=NOT_COMPARED, row=row, location=_place(row))]
    funding = number(row, "funding_fees") or ZERO if _mode(row) == _FUTURES else ZERO
    exits = sum(1 for order in orders if _is_exit(trade, order))
    return [
        Statement(
            figure=StatedFigure.REALIZED_NET,
            venue=trade.instrument.venue,
            symbol=trade.instrument.symbol,
            currency=trade.instrument.currency,
            amount=subtract(stated, funding),
            fraction_digits=RESULT_DIGITS if exits == 1 else PARTIAL_RESULT_DIGITS,
            row=row,
        )
    ]


def _is_exit(trade: _Trade, order: DatabaseRow) -> bool:
    return bool(number(order, "filled")) and str(order["ft_order_side"]).upper() != trade.entry_side
