"""Rejects of requests (35=j, 35=3), and the requests that they name."""

import pytest
from tests.support.fix_messages import message_of

from sot import EventType
from sot.adapters.fix import FixDecoder, SentMessages

OURS = FixDecoder(account_id="main", venue="X")
REQUEST_TYPES = {
    "D": "REJECTED",
    "AB": "REJECTED",
    "F": "CANCEL_REJECTED",
    "G": "REPLACE_REJECTED",
    "AC": "REPLACE_REJECTED",
}


def reject(kind, fields, number=5):
    return message_of(f"8=FIX.4.4|35={kind}|34={number}|49=BRK|56=C|52=20260105-10:00:05|{fields}")


def request(kind, fields, number):
    return message_of(f"8=FIX.4.4|35={kind}|34={number}|49=C|56=BRK|52=20260105-10:00:00|{fields}")


def sent(*messages, **options):
    memory = SentMessages(**options)
    for message in messages:
        memory.add(message)
    return memory


@pytest.mark.parametrize(("kind", "expected"), REQUEST_TYPES.items())
def test_a_business_reject_names_the_request_by_its_client_order_id(kind, expected):
    read = OURS.decode(reject("j", f"45=17|372={kind}|379=c1|380=4|58=not available"))
    assert (read.type, read.client_order_id, read.account_id, read.venue) == (EventType[expected], "c1", "main", "X")
    assert (read.reason, read.text, read.venue_sequence) == ("APPLICATION_NOT_AVAILABLE", "not available", 5)
    assert (read.reported_status, read.occurred_at) == (None, None)
    assert "35=j" in read.raw_payload


@pytest.mark.parametrize(("kind", "expected"), REQUEST_TYPES.items())
def test_a_session_reject_names_the_request_by_its_number(kind, expected):
    memory = sent(request(kind, "11=c2|41=c1|55=ACME", 17))
    read = OURS.decode(reject("3", f"45=17|371=44|372={kind}|373=6"), memory)
    assert (read.type, read.client_order_id) == (EventType[expected], "c2")
    # Only the reject of a new order is about an order of this name.
    assert (read.symbol, read.orig_client_order_id) == (("ACME", None) if expected == "REJECTED" else (None, "c1"))
    assert (read.reason, read.text) == ("INCORRECT_DATA_FORMAT", "RefTagID(371) is 44")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("3", "45=17"),
        ("3", "45=18|372=D|373=6"),  # not in the log
        ("3", "45=17|372=F"),  # another message than the one in the log
        ("3", "45=17|372=V"),
        ("3", "373=6"),
        ("j", "45=3|372=D|380=0"),
        ("j", "379=c1|380=0"),
        ("j", "372=V|379=md1|380=0"),
        ("j", "372=E|379=list|380=0"),
    ],
)
def test_a_reject_that_names_no_order_is_no_report(kind, fields):
    memory = sent(request("D", "11=c1", 17)) if "45=17|372" in fields else sent(request("0", "11=c1", 17))
    assert OURS.decode(reject(kind, fields), memory) is None


def test_a_session_reject_is_about_its_own_session_and_the_latest_message_with_its_number():
    memory = sent(
        request("D", "11=old", 17),
        request("D", "11=new", 17),
        message_of("8=FIX.4.4|35=D|34=17|49=C2|56=BRK|52=20260105-10:00:00|11=other"),
    )
    assert OURS.decode(reject("3", "45=17"), memory).client_order_id == "new"


def test_a_new_order_that_is_sent_twice_is_not_rejected_with_its_repeat():
    memory = sent(request("D", "11=c1", 17), request("D", "11=c1", 18), request("D", "11=c1", 18))
    assert OURS.decode(reject("3", "45=17"), memory).reason is None
    assert OURS.decode(reject("3", "45=18"), memory).reason == "DUPLICATE_ORDER"
    assert OURS.decode(reject("j", "45=18|372=D|379=c1|380=0"), memory).reason == "DUPLICATE_ORDER"


def test_the_account_of_a_reject_is_that_of_the_request():
    memory = sent(request("D", "11=c1|1=desk", 17))
    assert FixDecoder(venue="X").decode(reject("3", "45=17"), memory).account_id == "desk"


def test_the_oldest_requests_are_forgotten():
    memory = sent(*(request("D", f"11=c{number}", number) for number in range(1, 5)), memory=3)
    found = [memory.named_by(reject("3", f"45={number}")) for number in range(1, 5)]
    assert [one and one.message.fields[11] for one in found] == [None, "c2", "c3", "c4"]
