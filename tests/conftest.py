import itertools
import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.ports.store import Store
from tests.postgres import fresh_url

settings.register_profile("default", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
# The same examples every time, so that a submission is judged by its change alone; elsewhere new ones each time.
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

STORES = ("memory", "sqlite", "postgresql")


@pytest.fixture
def make_store(tmp_path) -> Iterator[Callable[..., Store]]:
    """Makes empty stores of any kind, and closes them in the end."""
    made: list[Store] = []
    numbers = itertools.count(1)

    def make(kind: str, *clock_and_ids) -> Store:
        if kind == "memory":
            store: Store = MemoryStore(*clock_and_ids)
        else:
            url = fresh_url() if kind == "postgresql" else f"sqlite:///{tmp_path}/{next(numbers)}.db"
            store = SqlAlchemyStore.open(url, *clock_and_ids)
        made.append(store)
        return store

    yield make
    for store in made:
        store.close()


@pytest.fixture(params=STORES)
def store(request, make_store) -> Store:
    """An empty store, of each kind in turn."""
    return make_store(request.param)
