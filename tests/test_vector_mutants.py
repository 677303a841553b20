"""The wrong rules of `make mutants-vectors` can be planted, and each outcome of a mutant is reported."""

import ast
import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "tools"
SPECIFICATION = ROOT / "docs" / "reference" / "specification"


def load_tool(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


source_changes = load_tool("source_changes")
vector_mutants = load_tool("vector_mutants")
RULES = vector_mutants.wrong_rules()
SAME, WITHOUT_RULES = vector_mutants.harmless()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_wrong_rule_can_be_planted(rule):
    mutant = rule.mutant()
    original = (ROOT / "src" / "sot" / rule.file).read_text("utf-8")
    assert mutant.source != original
    ast.parse(mutant.source)


def test_a_wrong_rule_whose_text_is_gone_says_so():
    gone = vector_mutants.WrongRule("one of old", ("ROUND-1",), "domain/values/numbers.py", "no such text", "")
    with pytest.raises(vector_mutants.Unusable, match=r"one of old: its text occurs 0 times in src/sot/domain"):
        gone.mutant()
    assert vector_mutants.campaign([gone], [], jobs=1) == 2


def test_wrong_rules_have_different_names_and_break_rules_of_the_specification():
    assert len({rule.name for rule in RULES}) == len(RULES) >= 150
    stated = {
        number
        for page in SPECIFICATION.glob("*.md")
        for number in re.findall(r"\*\*([A-Z]+(?:-[A-Z_]+)?(?:-[0-9]+)?)\*\*", page.read_text("utf-8"))
    }
    assert {number for rule in RULES for number in rule.rules} - stated - {"ANOMALY-INVALID"} == set()


def test_the_function_of_a_wrong_rule_is_found():
    functions = {rule.name: rule.mutant().function for rule in RULES}
    assert functions["a stated amount may differ by a whole unit"] == "Instrument.believes"
    assert functions["the end clears completed"] == "end"
    assert functions["quotients have 20 digits"] == ""


def test_a_harmless_change_is_one_that_can_be_made():
    files = {name.partition(":")[0] for name in SAME}
    names = {
        change.name
        for file in files
        for change in source_changes.changes(file, (ROOT / "src" / "sot" / file).read_text("utf-8"))
    }
    assert [name for name in SAME if name not in names] == []
    assert all(SAME.values())


def test_files_without_rules_exist():
    assert [file for file in WITHOUT_RULES if not (ROOT / "src" / "sot" / file).is_file()] == []


SOURCE = '''"""A module."""

LIMIT = 2
WORDS = {Side.BUY, Side.SELL}


class Book:
    """A class."""

    def best(self, prices: "list[int]", floor: int = 1) -> int:
        """A docstring of 1."""
        if prices and floor < LIMIT:
            raise ValueError("1 is too low")
        self.seen = True
        return min(price for price in prices if price >= floor)
'''

CHANGES = [
    "<module>: 2 -> 3",
    "<module>: {Side.BUY, Side.SELL} -> {Side.SELL}",
    "<module>: {Side.BUY, Side.SELL} -> {Side.BUY}",
    "<module>: Side.BUY -> Side.SELL",
    "<module>: Side.SELL -> Side.BUY",
    "Book.best: 1 -> 2",
    'Book.best: if prices and floor < LIMIT: raise ValueError("1 is too low")'
    " -> if not (prices and floor < LIMIT): raise ValueError('1 is too low')",
    "Book.best: prices and floor < LIMIT -> (prices or floor < LIMIT)",
    "Book.best: prices and floor < LIMIT -> (floor < LIMIT)",
    "Book.best: prices and floor < LIMIT -> (prices)",
    "Book.best: floor < LIMIT -> (floor <= LIMIT)",
    "Book.best: floor < LIMIT -> (floor >= LIMIT)",
    "Book.best: self.seen = True -> pass",
    "Book.best: True -> False",
    "Book.best: min -> max",
    "Book.best: (price for price in prices if price >= floor) -> ((price for price in prices))",
    "Book.best: price >= floor -> (price > floor)",
    "Book.best: price >= floor -> (price < floor)",
]


def test_small_changes_of_a_source():
    found = source_changes.changes("book.py", SOURCE)
    assert [change.name.removeprefix("book.py:") for change in found] == CHANGES
    for change in found:
        ast.parse(change.source)


def test_a_change_has_the_same_name_when_lines_move():
    moved = source_changes.changes("book.py", SOURCE.replace("LIMIT = 2", "\n\nLIMIT = 2"))
    assert [change.name for change in moved] == [change.name for change in source_changes.changes("book.py", SOURCE)]


def planted(text, replacement, file="domain/orders/state.py"):
    return vector_mutants.WrongRule(text, ("STATE-1",), file, text, replacement).mutant()


def outcomes_of(*mutants):
    vectors = [vector for vector in vector_mutants.read_vectors() if vector["id"].startswith("fix/A.1")]
    runs = vector_mutants.Campaign(vectors, jobs=2)
    assert runs.explore() is None
    assert runs.reached["domain/orders/state.py", "OrderState.status"]
    assert "domain/audit/merkle.py" not in {file for file, _ in runs.reached}
    return {outcome.mutant.name: outcome for outcome in runs.run(mutants)}


def test_a_mutant_is_noticed_survives_does_not_end_or_cannot_be_imported():
    noticed = planted("return subtract(self.order_quantity, self.cum_quantity)", "return self.order_quantity")
    harmless = planted("        return not self.closed\n", "        return not self.closed\n\n")
    broken = planted("_copy = copier_of(OrderState)", "_copy = no_such_name")
    outcomes = outcomes_of(noticed, harmless, broken)
    assert outcomes[noticed.name].vector.startswith("fix/A.1")
    assert outcomes[harmless.name].vector is outcomes[harmless.name].unusable is None
    assert outcomes[broken.name].unusable == "NameError: name 'no_such_name' is not defined"


def test_a_sample_is_repeatable_and_keeps_its_changes_when_other_files_change(monkeypatch):
    monkeypatch.setattr(
        vector_mutants, "files_in_scope", lambda: iter(["domain/orders/fees.py", "domain/audit/merkle.py"])
    )
    both = [change.name for change in vector_mutants.sample(7, 20)]
    assert both == [change.name for change in vector_mutants.sample(7, 20)]
    assert both != [change.name for change in vector_mutants.sample(8, 20)]
    monkeypatch.setattr(vector_mutants, "files_in_scope", lambda: iter(["domain/orders/fees.py"]))
    assert [name for name in both if "fees" in name] == [change.name for change in vector_mutants.sample(7, 20)][
        : len([name for name in both if "fees" in name])
    ]
