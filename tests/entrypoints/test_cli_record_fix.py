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
