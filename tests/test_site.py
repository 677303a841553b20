"""The site of the documentation: a page without a place, a link that leads nowhere and what is loaded are errors."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.site_tools import FOLDER, ROOT, site_tool

built_links = site_tool("built_links")
navigation = site_tool("navigation")
public_names = site_tool("public_names")

START = "# Start\n\n[How](how-to/a.md#the-part), ![it](pictures/it.svg), [what it is](../README.md)\n"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'


def build(folder: Path, **pages: str):
    """Build a site of four small files, or of others in their place, with the settings of ours."""
    files = {
        "README.md": "# Tiny\n\n[Start](docs/index.md)\n",
        "docs/index.md": START,
        "docs/how-to/a.md": "# How\n\n## The part\n\nText.\n",
        "docs/pictures/it.svg": PICTURE,
        **pages,
    }
    for name, text in files.items():
        path = folder / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    options = ["--source", folder / "source", "--target", folder / "site"]
    return subprocess.run(
        [sys.executable, FOLDER / "build.py", *options], capture_output=True, text=True, check=False, timeout=120
    )


def test_a_small_site_is_built_and_its_first_page_leads_to_the_start(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "old.html").touch()
    done = build(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "site" / "old.html").exists()
    assert "url=docs/index.html" in (tmp_path / "site" / "index.html").read_text("utf-8")
    assert 'href="how-to/a.html#the-part"' in (tmp_path / "site" / "docs" / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("page", "text", "message"),
    [
        ("docs/index.md", START + "[gone](how-to/gone.md)\n", "how-to/gone.md"),
        ("docs/index.md", START + "[gone](how-to/a.md#gone)\n", "'gone'"),
        ("docs/index.md", START + "[gone](#gone)\n", "'gone'"),
        ("docs/index.md", START + "![gone](pictures/gone.png)\n", "pictures/gone.png"),
        ("README.md", "# Tiny\n\n[gone](docs/gone.md)\n", "docs/gone.md"),
        ("docs/nowhere/b.md", "# Nowhere\n", "nowhere/b.md: WARNING: document isn't included in any toctree"),
    ],
)
def test_a_fault_in_a_page_fails_the_build(page, text, message, tmp_path):
    done = build(tmp_path, **{page: text})
    assert done.returncode == 1
    assert message in done.stderr
    assert "WARNING" in done.stderr


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('<a href="b.html">', None),
        ('<a href="b.html#there">', None),
        ('<a class="x" href="#here">', None),
        ('<a href="https://example.org/x">', None),
        ('<img src="data:image/png;base64,AA==">', None),
        ('<a href="c.html">', "broken link c.html"),
        ('<a href="b.html#gone">', "broken link b.html#gone"),
        ('<img alt="" src="gone.png">', "broken link gone.png"),
        ('<script async src="https://example.org/x.js"></script>', "loads https://example.org/x.js"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "loads //example.org/x.css"),
    ],
)
def test_links_of_a_built_page_are_followed(content, problem, tmp_path):
    (tmp_path / "a.html").write_text(f'<p id="here">{content}</p>')
    (tmp_path / "b.html").write_text('<p id="there"></p>')
    assert built_links.problems(tmp_path) == ([] if problem is None else [f"a.html: {problem}"])


def test_a_style_that_loads_a_font_from_elsewhere_is_reported(tmp_path):
    (tmp_path / "a.css").write_text(
        "@font-face { src: url('https://example.org/f.woff2') } b { background: url(x.png) }"
    )
    assert built_links.problems(tmp_path) == ["a.css: loads https://example.org/f.woff2"]


LAYERS = {"application", "domain", "entrypoints"}
NOT_PUBLIC = {"sot.adapters.sqlalchemy.rows"}
"""Modules that list names for their own package only."""

IMPORT = re.compile(r"^\s*from (sot[\w.]*) import", re.MULTILINE)


def listing_modules() -> set[str]:
    """The modules outside of the inner layers that list their names."""
    found = {"sot"}
    for path in (ROOT / "src" / "sot").rglob("*.py"):
        parts = path.relative_to(ROOT / "src").with_suffix("").parts
        if parts[1] not in LAYERS and re.search(r"^__all__ =", path.read_text("utf-8"), re.MULTILINE):
            found.add(".".join(parts).removesuffix(".__init__"))
    return found - NOT_PUBLIC


def modules_of_documents(*folders: str) -> set[str]:
    """The modules from which the README and the documents of some folders import names."""
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.md")]
    return {module for path in [ROOT / "README.md", *paths] for module in IMPORT.findall(path.read_text("utf-8"))}


def imported_modules() -> set[str]:
    """The modules outside of the inner layers from which documents import names of their own."""
    outside = {module for module in modules_of_documents("docs") if not LAYERS & set(module.split("."))}
    return {module for module in outside if public_names.names_of(importlib.import_module(module))}


def test_who_follows_a_page_imports_public_names_only():
    modules = modules_of_documents("docs/tutorial", "docs/how-to")
    assert len(modules) >= 20
    assert sorted(modules - set(public_names.modules(ROOT))) == []


@pytest.mark.parametrize("module", sorted(listing_modules() | imported_modules()))
def test_every_public_name_has_an_entry(module):
    assert module in public_names.modules(ROOT)
    text = public_names.page_text(module, ROOT)
    for name in public_names.names_of(importlib.import_module(module)):
        assert f"{{py:obj}}`{name} <{module}.{name}>`" in text
        assert re.search(rf"^(\.\. [\w:]+:: ({module}\.)?{name}|:py:mod:`{module}.{name}`)$", text, re.MULTILINE), name
        assert public_names.summary(module, name), f"{name} has no docstring"


def test_the_index_of_modules_lists_all():
    text = (ROOT / "docs" / "reference" / "api" / "index.md").read_text("utf-8")
    assert re.findall(r"^\| \[`([\w.]+)`\]\(\1\.md\) ", text, re.MULTILINE) == sorted(
        public_names.modules(ROOT), key=lambda module: (module.count(".") > 1, module)
    )


def test_a_name_without_an_entry_is_reported():
    names = {f"sot.audit.{name}" for name in public_names.names_of(importlib.import_module("sot.audit"))}
    without = public_names.without_entry(ROOT, names - {"sot.audit.seal"})
    assert [name for name in without if name.startswith("sot.audit.")] == ["sot.audit.seal"]


def pages_of_the_project() -> list[str]:
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [str(path.relative_to(ROOT).with_suffix("")) for path in found]


@pytest.mark.parametrize("page", pages_of_the_project())
def test_every_page_has_one_place(page):
    under = {**navigation.CHAPTERS, **navigation.LISTS}
    places = [chapter for chapter, pattern in under.items() if navigation.matches(page, pattern) and page != chapter]
    sections = [
        name
        for name, patterns in navigation.SECTIONS.items()
        if any(navigation.matches(page, pattern) for pattern in patterns)
    ]
    assert len(places) + len(sections) == (0 if page == navigation.START else 1)


def test_pages_stand_as_they_are_linked_then_by_path():
    linked = navigation.linked_pages(
        "[b](how-to/b.md#x) [r](../README.md) [b](how-to/b.md) [e](https://x.org/e.md)", "docs/index"
    )
    assert linked == ["docs/how-to/b", "README"]
    pages = ["docs/how-to/c", "docs/how-to/a", "docs/how-to/b"]
    assert navigation.in_order(pages, linked) == ["docs/how-to/b", "docs/how-to/a", "docs/how-to/c"]
