"""The code of the README and the docs, and of tests/typing, satisfies mypy --strict and pyright.

The blocks of a page are one program, as for the tests that execute them. They are written to a file of their own with
the lines where they stand in the page, so that an error names the line of the page.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.console import ConsolePage
from tests.support.page_blocks import Page

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
SECONDS = 300


def program(text: str) -> str:
    """The Python blocks of a page, each line where it stands; empty lines for everything else."""
    lines, inside = [], False
    for line in text.splitlines():
        fence = line.startswith("```")
        inside = line.startswith("```python") if fence else inside
        lines.append(line if inside and not fence else "")
    return "\n".join(lines).rstrip() + "\n"


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.stdout if done.returncode else ""


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """A folder with the program of each page that has one."""
    folder = tmp_path_factory.mktemp("pages")
    for page in PAGES:
        code = program(page.read_text("utf-8"))
        if code.strip():
            name = re.sub(r"\W", "_", str(page.relative_to(ROOT).with_suffix("")))
            (folder / f"{name}.py").write_text(code, "utf-8")
    assert len(list(folder.iterdir())) >= 15
    return folder


def test_mypy_finds_nothing(programs):
    """With the settings of `make check`, which are strict, and what it knows of `src` already."""
    assert run(sys.executable, "-m", "mypy", *sorted(programs.glob("*.py")), cwd=ROOT) == ""


@pytest.mark.parametrize("page", ["bot.md", "pytest.md"])
def test_mypy_finds_nothing_in_files_of_a_page(page, tmp_path):
    """Of the pages whose packages are here; each file of a page is a module of one application."""
    for name, body in Page(page).files.items():
        (tmp_path / name).write_text(body, "utf-8")
    files = sorted(tmp_path.glob("*.py"))
    assert len(files) == 2
    assert run(sys.executable, "-m", "mypy", *files, cwd=ROOT) == ""


def test_mypy_finds_nothing_in_the_files_of_the_tutorial(tmp_path):
    """All pages together are one application."""
    for path in (ROOT / "docs" / "tutorial").glob("*.md"):
        for name, body in ConsolePage(path).files.items():
            (tmp_path / name).write_text(body, "utf-8")
    files = sorted(tmp_path.glob("*.py"))
    assert len(files) >= 10
    assert run(sys.executable, "-m", "mypy", *files, cwd=ROOT) == ""


def test_pyright_finds_nothing(programs):
    settings = {
        "include": [str(programs), str(ROOT / "tests" / "typing")],
        "extraPaths": [str(ROOT / "src")],
        "typeCheckingMode": "standard",
        "enableTypeIgnoreComments": True,
    }
    (programs / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    command = [sys.executable, "-m", "basedpyright", "--project", ".", "--pythonpath", sys.executable]
    assert run(*command, "--level", "error", cwd=programs) == ""


def test_lines_stand_where_they_do_in_the_page():
    page = "# A\n\n```python\nx = 1\n```\n\ntext\n\n```bash\nls\n```\n```python\ny = 2\n```\n"
    assert program(page) == "\n\n\nx = 1\n\n\n\n\n\n\n\n\ny = 2\n"
