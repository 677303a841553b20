"""Acknowledged is durable: what connections are set to, and what a commit does before it answers."""

import re
import shutil
import sqlite3
import subprocess
import sys

import psycopg
import pytest
from sqlalchemy import text
from tests.support.postgres import fresh_url

from sot import CommitUnknown
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.engine import read_only_engine
from sot.adapters.sqlalchemy.errors import translate
from sot.errors import StoreUnavailable
from sot.testing.contract.transactions import submit_and_send

FULL = 2
COMMITS = 20
WRITER = """
import sys
from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.testing.contract.samples import spot_instrument
store = SqlAlchemyStore.open(sys.argv[1])
for number in range(int(sys.argv[2])):
    store.run(lambda uow: OrderHistory(uow).register(spot_instrument(symbol=f"S{number}/QUOTE")))
"""


def pool_settings(engine, *statements):
    """What each of several connections of a pool, open at the same time, answers to statements."""
    connections = [chosen.connect() for chosen in (engine, read_only_engine(engine)) for _ in range(2)]
    try:
        return {tuple(connection.execute(text(s)).scalar() for s in statements) for connection in connections}
    finally:
        for connection in connections:
            connection.close()


@pytest.fixture
def sqlite_store(tmp_path):
    # Readers begin without a lock, and one writer waits for nobody: no connection of the test blocks another.
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    yield store
    store.close()


def test_every_connection_to_sqlite_waits_for_the_disk(sqlite_store):
    statements = ("PRAGMA synchronous", "PRAGMA journal_mode")
    settings = set()
    with sqlite_store.engine.connect() as writing:
        settings.add(tuple(writing.execute(text(statement)).scalar() for statement in statements))
        reading = [read_only_engine(sqlite_store.engine).connect() for _ in range(3)]
        for connection in reading:
            settings.add(tuple(connection.execute(text(statement)).scalar() for statement in statements))
            connection.close()
    sqlite_store.engine.dispose()
    with sqlite_store.engine.connect() as after_a_fork:
        settings.add(tuple(after_a_fork.execute(text(statement)).scalar() for statement in statements))
    assert settings == {(FULL, "wal")}


def test_a_unit_of_work_writes_with_a_connection_that_waits_for_the_disk(sqlite_store):
    with sqlite_store.begin() as uow:
        assert uow._begin().connection.exec_driver_sql("PRAGMA synchronous").scalar() == FULL


@pytest.mark.parametrize(
    ("configured", "used"), [("off", "on"), ("on", "on"), ("local", "local"), ("remote_write", "remote_write")]
)
def test_a_server_that_does_not_wait_for_the_disk_is_told_to(configured, used):
    url = fresh_url()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        name = admin.execute("SELECT current_database()").fetchone()[0]
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = {configured}")
    store = SqlAlchemyStore.open(url)
    assert pool_settings(store.engine, "SHOW synchronous_commit") == {(used,)}
    submit_and_send(store, "C1")
    with store.begin() as uow:
        assert uow._begin().connection.exec_driver_sql("SHOW synchronous_commit").scalar() == used
    store.close()


@pytest.mark.parametrize(
    ("name", "at_commit"),
    [
        ("SQLITE_IOERR_FSYNC", CommitUnknown),
        ("SQLITE_IOERR_WRITE", CommitUnknown),
        ("SQLITE_FULL", StoreUnavailable),
        ("SQLITE_BUSY", StoreUnavailable),
        ("SQLITE_READONLY", StoreUnavailable),
    ],
)
def test_only_an_error_after_which_sqlite_may_have_committed_leaves_the_outcome_unknown(name, at_commit):
    error = sqlite3.OperationalError("as a driver says it")
    error.sqlite_errorname = name
    assert type(translate(error, "sqlite:///a.db", committing=True)) is at_commit
    assert type(translate(error, "sqlite:///a.db")) is StoreUnavailable


def traced_syncs(url, commits, log):
    """How often a process that commits so often waits for the disk; skips where no process can be traced."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    if subprocess.run([strace, "-f", "-o", log, sys.executable, "-c", ""], check=False).returncode:
        pytest.skip("processes cannot be traced here")
    command = [strace, "-f", "-e", "trace=fsync,fdatasync", "-o", log, sys.executable, "-c", WRITER, url, str(commits)]
    subprocess.run(command, check=True)
    return len(re.findall(r"\b(?:fsync|fdatasync)\(\d+\)\s+= 0", log.read_text()))


def test_every_commit_waits_for_the_disk(tmp_path):
    url = f"sqlite:///{tmp_path}/a.db"
    SqlAlchemyStore.open(url).close()
    log = tmp_path / "strace"
    before = traced_syncs(url, 0, log)
    assert traced_syncs(url, COMMITS, log) - before >= COMMITS
