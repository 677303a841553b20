"""Vectors of orders: each thing that they compare can fail, and they hold on every store."""

from copy import deepcopy

import pytest

from sot.adapters.memory import MemoryStore
from sot.testing.vectors import bundled, run_vectors

VECTORS = {vector["id"]: vector for vector in bundled() if vector["id"].startswith("rules/")}

PARTS = [
    ("rules/names/unsent", ("steps", 5, "expect", "order"), "A"),
    ("rules/names/unsent", ("steps", 5, "expect", "waiting"), 3),
    ("rules/names/unsent", ("steps", 6, "expect", "orders", "B", "status"), "NEW"),
    ("rules/names/external", ("steps", 0, "refused"), "Conflict"),
    ("rules/names/waiting", ("steps", 0, "expect", "anomalies"), []),
    ("rules/names/waiting", ("steps", 1, "expect", "outcome"), "FLAGGED"),
    ("rules/events/replacement-of-a-price", ("steps", 4, "expect", "orders", "B", "created", "origin"), "VENUE"),
    ("rules/events/refusal-of-a-call", ("facts", 3, "expect", "event", "said"), "report"),
    ("rules/events/report-bytes", ("facts", 1, "expect", "event", "report", "last_price"), "10.50"),
    ("rules/executions/fields", ("facts", 0, "expect", "executions", 0, "position_side"), "SHORT"),
    ("rules/requests/several-open", ("facts", 3, "expect", "open_requests"), ["CANCEL A"]),
    ("rules/executions/bust-parked", ("facts", 0, "expect", "parked"), []),
    ("rules/executions/restated", ("steps", 8, "expect", "orders", "A", "event", "fact", "target_sequence"), 4),
    ("rules/names/external-ids", ("steps", 4, "expect", "orders", "E", "id_of", 5), "V1"),
    ("rules/trace/events", ("steps", 2, "expect", "orders", "A", "trace"), "t2"),
    ("rules/submission/again", ("steps", 2, "expect", "outcome"), "RECORDED"),
    ("rules/submission/checks", ("steps", 2, "expect", "requests", "A", "status"), "PENDING"),
    ("rules/submission/links", ("steps", 5, "expect", "requests", "B", "retry_of"), "$request:B"),
    ("rules/submission/new", ("steps", 0, "refused"), "InvalidInput symbol"),
]


@pytest.mark.parametrize(("name", "path", "wrong"), PARTS, ids=lambda part: str(part)[:40])
def test_a_wrong_expectation_fails(name, path, wrong):
    vector = deepcopy(VECTORS[name])
    part = vector
    for key in path[:-1]:
        part = part[key]
    assert part[path[-1]] != wrong
    part[path[-1]] = wrong
    result = run_vectors(MemoryStore(), [vector])
    assert result.held == result.expected - 1
    assert len(result.failures) == 1 and result.failures[0].startswith(name)


def test_what_is_not_refused_fails():
    vector = deepcopy(VECTORS["rules/names/released"])
    vector["steps"][0]["refused"] = "InvalidInput"
    result = run_vectors(MemoryStore(), [vector])
    assert "refused is False, expected InvalidInput" in result.failures[0]


def test_a_step_of_no_kind_fails():
    vector = {"kind": "orders", "id": "a", "steps": [{"do": "nothing"}]}
    assert run_vectors(MemoryStore(), [vector]).failures == ["a: ValueError: nothing is no step"]


def test_rules_hold_on_every_store_more_than_once(store):
    for _ in range(2):
        result = run_vectors(store, VECTORS.values())
        assert result.failures == []
        assert result.held == result.expected > 1800
