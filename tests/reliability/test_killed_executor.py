"""Killed at any statement, commit or call, and started again: what the exchange has and the history has is the same."""

import multiprocessing
import signal

import pytest
from killed import FileVenue, main
from tests.postgres import fresh_url

from sot import OrderHistory, verify
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.ports.records import ReconciliationFilter
from sot.testing.contract import ACCOUNT, VENUE

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["killed"])


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
    assert verify(store).findings == []
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


@pytest.mark.parametrize(("kind", "every"), [("sqlite", 3), ("postgresql", 13)])
def test_killed_at_every_moment(kind, every, tmp_path):
    moment, clean, sent = 1, False, set()
    while not clean:
        path = tmp_path / f"{moment}.venue"
        url = f"sqlite:///{tmp_path}/{moment}.db" if kind == "sqlite" else fresh_url()
        SqlAlchemyStore.open(url).close()
        path.touch()
        clean = live(url, str(path), moment)
        assert live(url, str(path), 0)
        sent.add(the_same(url, path))
        moment += every
    assert moment > 60
    assert every > 1 or sent == {3, 4}, "the kills hit before and after the calls"
