"""The executor: two transactions around one call, and never a second call."""

from decimal import Decimal as D

import attrs
import pytest

from sot import (
    CommitUnknown,
    Executor,
    InvalidInput,
    NotFound,
    OrderRequest,
    OrderStatus,
    RiskCheck,
)
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import SimulatedVenue
from sot.application.audit.archive import archive
from sot.audit import verify
from sot.entrypoints.json_lines import apply_line, read_line
from sot.errors import NotExecutable, VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.ports.venue import Replacement
from sot.testing.contract import CountingVenue
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history


class Venue:
    name = VENUE

    def __init__(self, answer):
        self.answer = answer
        self.calls = []

    def submit(self, request):
        self.calls.append(request.client_order_id)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return [trade_report(request.client_order_id, "E1", "10", "99")]


def submitted(store, **changes):
    write_history(store, lambda h: h.register(spot_instrument()))
    return write_history(store, lambda h: h.submit(new_order_request("C1", **changes))).request_id


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
    events = read_history(store, lambda h: list(h.events(order.order_id)))
    assert [event.type for event in events] == ["CREATED", "SUBMITTED", last]
    again = Executor(store, venue).execute(request_id)
    assert (again.order_id, again.status, venue.calls) == (order.order_id, status, ["C1"])


def test_the_intent_is_stored_before_the_venue_is_called(store):
    request_id = submitted(store)
    seen = []

    class Looks(Venue):
        def submit(self, request):
            seen.extend(read_history(store, lambda h: h.orders()).items)
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
    write_history(
        store, lambda h: h.add_risk_check(request_id, RiskCheck(rule_code="limit", passed=False, message="too big"))
    )
    venue = Venue(None)
    with pytest.raises(NotExecutable, match="limit"):
        Executor(store, venue).execute(request_id)
    write_history(store, lambda h: h.add_risk_check(request_id, RiskCheck(rule_code="limit", passed=True)))
    write_history(store, lambda h: h.withdraw(request_id))
    with pytest.raises(NotExecutable, match="WITHDRAWN"):
        Executor(store, venue).execute(request_id)
    assert venue.calls == []
    assert read_history(store, lambda h: h.orders()).items == []


def test_marks_what_was_filled(store):
    request_id = submitted(store)
    order = Executor(store, Venue(None)).execute(request_id, mark=D(110))
    assert read_history(store, lambda h: h.pnl(order.order_id)).net == 110
    Executor(store, Venue(None)).execute(request_id, mark=D(120))
    assert len(read_history(store, lambda h: list(h.pnl_snapshots(order.order_id)))) == 1


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
    cancel_id = write_history(store, lambda h: h.submit(cancel)).request_id
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


def test_what_cannot_be_valued_at_a_mark_is_not_sent(make_store):
    """Otherwise what the venue answered would be lost with the snapshot."""
    store, venue = make_store("memory"), Venue(None)
    inverse = attrs.evolve(spot_instrument(), kind="PERPETUAL", inverse=True, settle=None)
    write_history(store, lambda history: history.register(inverse))
    request_id = write_history(store, lambda history: history.submit(new_order_request("a"))).request_id
    with pytest.raises(InvalidInput, match="mark"):
        Executor(store, venue).execute(request_id, mark=D(0))
    assert venue.calls == []
    assert read_history(store, lambda history: history.request(request_id)).status == "PENDING"
    assert Executor(store, venue).execute(request_id, mark=D(100)).status == "FILLED"


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("lost", [{3}, {4}, {3, 5}])
def test_a_lost_answer_to_commit_neither_sends_twice_nor_not_at_all(lost, durable):
    store = LosesAnswers(lost, durable)
    request_id = submitted(store)
    venue = Venue(None)
    order = Executor(store, venue).execute(request_id)
    assert (order.status, order.cum_quantity, venue.calls) == (OrderStatus.FILLED, 10, ["C1"])
    assert len(read_history(store, lambda h: list(h.events(order.order_id)))) == 3


def test_reports_that_come_while_the_call_is_under_way_count_once(store):
    request_id = submitted(store)

    class Streams(Venue):
        def submit(self, request):
            write_history(store, lambda h: h.record(trade_report("C1", "E1", "10", "99")))
            raise TimeoutError

    order = Executor(store, Streams(None)).execute(request_id)
    assert (order.status, order.in_doubt, order.cum_quantity) == (OrderStatus.FILLED, False, 10)


class Amends(CountingVenue):
    """Answers as the test says."""

    def __init__(self, answer, replaces=Replacement.AMENDS):
        super().__init__(replaces)
        self.answer = answer

    def cancel(self, request, target):
        reports = super().cancel(request, target)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return reports

    def replace(self, request, target):
        reports = super().replace(request, target)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return reports


