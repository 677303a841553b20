"""Lines that cannot be read exactly, or that make no sense, are refused with the reason, and not recorded."""

import json

import pytest
from tests.support.command_line import INSTRUMENT, amendment, answers, named, report, request, sot, trade

BAD = {
    "not JSON": '{"report": ',
    "an array": "[]",
    "a number": "17",
    "a string": '"report"',
    "no key": "{}",
    "two keys": {"request": {}, "report": {}},
    "an unknown key": {"order": {}},
    "context without a request": {**report("NEW", "a"), "context": {}},
    "fields that are no object": {"report": []},
    "fields that are null": {"report": None},
    "a float quantity": request("x", quantity=1.5),
    "a float in exponent notation": '{"report": {"account_id": "main", "type": "TRADE", "last_price": 1e2}}',
    "a float signal": {**request("x"), "context": {"signal_strength": 0.5}},
    "NaN": '{"mark": {"account_id": "main", "client_order_id": "a", "mark": NaN}}',
    "NaN as text": {"mark": {"account_id": "main", "client_order_id": "a", "mark": "NaN"}},
    "Infinity": '{"mark": {"account_id": "main", "client_order_id": "a", "mark": -Infinity}}',
    "a huge exponent": '{"report": {"account_id": "main", "type": "NEW", "raw_payload": 1e999999}}',
    "a huge exponent as text": trade("a", "1", "1e999999", "1"),
    "a huge whole number": '{"report": {"account_id": "main", "type": "NEW", "last_price": ' + "9" * 5000 + "}}",
    "too many fraction digits": trade("a", "1", "0.0000000000000000001", "1"),
    "an underscore": trade("a", "1", "1_000", "1"),
    "a space": trade("a", "1", " 1", "1"),
    "other digits": trade("a", "1", "\u0661", "1"),
    "a naive time": report("NEW", "a", occurred_at="2026-03-01T10:00:00"),
    "a date": report("NEW", "a", occurred_at="2026-03-01"),
    "a time as a number": report("NEW", "a", occurred_at=1772359200),
    "an impossible time": report("NEW", "a", occurred_at="2026-02-30T10:00:00Z"),
    "NUL": report("NEW", "a\x00"),
    "a lone surrogate": '{"report": {"account_id": "main", "type": "NEW", "client_order_id": "\\ud800"}}',
    "a lone surrogate in a document": '{"report": {"account_id": "main", "type": "NEW", "raw_payload": "\\udfff"}}',
    "an unknown type": report("NEWS", "a"),
    "a local type": report("SUBMITTED", "a"),
    "a word in small letters": report("new", "a"),
    "an unknown side": request("x", side="LONG"),
    "an unknown field": report("NEW", "a", quantity="1"),
    "an unknown field of a command": named("sent", "a", when="now"),
    "a reason for what was sent": named("sent", "a", reason="because"),
    "an unknown field of a mark": {"mark": {"account_id": "main", "client_order_id": "a", "mark": "1", "x": 1}},
    "a duplicate key": '{"report": {"account_id": "main", "account_id": "main", "type": "NEW"}}',
    "a duplicate key at the top": '{"report": {}, "report": {}}',
    "a missing field": {"report": {"account_id": "main"}},
    "a null field that is required": {"report": {"account_id": "main", "type": None}},
    "an empty name": report("NEW", ""),
    "a name of 256 characters": report("NEW", "x" * 256),
    "a nameless order": {"mark": {"mark": "1"}},
    "half a name": {"mark": {"account_id": "main", "venue_order_id": "V1", "mark": "1"}},
    "an unknown order": {"mark": {"account_id": "main", "client_order_id": "nobody", "mark": "1"}},
    "an id that is none": {"mark": {"order_id": "a", "mark": "1"}},
    "a nameless request": {"sent": {"account_id": "main"}},
    "an unknown request": named("sent", "nobody"),
    "an unknown symbol": request("x", symbol="DOGE/USDT"),
    "an unknown account": request("x", account_id="other"),
    "LIMIT without a price": request("x", limit_price=None),
    "no quantity": request("x", quantity=None),
    "two quantities": request("x", quote_quantity="1"),
    "a negative quantity": request("x", quantity="-1"),
    "a quantity of zero": request("x", quantity=0),
    "CANCEL without a target": request(
        "x", action="CANCEL", side=None, order_type=None, quantity=None, limit_price=None
    ),
    "CANCEL of an unknown target": amendment("x", "nobody"),
    "two targets": amendment("x", "a", target_order_id="01890a5d-ac96-774b-bcce-b302099a8057"),
    "a target by a number": amendment("x", 5),
    "REPLACE without terms": amendment("x", "a", "REPLACE"),
    "another intent with the same key": request("a", quantity="7"),
    "sent again at another time": named("sent", "a", occurred_at="2027-01-01T00:00:00Z"),
    "withdrawing what was sent": named("withdraw", "a"),
    "a check of what was sent": named("risk_check", "a", rule_code="R", passed=True),
    "a check that is no flag": named("risk_check", "a", rule_code="R", passed=1),
    "checks that are no list": request("x", risk_checks={}),
    "a check that is no object": request("x", risk_checks=["R"]),
    "voiding nothing": {"void": {"account_id": "main", "client_order_id": "a", "reason": "r"}},
    "voiding without a reason": {"void": {"account_id": "main", "client_order_id": "a", "sequence": 2}},
    "voiding the creation": {"void": {"account_id": "main", "client_order_id": "a", "reason": "r", "sequence": 1}},
    "a sequence with a fraction": (
        '{"void": {"account_id": "main", "client_order_id": "a", "reason": "r", "sequence": 2.0}}'
    ),
    "deep nesting": '{"report": {"account_id": "main", "type": "NEW", "raw_payload": ' + "[" * 5000 + "]" * 5000 + "}}",
    "another instrument of that name": {"instrument": {**INSTRUMENT["instrument"], "kind": "PERPETUAL"}},
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = tmp_path_factory.mktemp("bad") / "orders.db"
    result = sot("record", "--store", url, lines=[INSTRUMENT, request("a"), named("sent", "a")])
    assert result.exit_code == 0, result.output
    return url


@pytest.mark.parametrize("line", BAD.values(), ids=BAD.keys())
def test_a_bad_line_is_refused(store, line):
    before = sot("orders", "--store", store, "--json").stdout
    fine = trade("new", "77", "1", "1")
    result = sot("record", "--store", store, "--batch", 10, lines=[fine, line])
    assert result.exit_code == 2, result.output
    (error,) = answers(result)
    assert (error["line"], error["outcome"]) == (2, "ERROR")
    assert error["error"]
    assert "\n" not in error["error"]
    if error["kind"] == "InvalidInput":
        assert error["field"]
        assert error["allowed"]
    assert "Traceback" not in result.output
    assert sot("orders", "--store", store, "--json").stdout == before


def test_bytes_that_are_no_utf_8(store):
    result = sot("record", "--store", store, lines=b'{"report": "\xff\xfe"}\n')
    assert result.exit_code == 2
    assert "UTF-8" in answers(result)[0]["error"]


def test_nothing_of_the_batches_was_kept(store):
    # The trade before each bad line would have waited as unattributed; recorded alone, it is new.
    result = sot("record", "--store", store, lines=[trade("new", "77", "1", "1")])
    assert answers(result)[0]["outcome"] == "FLAGGED"


def test_the_error_says_what_is_allowed(store):
    result = sot("record", "--store", store, lines=[request("x", side="LONG")])
    error = answers(result)[0]
    assert (error["field"], error["allowed"]) == ("side", "one of BUY, SELL")
    assert "LONG" in error["error"]
    assert json.loads(result.stdout)
