"""Each rule of the specification has a vector, and each vector names rules of the specification."""

import json
from importlib.resources import files

import pytest
from tests.support.rules import mentioned_rules, stated_rules

# The files of vectors of each subject whose pages exist, by how their names begin.
SUBJECTS = {
    "orders": ("lifecycle", "orders"),
    "accounting": ("accounting_figures", "accounting_rules"),
    "audit": ("archive",),
    "reconciliation": ("reconciliation",),
}
PREFIXES = tuple(prefix for prefixes in SUBJECTS.values() for prefix in prefixes)


RULES = stated_rules()
VECTORS = [
    vector
    for file in (files("sot.testing") / "data").iterdir()
    if file.name.endswith(".json")
    for vector in json.loads(file.read_text("utf-8"))
    if file.name.startswith(PREFIXES) or "rules" in vector
]


def test_every_number_is_given_once():
    assert sorted(RULES) == sorted(set(RULES))


def test_every_number_that_is_mentioned_is_given():
    assert sorted(mention for mention in mentioned_rules() if mention[1] not in RULES) == []


def test_numbers_have_no_gaps():
    counts: dict[str, list[int]] = {}
    for rule in RULES:
        subject, _, number = rule.rpartition("-")
        if number.isdecimal():
            counts.setdefault(subject, []).append(int(number))
    for subject, numbers in counts.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), subject


def test_every_rule_has_a_vector():
    named = {rule for vector in VECTORS for rule in vector.get("rules", ())}
    assert [rule for rule in RULES if rule not in named] == []


def test_every_vector_has_rules():
    assert [vector["id"] for vector in VECTORS if not vector.get("rules")] == []


def test_every_rule_of_a_vector_is_stated():
    unknown = {(vector["id"], rule) for vector in VECTORS for rule in vector.get("rules", ()) if rule not in RULES}
    assert unknown == set()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_subject_has_vectors(subject):
    names = [file.name for file in (files("sot.testing") / "data").iterdir()]
    assert any(name.startswith(SUBJECTS[subject]) for name in names)
