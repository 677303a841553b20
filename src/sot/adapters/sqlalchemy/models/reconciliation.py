"""The table of reconciliation rows."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from sot.adapters.sqlalchemy.models.base import STRICT, Base, key_column, reconciliation_index, uuid_column
from sot.adapters.sqlalchemy.types import Uuid


def _foreign_key_to_own_table(name: str) -> ForeignKeyConstraint:
    table = "exchange_reconciliation"
    return ForeignKeyConstraint(["account_id", name], [f"{table}.account_id", f"{table}.record_id"])


class ReconciliationRow(Base):
    """A fact about a comparison with a venue: a run, one of its inputs, a finding, or the resolution of a finding.

    `number` is that of an INPUT, `finding_id` the finding that a RESOLUTION closes; `inputs` is JSON. `order_id` is no
    foreign key: an archive of one month may begin in the middle of an order.
    """

    __tablename__ = "exchange_reconciliation"
    __table_args__ = (
        UniqueConstraint("account_id", "finding_id"),
        UniqueConstraint("account_id", "run_id", "number"),
        _foreign_key_to_own_table("run_id"),
        _foreign_key_to_own_table("finding_id"),
        reconciliation_index("recorded"),
        reconciliation_index("place", "venue", "venue_account", "type"),
        reconciliation_index("run", "run_id"),
        reconciliation_index("subject", "subject"),
        reconciliation_index("type", "type"),
        Index("ix_exchange_reconciliation_all", "type", "recorded_at", "record_id"),
        Index(None, "order_id"),
        Index(None, "record_id"),
        STRICT,
    )

    account_id: Mapped[str] = key_column()
    record_id: Mapped[str] = key_column(Uuid)
    type: Mapped[str]
    venue: Mapped[str]
    venue_account: Mapped[str]
    run_id: Mapped[str | None] = uuid_column()
    number: Mapped[int | None]
    finding_id: Mapped[str | None] = uuid_column()
    subject: Mapped[str | None]
    mismatch: Mapped[str | None]
    order_id: Mapped[str | None] = uuid_column()
    client_order_id: Mapped[str | None]
    venue_order_id: Mapped[str | None]
    exec_id: Mapped[str | None]
    leg: Mapped[str]
    symbol: Mapped[str | None]
    position_side: Mapped[str | None]
    position_id: Mapped[str]
    local_status: Mapped[str | None]
    exchange_status: Mapped[str | None]
    local_quantity: Mapped[Decimal | None]
    exchange_quantity: Mapped[Decimal | None]
    resolution: Mapped[str | None]
    reason: Mapped[str | None]
    actor: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    inputs: Mapped[str | None]
    recorded_at: Mapped[datetime]
    body: Mapped[str]
    hash: Mapped[str]
