"""The lifecycle table has every transition of the bundled vectors, alternatives included."""

import re
from pathlib import Path

import pytest

from sot.adapters.memory import MemoryStore
from sot.application.orders import event_log
from sot.domain.values.vocabulary import EventType
from sot.testing.vectors import bundled, run_vectors

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "lifecycle-table.md"
HEADING = re.compile(r"^### (\w+)$|^\| (\w+) \| (.+) \|$", re.MULTILINE)


def table():
    """The transitions of the page: event, status before, statuses after."""
    transitions, event = set(), ""
    for heading, before, outcomes in HEADING.findall(TABLE.read_text("utf-8")):
        event = heading or event
        if before.isupper():
            transitions |= {(event, before, after.split()[0]) for after in outcomes.split(", ")}
    return transitions


@pytest.fixture
def seen(monkeypatch):
    """The transitions of all events that are applied."""
    transitions = set()
    original = event_log.apply_event

    def apply_event(uow, order, event, executions):
        before = order.status
        applied = original(uow, order, event, executions)
        transitions.add((str(event.type), str(before), str(order.status)))
        return applied

    monkeypatch.setattr(event_log, "apply_event", apply_event)
    return transitions


def test_the_table_has_every_transition_of_the_vectors(seen):
    vectors = [vector for vector in bundled() if vector["kind"] == "lifecycle" and not vector["id"].startswith("cell/")]
    result = run_vectors(MemoryStore(), vectors)
    assert result.failures == []
    of_vectors = {each for each in seen if each[0] not in (EventType.CREATED, EventType.ATTRIBUTED)}
    assert len(of_vectors) > 100
    assert of_vectors - table() == set()
