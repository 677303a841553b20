"""Killed at any statement, commit or call, and started again: what the exchange has and the history has is the same."""

import multiprocessing
import signal

import pytest
from killed import FileVenue, main, work
from tests.postgres import fresh_url

from sot import OrderHistory, verify
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT, VENUE

PROCESSES = multiprocessing.get_context("fork")  # a fresh interpreter would take longer than its whole life


def live(*arguments):
    process = PROCESSES.Process(target=main, args=arguments)
    process.start()
    process.join(120)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode == 0


def the_same(url, path):
    """History and exchange, order by order, and nothing left over on either side."""
    venue = FileVenue(path)
    calls = venue.calls()
    assert len(calls) == len(set(calls)), "something was sent twice"
    store = SqlAlchemyStore.open(url)
    assert verify(store).problems == []
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        assert history.findings(ReconciliationFilter(is_open=True)).items == []
        orders = {order.order_id: order for order in history.orders().items}
        assert len(orders) == 2
        for at_venue in venue.exchange()[0].orders():
            order = history.find_order(ACCOUNT, at_venue.client_order_id, VENUE)
            ours = {fill.exec_id for fill in history.fills(order.order_id)}
            theirs = {report.exec_id for report in at_venue.reports if report.exec_id}
            assert (order.status, order.cum_quantity, ours) == (at_venue.status, at_venue.cum_quantity, theirs)
            del orders[order.order_id]
        assert all(order.status == "FAILED" for order in orders.values())
    store.close()
    return len(calls)


def around_calls(moments, iterate_pages):
    """Every moment beside a call of the venue or a commit, and some of the others."""
    close = {number + step for number, what in enumerate(moments, 1) if what in ("call", "commit") for step in (0, 1)}
    some = {number for number in close if number % iterate_pages == 0} | set(range(1, len(moments), 7 * iterate_pages))
    return sorted(number for number in some if number <= len(moments))


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize(("kind", "every"), [("sqlite", 1), ("postgresql", 5)])
def test_killed_at_any_moment(kind, iterate_pages, tmp_path):
    def fresh(name):
        path = tmp_path / f"{name}.venue"
        path.touch()
        url = f"sqlite:///{tmp_path}/{name}.db" if kind == "sqlite" else fresh_url()
        SqlAlchemyStore.open(url).close()
        return url, str(path)

    moments = work(*fresh("whole"))
    assert moments.count("call") > 10
    sent = set()
    for moment in around_calls(moments, iterate_pages):
        url, path = fresh(moment)
        assert not live(url, path, moment), "it was killed"
        assert live(url, path, 0)
        sent.add(the_same(url, path))
    assert iterate_pages > 1 or sent == {3, 4}, "it died before and after what it sent"
