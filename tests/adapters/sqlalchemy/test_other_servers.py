"""Servers that speak PostgreSQL's protocol and are none are refused, whichever way they are reached."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from tests.support.postgres import fresh_store_url, fresh_url

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork, prepare
from sot.adapters.sqlalchemy.other_servers import refusal_of
from sot.errors import InvalidInput

VERSIONS = {
    "CockroachDB": "CockroachDB CCL v24.3.1 (x86_64-pc-linux-gnu, built 2024/12/02 14:00:00, go1.22.8)",
    "YugabyteDB": "PostgreSQL 15.2-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang, 64-bit",
    "Amazon Redshift": "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0.60353",
    "Greenplum": "PostgreSQL 12.12 (Greenplum Database 7.1.0 build commit:e7c2b1f) on x86_64-pc-linux-gnu, 64-bit",
}


def claim(url, version):
    """Let the server of a database say that it is of another version."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL allow_system_table_mods = on"))
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql STABLE"
                f" AS $$ SELECT '{version}'::text $$"
            )
        )
    engine.dispose()


@pytest.mark.parametrize("name", VERSIONS)
def test_an_address_of_another_server_is_refused_before_a_table_is_made(name):
    url = fresh_url()
    claim(url, VERSIONS[name])
    with pytest.raises(InvalidInput, match=f"database: '{name}' is not allowed; give PostgreSQL itself, or SQLite"):
        SqlAlchemyStore.open(url)


@pytest.mark.parametrize("name", ["YugabyteDB", "Greenplum"])
def test_an_engine_and_a_session_of_another_server_are_refused(name):
    url = fresh_store_url()
    claim(url, VERSIONS[name])
    engine = create_engine(url)
    with pytest.raises(InvalidInput, match=name):
        prepare(engine)
    with engine.begin() as connection, pytest.raises(InvalidInput, match=name):
        prepare(connection)
    with pytest.raises(InvalidInput, match=name), SqlAlchemyStore(engine).begin() as uow:
        OrderHistory(uow).orders()
    with Session(engine) as session, pytest.raises(InvalidInput, match=name):
        OrderHistory(SqlAlchemyUnitOfWork(session)).orders()
    engine.dispose()


@pytest.mark.parametrize(
    "version",
    [
        "PostgreSQL 16.2 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 13.2.0, 64-bit",
        "PostgreSQL 17.4 (Ubuntu 17.4-1.pgdg24.04+2) on x86_64-pc-linux-gnu",
        "EnterpriseDB 9.6.2.7 on x86_64-pc-linux-gnu",
    ],
)
def test_postgresql_is_not_refused(version):
    assert refusal_of(version) is None
