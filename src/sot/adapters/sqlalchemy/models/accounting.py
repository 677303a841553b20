"""Tables of account events and positions."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from sot.adapters.sqlalchemy.models.base import (
    POSITION_KEY,
    STRICT,
    WITHOUT_ROWID,
    Base,
    key_column,
    page_indexes,
    partial_index,
    uuid_column,
)
from sot.adapters.sqlalchemy.types import Uuid

POSITION_IS_OPEN = "quantity <> '0' OR missing_traded <> '0' OR missing_moved <> '0'"
"""`PositionState.is_open` in SQL."""


class AccountEventRow(Base):
    """A fact: what moved a position or its result without an order.

    `counts` is false if the event contradicts an earlier one. `replaces` is set only if the event counts.
    """

    __tablename__ = "account_events"
    __table_args__ = (
        UniqueConstraint("account_id", "said"),
        UniqueConstraint("account_id", "identity"),
        UniqueConstraint("account_id", "replaces"),
        Index(None, "account_id", "venue", "symbol", "occurred_at"),
        *page_indexes("account_events", "recorded_at", "event_id", "symbol"),
        Index(None, "event_id"),
        partial_index(
            "account_events_to_symbol", "to_symbol IS NOT NULL", "account_id", "venue", "to_symbol", "occurred_at"
        ),
        STRICT,
    )

    account_id: Mapped[str] = key_column()
    event_id: Mapped[str] = key_column(Uuid)
    type: Mapped[str]
    venue: Mapped[str]
    venue_account: Mapped[str]
    symbol: Mapped[str | None]
    position_side: Mapped[str]
    position_id: Mapped[str]
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None]
    quantity: Mapped[Decimal | None]
    cost: Mapped[Decimal | None]
    split_to: Mapped[Decimal | None]
    split_from: Mapped[Decimal | None]
    price: Mapped[Decimal | None]
    cost_share: Mapped[Decimal | None]
    to_symbol: Mapped[str | None]
    to_quantity: Mapped[Decimal | None]
    order_id: Mapped[str | None] = uuid_column()
    strategy_code: Mapped[str | None]
    external_id: Mapped[str | None]
    replaces: Mapped[str | None] = uuid_column()
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    counts: Mapped[bool]
    anomalies: Mapped[str]
    said: Mapped[str]
    identity: Mapped[str]
    body: Mapped[str]
    hash: Mapped[str]


class _PositionColumns:
    """The state of a position. `fees` and the results are JSON: amounts by currency or by type."""

    quantity: Mapped[Decimal]
    entry_value: Mapped[Decimal]
    open_fees: Mapped[Decimal]
    realized_gross: Mapped[Decimal]
    closed_fees: Mapped[Decimal]
    fees: Mapped[str]
    fees_in_quantity: Mapped[Decimal]
    unvalued: Mapped[str]
    account_results: Mapped[str]
    unvalued_results: Mapped[str]
    missing_traded: Mapped[Decimal]
    missing_moved: Mapped[Decimal]
    order_assumed: Mapped[bool]
    moment_sides: Mapped[int]
    opened_at: Mapped[datetime | None]
    entries: Mapped[int]
    last_at: Mapped[datetime]
    carried: Mapped[bool]
    checkpointed: Mapped[int]


class PositionRow(_PositionColumns, Base):
    """Derived: a position by the method AVERAGE, with amounts in `currency`.

    `entry_value` divided by quantity and multiplier is the average entry price. `last_key` is the fold key of the last
    entry.
    """

    __tablename__ = "positions"
    __table_args__ = (partial_index("positions_open", POSITION_IS_OPEN, *POSITION_KEY), WITHOUT_ROWID)

    account_id: Mapped[str] = key_column()
    venue: Mapped[str] = key_column()
    symbol: Mapped[str] = key_column()
    position_side: Mapped[str] = key_column()
    position_id: Mapped[str] = key_column()
    venue_account: Mapped[str] = key_column()
    currency: Mapped[str]
    last_key: Mapped[str]


class PositionSnapshotRow(_PositionColumns, Base):
    """Derived: the state of a position after an earlier entry, from which its fold can continue."""

    __tablename__ = "position_checkpoints"
    __table_args__ = (WITHOUT_ROWID,)

    account_id: Mapped[str] = key_column()
    venue: Mapped[str] = key_column()
    symbol: Mapped[str] = key_column()
    position_side: Mapped[str] = key_column()
    position_id: Mapped[str] = key_column()
    venue_account: Mapped[str] = key_column()
    last_key: Mapped[str] = key_column()
