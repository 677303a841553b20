"""`sot record` of a stream again adds nothing and refuses nothing, for all streams."""

import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.command_line import (
    AT,
    INSTRUMENT,
    amendment,
    answers,
    named,
    outcomes,
    report,
    request,
    sot,
    text_of,
    trade,
)

from sot import OrderHistory
from sot.adapters.memory import MemoryStore
from sot.application.views.orders import full_order_view
from sot.entrypoints.json_lines import LineResult
from sot.entrypoints.record_stream import RepeatsWhenFedAgain, record_stream
from sot.queries import OrderFilter

NAMES = st.sampled_from(["a", "b"])
TIMES = st.sampled_from([None, AT, "2026-03-01T11:00:00.5+01:00", "2026-03-02T00:00:00Z"])
NUMBERS = st.sampled_from(["1", "0.5", "2", "3"])
AMENDMENTS = st.tuples(NAMES, st.sampled_from(["-cancel", "-replace"])).map("".join)
ANY_REQUEST = NAMES | AMENDMENTS
EVENTS = st.sampled_from(
    ["NEW", "PENDING_NEW", "REJECTED", "CANCELED", "EXPIRED", "DONE_FOR_DAY", "SUSPENDED"]
    + ["RESTATED", "CANCEL_REJECTED"]
)


def without_nones(fields):
    return {name: value for name, value in fields.items() if value is not None}


def timed(key):
    return st.builds(
        lambda name, at, actor: named(key, name, **without_nones({"occurred_at": at, "actor": actor})),
        ANY_REQUEST,
        TIMES,
        st.sampled_from([None, "me"]),
    )


REQUESTS = st.builds(
    lambda name, check: {**request(name), **({"risk_checks": [check]} if check else {})},
    NAMES,
    st.sampled_from([None, {"rule_code": "R", "passed": True}]),
)
AMENDING = st.builds(
    lambda name, how: amendment(f"{name}-{how.lower()}", name, how, **({"quantity": "5"} if how == "REPLACE" else {})),
    NAMES,
    st.sampled_from(["CANCEL", "REPLACE"]),
)
CHECKS = st.builds(
    lambda name, rule, passed: named("risk_check", name, rule_code=rule, passed=passed),
    ANY_REQUEST,
    st.sampled_from(["R", "S"]),
    st.booleans(),
)
TRADES = st.builds(
    lambda name, exec_id, quantity, price, fees, at: trade(
        name, exec_id, quantity, price, **without_nones({"fees": fees, "occurred_at": at})
    ),
    ANY_REQUEST,
    st.sampled_from(["1", "2", "3"]),
    NUMBERS,
    NUMBERS,
    st.sampled_from([None, [{"amount": "0.01", "currency": "BNB"}]]),
    TIMES,
)
CORRECTIONS = st.builds(
    lambda name, kind, exec_id, named_id, quantity: report(
        kind,
        name,
        exec_id=exec_id,
        exec_ref_id=named_id,
        **({} if kind == "TRADE_CANCEL" else {"last_quantity": quantity, "last_price": "7"}),
    ),
    ANY_REQUEST,
    st.sampled_from(["TRADE_CORRECT", "TRADE_CANCEL"]),
    st.sampled_from(["4", "5"]),
    st.sampled_from(["1", "2", "4"]),
    NUMBERS,
)
STATES = st.builds(
    lambda name, kind, at, gives_id: report(
        kind, name, **without_nones({"occurred_at": at, "venue_order_id": f"V-{name[0]}" if gives_id else None})
    ),
    ANY_REQUEST,
    EVENTS,
    TIMES,
    st.booleans(),
)
REPLACED = st.builds(
    lambda name, quantity: report("REPLACED", f"{name}-replace", orig_client_order_id=name, order_quantity=quantity),
    NAMES,
    NUMBERS,
)
POLLS = st.builds(
    lambda name, status, cum, at: report(
        "ORDER_STATUS", name, reported_status=status, **without_nones({"cum_quantity": cum, "occurred_at": at})
    ),
    NAMES,
    st.sampled_from(["NEW", "FILLED", "CANCELED", "REJECTED", "PARTIALLY_FILLED", "PENDING_CANCEL"]),
    st.none() | NUMBERS,
    TIMES,
)
MARKS = st.builds(
    lambda name, mark, at: {
        "mark": without_nones({"account_id": "main", "client_order_id": name, "mark": mark, "occurred_at": at})
    },
    NAMES,
    NUMBERS,
    TIMES,
)
VOIDS = st.builds(
    lambda name, sequence: {
        "void": {"account_id": "main", "client_order_id": name, "sequence": sequence, "reason": "wrong"}
    },
    NAMES,
    st.integers(2, 8),
)
LINES = st.one_of(
    REQUESTS,
    AMENDING,
    CHECKS,
    timed("sent"),
    timed("failed"),
    timed("unknown"),
    timed("withdraw"),
    TRADES,
    CORRECTIONS,
    STATES,
    REPLACED,
    POLLS,
    MARKS,
    VOIDS,
)
# Half of the time the usual beginning, so that later states are reached, too.
BEGINNINGS = st.sampled_from(
    [
        [INSTRUMENT],
        [INSTRUMENT, request("a"), named("sent", "a")],
        [INSTRUMENT, request("a"), named("sent", "a"), report("NEW", "a", venue_order_id="V-a"), request("b")],
        [
            INSTRUMENT,
            request("a"),
            named("sent", "a"),
            trade("a", "1", "1", "3"),
            amendment("a-cancel", "a"),
            named("sent", "a-cancel"),
        ],
    ]
)
STREAMS = st.builds(lambda beginning, rest: [*beginning, *rest], BEGINNINGS, st.lists(LINES, max_size=25))


