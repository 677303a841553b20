"""`sot record --format fix`: drop-copy logs."""

import json
import re

import pytest
from tests.support.command_line import answers, named, outcomes, request, sot
from tests.support.fix_encoding import wire

from sot.entrypoints.commands.record import record

SENT = "20260105-10:00:00"


def execution(number, exec_type, client_order_id="c1", *, header=(), version="4.4", **tags):
    fields = {
        "37": "V-" + client_order_id,
        "11": client_order_id,
        "17": f"e{number}",
        "150": exec_type,
        "55": "ACME",
        "54": "1",
    }
    fields |= {tag.removeprefix("t"): text for tag, text in tags.items()}
    front = {"49": "BROKER", "56": "DESK", "34": str(number), "52": SENT, **dict(header)}
    return wire(version, "8", [*front.items(), *fields.items()])


def fill(number, *arguments, quantity="2", **tags):
    return execution(number, "F", *arguments, t32=quantity, t31="10.5", **tags)


def other(kind):
    return wire("4.4", kind, [("49", "BROKER"), ("34", "1")])


def log(*messages):
    prefix = "20260105-10:00:00.120 : "
    return "".join(prefix + message.decode().replace("\x01", "|") + "\n" for message in messages).encode()


NEW = execution(1, "0", t39="0", t38="5", t40="2", t44="11", t59="0", t60=SENT)
LOG = log(other("A"), NEW, fill(2, t60=SENT), other("0"), other("0"), fill(3, quantity="3", t60="20260105-10:00:01"))
FIX = ("--format", "fix", "--account-id", "main")


@pytest.fixture
def store(tmp_path):
    return tmp_path / "orders.db"


def shown(store, name):
    return json.loads(sot("show", name, "--account", "main", "--store", store, "--json").stdout)


def orders(store):
    return json.loads(sot("orders", "--store", store, "--json").stdout)


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_drop_copy_is_adopted_and_then_adds_nothing(store, batch):
    arguments = ("record", *FIX, "--venue", "X", "--adopt", "--batch", batch, "--store", store)
    first = sot(*arguments, lines=LOG)
    assert first.exit_code == 0, first.output
    assert [answer["line"] for answer in answers(first)] == [2, 3, 6]
    assert outcomes(first) == ["FLAGGED"] * 3  # the instrument is not registered
    assert {tuple(answer["anomalies"]) for answer in answers(first)} == {("UNKNOWN_INSTRUMENT",)}
    assert first.stderr == "sot: skipped 3 messages of other types (35=0: 2, 35=A: 1)\n"
    order = shown(store, "c1")
    assert (order["status"], order["cum_quantity"], order["limit_price"], order["venue"]) == ("FILLED", "5", "11", "X")
    assert outcomes(sot(*arguments, lines=LOG)) == ["REPEATED"] * 3
    assert shown(store, "c1") == order


def test_reports_of_unknown_orders_wait_until_theirs_is_known(store):
    arguments = ("record", *FIX, "--venue", "X", "--store", store)
    assert {tuple(answer["anomalies"]) for answer in answers(sot(*arguments, lines=LOG))} == {
        ("UNKNOWN_INSTRUMENT", "UNKNOWN_REFERENCE")
    }
    assert orders(store)["orders"] == []
    intent = request("c1", venue="X", symbol="ACME", quantity="5", limit_price="11")
    instrument = {
        "account_id": "main",
        "venue": "X",
        "symbol": "ACME",
        "kind": "EQUITY",
        "base": "ACME",
        "quote": "USD",
    }
    sot("record", "--store", store, lines=[{"instrument": instrument}, intent, named("sent", "c1")])
    assert shown(store, "c1")["status"] == "FILLED"


def test_a_repeat_under_another_sequence_number_adds_nothing(store):
    possible_duplicate = {"34": "2", "43": "Y", "52": "20260105-10:09:00", "122": SENT}
    possible_resend = {"34": "99", "97": "Y", "52": "20260105-11:00:00"}
    cancel_reject = [("37", "V-c1"), ("11", "c2"), ("41", "c1"), ("39", "1"), ("434", "1"), ("102", "0"), ("60", SENT)]
    rejected = [
        wire("4.4", "9", [("49", "BROKER"), ("34", n), ("52", sent), *cancel_reject])
        for n, sent in (("4", SENT), ("50", "20260105-12:00:00"))
    ]
    stream = log(
        NEW,
        fill(2, t60=SENT),
        fill(2, t60=SENT, header=possible_duplicate),
        fill(2, t60=SENT, header=possible_resend),
        *rejected,
    )
    result = sot("record", *FIX, "--adopt", "--store", store, lines=stream)
    assert outcomes(result) == ["FLAGGED", "FLAGGED", "REPEATED", "REPEATED", "FLAGGED", "REPEATED"]
    assert shown(store, "c1")["cum_quantity"] == "2"
    assert shown(store, "c1")["venue"] == "BROKER"


