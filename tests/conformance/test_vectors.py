"""The bundled vectors hold on every store, each cell of the lifecycle table by itself."""

import json

import pytest

from sot.adapters.memory import MemoryStore
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import EventType, OrderStatus
from sot.testing.vectors import bundled, load, run_vectors

VECTORS = bundled()
CELLS = [vector for vector in VECTORS if vector["id"].startswith("cell/")]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_holds_in_memory(vector):
    result = run_vectors(MemoryStore(), [vector])
    assert result.failures == []
    assert result.held == result.expected >= 1


def test_cells_hold_on_every_store(store):
    result = run_vectors(store, CELLS)
    assert result.failures == []
    assert result.held == result.expected >= len(CELLS) > 700


def test_every_event_type_has_a_cell():
    cells = {tuple(vector["id"].split("/")[1:3]) for vector in CELLS}
    assert {event for _, event in cells} == {str(e) for e in EventType} - {"CREATED", "ATTRIBUTED"}
    assert {status for status, _ in cells} == {str(s) for s in OrderStatus}
    # A venue's event can follow every status.
    venue = [e for e in EventType if list(EventType).index(e) >= list(EventType).index(EventType.PENDING_NEW)]
    needs_a_fill = {EventType.TRADE_CORRECT, EventType.TRADE_CANCEL, EventType.SUPPLEMENTED}
    missing = {(s, e) for s in OrderStatus for e in venue if e not in needs_a_fill and (s, e) not in cells}
    assert missing == set()


def test_all_scenarios_of_fix_are_bundled():
    official = [vector for vector in VECTORS if vector["id"].startswith("fix/")]
    assert len(official) == 28


def test_a_wrong_expectation_fails():
    vector = json.loads(json.dumps(next(v for v in VECTORS if v["id"] == "fix/A.1.a")))
    vector["facts"][-1]["expect"]["cum_quantity"] = "9999"
    result = run_vectors(MemoryStore(), [vector])
    assert result.held == result.expected - 1
    assert result.failures == ["fix/A.1.a fact 6 (TRADE): cum_quantity is 10000, expected 9999"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"format":"sot-vector/2","kind":"lifecycle"}]', '[{"id":"x"}]'])
def test_files_of_other_formats_are_refused(tmp_path, text):
    path = tmp_path / "vectors.json"
    path.write_text(text)
    with pytest.raises(InvalidInput):
        load(path)


def test_unknown_kinds_and_broken_vectors_fail():
    broken = [{"kind": "nothing", "id": "a"}, {"kind": "lifecycle", "id": "b", "request": {}, "facts": []}]
    result = run_vectors(MemoryStore(), broken)
    assert (result.held, result.expected, len(result.failures)) == (0, 2, 2)
