"""Reading reports from JSON: only what an execution needs can refuse it."""

from decimal import Decimal

import pytest

from sot import InvalidInput, VenueReport
from sot.adapters.fix.fields import EXECUTION_REPORT, Needed, read_number
from sot.application.input.reports import AUXILIARY_FIGURES, ORDER_TERMS, read_report
from sot.domain.values.documents import read_document

TRADE = {
    "account_id": "main",
    "type": "TRADE",
    "venue": "X",
    "venue_order_id": "V1",
    "exec_id": "E1",
    "last_quantity": "2",
    "last_price": "10",
    "cum_quantity": "2",
}
INEXACT = ["10.123456789012345678901", "NaN", "1_000", " 1", 0.5, read_document("0.0"), Decimal("1e-30")]


@pytest.mark.parametrize("value", INEXACT, ids=repr)
@pytest.mark.parametrize("name", [*AUXILIARY_FIGURES, *ORDER_TERMS])
def test_a_figure_that_an_execution_does_not_need_is_left_out(name, value):
    report = read_report({**TRADE, name: value, "left_out": {"text": "too long"}})
    assert getattr(report, name) is None
    assert (report.last_quantity, report.last_price) == (2, 10)
    assert report.left_out is not None
    assert sorted(report.left_out) == sorted([name, "text"])
    assert report.left_out[name].startswith(f"{name}: ")
    exact = VenueReport.read({key: told for key, told in TRADE.items() if key != name})
    assert report.content_digest == exact.content_digest
    with pytest.raises(InvalidInput, match=name):
        VenueReport.read({**TRADE, name: value})


@pytest.mark.parametrize("value", INEXACT, ids=repr)
@pytest.mark.parametrize("name", ["last_quantity", "last_price", "split_ratio"])
def test_what_an_execution_needs_refuses_it(name, value):
    with pytest.raises(InvalidInput, match=name):
        read_report({**TRADE, name: value, "avg_price": "NaN"})


@pytest.mark.parametrize("name", ORDER_TERMS)
def test_the_terms_of_a_report_about_the_order_refuse_it(name):
    with pytest.raises(InvalidInput, match=name):
        read_report({**TRADE, "type": "REPLACED", name: "NaN"})


def test_inexact_fees_are_left_out_and_others_count():
    fees = [
        {"amount": "0.1", "currency": "USD"},
        {"amount": 0.25, "currency": "USD"},
        {"amount": "0.1234567890123456789", "currency": "BNB"},
    ]
    report = read_report({**TRADE, "fees": fees})
    assert [(fee.amount, fee.currency) for fee in report.fees] == [(Decimal("0.1"), "USD")]
    assert report.left_out is not None
    assert report.left_out["fees"].count("fees.amount: ") == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"avg_price": True},
        {"avg_price": ["1"]},
        {"avg_price": "NaN", "type": ["TRADE"]},
        {"avg_price": "NaN", "left_out": "text"},
        {"avg_price": "NaN", "unknown": 1},
        {"avg_price": "NaN", "occurred_at": "2026-01-05T10:00:00"},
        {"fees": [{"amount": None, "currency": "USD"}]},
        {"fees": [{"amount": "1"}]},
        {"fees": "1 USD"},
        {"fees": [1]},
    ],
    ids=repr,
)
def test_what_is_no_figure_is_refused(fields):
    with pytest.raises(InvalidInput):
        read_report({**TRADE, **fields})


def test_readers_of_json_and_fix_need_the_same_figures():
    needed = {field.report_field: field.needed for field in EXECUTION_REPORT if field.read is read_number}
    assert {name for name, need in needed.items() if need is Needed.NEVER} == set(AUXILIARY_FIGURES)
    assert {name for name, need in needed.items() if need is Needed.BUT_FOR_EXECUTIONS} == set(ORDER_TERMS)
