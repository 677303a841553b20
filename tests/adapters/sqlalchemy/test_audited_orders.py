"""What an audit reads of a range of orders takes as long among many facts as among few."""

import pytest
from plans import plans_of
from tests.support.tampering import record_every_table

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.domain.values.vocabulary import FactKind
from sot.ports.audit import OrderRange


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('audited')}/recorded.db"
    record_every_table(url)
    store = SqlAlchemyStore.open(url)
    yield store
    store.close()


def test_a_range_of_orders_is_read_by_seeks(store):
    with store.begin(read_only=True) as uow:
        keys = sorted((stored.account_id, stored.order_id) for stored in uow.audit.stored_orders())
    within = OrderRange(keys[0], keys[-1])
    found = []

    def read(uow):
        found.extend((stored.account_id, stored.order_id) for stored in uow.audit.stored_orders(within))

    steps = plans_of(store, read)
    assert found == keys[:-1]
    assert steps
    assert [step for step in steps if "SCAN" in step] == []


def test_the_entries_of_a_kind_are_read_by_seeks(store):
    entries = []
    steps = plans_of(store, lambda uow: entries.extend(uow.feed.by_kind(FactKind.EVENT)))
    assert entries
    assert [step for step in steps if "SCAN" in step] == []
