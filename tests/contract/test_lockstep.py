"""Memory, SQLite and PostgreSQL cannot be told apart through the ports."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.accounting import position_entries, positions
from sot.application.orders import state_snapshots
from sot.testing.lockstep import lockstep
from tests.conftest import examples
from tests.support.empty_stores import empty_store_url
from tests.support.places import PLACES
from tests.support.postgres import fresh_store_url, fresh_url

_numbers = itertools.count(1)
_folder = Path(tempfile.mkdtemp(prefix="sot-lockstep-"))


@pytest.fixture(scope="module", autouse=True)
def _frequent_snapshots() -> Iterator[None]:
    """Keep snapshots so often that short histories continue from them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state_snapshots, "STATE_SNAPSHOT_INTERVAL", 3)
        patch.setattr(positions, "FLAT_SNAPSHOT_INTERVAL", 2)
        patch.setattr(positions, "SNAPSHOT_INTERVAL", 4)
        patch.setattr(position_entries, "FILLS_PER_BATCH", 2)
        yield


def teardown_module() -> None:
    shutil.rmtree(_folder, ignore_errors=True)


def _sqlite(clock, ids):
    return SqlAlchemyStore.open(empty_store_url("sqlite", _folder / f"{next(_numbers)}.db"), clock, ids)


def _postgresql(clock, ids):
    return SqlAlchemyStore.open(fresh_store_url(), clock, ids)


TestMemoryAndSqlite = lockstep({"memory": MemoryStore, "sqlite": _sqlite}).TestCase
TestMemoryAndSqlite.settings = settings(max_examples=examples(100), stateful_step_count=30)

TestAllThree = lockstep({"memory": MemoryStore, "sqlite": _sqlite, "postgresql": _postgresql}).TestCase
TestAllThree.settings = settings(max_examples=examples(25), stateful_step_count=30)


def _sqlite_with_prefix(clock, ids):
    return SqlAlchemyStore.open(f"sqlite:///{_folder}/{next(_numbers)}.db", clock, ids, **PLACES["sqlite"])


def _postgresql_in_schema(clock, ids):
    return SqlAlchemyStore.open(fresh_url(), clock, ids, **PLACES["postgresql"])


TestOtherPlaces = lockstep(
    {"memory": MemoryStore, "sqlite": _sqlite_with_prefix, "postgresql": _postgresql_in_schema}
).TestCase
TestOtherPlaces.settings = settings(max_examples=examples(6), stateful_step_count=30)
