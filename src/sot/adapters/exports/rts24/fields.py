"""The 51 fields of RTS 24 (annex, table 2): the value of each in a history, or why there is none."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs

from sot.adapters.exports.rts24 import formats
from sot.adapters.exports.rts24.formats import PRICE, QUANTITY, Format, codes, text_format
from sot.adapters.exports.rts24.records import Code, Record
from sot.domain.orders.request import STOP_PRICED
from sot.domain.values.vocabulary import EventType, Liquidity, OrderType, Side, TimeInForce

ValueOf = Callable[[Record], Any]


@attrs.frozen
class Field:
    """A field.

    Attributes:
        number: The number in the annex.
        title: The title in the annex.
        format: The format.
        value_of: Gives the value for a record; None if a history does not have it.
        rule: Where the value comes from, or why there is none.
    """

    number: int
    title: str
    format: Format
    value_of: ValueOf | None
    rule: str

    def cell(self, record: Record) -> tuple[str, str]:
        """The text for a record, which is empty without a value, and a remark about it."""
        text, remark = self.format.cell(None if self.value_of is None else self.value_of(record))
        return text, remark and f"field {self.number} {remark}"


_VALIDITY = {
    TimeInForce.DAY: "DAVY",
    TimeInForce.GTC: "GTCV",
    TimeInForce.GTD: "GTDV",
    TimeInForce.IOC: "IOCV",
    TimeInForce.FOK: "FOKV",
}
_RESTRICTIONS = {TimeInForce.OPG: "VFAR", TimeInForce.CLS: "VFAR"}
_TYPES = {
    OrderType.LIMIT: "LMTO",
    OrderType.STOP: "STOP",
    OrderType.STOP_LIMIT: "STOP",
    OrderType.TRAILING_STOP: "STOP",
    OrderType.TRAILING_STOP_LIMIT: "STOP",
}
_WAITS_FOR_A_TRIGGER = frozenset({*STOP_PRICED, OrderType.TRAILING_STOP, OrderType.TRAILING_STOP_LIMIT})
_SIDES = {Side.BUY: "BUYI", Side.SELL: "SELL"}
_LIQUIDITY = {Liquidity.MAKER: "PASV", Liquidity.TAKER: "AGRE"}
# More records than one event can have, so that the numbers of different events never overlap.
_RECORDS_OF_AN_EVENT = 1_000_000


def _happened_at(record: Record) -> datetime:
    return record.event.happened_at


def _validity(record: Record) -> str | None:
    return _VALIDITY.get(record.state.time_in_force) if record.state.time_in_force else None


def _restriction(record: Record) -> str | None:
    return _RESTRICTIONS.get(record.state.time_in_force) if record.state.time_in_force else None


def _expires_at(record: Record) -> datetime | None:
    return record.expire_at if record.state.time_in_force is TimeInForce.GTD else None


def _sequence(record: Record) -> int:
    return record.event.sequence * _RECORDS_OF_AN_EVENT + record.number


def _segment(record: Record) -> str | None:
    return formats.mic(record.order.venue)


def _order_book(record: Record) -> str | None:
    return None if formats.isin(record.symbol) else record.symbol


def _isin(record: Record) -> str | None:
    return formats.isin(record.symbol)


def _received_on(record: Record) -> date | None:
    return record.received_at.date() if record.received_at else None


def _order_id(record: Record) -> str:
    return record.state.venue_order_id or record.venue_order_id or record.order.order_id


def _code(record: Record) -> Code | None:
    return record.code


def _type(record: Record) -> str | None:
    return _TYPES.get(record.order.order_type) if record.order.order_type else None


def _classification(record: Record) -> OrderType | None:
    return record.order.order_type


def _is_pegged(record: Record) -> bool:
    return record.order.order_type is OrderType.PEGGED


def _limit_price(record: Record) -> Decimal | None:
    return None if _is_pegged(record) else record.state.limit_price


def _pegged_price(record: Record) -> Decimal | None:
    return record.state.limit_price if _is_pegged(record) else None


def _stop_price(record: Record) -> Decimal | None:
    return record.state.stop_price


def _transaction_price(record: Record) -> Decimal | None:
    return record.fill.price if record.fill and not record.fill.busted else None


def _currency(record: Record) -> str | None:
    return formats.currency(record.quote)


def _notation(record: Record) -> str | None:
    prices = (_limit_price, _pegged_price, _stop_price, _transaction_price)
    return "MONE" if any(price(record) is not None for price in prices) else None


def _side(record: Record) -> str | None:
    return _SIDES.get(record.side) if record.side else None


def _status(record: Record) -> str:
    state = record.state
    if state.suspended:
        return "SUSP"
    waits = record.order.order_type in _WAITS_FOR_A_TRIGGER and not (state.triggered or state.cum_quantity)
    return "INAC" if state.closed or state.done_for_day or waits else "ACTI"


def _unit(record: Record) -> str:
    return "UNIT"


def _initial(record: Record) -> Decimal | None:
    return record.state.order_quantity


def _remaining(record: Record) -> Decimal | None:
    return record.state.leaves_quantity


def _traded(record: Record) -> Decimal | None:
    if record.fill is None:
        return None
    return Decimal(0) if record.fill.busted else record.fill.quantity


def _passive_only(record: Record) -> bool | None:
    return record.request.post_only if record.request else None


def _liquidity(record: Record) -> str | None:
    return _LIQUIDITY.get(record.fill.liquidity) if record.fill and record.fill.liquidity else None


def _group(record: Record) -> str | None:
    return record.request.group_id if record.request else None


def _trade_id(record: Record) -> str | None:
    if record.fill is not None:
        return record.fill.exec_id
    report = record.event.report
    if report is None or record.code is not None or record.event.type is EventType.ORDER_STATUS:
        return None
    return report.exec_ref_id or report.exec_id


FIELDS = (
    Field(1, "Identification of the entity which submitted the order", formats.ENTITY, None, "no LEI is recorded"),
    Field(2, "Direct electronic access", formats.FLAG, None, "how a member gives access is not recorded"),
    Field(3, "Client identification code", formats.PERSON, None, "`account_id` is a name of the application's own"),
    Field(
        4,
        "Investment decision within firm",
        formats.ALGORITHM,
        None,
        "`strategy_code` and `requested_by` do not say whether a person or an algorithm decided, nor a national id",
    ),
    Field(5, "Execution within firm", formats.ALGORITHM, None, "as field 4"),
    Field(6, "Non-executing broker", formats.ENTITY, None, "no LEI is recorded"),
    Field(7, "Trading capacity", codes("DEAL", "MTCH", "AOTC"), None, "it is not recorded"),
    Field(8, "Liquidity provision activity", formats.FLAG, None, "agreements to make a market are not recorded"),
    Field(
        9,
        "Date and time",
        formats.DATE_TIME,
        _happened_at,
        "the venue's time of the event, else when the report arrived, else when it was recorded",
    ),
    Field(
        10,
        "Validity period",
        codes("DAVY", "GTCV", "GTDV", "IOCV", "FOKV"),
        _validity,
        "the time in force DAY, GTC, GTD, IOC or FOK; empty if there is none",
    ),
    Field(11, "Order restriction", codes("VFAR"), _restriction, "the time in force OPG or CLS"),
    Field(
        12,
        "Validity period and time",
        formats.DATE_TIME,
        _expires_at,
        "`expire_at` of a GTD order, from the request or its latest replacement",
    ),
    Field(13, "Priority time stamp", formats.DATE_TIME, None, "the venue's queue is not known"),
    Field(14, "Priority size", QUANTITY, None, "the venue's queue is not known"),
    Field(
        15,
        "Sequence number",
        formats.integer_format(50),
        _sequence,
        "a million times the event's sequence, plus the record's number within the event: it sorts what happened to one"
        " order at the same time; only the venue knows the sequence of events across orders",
    ),
    Field(
        16,
        "Segment MIC code",
        formats.MARKET,
        _segment,
        "`venue`, if it has the form of a MIC (so do not name other venues by four capitals or digits)",
    ),
    Field(
        17,
        "Order book code",
        text_format(11),
        _order_book,
        "`symbol`, if it is no ISIN; for a leg of a strategy that of the leg",
    ),
    Field(
        18,
        "Financial instrument identification code",
        formats.IDENTIFIER,
        _isin,
        "`symbol`, if it is an ISIN with the right check digit",
    ),
    Field(
        19,
        "Date of receipt",
        formats.DATE,
        _received_on,
        "the UTC day of NEW; without NEW, of SUBMITTED",
    ),
    Field(
        20,
        "Order identification code",
        text_format(50),
        _order_id,
        "the venue's id of the order at that time; before the first id, that one; without any, `order_id`",
    ),
    Field(
        21,
        "New order, order modification, order cancellation, order rejection, partial or full execution",
        codes(*Code),
        _code,
        "by the table above; empty for facts without a code in the regulation",
    ),
    Field(
        22,
        "Order type",
        codes("LMTO", "STOP"),
        _type,
        "LMTO for LIMIT, STOP for stop, stop limit and trailing stop orders; other types have codes of the venue",
    ),
    Field(23, "Order type classification", text_format(50), _classification, "`order_type`, in the terms of FIX"),
    Field(24, "Limit price", PRICE, _limit_price, "the limit in force after the event"),
    Field(25, "Additional limit price", PRICE, None, "an order has one limit"),
    Field(26, "Stop price", PRICE, _stop_price, "the stop price in force after the event"),
    Field(27, "Pegged limit price", PRICE, _pegged_price, "the limit of a PEGGED order"),
    Field(
        28,
        "Transaction price",
        PRICE,
        _transaction_price,
        "the price of the execution; empty for one that no longer holds",
    ),
    Field(
        29,
        "Price currency",
        formats.CURRENCY,
        _currency,
        "the quote currency of the instrument, if it is one of ISO 4217",
    ),
    Field(30, "Currency of leg 2", formats.CURRENCY, None, "an instrument has one price currency"),
    Field(31, "Price notation", codes("MONE"), _notation, "prices are quote currency per unit; empty without a price"),
    Field(32, "Buy-sell indicator", codes("BUYI", "SELL"), _side, "`side`"),
    Field(
        33,
        "Order status",
        codes("ACTI", "INAC", "SUSP"),
        _status,
        "after the event: SUSP while suspended; INAC if ended, done for the day or before its trigger; else ACTI",
    ),
    Field(34, "Quantity notation", codes("UNIT"), _unit, "quantities are units, contracts for derivatives"),
    Field(35, "Quantity currency", formats.CURRENCY, None, "only nominal and monetary quantities have one"),
    Field(
        36,
        "Initial quantity",
        QUANTITY,
        _initial,
        "the order's quantity after the event; empty for an order by amount, until the venue reports it",
    ),
    Field(
        37,
        "Remaining quantity including hidden",
        QUANTITY,
        _remaining,
        "what can still be executed after the event: 0 if the order has ended; empty while the quantity is not known",
    ),
    Field(38, "Displayed quantity", QUANTITY, None, "it is not recorded"),
    Field(
        39,
        "Traded quantity",
        QUANTITY,
        _traded,
        "the quantity of the execution from the event on: 0 for one that no longer holds",
    ),
    Field(40, "Minimum acceptable quantity (MAQ)", QUANTITY, None, "it is not recorded"),
    Field(41, "Minimum executable size (MES)", QUANTITY, None, "it is not recorded"),
    Field(42, "MES first execution only", formats.FLAG, None, "it is not recorded"),
    Field(
        43, "Passive only indicator", formats.FLAG, _passive_only, "`post_only` of the request; empty if it has none"
    ),
    Field(
        44,
        "Passive or aggressive indicator",
        codes("PASV", "AGRE"),
        _liquidity,
        "the execution's `liquidity`: PASV for MAKER, AGRE for TAKER",
    ),
    Field(45, "Self-execution prevention", formats.FLAG, None, "it is not recorded"),
    Field(46, "Strategy linked order identification", text_format(50), _group, "`group_id` of the request"),
    Field(47, "Routing strategy", text_format(4), None, "it is not recorded"),
    Field(
        48,
        "Trading venue transaction identification code",
        text_format(52),
        _trade_id,
        "the venue's id of the trade; for a correction or bust that changes nothing, the id in it",
    ),
    Field(49, "Trading phases", text_format(50), None, "market data are not recorded"),
    Field(50, "Indicative auction price", PRICE, None, "market data are not recorded"),
    Field(51, "Indicative auction volume", QUANTITY, None, "market data are not recorded"),
)
"""The fields of an order record in the order of the regulation, with how each is known."""


def mapping() -> str:
    """The fields as the table in the documentation."""
    lines = ["| field | title | format | how it is known |", "| --- | --- | --- | --- |"]
    for field in FIELDS:
        rule = field.rule if field.value_of else f"*empty:* {field.rule}"
        lines.append(f"| {field.number} | {field.title} | `{field.format.name}` | {rule} |")
    return "\n".join(lines) + "\n"
