"""The tables, as declarative models that an application may join in its own queries.

Facts have typed columns to search by, their canonical `body` and its `hash`. `account_id` comes first in every key, so
that the schema can be distributed by account; ids that are unique everywhere have a plain index each.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy import Identity as Numbered
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sot.adapters.sqlalchemy.types import Amount, Count, Flag, Identity, Moment, Words

VERSION = 6

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Base(DeclarativeBase):
    """The base of all models."""

    metadata = metadata
    type_annotation_map: ClassVar = {str: Words, int: Count, bool: Flag, Decimal: Amount, datetime: Moment}


def _key(type: Any = Words) -> Any:
    return mapped_column(type, primary_key=True, autoincrement=False)


def _id() -> Any:
    return mapped_column(Identity)


def _of_request() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["account_id", "request_id"], ["order_requests.account_id", "order_requests.request_id"]
    )


def _of_order() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["account_id", "order_id"], ["orders.account_id", "orders.order_id"])


POSITION_KEY = ("account_id", "venue", "symbol", "position_side", "position_id")


def _pages_of(table: str, moment: str, identity: str, *common: str) -> Iterator[Index]:
    """Indexes in which pages by a moment and an id are read: of an account, of all, of what has a value in common."""
    yield Index(None, "account_id", moment, identity)
    yield Index(f"ix_{table}_all", moment, identity)
    for name in common:
        yield Index(f"ix_{table}_{name}", "account_id", name, moment, identity)


def _few(name: str, condition: str, *columns: str) -> Index:
    """An index of the few rows of which something holds: they are found among however many others."""
    return Index(f"ix_{name}", *columns, sqlite_where=text(condition), postgresql_where=text(condition))


_STRICT = {"sqlite_strict": True}
_KEYED = {"sqlite_strict": True, "sqlite_with_rowid": False}


class InstrumentRow(Base):
    """A fact: one version of an instrument."""

    __tablename__ = "instruments"
    __table_args__ = (_STRICT,)

    account_id: Mapped[str] = _key()
    venue: Mapped[str] = _key()
    symbol: Mapped[str] = _key()
    valid_from: Mapped[datetime] = _key(Moment)
    kind: Mapped[str]
    base: Mapped[str]
    quote: Mapped[str]
    settle: Mapped[str]
    multiplier: Mapped[Decimal]
    inverse: Mapped[bool]
    body: Mapped[str]
    hash: Mapped[str]


class OrderRequestRow(Base):
    """A fact: an intent."""

    __tablename__ = "order_requests"
    __table_args__ = (
        UniqueConstraint("account_id", "idempotency_key"),
        UniqueConstraint("account_id", "venue", "venue_account", "id_scope", "client_order_id"),
        Index(None, "account_id", "client_order_id"),
        *_pages_of("order_requests", "recorded_at", "request_id", "symbol", "strategy_code"),
        Index(None, "request_id"),
        _STRICT,
    )

    account_id: Mapped[str] = _key()
    request_id: Mapped[str] = _key(Identity)
    recorded_at: Mapped[datetime]
    idempotency_key: Mapped[str]
    action: Mapped[str]
    client_order_id: Mapped[str | None]
    id_scope: Mapped[str]
    target_order_id: Mapped[str | None] = _id()
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
    retry_of: Mapped[str | None] = _id()
    parent_id: Mapped[str | None] = _id()
    group_id: Mapped[str | None]
    body: Mapped[str]
    hash: Mapped[str]
    trace: Mapped[str | None]


class DecisionContextRow(Base):
    """A fact: why a request was made."""

    __tablename__ = "order_decision_context"
    __table_args__ = (_of_request(), Index(None, "request_id"), _STRICT)

    account_id: Mapped[str] = _key()
    request_id: Mapped[str] = _key(Identity)
    signal_strength: Mapped[Decimal | None]
    decision_price: Mapped[Decimal | None]
    body: Mapped[str]
    hash: Mapped[str]


class RiskCheckRow(Base):
    """A fact: the result of a check of a request."""

    __tablename__ = "order_risk_checks"
    __table_args__ = (_of_request(), Index(None, "request_id"), _STRICT)

    account_id: Mapped[str] = _key()
    request_id: Mapped[str] = _key(Identity)
    number: Mapped[int] = _key(Count)
    rule_code: Mapped[str]
    passed: Mapped[bool]
    message: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    body: Mapped[str]
    hash: Mapped[str]


class WithdrawalRow(Base):
    """A fact: a request was taken back."""

    __tablename__ = "order_request_withdrawals"
    __table_args__ = (_of_request(), Index(None, "request_id"), _STRICT)

    account_id: Mapped[str] = _key()
    request_id: Mapped[str] = _key(Identity)
    reason: Mapped[str | None]
    actor: Mapped[str | None]
    occurred_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    body: Mapped[str]
    hash: Mapped[str]


class UnattributedReportRow(Base):
    """A fact: a report whose order was not known when it came."""

    __tablename__ = "unattributed_reports"
    __table_args__ = (UniqueConstraint("account_id", "said"), Index(None, "report_id"), _STRICT)

    account_id: Mapped[str] = _key()
    report_id: Mapped[str] = _key(Identity)
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
    """Derived: a name under which a report waits; every waiting report has a row whose `kind` and `value` are ''."""

    __tablename__ = "waiting_reports"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "report_id"], ["unattributed_reports.account_id", "unattributed_reports.report_id"]
        ),
        Index(None, "account_id", "report_id"),
        Index(None, "report_id"),
        _KEYED,
    )

    account_id: Mapped[str] = _key()
    kind: Mapped[str] = _key()
    value: Mapped[str] = _key()
    report_id: Mapped[str] = _key(Identity)


class OrderRow(Base):
    """An order, and the cached fold of its facts; `state` holds all of the fold as JSON, `notional` its exact sum."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("account_id", "request_id"),
        _of_request(),
        *_pages_of("orders", "created_at", "order_id", "venue", "symbol", "strategy_code", "status"),
        _few("orders_open", "is_open", "account_id", "is_open", "created_at", "order_id"),
        _few("orders_in_doubt", "in_doubt", "account_id", "in_doubt", "created_at", "order_id"),
        Index(None, "order_id"),
        _STRICT,
    )

    account_id: Mapped[str] = _key()
    order_id: Mapped[str] = _key(Identity)
    request_id: Mapped[str | None] = _id()
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
    """A name by which an order is or was known."""

    __tablename__ = "order_identifiers"
    __table_args__ = (_of_order(), Index(None, "account_id", "order_id"), Index(None, "order_id"), _KEYED)

    account_id: Mapped[str] = _key()
    kind: Mapped[str] = _key()
    value: Mapped[str] = _key()
    venue: Mapped[str] = _key()
    venue_account: Mapped[str] = _key()
    id_scope: Mapped[str] = _key()
    order_id: Mapped[str] = _key(Identity)


