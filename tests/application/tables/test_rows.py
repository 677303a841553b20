"""The rows of tables: executions that hold, once each, with filters."""

import pytest

from sot import OrderHistory
from sot.adapters.memory import MemoryStore
from sot.application.tables import rows
from sot.application.tables.rows import FillFilter
from sot.queries import OrderFilter
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument
from sot.testing.contract.transactions import write_history
from sot.testing.fakes import ManualClock
from tests.support.accounting_samples import at, execution_report
from tests.support.tabled_history import record_what_tables_show


@pytest.fixture
def store():
    store = MemoryStore(ManualClock())
    record_what_tables_show(store)
    return store


def found(store, read, filter=None):
    with store.begin(read_only=True) as uow:
        return list(read(OrderHistory(uow), filter))


def exec_ids(store, **fields):
    return [fill.exec_id for fill in found(store, rows.fills, FillFilter(**fields))]


def test_a_corrected_execution_counts_once_and_a_busted_one_not(store):
    fills = found(store, rows.fills)
    assert [(fill.exec_id, str(fill.quantity), str(fill.price)) for fill in fills] == [
        ("E1", "1", "100"),
        ("E3", "2", "101"),
        ("E6", "1", "110"),
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"account_id": ACCOUNT, "venue": VENUE, "symbol": SYMBOL}, ["E1", "E3", "E6"]),
        ({"account_id": "other"}, []),
        ({"venue": "OTHER"}, []),
        ({"symbol": "OTHER"}, []),
        ({"since": at(1)}, ["E3", "E6"]),
        ({"before": at(5)}, ["E1", "E3"]),
        ({"since": at(1).isoformat(), "before": at(5)}, ["E3"]),
    ],
)
def test_filters_of_executions(store, fields, expected):
    assert exec_ids(store, **fields) == expected


def test_a_leg_is_found_by_its_own_symbol(store):
    write_history(store, lambda h: h.register(spot_instrument(symbol="LEG/QUOTE")))
    order = {"order": "SPREAD"}
    write_history(store, lambda h: h.adopt(execution_report("S1", "BUY", 1, 5, 7, reporting_type="SUMMARY", **order)))
    leg = execution_report("S1", "BUY", 1, 5, 7, reporting_type="LEG", leg="1", **order)
    write_history(store, lambda h: h.record(leg.changed(symbol="LEG/QUOTE")))
    (fill,) = found(store, rows.fills, FillFilter(symbol="LEG/QUOTE"))
    assert (fill.leg, fill.counts) == ("1", False)


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="since"):
        FillFilter(since="2026-01-01T00:00:00")


def test_lists_longer_than_a_page_are_read_to_their_end(store):
    count = 1_100
    write_history(
        store,
        lambda h: [
            h.adopt(execution_report(f"X{number}", "BUY", 1, 1, number, order="LONG")) for number in range(count)
        ],
    )
    assert len(exec_ids(store)) == count + 3
    (order,) = found(store, rows.orders, OrderFilter(identifier="LONG"))
    assert len(found(store, rows.events, OrderFilter(identifier="LONG"))) == order.last_sequence > count
