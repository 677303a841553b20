"""Tables of instruments, requests, reports, and orders with their events."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from sot.adapters.sqlalchemy.models.base import (
    STRICT,
    WITHOUT_ROWID,
    Base,
    key_column,
    order_foreign_key,
    page_indexes,
    partial_index,
    request_foreign_key,
    uuid_column,
)
from sot.adapters.sqlalchemy.types import Integer64, UtcTime, Uuid


class InstrumentRow(Base):
    """A fact: one version of an instrument. `number` counts those with the same `valid_from`."""

    __tablename__ = "instruments"
    __table_args__ = (STRICT,)

    account_id: Mapped[str] = key_column()
    venue: Mapped[str] = key_column()
    symbol: Mapped[str] = key_column()
    valid_from: Mapped[datetime] = key_column(UtcTime)
    number: Mapped[int] = key_column(Integer64)
    kind: Mapped[str]
    base: Mapped[str]
    quote: Mapped[str]
    settle: Mapped[str]
    multiplier: Mapped[Decimal]
    inverse: Mapped[bool]
    body: Mapped[str]
    hash: Mapped[str]


class OrderRequestRow(Base):
    """A fact: a request."""

    __tablename__ = "order_requests"
    __table_args__ = (
        UniqueConstraint("account_id", "idempotency_key"),
        UniqueConstraint("account_id", "venue", "venue_account", "id_scope", "client_order_id"),
        Index(None, "account_id", "client_order_id"),
        *page_indexes("order_requests", "recorded_at", "request_id", "symbol", "strategy_code"),
        Index(None, "request_id"),
        STRICT,
    )

    account_id: Mapped[str] = key_column()
    request_id: Mapped[str] = key_column(Uuid)
    recorded_at: Mapped[datetime]
    idempotency_key: Mapped[str]
    action: Mapped[str]
    client_order_id: Mapped[str | None]
    id_scope: Mapped[str]
    target_order_id: Mapped[str | None] = uuid_column()
    source: Mapped[str | None]
    source_ref: Mapped[str | None]
    venue: Mapped[str | None]
    venue_account: Mapped[str]
    symbol: Mapped[str | None]
    side: Mapped[str | None]
    order_type: Mapped[str | None]
    quantity: Mapped[Decimal | None]
    quote_quantity: Mapped[Decimal | None]
    limit_price: Mapped[Decimal | None]
    stop_price: Mapped[Decimal | None]
    time_in_force: Mapped[str | None]
    strategy_code: Mapped[str | None]
    requested_by: Mapped[str | None]
    requested_at: Mapped[datetime | None]
    retry_of: Mapped[str | None] = uuid_column()
    parent_id: Mapped[str | None] = uuid_column()
    group_id: Mapped[str | None]
    body: Mapped[str]
    hash: Mapped[str]
    trace: Mapped[str | None]


class DecisionContextRow(Base):
    """A fact: the decision context of a request."""

    __tablename__ = "order_decision_context"
    __table_args__ = (request_foreign_key(), Index(None, "request_id"), STRICT)

    account_id: Mapped[str] = key_column()
    request_id: Mapped[str] = key_column(Uuid)
    signal_strength: Mapped[Decimal | None]
    decision_price: Mapped[Decimal | None]
    body: Mapped[str]
    hash: Mapped[str]


class RiskCheckRow(Base):
    """A fact: the result of a risk check of a request."""

    __tablename__ = "order_risk_checks"
    __table_args__ = (request_foreign_key(), Index(None, "request_id"), STRICT)

    account_id: Mapped[str] = key_column()
    request_id: Mapped[str] = key_column(Uuid)
    number: Mapped[int] = key_column(Integer64)
    rule_code: Mapped[str]
    passed: Mapped[bool]
    message: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    body: Mapped[str]
    hash: Mapped[str]


class WithdrawalRow(Base):
    """A fact: the withdrawal of a request."""

    __tablename__ = "order_request_withdrawals"
    __table_args__ = (request_foreign_key(), Index(None, "request_id"), STRICT)

    account_id: Mapped[str] = key_column()
    request_id: Mapped[str] = key_column(Uuid)
    reason: Mapped[str | None]
    actor: Mapped[str | None]
    occurred_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    body: Mapped[str]
    hash: Mapped[str]


class UnattributedReportRow(Base):
    """A fact: a report whose order was unknown when it was recorded."""

    __tablename__ = "unattributed_reports"
    __table_args__ = (UniqueConstraint("account_id", "said"), Index(None, "report_id"), STRICT)

    account_id: Mapped[str] = key_column()
    report_id: Mapped[str] = key_column(Uuid)
    type: Mapped[str]
    venue: Mapped[str | None]
    symbol: Mapped[str | None]
    client_order_id: Mapped[str | None]
    venue_order_id: Mapped[str | None]
    exec_id: Mapped[str | None]
    occurred_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    said: Mapped[str]
    body: Mapped[str]
    hash: Mapped[str]


class WaitingReportRow(Base):
    """Derived: an identifier for which a report waits. Every waiting report has a row with empty kind and value."""

    __tablename__ = "waiting_reports"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "report_id"], ["unattributed_reports.account_id", "unattributed_reports.report_id"]
        ),
        Index(None, "account_id", "report_id"),
        Index(None, "report_id"),
        WITHOUT_ROWID,
    )

    account_id: Mapped[str] = key_column()
    kind: Mapped[str] = key_column()
    value: Mapped[str] = key_column()
    report_id: Mapped[str] = key_column(Uuid)


class OrderRow(Base):
    """Derived: an order with the cached fold of its events. `state` is all of the fold as JSON; `notional` is exact."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("account_id", "request_id"),
        request_foreign_key(),
        *page_indexes("orders", "created_at", "order_id", "venue", "symbol", "strategy_code", "status"),
        partial_index("orders_open", "is_open", "account_id", "is_open", "created_at", "order_id"),
        partial_index("orders_in_doubt", "in_doubt", "account_id", "in_doubt", "created_at", "order_id"),
        Index(None, "order_id"),
        STRICT,
    )

    account_id: Mapped[str] = key_column()
    order_id: Mapped[str] = key_column(Uuid)
    request_id: Mapped[str | None] = uuid_column()
    venue: Mapped[str]
    venue_account: Mapped[str]
    id_scope: Mapped[str]
    symbol: Mapped[str]
    side: Mapped[str | None]
    order_type: Mapped[str | None]
    strategy_code: Mapped[str | None]
    status: Mapped[str]
    is_open: Mapped[bool]
    in_doubt: Mapped[bool]
    order_quantity: Mapped[Decimal | None]
    cum_quantity: Mapped[Decimal]
    leaves_quantity: Mapped[Decimal | None]
    notional: Mapped[Decimal]
    client_order_id: Mapped[str | None]
    venue_order_id: Mapped[str | None]
    last_sequence: Mapped[int]
    last_hash: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime | None]
    state: Mapped[str]


