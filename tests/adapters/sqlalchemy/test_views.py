"""The views for analysts say what the library says, and are part of the schema."""

import json
from datetime import UTC, datetime
from decimal import Decimal as D

import pytest
from sqlalchemy import create_engine, text
from tests.reliability.campaigns.use_cases import STEPS, clock_of, ids_of
from tests.support.golden import golden_url
from tests.support.page_blocks import ROOT
from tests.support.postgres import fresh_url

from sot.accounting import Method
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.views import views
from sot.audit import verify
from sot.domain.values.numbers import plain
from sot.errors import SchemaMismatch
from sot.testing.contract.samples import ACCOUNT
from sot.testing.contract.transactions import read_history

VIEWS = ["current_fills", "order_summary", "position_summary"]
pytestmark = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


@pytest.fixture
def url(kind, tmp_path):
    return fresh_url() if kind == "postgresql" else f"sqlite:///{tmp_path}/views.db"


@pytest.fixture
def life(url):
    """A store with corrections, busts, fees, account events, external orders and open requests."""
    for number, step in enumerate(STEPS):
        store = SqlAlchemyStore.open(url, clock_of(number), ids_of(number))
        step.run(store)
        store.close()
    store = SqlAlchemyStore.open(url)
    yield store
    store.close()


def rows(store, view, *order):
    with store.engine.connect() as connection:
        query = text(f"SELECT * FROM {view} ORDER BY {', '.join(order)}")
        return [dict(row) for row in connection.execute(query).mappings()]


def as_text(value):
    return None if value is None else plain(value)


def as_time(value):
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def close(stored, value, kind):
    """Whether a number is the value: exactly on PostgreSQL, as a float on SQLite."""
    if value is None or stored is None:
        return value is stored
    return stored == pytest.approx(float(value)) if kind == "sqlite" else D(stored) == value


def test_executions_count_once(kind, life):
    with life.engine.connect() as connection:
        versions = connection.execute(text("SELECT count(*) FROM order_fills")).scalar_one()
    orders = read_history(life, lambda h: list(h.orders()))
    expected = {
        (fill.order_id, fill.execution): fill
        for order in orders
        for fill in read_history(life, lambda h, order=order: list(h.fills(order.order_id)))
    }
    found = {(str(row["order_id"]), row["execution"]): row for row in rows(life, "current_fills", "order_id")}
    assert 5 <= len(found) < versions
    assert found.keys() == expected.keys()
    for key, row in found.items():
        fill = expected[key]
        assert (row["quantity"], row["price"]) == (plain(fill.quantity), plain(fill.price))
        assert close(row["quantity_number"], fill.quantity, kind)
        assert close(row["price_number"], fill.price, kind)
        assert row["amount"] == as_text(fill.amount)
        assert json.loads(row["fees"]) == [fee.to_dict() for fee in fill.fees]
        for name in ("occurred_at", "received_at", "recorded_at"):
            assert as_time(row[name]) == getattr(fill, name)
        for name in ("version", "sequence", "exec_id", "leg", "symbol", "side", "position_side", "in_legs"):
            assert row[name] == getattr(fill, name)


def test_orders_have_their_figures(kind, life):
    found = rows(life, "order_summary", "order_id")
    orders = sorted(read_history(life, lambda h: list(h.orders())), key=lambda order: order.order_id)
    assert [str(row["order_id"]) for row in found] == [order.order_id for order in orders]
    assert len(found) >= 6
    for row, order in zip(found, orders, strict=True):
        costs = read_history(life, lambda h, order=order: h.costs(order.order_id))
        fills = read_history(life, lambda h, order=order: list(h.fills(order.order_id)))
        for name in ("client_order_id", "venue_order_id", "symbol", "side", "status", "is_open", "in_doubt"):
            assert row[name] == getattr(order, name)
        for name in ("order_quantity", "cum_quantity", "leaves_quantity"):
            assert row[name] == as_text(getattr(order, name))
            assert close(row[f"{name}_number"], getattr(order, name), kind)
        assert row["limit_price"] == as_text(order.state.limit_price)
        assert close(row["limit_price_number"], order.state.limit_price, kind)
        average = None if order.avg_price is None else float(order.avg_price)
        assert row["avg_price_number"] == (None if average is None else pytest.approx(D(average), rel=D("1e-9")) if
                                           kind == "postgresql" else pytest.approx(average))  # fmt: skip
        assert json.loads(row["fees"] or "{}") == {name: plain(amount) for name, amount in costs.fees.items()}
        assert row["executions"] == len(fills)
        times = sorted(fill.happened_at for fill in fills)
        bounds = [as_time(row["first_executed_at"]), as_time(row["last_executed_at"])]
        assert bounds == ([times[0], times[-1]] if times else [None, None])
        assert as_time(row["created_at"]) == order.created_at


