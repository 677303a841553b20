"""A stored event is read as it was written, and refused if it has names that no event has."""

import json

import pytest

from sot.domain.orders.event import OrderEvent

REPORT = {"account_id": "a", "type": "TRADE", "last_quantity": "1", "last_price": "2.5", "exec_id": "E1"}
EVENT = {
    "account_id": "a",
    "order_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "origin": "VENUE",
    "prev_hash": "f" * 64,
    "recorded_at": "2026-01-05T10:00:00.000000Z",
    "report": REPORT,
    "sequence": 3,
    "type": "TRADE",
}
OURS = {name: value for name, value in EVENT.items() if name != "report"} | {"origin": "LOCAL", "type": "SUBMITTED"}
MORE = {
    "anomalies": ["LATE", "OVERFILL"],
    "fact": {"reason": "why", "target_sequence": 2},
    "report_id": EVENT["order_id"],
    "said": "e" * 64,
    "trace": "t",
}


@pytest.mark.parametrize("document", [EVENT, OURS, EVENT | MORE, OURS | {"fact": {"actor": "me"}}], ids=str)
def test_a_stored_event_is_what_is_checked_anew(document):
    body = json.dumps(document, sort_keys=True, separators=(",", ":"))
    event = OrderEvent.from_stored(body, "d" * 64)
    assert event == OrderEvent.from_canonical(document)
    assert (event.hash, event.prev_hash, event.body()) == ("d" * 64, "f" * 64, body)


@pytest.mark.parametrize("document", [EVENT, EVENT | MORE], ids=["short", "long"])
@pytest.mark.parametrize(
    "change",
    [
        {"nonsense": 1},
        {"hash": "f"},
        {"content_digest": "f"},
        {"report": None},
        {"report": REPORT | {"nonsense": 1}},
        {"fact": None},
        {"anomalies": ["NONE"]},
        {"type": "NONE"},
        {"origin": None},
        {"recorded_at": "2026-01-05T10:00:00"},
        {"recorded_at": 1},
    ],
    ids=str,
)
def test_a_damaged_event_is_refused(document, change):
    for _ in range(100):
        with pytest.raises((ArithmeticError, AttributeError, KeyError, TypeError, ValueError)):
            OrderEvent.from_stored(json.dumps(document | change), "")


@pytest.mark.parametrize("name", sorted(EVENT.keys() - {"report"}))
def test_an_event_without_a_name_that_each_has_is_refused(name):
    without = {key: value for key, value in EVENT.items() if key != name}
    with pytest.raises(KeyError, match=name):
        OrderEvent.from_stored(json.dumps(without), "")


@pytest.mark.parametrize("body", ["[]", "1", "{", "null", '""'])
def test_a_body_that_is_no_object_is_refused(body):
    with pytest.raises((KeyError, TypeError, ValueError)):
        OrderEvent.from_stored(body, "")
