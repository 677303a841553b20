"""Histories that older versions recorded are migrated, verified and replayed."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import make_url
from tests.support.archived_history import parse_lines, restore_archive
from tests.support.golden import ARCHIVED, EXECUTED, VERSIONS, archive_of, checkpoints_of, golden_url

from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.models import VERSION
from sot.audit import rebuild, verify, verify_archive
from sot.testing.contract.samples import ACCOUNT, VENUE, trade_report
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.lockstep.observations import observe_history, observe_identifiers


def observed(store):
    return read_history(store, lambda h: (observe_history(h), observe_identifiers(h)))


def hashes(store):
    """The hashes of all facts, in the order in which they were recorded."""
    with store.begin(read_only=True) as uow:
        return [(leaf.kind, leaf.key, leaf.number, leaf.hash) for leaf in uow.feed.leaves()]


def test_every_version_has_a_history():
    assert max(VERSIONS) == VERSION, "a new version needs golden files of its own"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_golden_history_is_migrated_verified_and_replayed(version, tmp_path):
    store = SqlAlchemyStore.open(golden_url(version, "sqlite", tmp_path))
    verification = verify(store, checkpoints_of(version))
    assert verification.problems == []
    assert verification.counts["event"] >= 20
    before = observed(store)
    rebuild(store)
    assert observed(store) == before
    order = write_history(store, lambda h: h.find_order(ACCOUNT, "C1", VENUE))
    assert (str(order.status), order.cum_quantity) == ("PARTIALLY_FILLED", EXECUTED[version])
    write_history(store, lambda h: h.record(trade_report("C1", "new", "3")))
    assert read_history(store, lambda h: h.order(order.order_id)).cum_quantity == EXECUTED[version] + 3
    assert verify(store, checkpoints_of(version)).problems == []
    store.close()


@pytest.mark.parametrize("version", ARCHIVED)
def test_a_golden_archive_is_verified_and_restored(version, tmp_path):
    lines = archive_of(version)
    assert verify_archive(parse_lines(lines), checkpoints_of(version)).problems == []
    restored = MemoryStore()
    restore_archive(restored, lines)
    migrated = SqlAlchemyStore.open(golden_url(version, "sqlite", tmp_path))
    assert hashes(restored) == hashes(migrated)
    assert observed(restored) == observed(migrated)
    assert verify(restored, checkpoints_of(version)).problems == []
    migrated.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_golden_history_is_the_same_on_both_databases(version, tmp_path):
    stores = [SqlAlchemyStore.open(golden_url(version, kind, tmp_path)) for kind in ("sqlite", "postgresql")]
    assert observed(stores[0]) == observed(stores[1])
    assert verify(stores[1], checkpoints_of(version)).problems == []
    for store in stores:
        store.close()


def test_a_changed_golden_history_is_found(tmp_path):
    url = golden_url(6, "sqlite", tmp_path)
    with closing(sqlite3.connect(make_url(url).database)) as connection:
        connection.execute("DROP TRIGGER order_events_no_update")
        changed = 'UPDATE order_events SET body = replace(body, \'"last_price":"101"\', \'"last_price":"7"\')'
        connection.execute(f"{changed} WHERE exec_id = 'E2'")
        connection.commit()
    store = SqlAlchemyStore.open(url)
    assert verify(store, checkpoints_of(6)).problems
    store.close()
