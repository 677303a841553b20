"""A use case that is overtaken between two of its look-ups loses the race; it finds no conflict that nobody caused."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sot import AccountEvent, ConcurrentUpdate, EventType, OrderHistory, VenueReport
from sot.adapters.memory import MemoryStore
from sot.domain.values.vocabulary import AccountEventType, Outcome
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument
from sot.testing.contract.transactions import read_history, submit_and_send, write_history


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


def test_a_report_waits_for_no_name_that_its_order_gets_meanwhile(memory):
    """An order of another day has the name already, so that it is not unknown, but unknown on this day."""
    for day in ("day-1", "day-2"):
        submit_and_send(memory, "C1", id_scope=day, idempotency_key=f"{day} C1")
    names = {"account_id": ACCOUNT, "venue": VENUE, "venue_order_id": "V1"}
    write_history(
        memory, lambda h: h.record(VenueReport(type=EventType.NEW, client_order_id="C1", id_scope="day-2", **names))
    )
    acknowledged = VenueReport(type=EventType.NEW, client_order_id="C1", id_scope="day-1", **names)
    expired = VenueReport(type=EventType.EXPIRED, id_scope="day-1", **names)
    with memory.begin() as early:
        assert OrderHistory(early).record(expired).order_id is None
        write_history(memory, lambda h: h.record(acknowledged))
        with pytest.raises(ConcurrentUpdate):
            early.commit()
    assert write_history(memory, lambda h: h.record(expired)).order_id is not None
    assert list(read_history(memory, lambda h: h.waiting(ACCOUNT))) == []