class OrderEventRow(Base):
    """A fact about an order. `exec_id` and `leg` are given where they identify the execution, `anomalies` by commas."""

    __tablename__ = "order_events"
    __table_args__ = (
        _of_order(),
        _of_request(),
        ForeignKeyConstraint(
            ["account_id", "report_id"], ["unattributed_reports.account_id", "unattributed_reports.report_id"]
        ),
        UniqueConstraint("account_id", "order_id", "said"),
        Index(None, "account_id", "order_id", "exec_id", "leg"),
        Index(None, "account_id", "request_id"),
        Index(None, "order_id"),
        _STRICT,
    )

    account_id: Mapped[str] = _key()
    order_id: Mapped[str] = _key(Identity)
    sequence: Mapped[int] = _key(Count)
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
    request_id: Mapped[str | None] = _id()
    report_id: Mapped[str | None] = _id()
    said: Mapped[str | None]
    prev_hash: Mapped[str]
    body: Mapped[str]
    hash: Mapped[str]
    trace: Mapped[str | None]


class OrderFillRow(Base):
    """A fact: one version of an execution. `fees` is JSON: a list of amounts with their currencies.

    `happened_at` is the best known time: the venue's, else that of arrival, else that of recording.
    """

    __tablename__ = "order_fills"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "order_id", "sequence"],
            ["order_events.account_id", "order_events.order_id", "order_events.sequence"],
        ),
        Index(None, "account_id", "order_id", "exec_id", "leg"),
        Index(
            "ix_order_fills_position", "account_id", "venue", "symbol", "position_side", "position_id", "happened_at"
        ),
        Index(
            "ix_order_fills_changed",
            "account_id",
            "venue",
            "symbol",
            "position_side",
            "position_id",
            sqlite_where=text("version > 0"),
            postgresql_where=text("version > 0"),
        ),
        Index(
            "ix_order_fills_recorded",
            "account_id",
            "venue",
            "symbol",
            "position_side",
            "position_id",
            "recorded_at",
            "happened_at",
        ),
        Index(None, "order_id"),
        _STRICT,
    )

    account_id: Mapped[str] = _key()
    order_id: Mapped[str] = _key(Identity)
    execution: Mapped[int] = _key(Count)
    version: Mapped[int] = _key(Count)
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
    split_factor: Mapped[Decimal]
    venue_order_id: Mapped[str | None]
    occurred_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    venue_time_ns: Mapped[int | None]
    position_side: Mapped[str]
    position_id: Mapped[str]
    happened_at: Mapped[datetime]


