"""The tables as declarative models, which an application may join in its own queries.

1. `account_id` comes first in every key, so that the schema can be distributed by account. Ids that are unique
   everywhere have a plain index each.
2. Facts have typed columns to search by, their canonical `body` and its `hash`. Triggers keep them append-only.
3. Derived rows (`orders` and what is computed from events) can be dropped and rebuilt.
4. The column `said` is the content digest of a report or an account event, or the digest of a local event.

`docs/reference/schema.md` lists the tables.
"""

from collections.abc import Callable

from sqlalchemy import CheckConstraint, Table

from sot.adapters.sqlalchemy.models.access import ApiKeyRow, IdempotencyRecordRow
from sot.adapters.sqlalchemy.models.accounting import (
    POSITION_IS_OPEN,
    AccountEventRow,
    PositionRow,
    PositionSnapshotRow,
)
from sot.adapters.sqlalchemy.models.audit import CheckpointRow, FeedRow
from sot.adapters.sqlalchemy.models.base import POSITION_KEY, VERSION, Base, SchemaRow, metadata, revision_of, revisions
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
"""The tables of facts, which are only appended to."""

API_KEYS = metadata.tables["api_keys"]
"""The table of API keys."""

IDEMPOTENCY_RECORDS = metadata.tables["idempotency_records"]
"""The table of responses to an `Idempotency-Key`."""


def add_finite_constraints(table: Table, name: Callable[[str], str] = str) -> None:
    """Let PostgreSQL refuse amounts that are infinite or no number; `name` gives the names of the constraints."""
    for column in table.columns:
        if isinstance(column.type, Amount):
            # PostgreSQL sorts NaN above Infinity: one range excludes NaN and both infinities.
            condition = f"{column.name} > '-Infinity' AND {column.name} < 'Infinity'"
            constraint = CheckConstraint(condition, name=name(f"{column.name}_finite"))
            table.append_constraint(constraint.ddl_if(dialect="postgresql"))


for _table in list(metadata.tables.values()):
    add_finite_constraints(_table)

__all__ = [
    "API_KEYS",
    "FACTS",
    "IDEMPOTENCY_RECORDS",
    "POSITION_IS_OPEN",
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
    "add_finite_constraints",
    "metadata",
    "revision_of",
    "revisions",
]
