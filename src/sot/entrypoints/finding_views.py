"""Findings of reconciliations as a table."""

from collections.abc import Sequence

from rich.table import Table

from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.entrypoints.order_page import listed
from sot.entrypoints.terminal import number, short_time


def findings_table(title: str, findings: Sequence[RecordedReconciliation]) -> Table:
    """One line a finding."""
    table = listed(title)
    for name in ("mismatch", "order", "symbol"):
        table.add_column(name, overflow="fold")
    for name in ("here", "there"):
        table.add_column(name, justify="right", overflow="fold")
    table.add_column("what", overflow="fold")
    table.add_column("found", no_wrap=True)
    table.add_column("finding id", no_wrap=True, style="dim")
    for found in findings:
        row = found.row
        table.add_row(
            row.mismatch,
            _named(row),
            row.symbol or "",
            _figure(row.local_status, number(row.local_quantity)),
            _figure(row.exchange_status, number(row.exchange_quantity)),
            _told(found),
            short_time(found.recorded_at),
            found.record_id,
        )
    return table


def _named(row: Reconciliation) -> str:
    order = row.client_order_id or row.venue_order_id or row.order_id or ""
    return f"{order} execution {row.exec_id}" if row.exec_id else order


def _figure(status: str | None, quantity: str) -> str:
    return " ".join(part for part in (status, quantity) if part)


def _told(found: RecordedReconciliation) -> str:
    closed = found.resolution
    if closed is None:
        return found.row.reason or ""
    return f"{closed.resolution}{f': {closed.reason}' if closed.reason else ''}"
