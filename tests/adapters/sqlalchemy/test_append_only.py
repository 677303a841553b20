"""Facts are never changed: not through SQL, whatever way is tried."""

import sqlite3
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import create_engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from tests.support.postgres import fresh_url

from sot import AccountEvent, AccountEventType, DecisionContext, OrderHistory, RiskCheck
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.models import FACTS, IDEMPOTENCY_RECORDS, Base, metadata
from sot.application.audit.seal import seal
from sot.testing.contract.samples import (
    T0,
    api_key,
    idempotency_record,
    new_order_request,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import add_full_reconciliation, write_history

KEPT = (*FACTS, IDEMPOTENCY_RECORDS)
TABLES = [table.name for table in KEPT]
KEYS = [api_key("k1", accounts=["a"], name="one"), api_key("k2", revoked_at=T0)]
MODELS = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}


def with_facts(url):
    """A store with at least one row in every fact table."""
    store = SqlAlchemyStore.open(url)

    def use_case(history: OrderHistory) -> None:
        history.register(spot_instrument())
        context = DecisionContext(indicators={"a": "1"})
        request = history.submit(new_order_request("C1"), context, [RiskCheck(rule_code="a", passed=True)])
        history.mark_sent(request.request_id)
        history.record(trade_report("C1", "E1"))
        history.record(trade_report("UNKNOWN", "E9"))
        history.record_account_event(
            AccountEvent(
                account_id="account",
                type=AccountEventType.FUNDING,
                venue="VENUE",
                occurred_at=datetime(2026, 1, 5, tzinfo=UTC),
                amount=1,
                currency="QUOTE",
            )
        )
        history.withdraw(history.submit(new_order_request("C2")).request_id)

    write_history(store, use_case)
    store.run(add_full_reconciliation)
    store.run(lambda uow: uow.idempotency_records.add(idempotency_record("K1")))
    store.run(lambda uow: [uow.api_keys.add(key) for key in KEYS])
    assert store.run(seal) is not None
    store.close()
    return url


@pytest.fixture
def sqlite_file(tmp_path):
    path = tmp_path / "facts.db"
    with_facts(f"sqlite:///{path}")
    return path


