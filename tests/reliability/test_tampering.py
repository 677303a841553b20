"""Whoever edits the database behind the store's back is found out, on both databases."""

import itertools
import json
import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from sot import (
    AccountEvent,
    DecisionContext,
    EventType,
    Fee,
    InvalidInput,
    OrderHistory,
    RiskCheck,
    VenueReport,
)
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.models import FACTS, metadata
from sot.application.accounting import positions
from sot.application.audit.rebuild import rebuild
from sot.application.audit.seal import seal
from sot.application.audit.verification import verify
from sot.application.orders import state_snapshots
from sot.application.support.tracing import TracedStore
from sot.domain.orders.event import OrderEvent
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import add_full_reconciliation, submit_and_send
from sot.testing.fakes import ManualClock
from tests.support.postgres import fresh_url

KINDS = ["sqlite", "postgresql"]
T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
# What nothing else tells: counters of changes, names that a repeat may have taught, the version of the schema.
EXEMPT = {"order_identifiers", "waiting_reports", "sot_schema", "sot_alembic_version"}
EXEMPT |= {"api_keys", "idempotency_records"}  # no facts
EXEMPT_COLUMNS = {("orders", "version")}
LOOKED_AT = {"exchange_reconciliation": 4}  # rows that are changed, where two are not all kinds of them


def story(url):
    """A store with rows in every table that is looked at, sealed twice; gives the exported checkpoints."""
    clock = ManualClock()
    store = SqlAlchemyStore.open(url, clock)
    fees = [Fee(Decimal("0.5"), "QUOTE"), Fee(Decimal("0.1"), "TOKEN")]

    def first(history: OrderHistory) -> None:
        history.register(spot_instrument())
        context = DecisionContext(
            indicators={"a": "1"}, market_snapshot={"decision_price": "99"}, signal_strength="0.5"
        )
        request = history.submit(
            new_order_request("C1", strategy_code="trend", limit_price=Decimal(100), requested_by="me"),
            context,
            [RiskCheck(rule_code="a", passed=True, message="fine"), RiskCheck(rule_code="b", passed=True)],
        )
        history.mark_sent(request.request_id, actor="me")
        history.withdraw(history.submit(new_order_request("C2")).request_id, "no", "me", T0)
        history.record(trade_report("C1", "E1", fees=fees, venue_order_id="V1", occurred_at=T0))
        history.record(trade_report("UNKNOWN", "E9"))
        funding = {"amount": "-1", "currency": "QUOTE", "external_id": "F1", "strategy_code": "trend"}
        history.record_account_event(
            AccountEvent.read(
                {
                    "account_id": ACCOUNT,
                    "type": "FUNDING",
                    "venue": VENUE,
                    "symbol": SYMBOL,
                    "occurred_at": T0,
                    **funding,
                }
            )
        )

    def second(history: OrderHistory) -> None:
        order_id = history.find_order(ACCOUNT, "C1").order_id
        history.mark(order_id, Decimal(110), {"TOKEN": Decimal(2)})
        history.record(trade_report("C1", "E2", "2", "101", occurred_at=T0 + timedelta(seconds=5)))
        history.record(trade_report("C1", "E3", "1", "102", occurred_at=T0 + timedelta(seconds=6)))
        history.void(order_id, exec_id="E3", reason="not ours")
        history.adopt(
            VenueReport(
                account_id=ACCOUNT, type=EventType.TRADE, venue=VENUE, venue_order_id="X", symbol=SYMBOL, side="SELL",
                order_type="MARKET", exec_id="X1", last_quantity=1, last_price=105, occurred_at=T0,
            )
        )  # fmt: skip

    kept = []
    for part in (first, second):
        TracedStore(store, f"during {part.__name__}").run(lambda uow, part=part: part(OrderHistory(uow)))
        if part is first:
            store.run(add_full_reconciliation)
        clock.move(timedelta(hours=1))
        kept.append(store.run(seal))
        clock.move(timedelta(hours=1))
    submit_and_send(store, "LATER")
    store.close()
    assert all(kept)
    return kept


