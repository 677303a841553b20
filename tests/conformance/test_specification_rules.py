"""The rules of accounting, audit and reconciliation each have a vector, and vectors name only rules that there are."""

import re
from pathlib import Path

from sot.testing.vectors import bundled

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "specification"
OWN = ("accounting", "archives", "audit", "balances", "errors", "feed", "order-figures", "reconciliation", "results")


def numbered(page: str) -> list[str]:
    return re.findall(r"^- \*\*([A-Z]+-[0-9]+)\*\* ", (PAGES / f"{page}.md").read_text("utf-8"), re.MULTILINE)


RULES = [rule for page in OWN for rule in numbered(page)]
NAMED = {rule: vector["id"] for vector in bundled() for rule in vector.get("rules", ())}


def test_every_rule_has_one_number():
    assert len(RULES) == len(set(RULES)) > 150


def test_numbers_of_a_subject_are_without_gaps():
    for page in OWN:
        by_subject: dict[str, list[int]] = {}
        for rule in numbered(page):
            subject, _, number = rule.partition("-")
            by_subject.setdefault(subject, []).append(int(number))
        for subject, numbers in by_subject.items():
            assert sorted(numbers) == list(range(1, len(numbers) + 1)), subject


def test_every_rule_has_a_vector():
    assert [rule for rule in RULES if rule not in NAMED] == []


def test_vectors_name_only_rules_that_there_are():
    subjects = {rule.partition("-")[0] for rule in RULES}
    own = {rule for rule in NAMED if rule.partition("-")[0] in subjects}
    assert own - set(RULES) == set()
