"""Recording one report on SQLite reads each row at most once, and writes nothing before the commit."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime

import attrs
import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from sot import Fee, OrderHistory, VenueReport
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.testing.contract.samples import ACCOUNT, VENUE, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history

COMMIT = "COMMIT"
MATCH = ["SELECT order_identifiers"]
"""How a report finds its order, with one query."""

APPEND_TRADE = ["UPDATE orders", "INSERT order_events", "INSERT order_fills"]


@pytest.fixture
def store(tmp_path):
    """A store that has been written to: the first write looks once whether the triggers are there."""
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    submit_and_send(store, "first")
    yield store
    store.close()


@contextmanager
def statements_of(engine):
    """Collect the statements that an engine executes, each with its parameters; COMMIT where it commits."""
    executed = []

    def add_statement(connection, cursor, statement, parameters, context, executemany):
        executed.append((statement, str(parameters)))

    def add_commit(connection):
        executed.append((COMMIT, ""))

    event.listen(engine, "before_cursor_execute", add_statement)
    event.listen(engine, "commit", add_commit)
    yield executed
    event.remove(engine, "before_cursor_execute", add_statement)
    event.remove(engine, "commit", add_commit)


def named(statement):
    """The verb of a statement, and the table that it reads or writes."""
    if statement == COMMIT:
        return COMMIT
    without_subqueries = re.sub(r"\(.*?\)", "", statement, flags=re.DOTALL)
    table = re.search(r"\b(?:INTO|UPDATE|FROM) ([a-z_]+)", without_subqueries)[1]
    return f"{statement.split()[0]} {table}"


def statements_to_record(store, *reports):
    with statements_of(store.engine) as executed, store.begin() as uow:
        for report in reports:
            OrderHistory(uow).record(report)
        uow.commit()
    reads = [statement for statement in executed if statement[0].startswith("SELECT")]
    assert len(reads) == len(set(reads)), "the same rows were read twice"
    return [named(statement) for statement, _ in executed]


def acknowledgement(client_order_id, **fields):
    names = {"client_order_id": client_order_id, "venue_order_id": f"V-{client_order_id}"}
    return VenueReport(account_id=ACCOUNT, venue=VENUE, type="NEW", **names, **fields)


def status_report(client_order_id, **fields):
    return VenueReport(account_id=ACCOUNT, venue=VENUE, client_order_id=client_order_id, type="ORDER_STATUS", **fields)


def test_a_trade_on_an_order_that_has_traded(store):
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    assert statements_to_record(store, trade_report("C1", "E2", fees=[Fee(1, "QUOTE")])) == [
        *MATCH,
        "SELECT order_events",  # by the execution's id
        "SELECT instruments",
        "SELECT positions",
        "SELECT orders",
        *APPEND_TRADE,
        "UPDATE order_costs",
        "UPDATE positions",
        "INSERT fact_feed",
        COMMIT,
    ]


def test_the_first_report_of_an_order(store):
    """The order was only sent, so that no event can have the same content, or the same execution."""
    submit_and_send(store, "C1")
    assert statements_to_record(store, acknowledgement("C1", exec_id="N1")) == [
        *MATCH,
        "SELECT order_identifiers",
        "UPDATE orders",
        "INSERT order_identifiers",
        "INSERT order_events",
        "INSERT fact_feed",
        COMMIT,
    ]


def test_the_first_trade_of_an_order(store):
    submit_and_send(store, "C1")
    submit_and_send(store, "C2")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    write_history(store, lambda h: h.record(acknowledgement("C2")))
    assert statements_to_record(store, trade_report("C2", "E2", venue_order_id="V-C2")) == [
        *MATCH,
        "SELECT order_events",
        "SELECT instruments",
        "SELECT positions",
        "SELECT orders",  # with its costs, or the decision price
        *APPEND_TRADE,
        "INSERT order_costs",
        "UPDATE positions",
        "INSERT fact_feed",
        COMMIT,
    ]


def test_the_first_trade_of_a_position(store):
    """The position is folded from its entries, among them the trade that is still in the buffer."""
    order_id = submit_and_send(store, "C1")
    assert statements_to_record(store, trade_report("C1", "E1", "4")) == [
        *MATCH,
        "SELECT instruments",
        "SELECT positions",
        "SELECT position_checkpoints",
        "SELECT account_events",
        "SELECT order_fills",  # where a batch of them ends
        "SELECT order_fills",
        "SELECT orders",
        *APPEND_TRADE,
        "INSERT order_costs",
        "INSERT positions",
        "DELETE position_checkpoints",
        "INSERT fact_feed",
        COMMIT,
    ]
    with store.begin(read_only=True) as uow:
        key = uow.fills.list(ACCOUNT, order_id)[0].position_key
        assert uow.positions.get(key).quantity == 4


def test_a_trade_that_is_a_repeat(store):
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    assert statements_to_record(store, trade_report("C1", "E1")) == [*MATCH, "SELECT order_events", COMMIT]


def test_two_trades_in_one_unit_of_work(store):
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    submit_and_send(store, "C2")
    assert statements_to_record(store, trade_report("C2", "E2"), trade_report("C2", "E3")) == [
        *MATCH,
        "SELECT instruments",
        "SELECT positions",
        "SELECT orders",
        "SELECT order_events",
        *APPEND_TRADE,
        "INSERT order_costs",
        "UPDATE positions",
        "INSERT fact_feed",
        COMMIT,
    ]


REFOLD = ["SELECT positions", "SELECT position_checkpoints", "SELECT account_events", "SELECT order_fills"]
"""How a position is folded again from its last snapshot; then its fills are read in batches."""

WRITE_REFOLDED = ["UPDATE order_costs", "UPDATE positions", "DELETE position_checkpoints", "INSERT fact_feed", COMMIT]


@pytest.mark.parametrize(
    ("change", "by_id"),
    [
        ({"type": "TRADE_CORRECT", "exec_id": "K", "exec_ref_id": "E1", "last_quantity": 1, "last_price": 7}, 2),
        ({"type": "TRADE_CANCEL", "exec_id": "K", "exec_ref_id": "E2"}, 1),
    ],
    ids=["correction", "bust"],
)
def test_a_change_of_an_execution(store, change, by_id):
    """Costs and the position are computed again, from the executions of the database and the one in the buffer."""
    order_id = submit_and_send(store, "C1")
    for exec_id in ("E1", "E2"):
        write_history(store, lambda h, exec_id=exec_id: h.record(trade_report("C1", exec_id, "2")))
    report = VenueReport(account_id=ACCOUNT, venue=VENUE, client_order_id="C1", **change)
    assert statements_to_record(store, report) == [
        *MATCH,
        "SELECT order_events",
        *["SELECT order_fills"] * by_id,  # the execution that it changes, and that of its own id
        "SELECT instruments",
        *REFOLD,
        "SELECT order_fills",
        "SELECT order_decision_context",
        "SELECT order_fills",  # all of the order
        "SELECT orders",
        *APPEND_TRADE,
        *WRITE_REFOLDED,
    ]
    remaining = 3 if change["type"] == "TRADE_CORRECT" else 2
    with store.begin(read_only=True) as uow:
        key = uow.fills.list(ACCOUNT, order_id)[0].position_key
        assert uow.positions.get(key).quantity == uow.costs.get(ACCOUNT, order_id).quantity == remaining


def test_a_trade_that_comes_late(store):
    """The position is folded again with it; costs need only their row."""
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    late = attrs.evolve(trade_report("C1", "E2"), occurred_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert statements_to_record(store, late) == [
        *MATCH,
        "SELECT order_events",
        "SELECT instruments",
        *REFOLD,
        "SELECT order_fills",
        "SELECT orders",
        *APPEND_TRADE,
        *WRITE_REFOLDED,
    ]


def test_a_status_with_a_new_identifier(store):
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    assert statements_to_record(store, status_report("C1", venue_order_id="V1", reported_status="NEW")) == [
        *MATCH,
        "SELECT order_identifiers",
        "SELECT order_events",  # by the content digest
        "UPDATE orders",
        "INSERT order_identifiers",
        "INSERT order_events",
        "INSERT fact_feed",
        COMMIT,
    ]


def test_a_status_that_says_nothing_new(store):
    submit_and_send(store, "C1")
    report = status_report("C1", reported_status="NEW")
    write_history(store, lambda h: h.record(report))
    by_digest = ["SELECT order_events"] * 2  # the same words, and the same words told again
    assert statements_to_record(store, report) == [*MATCH, *by_digest, COMMIT]


def test_a_report_that_waits(store):
    assert statements_to_record(store, trade_report("C9", "E1")) == [
        "SELECT order_identifiers",
        "SELECT order_requests",
        "SELECT unattributed_reports",
        "INSERT unattributed_reports",
        "INSERT waiting_reports",
        "INSERT fact_feed",
        COMMIT,
    ]


def test_a_report_that_finds_its_order_and_releases_another(store):
    """The released report is removed from the waiting ones at the commit, too."""
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    waiting = VenueReport(account_id=ACCOUNT, venue=VENUE, type="TRIGGERED", venue_order_id="V1")
    write_history(store, lambda h: h.record(waiting))
    assert statements_to_record(store, status_report("C1", venue_order_id="V1", reported_status="NEW")) == [
        *MATCH,
        "SELECT order_identifiers",
        "SELECT order_events",
        "SELECT unattributed_reports",
        "SELECT waiting_reports",
        "SELECT order_events",
        "DELETE waiting_reports",
        "UPDATE orders",
        "INSERT order_identifiers",
        "INSERT order_events",
        "INSERT fact_feed",
        COMMIT,
    ]
    with store.begin(read_only=True) as uow:
        assert not uow.reports.waiting(ACCOUNT)


def test_in_a_joined_session_everything_is_written_at_once(store):
    submit_and_send(store, "C1")
    with Session(store.engine) as session, statements_of(store.engine) as executed:
        OrderHistory(SqlAlchemyUnitOfWork(session)).record(trade_report("C1", "E1"))
        writes = [named(statement) for statement, _ in executed if not statement.startswith("SELECT")]
        session.rollback()
    assert writes == [
        "INSERT order_events",
        "INSERT fact_feed",
        "INSERT order_fills",
        "DELETE position_checkpoints",
        "INSERT positions",
        "INSERT order_costs",
        "UPDATE orders",
    ]
