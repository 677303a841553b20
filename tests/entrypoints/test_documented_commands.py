"""The shell lines of the README and of the first how-to pages work as they stand, in an empty folder."""

import re
import shlex
from pathlib import Path

import pytest
from tests.support.command_line import sot

ROOT = Path(__file__).parents[2]
HOW_TO = ("command-line", "record", "import", "fix", "currencies", "watch")
PAGES = ("README.md", *(f"docs/how-to/{name}.md" for name in HOW_TO))
NEEDS_MORE = ("ccxt:", "sot serve", "sot keys", "sot conformance", "--map my.toml")
"""What needs an exchange or a file of the reader's own, does not end by itself, or takes long (tests/conformance)."""


def shell_lines(page):
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("sot ")]
    return [line for line in lines if not any(words in line for words in NEEDS_MORE)]


def run(line):
    """Run a line of a shell, whose commands are all `sot`."""
    fed = None
    for command in " ".join(shlex.split(line, comments=True)).split(" | "):
        name, *arguments = command.split()
        assert name == "sot"
        result = sot(*arguments, lines=fed, catch_exceptions=False)
        assert result.exit_code == 0, (line, result.output)
        fed = result.stdout_bytes
    return result


@pytest.mark.parametrize("page", PAGES)
def test_each_line_works_in_an_empty_folder(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = shell_lines(page)
    assert any(line.startswith("sot sample") for line in lines)
    for line in lines:
        run(line)


def test_every_kind_of_sample_is_shown():
    text = "\n".join(shell_lines("docs/how-to/command-line.md"))
    assert all(f"sot sample {name} " in text for name in ("jsonl", "fix", "csv", "rates"))
