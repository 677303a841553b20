"""Rows that are account events."""

from collections.abc import Iterator

from sot.adapters.imports.csv_mapping.csv_rows import CsvRow
from sot.adapters.imports.csv_mapping.expressions import Remarks, optional_number, optional_text
from sot.adapters.imports.csv_mapping.row_facts import Reading
from sot.adapters.imports.csv_mapping.sections import EventSection
from sot.adapters.imports.row_error import RowError
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import AccountEventType
from sot.ports.readers import NOTHING_MOVED, ImportItem, Skipped


def read_event(reading: Reading, section: EventSection, row: CsvRow, remarks: Remarks) -> Iterator[ImportItem]:
    """Read an account event, and its fee as one of its own.

    Raises:
        RowError: The row cannot be read.
    """
    moment = reading.moment(section, row, remarks)
    currency = optional_text(section.currency, row.values)
    amount = optional_number(section.amount, row.values, remarks)
    quantity = optional_number(section.quantity, row.values, remarks)
    cost = optional_number(section.cost, row.values, remarks)
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
    moves = amount or quantity or cost
    if moves:
        yield _event(
            {
                **common,
                "type": section.type.required(row.values).upper(),
                "external_id": external_id,
                "amount": amount,
                "currency": None if currency is None or amount is None else reading.mapping.asset(currency),
                "quantity": quantity,
                "cost": cost,
            }
        )
    for fee in fees:
        yield _event(
            {
                **common,
                "type": AccountEventType.FEE_ADJUSTMENT,
                "external_id": f"{external_id}-fee",
                "amount": -fee.amount,
                "currency": fee.currency,
            }
        )
    if not moves and not fees:
        yield Skipped(reason=NOTHING_MOVED, row=row.values, location=row.location, expected=True)
    if section.balance is not None:
        reading.note_balance(section.balance, section, row, moment)


def _event(fields: dict[str, object]) -> AccountEvent:
    try:
        return AccountEvent.read({name: value for name, value in fields.items() if value is not None})
    except InvalidInput as error:
        raise RowError(str(error)) from None
