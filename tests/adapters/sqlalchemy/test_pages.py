"""An index finds every page of a list, at its key and in its order: no plan scans or sorts rows."""

from datetime import UTC, datetime

import pytest
from plans import plan_of, postgresql_plan_of
from sqlalchemy import text
from tests.support.postgres import fresh_store_url

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.repositories.orders import orders as repository
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import OrderStatus, ReconciliationType
from sot.ports.accounting import AccountEventFilter
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import PageKey
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history

ID = "00000000-0000-7000-8000-000000000001"
PAGE_KEY = PageKey(datetime(2100, 1, 1, tzinfo=UTC), ID)  # after all rows, so that no further query follows
FIRST_KEY = PageKey(datetime(2000, 1, 1, tzinfo=UTC), ID)  # before all rows
KEY = PositionKey(ACCOUNT, VENUE, SYMBOL, position_id="1")
MINE = {"account_id": ACCOUNT}
COMMON = [OrderStatus.CANCELED, OrderStatus.FILLED]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path_factory.mktemp('pages')}/a.db")
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    yield store
    store.close()


def one_of(count, value):
    """SQL of a text that is a value in every `count`-th of the rows, and one of so many others elsewhere."""
    return f"CASE n % {count} WHEN 0 THEN '{value}' ELSE 'x' || n % {count} END"


MANY_ROWS = (
    f"""
    INSERT INTO orders (account_id, order_id, venue, venue_account, id_scope, symbol, strategy_code, status, is_open,
                        in_doubt, cum_quantity, notional, last_sequence, last_hash, version, created_at, state)
    SELECT {one_of(101, ACCOUNT)}, gen_random_uuid(), {one_of(31, VENUE)}, '', '', {one_of(37, SYMBOL)},
           {one_of(41, "s")}, {one_of(11, "NEW")}, n % 97 = 0, n % 103 = 0, 0, 0, 1, '', 1,
           TIMESTAMPTZ '2026-01-01 00:00Z' + n * INTERVAL '1 minute', ''
    FROM generate_series(1, 20000) AS n
    """,
    f"""
    INSERT INTO order_requests (account_id, request_id, recorded_at, idempotency_key, action, id_scope, venue_account,
                                symbol, strategy_code, body, hash)
    SELECT {one_of(101, ACCOUNT)}, gen_random_uuid(), TIMESTAMPTZ '2026-01-01 00:00Z' + n * INTERVAL '1 minute', n,
           'NEW', '', '', {one_of(37, SYMBOL)}, {one_of(41, "s")}, '', ''
    FROM generate_series(1, 20000) AS n
    """,
    "ANALYZE",
)
MIDDLE = PageKey(datetime(2026, 1, 8, tzinfo=UTC), ID)  # of these rows


@pytest.fixture(scope="module")
def postgresql():
    """A store without rows, and one with so many that the index of a filter is better than that of its account."""
    empty, filled = (SqlAlchemyStore.open(fresh_store_url()) for _ in range(2))
    with filled.engine.begin() as connection:
        for statement in MANY_ROWS:
            connection.execute(text(statement))
    yield empty, filled
    empty.close()
    filled.close()


def orders(**fields):
    return lambda uow: uow.orders.list(OrderFilter(**fields), PAGE_KEY, 50)


def requests(**fields):
    return lambda uow: uow.requests.list(RequestFilter(**fields), PAGE_KEY, 50)


def page(name, key, newest_first, **fields):
    filter = (OrderFilter if name == "orders" else RequestFilter)(**fields)
    return lambda uow: getattr(uow, name).list(filter, key, 50, newest_first=newest_first)


def account_events(**fields):
    return lambda uow: uow.account_events.list(AccountEventFilter(**fields), PAGE_KEY, 50)


def findings(**fields):
    filter = ReconciliationFilter(types=[ReconciliationType.FINDING], **fields)
    return lambda uow: uow.reconciliations.list(filter, PAGE_KEY, 50)