@pytest.mark.parametrize(("batch", "recorded_count"), [(1, 2), (2, 2), (3, 0)])
def test_a_garbled_message_stops_the_stream_and_takes_its_batch_along(store, batch, recorded_count):
    garbled = log(fill(3)).replace(b"|32=2|", b"|32=3|")
    stream = log(NEW, fill(2)) + garbled + log(fill(4))
    result = sot("record", *FIX, "--adopt", "--batch", batch, "--store", store, lines=stream)
    assert result.exit_code == 2
    *fine, error = answers(result)
    assert (len(fine), error["line"], error["outcome"], error["kind"]) == (recorded_count, 3, "ERROR", "InvalidInput")
    assert "line 3: CheckSum(10)" in error["error"]
    assert "Traceback" not in result.output


def test_a_number_that_cannot_be_read_names_its_tag_and_message(store):
    result = sot("record", *FIX, "--store", store, lines=log(NEW, fill(7, quantity="2e3")))
    assert result.exit_code == 2
    assert answers(result)[-1]["line"] == 2
    assert answers(result)[-1]["field"] == "LastQty(32) of the message 35=8 34=7"


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_keep_going_lists_what_cannot_be_read_in_the_end(store, batch):
    garbled = log(fill(3)).replace(b"|32=2|", b"|32=3|")
    stream = log(NEW) + garbled + log(fill(4, quantity="2e3"), fill(5), other("0"))
    arguments = ("record", *FIX, "--adopt", "--keep-going", "--batch", batch, "--store", store)
    first = sot(*arguments, lines=stream)
    assert first.exit_code == 1
    assert [(answer["line"], answer["outcome"]) for answer in answers(first)] == [
        (1, "FLAGGED"),
        (2, "ERROR"),
        (3, "ERROR"),
        (4, "FLAGGED"),
    ]
    skipped, *listed = first.stderr.splitlines()
    assert skipped.startswith("sot: skipped 1 messages")
    assert [line.split(":")[1].strip() for line in listed] == ["line 2", "line 3"]
    assert "CheckSum(10)" in listed[0]
    assert "LastQty(32)" in listed[1]
    assert shown(store, "c1")["cum_quantity"] == "2"
    again = sot(*arguments, lines=stream)
    assert (again.exit_code, set(outcomes(again))) == (1, {"REPEATED", "ERROR"})
    assert sot(*arguments, lines=log(NEW)).exit_code == 0


def test_keep_going_lists_lines_of_json_that_are_refused(store):
    lines = [request("c1"), {"report": {"account_id": "main", "type": "NEW", "venue": "X"}}, {"nothing": {}}]
    result = sot("record", "--keep-going", "--store", store, lines=lines)
    assert (result.exit_code, outcomes(result)) == (1, ["ERROR", "FLAGGED", "ERROR"])
    assert [line[: len("sot: line 1: ")] for line in result.stderr.splitlines()] == ["sot: line 1: ", "sot: line 3: "]


def test_checksums_can_be_ignored(store):
    anonymous = log(NEW, fill(2)).replace(b"|49=BROKER|", b"|49=XXX|")
    assert sot("record", *FIX, "--store", store, lines=anonymous).exit_code == 2
    arguments = ("record", *FIX, "--venue", "X", "--adopt", "--ignore-checksums", "--store", store)
    result = sot(*arguments, lines=anonymous + log(fill(3, quantity="3")))
    assert (result.exit_code, len(answers(result))) == (0, 3)
    assert result.stderr == "sot: 2 messages have a wrong BodyLength or CheckSum, and were read nevertheless\n"
    assert shown(store, "c1")["status"] == "FILLED"


INSTRUMENT = {
    "instrument": {
        "account_id": "main",
        "venue": "X",
        "symbol": "ACME",
        "kind": "EQUITY",
        "base": "ACME",
        "quote": "USD",
    }
}


def sent(number, kind, *fields):
    return wire("4.4", kind, [("49", "DESK"), ("56", "BROKER"), ("34", str(number)), ("52", SENT), *fields])


def rejected(number, kind, *fields):
    return wire("4.4", kind, [("49", "BROKER"), ("56", "DESK"), ("34", str(number)), ("52", SENT), *fields])


ORDER = (("55", "ACME"), ("54", "1"), ("38", "5"), ("40", "2"), ("44", "11"))


