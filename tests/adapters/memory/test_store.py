"""Two units of work of a memory store that are open at the same time. (SQLite has one writer at a time.)"""

import attrs
import pytest

from sot import ConcurrentUpdate, OrderHistory, RiskCheck, VenueReport
from sot.adapters.memory import MemoryStore
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history


def test_a_change_of_an_order_that_another_unit_of_work_changed_is_a_lost_race():
    store = MemoryStore()
    order_id = submit_and_send(store, "C1")
    with store.begin() as one, store.begin() as other:
        before = OrderHistory(one).order(order_id)
        OrderHistory(other).record(trade_report("C1", "E1"))
        other.commit()
        assert before.cum_quantity == 0
        with pytest.raises(ConcurrentUpdate):
            OrderHistory(one).record(trade_report("C1", "E2"))
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1


def test_a_unit_of_work_that_only_reads_never_loses_a_race():
    store = MemoryStore()
    order_id = submit_and_send(store, "C1")
    with store.begin() as one, store.begin() as other:
        OrderHistory(one).order(order_id)
        OrderHistory(other).record(trade_report("C1", "E1"))
        other.commit()
        one.commit()


@pytest.mark.parametrize("first", ["report", "order"])
def test_a_report_and_the_order_that_gets_its_identifier_do_not_miss_each_other(first):
    store = MemoryStore()
    order_id = submit_and_send(store, "C1")
    report = VenueReport(account_id=ACCOUNT, type="NEW", venue=VENUE, venue_order_id="V1")
    use_cases = {
        "report": lambda h: h.record(report),
        "order": lambda h: h.record(attrs.evolve(report, order_id=order_id, reported_status="NEW")),
    }
    (second,) = set(use_cases) - {first}
    with store.begin() as one, store.begin() as other:
        use_cases[first](OrderHistory(one))
        use_cases[second](OrderHistory(other))
        one.commit()
        with pytest.raises(ConcurrentUpdate):
            other.commit()
    write_history(store, use_cases[second])
    assert not store.run(lambda uow: list(uow.reports.waiting(ACCOUNT)), read_only=True)


@pytest.mark.parametrize("first", ["check", "execution"])
def test_a_failed_check_and_an_execution_that_overlap_exclude_each_other(first):
    store = MemoryStore()
    write_history(store, lambda h: h.register(spot_instrument()))
    request_id = write_history(store, lambda h: h.submit(new_order_request("C1"))).request_id
    commands = {
        "check": lambda h: h.add_risk_check(request_id, RiskCheck(rule_code="limit", passed=False)),
        "execution": lambda h: h.mark_sent(request_id),
    }
    (second,) = set(commands) - {first}
    with store.begin() as one, store.begin() as other:
        commands[first](OrderHistory(one))
        commands[second](OrderHistory(other))
        one.commit()
        with pytest.raises(ConcurrentUpdate):
            other.commit()


def test_requests_are_found_by_their_client_order_id_whichever_key_they_have():
    store = MemoryStore()
    by_name = new_order_request("c1")
    by_key = new_order_request("c1", idempotency_key="k1", venue="OTHER")
    with store.begin() as uow:
        for venue in (VENUE, "OTHER"):
            OrderHistory(uow).register(attrs.evolve(spot_instrument(), venue=venue))
        submitted = [OrderHistory(uow).submit(request).request_id for request in (by_name, by_key)]
        found = uow.requests.by_key("account", "k2", "c1")
        assert {request.request_id for request in found} == set(submitted)
        uow.commit()
    with store.begin() as uow:
        found = uow.requests.by_key("account", "k2", "c1")
        assert {request.request_id for request in found} == set(submitted)
        assert [request.request_id for request in uow.requests.by_key("account", "c1", "c1")] == submitted[:1]
        assert [request.request_id for request in uow.requests.by_key("account", "k1", "c1")] == submitted[1:]
        assert not uow.requests.by_key("other", "k1", "c1")
