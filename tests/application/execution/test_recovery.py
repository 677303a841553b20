"""Recovery: what is in doubt is found out by asking the venue, or stays in doubt; nothing is sent twice or made up."""

from datetime import timedelta
from decimal import Decimal as D

import attrs
import pytest

from sot import InvalidInput, OrderStatus
from sot.adapters.venues.simulated import Answer, Behaviour, SimulatedVenue
from sot.ports.venue import Replacement
from sot.testing.contract.samples import SYMBOL, new_order_request, trade_report
from sot.testing.contract.transactions import write_history
from sot.venue import RecoveryLimits
from tests.support.trading_scenario import ANSWER_LOST, MINUTE, REQUEST_LOST, TradingScenario


def test_an_order_whose_answer_was_lost_is_found_with_its_executions():
    scenario = TradingScenario()
    order = scenario.send("C1", ANSWER_LOST, limit_price=D(101))
    assert order.in_doubt
    result = scenario.recover()
    assert (result.settled, result.in_doubt, result.queries) == ([order.order_id], [], 1)
    assert (scenario.order(order).status, scenario.order(order).cum_quantity) == (OrderStatus.FILLED, 10)
    assert scenario.venue.calls == ["C1"]
    before = scenario.types(order)
    assert scenario.recover().queries == 0
    assert scenario.types(order) == before


def test_an_order_that_never_arrived_has_failed_once_that_is_certain():
    scenario = TradingScenario()
    order = scenario.send("C1", REQUEST_LOST)
    scenario.recover()
    found = scenario.order(order)
    assert (found.status, found.in_doubt) == (OrderStatus.FAILED, False)
    assert scenario.types(order) == ["CREATED", "SUBMITTED", "SUBMISSION_UNKNOWN", "FAILED"]


def test_a_crash_after_the_intent_was_stored_is_found_out():
    scenario = TradingScenario()
    request = write_history(scenario.store, lambda h: h.submit(new_order_request("C1")))
    prepared = scenario.executor.prepare(request.request_id)
    assert prepared.send
    assert not scenario.executor.prepare(request.request_id).send
    scenario.recover()
    assert scenario.order(prepared.order).status is OrderStatus.FAILED


def test_what_was_just_sent_is_left_alone():
    scenario = TradingScenario()
    order = scenario.send("C1", ANSWER_LOST)
    result = scenario.recover(after=timedelta(seconds=29))
    assert (result.too_recent, result.queries) == ([order.order_id], 0)


def test_what_was_sent_while_the_clock_was_ahead_is_asked_for():
    """A clock that was a day ahead and was set right must not hide an order for a day."""
    scenario = TradingScenario()
    order = scenario.send("C1", ANSWER_LOST)
    assert scenario.recover(after=timedelta(seconds=-29)).too_recent == [order.order_id]
    assert scenario.recover(after=timedelta(days=-1)).settled == [order.order_id]
    assert scenario.order(order).status is OrderStatus.FILLED


def test_absence_is_not_proven_for_what_was_sent_while_the_clock_was_ahead():
    scenario = TradingScenario()
    scenario.send("C1", REQUEST_LOST)
    (left,) = scenario.recover(after=-timedelta(days=1)).in_doubt
    assert "still arrive" in left.reason


@pytest.mark.parametrize(
    ("able", "why"),
    [
        ({"settled_after": None}, "does not prove"),
        ({"finds_by_client_order_id": False}, "does not prove"),
        ({"client_order_ids": False}, "does not prove"),
        ({"history": timedelta(seconds=10)}, "forgotten"),
        ({"settled_after": timedelta(hours=1)}, "still arrive"),
    ],
)
def test_not_found_is_no_answer_unless_the_venue_can_give_it(able, why, monkeypatch):
    scenario = TradingScenario()
    order = scenario.send("C1", REQUEST_LOST)
    capabilities = attrs.evolve(scenario.venue.capabilities, **able)
    monkeypatch.setattr(SimulatedVenue, "capabilities", capabilities)
    result = scenario.recover()
    (left,) = result.in_doubt
    assert left.order_id == order.order_id
    assert why in left.reason
    assert scenario.order(order).in_doubt
    write_history(
        scenario.store, lambda h: h.resolve(order.order_id, status="FAILED", reason="the venue's support says so")
    )
    assert (scenario.order(order).status, scenario.order(order).in_doubt) == (OrderStatus.FAILED, False)
    assert scenario.recover().in_doubt == []