@pytest.mark.parametrize("batch", [1, 100])
def test_requests_become_intents_before_their_answers(store, batch):
    stream = log(
        sent(1, "D", ("11", "c1"), *ORDER),
        NEW,
        sent(2, "F", ("11", "x1"), ("41", "c1")),
        rejected(2, "3", ("45", "2"), ("372", "F"), ("373", "6")),
        fill(3, t60=SENT),
        sent(3, "D", ("11", "c2"), *ORDER),
        rejected(4, "3", ("45", "3"), ("373", "1")),
        sent(4, "F", ("11", "x2"), ("41", "c2")),
        sent(5, "F", ("11", "x3"), ("41", "unknown")),
        rejected(5, "j", ("45", "77"), ("372", "D"), ("380", "0")),
    )
    sot("record", "--store", store, lines=[INSTRUMENT])
    arguments = ("record", *FIX, "--venue", "X", "--requests", "--batch", batch, "--store", store)
    first = sot(*arguments, lines=stream)
    assert (first.exit_code, outcomes(first)) == (0, ["RECORDED"] * 7)
    assert first.stderr.splitlines() == [
        "sot: skipped 1 rejects that name no order (lines 10)",
        "sot: line 8: not recorded: CANCEL x2: order c2 is REJECTED",
        "sot: line 9: not recorded: CANCEL x3: no order unknown is known",
    ]
    filled, refused = shown(store, "c1"), shown(store, "c2")
    assert (filled["status"], filled["open_requests"], filled["cum_quantity"]) == ("PARTIALLY_FILLED", [], "2")
    assert (refused["status"], refused["is_open"]) == ("REJECTED", False)
    assert filled["request_id"] is not None
    assert set(outcomes(sot(*arguments, lines=stream))) == {"REPEATED"}
    assert (shown(store, "c1"), shown(store, "c2")) == (filled, refused)


def test_requests_are_skipped_without_the_option(store):
    result = sot("record", *FIX, "--store", store, lines=log(sent(1, "D", ("11", "c1"), *ORDER)))
    assert result.stderr == "sot: skipped 1 messages of other types (35=D: 1)\n"


def test_a_reject_names_an_order_that_was_recorded_otherwise(store):
    intent = request("c1", venue="X", symbol="ACME", quantity="5", limit_price="11")
    sot("record", "--store", store, lines=[INSTRUMENT, intent, named("sent", "c1")])
    stream = log(sent(1, "D", ("11", "c1"), *ORDER), rejected(2, "3", ("45", "1"), ("373", "6"), ("58", "no")))
    arguments = ("record", *FIX, "--venue", "X", "--store", store)
    assert outcomes(sot(*arguments, lines=stream)) == ["RECORDED"]
    assert shown(store, "c1")["status"] == "REJECTED"
    assert outcomes(sot(*arguments, lines=stream)) == ["REPEATED"]


def test_only_the_reject_of_a_new_order_can_be_adopted(store):
    stream = log(
        sent(1, "D", ("11", "c1"), *ORDER),
        rejected(1, "3", ("45", "1"), ("373", "6")),
        sent(2, "F", ("11", "x1"), ("41", "c9"), ("55", "ACME")),
        rejected(2, "3", ("45", "2"), ("373", "6")),
    )
    sot("record", *FIX, "--venue", "X", "--adopt", "--store", store, lines=stream)
    assert [(order["client_order_id"], order["status"]) for order in orders(store)["orders"]] == [("c1", "REJECTED")]


def test_a_business_reject_of_a_cancel_refuses_the_cancel(store):
    intent = request("c1", venue="X", symbol="ACME", quantity="5", limit_price="11")
    target = {"action": "CANCEL", "target_client_order_id": "c1"}
    cancel = {"request": {"account_id": "main", "client_order_id": "x1", **target}}
    lines = [INSTRUMENT, intent, named("sent", "c1"), cancel, named("sent", "x1")]
    assert set(outcomes(sot("record", "--store", store, lines=lines))) == {"RECORDED"}
    assert shown(store, "c1")["status"] == "PENDING_CANCEL"
    stream = log(rejected(2, "j", ("372", "F"), ("379", "x1"), ("380", "4")))
    assert outcomes(sot("record", *FIX, "--venue", "X", "--store", store, lines=stream)) == ["RECORDED"]
    order = shown(store, "c1")
    assert (order["status"], order["open_requests"]) == ("PENDING_NEW", [])


def test_what_was_dealt_in_the_quote_currency_of_a_registered_pair(store):
    pair = {"account_id": "main", "venue": "X", "symbol": "QQQ.ZZZ", "kind": "FX", "base": "QQQ", "quote": "ZZZ"}
    sot("record", "--store", store, lines=[{"instrument": pair}])
    fields = {"t55": "QQQ.ZZZ", "t54": "2", "t15": "ZZZ", "t38": "110000", "t14": "110000", "t6": "1.1", "t60": SENT}
    stream = log(
        execution(1, "F", t32="110000", t31="1.1", **fields),
        execution(2, "F", t32="110000", t31="1.13", **{**fields, "t14": "220000", "t38": "220000", "t6": "1.115"}),
    )
    result = sot("record", *FIX, "--venue", "X", "--adopt", "--store", store, lines=stream)
    assert [row["anomalies"] for row in answers(result)] == [[], ["INVALID"]]
    reason = "110000 is in ZZZ; its amount in QQQ does not follow exactly"
    assert answers(result)[1]["invalid"] == [{"field": "last_quantity", "reason": reason}]
    order = shown(store, "c1")
    assert (order["side"], order["cum_quantity"], order["order_quantity"]) == ("BUY", "100000", "100000")


