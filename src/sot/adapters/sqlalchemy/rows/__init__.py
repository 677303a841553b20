"""Conversions between values of the domain and rows of the tables.

`<name>_row` returns the columns of a value, `<name>_of` the value of a row. `read` wraps the second: a row that cannot
be read raises StoreDamaged.
"""

from sot.adapters.sqlalchemy.rows.access import api_key_of, api_key_row, idempotency_record_of, idempotency_record_row
from sot.adapters.sqlalchemy.rows.accounting import (
    account_event_of,
    account_event_row,
    costs_of,
    costs_row,
    pnl_of,
    pnl_row,
    position_key,
    position_of,
    position_row,
)
from sot.adapters.sqlalchemy.rows.events import columns_of_fill, event_of, event_row, fill_of, fill_row
from sot.adapters.sqlalchemy.rows.orders import (
    COMPUTED_OF_STATE,
    check_of,
    check_row,
    columns_of_state,
    context_row,
    instrument_row,
    order_of,
    order_row,
    report_of,
    report_row,
    request_of,
    request_row,
    state_of,
    state_row,
    withdrawal_row,
)
from sot.adapters.sqlalchemy.rows.reconciliation import reconciliation_of, reconciliation_row
from sot.adapters.sqlalchemy.rows.support import read

__all__ = [
    "COMPUTED_OF_STATE",
    "account_event_of",
    "account_event_row",
    "api_key_of",
    "api_key_row",
    "check_of",
    "check_row",
    "columns_of_fill",
    "columns_of_state",
    "context_row",
    "costs_of",
    "costs_row",
    "event_of",
    "event_row",
    "fill_of",
    "fill_row",
    "idempotency_record_of",
    "idempotency_record_row",
    "instrument_row",
    "order_of",
    "order_row",
    "pnl_of",
    "pnl_row",
    "position_key",
    "position_of",
    "position_row",
    "read",
    "reconciliation_of",
    "reconciliation_row",
    "report_of",
    "report_row",
    "request_of",
    "request_row",
    "state_of",
    "state_row",
    "withdrawal_row",
]
