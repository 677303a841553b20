"""`sot record`: every key, batches, and errors that end the stream."""

import json
import os
import subprocess
import sys

import pytest
from tests.support.command_line import (
    INSTRUMENT,
    amendment,
    answers,
    every_key,
    named,
    outcomes,
    report,
    request,
    sot,
    text_of,
    trade,
)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "orders.db"


def shown(store, name):
    return json.loads(sot("show", name, "--account", "main", "--store", store, "--json").stdout)


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_every_key_and_then_nothing_new(store, batch):
    lines = every_key()
    first = sot("record", "-", "--store", store, "--batch", batch, lines=lines)
    assert first.exit_code == 0, first.output
    expected = ["RECORDED"] * len(lines)
    expected[6] = "REPEATED"
    expected[23] = "FLAGGED"
    assert outcomes(first) == expected
    assert [answer["line"] for answer in answers(first)] == list(range(1, len(lines) + 1))
    before = [shown(store, name) for name in "abd"]
    again = sot("record", "--store", store, "--batch", batch, lines=lines)
    assert again.exit_code == 0, again.output
    assert set(outcomes(again)) == {"REPEATED"}
    assert [shown(store, name) for name in "abd"] == before


def test_what_is_recorded(store):
    printed = answers(sot("record", "--store", store, lines=every_key()))
    a = shown(store, "a")
    assert {answer["order_id"] for answer in printed[3:11]} - {None} == {a["order_id"]}
    assert printed[1]["request_id"] == a["request_id"] == printed[3]["request_id"]
    assert [printed[index]["sequence"] for index in (3, 4, 5, 6, 8, 9, 10)] == [2, 3, 4, 4, 5, 6, 7]
    assert printed[23] == {
        "line": 24,
        "outcome": "FLAGGED",
        "order_id": None,
        "sequence": None,
        "anomalies": ["UNKNOWN_REFERENCE"],
    }
    assert (a["status"], a["cum_quantity"], a["order_quantity"]) == ("PARTIALLY_FILLED", "0.5", "3")
    assert [event["type"] for event in a["events"]][-2:] == ["MARKED", "VOIDED"]
    assert shown(store, "b")["status"] == "CANCELED"
    assert shown(store, "d")["status"] == "FAILED"
    assert shown(store, "d")["events"][-1]["reason"] == "no route"
    assert shown(store, "b")["events"][2]["reason"] == "unspecified"


def test_blank_lines_are_skipped_and_counted(store):
    result = sot("record", "--store", store, lines=["", INSTRUMENT, "   ", "\t", request("a"), ""])
    assert [answer["line"] for answer in answers(result)] == [2, 5]


def test_a_byte_order_mark_and_crlf_are_no_obstacle(store):
    stream = b"\xef\xbb\xbf" + text_of([INSTRUMENT, request("a")]).replace("\n", "\r\n").encode()
    assert outcomes(sot("record", "--store", store, lines=stream)) == ["RECORDED", "RECORDED"]


def test_the_last_line_needs_no_line_break(store):
    assert outcomes(sot("record", "--store", store, lines=text_of([INSTRUMENT]).strip().encode())) == ["RECORDED"]


def test_a_file_is_read(store, tmp_path):
    file = tmp_path / "lines.jsonl"
    file.write_text(text_of([INSTRUMENT, request("a")]))
    assert outcomes(sot("record", file, "--store", store)) == ["RECORDED", "RECORDED"]


@pytest.mark.parametrize(("batch", "recorded_count"), [(1, 4), (2, 4), (3, 3), (100, 0)])
def test_an_error_stops_the_stream_and_takes_its_batch_along(store, batch, recorded_count):
    lines = [INSTRUMENT, request("a"), named("sent", "a"), request("b"), {"nonsense": {}}, request("c")]
    result = sot("record", "--store", store, "--batch", batch, lines=lines)
    assert result.exit_code == 2
    *fine, error = answers(result)
    assert [answer["outcome"] for answer in fine] == ["RECORDED"] * recorded_count
    assert (error["line"], error["outcome"]) == (5, "ERROR")
    assert "nonsense" in error["error"]
    assert "Traceback" not in result.output
    # Corrected and recorded again, everything that was recorded is a repeat.
    del lines[4]
    again = outcomes(sot("record", "--store", store, lines=lines))
    assert again == ["REPEATED"] * recorded_count + ["RECORDED"] * (5 - recorded_count)


def test_context_and_checks_beside_or_inside_are_the_same(store):
    context, checks = {"signal_strength": "1"}, [{"rule_code": "R", "passed": True}]
    inside = request("a", context=context, risk_checks=checks)
    beside = {**request("a"), "context": context, "risk_checks": checks}
    assert outcomes(sot("record", "--store", store, lines=[INSTRUMENT, inside, beside])) == [
        "RECORDED",
        "RECORDED",
        "REPEATED",
    ]
    twice = {**inside, "context": context}
    result = sot("record", "--store", store, lines=[twice])
    assert result.exit_code == 2
    assert answers(result)[0]["field"] == "context"


