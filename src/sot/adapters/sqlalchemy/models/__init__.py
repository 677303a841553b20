"""The tables, as declarative models that an application may join in its own queries.

Facts have typed columns to search by, their canonical `body` and its `hash`. `account_id` comes first in every key, so
that the schema can be distributed by account; ids that are unique everywhere have a plain index each.
"""

from sqlalchemy import CheckConstraint, Table

from sot.adapters.sqlalchemy.models.access import ApiKeyRow, IdempotencyRecordRow
from sot.adapters.sqlalchemy.models.accounting import AccountEventRow, PositionRow, PositionSnapshotRow
from sot.adapters.sqlalchemy.models.audit import CheckpointRow, FeedRow
from sot.adapters.sqlalchemy.models.base import POSITION_KEY, VERSION, Base, SchemaRow, metadata, revisions
from sot.adapters.sqlalchemy.models.executions import OrderCostsRow, OrderFillRow, OrderPnlRow
from sot.adapters.sqlalchemy.models.orders import (
    DecisionContextRow,
    InstrumentRow,
    OrderEventRow,
    OrderIdentifierRow,
    OrderRequestRow,
    OrderRow,
    OrderStateRow,
    RiskCheckRow,
    UnattributedReportRow,
    WaitingReportRow,
    WithdrawalRow,
)
from sot.adapters.sqlalchemy.models.reconciliation import ReconciliationRow
from sot.adapters.sqlalchemy.types import Amount

FACTS = tuple(
    metadata.tables[name]
    for name in (
        "instruments",
        "order_requests",
        "order_decision_context",
        "order_risk_checks",
        "order_request_withdrawals",
        "order_events",
        "order_fills",
        "unattributed_reports",
        "account_events",
        "checkpoints",
        "fact_feed",
        "exchange_reconciliation",
    )
)
API_KEYS = metadata.tables["api_keys"]
IDEMPOTENCY_RECORDS = metadata.tables["idempotency_records"]


def _allow_finite_amounts_only(table: Table) -> None:
    for column in table.columns:
        if isinstance(column.type, Amount):
            # NaN sorts above Infinity in PostgreSQL, so that one range keeps out all three.
            condition = f"{column.name} > '-Infinity' AND {column.name} < 'Infinity'"
            table.append_constraint(
                CheckConstraint(condition, name=f"{column.name}_finite").ddl_if(dialect="postgresql")
            )


for _table in list(metadata.tables.values()):
    _allow_finite_amounts_only(_table)

__all__ = [
    "API_KEYS",
    "FACTS",
    "IDEMPOTENCY_RECORDS",
    "POSITION_KEY",
    "VERSION",
    "AccountEventRow",
    "ApiKeyRow",
    "Base",
    "CheckpointRow",
    "DecisionContextRow",
    "FeedRow",
    "IdempotencyRecordRow",
    "InstrumentRow",
    "OrderCostsRow",
    "OrderEventRow",
    "OrderFillRow",
    "OrderIdentifierRow",
    "OrderPnlRow",
    "OrderRequestRow",
    "OrderRow",
    "OrderStateRow",
    "PositionRow",
    "PositionSnapshotRow",
    "ReconciliationRow",
    "RiskCheckRow",
    "SchemaRow",
    "UnattributedReportRow",
    "WaitingReportRow",
    "WithdrawalRow",
    "metadata",
    "revisions",
]
