"""Rows of reconciliations are found by an index, in the order of their pages, and by what the documentation shows."""

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
        ("run", listed(account_id=ACCOUNT, run_id=ORDER_ID)),
        ("subject", listed(account_id=ACCOUNT, subject=SUBJECT)),
        ("record_id", lambda rows: rows.get(ORDER_ID)),
        ("order_id", listed(order_id=ORDER_ID)),
    ],
)
def test_is_found_by_an_index_and_what_closes_it_too(store, index, question):
    plan = plan_of(store, lambda uow: question(uow.reconciliations))
    assert f"USING INDEX ix_exchange_reconciliation_{index} (" in plan[0]
    assert plan[1].endswith("(account_id=? AND finding_id=?) LEFT-JOIN")
    by_id = index in ("record_id", "order_id")  # which name few rows
    assert len(plan) == 3 if by_id else len(plan) == 2, "rows are sorted that an index has in order"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_open_by_the_documentation_is_open(kind, tmp_path):
    page = Path(__file__).parents[3] / "docs" / "reference" / "schema.md"
    (query,) = re.findall(r"```sql\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    made = SqlAlchemyStore.open(fresh_url() if kind == "postgresql" else f"sqlite:///{tmp_path}/a.db")
    for account_id in ("main", "other"):
        run, *_ = made.run(lambda uow, a=account_id: add_full_reconciliation(uow, a))
        made.run(
            lambda uow, a=account_id, r=run.record_id: [
                add_reconciliation(uow, reconciliation_row("FINDING", a, run_id=r)) for _ in range(3)
            ]
        )
    with made.engine.connect() as connection:
        told = [str(one.record_id) for one in connection.execute(text(query))]
    assert told == matching_ids(made, account_id="main", is_open=True)
    assert len(told) == 3
    made.close()
