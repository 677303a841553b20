"""Many rows go to PostgreSQL by COPY: the same rows as by INSERT, and the same errors."""

import psycopg
import pytest
from tests.support.contents import connect, contents

from sot import ConcurrentUpdate, Fee, OrderHistory
from sot.adapters.sqlalchemy import bulk, rows, write_buffer
from sot.errors import StoreUnavailable
from sot.testing.contract.samples import (
    ACCOUNT,
    SYMBOL,
    VENUE,
    new_order_request,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.fakes import CountedIds, ManualClock

COPIED = {"order_requests", "orders", "order_identifiers", "order_events", "order_fills", "order_costs", "fact_feed"}
ALWAYS, NEVER = 1, 2**62
SIGNIFICANT_TO_COPY = "\\N \\. \\t \\"


@pytest.fixture
def copied(monkeypatch):
    """The tables into which rows are copied."""
    tables = []

    def copy_rows(connection, place, table, values):
        tables.append(table)
        bulk.copy_rows(connection, place, table, values)

    monkeypatch.setattr(write_buffer, "copy_rows", copy_rows)
    return tables


def record_orders(history):
    history.register(spot_instrument())
    for number in range(3):
        texts = {"strategy_code": SIGNIFICANT_TO_COPY, "requested_by": "é \U0001f600"}
        request = history.submit(new_order_request(f"C{number}", raw_payload={"text": "\t\n\r\\N"}, **texts))
        history.mark_sent(request.request_id)
        for execution in range(2):
            fees = [Fee(1, "QUOTE")]
            history.record(trade_report(f"C{number}", f"E{number}.{execution}", "1.000000000000000001", fees=fees))


@pytest.mark.parametrize("place", [{}, {"schema": "oms", "prefix": "sot_"}], ids=["default place", "own place"])
def test_copied_rows_are_those_that_are_inserted(make_store, monkeypatch, copied, place):
    stored = {}
    for smallest in (ALWAYS, NEVER):
        monkeypatch.setattr(bulk, "SMALLEST_COPY", smallest)
        store = make_store("postgresql", ManualClock(), CountedIds(), **place)
        write_history(store, record_orders)
        positions = read_history(store, lambda h: [(leaf.position, leaf.key) for leaf in h._uow.feed.leaves()])
        bodies = read_history(store, lambda h: list(h._uow.feed.bodies()))
        stored[smallest] = contents(store.engine.url.render_as_string(hide_password=False)), positions, bodies
        assert set(copied) >= COPIED if smallest == ALWAYS else not copied
        copied.clear()
    assert stored[ALWAYS] == stored[NEVER]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_few_rows_are_inserted_and_other_databases_have_no_copy(make_store, monkeypatch, copied, kind):
    if kind == "sqlite":
        monkeypatch.setattr(bulk, "SMALLEST_COPY", ALWAYS)
    write_history(make_store(kind), record_orders)
    assert not copied


def instrument_rows(*symbols):
    return [rows.instrument_row(spot_instrument(symbol=symbol), 0, "0" * 64) for symbol in symbols]


@pytest.mark.parametrize("smallest", [ALWAYS, NEVER], ids=["copied", "inserted"])
def test_a_key_that_is_taken_is_a_lost_race(make_store, monkeypatch, smallest):
    monkeypatch.setattr(bulk, "SMALLEST_COPY", smallest)
    store = make_store("postgresql")
    with store.begin() as uow:
        for row in instrument_rows("A/B", "A/B"):
            uow._buffer.insert("instruments", row)
        with pytest.raises(ConcurrentUpdate, match="pk_instruments"):
            uow.commit()
    write_history(store, record_orders)
    assert len(read_history(store, lambda h: h.instruments(ACCOUNT, VENUE, SYMBOL))) == 1


def test_a_connection_that_ends_makes_the_store_unavailable_once(make_store, monkeypatch):
    monkeypatch.setattr(bulk, "SMALLEST_COPY", ALWAYS)
    store = make_store("postgresql")
    url = store.engine.url.render_as_string(hide_password=False)
    with store.begin() as uow:
        OrderHistory(uow).register(spot_instrument())
        uow._buffer.flush()
        with connect(url) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with pytest.raises(StoreUnavailable):
            OrderHistory(uow).submit(new_order_request("C1"))
            uow.commit()
    write_history(store, record_orders)
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        assert other.execute("SELECT count(*) FROM orders").fetchone() == (3,)
