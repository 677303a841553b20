"""The executor: two transactions around one call, and never a second call."""

from decimal import Decimal as D

import pytest

from sot import (
    CommitUnknown,
    Executor,
    InvalidInput,
    NotExecutable,
    NotFound,
    OrderRequest,
    OrderStatus,
    RiskCheck,
    VenueNotReached,
    VenueOutcomeUnknown,
    VenueRefused,
)
from sot.adapters.memory import MemoryStore
from sot.testing.contract import VENUE, instrument, intent, read, trade, write


class Venue:
    name = VENUE

    def __init__(self, answer):
        self.answer = answer
        self.calls = []

    def submit(self, request):
        self.calls.append(request.client_order_id)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return [trade(request.client_order_id, "E1", "10", "99")]


def submitted(store, **changes):
    write(store, lambda h: h.register(instrument()))
    return write(store, lambda h: h.submit(intent("C1", **changes))).request_id


@pytest.mark.parametrize(
    ("answer", "status", "in_doubt", "last"),
    [
        (None, OrderStatus.FILLED, False, "TRADE"),
        (VenueRefused("INSUFFICIENT_FUNDS"), OrderStatus.REJECTED, False, "REJECTED"),
        (VenueNotReached("no route"), OrderStatus.FAILED, False, "FAILED"),
        (VenueOutcomeUnknown("time-out"), OrderStatus.PENDING_NEW, True, "SUBMISSION_UNKNOWN"),
        (TimeoutError("socket"), OrderStatus.PENDING_NEW, True, "SUBMISSION_UNKNOWN"),
        (ValueError("a bug in the adapter"), OrderStatus.PENDING_NEW, True, "SUBMISSION_UNKNOWN"),
    ],
)
def test_tells_outcomes_apart_and_calls_once(store, answer, status, in_doubt, last):
    request_id = submitted(store)
    venue = Venue(answer)
    order = Executor(store, venue).execute(request_id)
    assert (order.status, order.in_doubt) == (status, in_doubt)
    events = read(store, lambda h: h.events(order.order_id))
    assert [event.type for event in events] == ["CREATED", "SUBMITTED", last]
    again = Executor(store, venue).execute(request_id)
    assert (again.order_id, again.status, venue.calls) == (order.order_id, status, ["C1"])


def test_the_intent_is_stored_before_the_venue_is_called(store):
    request_id = submitted(store)
    seen = []

    class Looks(Venue):
        def submit(self, request):
            seen.extend(read(store, lambda h: h.orders()).items)
            return super().submit(request)

    Executor(store, Looks(None)).execute(request_id)
    assert [order.status for order in seen] == [OrderStatus.PENDING_NEW]


def test_a_crash_in_the_call_leaves_a_trace_and_no_second_call(store):
    request_id = submitted(store)
    venue = Venue(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        Executor(store, venue).execute(request_id)
    order = Executor(store, venue).execute(request_id)
    assert (order.status, venue.calls) == (OrderStatus.PENDING_NEW, ["C1"])


def test_a_denied_or_withdrawn_request_is_not_executed(store):
    request_id = submitted(store)
    write(store, lambda h: h.add_risk_check(request_id, RiskCheck(rule_code="limit", passed=False, message="too big")))
    venue = Venue(None)
    with pytest.raises(NotExecutable, match="limit"):
        Executor(store, venue).execute(request_id)
    write(store, lambda h: h.add_risk_check(request_id, RiskCheck(rule_code="limit", passed=True)))
    write(store, lambda h: h.withdraw(request_id))
    with pytest.raises(NotExecutable, match="WITHDRAWN"):
        Executor(store, venue).execute(request_id)
    assert venue.calls == []
    assert read(store, lambda h: h.orders()).items == []


def test_marks_what_was_filled(store):
    request_id = submitted(store)
    order = Executor(store, Venue(None)).execute(request_id, mark=D(110))
    assert read(store, lambda h: h.pnl(order.order_id)).net == 110
    Executor(store, Venue(None)).execute(request_id, mark=D(120))
    assert len(read(store, lambda h: h.pnl_snapshots(order.order_id))) == 1


def test_refuses_what_it_cannot_execute(store):
    request_id = submitted(store)
    elsewhere = Venue(None)
    elsewhere.name = "ELSEWHERE"
    with pytest.raises(InvalidInput, match="ELSEWHERE"):
        Executor(store, elsewhere).execute(request_id)
    with pytest.raises(NotFound):
        Executor(store, Venue(None)).execute("00000000-0000-7000-8000-000000000000")
    with pytest.raises(InvalidInput, match="mark"):
        Executor(store, Venue(None)).execute(request_id, mark=1.5)
    order = Executor(store, Venue(None)).execute(request_id)
    cancel = OrderRequest(
        account_id=order.account_id, action="CANCEL", client_order_id="Y", target_order_id=order.order_id
    )
    cancel_id = write(store, lambda h: h.submit(cancel)).request_id
    with pytest.raises(InvalidInput, match="NEW"):
        Executor(store, Venue(None)).execute(cancel_id)


class LosesAnswers(MemoryStore):
    """Commits, and then loses the answer; or loses it before the commit."""

    def __init__(self, lost, durable):
        super().__init__()
        self.lost = lost
        self.durable = durable
        self.commits = 0

    def begin(self, read_only=False):
        uow = super().begin(read_only)
        commit = uow.commit

        def committing():
            self.commits += 1
            if self.commits in self.lost:
                if self.durable:
                    commit()
                raise CommitUnknown("connection reset")
            commit()

        uow.commit = committing
        return uow


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("lost", [{3}, {4}, {3, 5}])
def test_a_lost_answer_to_commit_neither_sends_twice_nor_not_at_all(lost, durable):
    store = LosesAnswers(lost, durable)
    request_id = submitted(store)
    venue = Venue(None)
    order = Executor(store, venue).execute(request_id)
    assert (order.status, order.cum_quantity, venue.calls) == (OrderStatus.FILLED, 10, ["C1"])
    assert len(read(store, lambda h: h.events(order.order_id))) == 3


def test_reports_that_come_while_the_call_is_under_way_count_once(store):
    request_id = submitted(store)

    class Streams(Venue):
        def submit(self, request):
            write(store, lambda h: h.record(trade("C1", "E1", "10", "99")))
            raise TimeoutError

    order = Executor(store, Streams(None)).execute(request_id)
    assert (order.status, order.in_doubt, order.cum_quantity) == (OrderStatus.FILLED, False, 10)
