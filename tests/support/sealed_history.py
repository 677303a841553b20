"""Sealed stores, tampering with them, and reading results of the command line."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.testing.contract.transactions import add_full_reconciliation
from tests.support.command_line import account_event, every_key, named, report, request, sot, trade
from tests.support.unguarded import triggers_dropped

LATER = [
    request("g", strategy_code="carry"),
    named("sent", "g"),
    report("NEW", "g", venue_order_id="V7", occurred_at="2026-03-01T11:00:00Z"),
    trade("g", "g1", "1", "50000", occurred_at="2026-03-01T12:00:00Z"),
    account_event("INTEREST", amount="-1", currency="USDT", external_id="I9"),
]


def recorded(path, lines=None):
    """A store with every kind of fact."""
    result = sot("record", "--store", path, "--batch", 99, lines=every_key() if lines is None else lines)
    assert result.exit_code == 0, result.output
    return path


def sealed_twice(folder):
    """A store that was sealed twice, with facts in between, and its exported checkpoints."""
    store, checkpoints = recorded(folder / "orders.db"), folder / "checkpoints.jsonl"
    opened = SqlAlchemyStore.open(f"sqlite:///{store}")
    opened.run(lambda uow: add_full_reconciliation(uow, "main"))
    opened.close()
    for lines in (LATER, []):
        result = sot("seal", "--store", store, "--out", checkpoints)
        assert result.exit_code == 0, result.output
        recorded(store, lines)
    return store, checkpoints


def tampered(path, *statements):
    """Edit a database directly, without the triggers that protect facts."""
    with closing(sqlite3.connect(path)) as connection:
        with triggers_dropped(connection.execute):
            for statement in statements:
                assert connection.execute(statement).rowcount > 0, statement
        connection.commit()


def bytes_of(path):
    """The content of all files of a store."""
    return {each.name: each.read_bytes() for each in Path(path).parent.glob(Path(path).name + "*")}


def documents(result):
    """The JSON lines that were printed."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def one_line_of(result, code=2):
    """The one line of an error with this exit code."""
    assert result.exit_code == code, result.output
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output
    return result.stderr