def positions(venue=None, symbol=None, open_only=False):
    return lambda uow: uow.positions.list(ACCOUNT, venue, symbol, open_only, KEY, 50)


CREATED, RECORDED = "created_at>?", "recorded_at>?"
AFTER_KEY = "(venue,symbol,position_side,position_id,venue_account)>(?,?,?,?,?)"
PRIMARY = "PRIMARY KEY"


@pytest.mark.parametrize(
    ("index", "condition", "query"),
    [
        ("ix_orders_account_id_created_at_order_id", f"account_id=? AND {CREATED}", orders(**MINE)),
        ("ix_orders_all", CREATED, orders()),
        ("ix_orders_venue", f"account_id=? AND venue=? AND {CREATED}", orders(**MINE, venue=VENUE)),
        ("ix_orders_symbol", f"account_id=? AND symbol=? AND {CREATED}", orders(**MINE, symbol=SYMBOL)),
        (
            "ix_orders_strategy_code",
            f"account_id=? AND strategy_code=? AND {CREATED}",
            orders(**MINE, strategy_code="s"),
        ),
        ("ix_orders_status", f"account_id=? AND status=? AND {CREATED}", orders(**MINE, statuses=[OrderStatus.NEW])),
        ("ix_orders_status", f"account_id=? AND status=? AND {CREATED}", orders(**MINE, statuses=list(OrderStatus))),
        ("ix_orders_open", f"account_id=? AND is_open=? AND {CREATED}", orders(**MINE, is_open=True)),
        ("ix_orders_open", f"account_id=? AND is_open=? AND {CREATED}", orders(is_open=True)),
        ("ix_orders_open", f"account_id=? AND is_open=? AND {CREATED}", orders(**MINE, is_open=True, symbol=SYMBOL)),
        ("ix_orders_in_doubt", f"account_id=? AND in_doubt=? AND {CREATED}", orders(**MINE, in_doubt=True)),
        ("ix_orders_venue", f"account_id=? AND venue=? AND {CREATED}", orders(venue=VENUE)),
        ("ix_orders_symbol", f"account_id=? AND symbol=? AND {CREATED}", orders(symbol=SYMBOL)),
        ("ix_orders_symbol", f"account_id=? AND symbol=? AND {CREATED}", orders(symbol=SYMBOL, venue=VENUE)),
        ("ix_orders_symbol", f"account_id=? AND symbol=? AND {CREATED}", orders(symbol=SYMBOL, statuses=COMMON)),
        ("ix_orders_strategy_code", f"account_id=? AND strategy_code=? AND {CREATED}", orders(strategy_code="s")),
        (
            "ix_orders_strategy_code",
            f"account_id=? AND strategy_code=? AND {CREATED}",
            orders(strategy_code="s", venue=VENUE, statuses=COMMON),
        ),
        ("ix_orders_status", f"account_id=? AND status=? AND {CREATED}", orders(statuses=[OrderStatus.EXPIRED])),
        ("ix_order_requests_account_id_recorded_at_request_id", f"account_id=? AND {RECORDED}", requests(**MINE)),
        ("ix_order_requests_all", RECORDED, requests()),
        ("ix_order_requests_symbol", f"account_id=? AND symbol=? AND {RECORDED}", requests(**MINE, symbol=SYMBOL)),
        (
            "ix_order_requests_strategy_code",
            f"account_id=? AND strategy_code=? AND {RECORDED}",
            requests(**MINE, strategy_code="s"),
        ),
        ("ix_account_events_account_id_recorded_at_event_id", f"account_id=? AND {RECORDED}", account_events(**MINE)),
        ("ix_account_events_all", RECORDED, account_events()),
        (
            "ix_account_events_symbol",
            f"account_id=? AND symbol=? AND {RECORDED}",
            account_events(**MINE, symbol=SYMBOL),
        ),
        ("ix_exchange_reconciliation_type", f"account_id=? AND type=? AND {RECORDED}", findings(**MINE)),
        ("ix_exchange_reconciliation_all", f"type=? AND {RECORDED}", findings()),
        (PRIMARY, f"account_id=? AND {AFTER_KEY}", positions()),
        (
            PRIMARY,
            "account_id=? AND venue=? AND (symbol,position_side,position_id,venue_account)>(?,?,?,?)",
            positions(VENUE),
        ),
        (
            PRIMARY,
            "account_id=? AND venue=? AND symbol=? AND (position_side,position_id,venue_account)>(?,?,?)",
            positions(symbol=SYMBOL),
        ),
        ("ix_positions_open", f"account_id=? AND {AFTER_KEY}", positions(open_only=True)),
        ("ix_positions_open", f"account_id=? AND {AFTER_KEY}", positions(VENUE, open_only=True)),
        ("ix_positions_open", f"account_id=? AND {AFTER_KEY}", positions(VENUE, SYMBOL, open_only=True)),
        (
            PRIMARY,
            "account_id=? AND kind=? AND value=? AND report_id>?",
            lambda uow: uow.reports.waiting(ACCOUNT, ID, 50),
        ),
        (
            "sqlite_autoindex_order_fills_1",
            "account_id=? AND order_id=? AND execution>? AND execution<?",
            lambda uow: uow.fills.effective_versions(ACCOUNT, ID, 9, 1, 50),
        ),
        (
            "sqlite_autoindex_order_pnl_1",
            "account_id=? AND order_id=? AND sequence<?",
            lambda uow: uow.pnl.last(ACCOUNT, ID, 5),
        ),
        ("INTEGER PRIMARY KEY", "rowid>?", lambda uow: uow.checkpoints.list(4, 50)),
    ],
)
def test_a_page_is_found_by_an_index(store, index, condition, query):
    first, *others = plan_of(store, query)
    assert f"USING {index if 'KEY' in index else f'INDEX {index}'} ({condition})" in first
    rest = [step for step in others if not step.startswith(("SEARCH", "CORRELATED"))]
    # Of a request its own few events are sorted.
    assert rest == (["USE TEMP B-TREE FOR ORDER BY"] if "order_requests" in first else [])


