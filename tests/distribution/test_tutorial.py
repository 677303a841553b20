"""The tutorial works as it is written: each file, each command and its output, with the wheel and the extra `cli`."""

import os

import pytest

from tests.distribution.conftest import ROOT
from tests.support.console import ConsolePage, matches, read_commands

PAGES = [ConsolePage(path) for path in sorted((ROOT / "docs" / "tutorial").glob("0*.md"))]
INSTALLED = ["python3 -m venv .venv", ". .venv/bin/activate", "pip install 'sot-orders[cli]'"]
"""The commands whose work the fixtures have done, without a network."""


@pytest.fixture(scope="module")
def follow(environment, packages_of, tmp_path_factory):
    """Follow the pages up to one, in a folder that is empty at first; what was followed already is not done again."""
    folder, followed = tmp_path_factory.mktemp("reader"), []
    variables = {
        "PATH": f"{environment.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(packages_of("cli")),
        "PYTHONWARNINGS": "error",
        "COLUMNS": "100",
    }

    def up_to(number):
        for page in PAGES[len(followed) : number]:
            page.follow(folder, variables, done=frozenset(INSTALLED))
            followed.append(page)

    return up_to


@pytest.mark.parametrize("number", range(1, len(PAGES) + 1))
def test_a_page_works_after_those_before_it(follow, number):
    follow(number)


def test_it_begins_with_what_the_fixtures_do():
    assert [command for command, _ in PAGES[0].commands][: len(INSTALLED)] == INSTALLED


def test_the_tutorial_has_six_pages_and_each_runs_something():
    assert len(PAGES) == 6
    assert all(page.files and len(page.commands) >= 4 for page in PAGES)
    assert sum(len(page.commands) for page in PAGES) >= 40


def test_every_code_block_of_the_tutorial_is_run():
    """A block of another kind would be shown, and never be executed."""
    for path in (ROOT / "docs" / "tutorial").glob("*.md"):
        opened = [line for line in path.read_text("utf-8").splitlines() if line.startswith("```")][::2]
        assert set(opened) <= {"```py", "```toml", "```console"}


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("$ x\na  b", ["a  b"], True),
        ("$ x\na    b\n\nc", ["a  b", "c"], True),
        ("$ x\na ... c", ["a b c"], True),
        ("$ x\n...\nc", ["a", "b", "c"], True),
        ("$ x\n...\nc", ["c"], True),
        ("$ x\na.c", ["abc"], False),
        ("$ x\na", ["a", "b"], False),
        ("$ x\na\nb", ["a"], False),
        ("$ x", ["a"], False),
    ],
)
def test_output_is_compared(expected, printed, same):
    ((_, lines),) = read_commands(expected)
    assert matches(lines, printed) is same


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```console\n$ echo a\nb\n```\n", "echo a"),
        ("```console\n$ false\n```\n", "false"),
        ("```console\n$ sh -c 'exit 3'\n$ echo $?\n4\n```\n", "echo"),
    ],
)
def test_a_page_that_does_not_hold_is_noticed(text, message, tmp_path):
    (tmp_path / "page.md").write_text(text)
    with pytest.raises(AssertionError, match=message):
        ConsolePage(tmp_path / "page.md").follow(tmp_path, {})


def test_a_page_may_show_an_exit_code(tmp_path):
    (tmp_path / "page.md").write_text("```console\n$ sh -c 'exit 3'\n$ echo $?\n3\n```\n")
    ConsolePage(tmp_path / "page.md").follow(tmp_path, {})
