"""Venue answers that are invalid, ambiguous or late, and requests that cross each other, in execution and recovery."""

from datetime import datetime, timedelta
from decimal import Decimal as D

import attrs
import pytest

from sot import OrderRequest, OrderStatus
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import Answer, Behaviour, SimulatedVenue
from sot.errors import VenueRefused
from sot.ports.venue import FoundOrder, Replacement
from sot.testing.contract.samples import ACCOUNT, new_order_request
from sot.testing.contract.transactions import write_history
from sot.testing.fakes import CountedIds, ManualClock
from tests.support.capabilities import set_capabilities
from tests.support.trading_scenario import ANSWER_LOST, MINUTE, REQUEST_LOST, TradingScenario

DAY = timedelta(days=1)
NOW = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


class Rivals(MemoryStore):
    """Another process does the same at the same moment, and commits first."""

    rival = None

    def run(self, use_case, read_only=False):
        def overtaken(uow):
            result = use_case(uow)
            rival, self.rival = self.rival, None
            if rival is not None:
                rival()
            return result

        return super().run(overtaken, read_only)


def test_two_who_execute_one_cancel_in_the_same_microsecond_send_it_once():
    scenario = TradingScenario(Rivals(clock=ManualClock(), ids=CountedIds()))
    order = scenario.send("C1", limit_price=D(90))
    fields = {"account_id": ACCOUNT, "action": "CANCEL", "target_order_id": order.order_id, "idempotency_key": "K1"}
    cancel = write_history(scenario.store, lambda h: h.submit(OrderRequest(**fields)))
    sent = []
    scenario.store.rival = lambda: sent.append(scenario.executor.prepare(cancel.request_id).send)
    sent.append(scenario.executor.prepare(cancel.request_id).send)
    assert sent == [True, False]


@pytest.mark.parametrize("replaces", list(Replacement))
@pytest.mark.parametrize("action", ["CANCEL", "REPLACE"])
def test_two_requests_refused_with_the_same_words_are_both_refused(action, replaces):
    scenario = TradingScenario(replaces=replaces)
    order = scenario.send("C1", limit_price=D(90))
    for number in (1, 2):
        names = {"idempotency_key": f"K{number}", "client_order_id": f"X{number}"}
        if not (action == "REPLACE" and replaces is Replacement.NEW_ORDER):
            names["client_order_id"] = None
        terms = {"limit_price": D(91)} if action == "REPLACE" else {}
        fields = {"account_id": ACCOUNT, "action": action, "target_order_id": order.order_id, **names, **terms}
        request = write_history(scenario.store, lambda h, fields=fields: h.submit(OrderRequest(**fields)))
        for name in (f"X{number}", f"K{number}"):
            scenario.venue.behave(name, Behaviour(answer=Answer.REFUSED, reason="TOO_MANY_REQUESTS"))
        scenario.executor.execute(request.request_id)
        assert scenario.order(order).status is OrderStatus.NEW, number


def test_a_refusal_refuses_the_request_that_it_was_the_answer_to():
    """Neither cancel has a client order id, by which a venue could tell them apart."""
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    scenario.venue.behave("K1", REQUEST_LOST)
    scenario.venue.behave("K2", Behaviour(answer=Answer.REFUSED))
    for key in ("K1", "K2"):
        fields = {"account_id": ACCOUNT, "action": "CANCEL", "target_order_id": order.order_id, "idempotency_key": key}
        request = write_history(scenario.store, lambda h, fields=fields: h.submit(OrderRequest(**fields)))
        scenario.executor.execute(request.request_id)
    assert scenario.order(order).in_doubt


@pytest.mark.parametrize("reason", [429, "a\x00b", "\ud800", "x" * 9_000, None, ""])
def test_a_refusal_is_kept_whatever_its_words_are(monkeypatch, reason):
    scenario = TradingScenario()

    def submit(self, request):
        raise VenueRefused(reason, reason)

    monkeypatch.setattr(SimulatedVenue, "submit", submit)
    assert scenario.send("C1").status is OrderStatus.REJECTED


def test_an_answer_of_something_that_is_only_called_a_report_leaves_the_outcome_unknown(monkeypatch):
    scenario = TradingScenario()
    impostor = type("VenueReport", (), {})()
    monkeypatch.setattr(SimulatedVenue, "submit", lambda self, request: [impostor])
    assert scenario.send("C1").in_doubt


