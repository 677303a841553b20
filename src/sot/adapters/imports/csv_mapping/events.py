"""Rows that are account events."""

from collections.abc import Iterator
from typing import Any

from sot.adapters.imports.csv_mapping.csv_rows import CsvRow
from sot.adapters.imports.csv_mapping.expressions import Remarks, optional_number, optional_text
from sot.adapters.imports.csv_mapping.row_facts import Reading
from sot.adapters.imports.csv_mapping.sections import EventSection
from sot.adapters.imports.values import account_event
from sot.domain.values.vocabulary import AccountEventType
from sot.ports.readers import NOTHING_MOVED, ImportItem, Skipped


def read_event(reading: Reading, section: EventSection, row: CsvRow, remarks: Remarks) -> Iterator[ImportItem]:
    """Read an account event, and its fee as one of its own.

    Raises:
        RowError: The row cannot be read.
    """
    moment = reading.moment(section, row, remarks)
    currency = optional_text(section.currency, row.values)
    moved = _moved(reading, section, row, currency, remarks)
    fees = list(reading.fees(section.fees, row, currency, remarks))
    symbol = optional_text(section.symbol, row.values)
    if section.instrument is not None:
        instrument = reading.instrument(section.instrument, row, remarks)
        symbol = instrument.symbol
        yield instrument
    external_id = optional_text(section.id, row.values) or reading.row_id(row)
    common = {
        **reading.account_fields(section, row),
        "occurred_at": moment.occurred_at,
        "symbol": symbol,
        "reason": optional_text(section.reason, row.values),
        "raw_payload": row.values,
    }
    if moved:
        event_type = section.type.required(row.values).upper()
        yield account_event({**common, **moved, "type": event_type, "external_id": external_id})
    for fee in fees:
        paid = {"type": AccountEventType.FEE_ADJUSTMENT, "amount": -fee.amount, "currency": fee.currency}
        yield account_event({**common, **paid, "external_id": f"{external_id}-fee"})
    if not moved and not fees:
        yield Skipped(reason=NOTHING_MOVED, row=row.values, location=row.location, expected=True)
    if section.balance is not None:
        reading.note_balance(section.balance, section, row, moment)


def _moved(
    reading: Reading, section: EventSection, row: CsvRow, currency: str | None, remarks: Remarks
) -> dict[str, Any]:
    """The money and the units that an event moves; nothing if all are zero."""
    amount = optional_number(section.amount, row.values, remarks)
    quantity = optional_number(section.quantity, row.values, remarks)
    cost = optional_number(section.cost, row.values, remarks)
    if not (amount or quantity or cost):
        return {}
    asset = None if currency is None or amount is None else reading.mapping.asset(currency)
    return {"amount": amount, "currency": asset, "quantity": quantity, "cost": cost}