def fed(store, lines, batch):
    printed = io.StringIO()
    fine = record_stream(store, io.BytesIO(text_of(lines).encode()), batch, printed)
    return fine, [json.loads(line) for line in printed.getvalue().splitlines()]


def numbered(stream):
    """The stream with a running number in each report, without which statements that contradict each other repeat."""
    return [
        {"report": {**line["report"], "venue_sequence": number}} if "report" in line else line
        for number, line in enumerate(stream, 1)
    ]


def recorded_one_by_one(store, stream):
    """Record a stream line by line, and return the lines that must be repeats the second time.

    Lines that are refused are not recorded. A polled status that changes nothing adds no event, so that a repeat of it
    is not recognized: see the test below.
    """
    accepted = []
    for line in stream:
        fine, (answer,) = fed(store, [line], 1)
        poll = line.get("report", {}).get("type") == "ORDER_STATUS"
        if fine and not (poll and answer["outcome"] == "REPEATED"):
            accepted.append(line)
    return accepted


def everything(store):
    def read(uow):
        history = OrderHistory(uow)
        orders = history.orders(OrderFilter(), limit=500).items
        requests = history.requests(limit=500).items
        waiting = list(history.waiting("main"))
        return [full_order_view(history, order, None, {}) for order in orders], list(requests), list(waiting)

    return store.run(read, read_only=True)


@settings(max_examples=400, deadline=None)
@given(stream=STREAMS, batch=st.integers(1, 30))
def test_feeding_a_stream_again_adds_nothing(stream, batch):
    store = MemoryStore()
    accepted = recorded_one_by_one(store, numbered(stream))
    before = everything(store)
    fine, answers = fed(store, accepted, batch)
    refused = [(accepted[answer["line"] - 1], answer) for answer in answers if answer["outcome"] != "REPEATED"]
    assert not refused
    assert fine
    assert everything(store) == before


@settings(max_examples=100, deadline=None)
@given(stream=STREAMS, batch=st.integers(2, 30))
def test_batches_make_no_difference(stream, batch):
    one, other = MemoryStore(), MemoryStore()
    accepted = recorded_one_by_one(one, stream)
    fine, answers = fed(other, accepted, batch)
    assert fine
    assert [answer["line"] for answer in answers] == list(range(1, len(accepted) + 1))

    def story(store):
        return [
            [(event["type"], event["status"], event["anomalies"]) for event in order["events"]]
            for order in everything(store)[0]
        ]

    assert story(one) == story(other)


SENT = [INSTRUMENT, request("a"), named("sent", "a")]
POLLED = report("ORDER_STATUS", "a", reported_status="FILLED", occurred_at=AT)


