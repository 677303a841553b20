"""What is looked up when a report comes is derived, too: damage to it is found, and made right from the facts."""

import sqlite3

import pytest
from typer.testing import CliRunner

from sot import EventType, NotFound, OrderStatus, VenueReport
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.audit.archive import archive
from sot.audit import rebuild, verify
from sot.entrypoints.app import app
from sot.errors import StoreDamaged
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT, VENUE, trade_report
from sot.testing.contract.transactions import add_full_reconciliation, read_history, submit_and_send, write_history
from tests.support.unguarded import triggers_dropped


@pytest.fixture
def path(tmp_path):
    return tmp_path / "orders.db"


@pytest.fixture
def store(path):
    made = SqlAlchemyStore.open(f"sqlite:///{path}")
    yield made
    made.close()


def tampered(path, *statements):
    connection = sqlite3.connect(path)
    with triggers_dropped(connection.execute):
        for statement in statements:
            connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_name_that_was_taken_away_is_found_and_given_back(store, path):
    order_id = submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1", venue_order_id="V1")))
    assert verify(store).passed
    tampered(path, "DELETE FROM order_identifiers")
    (finding,) = verify(store).problems
    assert (finding.what, finding.key) == ("order", order_id)
    assert finding.problem == "it is not found by its name CLIENT C1, VENUE V1"
    with pytest.raises(NotFound):
        read_history(store, lambda h: h.find_order(ACCOUNT, "C1"))
    rebuild(store)
    assert verify(store).passed
    for found in (("C1",), (None, VENUE, "V1")):
        assert read_history(store, lambda h, f=found: h.find_order(ACCOUNT, *f)).order_id == order_id


def test_a_client_order_id_that_was_given_to_another_order_is_found(store, path):
    first, second = submit_and_send(store, "C1"), submit_and_send(store, "C2")
    tampered(path, f"UPDATE order_identifiers SET order_id = '{second}' WHERE value = 'C1'")
    assert [(finding.what, finding.key, finding.problem) for finding in verify(store).problems] == [
        ("order", first, "it is not found by its name CLIENT C1"),
        ("order", second, "it is found by a name that none of its events gives it: CLIENT C1"),
    ]
    rebuild(store)
    assert verify(store).passed
    assert read_history(store, lambda h: h.find_order(ACCOUNT, "C1")).order_id == first


@pytest.mark.parametrize("lost", ["", " WHERE value = ''", " WHERE value <> ''"])
def test_a_report_that_would_wait_for_ever_is_found_and_waits_again(store, path, lost):
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    tampered(path, "DELETE FROM waiting_reports" + lost)
    (finding,) = verify(store).problems
    assert finding.what == "unattributed"
    rebuild(store)
    assert verify(store).passed
    order_id = submit_and_send(store, "C1")
    assert read_history(store, lambda h: h.order(order_id)).status is OrderStatus.PARTIALLY_FILLED
    assert verify(store).passed


def test_a_row_that_cannot_be_read_is_reported_and_no_traceback(store, path):
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    tampered(path, "UPDATE positions SET quantity = 'abc'")
    assert "cannot be read" in verify(store).problems[0].problem
    with pytest.raises(StoreDamaged, match="cannot be read"):
        read_history(store, lambda h: list(h.positions(ACCOUNT)))


@pytest.mark.parametrize("damage", ["body = '{'", "body = '[]'", 'body = \'{"type":"X"}\'', "recorded_at = 1 << 62"])
@pytest.mark.parametrize("type", ["RUN", "FINDING", "RESOLUTION"])
def test_a_row_of_a_reconciliation_that_cannot_be_read_is_reported(store, path, type, damage):
    run, _, finding, resolution = store.run(add_full_reconciliation)
    damaged = {"RUN": run, "FINDING": finding, "RESOLUTION": finding if "body" in damage else resolution}[type]
    tampered(path, f"UPDATE exchange_reconciliation SET {damage} WHERE type = '{type}'")
    assert not verify(store).passed
    with store.begin(read_only=True) as uow:
        with pytest.raises(StoreDamaged, match="cannot be read"):
            uow.reconciliations.get(damaged.record_id)
        with pytest.raises(StoreDamaged, match="cannot be read"):
            uow.reconciliations.list(ReconciliationFilter(), None, 10)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE order_events SET body = '{' WHERE sequence = 3",
        "UPDATE order_events SET body = replace(body, '100', '101') WHERE sequence = 3",
        "UPDATE order_requests SET body = 'nothing'",
        "UPDATE fact_feed SET kind = 'BOGUS' WHERE kind = 'EVENT' AND number = 3",
        "DELETE FROM order_events WHERE sequence = 3",
        "DELETE FROM exchange_reconciliation WHERE type = 'RESOLUTION'",
        "UPDATE exchange_reconciliation SET body = '{' WHERE type = 'INPUT'",
    ],
)
def test_an_archive_that_nothing_could_read_is_not_written(store, path, damage):
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    store.run(add_full_reconciliation)
    tampered(path, damage)
    with store.begin(read_only=True) as uow, pytest.raises(StoreDamaged):
        list(archive(uow))
    assert not verify(store).passed


@pytest.mark.parametrize("table", ["fact_feed", "positions", "order_events", "exchange_reconciliation"])
def test_a_table_that_is_gone_is_a_damaged_store(store, path, table):
    submit_and_send(store, "C1")
    store.close()
    tampered(path, "PRAGMA foreign_keys = OFF", f"DROP TABLE {table}")
    result = CliRunner().invoke(app, ["verify", "--store", f"sqlite:///{path}"])
    assert result.exit_code == 3, result.output
    assert "no such table" in result.output


def test_an_unknown_status_of_a_venue_keeps_its_names(store):
    """A status that changes nothing teaches a name all the same; the order is verified with it."""
    submit_and_send(store, "C1")
    status = VenueReport(
        account_id=ACCOUNT, type=EventType.ORDER_STATUS, venue=VENUE, client_order_id="C1", venue_order_id="V9"
    )
    write_history(store, lambda h: h.record(status))
    assert read_history(store, lambda h: h.find_order(ACCOUNT, None, VENUE, "V9"))
    assert verify(store).passed


def test_rebuilding_one_account_or_symbol_leaves_the_rest_alone(store, path):
    write_history(store, lambda h: h.record(trade_report("C1", "E1", symbol="A/B")))
    tampered(path, "DELETE FROM waiting_reports")
    rebuild(store, account_id="another")
    rebuild(store, symbol="C/D")
    assert not verify(store).passed
    rebuild(store, account_id=ACCOUNT, symbol="A/B")
    assert verify(store).passed
