"""Requests as they were known, and as they had happened."""

from datetime import timedelta

import pytest

from sot import DecisionContext, Instrument, NotFound, OrderHistory, OrderRequest, RiskCheck
from sot.testing.contract.samples import ACCOUNT, new_order_request, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history
from sot.testing.fakes import CountedIds, ManualClock
from sot.testing.pages import check_pages

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def clock_and_store(request, make_store):
    clock = ManualClock()
    return clock, make_store(request.param, clock, CountedIds())


def test_every_step_can_be_asked_for(clock_and_store):
    clock, store = clock_and_store
    begin = clock.now()
    states, cursors = [], []

    def step(use_case):
        result = store.run(lambda uow: use_case(OrderHistory(uow)))
        with store.begin() as uow:
            cursors.append(uow.feed.last())
            states.append([outcome(OrderHistory(uow), request_id) for request_id in ids])
        clock.move(MINUTE)
        return result

    def outcome(history, request_id):
        try:
            request = history.request(request_id)
        except NotFound:
            return None
        return request.status, len(request.checks), request.order_id, request.context, request.withdrawal

    def submitted(name, **more):
        intent = OrderRequest(
            account_id="a", client_order_id=name, venue="V", symbol="S", side="BUY", order_type="MARKET", quantity="1"
        )
        return step(lambda history: history.submit(intent, **more)).request_id

    ids = []
    step(
        lambda history: history.register(
            Instrument(account_id="a", venue="V", symbol="S", kind="EQUITY", base="S", quote="E")
        )
    )
    first = submitted("one", context=DecisionContext(signal_strength="1"))
    second = submitted("two")
    ids += [first, second]
    step(lambda history: history.add_risk_check(first, RiskCheck(rule_code="x", passed=False)))
    step(lambda history: history.add_risk_check(first, RiskCheck(rule_code="x", passed=True)))
    step(lambda history: history.mark_sent(first))
    step(lambda history: history.withdraw(second, "no"))
    step(lambda history: history.record_account_event)

    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        for number in range(3, len(states)):
            past = history.as_of(known_at=cursors[number])
            assert [outcome(past, request_id) for request_id in ids] == states[number], number
            by_time = history.as_of(known_at=begin + number * MINUTE)
            assert [outcome(by_time, request_id) for request_id in ids] == states[number], number
            happened = history.as_of(happened_by=begin + number * MINUTE)
            assert [outcome(happened, request_id) for request_id in ids] == states[number], number
            assert [one.request_id for one in past.requests().items] == ids
        early = history.as_of(known_at=cursors[1])
        assert [one.request_id for one in early.requests().items] == [first]
        with pytest.raises(NotFound):
            early.request(second)
        page = history.as_of(known_at=cursors[-1]).requests(limit=1)
        rest = history.as_of(known_at=cursors[-1]).requests(after=page.next)
        assert [one.request_id for one in (*page.items, *rest.items)] == ids


def test_a_request_whose_order_was_known_was_known_whatever_its_clock_said(clock_and_store):
    """The order was recorded by a clock that is behind: nothing of what it was made of is missing then."""
    clock, store = clock_and_store
    submit_and_send(store, "C0")
    clock.move(MINUTE)
    context = DecisionContext(market_snapshot={"decision_price": "99"})
    request = write_history(store, lambda history: history.submit(new_order_request("C1"), context=context))
    clock.move(-MINUTE)
    order_id = write_history(store, lambda history: history.mark_sent(request.request_id)).order_id
    write_history(store, lambda history: history.record(trade_report("C1", "E1")))
    behind = clock.now()
    clock.move(2 * MINUTE)
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        past = history.as_of(known_at=behind)
        assert past.request(request.request_id) == history.request(request.request_id)
        assert list(past.timeline(order_id)) == list(history.timeline(order_id))
        assert past.costs(order_id) == history.costs(order_id)
        check_pages(past, ACCOUNT, 1)
