"""Rows that are executions."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sot.adapters.imports.csv_mapping.csv_rows import CsvRow
from sot.adapters.imports.csv_mapping.expressions import (
    Expression,
    NumberExpression,
    Remarks,
    optional_number,
    optional_text,
)
from sot.adapters.imports.csv_mapping.row_facts import Reading
from sot.adapters.imports.csv_mapping.sections import Realized, TradeSection
from sot.adapters.imports.figures import price_of
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.values import report
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import FRACTION_DIGITS, ZERO
from sot.domain.values.vocabulary import EventType, Side
from sot.ports.readers import ImportItem, Statement

AMOUNT_DIFFERS = "the amount is not quantity by price, rounded; it was left out"


def read_trade(reading: Reading, section: TradeSection, row: CsvRow, remarks: Remarks) -> Iterator[ImportItem]:
    """Read an execution, with its instrument.

    Raises:
        RowError: The row cannot be read.
    """
    moment = reading.moment(section, row, remarks)
    instrument = reading.instrument(section.instrument, row, remarks)
    quantity = _needed(section.quantity, row, remarks)
    price, amount = _price_and_amount(section, row, quantity.copy_abs(), instrument, remarks)
    exec_id = optional_text(section.exec_id, row.values) or reading.row_id(row)
    client_order_id = optional_text(section.client_order_id, row.values)
    fields: dict[str, Any] = {
        **reading.account_fields(section, row),
        "type": EventType.TRADE,
        "exec_id": exec_id,
        "client_order_id": client_order_id,
        "venue_order_id": optional_text(section.order_id, row.values) or (None if client_order_id else exec_id),
        "symbol": instrument.symbol,
        "side": _side(section, row, quantity),
        "last_quantity": quantity.copy_abs(),
        "last_price": price,
        "last_amount": amount,
        "fees": list(reading.fees(section.fees, row, instrument.currency, remarks)),
        "liquidity": _word(section.liquidity, row),
        "position_side": _word(section.position_side, row),
        "text": optional_text(section.text, row.values),
        "occurred_at": moment.occurred_at,
        "venue_time_ns": moment.venue_time_ns,
        "venue_sequence": moment.number,
        "raw_payload": row.values,
    }
    yield instrument
    yield report(fields)
    if section.realized is not None:
        yield from _stated_result(reading, section.realized, instrument, row, remarks)
    if section.balance is not None:
        reading.note_balance(section.balance, section, row, moment)


def _stated_result(
    reading: Reading, stated: Realized, instrument: Instrument, row: CsvRow, remarks: Remarks
) -> Iterator[Statement]:
    """The result that the row states, if it does."""
    amount = stated.amount.number(row.values, remarks)
    if amount is None:
        return
    digits = stated.amount.digits(row.values) if stated.digits is None else stated.digits
    yield Statement(
        figure=stated.figure,
        venue=reading.venue,
        symbol=instrument.symbol,
        currency=reading.mapping.asset(optional_text(stated.currency, row.values) or instrument.currency),
        amount=amount,
        fraction_digits=min(digits, FRACTION_DIGITS),
        method=stated.method,
        row=row.values,
    )


def _side(section: TradeSection, row: CsvRow, quantity: Decimal) -> Side:
    """The side that the row names; else the sign of the quantity."""
    if section.side is None:
        return Side.SELL if quantity < ZERO else Side.BUY
    word = section.side.required(row.values)
    try:
        return Side(word.upper())
    except ValueError:
        raise RowError(f"{section.side.label}: {word!r} is neither BUY nor SELL; give words") from None


def _price_and_amount(
    section: TradeSection, row: CsvRow, quantity: Decimal, instrument: Instrument, remarks: Remarks
) -> tuple[Decimal, Decimal | None]:
    """The price, and the money that moved where the row states it and it is the exact value, rounded."""
    price = optional_number(section.price, row.values, remarks)
    amount = optional_number(section.amount, row.values, remarks)
    if price is None and amount is None:
        raise RowError("the row has neither price nor amount")
    if price is None:
        assert amount is not None
        return price_of(quantity, amount.copy_abs(), instrument), amount.copy_abs()
    if amount is None:
        return price, None
    amount = amount if price < ZERO else amount.copy_abs()
    if instrument.believes(quantity, price, amount):
        return price, amount
    remarks.append(AMOUNT_DIFFERS)
    return price, None


def _needed(expression: NumberExpression, row: CsvRow, remarks: Remarks) -> Decimal:
    number = expression.number(row.values, remarks)
    if not number:
        raise RowError(f"{expression.label} is empty or zero ({expression.name})")
    return number


def _word(expression: Expression | None, row: CsvRow) -> str | None:
    text = optional_text(expression, row.values)
    return None if text is None else text.upper()
