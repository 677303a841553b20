"""Findings of reconciliations as a table."""

from collections.abc import Sequence
from decimal import Decimal

from rich.table import Table

from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.entrypoints.terminal import new_table, number, short_time


def findings_table(title: str, findings: Sequence[RecordedReconciliation]) -> Table:
    """A table with a row per finding."""
    keep = ("finding id", "mismatch", "symbol or asset", "here", "there")
    table = new_table(title, keep=keep, ids=("finding id",))
    table.add_column("finding id", no_wrap=True, style="dim")
    for name in ("mismatch", "symbol or asset"):
        table.add_column(name)
    for name in ("here", "there"):
        table.add_column(name, justify="right")
    for name in ("order", "what"):
        table.add_column(name)
    table.add_column("found", no_wrap=True)
    for finding in findings:
        row = finding.row
        table.add_row(
            finding.record_id,
            row.mismatch,
            row.symbol or row.asset or "",
            _status_and_figure(row.local_status, _figure(row.local_quantity, row.local_price)),
            _status_and_figure(row.exchange_status, _figure(row.exchange_quantity, row.exchange_price)),
            _order_name(row),
            _reason(finding),
            short_time(finding.recorded_at),
        )
    return table


def _order_name(row: Reconciliation) -> str:
    order = row.client_order_id or row.venue_order_id or row.order_id or ""
    return f"{order} execution {row.exec_id}" if row.exec_id else order


def _figure(quantity: Decimal | None, price: Decimal | None) -> str:
    return number(quantity) or (f"at {number(price)}" if price is not None else "")


def _status_and_figure(status: str | None, figure: str) -> str:
    return " ".join(part for part in (status, figure) if part)


def _reason(finding: RecordedReconciliation) -> str:
    closed = finding.resolution
    if closed is None:
        return finding.row.reason or ""
    return f"{closed.resolution}{f': {closed.reason}' if closed.reason else ''}"
