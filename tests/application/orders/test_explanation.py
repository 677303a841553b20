"""One sentence says how much of an order was executed, and why not more."""

import pytest

from sot import Instrument, OrderHistory, OrderRequest, VenueReport
from sot.application.orders import explanation


class Story:
    """An order of 10, and what happens to it."""

    def __init__(self, history, **terms):
        self.history = history
        fields = {"quantity": 10, "order_type": "LIMIT", "limit_price": 5, "side": "BUY", **terms}
        request = history.submit(OrderRequest(account_id="main", client_order_id="c", venue="X", symbol="A", **fields))
        self.request_id = request.request_id
        self.order_id = ""

    def sent(self):
        self.order_id = self.history.mark_sent(self.request_id).order_id
        return self

    def said(self, type, **fields):
        report = VenueReport(account_id="main", venue="X", client_order_id="c", type=type, **fields)
        self.order_id = self.history.record(report).order_id
        return self

    def filled(self, quantity, exec_id="e"):
        return self.said("TRADE", last_quantity=quantity, last_price=5, exec_id=exec_id)

    def asked_to_cancel(self, requested_by=None, actor=None):
        cancel = OrderRequest(
            account_id="main", action="CANCEL", target_order_id=self.order_id, client_order_id="c2", venue="X",
            requested_by=requested_by,
        )  # fmt: skip
        self.history.mark_sent(self.history.submit(cancel).request_id, actor=actor)
        return self

    @property
    def words(self):
        return self.history.explain(self.order_id).words

    @property
    def sequence(self):
        return self.history.explain(self.order_id).sequence


@pytest.fixture
def history(store):
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(Instrument(account_id="main", venue="X", symbol="A", kind="SPOT", base="A", quote="USD"))
        yield history


def test_it_is_canceled_at_the_request_of_somebody(history):
    story = Story(history).sent().filled(4).asked_to_cancel(requested_by="ann").said("CANCELED", text="by user")
    assert story.words == "4 of 10 were executed before the order was canceled at the request of ann (by user)."
    assert story.sequence == 5


def test_the_actor_of_the_event_comes_before_whoever_made_the_request(history):
    story = Story(history).sent().asked_to_cancel(requested_by="ann", actor="bob").said("CANCELED")
    assert story.words == "Nothing of 10 was executed before the order was canceled at the request of bob."


def test_it_is_canceled_at_our_request_by_nobody_in_particular(history):
    story = Story(history).sent().filled(1).asked_to_cancel().said("CANCELED")
    assert story.words == "1 of 10 was executed before the order was canceled at our request."


def test_it_is_canceled_by_the_venue(history):
    story = Story(history).sent().filled(4).said("CANCELED", reason="self-trade")
    assert story.words == (
        "4 of 10 were executed before the order was canceled by the venue, without a request of ours (self-trade)."
    )


def test_a_refused_cancel_request_canceled_nothing(history):
    story = Story(history).sent().said("NEW").asked_to_cancel().said("CANCEL_REJECTED")
    assert story.words == "Nothing of 10 was executed; the order is working at the venue."
    assert "by the venue, without a request of ours" in story.said("CANCELED").words


def test_what_does_not_execute_at_once_is_canceled_by_its_terms(history):
    story = Story(history, time_in_force="IOC").sent().filled(4).said("CANCELED")
    assert "canceled by the venue, since it is IOC" in story.words


def test_it_expires(history):
    story = Story(history, time_in_force="DAY").sent().filled(4).said("EXPIRED")
    assert story.words == "4 of 10 were executed before the order expired, since it was DAY."


def test_a_polled_status_decides(history):
    story = Story(history).sent().filled(4).said("ORDER_STATUS", reported_status="CANCELED")
    assert (story.words, story.sequence) == (
        "4 of 10 were executed before the order was canceled by the venue, without a request of ours.",
        4,
    )


def test_a_void_event_decides_nothing(history):
    story = Story(history).sent().filled(4).said("CANCELED")
    history.void(story.order_id, sequence=4, reason="of another order")
    assert (story.words, story.sequence) == ("4 of 10 were executed; the other 6 are working at the venue.", None)


def test_of_two_ends_the_one_that_holds_decides(history):
    story = Story(history).sent().said("CANCELED", reason="true").said("CANCELED", reason="of another order")
    assert story.words.endswith("(of another order).")
    history.void(story.order_id, sequence=4, reason="of another order")
    assert story.words.endswith("(true).")
    assert story.sequence == 3


def test_it_is_rejected_or_never_sent(history):
    story = Story(history).sent().said("REJECTED", reason="no funds")
    assert story.words == "Nothing of 10 was executed: the venue rejected the order (no funds)."


def test_it_never_reached_the_venue(history):
    story = Story(history)
    story.order_id = history.mark_failed(story.request_id, "refused connection").order_id
    assert story.words == "Nothing of 10 was executed: the order never reached the venue (refused connection)."


def test_nobody_knows_whether_it_arrived(history):
    story = Story(history).sent()
    assert story.words == "Nothing of 10 was executed: the venue has not answered yet."
    history.mark_unknown(story.request_id, "time-out")
    assert story.words == "Nothing of 10 was executed; nobody knows whether the order reached the venue."
    history.resolve(story.order_id, status="CANCELED", reason="asked", actor="ann")
    assert "canceled, as ann found out (asked)" in story.words


def test_a_request_is_open(history):
    story = Story(history).sent().filled(4).asked_to_cancel()
    assert story.words == "4 of 10 were executed; the other 6 are working, and a cancel request has no answer yet."


def test_it_is_filled(history):
    story = Story(history).sent().filled(4).filled(6, "e2")
    assert (story.words, story.sequence) == ("All of 10 were executed.", None)
    assert story.filled(2, "e3").words == "12 were executed, 2 more than ordered."


def test_it_is_reported_as_filled_with_less(history):
    story = Story(history).sent().filled(4).said("ORDER_STATUS", reported_status="FILLED", cum_quantity=10)
    assert story.words == (
        "4 of 10 were executed, and the venue reports 6 more, of which executions are missing: "
        "the venue reported the order as filled, and nothing more is to come."
    )


def test_the_day_is_over(history):
    story = Story(history, time_in_force="GTC").sent().said("NEW").filled(4).said("DONE_FOR_DAY")
    assert story.words == "4 of 10 were executed when the day was over, and the rest may execute on another day."


def test_nobody_said_how_much_was_ordered(history):
    found = VenueReport(
        account_id="main", type="TRADE", venue="X", symbol="A", side="BUY", venue_order_id="v", exec_id="e",
        last_quantity=2, last_price=5,
    )  # fmt: skip
    words = history.explain(history.adopt(found).order_id).words
    assert words == (
        "2 were executed; how much was ordered is not known, since no report said it, nor that the order is over."
    )


def test_it_is_ordered_by_amount(history):
    story = Story(history, quantity=None, quote_quantity=50, order_type="MARKET", limit_price=None).sent().filled(4)
    assert story.words == "4 were executed; it was ordered for 50 of the quote currency, and is not over yet."


def test_only_the_latest_events_are_looked_at(history, monkeypatch):
    monkeypatch.setattr(explanation, "_LATEST", 1)
    story = Story(history).sent().filled(4).said("CANCELED").filled(1, "late")
    assert (story.words, story.sequence) == ("5 of 10 were executed before the order was canceled.", None)
