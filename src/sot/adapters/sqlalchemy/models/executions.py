"""Tables of executions, costs, and profit and loss."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped

from sot.adapters.sqlalchemy.models.base import POSITION_KEY, STRICT, Base, key_column, order_foreign_key
from sot.adapters.sqlalchemy.types import Integer64, Uuid


class OrderFillRow(Base):
    """A fact: one version of an execution. `fees` is a JSON list of amounts with their currencies.

    `happened_at` is the first of `occurred_at`, `received_at` and `recorded_at` that is known.
    """

    __tablename__ = "order_fills"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "order_id", "sequence"],
            ["order_events.account_id", "order_events.order_id", "order_events.sequence"],
        ),
        Index(None, "account_id", "order_id", "exec_id", "leg"),
        Index("ix_order_fills_position", *POSITION_KEY, "happened_at"),
        Index(
            "ix_order_fills_changed",
            *POSITION_KEY,
            sqlite_where=text("version > 0"),
            postgresql_where=text("version > 0"),
        ),
        Index("ix_order_fills_recorded", *POSITION_KEY, "recorded_at", "happened_at"),
        Index(None, "order_id"),
        STRICT,
    )

    account_id: Mapped[str] = key_column()
    order_id: Mapped[str] = key_column(Uuid)
    execution: Mapped[int] = key_column(Integer64)
    version: Mapped[int] = key_column(Integer64)
    sequence: Mapped[int]
    venue: Mapped[str]
    symbol: Mapped[str]
    side: Mapped[str]
    quantity: Mapped[Decimal]
    price: Mapped[Decimal]
    recorded_at: Mapped[datetime]
    busted: Mapped[bool]
    exec_id: Mapped[str | None]
    first_exec_id: Mapped[str | None]
    leg: Mapped[str]
    fees: Mapped[str]
    liquidity: Mapped[str | None]
    reporting_type: Mapped[str | None]
    in_legs: Mapped[bool]
    split_factor: Mapped[Decimal]
    venue_order_id: Mapped[str | None]
    occurred_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    venue_time_ns: Mapped[int | None]
    venue_sequence: Mapped[int | None]
    amount: Mapped[Decimal | None]
    venue_account: Mapped[str]
    position_side: Mapped[str]
    position_id: Mapped[str]
    happened_at: Mapped[datetime]


class OrderCostsRow(Base):
    """Derived: the costs of an order. `venue`, `symbol` and `valid_from` are the key of the instrument."""

    __tablename__ = "order_costs"
    __table_args__ = (order_foreign_key(), Index(None, "order_id"), STRICT)

    account_id: Mapped[str] = key_column()
    order_id: Mapped[str] = key_column(Uuid)
    venue: Mapped[str | None]
    symbol: Mapped[str | None]
    valid_from: Mapped[datetime | None]
    currency: Mapped[str | None]
    quantity: Mapped[Decimal]
    weighted: Mapped[Decimal]
    notional: Mapped[Decimal]
    maker_notional: Mapped[Decimal]
    taker_notional: Mapped[Decimal]
    fees: Mapped[str]
    paid_in_quantity: Mapped[Decimal]
    paid_in_quantity_value: Mapped[Decimal]
    decision_price: Mapped[Decimal | None]


class OrderPnlRow(Base):
    """Derived: an order's profit and loss at a mark. `rates`, `fees` and `unvalued` are JSON: amounts by currency."""

    __tablename__ = "order_pnl"
    __table_args__ = (order_foreign_key(), Index(None, "order_id"), STRICT)

    account_id: Mapped[str] = key_column()
    order_id: Mapped[str] = key_column(Uuid)
    sequence: Mapped[int] = key_column(Integer64)
    mark: Mapped[Decimal]
    rates: Mapped[str]
    currency: Mapped[str]
    cost_basis: Mapped[Decimal]
    unrealized: Mapped[Decimal]
    realized: Mapped[Decimal]
    net: Mapped[Decimal]
    fees: Mapped[str]
    unvalued: Mapped[str]
    calculated_at: Mapped[datetime]