class OrderCostsRow(Base):
    """Derived: what an order's executions cost; the instrument is named by `venue`, `symbol` and `valid_from`."""

    __tablename__ = "order_costs"
    __table_args__ = (_of_order(), Index(None, "order_id"), _STRICT)

    account_id: Mapped[str] = _key()
    order_id: Mapped[str] = _key(Identity)
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
    """Derived: an order's profit and loss at a mark; `rates`, `fees` and `unvalued` are JSON, amounts by currency."""

    __tablename__ = "order_pnl"
    __table_args__ = (_of_order(), Index(None, "order_id"), _STRICT)

    account_id: Mapped[str] = _key()
    order_id: Mapped[str] = _key(Identity)
    sequence: Mapped[int] = _key(Count)
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


class AccountEventRow(Base):
    """A fact: what moved a position or its result without an order; `counts` is false where an earlier one disagrees.

    `replaces` is given only by one that counts.
    """

    __tablename__ = "account_events"
    __table_args__ = (
        UniqueConstraint("account_id", "said"),
        UniqueConstraint("account_id", "identity"),
        UniqueConstraint("account_id", "replaces"),
        Index(None, "account_id", "venue", "symbol", "occurred_at"),
        *_pages_of("account_events", "recorded_at", "event_id", "symbol"),
        Index(None, "event_id"),
        _STRICT,
    )

    account_id: Mapped[str] = _key()
    event_id: Mapped[str] = _key(Identity)
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
    order_id: Mapped[str | None] = _id()
    strategy_code: Mapped[str | None]
    external_id: Mapped[str | None]
    replaces: Mapped[str | None] = _id()
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    counts: Mapped[bool]
    anomalies: Mapped[str]
    said: Mapped[str]
    identity: Mapped[str]
    body: Mapped[str]
    hash: Mapped[str]


class _Sums:
    """The columns of a position's sums; `fees` and the results are JSON, amounts by currency or by type."""

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
    opened_at: Mapped[datetime | None]
    entries: Mapped[int]
    last_at: Mapped[datetime]
    carried: Mapped[bool]
    checkpointed: Mapped[int]


class PositionRow(_Sums, Base):
    """Derived: a position as the method AVERAGE sees it, amounts in `currency`.

    `entry_value` by quantity and multiplier is the average entry price; `last_key` is the place of the last entry.
    """

    __tablename__ = "positions"
    __table_args__ = (_few("positions_open", "quantity <> '0'", *POSITION_KEY), _KEYED)

    account_id: Mapped[str] = _key()
    venue: Mapped[str] = _key()
    symbol: Mapped[str] = _key()
    position_side: Mapped[str] = _key()
    position_id: Mapped[str] = _key()
    currency: Mapped[str]
    last_key: Mapped[str]


class PositionCheckpointRow(_Sums, Base):
    """Derived: the sums of a position at an earlier place, from which its fold can go on."""

    __tablename__ = "position_checkpoints"
    __table_args__ = (_KEYED,)

    account_id: Mapped[str] = _key()
    venue: Mapped[str] = _key()
    symbol: Mapped[str] = _key()
    position_side: Mapped[str] = _key()
    position_id: Mapped[str] = _key()
    last_key: Mapped[str] = _key()


class CheckpointRow(Base):
    """A fact: a checkpoint over everything that was not sealed before, in all accounts."""

    __tablename__ = "checkpoints"
    __table_args__ = (_STRICT,)

    number: Mapped[int] = _key(Count)
    store_id: Mapped[str] = _id()
    sealed_at: Mapped[datetime]
    upto: Mapped[int]
    count: Mapped[int]
    root: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]
    signature: Mapped[str | None]
    key_id: Mapped[str | None]


class FeedRow(Base):
    """A fact: that another fact was recorded, which one, and its place among all of all accounts.

    Positions ascend as facts are committed; on PostgreSQL some are never used. `number` is the sequence of an event,
    the number of a risk check, else 0.
    """

    __tablename__ = "fact_feed"
    __table_args__ = (UniqueConstraint("account_id", "kind", "key", "number"), _STRICT)

    position: Mapped[int] = mapped_column(Count, Numbered(), primary_key=True)
    account_id: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    number: Mapped[int]
    hash: Mapped[str]
    recorded_at: Mapped[datetime]


