"""Recording many orders in one unit of work: what it added is found by name, and not by going through all of it."""

import pytest

from sot import OrderHistory, VenueReport
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.records import RecordedRequest
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument, trade_report


@pytest.fixture
def uow(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    with store.begin() as uow:
        OrderHistory(uow).register(spot_instrument())
        yield uow
    store.close()


def test_a_request_is_not_compared_with_all_others_of_the_unit_of_work(uow, monkeypatch):
    read, compared = RecordedRequest.account_id.fget, []
    monkeypatch.setattr(RecordedRequest, "account_id", property(lambda request: compared.append(1) or read(request)))
    numbers = []
    for number in range(20):
        OrderHistory(uow).submit(new_order_request(f"C{number}"))
        numbers.append(len(compared))
        compared.clear()
    assert len(set(numbers)) == 1


def test_requests_of_the_unit_of_work_are_found_by_key_and_by_client_order_id(uow):
    first, second = (OrderHistory(uow).submit(new_order_request(name)).request_id for name in ("C1", "C2"))
    found = uow.requests.by_key(ACCOUNT, "another key", "C2")
    assert [request.request_id for request in found] == [second]
    key = uow.requests.get(first).request.key
    assert [request.request_id for request in uow.requests.by_key(ACCOUNT, key, "C2")] == [first]
    assert not uow.requests.by_key("another account", key, "C2")


def test_a_report_of_the_unit_of_work_is_recognised_as_a_repeat(uow):
    report = trade_report("unknown", "E1")
    for _ in range(2):
        OrderHistory(uow).record(report)
    (stored,) = uow.reports.all(ACCOUNT)
    assert uow.reports.by_content_digest(ACCOUNT, stored.content_digest) == stored
    assert not uow.reports.by_content_digest("another account", stored.content_digest)


def test_an_event_is_not_compared_with_all_others_that_the_unit_of_work_appended(uow, monkeypatch):
    request = OrderHistory(uow).submit(new_order_request("C1", quantity=1000))
    OrderHistory(uow).mark_sent(request.request_id)
    read, compared = OrderEvent.identity.fget, []
    monkeypatch.setattr(OrderEvent, "identity", property(lambda event: compared.append(1) or read(event)))
    numbers = []
    for number in range(20):
        OrderHistory(uow).record(trade_report("C1", f"E{number}"))
        numbers.append(len(compared))
        compared.clear()
    assert len(set(numbers[1:])) == 1


def test_events_of_the_unit_of_work_are_found_by_execution_digest_and_report(uow):
    request = OrderHistory(uow).submit(new_order_request("C1"))
    OrderHistory(uow).record(trade_report("C1", "E1"))  # it waits for the order
    (waiting,) = uow.reports.waiting(ACCOUNT)
    order_id = OrderHistory(uow).mark_sent(request.request_id).order_id
    OrderHistory(uow).record(VenueReport(account_id=ACCOUNT, type="NEW", venue=VENUE, client_order_id="C1"))
    trade, accepted = uow.events.list(ACCOUNT, order_id)[-2:]
    assert uow.events.by_execution(ACCOUNT, order_id, "E1", "") == [trade]
    assert uow.events.by_report(ACCOUNT, waiting.report_id) == trade
    assert uow.events.by_content_digest(ACCOUNT, order_id, accepted.content_digest) == accepted
    assert not uow.events.by_execution(ACCOUNT, order_id, "E1", "another leg")
    assert uow.events.by_report("another account", waiting.report_id) is None
    assert uow.events.by_content_digest("another account", order_id, accepted.content_digest) is None
