"""What all tests share: stores of every kind, and how Hypothesis draws examples.

`--stores=memory` runs the tests of some stores only. The environment variable SOT_HYPOTHESIS_PROFILE selects a profile:

| profile | examples |
|---|---|
| `ci` (default) | the same in every run, so that a failure repeats and a change is judged by itself |
| `short` | a fifth of them |
| `explore` | new ones in every run, and ten times as many; a failure prints the seed with which it repeats |
"""

import itertools
import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.ports.store import Store
from tests.support.empty_stores import database_url, empty_store_url
from tests.support.postgres import fresh_application_url

os.environ.pop("COLUMNS", None)  # processes of pytest-xdist have it: commands would fit their tables into its width
STORES = ("memory", "sqlite", "postgresql")
PROFILE = os.environ.get("SOT_HYPOTHESIS_PROFILE", "ci")

COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}
settings.register_profile("ci", **COMMON, derandomize=True)
settings.register_profile("short", **COMMON, derandomize=True, max_examples=20)
settings.register_profile("explore", **COMMON, max_examples=1000)
settings.load_profile(PROFILE)


def pytest_addoption(parser):
    parser.addoption("--stores", default=",".join(STORES), help="the stores to test, separated by commas")

    parser.addoption(
        "--least-rights",
        action="store_true",
        help="use PostgreSQL as a role with the rights that `sot grants` prints, not as the owner of the tables",
    )


def pytest_collection_modifyitems(config, items):
    """Leave out the tests of stores that were not selected."""
    selected = set(config.getoption("--stores").split(","))
    unknown = selected - set(STORES)
    if unknown:
        raise pytest.UsageError(f"unknown stores: {', '.join(sorted(unknown))}; give some of {', '.join(STORES)}")
    left_out = [item for item in items if _stores_of(item) - selected]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _stores_of(item) -> set[str]:
    """The kinds of stores among the parameters of a test."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return {value for value in parameters if isinstance(value, str) and value in STORES}


def examples(count: int) -> int:
    """How many examples a test takes: `count`, ten times as many where it explores, or a fifth in a short run."""
    return {"explore": count * 10, "short": max(1, count // 5)}.get(PROFILE, count)


@pytest.fixture
def make_store(tmp_path, request) -> Iterator[Callable[..., Store]]:
    """Makes empty stores of any kind, and closes them at the end."""
    stores: list[Store] = []
    numbers = itertools.count(1)
    default_rights = request.config.getoption("--least-rights")

    def make(kind: str, *clock_and_ids, least_rights: bool = default_rights, **place: str) -> Store:
        if kind == "memory":
            store: Store = MemoryStore(*clock_and_ids)
        else:
            file = tmp_path / f"{next(numbers)}.db"
            url = database_url(kind, file) if place else empty_store_url(kind, file)
            if kind == "postgresql" and least_rights:
                url = fresh_application_url(url, **place)
            store = SqlAlchemyStore.open(url, *clock_and_ids, **place)
        stores.append(store)
        return store

    yield make
    for store in stores:
        store.close()


@pytest.fixture(params=STORES)
def store(request, make_store) -> Store:
    """An empty store, of each kind in turn."""
    return make_store(request.param)
