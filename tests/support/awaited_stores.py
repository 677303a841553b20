"""Stores of `sot.aio`, of each kind and driver, and tests that run in an event loop."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from sot import OrderHistory
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.aio import AsyncStore
from sot.ports.store import Store
from sot.testing.fakes import ManualClock
from tests.support.postgres import fresh_url

DATABASES = (("sqlite", "aiosqlite"), ("postgresql", "asyncpg"), ("postgresql", "psycopg"))
KINDS = (("memory", ""), *DATABASES)
on_every_store = pytest.mark.parametrize(("kind", "driver"), KINDS, ids=["memory", "aiosqlite", "asyncpg", "psycopg"])
on_every_database = pytest.mark.parametrize(("kind", "driver"), DATABASES, ids=["aiosqlite", "asyncpg", "psycopg"])


def in_event_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test that awaits."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


class Place:
    """Where the orders of one test are: opened by the driver that is awaited, and by another one beside it.

    Args:
        kind: "memory", "sqlite" or "postgresql".
        driver: The driver that is awaited.
        folder: A directory for the file of SQLite.
    """

    def __init__(self, kind: str, driver: str, folder: Path) -> None:
        self.clock = ManualClock()
        self._memory = MemoryStore(self.clock) if kind == "memory" else None
        self.kind = kind
        self.url = "memory:" if self._memory else fresh_url() if kind == "postgresql" else f"sqlite:///{folder}/a.db"
        self.awaited_url = self.url if self._memory else self._with_driver(kind, driver)

    def _with_driver(self, kind: str, driver: str) -> str:
        return make_url(self.url).set(drivername=f"{kind}+{driver}").render_as_string(hide_password=False)

    async def open(self, **options: Any) -> AsyncStore:
        """Open the store for tasks."""
        return (
            AsyncStore(self._memory) if self._memory else await AsyncStore.open(self.awaited_url, self.clock, **options)
        )

    @contextmanager
    def beside(self):
        """The same store as others use it."""
        store: Store = self._memory or SqlAlchemyStore.open(self.url, self.clock)
        try:
            yield store
        finally:
            store.close()

    def read(self, query: Callable[[OrderHistory], Any]) -> Any:
        """Read what is stored, beside the tasks."""
        with self.beside() as store:
            return store.run(lambda uow: query(OrderHistory(uow)), read_only=True)


@pytest.fixture
def place(kind: str, driver: str, tmp_path: Path) -> Place:
    """An empty place for orders."""
    return Place(kind, driver, tmp_path)
