"""A rebuild and a verification find what was there."""

import pytest

from sot.audit import rebuild, verify
from sot.testing.contract.samples import ACCOUNT, SYMBOL
from sot.testing.contract.transactions import (
    read_history,
)
from sot.testing.lockstep.observations import observe_history
from tests.support.archived_history import STORES, open_store, record_every_kind


@pytest.fixture(params=STORES)
def store(request, tmp_path):
    store = open_store(request.param, tmp_path)
    yield store
    store.close()


def test_rebuilding_gives_what_was_there(store):
    record_every_kind(store)
    before = read_history(store, lambda h: (observe_history(h), list(h.positions(ACCOUNT, include_flat=True))))
    orders = len(read_history(store, lambda h: h.orders(limit=500)).items)
    steps = []
    assert rebuild(store, progress=lambda what, count: steps.append((what, count))) == orders
    assert sum(count for what, count in steps if what == "order") == orders
    assert read_history(store, lambda h: (observe_history(h), list(h.positions(ACCOUNT, include_flat=True)))) == before
    assert rebuild(store, account_id="nobody") == 0
    assert rebuild(store, account_id=ACCOUNT, symbol=SYMBOL) == orders
    assert verify(store).passed


def test_verify_of_an_empty_store_finds_nothing(store):
    found = verify(store)
    assert found.passed
    assert found.counts == {}
