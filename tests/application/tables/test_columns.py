"""The columns of tables are the fields of values: what a table shows is what their JSON form and views show."""

import pytest

from sot import OrderHistory
from sot.adapters.memory import MemoryStore
from sot.application.tables import columns, rows
from sot.application.views import accounting
from sot.application.views.orders import event_view, fill_view, order_view
from sot.domain.accounting.equity import equity_curve
from sot.testing.contract.samples import ACCOUNT
from sot.testing.fakes import ManualClock
from tests.support.tabled_history import record_what_tables_show


@pytest.fixture(scope="module")
def history():
    store = MemoryStore(ManualClock())
    record_what_tables_show(store)
    with store.begin(read_only=True) as uow:
        yield OrderHistory(uow)


def as_json(table, row):
    return {column.name: column.json(row) for column in table}


def common(table, row, view):
    """A row and a view of it, with the keys of both."""
    shown = as_json(table, row)
    keys = shown.keys() & view.keys()
    return {key: shown[key] for key in keys}, {key: view[key] for key in keys}


def test_orders_are_their_view(history):
    for order in rows.orders(history):
        assert as_json(columns.ORDERS, order) == order_view(order)


def test_executions_are_their_json_form(history):
    for fill in rows.fills(history):
        assert as_json(columns.FILLS, fill) == fill.to_dict()
        shown, view = common(columns.FILLS, fill, fill_view(history, fill))
        assert len(shown.pop("fees")) == len(view.pop("fees"))
        assert shown == view


def test_fees_have_their_execution(history):
    fees = [as_json(columns.FEES, row) for row in rows.fees(history)]
    assert [(fee["exec_id"], fee["amount"], fee["currency"], fee["fee_id"]) for fee in fees] == [
        ("E1", "0.5", "QUOTE", None),
        ("E1", "0.1", "TOKEN", "fee-1"),
    ]


def test_events_are_their_view(history):
    found = 0
    for entry in rows.events(history):
        event = as_json(columns.EVENTS, entry)
        view = event_view(entry)
        for name, value in view.items():
            if value is not None and name not in ("changed", "fees"):
                assert event[name] == value, name
        found += 1
    assert found == 10


def test_results_and_balances_are_their_json_form(history):
    for row in history.realized(ACCOUNT, by=["DAY", "SYMBOL", "STRATEGY", "ORDER"]):
        assert as_json(columns.REALIZED, row) == row.to_dict()
    for balance in history.balances(ACCOUNT):
        assert as_json(columns.BALANCES, balance) == balance.to_dict()


@pytest.mark.parametrize("method", ["AVERAGE", "FIFO"])
def test_positions_are_their_view(history, method):
    for position in history.positions(ACCOUNT, method=method):
        shown, view = common(columns.POSITIONS, position, accounting.position_view(position, {}))
        assert shown.keys() >= {"account_id", "quantity", "fees", "missing", "opened_at", "method"}
        lots = shown.pop("lots"), view.pop("lots")
        assert len(lots[0]) == len(lots[1])
        assert shown == view


def test_an_equity_curve_ends_at_the_realized_results(history):
    points = list(equity_curve(history.contributions(ACCOUNT)))
    (total,) = history.realized(ACCOUNT, by=[])
    last = points[-1]
    assert (last.cumulative_gross, last.cumulative_net, last.cumulative_paid, last.complete) == (
        total.realized_gross,
        total.realized_net,
        total.realized_paid,
        total.complete,
    )
    assert [point.at for point in points] == sorted(point.at for point in points)
    assert {point.event_id is None for point in points} == {True, False}


def test_no_table_has_a_column_twice():
    for table in (
        columns.ORDERS, columns.EVENTS, columns.FILLS, columns.FEES, columns.POSITIONS, columns.REALIZED,
        columns.BALANCES, columns.EQUITY,
    ):  # fmt: skip
        names = [column.name for column in table]
        assert len(names) == len(set(names))
