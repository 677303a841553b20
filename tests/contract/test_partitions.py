"""A store whose tables are split by account on PostgreSQL passes the suite of stores, with the least rights."""

from collections.abc import Iterator

import pytest

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.ports.store import Store
from sot.testing.contract import AccessContract, StoreContract
from tests.support.partitioned import fresh_partitioned_url
from tests.support.places import PLACES
from tests.support.postgres import grant


class TestPartitionedStore(StoreContract, AccessContract):
    @pytest.fixture(params=["postgresql"])
    def store(self, request) -> Iterator[Store]:
        store = SqlAlchemyStore.open(grant(fresh_partitioned_url(), keys=True), create=False)
        yield store
        store.close()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_partitions_in_another_place(kind):
    place = PLACES[kind]
    store = SqlAlchemyStore.open(fresh_partitioned_url(**place), create=False, **place)
    with store.begin(read_only=True) as uow:
        assert list(uow.audit.structure_problems()) == []
    store.close()