def test_positions_have_their_results(kind, life):
    found = rows(life, "position_summary", "symbol", "position_side", "position_id")
    positions = read_history(life, lambda h: list(h.positions(ACCOUNT, method=Method.AVERAGE)))
    by_key = {(each.symbol, str(each.key.position_side), each.key.position_id): each for each in positions}
    assert len(found) == len(by_key) >= 2
    for row in found:
        position = by_key[row["symbol"], row["position_side"], row["position_id"]]
        for name in ("quantity", "entry_value", "open_fees", "realized_gross"):
            assert row[name] == plain(getattr(position, name))
            assert close(row[f"{name}_number"], getattr(position, name), kind)
        for name in ("account_total", "realized_net", "realized_paid", "missing_quantity"):
            assert close(row[f"{name}_number"], getattr(position, name), kind), name
        assert (bool(row["complete"]), bool(row["order_assumed"])) == (position.complete, position.order_assumed)
        assert row["currency"] == position.currency


def test_the_reference_lists_the_columns(kind):
    page = " ".join((ROOT / "docs" / "reference" / "schema.md").read_text("utf-8").split())
    assert all(f"- {view.name}: {', '.join(view.columns)}." in page for view in views(kind))


def test_times_before_1970_are_read(kind, life):
    query = next(view for view in views(kind) if view.name == "position_summary").query
    query = query.partition(" AS last_at")[0].rpartition("order_assumed, ")[2].rpartition(" AS opened_at, ")[2]
    at = datetime(1969, 12, 31, 23, 59, 58, 500_000, UTC)
    given = "-1500000 AS last_at" if kind == "sqlite" else f"timestamptz '{at.isoformat()}' AS last_at"
    with life.engine.connect() as connection:
        found = connection.execute(text(f"SELECT {query} FROM (SELECT {given}) p".replace(":", r"\:"))).scalar_one()
    assert as_time(found) == at


@pytest.mark.parametrize("view", VIEWS)
def test_a_missing_or_other_view_is_found(kind, url, view):
    store = SqlAlchemyStore.open(url)
    with store.engine.begin() as connection:
        for name in reversed(VIEWS):
            connection.execute(text(f"DROP VIEW {name}"))
        connection.execute(text(f"CREATE VIEW {view} AS SELECT 1 AS account_id"))
    problems = {problem.key: problem.problem for problem in verify(store).problems}
    store.close()
    assert set(problems) == {f"view {name}" for name in VIEWS}
    assert "not as sot made it" in problems[f"view {view}"]


@pytest.mark.parametrize("made", ["TABLE current_fills (a int)", "VIEW order_summary AS SELECT 1 AS a"])
def test_names_that_are_taken_are_left_alone(kind, url, made, tmp_path):
    name = made.split()[1]
    advices = {
        url: "choose another",
        golden_url(7, kind, tmp_path): f"rename your table or view {name}, then open again",
    }
    for address, advice in advices.items():
        engine = create_engine(address)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE {made}"))
        with pytest.raises(SchemaMismatch, match=f"{name} belongs to something else; {advice}"):
            SqlAlchemyStore.open(address)
        with engine.connect() as connection:
            assert len(connection.execute(text(f"SELECT * FROM {name}")).keys()) == 1
        engine.dispose()