SETTLED_AFTER = timedelta(seconds=10)


def _with_settled_after(scenario, monkeypatch):
    monkeypatch.setattr(
        SimulatedVenue, "capabilities", attrs.evolve(scenario.venue.capabilities, settled_after=SETTLED_AFTER)
    )


def test_an_order_that_is_under_way_while_the_clock_jumps_ahead_has_not_failed(monkeypatch):
    scenario = TradingScenario()
    _with_settled_after(scenario, monkeypatch)
    order = scenario.send("C1", ANSWER_LOST, limit_price=D(101))
    scenario.clock.move(timedelta(days=1))  # no time has passed
    waits, find = [], SimulatedVenue.find

    def find_once_it_arrived(self, reference):
        found = find(self, reference)
        return found if waits else attrs.evolve(found, reports=())

    monkeypatch.setattr(SimulatedVenue, "find", find_once_it_arrived)
    limits = RecoveryLimits(pause=timedelta(0))
    result = scenario.executor.recover(limits=limits, sleep=lambda seconds: waits.append(seconds) if seconds else None)
    assert waits == [SETTLED_AFTER.total_seconds()]
    assert (result.settled, result.in_doubt, result.queries) == ([order.order_id], [], 2)
    assert "FAILED" not in scenario.types(order)
    assert scenario.order(order).cum_quantity == 10


def test_the_venue_is_asked_again_about_everything_that_did_not_arrive_after_one_wait(monkeypatch):
    scenario = TradingScenario()
    _with_settled_after(scenario, monkeypatch)
    lost = [scenario.send(name, REQUEST_LOST) for name in ("C1", "C2")]
    found = scenario.send("C3", ANSWER_LOST, limit_price=D(101))
    scenario.clock.move(MINUTE)
    waits = []
    result = scenario.executor.recover(limits=RecoveryLimits(pause=timedelta(0)), sleep=waits.append)
    assert [wait for wait in waits if wait] == [SETTLED_AFTER.total_seconds()]
    assert result.settled == [found.order_id, *(order.order_id for order in lost)]
    assert result.queries == 5
    assert {scenario.order(order).status for order in lost} == {OrderStatus.FAILED}


def test_what_would_take_too_long_a_wait_stays_in_doubt(monkeypatch):
    scenario = TradingScenario()
    _with_settled_after(scenario, monkeypatch)
    order = scenario.send("C1", REQUEST_LOST)
    (left,) = scenario.recover(wait=timedelta(seconds=9)).in_doubt
    assert "`wait` of 0:00:10" in left.reason
    assert scenario.order(order).in_doubt
    assert scenario.recover(wait=SETTLED_AFTER).settled == [order.order_id]
    assert scenario.order(order).status is OrderStatus.FAILED


@pytest.mark.parametrize("action", ["CANCEL", "REPLACE"])
def test_a_request_that_is_under_way_while_the_clock_jumps_ahead_is_not_denied(action, monkeypatch):
    scenario = TradingScenario()
    _with_settled_after(scenario, monkeypatch)
    resting = scenario.send("C1", limit_price=D(90))
    terms = {"limit_price": D(95)} if action == "REPLACE" else {}
    pending = scenario.amend("X1", resting, REQUEST_LOST, action=action, **terms)
    assert not scenario.reconcile(after=timedelta(days=1), heal=True).failures
    assert scenario.order(resting).status is pending.status  # healing does not wait
    assert [left.order_id for left in scenario.recover(wait=timedelta(0)).in_doubt] == [resting.order_id]
    assert scenario.order(resting).status is pending.status
    assert scenario.recover().settled == [resting.order_id]
    assert scenario.order(resting).status is OrderStatus.NEW


def test_executions_are_recorded_before_the_wait(monkeypatch):
    scenario = TradingScenario()
    _with_settled_after(scenario, monkeypatch)
    resting = scenario.send("C1", Behaviour(answered=0), limit_price=D(90))
    scenario.amend("X1", resting, REQUEST_LOST, action="CANCEL")
    find, asked = SimulatedVenue.find, []
    trade = trade_report("C1", "E1", "1", "90")

    def find_once(self, reference):
        asked.append(reference)
        if len(asked) > 1:
            raise ConnectionError("no route")
        found = find(self, reference)
        return attrs.evolve(found, reports=[trade, *found.reports])

    monkeypatch.setattr(SimulatedVenue, "find", find_once)
    (left,) = scenario.recover(tries=1).in_doubt
    assert len(asked) == 2
    assert "no route" in left.reason
    assert scenario.order(resting).cum_quantity == 1
    assert scenario.order(resting).status is OrderStatus.PENDING_CANCEL


