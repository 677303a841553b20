"""Identifiers of orders over time: which is the current one, and who is meant when one was used again."""

from decimal import Decimal

import pytest

from sot import OrderHistory
from sot.testing.contract.samples import ACCOUNT, SYMBOL, spot_instrument
from sot.testing.contract.transactions import read_history
from tests.support.recorded_reports import check_history, fills_of, order_of, record_all, report, sent_order, trade


def test_a_known_execution_is_found_again_when_its_venue_order_id_was_used_again(store):
    order_ids = [sent_order(store, name) for name in ("C1", "C2")]
    first, second = ({"venue_order_id": "1", "name": name} for name in ("C1", "C2"))
    told = [
        report("NEW", **first, venue_sequence=1),
        report("REPLACED", venue_order_id="1", name=None, limit_price="99", venue_sequence=2),
        trade("e1", venue_order_id="1", name=None, venue_sequence=3),
        report("NEW", **second, venue_sequence=4),
        trade("e2", **second, venue_sequence=5),
    ]
    record_all(store, *told)
    assert [fills_of(store, order_id) for order_id in order_ids] == [["4@100"], ["4@100"]]
    check_history(store, *told)


def test_an_execution_with_a_known_id_and_other_words_stays_ambiguous(store):
    for name in ("C1", "C2"):
        sent_order(store, name)
        record_all(store, report("NEW", name=name, venue_order_id="1"))
    first = trade("e1", venue_order_id="1")
    record_all(store, first)
    other = first.changed(client_order_id=None, last_quantity=Decimal(1))
    assert record_all(store, other) == [["UNKNOWN_REFERENCE", "AMBIGUOUS_NAME"]]


@pytest.mark.parametrize("times", [(1, 2, 3, 1), (None, None, None, None)])
def test_a_late_fill_under_an_earlier_venue_order_id_does_not_make_it_the_current_one(store, times):
    order_id = sent_order(store)
    told = [
        report("NEW", times[0], venue_order_id="1"),
        report("REPLACED", times[1], venue_order_id="2", limit_price="101"),
        trade("e2", times[2], "1", name=None, venue_order_id="2"),
        trade("e1", times[3], "1", name=None, venue_order_id="1"),
    ]
    record_all(store, *told)
    assert order_of(store, order_id).state.venue_order_id == "2"
    check_history(store, *told)


def test_an_execution_under_the_next_venue_order_id_may_come_before_what_links_the_two(store):
    order_id = sent_order(store)
    told = [
        report("NEW", 1, venue_order_id="1"),
        trade("e1", 3, "1", venue_order_id="2"),
        report("REPLACED", 2, venue_order_id="2", limit_price="101"),
        trade("e2", 4, "1", venue_order_id="1"),
    ]
    record_all(store, *told[:2])
    assert order_of(store, order_id).state.venue_order_id == "1"
    record_all(store, *told[2:])
    assert order_of(store, order_id).state.venue_order_id == "2"
    check_history(store, *told)


def test_a_late_link_does_not_make_an_earlier_venue_order_id_the_current_one(store):
    order_id = sent_order(store)
    told = [
        report("REPLACED", seconds, venue_order_id=name, limit_price="101") for seconds, name in ((5, "3"), (3, "2"))
    ]
    record_all(store, *told)
    assert order_of(store, order_id).state.venue_order_id == "3"
    check_history(store, *told)


def test_a_status_tells_under_which_venue_order_id_an_order_is_found(store):
    order_id = sent_order(store)
    told = [
        report("NEW", 1, venue_order_id="1"),
        report("ORDER_STATUS", 5, venue_order_id="2", reported_status="NEW"),
    ]
    record_all(store, *told)
    assert order_of(store, order_id).state.venue_order_id == "2"
    check_history(store, *told)


@pytest.mark.parametrize("account_in_fill", [False, True])
def test_an_order_is_found_by_a_name_whose_venue_account_one_report_alone_tells(store, account_in_fill):
    accounts = ("", "s1") if account_in_fill else ("s1", "")
    told = [
        report("NEW", 1, venue_order_id="2", venue_account=accounts[0]),
        trade("e1", 2, name=None, venue_order_id="2", venue_account=accounts[1]),
    ]
    order_id = sent_order(store)
    record_all(store, *told)
    assert fills_of(store, order_id) == ["4@100"]
    check_history(store, *told)


def test_candidates_are_listed_in_the_same_order_by_every_store(store):
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(spot_instrument())
        for number in range(6):
            one = trade(f"e{number}", 1, name="ref", venue_order_id=str(number), symbol=SYMBOL, side="BUY")
            history.adopt(one)
        uow.commit()
    record_all(store, report("CANCELED", 4, name="ref"))

    def candidates(history):
        (waiting,) = history.waiting(ACCOUNT)
        return [getattr(one, "order_id", one) for one in history.why_waiting(waiting).candidates]

    found = read_history(store, candidates)
    assert len(found) == 5
    assert found == sorted(found)