@pytest.fixture(scope="module", autouse=True)
def early_checkpoints():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(positions, "SNAPSHOT_INTERVAL", 2)
        patch.setattr(state_snapshots, "STATE_SNAPSHOT_INTERVAL", 4)
        yield


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tampering")
    urls = {"sqlite": f"sqlite:///{folder}/story.db"}
    return {kind: (url, story(url)) for kind, url in urls.items()}


class Tampering:
    """A way into the tables behind the store's back, with nothing in the way."""

    def __init__(self, kind, url):
        self.kind, self.url = kind, url
        self.engine = create_engine(url)
        with self.engine.begin() as connection:
            for table in FACTS:
                if kind == "sqlite":
                    for what in ("update", "delete", "replace"):
                        connection.execute(text(f"DROP TRIGGER IF EXISTS {table.name}_no_{what}"))
                else:
                    connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER {table.name}_no_change"))

    def __call__(self, statement, **parameters):
        with self.engine.begin() as connection:
            if self.kind == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text(statement), parameters)

    def rows(self, query, **parameters):
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query), parameters).mappings()]

    def found(self, kept=()):
        store = SqlAlchemyStore.open(self.url)
        try:
            return verify(store, kept).problems
        finally:
            store.close()


@pytest.fixture
def tampering(request, told, tmp_path):
    """A fresh copy of the story to tamper with."""

    started = []

    def start(kind):
        if kind == "sqlite":
            url, kept = told[kind]
            shutil.copy(url.removeprefix("sqlite:///"), tmp_path / "copy.db")
            url = f"sqlite:///{tmp_path}/copy.db"
        else:
            url = fresh_url()
            kept = story(url)
        started.append(Tampering(kind, url))
        return started[-1], kept

    yield start
    for one in started:
        one.engine.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_an_untouched_store_is_fine(kind, tampering):
    tamper, kept = tampering(kind)
    assert tamper.found(kept) == []
    assert tamper.found() == []
    for table in metadata.sorted_tables:
        if table.name not in EXEMPT:
            assert tamper.rows(f"SELECT 1 AS one FROM {table.name}"), f"nothing in {table.name} to tamper with"


def changed(value, column):
    """Another value that the column can hold."""
    kind = column.type.__class__.__name__
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return 1 - value if kind == "Flag" else value + 1_000_000
    if isinstance(value, Decimal):
        return value + 1
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if value is None:
        return {
            "Identity": "00000000-0000-7000-8000-00000000000a",
            "Amount": "1",
            "Moment": 1_000_000,
            "Count": 1,
            "Flag": 1,
        }.get(kind, "x")
    if kind == "Identity" or len(str(value)) == 36:
        return str(value)[:-1] + ("0" if str(value)[-1] != "0" else "1")
    if kind == "Amount":
        return str(Decimal(value) + 1)
    return f"{value}x"


@pytest.mark.parametrize("kind", KINDS)
def test_no_column_can_be_changed_unseen(kind, tampering):
    """Every column of every row that is looked at, one after another, is changed, and found, and put back."""
    tamper, kept = tampering(kind)
    tried = 0
    for table in metadata.sorted_tables:
        if table.name in EXEMPT:
            continue
        keys = [column.name for column in table.primary_key.columns]
        rows = tamper.rows(f"SELECT * FROM {table.name}")
        for row, column in itertools.product(rows[: LOOKED_AT.get(table.name, 2)], table.columns):
            if (table.name, column.name) in EXEMPT_COLUMNS:
                continue
            new = changed(row[column.name], column)
            if kind == "postgresql" and isinstance(new, int) and column.type.__class__.__name__ == "Moment":
                new = T0
            if kind == "postgresql" and row[column.name] is None and column.type.__class__.__name__ == "Flag":
                new = True
            now = {**row, column.name: new}
            change = f"UPDATE {table.name} SET {column.name} = :new WHERE "
            tamper(change + " AND ".join(f"{key} = :{key}" for key in keys), new=new, **{k: row[k] for k in keys})
            assert tamper.found(kept), f"{table.name}.{column.name}: {row[column.name]!r} became {new!r} unseen"
            tamper(
                change + " AND ".join(f"{key} = :{key}" for key in keys),
                new=row[column.name],
                **{k: now[k] for k in keys},
            )
            tried += 1
    assert tried > 370
    assert tamper.found(kept) == []


