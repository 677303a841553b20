"""The files that a page shows: blocks of Python and of changes, each with its file's name in the first line."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_BLOCK = re.compile(r"^```(py|diff)\n# ([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Page:
    """A page of `docs/how-to`.

    Attributes:
        files: The text of each file, by what the first line of its block says.
        changes: Each file that changes, as it is before and after.
        added: How many lines the page adds to an application, other than empty ones.
    """

    def __init__(self, name: str) -> None:
        blocks = _BLOCK.findall((ROOT / "docs" / "how-to" / name).read_text("utf-8"))
        self.files = {title: body for kind, title, body in blocks if kind == "py"}
        self.changes = {title: (_side(body, "-"), _side(body, "+")) for kind, title, body in blocks if kind == "diff"}
        self._diffs = [body for kind, _, body in blocks if kind == "diff"]

    def added_lines(self, *new_files: str) -> int:
        """How many lines the page adds to an application: those of changes, and those of files that are new."""
        lines = [line[1:] for body in self._diffs for line in body.splitlines() if line[:1] == "+"]
        lines += [line for name in new_files for line in self.files[name].splitlines()]
        return len([line for line in lines if line.strip()])


def _side(diff: str, sign: str) -> str:
    """The text before ("-") or after ("+") a change."""
    kept = [line[1:] for line in diff.splitlines() if line[:1] in ("", " ", sign)]
    return "\n".join(kept).strip("\n") + "\n"
