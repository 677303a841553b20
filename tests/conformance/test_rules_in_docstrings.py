"""Each rule of the specification is named by the docstring of the code that decides it, and no other is named."""

import re
from collections import Counter

from tests.support.rules import ROOT, named_rules, stated_rules

SOURCE = ROOT / "src" / "sot"
RULES = stated_rules()
NAMED = [
    (f"{path.relative_to(SOURCE)} {name}", rule)
    for path in sorted(SOURCE.rglob("*.py"))
    for name, rule in named_rules(path.read_text("utf-8"))
]


def test_every_rule_is_named_by_code():
    named = {rule for _, rule in NAMED}
    assert len(RULES) >= 354
    assert [rule for rule in RULES if rule not in named] == []


def test_every_rule_that_code_names_is_stated():
    assert [(where, rule) for where, rule in NAMED if rule not in RULES] == []


def test_no_docstring_names_a_rule_twice():
    assert [entry for entry, count in Counter(NAMED).items() if count > 1] == []


def test_every_line_that_begins_like_a_list_of_rules_is_one():
    """A list in another place than the end of a docstring of something would not be read."""
    written = sum(
        len(re.findall(r"^ *Rules: ", path.read_text("utf-8"), re.MULTILINE)) for path in SOURCE.rglob("*.py")
    )
    assert written == len({where for where, _ in NAMED})


def test_docstrings_of_functions_classes_and_tables_are_read():
    source = '''
"""A module.

Rules: A-1.
"""

TABLE: dict = {}
"""A table.

Rules: B-1, B-TWO-2.
"""


class Thing:
    """A thing.

    Rules: C-1,
    C-2.
    """

    def method(self):
        """Do it.

        Rules: D-1.

        More.
        """
        x = 1
        """Rules: E-1."""

    def other(self):
        """Do it.

        Rules: F-1.
        """
'''
    expected = [("TABLE", "B-1"), ("TABLE", "B-TWO-2"), ("Thing", "C-1"), ("Thing", "C-2"), ("Thing.other", "F-1")]
    assert named_rules(source) == expected
