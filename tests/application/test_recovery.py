"""Recovery: what is in doubt is found out by asking the venue, or stays in doubt; nothing is sent twice or made up."""

from datetime import timedelta
from decimal import Decimal as D

import attrs
import pytest
from house import LOST, MINUTE, UNANSWERED, House

from sot import InvalidInput, OrderStatus, RecoveryLimits
from sot.adapters.venues.simulated import Answer, Behaviour, SimulatedVenue
from sot.ports.venue import Replacement
from sot.testing.contract.samples import SYMBOL, new_order_request
from sot.testing.contract.transactions import write_history


def test_an_order_whose_answer_was_lost_is_found_with_its_executions():
    house = House()
    order = house.send("C1", UNANSWERED, limit_price=D(101))
    assert order.in_doubt
    result = house.recover()
    assert (result.settled, result.in_doubt, result.queries) == ([order.order_id], [], 1)
    assert (house.order(order).status, house.order(order).cum_quantity) == (OrderStatus.FILLED, 10)
    assert house.venue.calls == ["C1"]
    before = house.types(order)
    assert house.recover().queries == 0
    assert house.types(order) == before


def test_an_order_that_never_arrived_has_failed_once_that_is_certain():
    house = House()
    order = house.send("C1", LOST)
    house.recover()
    found = house.order(order)
    assert (found.status, found.in_doubt) == (OrderStatus.FAILED, False)
    assert house.types(order) == ["CREATED", "SUBMITTED", "SUBMISSION_UNKNOWN", "FAILED"]


def test_a_crash_after_the_intent_was_stored_is_found_out():
    house = House()
    request = write_history(house.store, lambda h: h.submit(new_order_request("C1")))
    prepared = house.executor.prepare(request.request_id)
    assert prepared.send
    assert not house.executor.prepare(request.request_id).send
    house.recover()
    assert house.order(prepared.order).status is OrderStatus.FAILED


def test_what_was_just_sent_is_left_alone():
    house = House()
    order = house.send("C1", UNANSWERED)
    result = house.recover(after=timedelta(seconds=29))
    assert (result.too_recent, result.queries) == ([order.order_id], 0)


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
    house = House()
    order = house.send("C1", LOST)
    told = attrs.evolve(house.venue.capabilities, **able)
    monkeypatch.setattr(SimulatedVenue, "capabilities", told)
    result = house.recover()
    (left,) = result.in_doubt
    assert left.order_id == order.order_id
    assert why in left.reason
    assert house.order(order).in_doubt
    write_history(
        house.store, lambda h: h.resolve(order.order_id, status="FAILED", reason="the venue's support says so")
    )
    assert (house.order(order).status, house.order(order).in_doubt) == (OrderStatus.FAILED, False)
    assert house.recover().in_doubt == []


def test_a_failed_question_is_no_answer_and_is_asked_a_bounded_number_of_times(monkeypatch):
    house = House()
    orders = [house.send(name, LOST) for name in ("C1", "C2", "C3")]

    def find(self, reference):
        raise ConnectionError("no route")

    monkeypatch.setattr(SimulatedVenue, "find", find)
    result = house.recover(tries=2, queries=5)
    assert result.queries == 5
    assert [left.order_id for left in result.in_doubt] == [order.order_id for order in orders]
    assert "no route" in result.in_doubt[0].reason
    assert all(house.order(order).in_doubt for order in orders)
    assert house.recover(queries=1).in_doubt[2].reason.endswith("the number of queries is used up")


def test_a_cancel_whose_answer_was_lost():
    house = House()
    resting = house.send("C1", limit_price=D(90))
    house.amend("X1", resting, UNANSWERED, action="CANCEL")
    assert house.order(resting).in_doubt
    house.recover()
    assert (house.order(resting).status, house.order(resting).in_doubt) == (OrderStatus.CANCELED, False)


def test_a_cancel_that_never_arrived_leaves_the_order_working():
    house = House()
    resting = house.send("C1", limit_price=D(90))
    house.amend("X1", resting, LOST, action="CANCEL")
    house.recover()
    assert (house.order(resting).status, house.order(resting).in_doubt) == (OrderStatus.NEW, False)


@pytest.mark.parametrize(("behaviour", "price"), [(UNANSWERED, D(95)), (LOST, D(90))])
def test_a_replacement_without_an_answer(behaviour, price):
    house = House()
    resting = house.send("C1", limit_price=D(90))
    house.amend("R1", resting, behaviour, action="REPLACE", limit_price=D(95))
    assert house.order(resting).status is OrderStatus.PENDING_REPLACE
    house.recover()
    found = house.order(resting)
    assert (found.status, found.in_doubt, found.state.limit_price) == (OrderStatus.NEW, False, price)


