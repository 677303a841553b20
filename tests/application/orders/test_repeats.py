"""Reports that resemble earlier ones of their order: repeats, new facts, and what is only a like id."""

import pytest

from sot import OrderRequest
from sot.domain.values.vocabulary import Outcome
from sot.testing.contract.samples import ACCOUNT
from sot.testing.contract.transactions import read_history, write_history
from tests.support.recorded_reports import (
    at,
    check_history,
    fee,
    fills_of,
    order_of,
    record_all,
    report,
    sent_order,
    trade,
)

NS = 1_767_607_205_000_000_000


def correction(exec_id, seconds, quantity, **fields):
    return report("TRADE_CORRECT", seconds, exec_id=exec_id, last_quantity=quantity, last_price="100", **fields)


@pytest.mark.parametrize("reverse", [False, True])
def test_an_execution_that_refers_to_itself_is_the_same_execution(store, reverse):
    order_id = sent_order(store)
    told = [trade("e1", 2), trade("e1", 2, exec_ref_id="e1", fees=fee("1"))]
    if reverse:
        told.reverse()
    record_all(store, *told)
    assert fills_of(store, order_id) == ["4@100"]
    assert order_of(store, order_id).cum_quantity == 4
    check_history(store, *told)


def test_a_bust_that_names_no_execution_is_kept_though_it_has_the_id_of_one(store):
    order_id = sent_order(store)
    first, bust = trade("e1", 2), report("TRADE_CANCEL", 3, exec_id="e1")
    in_full = bust.changed(venue_order_id="V1")
    assert record_all(store, first, bust, in_full) == ["RECORDED", ["INVALID"], ["INVALID"]]
    assert fills_of(store, order_id) == ["4@100"]
    check_history(store, first, bust, in_full)


def test_a_correction_that_names_no_execution_is_kept_though_it_has_the_id_of_one(store):
    order_id = sent_order(store)
    told = [trade("e1", 2), *(correction("e1", 3, quantity) for quantity in ("4", "5"))]
    assert record_all(store, *told)[:2] == ["RECORDED", ["INVALID"]]
    assert fills_of(store, order_id) == ["4@100"]
    check_history(store, *told)


def test_what_names_no_execution_hides_none_that_comes_later(store):
    order_id = sent_order(store)
    told = [
        report("TRADE_CANCEL", 1, exec_id="e1"),
        correction("e1", 1, "9"),
        trade("e1", 2),
    ]
    assert record_all(store, *told) == [["INVALID"], ["INVALID"], "RECORDED"]
    assert fills_of(store, order_id) == ["4@100"]
    check_history(store, *told)


def test_an_execution_counts_whose_first_report_was_invalid(store):
    order_id = sent_order(store)
    told = [report("TRADE", 2, exec_id="e1", last_quantity="4"), trade("e1", 2, "0"), trade("e1", 2)]
    assert record_all(store, *told) == [["INVALID"], ["INVALID"], "RECORDED"]
    assert fills_of(store, order_id) == ["4@100"]
    check_history(store, *told)


def test_two_busts_with_one_id_bust_two_executions(store):
    order_id = sent_order(store)
    bust = report("TRADE_CANCEL", 4, exec_id="b", exec_ref_id="e1")
    told = [trade("e1", 2), trade("e2", 3, "1"), bust, bust.changed(exec_ref_id="e2")]
    assert record_all(store, *told) == ["RECORDED"] * 4
    assert fills_of(store, order_id) == []
    check_history(store, *told, bust.changed(exec_ref_id=None))


def test_a_bust_that_names_its_execution_later_takes_effect(store):
    order_id = sent_order(store)
    told = [trade("e1", 2), report("TRADE_CANCEL", 3, exec_id="b")]
    told.append(told[-1].changed(exec_ref_id="e1"))
    assert record_all(store, *told) == ["RECORDED", ["INVALID"], "RECORDED"]
    assert fills_of(store, order_id) == []
    check_history(store, *told)


def test_nanoseconds_tell_statements_of_one_microsecond_apart(store):
    order_id = sent_order(store)
    told = [report("REPLACED", 5, limit_price=p, venue_time_ns=NS + ns) for p, ns in (("101", 100), ("102", 200))]
    assert record_all(store, *told, told[0]) == [["TERMS_DIFFER"], ["TERMS_DIFFER"], "REPEATED"]
    assert order_of(store, order_id).state.limit_price == 102
    check_history(store, *told)


@pytest.mark.parametrize(
    "statement",
    [
        report("DONE_FOR_DAY", 6),
        report("CALCULATED", 6),
        report("ORDER_STATUS", 6, reported_status="PARTIALLY_FILLED", cum_quantity="1", avg_price="100"),
    ],
    ids=lambda statement: str(statement.type),
)
def test_a_statement_that_an_earlier_execution_followed_is_a_repeat(store, statement):
    order_id = sent_order(store)
    record_all(store, statement, trade("e1", 5))
    status = order_of(store, order_id).status
    check_history(store, statement, trade("e1", 5))
    assert order_of(store, order_id).status is status


def test_statements_of_one_time_that_contradict_each_other_take_effect_again(store):
    order_id = sent_order(store)
    told = [report("REPLACED", 5, limit_price=price) for price in ("101", "102", "101")]
    assert record_all(store, *told)[2] == ["POSSIBLE_REPEAT", "TERMS_DIFFER"]
    assert order_of(store, order_id).state.limit_price == 101
    check_history(store, told[0])


