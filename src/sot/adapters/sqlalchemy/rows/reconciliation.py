"""Reconciliation rows, and back."""

from typing import Any

from sot.adapters.sqlalchemy.rows.support import Values, field_names, pick
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.canonical import read_canonical
from sot.domain.values.documents import document_text

_RECONCILIATION = field_names(
    Reconciliation,
    "account_id record_id type venue venue_account run_id subject mismatch order_id client_order_id venue_order_id"
    " exec_id leg symbol position_side position_id local_status exchange_status local_quantity exchange_quantity"
    " resolution reason actor checked_at",
)


def reconciliation_row(recorded: RecordedReconciliation) -> Values:
    """A row of `exchange_reconciliation`."""
    said = recorded.row
    row = pick(said, _RECONCILIATION)
    row["number"] = recorded.part
    row["finding_id"] = recorded.closes
    row["inputs"] = None if said.inputs is None else document_text(said.inputs)
    row["recorded_at"] = recorded.recorded_at
    row["body"] = said.canonical()
    row["hash"] = recorded.hash
    return row


def reconciliation_of(row: Any) -> RecordedReconciliation:
    """The row of a reconciliation of a row of `exchange_reconciliation` that has what closes it beside."""
    closing = row.closing_body
    return RecordedReconciliation(
        row=Reconciliation.from_trusted(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        hash=row.hash,
        resolution=None if closing is None else Reconciliation.from_trusted(read_canonical(closing)),
    )