class OrderIdentifierRow(Base):
    """Derived: an identifier by which an order is or was known."""

    __tablename__ = "order_identifiers"
    __table_args__ = (
        order_foreign_key(),
        Index(None, "account_id", "order_id"),
        Index(None, "order_id"),
        WITHOUT_ROWID,
    )

    account_id: Mapped[str] = key_column()
    kind: Mapped[str] = key_column()
    value: Mapped[str] = key_column()
    venue: Mapped[str] = key_column()
    venue_account: Mapped[str] = key_column()
    id_scope: Mapped[str] = key_column()
    order_id: Mapped[str] = key_column(Uuid)


class OrderEventRow(Base):
    """A fact: an event of an order. `exec_id` and `leg` are set if they identify an execution."""

    __tablename__ = "order_events"
    __table_args__ = (
        order_foreign_key(),
        request_foreign_key(),
        ForeignKeyConstraint(
            ["account_id", "report_id"], ["unattributed_reports.account_id", "unattributed_reports.report_id"]
        ),
        UniqueConstraint("account_id", "order_id", "said"),
        Index(None, "account_id", "order_id", "exec_id", "leg"),
        Index(None, "account_id", "request_id"),
        Index(None, "order_id"),
        partial_index("order_events_of_report", "report_id IS NOT NULL", "account_id", "report_id"),
        STRICT,
    )

    account_id: Mapped[str] = key_column()
    order_id: Mapped[str] = key_column(Uuid)
    sequence: Mapped[int] = key_column(Integer64)
    type: Mapped[str]
    origin: Mapped[str]
    actor: Mapped[str | None]
    occurred_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    exec_id: Mapped[str | None]
    leg: Mapped[str | None]
    exec_ref_id: Mapped[str | None]
    client_order_id: Mapped[str | None]
    venue_order_id: Mapped[str | None]
    last_quantity: Mapped[Decimal | None]
    last_price: Mapped[Decimal | None]
    reported_status: Mapped[str | None]
    anomalies: Mapped[str]
    request_id: Mapped[str | None] = uuid_column()
    report_id: Mapped[str | None] = uuid_column()
    said: Mapped[str | None]
    prev_hash: Mapped[str]
    body: Mapped[str]
    hash: Mapped[str]
    trace: Mapped[str | None]


class OrderStateRow(Base):
    """Derived: the state of an order after one of its events, from which a past state is folded.

    `happened_at` is the latest time at which an event up to this one happened.
    """

    __tablename__ = "order_states"
    __table_args__ = (order_foreign_key(), WITHOUT_ROWID)

    account_id: Mapped[str] = key_column()
    order_id: Mapped[str] = key_column(Uuid)
    sequence: Mapped[int] = key_column(Integer64)
    recorded_at: Mapped[datetime]
    happened_at: Mapped[datetime]
    state: Mapped[str]