BOTH_WAYS = pytest.mark.parametrize(
    ("list", "index", "columns", "fields"),
    [
        ("orders", "account_id_created_at_order_id", "account_id", MINE),
        ("orders", "all", "", {}),
        ("orders", "venue", "account_id venue", {**MINE, "venue": VENUE}),
        ("orders", "symbol", "account_id symbol", {**MINE, "symbol": SYMBOL}),
        ("orders", "strategy_code", "account_id strategy_code", {**MINE, "strategy_code": "s"}),
        ("orders", "status", "account_id status", {**MINE, "statuses": [OrderStatus.NEW]}),
        ("orders", "status", "account_id status", {**MINE, "statuses": list(OrderStatus)}),
        ("orders", "open", "account_id is_open", {**MINE, "is_open": True}),
        ("orders", "open", "account_id is_open", {**MINE, "is_open": True, "symbol": SYMBOL}),
        ("orders", "in_doubt", "account_id in_doubt", {**MINE, "in_doubt": True}),
        ("requests", "account_id_recorded_at_request_id", "account_id", MINE),
        ("requests", "all", "", {}),
        ("requests", "symbol", "account_id symbol", {**MINE, "symbol": SYMBOL}),
        ("requests", "strategy_code", "account_id strategy_code", {**MINE, "strategy_code": "s"}),
    ],
)
PARTIAL = ("is_open", "in_doubt")
"""Flags whose index has no other rows, so that PostgreSQL does not look at them."""
NAMES = {"orders": ("ix_orders", "created_at"), "requests": ("ix_order_requests", "recorded_at")}


