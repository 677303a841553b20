"""Rows of reconciliations are found by an index, and come out of it in the order of their pages."""

import pytest
from sqlalchemy import event

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.domain.vocabulary import ReconciliationType
from sot.ports.records import ReconciliationFilter
from sot.testing.contract import ACCOUNT, VENUE
from sot.testing.reconciliation_contract import ONE, ORDER

PLACE = {"account_id": ACCOUNT, "venue": VENUE, "venue_account": ""}


def listed(**wanted):
    return lambda rows: rows.list(ReconciliationFilter(**wanted), None, 50)


@pytest.fixture
def store(tmp_path):
    made = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("index", "question"),
    [
        ("recorded", listed(account_id=ACCOUNT)),
        ("place", listed(**PLACE, is_open=True)),
        ("place", listed(**PLACE, types=[ReconciliationType.RUN])),
        ("place", lambda rows: rows.last_run(*PLACE.values())),
        ("type", listed(account_id=ACCOUNT, is_open=True)),
        ("type", listed(account_id=ACCOUNT, is_open=False)),
        ("run", listed(account_id=ACCOUNT, run_id=ORDER)),
        ("subject", listed(account_id=ACCOUNT, subject=ONE)),
        ("record_id", lambda rows: rows.get(ORDER)),
        ("order_id", listed(order_id=ORDER)),
    ],
)
def test_is_found_by_an_index_and_what_closes_it_too(store, index, question):
    asked = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    with store.begin(read_only=True) as uow:
        question(uow.reconciliations)
        statement, parameters = asked[-1]
    with store.engine.connect() as connection:
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert f"USING INDEX ix_exchange_reconciliation_{index} (" in plan[0]
    assert plan[1].endswith("(account_id=? AND finding_id=?) LEFT-JOIN")
    by_id = index in ("record_id", "order_id")  # which name few rows
    assert len(plan) == 3 if by_id else len(plan) == 2, "rows are sorted that an index has in order"
