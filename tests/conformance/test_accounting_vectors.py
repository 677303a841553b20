"""Vectors of accounting: what they compare, and that each figure can fail."""

import json

import pytest
from tests.support.wrong_vectors import run_with

from sot.adapters.memory import MemoryStore
from sot.testing.vectors import bundled, run_vectors

VECTORS = {vector["id"]: vector for vector in bundled() if vector["kind"] == "accounting"}

PARTS = [
    ("account/round/half-to-zero", ("fills", 2, "expect", "entry_value"), "0." + "0" * 35 + "2"),
    ("account/events/repeat-and-conflict", ("fills", 1, "outcome"), "RECORDED"),
    ("account/events/repeat-and-conflict", ("fills", 2, "anomalies"), []),
    ("account/events/replaced", ("fills", 4, "refused"), "InvalidInput replaces"),
    ("account/refused/amount-of-zero", ("fills", 0, "refused"), "InvalidInput currency"),
    ("account/lots/hifo-ties", ("lots", 0, "fees"), "2"),
    ("account/missing/contributions", ("views", 0, "expect", 3, "missing_quantity"), "1"),
    ("account/missing/contributions", ("views", 0, "expect"), []),
    ("account/events/spin-off", ("views", 0, "expect", 0, "lots", 1, "opened_at"), 1),
]


@pytest.mark.parametrize(("name", "path", "wrong"), PARTS)
def test_a_wrong_expectation_fails(name, path, wrong):
    result = run_with(VECTORS[name], path, wrong)
    assert result.held < result.expected
    assert len(result.failures) == 1 and result.failures[0].startswith(name)


def test_figures_agree_exactly_only_where_that_is_said():
    vector = json.loads(json.dumps(VECTORS["account/round/thirty-six-places"]))
    vector["fills"][-1]["expect"]["entry_value"] += "1"
    assert len(run_vectors(MemoryStore(), [vector]).failures) == 1
    assert run_vectors(MemoryStore(), [{**vector, "exact": False}]).failures == []


def test_what_is_refused_must_be():
    vector = json.loads(json.dumps(VECTORS["account/round/product-first"]))
    vector["fills"][0]["refused"] = "InvalidInput price"
    result = run_vectors(MemoryStore(), [vector])
    assert result.failures == ["account/round/product-first fill 1: refused is False, expected InvalidInput price"]