# --------------------------------------------------------------------------- forgeries that keep every hash in order


def events_of(tamper, order_id):
    rows = tamper.rows("SELECT * FROM order_events WHERE order_id = :order_id ORDER BY sequence", order_id=order_id)
    return [OrderEvent.from_stored(row["body"], "") for row in rows]


def the_order(tamper, which="C1"):
    (row,) = tamper.rows("SELECT order_id FROM orders WHERE client_order_id = :name", name=which)
    return str(row["order_id"])


def forge(tamper, order_id, edit, with_feed):
    """Rewrite an order's events, with hashes that chain, and everything that is derived from them; the feed, too."""
    rows = tamper.rows("SELECT * FROM order_events WHERE order_id = :order_id ORDER BY sequence", order_id=order_id)
    bodies = edit([json.loads(row["body"]) for row in rows])
    previous = json.loads(rows[0]["body"])["prev_hash"]
    tamper("DELETE FROM order_fills WHERE order_id = :order_id", order_id=order_id)
    tamper("DELETE FROM order_events WHERE order_id = :order_id", order_id=order_id)
    feed = tamper.rows("SELECT * FROM fact_feed WHERE key = :order_id ORDER BY position", order_id=str(order_id))
    if with_feed:
        tamper("DELETE FROM fact_feed WHERE key = :order_id", order_id=str(order_id))
    free = iter([row["position"] for row in feed] + [900])
    from sot.adapters.sqlalchemy import rows as codec

    for number, body in enumerate(bodies, 1):
        body |= {"prev_hash": previous, "sequence": number}
        event = OrderEvent.from_stored(json.dumps(body), "")
        previous = event.hash
        row = codec.event_row(event)
        table = metadata.tables["order_events"]
        with tamper.engine.begin() as connection:
            if tamper.kind == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            connection.execute(table.insert(), [row])
            if with_feed:
                place = {"position": next(free), "account_id": ACCOUNT, "kind": "EVENT", "key": order_id}
                told = {"number": number, "hash": previous, "recorded_at": event.recorded_at}
                connection.execute(metadata.tables["fact_feed"].insert(), [place | told])
    store = SqlAlchemyStore.open(tamper.url)
    with store.begin() as uow:
        order = uow.orders.get(order_id)
        from sot.application.audit.rederive import recomputed

        request = uow.requests.get(order.request_id)
        for fill in recomputed(uow, order, uow.events.list(order.account_id, order_id), request).fills:
            uow.fills.append(fill)
        uow.commit()
    rebuild(store)
    store.close()


def edited(bodies):
    bodies[2]["report"]["last_price"] = "1"
    return bodies


def renamed(body):
    return body | {"report": body["report"] | {"exec_id": "N"}}