def test_confirming_has_its_share_of_the_queries(monkeypatch):
    scenario = TradingScenario()
    _with_settled_after(scenario, monkeypatch)
    orders = [scenario.send(f"C{number}", REQUEST_LOST) for number in range(4)]
    first = scenario.recover(queries=4)
    assert (first.settled, first.queries) == ([order.order_id for order in orders[:2]], 4)
    assert scenario.recover(queries=4).settled == [order.order_id for order in orders[2:]]


def test_what_is_sent_during_the_wait_is_not_denied(monkeypatch):
    scenario = TradingScenario()
    _with_settled_after(scenario, monkeypatch)
    resting = scenario.send("C1", limit_price=D(90))
    scenario.amend("X1", resting, REQUEST_LOST, action="CANCEL")
    scenario.clock.move(MINUTE)

    def sleep(seconds):
        if seconds == SETTLED_AFTER.total_seconds():
            scenario.amend("X2", resting, REQUEST_LOST, action="CANCEL")
            scenario.clock.move(timedelta(days=1))  # no time has passed

    result = scenario.executor.recover(sleep=sleep)
    assert [left.order_id for left in result.in_doubt] == [resting.order_id]
    assert scenario.order(resting).status is OrderStatus.PENDING_CANCEL


def test_healing_goes_by_the_clock_where_recovery_cannot_ask(monkeypatch):
    scenario = TradingScenario()
    resting = scenario.send("C1", limit_price=D(90))
    scenario.amend("X1", resting, REQUEST_LOST, action="CANCEL")
    able = attrs.evolve(scenario.venue.capabilities, settled_after=SETTLED_AFTER, finds_orders=False)
    monkeypatch.setattr(SimulatedVenue, "capabilities", able)
    scenario.reconcile(heal=True)
    assert scenario.order(resting).status is OrderStatus.NEW


def test_a_failed_question_is_no_answer_and_is_asked_a_bounded_number_of_times(monkeypatch):
    scenario = TradingScenario()
    orders = [scenario.send(name, REQUEST_LOST) for name in ("C1", "C2", "C3")]

    def find(self, reference):
        raise ConnectionError("no route")

    monkeypatch.setattr(SimulatedVenue, "find", find)
    result = scenario.recover(tries=2, queries=5)
    assert result.queries == 5
    assert [left.order_id for left in result.in_doubt] == [order.order_id for order in orders]
    assert "no route" in result.in_doubt[0].reason
    assert all(scenario.order(order).in_doubt for order in orders)
    assert scenario.recover(queries=1).in_doubt[2].reason.endswith("the number of queries is used up")


def test_a_cancel_whose_answer_was_lost():
    scenario = TradingScenario()
    resting = scenario.send("C1", limit_price=D(90))
    scenario.amend("X1", resting, ANSWER_LOST, action="CANCEL")
    assert scenario.order(resting).in_doubt
    scenario.recover()
    assert (scenario.order(resting).status, scenario.order(resting).in_doubt) == (OrderStatus.CANCELED, False)


def test_a_cancel_that_never_arrived_leaves_the_order_working():
    scenario = TradingScenario()
    resting = scenario.send("C1", limit_price=D(90))
    scenario.amend("X1", resting, REQUEST_LOST, action="CANCEL")
    scenario.recover()
    assert (scenario.order(resting).status, scenario.order(resting).in_doubt) == (OrderStatus.NEW, False)


@pytest.mark.parametrize(("behaviour", "price"), [(ANSWER_LOST, D(95)), (REQUEST_LOST, D(90))])
def test_a_replacement_without_an_answer(behaviour, price):
    scenario = TradingScenario()
    resting = scenario.send("C1", limit_price=D(90))
    scenario.amend("R1", resting, behaviour, action="REPLACE", limit_price=D(95))
    assert scenario.order(resting).status is OrderStatus.PENDING_REPLACE
    scenario.recover()
    found = scenario.order(resting)
    assert (found.status, found.in_doubt, found.state.limit_price) == (OrderStatus.NEW, False, price)


