"""A use case that is overtaken between two of its look-ups loses the race; it finds no conflict that nobody caused."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sot import AccountEvent, OrderHistory
from sot.adapters.memory import MemoryStore
from sot.domain.values.vocabulary import AccountEventType, Outcome
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument
from sot.testing.contract.transactions import write_history


def _overtaken_after(repository, look_up, overtake):
    """Let somebody else commit right after the first call of a look-up."""
    original = getattr(repository, look_up)

    def call(*args):
        found = original(*args)
        setattr(repository, look_up, original)
        overtake()
        return found

    setattr(repository, look_up, call)


def _run_overtaken(store, repository, look_up, command):
    """Run a command in `store.run`; in the first attempt somebody else runs it, too, right after a look-up."""
    attempts = []

    def use_case(uow):
        attempts.append(uow)
        if len(attempts) == 1:
            _overtaken_after(getattr(uow, repository), look_up, lambda: write_history(store, command))
        return command(OrderHistory(uow))

    result = store.run(use_case)
    assert len(attempts) == 2
    return result


@pytest.fixture
def memory():
    store = MemoryStore()
    write_history(store, lambda h: h.register(spot_instrument()))
    return store


@pytest.mark.parametrize("changes", [{}, {"request_id": "00000000-0000-7000-8000-0000000000aa"}], ids=["no id", "id"])
def test_the_same_intent_at_once_is_a_repeat(memory, changes):
    def send(history):
        request = history.submit(new_order_request("C1", **changes))
        if not request.repeated:
            history.mark_sent(request.request_id)
        return request

    assert _run_overtaken(memory, "requests", "by_key", send).repeated is True


def test_the_same_account_event_at_once_is_a_repeat(memory):
    deposit = AccountEvent(
        event_id="00000000-0000-7000-8000-0000000000ab",
        account_id=ACCOUNT,
        venue=VENUE,
        symbol=SYMBOL,
        type=AccountEventType.TRANSFER,
        quantity=Decimal(5),
        cost=Decimal(10),
        occurred_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
    )
    result = _run_overtaken(memory, "account_events", "by_content_digest", lambda h: h.record_account_event(deposit))
    assert result.outcome is Outcome.REPEATED