@BOTH_WAYS
def test_newest_first_the_same_index_is_read_backwards(store, list, index, columns, fields):
    table, time = NAMES[list]
    first, *others = plan_of(store, page(list, FIRST_KEY, True, **fields))
    condition = " AND ".join([*(f"{column}=?" for column in columns.split()), f"{time}<?"])
    assert f"USING INDEX {table}_{index} ({condition})" in first
    rest = [step for step in others if not step.startswith(("SEARCH", "CORRELATED"))]
    assert rest == (["USE TEMP B-TREE FOR ORDER BY"] if list == "requests" else [])


@BOTH_WAYS
@pytest.mark.parametrize("newest_first", [False, True])
def test_postgresql_reads_the_same_index_in_both_directions(postgresql, list, index, columns, fields, newest_first):
    table, time = NAMES[list]
    plan = postgresql_plan_of(*postgresql, page(list, MIDDLE, newest_first, **fields))
    scan = "Index Scan Backward" if newest_first else "Index Scan"
    place = next(n for n, step in enumerate(plan) if step.startswith(f"{scan} using {table}_{index} on "))
    condition = plan[place + 1]
    assert condition.startswith("Index Cond: ")
    assert all(f"{column} = " in condition for column in columns.split() if column not in PARTIAL)
    assert f"{time} {'<=' if newest_first else '>='}" in condition
    # Of a request its own few events are sorted.
    assert all("order_events" in step for step in plan if step.startswith("Sort Key: "))


def test_an_execution_is_looked_up_among_however_many_events_of_its_order(store):
    plan = plan_of(store, lambda uow: uow.events.by_execution(ACCOUNT, ID, "E1", ""))
    by_id = "account_id=? AND order_id=? AND exec_id=? AND leg=?"
    assert plan == [f"SEARCH order_events USING INDEX ix_order_events_account_id_order_id_exec_id_leg ({by_id})"]


def test_many_accounts_are_not_looked_at_one_by_one(store, monkeypatch):
    monkeypatch.setattr(repository, "_FEW_ACCOUNTS", 0)
    plan = plan_of(store, orders(symbol=SYMBOL))
    assert plan == [f"SEARCH orders USING INDEX ix_orders_all ({CREATED})"]


@pytest.mark.parametrize(
    ("most", "step"), [(10_000, "ix_orders_order_id (order_id>? AND order_id<?)"), (0, f"ix_orders_all ({CREATED})")]
)
def test_an_id_prefix_is_looked_up_unless_so_many_have_it_that_a_page_is_found_sooner(store, monkeypatch, most, step):
    monkeypatch.setattr(repository, "_MANY_OF_A_PREFIX", most)
    with store.begin(read_only=True) as uow:
        (order,) = uow.orders.list(OrderFilter(), None, 2).items
    for prefix, found in ((order.order_id[:8], [order.order_id]), ("ffffffff", [])):
        filter = OrderFilter(order_id_prefix=prefix)
        with store.begin(read_only=True) as uow:
            assert [one.order_id for one in uow.orders.list(filter, None, 2).items] == found
    plan = plan_of(store, lambda uow: uow.orders.list(OrderFilter(order_id_prefix=order.order_id[:8]), FIRST_KEY, 50))
    assert plan[0] == f"SEARCH orders USING INDEX {step}"


@pytest.mark.parametrize("account_id", [ACCOUNT, None])
def test_a_name_is_looked_up(store, account_id):
    plan = plan_of(store, orders(account_id=account_id, identifier="C1", symbol=SYMBOL))
    assert plan[0] == "SEARCH orders USING INDEX ix_orders_order_id (order_id=?)"
    assert "SEARCH order_identifiers USING PRIMARY KEY (account_id=? AND kind=? AND value=?)" in plan


def test_the_values_that_an_index_begins_with_are_few_seeks(store):
    """Where each account or venue is looked at by itself, none of their rows is."""
    with store.engine.connect() as connection:
        text = str(repository._ACCOUNTS.compile(connection))
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    assert not [step for step in plan if step.startswith("SCAN") and step != "SCAN known"], plan