def test_a_second_request_may_be_refused_in_the_words_of_the_first(store):
    order_id = sent_order(store)
    refused = report("CANCEL_REJECTED", 6)
    record_all(store, report("PENDING_CANCEL", 4), refused, report("PENDING_CANCEL", 6))
    assert record_all(store, refused) == [["POSSIBLE_REPEAT"]]
    assert not order_of(store, order_id).state.open_requests
    check_history(store)


def test_a_second_request_of_ours_may_be_refused_in_the_words_of_the_first(store):
    order_id = sent_order(store)
    refused = report("CANCEL_REJECTED", 6)

    def request_cancel(key, seconds):
        request = OrderRequest(account_id=ACCOUNT, action="CANCEL", target_order_id=order_id, idempotency_key=key)
        write_history(store, lambda h: h.mark_sent(h.submit(request).request_id, occurred_at=at(seconds)))

    request_cancel("first", 4)
    record_all(store, refused)
    request_cancel("second", 5)
    assert record_all(store, refused) == [["POSSIBLE_REPEAT"]]
    assert not order_of(store, order_id).state.open_requests
    check_history(store)


@pytest.mark.parametrize("placeholder", ["0", "-1", "NONE"])
def test_a_placeholder_of_an_execution_id_makes_no_other_words(store, placeholder):
    order_id = sent_order(store)
    told = [trade(None, 2), trade(placeholder, 2), trade("0", 2)]
    assert record_all(store, *told) == ["RECORDED", "REPEATED", "REPEATED"]
    assert record_all(store, *(one.changed(occurred_at=at(3)) for one in reversed(told)))[1:] == ["REPEATED"] * 2
    assert fills_of(store, order_id) == ["4@100", "4@100"]
    check_history(store, *told)


def test_a_placeholder_that_waited_makes_no_other_words(store):
    told = [trade(None, 2), trade("0", 2)]
    record_all(store, *told)
    assert fills_of(store, sent_order(store)) == ["4@100"]
    check_history(store, *told)


def test_a_repeat_without_an_id_that_brings_an_identifier_twice(store):
    sent_order(store)
    told = [trade(placeholder, 2, venue_order_id="V1") for placeholder in (None, "0")]
    told += [one.changed(venue_account="s1") for one in told]
    record_all(store, *told)
    check_history(store, *told)


def void(store, order_id, **which):
    return write_history(store, lambda history: history.void(order_id, reason="mistyped", **which))


@pytest.mark.parametrize("seconds", [None, 2, 5])
def test_an_execution_that_contradicts_a_void_one_counts(store, seconds):
    order_id = sent_order(store)
    mistyped, right = trade("e1", 2), trade("e1", seconds, "3", fees=fee("1"))
    assert record_all(store, mistyped) == ["RECORDED"]
    void(store, order_id, exec_id="e1")
    assert record_all(store, right) == [["POSSIBLE_REPEAT"]]
    assert fills_of(store, order_id) == ["3@100"]
    (fill,) = read_history(store, lambda history: [f for f in history.fills(order_id) if not f.busted])
    assert fill.occurred_at == right.occurred_at
    check_history(store, mistyped, right)


def test_the_words_of_a_void_event_stay_void(store):
    order_id = sent_order(store)
    mistyped = trade("e1", 2)
    record_all(store, mistyped)
    void(store, order_id, exec_id="e1")
    for same in (mistyped, mistyped.changed(reported_status="PARTIALLY_FILLED"), trade("e1", 2, fees=fee("1"))):
        record_all(store, same)
        assert fills_of(store, order_id) == []
    check_history(store, mistyped)


def test_a_contradiction_counts_once_what_it_contradicted_is_void_and_it_is_told_again(store):
    order_id = sent_order(store)
    mistyped, right = trade("e1", 2), trade("e1", 2, "3")
    assert record_all(store, mistyped, right) == ["RECORDED", ["DUPLICATE_CONFLICT"]]
    void(store, order_id, exec_id="e1")
    assert fills_of(store, order_id) == []
    assert record_all(store, right, right, mistyped) == [["POSSIBLE_REPEAT"], "REPEATED", "REPEATED"]
    assert fills_of(store, order_id) == ["3@100"]
    check_history(store, mistyped, right)


def test_an_execution_beside_a_void_one_can_be_void_corrected_and_busted(store):
    order_id = sent_order(store)
    record_all(store, trade("e1", 2))
    void(store, order_id, exec_id="e1")
    record_all(store, trade("e1", 2, "3"))
    assert void(store, order_id, exec_id="e1").outcome is Outcome.RECORDED
    assert fills_of(store, order_id) == []
    assert void(store, order_id, exec_id="e1").outcome is Outcome.REPEATED
    record_all(store, trade("e1", 2, "2"), correction("e2", 3, "1", exec_ref_id="e1"))
    assert fills_of(store, order_id) == ["1@100"]
    record_all(store, report("TRADE_CANCEL", 4, exec_id="b", exec_ref_id="e1"))
    assert fills_of(store, order_id) == []
    assert record_all(store, trade("e1", 3, "2")) == [["DUPLICATE_CONFLICT"]]
    check_history(store)


def test_when_the_void_of_an_execution_is_void_its_later_telling_is_the_same_execution(store):
    order_id = sent_order(store)
    record_all(store, trade("e1", 2))
    voided = void(store, order_id, exec_id="e1")
    record_all(store, trade("e1", 2, "3"))
    void(store, order_id, sequence=voided.sequence)
    assert fills_of(store, order_id) == ["3@100"]
    check_history(store)