class OrderStateRow(Base):
    """Derived: the state of an order after some of its events, so that a past moment need not be folded from the first.

    `happened_at` is the latest moment at which any event up to this one happened.
    """

    __tablename__ = "order_states"
    __table_args__ = (_of_order(), _KEYED)

    account_id: Mapped[str] = _key()
    order_id: Mapped[str] = _key(Identity)
    sequence: Mapped[int] = _key(Count)
    recorded_at: Mapped[datetime]
    happened_at: Mapped[datetime]
    state: Mapped[str]


def _of_reconciliation(name: str) -> ForeignKeyConstraint:
    own = "exchange_reconciliation"
    return ForeignKeyConstraint(["account_id", name], [f"{own}.account_id", f"{own}.record_id"])


def _in_order(name: str, *columns: str) -> Index:
    """An index of what has these columns, in the order in which pages of it are read."""
    return Index(f"ix_exchange_reconciliation_{name}", "account_id", *columns, "recorded_at", "record_id")


class ReconciliationRow(Base):
    """A fact about a comparison with a venue: a run, a part of what it compared, a finding, or how one was closed.

    `number` is given only by parts (INPUT), `finding_id` only by what closes a finding (RESOLUTION); `inputs` is JSON.
    An order that a finding names need not be here: the archive of a month begins in the middle of some.
    """

    __tablename__ = "exchange_reconciliation"
    __table_args__ = (
        UniqueConstraint("account_id", "finding_id"),
        UniqueConstraint("account_id", "run_id", "number"),
        _of_reconciliation("run_id"),
        _of_reconciliation("finding_id"),
        _in_order("recorded"),
        _in_order("place", "venue", "venue_account", "type"),
        _in_order("run", "run_id"),
        _in_order("subject", "subject"),
        _in_order("type", "type"),
        Index("ix_exchange_reconciliation_all", "type", "recorded_at", "record_id"),
        Index(None, "order_id"),
        Index(None, "record_id"),
        _STRICT,
    )

    account_id: Mapped[str] = _key()
    record_id: Mapped[str] = _key(Identity)
    type: Mapped[str]
    venue: Mapped[str]
    venue_account: Mapped[str]
    run_id: Mapped[str | None] = _id()
    number: Mapped[int | None]
    finding_id: Mapped[str | None] = _id()
    subject: Mapped[str | None]
    mismatch: Mapped[str | None]
    order_id: Mapped[str | None] = _id()
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


class ApiKeyRow(Base):
    """A key of the API, no fact: `revoked_at` may be set, once. `scopes` by commas, `accounts` JSON; NULL means all."""

    __tablename__ = "api_keys"
    __table_args__ = (_STRICT,)

    key_id: Mapped[str] = _key()
    secret_hash: Mapped[str]
    scopes: Mapped[str]
    created_at: Mapped[datetime]
    name: Mapped[str | None]
    accounts: Mapped[str | None]
    revoked_at: Mapped[datetime | None]


class IdempotencyRecordRow(Base):
    """What was answered to a request that had a key: no fact, but as append-only. `headers` is JSON."""

    __tablename__ = "idempotency_records"
    __table_args__ = (_STRICT,)

    owner: Mapped[str] = _key()
    key: Mapped[str] = _key()
    fingerprint: Mapped[str]
    status: Mapped[int]
    headers: Mapped[str | None]
    body: Mapped[str]
    recorded_at: Mapped[datetime]


class SchemaRow(Base):
    """The version of this schema: one row."""

    __tablename__ = "sot_schema"
    __table_args__ = (_STRICT,)

    version: Mapped[int] = _key(Count)


# Alembic's own table, made here too so that both ways to a schema give the same one.
revisions = Table("sot_alembic_version", metadata, Column("version_num", String(32), primary_key=True))
for _constraint in (revisions.primary_key,):
    _constraint.name = "sot_alembic_version_pkc"

FACTS = tuple(
    Base.metadata.tables[name]
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
API_KEYS = Base.metadata.tables["api_keys"]
ANSWERS = Base.metadata.tables["idempotency_records"]


def _only_finite(table: Table) -> None:
    for column in table.columns:
        if isinstance(column.type, Amount):
            # NaN sorts above Infinity in PostgreSQL, so that one range keeps out all three.
            condition = f"{column.name} > '-Infinity' AND {column.name} < 'Infinity'"
            table.append_constraint(
                CheckConstraint(condition, name=f"{column.name}_finite").ddl_if(dialect="postgresql")
            )


for _table in list(metadata.tables.values()):
    _only_finite(_table)
