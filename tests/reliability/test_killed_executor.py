"""A process is killed at any statement, commit or call, and started again: history and exchange are then equal."""

import multiprocessing
import signal

import pytest

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import verify
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT, VENUE
from tests.support.killable_process import FileVenue, main, work
from tests.support.postgres import fresh_url

PROCESSES = multiprocessing.get_context("fork")  # starting an interpreter would take longer than the process


def run_process(*arguments):
    """Run the process; return whether it ended by itself."""
    process = PROCESSES.Process(target=main, args=arguments)
    process.start()
    process.join(120)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode == 0


def check_equal(url, path):
    """Check that history and exchange are equal, order by order; return the number of calls."""
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


def points_around_calls(points, step):
    """The numbers of points beside a call or a commit, and of some others; of all those every n-th."""
    critical = {number for number, point in enumerate(points, 1) if point in ("call", "commit")}
    critical |= {number + 1 for number in critical}
    some = {number for number in critical if number % step == 0} | set(range(1, len(points), 7 * step))
    return sorted(number for number in some if number <= len(points))


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize(("kind", "step"), [("sqlite", 1), ("postgresql", 5)])
def test_killed_at_any_point(kind, step, tmp_path):
    def fresh(name):
        path = tmp_path / f"{name}.venue"
        path.touch()
        url = f"sqlite:///{tmp_path}/{name}.db" if kind == "sqlite" else fresh_url()
        SqlAlchemyStore.open(url).close()
        return url, str(path)

    points = work(*fresh("complete"))
    assert points.count("call") > 10
    call_counts = set()
    for point in points_around_calls(points, step):
        url, path = fresh(point)
        assert not run_process(url, path, point), "it was not killed"
        assert run_process(url, path, 0)
        call_counts.add(check_equal(url, path))
    assert step > 1 or call_counts == {3, 4}, "it was killed before and after its calls"