def amendment(store, action, name="X1"):
    target = submit_and_send(store, "C1")
    terms = {"quantity": D(5)} if action == "REPLACE" else {}
    asked = OrderRequest(account_id=ACCOUNT, action=action, client_order_id=name, target_order_id=target, **terms)
    return target, write_history(store, lambda h: h.submit(asked)).request_id


@pytest.mark.parametrize("action", ["CANCEL", "REPLACE"])
@pytest.mark.parametrize(
    ("answer", "ending", "in_doubt"),
    [
        (None, {"CANCEL": "CANCELED", "REPLACE": "REPLACED"}, False),
        (VenueRefused("TOO_LATE"), {"CANCEL": "CANCEL_REJECTED", "REPLACE": "REPLACE_REJECTED"}, False),
        (VenueNotReached("no route"), {"CANCEL": "CANCEL_FAILED", "REPLACE": "REPLACE_FAILED"}, False),
        (TimeoutError("socket"), {"CANCEL": "CANCEL_UNKNOWN", "REPLACE": "REPLACE_UNKNOWN"}, True),
    ],
)
def test_amendments_end_as_the_venue_says(store, action, answer, ending, in_doubt):
    target, request_id = amendment(store, action)
    venue = Amends(answer)
    order = Executor(store, venue).execute(request_id)
    assert (order.order_id, order.in_doubt) == (target, in_doubt)
    types = [str(event.type) for event in read_history(store, lambda h: list(h.events(target)))]
    assert types[-2:] == [f"{action}_REQUESTED", ending[action]]
    assert Executor(store, venue).execute(request_id) == order
    assert venue.calls == 1


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("lost", [{4}, {5}, {4, 6}])
@pytest.mark.parametrize("action", ["CANCEL", "REPLACE"])
def test_a_lost_answer_to_commit_sends_an_amendment_once(lost, durable, action):
    store = LosesAnswers(set(), durable)
    _, request_id = amendment(store, action)
    before = store.commits
    store.lost = {before + number - 3 for number in lost}
    venue = Amends(None)
    Executor(store, venue).execute(request_id)
    assert venue.calls == 1


def test_a_denied_or_withdrawn_amendment_is_not_executed(store):
    target, request_id = amendment(store, "CANCEL")
    write_history(store, lambda h: h.withdraw(request_id))
    venue = Amends(None)
    with pytest.raises(NotExecutable, match="WITHDRAWN"):
        Executor(store, venue).execute(request_id)
    assert venue.calls == 0
    assert [str(event.type) for event in read_history(store, lambda h: list(h.events(target)))][
        -1
    ] != "CANCEL_REQUESTED"


def test_what_a_replacement_that_is_a_new_order_needs(store):
    target = submit_and_send(store, "C1")
    nameless = OrderRequest(
        account_id=ACCOUNT, action="REPLACE", idempotency_key="k", target_order_id=target, quantity=D(5)
    )
    request_id = write_history(store, lambda h: h.submit(nameless)).request_id
    with pytest.raises(InvalidInput, match="client order id"):
        Executor(store, Amends(None, Replacement.NEW_ORDER)).execute(request_id)
    assert [str(event.type) for event in read_history(store, lambda h: list(h.events(target)))][
        -1
    ] != "REPLACE_REQUESTED"


def test_a_venue_that_answers_with_something_else_leaves_it_unknown(store):
    request_id = submitted(store)

    class Strange(Venue):
        def submit(self, request):
            return [{"status": "ok"}]

    order = Executor(store, Strange(None)).execute(request_id)
    assert order.in_doubt
    last = read_history(store, lambda h: list(h.events(order.order_id)))[-1]
    assert "dict" in last.fact.reason


def test_a_renewed_order_belongs_to_its_request_and_strategy(store):
    request_id = submitted(store, strategy_code="carry")
    resting = Executor(store, SimulatedVenue(VENUE, prices={SYMBOL: D(101)})).execute(request_id)
    asked = OrderRequest(
        account_id=ACCOUNT, action="REPLACE", client_order_id="R1", target_order_id=resting.order_id, limit_price=D(98)
    )
    renewal = write_history(store, lambda h: h.submit(asked)).request_id
    made = Executor(store, Amends(None, Replacement.NEW_ORDER)).execute(renewal)
    assert (made.strategy_code, made.request_id, made.order_quantity) == ("carry", renewal, 10)
    assert (made.state.limit_price, made.side, made.order_type) == (98, "BUY", "LIMIT")
    assert read_history(store, lambda h: h.order_of(renewal)).order_id == made.order_id
    assert verify(store).problems == []
    with store.begin(read_only=True) as uow:
        lines = list(archive(uow))
    copy = MemoryStore()
    for line in lines:
        key, fact = read_line(line.encode())
        copy.run(lambda uow, key=key, fact=fact: apply_line(uow, key, fact))
    from_canonical = read_history(copy, lambda h: h.order(made.order_id))
    assert attrs.evolve(from_canonical, version=made.version) == made
