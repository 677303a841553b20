"""The documents name files, functions and commands that exist, and their links lead somewhere."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.markdown import LINK, anchors, prose

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WITH_PATHS = ["CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md"]
PATH = re.compile(r"`((?:src|tests|docs|tools|benchmarks)/[^`*<>\s]*)`")
FUNCTION = re.compile(r"^\|[^|]*\| `([\w.]+)` \| `(src/[\w/.]+\.py)` \|$", re.MULTILINE)
MAKE = re.compile(r"(?:^|`)make ([a-z0-9-]+)", re.MULTILINE)


def relative(page: Path) -> str:
    return str(page.relative_to(ROOT))


def definitions(tree: ast.AST, prefix: str = "") -> set[str]:
    """The names of functions and classes in a module, methods as Class.method."""
    names = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(prefix + node.name)
            if isinstance(node, ast.ClassDef):
                names |= definitions(node, f"{node.name}.")
    return names


@pytest.mark.parametrize("name", WITH_PATHS)
def test_every_path_in_a_document_exists(name):
    paths = PATH.findall((ROOT / name).read_text("utf-8"))
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_where_is_what_names_its_files():
    paths = PATH.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert len(paths) >= 40


def test_every_function_in_the_architecture_is_defined_in_its_file():
    rows = FUNCTION.findall((ROOT / "docs" / "architecture.md").read_text("utf-8"))
    assert len(rows) >= 15
    missing = [(name, path) for name, path in rows if name not in definitions(ast.parse((ROOT / path).read_text()))]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_somewhere(page):
    broken = []
    for link in LINK.findall(prose(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_make_target_in_a_document_exists():
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    named = {target for page in PAGES for target in MAKE.findall(page.read_text("utf-8"))}
    assert named - targets == set()


def test_decisions_are_numbered_and_listed():
    index = (ROOT / "docs" / "adr" / "index.md").read_text("utf-8")
    files = sorted(path for path in (ROOT / "docs" / "adr").glob("*.md") if path.name != "index.md")
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        text = path.read_text("utf-8")
        assert f"({path.name})" in index
        assert re.search(r"^- Date: \d{4}-\d\d-\d\d", text, flags=re.MULTILINE)
        assert re.search(r"^- Status: \w+", text, flags=re.MULTILINE)
        headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
        assert headings == ["Context", "Decision", "Alternatives considered", "Consequences"]
