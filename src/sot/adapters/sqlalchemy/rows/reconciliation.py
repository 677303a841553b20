"""Reconciliation rows, and back."""

from typing import Any

from sot.adapters.sqlalchemy.rows.support import Values, picker
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.canonical import read_canonical
from sot.domain.values.documents import document_text

_pick_reconciliation = picker(
    Reconciliation,
    "account_id record_id type venue venue_account run_id subject mismatch order_id client_order_id venue_order_id"
    " exec_id leg symbol position_side position_id local_status exchange_status local_quantity exchange_quantity"
    " resolution reason actor checked_at",
)


def reconciliation_row(recorded: RecordedReconciliation) -> Values:
    """Return the row of `exchange_reconciliation`."""
    content = recorded.row
    row = _pick_reconciliation(content)
    row["number"] = recorded.part
    row["finding_id"] = recorded.closes
    row["inputs"] = None if content.inputs is None else document_text(content.inputs)
    row["recorded_at"] = recorded.recorded_at
    row["body"] = content.canonical()
    row["hash"] = recorded.hash
    return row


def reconciliation_of(row: Any) -> RecordedReconciliation:
    """Return the reconciliation row of a row of `exchange_reconciliation` with the body of its resolution."""
    resolution = row.resolution_body
    return RecordedReconciliation(
        row=Reconciliation.from_trusted(read_canonical(row.body)),
        recorded_at=row.recorded_at,
        hash=row.hash,
        resolution=None if resolution is None else Reconciliation.from_trusted(read_canonical(resolution)),
    )