FORGERIES = {
    "an event edited": edited,
    "the tail removed": lambda bodies: bodies[:-2],
    "an event inserted": lambda bodies: [*bodies[:3], renamed(bodies[2]), *bodies[3:]],
    "two events swapped": lambda bodies: [*bodies[:2], bodies[4], bodies[3], bodies[2], *bodies[5:]],
    "an event removed": lambda bodies: [*bodies[:3], *bodies[4:]],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_was_sealed_cannot_be_forged_with_hashes_that_chain(kind, forgery, tampering):
    tamper, kept = tampering(kind)
    order_id = the_order(tamper)
    forge(tamper, order_id, FORGERIES[forgery], with_feed=False)
    assert order_id in [finding.key for finding in tamper.found(kept)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_feed_is_found_by_the_checkpoint_over_it(kind, forgery, tampering):
    tamper, kept = tampering(kind)
    forge(tamper, the_order(tamper), FORGERIES[forgery], with_feed=True)
    found = tamper.found(kept)
    behind = {"order"} if forgery == "an event inserted" else set()  # it is older than the place it has to take
    assert {finding.what for finding in found} == {"checkpoint"} | behind, f"all else was made to fit: {found}"


def remove_order(tamper, order_id):
    derived = ("order_states", "order_fills", "order_pnl", "order_costs", "order_identifiers")
    for table in (*derived, "order_events", "orders"):
        tamper(f"DELETE FROM {table} WHERE order_id = :order_id", order_id=order_id)
    store = SqlAlchemyStore.open(tamper.url)
    rebuild(store)
    store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_and_a_request_cannot_be_removed_unseen(kind, tampering):
    tamper, kept = tampering(kind)
    order_id = the_order(tamper)
    (row,) = tamper.rows("SELECT request_id FROM orders WHERE order_id = :order_id", order_id=order_id)
    remove_order(tamper, order_id)
    assert {f.key for f in tamper.found(kept) if f.what == "order"} == {order_id}
    for table in ("order_risk_checks", "order_decision_context", "order_requests"):
        tamper(f"DELETE FROM {table} WHERE request_id = :request_id", request_id=str(row["request_id"]))
    found = {f.what for f in tamper.found(kept)}
    assert {"request", "context", "risk_check"} <= found
    tamper("DELETE FROM fact_feed WHERE key IN (:one, :other)", one=order_id, other=str(row["request_id"]))
    assert {f.what for f in tamper.found(kept)} == {"checkpoint"}, "nothing else tells of them any more"


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_cannot_be_put_in_behind_a_checkpoint(kind, tampering):
    tamper, kept = tampering(kind)
    store = SqlAlchemyStore.open(tamper.url, ManualClock())  # the clock is that of the beginning
    late = submit_and_send(store, "BEHIND")
    store.close()
    assert late in [f.key for f in tamper.found(kept)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_cannot_move_to_another_order(kind, tampering):
    tamper, _ = tampering(kind)
    one, other = the_order(tamper), the_order(tamper, "LATER")
    tamper("DELETE FROM order_fills WHERE order_id = :one", one=one)
    tamper("UPDATE order_events SET order_id = :other WHERE order_id = :one AND sequence = 7", one=one, other=other)
    assert {f.key for f in tamper.found() if f.what == "order"} >= {one, other}


@pytest.mark.parametrize("kind", KINDS)
def test_checkpoints_cannot_be_removed_or_made_anew(kind, tampering):
    tamper, kept = tampering(kind)
    tamper("DELETE FROM checkpoints")
    assert {(f.what, f.key) for f in tamper.found(kept)} >= {("checkpoint", "1"), ("checkpoint", "2")}
    store = SqlAlchemyStore.open(tamper.url)
    store.run(seal)
    store.close()
    with pytest.raises(InvalidInput, match="store"):
        tamper.found(kept)


def test_a_checkpoint_that_was_damaged_itself_is_refused(told):
    url, kept = told["sqlite"]
    store = SqlAlchemyStore.open(url)
    with pytest.raises(InvalidInput, match="as it was exported"):
        verify(store, [kept[0].changed(count=1)])
    store.close()


# -------------------------------------------------------------------------------------------------- at random

COLUMNS = [
    (table.name, column.name)
    for table in metadata.sorted_tables
    if table.name not in EXEMPT
    for column in table.columns
    if (table.name, column.name) not in EXEMPT_COLUMNS
]


@given(data=st.data())
@settings(max_examples=60)
def test_random_tampering_is_found(told, tmp_path_factory, data):
    """Any column of any row set to what another row has there, or to nothing at all."""
    url, kept = told["sqlite"]
    name = tmp_path_factory.mktemp("random") / "copy.db"
    shutil.copy(url.removeprefix("sqlite:///"), name)
    tamper = Tampering("sqlite", f"sqlite:///{name}")
    table, column = data.draw(st.sampled_from(COLUMNS))
    rows = tamper.rows(f"SELECT rowid AS at, {column} AS held FROM {table}") if table not in KEYED else []
    if not rows:
        return
    row = data.draw(st.sampled_from(rows))
    values = {other["held"] for other in rows} | {None}
    new = data.draw(st.sampled_from(sorted(values, key=repr)))
    if new == row["held"]:
        return
    try:
        tamper(f"UPDATE {table} SET {column} = :new WHERE rowid = :at", new=new, at=row["at"])
        assert tamper.found(kept)
    except IntegrityError:
        pass  # the database itself refuses
    finally:
        tamper.engine.dispose()


KEYED = {"positions", "position_checkpoints", "order_identifiers", "order_states", "waiting_reports"}