def test_a_status_without_a_time_that_says_something_new_again_is_recorded_and_flagged():
    store = MemoryStore()
    untimed = report("ORDER_STATUS", "a", reported_status="FILLED")
    correction = report("TRADE_CORRECT", "a", exec_id="4", exec_ref_id="1", last_quantity="1", last_price="7")
    assert fed(store, [*SENT, untimed, POLLED, correction], 1)[0]
    _, answers = fed(store, [*SENT, untimed, POLLED, correction], 1)
    expected = ["REPEATED"] * 3 + ["FLAGGED"] + ["REPEATED"] * 2
    assert [answer["outcome"] for answer in answers] == expected
    assert answers[3]["anomalies"] == ["POSSIBLE_REPEAT"]


def test_a_report_of_an_order_that_is_not_sent_yet_waits_for_it():
    stream = [
        *SENT,
        report("NEW", "a", venue_order_id="V1"),
        request("b"),
        report("NEW", "b", venue_order_id="V1"),
        named("sent", "b"),
    ]
    assert_repeated(stream)


def assert_repeated(stream):
    store = MemoryStore()
    assert fed(store, stream, 1)[0]
    before = everything(store)
    _, answers = fed(store, stream, 1)
    assert [answer["outcome"] for answer in answers] == ["REPEATED"] * len(stream)
    assert everything(store) == before


def test_a_check_is_known_within_its_batch():
    store = MemoryStore()
    check = {"rule_code": "R", "passed": True}
    assert fed(store, [INSTRUMENT, request("a")], 2)[0]
    fine, _ = fed(store, [named("risk_check", "a", **check), {**request("a"), "risk_checks": [check]}], 2)
    assert fine


NUMBERED_ORDER = [INSTRUMENT, request("n"), named("sent", "n")]
UNTIMED = [report("SUSPENDED", "n"), report("RESTATED", "n"), report("SUSPENDED", "n")]


def recorded(store, *lines, options=()):
    result = sot("record", "--store", store, *options, lines=[*NUMBERED_ORDER, *lines])
    assert result.exit_code == 0, result.output
    return result


def test_number_lines_gives_reports_the_numbers_of_their_lines(tmp_path):
    store = tmp_path / "orders.db"
    own = report("RESTATED", "n", venue_sequence=77)
    recorded(store, *UNTIMED[:1], own, options=["--number-lines"])
    events = json.loads(sot("show", "n", "--account", "main", "--store", store, "--json").stdout)["events"]
    assert [event.get("venue_sequence") for event in events[2:]] == [4, 77]
    again = recorded(store, *UNTIMED[:1], own, options=["--number-lines"])
    assert outcomes(again) == ["REPEATED"] * 5


def test_number_lines_is_for_json_lines(tmp_path):
    result = sot("record", "--format", "fix", "--number-lines", "--store", tmp_path / "orders.db", lines=b"")
    assert result.exit_code == 2
    assert "--number-lines" in result.stderr


def test_lines_that_would_be_added_again_are_named():
    repeats = RepeatsWhenFedAgain()
    assert repeats.warning() == ""
    for line in (3, 5):
        repeats.observe(line, LineResult(outcome="FLAGGED", adds_again=True))
    repeats.observe(4, LineResult(outcome="RECORDED"))
    assert repeats.warning().startswith("lines 3, 5 (POSSIBLE_REPEAT): ")
    assert "--number-lines" in repeats.warning()
    for line in range(6, 40):
        repeats.observe(line, LineResult(outcome="FLAGGED", adds_again=True))
    assert ", 23 and 16 more (POSSIBLE_REPEAT)" in repeats.warning()


def test_record_warns_of_statements_that_nothing_tells_apart(tmp_path):
    result = recorded(tmp_path / "orders.db", *UNTIMED)
    assert outcomes(result)[-1] == "FLAGGED"
    assert answers(result)[-1]["anomalies"] == ["POSSIBLE_REPEAT"]
    assert "sot: line 6 (POSSIBLE_REPEAT)" in result.stderr
    numbered = recorded(tmp_path / "numbered.db", *UNTIMED, options=["--number-lines"])
    assert "POSSIBLE_REPEAT)" not in numbered.stderr
    assert outcomes(recorded(tmp_path / "numbered.db", *UNTIMED, options=["--number-lines"])) == ["REPEATED"] * 6
