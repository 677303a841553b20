"""Tamper evident, check by check: each of these changes is found by one check of `verify` alone."""

import json

import pytest

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.audit.rebuild import rebuild
from sot.application.orders import state_snapshots
from sot.domain.orders.event import OrderEvent
from tests.support.tampering import Tampering, record_every_table


@pytest.fixture
def tamper(tmp_path, monkeypatch):
    monkeypatch.setattr(state_snapshots, "STATE_SNAPSHOT_INTERVAL", 4)
    url = f"sqlite:///{tmp_path}/recorded.db"
    record_every_table(url)
    tampering = Tampering("sqlite", url)
    yield tampering
    tampering.engine.dispose()


def test_a_body_that_was_changed_with_its_columns_differs_from_its_hash(tamper):
    changed = """SET requested_by = 'you', body = replace(body, '"requested_by":"me"', '"requested_by":"you"')"""
    tamper(f"UPDATE order_requests {changed} WHERE requested_by = 'me'")
    problems = [problem.problem for problem in tamper.problems() if problem.what == "request"]
    assert problems == ["the hash is not that of its body"]


def test_an_event_that_follows_another_one_than_the_last_breaks_the_chain(tamper):
    (row,) = tamper.rows(
        "SELECT e.* FROM order_events e JOIN orders o ON o.order_id = e.order_id"
        " WHERE o.client_order_id = 'LATER' AND e.sequence = o.last_sequence"
    )
    event = OrderEvent.from_stored(json.dumps(json.loads(row["body"]) | {"prev_hash": "f" * 64}), "")
    key = {"order_id": row["order_id"], "sequence": row["sequence"], "hash": event.hash}
    tamper(
        "UPDATE order_events SET body = :body, prev_hash = :prev_hash, hash = :hash"
        " WHERE order_id = :order_id AND sequence = :sequence",
        body=event.sealed_body(), prev_hash=event.prev_hash, **key,
    )  # fmt: skip
    tamper("UPDATE fact_feed SET hash = :hash WHERE key = :order_id AND number = :sequence", **key)
    tamper("UPDATE orders SET last_hash = :hash WHERE order_id = :order_id AND last_sequence = :sequence", **key)
    problems = [problem.problem for problem in tamper.problems() if problem.key == row["order_id"]]
    assert problems == ["event 2 does not follow event 1: their hashes do not chain"]


STATE = """UPDATE orders SET cum_quantity = '4', leaves_quantity = '6',
    state = replace(state, '"cum_quantity":"3"', '"cum_quantity":"4"') WHERE client_order_id = 'C1'"""


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (STATE, "its cached state is not the fold of its events (cum_quantity)"),
        ("UPDATE orders SET cum_quantity = '9' WHERE client_order_id = 'C1'", "rest of the row"),
        ("UPDATE orders SET is_open = 1 - is_open WHERE client_order_id = 'C1'", ""),
        ("UPDATE order_costs SET notional = '9'", "costs"),
        ("DELETE FROM order_pnl", "profit and loss"),
        ("DELETE FROM order_states", "states after some of its events"),
        ("UPDATE positions SET quantity = '9' WHERE quantity <> '9'", "the fold of its fills"),
        ("UPDATE positions SET currency = 'ELSE'", "currency"),
    ],
)
def test_a_derived_row_that_no_fact_gives_is_found_and_rebuilt(change, problem, tamper):
    tamper(change)
    problems = tamper.problems()
    assert problems
    assert any(problem in found.problem for found in problems), problems
    store = SqlAlchemyStore.open(tamper.url)
    rebuild(store)
    store.close()
    assert tamper.problems() == []


@pytest.mark.parametrize("position", [0, -7, 90_000])
def test_an_entry_of_the_feed_of_no_kind_is_found_wherever_it_stands(position, tamper):
    tamper(
        "INSERT INTO fact_feed SELECT :position, account_id, 'NONSENSE', key, number, hash, recorded_at"
        " FROM fact_feed LIMIT 1",
        position=position,
    )
    problems = [found.problem for found in tamper.problems() if found.what == "fact_feed"]
    assert problems == [f"'NONSENSE' at {position} is no entry of the feed: nothing records it"]


def test_an_instrument_with_a_time_without_its_zone_cannot_be_read(tamper):
    """Such a time cannot be compared with that of a fill."""
    tamper(
        "INSERT INTO instruments SELECT account_id, venue, symbol, valid_from, 1, kind, base, quote, settle,"
        """ multiplier, inverse, replace(body, 'Z"', '0"'), hash FROM instruments LIMIT 1"""
    )
    problems = [found.problem for found in tamper.problems() if found.what == "instrument"]
    assert any("is no time in UTC" in problem for problem in problems), problems


SECOND = "kind = 'EVENT' AND number = 2 AND key = (SELECT order_id FROM orders WHERE client_order_id = 'C1')"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE fact_feed SET hash = 'g' || substr(hash, 2) WHERE", "event 2: it is not what was recorded"),
        ("UPDATE fact_feed SET recorded_at = recorded_at + 1 WHERE", "event 2: recorded_at: not when it was recorded"),
        ("UPDATE fact_feed SET number = 99 WHERE", "event 2: it is not in the feed"),
        ("DELETE FROM fact_feed WHERE", "event 2: it is not in the feed"),
        (
            "INSERT INTO fact_feed SELECT 90000, account_id, kind, key, 99, hash, recorded_at FROM fact_feed WHERE",
            "event 99: it was recorded (position 90000), and is missing",
        ),
    ],
)
def test_an_entry_of_the_feed_that_is_not_that_of_its_event_is_found(change, problem, tamper):
    tamper(f"{change} {SECOND}")
    problems = [found.problem for found in tamper.problems() if found.what == "order"]
    assert any(found.startswith(problem) for found in problems), problems


def test_entries_of_the_feed_in_another_order_are_found(tamper):
    second, third = (
        tamper.rows(f"SELECT position FROM fact_feed WHERE {SECOND.replace('2', number)}")[0]["position"]
        for number in "23"
    )
    for old, new in ((second, 90_000), (third, second), (90_000, third)):
        tamper("UPDATE fact_feed SET position = :new WHERE position = :old", old=old, new=new)
    problems = [found.problem for found in tamper.problems() if found.what == "order"]
    assert problems == ["event 3 stands before event 2 in the feed"]