def test_a_log_that_ends_in_the_middle(store):
    result = sot("record", *FIX, "--store", store, lines=LOG[:-20])
    assert (result.exit_code, answers(result)[-1]["line"]) == (2, 6)


def test_what_cannot_begin_an_order_waits_even_when_adopting(store):
    stream = log(
        execution(1, "8", t39="8", t103="5"),
        wire(
            "4.4",
            "9",
            [("49", "BROKER"), ("37", "NONE"), ("11", "c2"), ("41", "c1"), ("39", "8"), ("434", "1"), ("102", "1")],
        ),
    )
    result = sot("record", *FIX, "--adopt", "--store", store, lines=stream)
    assert [answer["order_id"] for answer in answers(result)] == [None, None]
    assert orders(store)["orders"] == []


def test_daily_ids(store):
    days = ("20260105", "20260106")
    stream = log(
        *(
            message
            for day in days
            for message in (
                execution(1, "0", t60=f"{day}-10:00:00", t59="0", t38="9"),
                fill(2, t60=f"{day}-10:00:01"),
                execution(1, "0", "g", t60=f"{day}-10:00:02", t59="1", t37=f"G{day}"),
            )
        ),
        execution(9, "4", "g2", t41="g", t37="G20260106", t60="20260107-10:00:00"),
    )
    arguments = ("record", *FIX, "--daily-ids", "--adopt", "--store", store)
    first = sot(*arguments, lines=stream)
    order_ids = [answer["order_id"] for answer in answers(first)]
    assert order_ids[0] == order_ids[1] != order_ids[3] == order_ids[4]
    assert order_ids[5] == order_ids[6] != order_ids[2]
    assert len(orders(store)["orders"]) == 4
    assert set(outcomes(sot(*arguments, lines=stream))) == {"REPEATED"}
    # Without --daily-ids, the first report of the second day would be about the order of the first day.
    assert sot("record", *FIX, "--adopt", "--store", store, lines=log(fill(8))).exit_code == 0
    east = sot(
        *arguments,
        "--time-zone",
        "Asia/Tokyo",
        lines=log(fill(1, "t", t60="20260105-23:00:00"), fill(2, "t", t60="20260106-01:00:00")),
    )
    assert len({answer["order_id"] for answer in answers(east)}) == 1


def test_options_of_fix_are_refused_elsewhere(store):
    for option in (
        ["--adopt"],
        ["--venue", "X"],
        ["--account-id", "a"],
        ["--daily-ids"],
        ["--time-zone", "UTC"],
        ["--symbol-tag", "48"],
        ["--fee-currency", "USD"],
        ["--requests"],
        ["--ignore-checksums"],
    ):
        result = sot("record", "--store", store, *option, lines=[])
        assert (result.exit_code, option[0] in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "options",
    [
        ["--time-zone", "UTC"],
        ["--daily-ids", "--time-zone", "Mars/Olympus"],
        ["--daily-ids", "--time-zone", "../x"],
        ["--venue", ""],
        ["--daily-ids", "--time-zone", "America"],
    ],
)
def test_options_that_make_no_sense(store, options):
    result = sot("record", *FIX, *options, "--store", store, lines=LOG)
    assert (result.exit_code, options[-2] in result.stderr) == (2, True)


def test_symbols_and_currencies_that_are_told_apart(store):
    message = fill(1, t48="US0001", t12="0.75", t13="3")
    sot("record", *FIX, "--adopt", "--symbol-tag", "48", "--fee-currency", "USD", "--store", store, lines=log(message))
    order = shown(store, "c1")
    assert order["symbol"] == "US0001"
    assert [fee["currency"] for fee in order["fills"][0]["fees"]] == ["USD"]


def test_the_example_of_the_help_can_be_recorded(store):
    (example,) = re.findall(r".*8=FIX.*", record.__doc__)
    assert outcomes(sot("record", *FIX, "--adopt", "--store", store, lines=example.encode())) == ["FLAGGED"]
    assert shown(store, "my-order-1")["status"] == "FILLED"


def test_an_empty_log(store):
    result = sot("record", *FIX, "--store", store, lines=b"")
    assert (result.exit_code, result.output) == (0, "")
