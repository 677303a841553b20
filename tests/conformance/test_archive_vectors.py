"""Vectors of archives and reconciliations: each figure can fail."""

import pytest
from tests.support.wrong_vectors import run_with

from sot.adapters.memory import MemoryStore
from sot.testing.vectors import bundled, run_vectors

VECTORS = {vector["id"]: vector for vector in bundled() if vector["kind"] in ("archive", "reconciliation")}

PARTS = [
    ("archive/event-missing", ("expect", "problems"), []),
    ("archive/whole", ("expect", "counts", "event"), 4),
    ("archive/whole", ("expect", "unsealed"), 0),
    ("archive/two-keys", ("refused",), "InvalidInput fact"),
    ("archive/restored-whole", ("restored", 6), "RECORDED"),
    ("archive/restored-event-out-of-place", ("restored", 5), "RECORDED"),
    ("reconciliation/status", ("expect", 0, "subject"), "0" * 64),
    ("reconciliation/status", ("expect", 0, "finding_id"), "01890a5d-ac96-774b-bcce-b302099a8057"),
    ("reconciliation/status", ("expect",), []),
    ("reconciliation/resolves", ("resolves", 0, "resolved"), False),
    ("reconciliation/runs", ("runs", 1, "expect", "opened"), 0),
    ("reconciliation/runs", ("runs", 3, "expect", "findings", 0, "resolution"), "AGREES"),
    ("reconciliation/heal/status", ("runs", 0, "expect", "asked", 1), "order c1"),
    ("reconciliation/heal/status", ("runs", 0, "expect", "recorded"), 2),
    ("reconciliation/heal/status", ("runs", 0, "expect", "findings"), []),
    ("reconciliation/heal/missing-executions", ("runs", 1, "expect", "orders", "A", "origins", 5), "VENUE"),
    ("reconciliation/heal/adopted", ("runs", 0, "expect", "orders", "v9", "id_of", 5), "v8"),
    ("reconciliation/heal/waiting", ("runs", 1, "expect", "waiting"), 0),
    ("reconciliation/heal/failures", ("runs", 0, "expect", "failures"), 3),
    ("reconciliation/heal/other-accounts", ("runs", 1, "expect", "other_accounts", "other"), 0),
    ("reconciliation/heal/pages", ("runs", 0, "expect", "run", "cursor"), "4"),
    ("reconciliation/heal/row", ("runs", 0, "expect", "run", "actor"), "bob"),
    ("reconciliation/heal/row", ("runs", 0, "expect", "run", "differences"), []),
    ("reconciliation/heal/row", ("runs", 0, "expect", "run", "grace_seconds"), "10.0"),
]


@pytest.mark.parametrize(("name", "path", "wrong"), PARTS, ids=lambda part: str(part)[:60])
def test_a_wrong_expectation_fails(name, path, wrong):
    result = run_with(VECTORS[name], path, wrong)
    assert len(result.failures) == result.expected - result.held == 1
    assert result.failures[0].startswith(name)


def test_what_is_refused_must_be():
    vector = {**VECTORS["archive/whole"], "refused": "InvalidInput line 1"}
    assert len(run_vectors(MemoryStore(), [vector]).failures) == 1


def test_runs_hold_on_every_store_more_than_once(store):
    vectors = [vector for vector in VECTORS.values() if "runs" in vector]
    for _ in range(2):
        result = run_vectors(store, vectors)
        assert result.failures == []
        assert result.held == result.expected > 300


def test_restoring_leaves_nothing_behind():
    store = MemoryStore()
    vectors = [vector for vector in VECTORS.values() if "restored" in vector]
    assert run_vectors(store, vectors).failures == run_vectors(store, vectors).failures == []