def test_orders_are_named_in_three_ways(store):
    lines = [INSTRUMENT, request("a"), named("sent", "a"), report("NEW", "a", venue_order_id="V1")]
    order_id = answers(sot("record", "--store", store, lines=lines))[2]["order_id"]
    names = (
        {"order_id": order_id},
        {"account_id": "main", "client_order_id": "a"},
        {"account_id": "main", "venue": "BINANCE", "venue_order_id": "V1"},
    )
    result = sot("record", "--store", store, lines=[{"mark": {**name, "mark": "1"}} for name in names])
    assert outcomes(result) == ["RECORDED", "REPEATED", "REPEATED"]
    target = request("x", side=None, order_type=None, quantity=None, limit_price=None, symbol=None, venue=None)
    target["request"] |= {"action": "CANCEL", "target_order_id": order_id}
    assert outcomes(sot("record", "--store", store, lines=[target])) == ["RECORDED"]


def test_requests_are_named_by_id_too(store):
    request_id = answers(sot("record", "--store", store, lines=[INSTRUMENT, request("a")]))[1]["request_id"]
    lines = [{"risk_check": {"request_id": request_id, "rule_code": "R", "passed": False}}]
    assert outcomes(sot("record", "--store", store, lines=lines)) == ["RECORDED"]
    refused = sot("record", "--store", store, lines=[{"sent": {"request_id": request_id}}])
    assert (refused.exit_code, answers(refused)[0]["kind"]) == (2, "NotExecutable")


def test_a_name_that_fits_another_account_is_not_taken(store):
    lines = [INSTRUMENT, request("a"), named("sent", "a")]
    order_id = answers(sot("record", "--store", store, lines=lines))[2]["order_id"]
    wrong = {"mark": {"order_id": order_id, "account_id": "other", "mark": "1"}}
    assert answers(sot("record", "--store", store, lines=[wrong]))[0]["kind"] == "NotFound"


def test_a_replaced_order_is_still_found_by_its_first_name(store):
    lines = [
        INSTRUMENT,
        request("a"),
        named("sent", "a"),
        amendment("a2", "a", "REPLACE", quantity="5"),
        named("sent", "a2"),
        report("REPLACED", "a2", order_quantity="5"),
        amendment("stop", "a"),
        named("sent", "stop"),
        named("failed", "stop", reason="rate limit"),
    ]
    first = sot("record", "--store", store, lines=lines)
    assert outcomes(first) == ["RECORDED"] * 9, first.output
    assert outcomes(sot("record", "--store", store, lines=lines)) == ["REPEATED"] * 9
    assert shown(store, "a2")["order_quantity"] == "5"


def test_nothing_is_lost_in_a_pipe_that_is_read_line_by_line(store):
    with subprocess.Popen(
        [sys.executable, "-m", "sot.entrypoints", "record", "--store", str(store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    ) as process:
        for line in (INSTRUMENT, request("a"), named("sent", "a"), trade("a", "1", "2", "3")):
            process.stdin.write(text_of([line]))
            process.stdin.flush()
            # The answer comes before the next line is written: it is flushed after its commit.
            assert json.loads(process.stdout.readline())["outcome"] == "RECORDED"
        process.stdin.close()
        assert process.wait(30) == 0
    assert shown(store, "a")["status"] == "FILLED"


def test_what_makes_a_report_invalid_is_printed_and_shown(tmp_path):
    store = tmp_path / "orders.db"
    lines = [INSTRUMENT, request("a"), named("sent", "a"), trade("a", "1", "0", "50000"), trade("a", "2", "1", "50000")]
    result = sot("record", "--store", store, lines=lines)
    reasons = [{"field": "last_quantity", "reason": "0 is not greater than zero"}]
    assert [answer.get("invalid") for answer in answers(result)] == [None, None, None, reasons, None]
    shown = sot("show", "a", "--account", "main", "--store", store)
    assert "last_quantity: 0 is not greater than zero" in " ".join(shown.stdout.split())
    events = json.loads(sot("show", "a", "--account", "main", "--store", store, "--json").stdout)["events"]
    assert [event["invalid"] for event in events] == [[], [], reasons, []]


def test_a_figure_that_an_execution_does_not_need_is_left_out(store):
    lines = [
        INSTRUMENT,
        request("a", quantity="3"),
        named("sent", "a"),
        trade("a", "1", "1", "10", avg_price="10.123456789012345678901", leaves_quantity=2.0),
    ]
    first, again = (sot("record", "--store", store, lines=lines) for _ in range(2))
    assert outcomes(first)[3] == "RECORDED"
    assert outcomes(again)[3] == "REPEATED"
    assert shown(store, "a")["cum_quantity"] == "1"
    exported = [json.loads(line) for line in sot("export", "history", "--store", store).stdout.splitlines()]
    (reasons,) = [text for text in map(json.dumps, exported) if "left_out" in text]
    assert "avg_price: " in reasons
    assert "leaves_quantity: " in reasons
