"""Ids that are unique within a day, and orders that live for several days."""

import pytest

from sot import OrderHistory, VenueReport
from sot.adapters.fix import resolve_multiday_order
from sot.adapters.memory import MemoryStore


@pytest.fixture
def uow():
    with MemoryStore().begin() as uow:
        yield uow


def take(uow, day, type, exec_id, client_order_id="1", venue_order_id="V1", adopt=True, **fields):
    """Record a report as `sot record --format fix --daily-ids --adopt` does, and return the order id."""
    fields = {
        "account_id": "main",
        "venue": "X",
        "symbol": "ACME",
        "side": "BUY",
        "type": type,
        "exec_id": exec_id,
        "id_scope": f"2026-01-{day:02}",
        "client_order_id": client_order_id,
        "venue_order_id": venue_order_id,
        **fields,
    }
    report = resolve_multiday_order(uow, VenueReport.read(fields))
    history = OrderHistory(uow)
    return (history.adopt(report) if adopt else history.record(report)).order_id


def fill(uow, day, exec_id, **fields):
    return take(uow, day, "TRADE", exec_id, last_quantity="1", last_price="10", **fields)


def quantities(uow):
    return [order.cum_quantity for order in OrderHistory(uow).orders().items]


def test_day_orders_of_one_name_are_orders_of_their_days(uow):
    first = fill(uow, 5, "e1", time_in_force="DAY")
    second = fill(uow, 6, "e1", time_in_force="DAY", venue_order_id="V2")
    third = fill(uow, 7, "e1", time_in_force="DAY")  # the venue's id is the same, too
    assert len({first, second, third}) == 3
    assert fill(uow, 6, "e2", time_in_force="DAY", venue_order_id="V2") == second
    assert quantities(uow) == [1, 2, 1]


@pytest.mark.parametrize("time_in_force", ["GTC", "GTD"])
def test_an_order_of_several_days_is_found_by_its_order_id(uow, time_in_force):
    order = take(uow, 5, "NEW", "e1", time_in_force=time_in_force, order_quantity="3")
    # The next days' reports do not repeat the time in force.
    assert fill(uow, 6, "e2") == order
    assert fill(uow, 7, "e3") == order
    assert quantities(uow) == [2]


def test_from_then_on_it_goes_by_its_names_of_that_day(uow):
    order = take(uow, 5, "NEW", "e1", time_in_force="GTC")
    assert take(uow, 6, "CANCEL_REJECTED", None, "9", None, adopt=False, orig_client_order_id="1") is None
    assert fill(uow, 6, "e2") == order
    assert take(uow, 6, "CANCEL_REJECTED", None, "8", None, adopt=False, orig_client_order_id="1") == order
    # The report that waited for that id belongs to it.
    assert [event.type for event in OrderHistory(uow).events(order)].count("CANCEL_REJECTED") == 2
    assert list(OrderHistory(uow).waiting("main")) == []


def test_a_cancel_reject_with_its_order_id_needs_no_name(uow):
    order = take(uow, 5, "NEW", "e1", time_in_force="GTC")
    assert take(uow, 6, "CANCEL_REJECTED", None, "9", adopt=False) == order


def test_a_late_correction_of_a_day_order_finds_it(uow):
    order = fill(uow, 5, "e1", time_in_force="DAY")
    assert take(uow, 6, "TRADE_CANCEL", "e2", exec_ref_id="e1") == order
    assert quantities(uow) == [0]


def test_what_fits_several_orders_of_other_days_waits(uow):
    for day in (5, 6):
        fill(uow, day, "e1", time_in_force="DAY")
    assert take(uow, 7, "TRADE_CANCEL", "e2", adopt=False, exec_ref_id="e1") is None
    assert quantities(uow) == [1, 1]


def test_other_venues_and_accounts_have_orders_of_their_own(uow):
    order = take(uow, 5, "NEW", "e1", time_in_force="GTC")
    assert fill(uow, 6, "e2", venue="Y") != order
    assert fill(uow, 6, "e2", account_id="other") != order


def test_an_external_order_that_turned_out_to_be_another_is_that(uow):
    order = take(uow, 5, "NEW", "e1", time_in_force="GTC")
    external = take(uow, 5, "NEW", "e1", "elsewhere", "V2", time_in_force="GTC")
    OrderHistory(uow).attribute(external, order, reason="the same")
    assert fill(uow, 6, "e2", client_order_id="9", venue_order_id="V2") == order


def test_recorded_again_it_adds_nothing(uow):
    def all_of_it():
        take(uow, 5, "NEW", "e1", time_in_force="GTC")
        fill(uow, 6, "e2")
        take(uow, 7, "CANCELED", "e3", client_order_id="2", orig_client_order_id="1")

    all_of_it()
    (order,) = OrderHistory(uow).orders().items
    all_of_it()
    assert OrderHistory(uow).orders().items == [order]
    assert order.status == "CANCELED"


def test_without_a_day_there_is_nothing_to_look_for(uow):
    take(uow, 5, "NEW", "e1", time_in_force="GTC")
    report = VenueReport.read({"account_id": "main", "type": "NEW", "venue": "X", "venue_order_id": "V1"})
    assert resolve_multiday_order(uow, report) is report
