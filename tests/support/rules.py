"""The rules of the specification, and the rules that docstrings of the library name."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPECIFICATION = ROOT / "docs" / "reference" / "specification"

_STATED = re.compile(r"\*\*([A-Z]+(?:-[A-Z_]+)?(?:-[0-9]+)?)\*\*")
_MENTIONED = re.compile(r"\b(?:[A-Z]+-[A-Z_]+-[0-9]+|[A-Z]+-[0-9]+|ANOMALY-[A-Z_]+)\b")
_PARAGRAPH = re.compile(r"^Rules: (.*)\.$", re.DOTALL)


def stated_rules():
    """The number of every rule, in the order of the pages."""
    return [rule for page in sorted(SPECIFICATION.glob("*.md")) for rule in _STATED.findall(page.read_text("utf-8"))]


def mentioned_rules():
    """The numbers that the pages mention, each with its page."""
    subjects = {rule.partition("-")[0] for rule in stated_rules()}
    pages = sorted(SPECIFICATION.glob("*.md"))
    mentioned = {(page.name, rule) for page in pages for rule in _MENTIONED.findall(page.read_text("utf-8"))}
    return {(page, rule) for page, rule in mentioned if rule.partition("-")[0] in subjects}


def named_rules(source):
    """The rules that the docstrings of a module name, each with what the docstring is of, in order."""
    return [(name, rule) for name, text in _docstrings(ast.parse(source), "") for rule in _rules_in(text)]


def _rules_in(docstring):
    """The rules that the last paragraph of a docstring names."""
    paragraph = _PARAGRAPH.match(docstring.strip().rpartition("\n\n")[2].strip())
    return [] if paragraph is None else re.split(r",\s+", paragraph[1])


def _docstrings(node, prefix) -> Iterator[tuple[str, str]]:
    """The docstrings of functions, classes, and tables, which are names of a module or a class."""
    for statement, following in pairwise([*node.body, None]):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = f"{prefix}{statement.name}"
            yield name, ast.get_docstring(statement) or ""
            yield from _docstrings(statement, f"{name}.")
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and isinstance(node, (ast.Module, ast.ClassDef)):
            value = following.value if isinstance(following, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
                yield f"{prefix}{ast.unparse(target)}", value.value