@pytest.mark.parametrize(
    ("behaviour", "old", "new"),
    [
        (None, OrderStatus.CANCELED, OrderStatus.NEW),
        (UNANSWERED, OrderStatus.CANCELED, OrderStatus.NEW),
        (LOST, OrderStatus.NEW, OrderStatus.FAILED),
        (Behaviour(answer=Answer.REFUSED), OrderStatus.NEW, OrderStatus.REJECTED),
        (Behaviour(answer=Answer.NOT_REACHED), OrderStatus.NEW, OrderStatus.FAILED),
    ],
)
def test_a_replacement_that_is_a_new_order(behaviour, old, new):
    house = House(replaces=Replacement.NEW_ORDER)
    resting = house.send("C1", limit_price=D(90))
    made = house.amend("R1", resting, behaviour, action="REPLACE", limit_price=D(95), quantity=D(4))
    assert made.order_id != resting.order_id
    house.recover()
    assert (house.order(resting).status, house.order(made).status) == (old, new)
    assert (house.order(made).order_quantity, house.order(made).state.limit_price) == (4, 95)
    assert not house.order(resting).in_doubt
    assert not house.order(made).in_doubt
    house.venue.move(SYMBOL, D(95))
    for report in house.venue.find(attrs.evolve(_reference(made), client_order_id="R1")).reports:
        write_history(house.store, lambda h, report=report: h.record(report))
    assert house.order(made).cum_quantity == (4 if new is OrderStatus.NEW else 0)


def _reference(order):
    from sot.ports.venue import OrderReference

    return OrderReference(account_id=order.account_id, symbol=order.symbol)


def test_an_answer_about_another_order_is_not_taken_for_this_one(monkeypatch):
    house = House()
    other = house.send("C2", limit_price=D(101))
    order = house.send("C1", UNANSWERED)
    found = house.venue.find(attrs.evolve(_reference(other), client_order_id="C2"))
    monkeypatch.setattr(SimulatedVenue, "find", lambda self, reference: found)
    (left,) = house.recover().in_doubt
    assert left.order_id == order.order_id
    assert house.order(order).cum_quantity == 0
    assert house.order(other).cum_quantity == 10


def test_a_venue_that_finds_nothing_cannot_be_asked(monkeypatch):
    house = House()
    monkeypatch.setattr(SimulatedVenue, "capabilities", attrs.evolve(house.venue.capabilities, finds_orders=False))
    with pytest.raises(InvalidInput, match="asked for orders"):
        house.recover()
    with pytest.raises(InvalidInput, match="tries"):
        RecoveryLimits(tries=0)


def test_asks_with_pauses():
    house = House()
    for name in ("C1", "C2", "C3"):
        house.send(name, UNANSWERED)
    house.clock.move(MINUTE)
    pauses = []
    house.executor.recover(sleep=pauses.append)
    assert pauses == [0.1, 0.1]


def test_another_account_of_theirs_is_not_asked_about():
    house = House()
    order = house.send("C1", LOST, venue_account="sub")
    house.venue.venue_account = "main"
    assert house.recover().queries == 0
    assert house.order(order).in_doubt
    request = write_history(house.store, lambda h: h.submit(new_order_request("C2", venue_account="sub")))
    with pytest.raises(InvalidInput, match="an account that the venue speaks for"):
        house.executor.execute(request.request_id)
    with pytest.raises(InvalidInput, match="speaks"):
        house.reconcile(venue_account="sub")
    assert house.reconcile().findings == []
    house.venue.venue_account = "sub"
    assert [found.row.order_id for found in house.reconcile().findings] == [order.order_id]
    house.recover()
    assert house.order(order).status is OrderStatus.FAILED


@pytest.mark.parametrize("action", ["CANCEL", "REPLACE"])
def test_what_was_asked_for_about_an_order_that_never_arrived_has_failed_with_it(action):
    house = House()
    order = house.send("C1", LOST)
    terms = {"quantity": D(3)} if action == "REPLACE" else {}
    house.amend("X1", order, LOST, action=action, **terms)
    assert house.recover().in_doubt == []
    found = house.order(order)
    assert (found.status, found.in_doubt, found.state.open_requests) == (OrderStatus.FAILED, False, ())
    assert house.types(order)[-2:] == ["FAILED", f"{action}_FAILED"]
