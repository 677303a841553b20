"""The statements that make the tables, as text, make what `prepare` makes."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from tests.support.postgres import fresh_url

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.creation import creation_statements
from sot.audit import verify


def script(database):
    return "".join(f"{statement};\n" for statement in creation_statements(database))


def made_by_hand(database, folder):
    """The URL of an empty database in which the statements were run, without the library."""
    if database == "postgresql":
        url = fresh_url()
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute(script(database))
        return url
    path = folder / "made.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script(database))
    return f"sqlite:///{path}"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_store_takes_the_tables_for_its_own(database, tmp_path):
    with closing(SqlAlchemyStore.open(made_by_hand(database, tmp_path), create=False)) as store:
        assert verify(store).problems == []


def test_verification_notices_a_statement_that_was_left_out(tmp_path):
    path = tmp_path / "short.db"
    statements = [text for text in creation_statements("sqlite") if "ix_orders_symbol" not in text]
    assert len(statements) == len(creation_statements("sqlite")) - 1
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("".join(f"{statement};\n" for statement in statements))
    with closing(SqlAlchemyStore.open(f"sqlite:///{path}", create=False)) as store:
        assert [problem.key for problem in verify(store).problems] == ["index ix_orders_symbol"]
