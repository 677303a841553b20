"""Following the feed: facts of every kind, once, in batches."""

import pytest

from sot.adapters.memory import MemoryStore
from sot.application.audit.feed import follow, follow_facts
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import FactKind
from sot.testing.contract.samples import new_order_request
from sot.testing.contract.transactions import submit_and_send, write_history


@pytest.fixture
def store():
    store = MemoryStore()
    for number in range(4):
        submit_and_send(store, f"C{number}")
    write_history(store, lambda h: h.submit(new_order_request("waits")))
    return store


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_facts_of_every_kind_are_followed_once(store, batch):
    with store.begin(read_only=True) as uow:
        leaves = list(uow.feed.leaves())
    assert list(follow_facts(store, 0, batch)) == leaves
    assert {leaf.kind for leaf in leaves} >= {FactKind.INSTRUMENT, FactKind.REQUEST, FactKind.EVENT}
    for after in range(len(leaves) + 1):
        assert list(follow_facts(store, after, batch)) == leaves[after:]
    events = [leaf.position for leaf in leaves if leaf.kind is FactKind.EVENT]
    assert [followed.cursor for followed in follow(store, 0, batch)] == events


@pytest.mark.parametrize("after", [-1, 10_000, "1", None, True])
def test_a_cursor_that_was_not_given_out_is_refused(store, after):
    for follower in (follow, follow_facts):
        with pytest.raises(InvalidInput):
            list(follower(store, after))
