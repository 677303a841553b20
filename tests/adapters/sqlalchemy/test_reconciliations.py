"""Reconciliation rows are found by an index, in the order of their pages, and by the query of the documentation."""

import re
from pathlib import Path

import pytest
from plans import plan_of
from sqlalchemy import text
from tests.support.postgres import fresh_url

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.domain.values.vocabulary import ReconciliationType
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT, ORDER_ID, SUBJECT, VENUE, reconciliation_row
from sot.testing.contract.transactions import add_full_reconciliation, add_reconciliation, matching_ids

PLACE = {"account_id": ACCOUNT, "venue": VENUE, "venue_account": ""}


def listing(**filter):
    return lambda rows: rows.list(ReconciliationFilter(**filter), None, 50)


@pytest.fixture
def store(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("index", "query"),
    [
        ("recorded", listing(account_id=ACCOUNT)),
        ("place", listing(**PLACE, is_open=True)),
        ("place", listing(**PLACE, types=[ReconciliationType.RUN])),
        ("place", lambda rows: rows.last_run(*PLACE.values())),
        ("type", listing(account_id=ACCOUNT, is_open=True)),
        ("type", listing(account_id=ACCOUNT, is_open=False)),
        ("run", listing(account_id=ACCOUNT, run_id=ORDER_ID)),
        ("subject", listing(account_id=ACCOUNT, subject=SUBJECT)),
        ("record_id", lambda rows: rows.get(ORDER_ID)),
        ("order_id", listing(order_id=ORDER_ID)),
    ],
)
def test_rows_and_their_resolutions_are_found_by_an_index(store, index, query):
    plan = plan_of(store, lambda uow: query(uow.reconciliations))
    assert f"USING INDEX ix_exchange_reconciliation_{index} (" in plan[0]
    assert plan[1].endswith("(account_id=? AND finding_id=?) LEFT-JOIN")
    by_id = index in ("record_id", "order_id")  # which name few rows
    assert len(plan) == 3 if by_id else len(plan) == 2, "rows are sorted, although an index has them in order"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_query_of_the_documentation_finds_open_findings(kind, tmp_path):
    page = Path(__file__).parents[3] / "docs" / "reference" / "schema.md"
    (query,) = re.findall(r"```sql\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    store = SqlAlchemyStore.open(fresh_url() if kind == "postgresql" else f"sqlite:///{tmp_path}/a.db")
    for account_id in ("main", "other"):
        run, *_ = store.run(lambda uow, a=account_id: add_full_reconciliation(uow, a))
        store.run(
            lambda uow, a=account_id, r=run.record_id: [
                add_reconciliation(uow, reconciliation_row("FINDING", a, run_id=r)) for _ in range(3)
            ]
        )
    with store.engine.connect() as connection:
        record_ids = [str(row.record_id) for row in connection.execute(text(query))]
    assert record_ids == matching_ids(store, account_id="main", is_open=True)
    assert len(record_ids) == 3
    store.close()