def rows(connection, table):
    return connection.execute(f"SELECT * FROM {table}").fetchall()


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("table", TABLES)
def test_sqlite_refuses_every_change(sqlite_file, table, recursive):
    connection = sqlite3.connect(sqlite_file, isolation_level=None)
    connection.execute(f"PRAGMA recursive_triggers = {recursive}")
    before = rows(connection, table)
    assert len(before) >= 1
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    first = columns[0]
    other = "rowid" if first in ("number", "position") else "'other'"
    listed = ", ".join(columns)
    changed = ", ".join("'changed'" if column == "hash" else column for column in columns)
    for statement in (
        f"UPDATE {table} SET {'hash' if 'hash' in columns else first} = 'changed'",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE 1 = 1",
        f"INSERT OR REPLACE INTO {table} ({listed}) SELECT {changed} FROM {table}",
        f"REPLACE INTO {table} ({listed}) SELECT {changed} FROM {table}",
        f"REPLACE INTO {table} (rowid, {listed}) SELECT rowid, {other}, {', '.join(columns[1:])} FROM {table}",
        f"INSERT OR IGNORE INTO {table} ({listed}) SELECT {changed} FROM {table}",
        f"UPDATE OR REPLACE {table} SET {first} = 7",
        f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {table} WHERE true ON CONFLICT DO UPDATE SET {first} = 7",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
        assert rows(connection, table) == before
    connection.close()


@pytest.fixture(scope="module")
def postgresql_url():
    return with_facts(fresh_url())


@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_every_change(postgresql_url, table, role):
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"SET session_replication_role = {role}")
        before = rows(connection, table)
        assert len(before) >= 1
        first = metadata.tables[table].columns[0].name
        for statement in (
            f"UPDATE {table} SET {first} = {first}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
            f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ON CONSTRAINT pk_{table}"
            f" DO UPDATE SET {first} = EXCLUDED.{first}",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                connection.execute(statement)
            assert rows(connection, table) == before


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    url = fresh_url() if request.param == "postgresql" else f"sqlite:///{tmp_path}/a.db"
    store = SqlAlchemyStore.open(with_facts(url))
    yield store
    store.close()


def test_models_cannot_change_what_they_show(store):
    for table in KEPT:
        model = MODELS[table.name]

        def change(session, model=model):
            row = session.scalars(select(model)).first()
            column = next(name for name in ("body", "fees", "hash") if hasattr(model, name))
            setattr(row, column, getattr(row, column) + " ")
            session.flush()

        def remove(session, model=model):
            session.delete(session.scalars(select(model)).first())
            session.flush()

        with store.engine.connect() as connection:
            before = connection.execute(select(table)).all()
        assert len(before) >= 1
        for attempt in (
            change,
            remove,
            lambda session, model=model: session.execute(update(model).values({model.__table__.columns[0].name: 7})),
            lambda session, model=model: session.execute(delete(model)),
        ):
            with Session(store.engine) as session:
                with pytest.raises(IntegrityError, match="append-only"):
                    attempt(session)
                session.rollback()
        with store.engine.connect() as connection:
            assert connection.execute(select(table)).all() == before


def test_what_is_derived_may_still_change(store):
    # The refusals above are the facts' own: the same attempts succeed where rows are only a cache.
    with Session(store.engine) as session:
        derived = MODELS["orders"]
        session.execute(update(derived).values(status="CHANGED"))
        assert session.scalar(select(func.count()).where(derived.status == "CHANGED")) >= 1
        session.rollback()


def change_of_keys(kind):
    """Everything that would make something else of a key than one that is revoked."""
    columns = [column.name for column in metadata.tables["api_keys"].columns]
    changes = [f"UPDATE api_keys SET {name} = {value}" for name, value in (
        ("key_id", "'k9'"), ("secret_hash", "'x'"), ("scopes", "'ADMIN'"), ("created_at", "created_at + 1"),
        ("name", "NULL"), ("name", "'x'"), ("accounts", "NULL"),
    )]  # fmt: skip
    changes += [f"{change}, revoked_at = {{now}} WHERE key_id = 'k1'" for change in changes]
    changes += ["UPDATE api_keys SET revoked_at = {now} WHERE key_id = 'k2'", "DELETE FROM api_keys"]
    changes += ["UPDATE api_keys SET revoked_at = NULL WHERE key_id = 'k2'"]
    listed = ", ".join(columns)
    if kind == "postgresql":
        changes = [change.replace("created_at + 1", "now()") for change in changes]
        return [change.format(now="now()") for change in [*changes, "TRUNCATE api_keys"]]
    changes += [
        f"INSERT OR REPLACE INTO api_keys ({listed}) SELECT {listed} FROM api_keys",
        "UPDATE OR REPLACE api_keys SET rowid = 3 - rowid",
        "UPDATE OR REPLACE api_keys SET key_id = 'k1'",
    ]
    return [change.format(now="7") for change in changes]


def test_a_key_can_only_be_revoked(store):
    kind = store.engine.dialect.name
    with store.begin(read_only=True) as uow:
        before = uow.api_keys.list()
    assert before == KEYS
    engine = create_engine(store.engine.url)  # without what the store sets, such as recursive_triggers
    for change in change_of_keys(kind):
        with engine.connect() as connection, pytest.raises(IntegrityError, match="append-only|taken"):
            connection.exec_driver_sql(change)
    engine.dispose()
    with store.begin(read_only=True) as uow:
        assert uow.api_keys.list() == before
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE api_keys SET revoked_at = {'now()' if kind == 'postgresql' else 7}"
                                   " WHERE key_id = 'k1'")  # fmt: skip
    with store.begin(read_only=True) as uow:
        assert uow.api_keys.list()[0].revoked_at is not None
