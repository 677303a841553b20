"""What later reports tell of the executions of an order: corrections without figures, legs, accounts, positions."""

from itertools import permutations

import pytest

from sot.testing.contract.samples import ACCOUNT
from sot.testing.contract.transactions import read_history
from tests.support.recorded_reports import check_history, fee, fills_of, order_of, record_all, report, sent_order, trade

LEGS = [
    trade("a", 2, "2", "4", reporting_type="LEG", symbol="L1", side="BUY"),
    trade("b", 2, "2", "2.5", reporting_type="LEG", symbol="L2", side="BUY"),
]
SUMMARY = trade("s1", 2, "2", "6.5", reporting_type="SUMMARY")


def positions_of(store):
    positions = read_history(store, lambda history: list(history.positions(ACCOUNT)))
    return {(p.symbol, p.key.venue_account or str(p.key.position_side)): str(p.quantity) for p in positions}


def fees_of(store, order_id):
    return {c: str(a) for c, a in read_history(store, lambda history: history.costs(order_id)).fees.items()}


@pytest.mark.parametrize("untyped", ["s1", "a", "b"])
def test_an_execution_may_be_told_later_to_be_a_leg_or_a_summary(store, untyped):
    order_id = sent_order(store, "C1", "L1", "L2")
    in_full = [SUMMARY, *LEGS]
    plain = [
        one.changed(reporting_type=None, symbol=None, side=None) if one.exec_id == untyped else one for one in in_full
    ]
    record_all(store, *plain, *in_full)
    assert positions_of(store) == {("L1", "NET"): "2", ("L2", "NET"): "2"}
    assert order_of(store, order_id).cum_quantity == 2
    check_history(store, *plain, *in_full)


def test_an_execution_that_contradicts_the_order_counts_when_it_is_told_to_be_a_leg(store):
    sent_order(store, "C1", "L1")
    plain = LEGS[0].changed(reporting_type=None)
    assert record_all(store, plain, LEGS[0]) == [["INVALID"], "RECORDED"]
    assert positions_of(store) == {("L1", "NET"): "2"}
    check_history(store, plain, LEGS[0])


def test_an_execution_may_be_told_later_which_position_it_changes(store):
    sent_order(store)
    told = [trade("e1", 2), trade("e1", 2, position_side="LONG")]
    record_all(store, *told)
    assert positions_of(store) == {("BASE/QUOTE", "LONG"): "4"}
    check_history(store, *told)


@pytest.mark.parametrize("is_bust", [False, True])
def test_legs_and_busted_executions_get_the_venue_account_that_is_told_later(store, is_bust):
    order_id = sent_order(store, "C1", "L1")
    told = [trade("e1", 2), report("TRADE_CANCEL", 3, exec_ref_id="e1")] if is_bust else LEGS[:1]
    told.append(trade("s", 4, "2", reporting_type="SUMMARY", venue_account="s1"))
    record_all(store, *told)
    fills = read_history(store, lambda history: list(history.fills(order_id)))
    assert {fill.venue_account for fill in fills} == {"s1"}
    assert set(positions_of(store)) == {("BASE/QUOTE" if is_bust else "L1", "s1")}
    check_history(store, *told)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_correction_without_figures_corrects_the_rest_in_any_order(store, order):
    order_id = sent_order(store)
    without = report("TRADE_CORRECT", 3, exec_id="e2", exec_ref_id="e1", fees=fee("3"), liquidity="MAKER")
    told = [trade("e1", 2), without, report("NEW", 1)]
    record_all(store, *(told[number] for number in order))
    assert fills_of(store, order_id) == ["4@100"]
    assert fees_of(store, order_id) == {"QUOTE": "3"}
    check_history(store, *told)


def test_a_correction_without_figures_waits_for_its_execution(store):
    order_id = sent_order(store)
    empty = report("TRADE_CORRECT", 3, exec_id="e2", exec_ref_id="e1")
    assert record_all(store, empty) == [["UNKNOWN_REFERENCE"]]
    assert order_of(store, order_id).cum_quantity == 0
    check_history(store, empty)
    record_all(store, trade("e1", 2))
    assert fills_of(store, order_id) == ["4@100"]
    check_history(store, empty, trade("e1", 2))


def test_a_correction_of_a_known_execution_that_corrects_nothing_is_invalid(store):
    order_id = sent_order(store)
    told = [trade("e1", 2), report("TRADE_CORRECT", 3, exec_id="e2", exec_ref_id="e1")]
    told.append(report("TRADE_CORRECT", 4, exec_id="e3", exec_ref_id="e1", last_price="9", fees=fee("1")))
    assert record_all(store, *told) == ["RECORDED", ["INVALID"], ["INVALID"]]
    assert (fills_of(store, order_id), fees_of(store, order_id)) == (["4@100"], {})
    check_history(store, *told)