@pytest.mark.parametrize(
    ("behaviour", "old", "new"),
    [
        (None, OrderStatus.CANCELED, OrderStatus.NEW),
        (ANSWER_LOST, OrderStatus.CANCELED, OrderStatus.NEW),
        (REQUEST_LOST, OrderStatus.NEW, OrderStatus.FAILED),
        (Behaviour(answer=Answer.REFUSED), OrderStatus.NEW, OrderStatus.REJECTED),
        (Behaviour(answer=Answer.NOT_REACHED), OrderStatus.NEW, OrderStatus.FAILED),
    ],
)
def test_a_replacement_that_is_a_new_order(behaviour, old, new):
    scenario = TradingScenario(replaces=Replacement.NEW_ORDER)
    resting = scenario.send("C1", limit_price=D(90))
    made = scenario.amend("R1", resting, behaviour, action="REPLACE", limit_price=D(95), quantity=D(4))
    assert made.order_id != resting.order_id
    scenario.recover()
    assert (scenario.order(resting).status, scenario.order(made).status) == (old, new)
    assert (scenario.order(made).order_quantity, scenario.order(made).state.limit_price) == (4, 95)
    assert not scenario.order(resting).in_doubt
    assert not scenario.order(made).in_doubt
    scenario.venue.move(SYMBOL, D(95))
    for report in scenario.venue.find(attrs.evolve(_reference(made), client_order_id="R1")).reports:
        write_history(scenario.store, lambda h, report=report: h.record(report))
    assert scenario.order(made).cum_quantity == (4 if new is OrderStatus.NEW else 0)


def _reference(order):
    from sot.ports.venue import OrderReference

    return OrderReference(account_id=order.account_id, symbol=order.symbol)


def test_an_answer_about_another_order_is_not_taken_for_this_one(monkeypatch):
    scenario = TradingScenario()
    other = scenario.send("C2", limit_price=D(101))
    order = scenario.send("C1", ANSWER_LOST)
    found = scenario.venue.find(attrs.evolve(_reference(other), client_order_id="C2"))
    monkeypatch.setattr(SimulatedVenue, "find", lambda self, reference: found)
    (left,) = scenario.recover().in_doubt
    assert left.order_id == order.order_id
    assert scenario.order(order).cum_quantity == 0
    assert scenario.order(other).cum_quantity == 10


def test_a_venue_that_finds_nothing_cannot_be_asked(monkeypatch):
    scenario = TradingScenario()
    monkeypatch.setattr(SimulatedVenue, "capabilities", attrs.evolve(scenario.venue.capabilities, finds_orders=False))
    with pytest.raises(InvalidInput, match="asked for orders"):
        scenario.recover()
    with pytest.raises(InvalidInput, match="tries"):
        RecoveryLimits(tries=0)


def test_asks_with_pauses():
    scenario = TradingScenario()
    for name in ("C1", "C2", "C3"):
        scenario.send(name, ANSWER_LOST)
    scenario.clock.move(MINUTE)
    pauses = []
    scenario.executor.recover(sleep=pauses.append)
    assert pauses == [0.1, 0.1]


def test_another_account_of_theirs_is_not_asked_about():
    scenario = TradingScenario()
    order = scenario.send("C1", REQUEST_LOST, venue_account="sub")
    scenario.venue.venue_account = "main"
    assert scenario.recover().queries == 0
    assert scenario.order(order).in_doubt
    request = write_history(scenario.store, lambda h: h.submit(new_order_request("C2", venue_account="sub")))
    with pytest.raises(InvalidInput, match="an account that the venue speaks for"):
        scenario.executor.execute(request.request_id)
    with pytest.raises(InvalidInput, match="speaks"):
        scenario.reconcile(venue_account="sub")
    assert scenario.reconcile().findings == []
    scenario.venue.venue_account = "sub"
    assert [found.row.order_id for found in scenario.reconcile().findings] == [order.order_id]
    scenario.recover()
    assert scenario.order(order).status is OrderStatus.FAILED


@pytest.mark.parametrize("action", ["CANCEL", "REPLACE"])
def test_what_was_asked_for_about_an_order_that_never_arrived_has_failed_with_it(action):
    scenario = TradingScenario()
    order = scenario.send("C1", REQUEST_LOST)
    terms = {"quantity": D(3)} if action == "REPLACE" else {}
    scenario.amend("X1", order, REQUEST_LOST, action=action, **terms)
    assert scenario.recover().in_doubt == []
    found = scenario.order(order)
    assert (found.status, found.in_doubt, found.state.open_requests) == (OrderStatus.FAILED, False, ())
    assert scenario.types(order)[-2:] == ["FAILED", f"{action}_FAILED"]
