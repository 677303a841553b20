"""The other drivers, and a pooler, keep the contract: alone in a store, or in an application's session."""

import pytest

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.testing.contract import AccessContract, AuditContract, FactsContract
from tests.support.joined_store import JoinedStore, awaited, engine_of, synchronous_side
from tests.support.pooler import pooled_url
from tests.support.postgres import fresh_url


class Contract(FactsContract, AuditContract, AccessContract):
    """Transactions, savepoints, races, errors, exact values, streams, and lists."""


def with_driver(url: str, driver: str) -> str:
    return url.replace("+psycopg", f"+{driver}", 1)


@pytest.fixture
def opened():
    """Opens stores, and closes them at the end."""
    stores = []

    def open_store(url):
        stores.append(SqlAlchemyStore.open(url))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


class TestPsycopg2(Contract):
    @pytest.fixture
    def store(self, opened):
        return opened(with_driver(fresh_url(), "psycopg2"))


class TestPooler(Contract):
    """psycopg 3 behind a pooler that gives each transaction another server connection."""

    @pytest.fixture
    def store(self, opened):
        return opened(pooled_url(fresh_url()))


class TestPsycopg2Joined(FactsContract):
    @pytest.fixture
    def store(self):
        url = fresh_url()
        SqlAlchemyStore.open(url).close()
        return JoinedStore(engine_of(with_driver(url, "psycopg2")))


@awaited
class TestAsyncpg(Contract):
    @pytest.fixture
    def store(self):
        url = fresh_url()
        SqlAlchemyStore.open(url).close()
        return JoinedStore(engine_of(with_driver(url, "asyncpg")), synchronous_side)


@awaited
class TestPsycopgAwaited(FactsContract):
    @pytest.fixture
    def store(self):
        url = fresh_url()
        SqlAlchemyStore.open(url).close()
        return JoinedStore(engine_of(with_driver(url, "psycopg_async")), synchronous_side)


@awaited
class TestAiosqlite(Contract):
    @pytest.fixture
    def store(self, tmp_path):
        SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db").close()
        return JoinedStore(engine_of(f"sqlite+aiosqlite:///{tmp_path}/a.db"), synchronous_side)