def test_an_exception_that_cannot_be_told_leaves_the_outcome_unknown(monkeypatch):
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("no words")

    scenario = TradingScenario()

    def submit(self, request):
        raise Mute

    monkeypatch.setattr(SimulatedVenue, "submit", submit)
    assert scenario.send("C1").in_doubt


def test_a_cancel_does_not_make_an_order_younger_than_the_venue_remembers(monkeypatch):
    """The order was filled and forgotten; the venue knows it no more, which does not mean that it never arrived."""
    scenario = TradingScenario()
    set_capabilities(monkeypatch, scenario, history=DAY)
    order = scenario.send("C1", ANSWER_LOST, limit_price=D(101))
    scenario.clock.move(2 * DAY)
    scenario.amend("X1", order, REQUEST_LOST, action="CANCEL")
    scenario.venue._books.entries.clear()
    result = scenario.recover()
    assert scenario.order(order).status is not OrderStatus.FAILED
    assert "forgotten" in result.in_doubt[0].reason


def test_a_venue_whose_clock_is_ahead_settles_nothing_early(monkeypatch):
    scenario = TradingScenario()
    set_capabilities(monkeypatch, scenario, settled_after=5 * MINUTE)
    order = scenario.send("C1", REQUEST_LOST, limit_price=D(90))
    monkeypatch.setattr(
        SimulatedVenue,
        "find",
        lambda self, order: FoundOrder(asked_at=scenario.clock.now() + 10 * MINUTE, complete=True),
    )
    result = scenario.recover()
    assert scenario.order(order).in_doubt
    assert "may still arrive" in result.in_doubt[0].reason


def test_a_replacement_that_is_a_new_order_is_asked_for_itself(monkeypatch):
    """That its target never arrived says nothing about it: the venue may have taken it alone."""
    scenario = TradingScenario(replaces=Replacement.NEW_ORDER)
    order = scenario.send("C1", REQUEST_LOST, limit_price=D(90))
    new = scenario.amend("R1", order, REQUEST_LOST, action="REPLACE", limit_price=D(91))
    scenario.venue.behave("R1", Behaviour())
    scenario.venue._books.take(new_order_request("R1", limit_price=D(91)), "R1", Behaviour())
    scenario.recover()
    assert scenario.order(order).status is OrderStatus.FAILED
    assert scenario.order(new).status is OrderStatus.NEW


@pytest.mark.parametrize("answer", [None, {}, [], object(), "text"])
def test_an_answer_that_is_none_keeps_nothing_else_from_being_recovered(monkeypatch, answer):
    scenario = TradingScenario()
    first, second = (scenario.send(name, ANSWER_LOST, limit_price=D(90)) for name in ("C1", "C2"))
    find = SimulatedVenue.find
    monkeypatch.setattr(
        SimulatedVenue, "find", lambda self, ref: answer if ref.client_order_id == "C1" else find(self, ref)
    )
    result = scenario.recover()
    assert [left.order_id for left in result.in_doubt] == [first.order_id]
    assert scenario.order(second).status is OrderStatus.NEW


def test_the_answer_about_one_order_may_speak_of_another():
    scenario = TradingScenario()
    first = scenario.send("C1", limit_price=D(101))
    second = scenario.send("C2", ANSWER_LOST, limit_price=D(90))
    strange = attrs.evolve(scenario.venue.reports("C1")[-1], client_order_id=None)
    found = scenario.venue.find

    def find(reference):
        answer = found(reference)
        return attrs.evolve(answer, reports=[strange, *answer.reports])

    scenario.venue.find = find
    scenario.recover()
    assert (scenario.order(first).cum_quantity, scenario.order(second).cum_quantity) == (10, 0)


@pytest.mark.parametrize(
    "terms",
    [{"limit_price": D(90)}, {"quantity": D(10)}, {"expire_at": NOW.replace(year=2030)}],
)
def test_a_status_is_no_answer_to_a_replacement_that_it_does_not_tell_of(terms):
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    scenario.amend("R1", order, REQUEST_LOST, action="REPLACE", **terms)
    scenario.recover()
    assert "REPLACED" not in scenario.types(order)
    assert scenario.order(order).client_order_id == "C1"
    assert scenario.order(order).status is OrderStatus.NEW


def test_a_second_doubt_is_closed_with_the_words_that_closed_the_first(monkeypatch):
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    for name in ("X1", "X2"):
        scenario.amend(name, order, REQUEST_LOST, action="CANCEL")
        assert scenario.order(order).in_doubt
        write_history(
            scenario.store, lambda h: h.resolve(order.order_id, status="NEW", reason="the broker says so", actor="me")
        )
        assert not scenario.order(order).in_doubt, name
