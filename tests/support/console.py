"""Pages that a reader follows at a keyboard: the files that they show, and the commands with their output."""

import os
import re
import subprocess
from pathlib import Path

_BLOCK = re.compile(r"^```(py|toml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANYTHING = "..."


class ConsolePage:
    """A page whose blocks are followed in their order.

    A block `py` or `toml` is a file, whose name is in its first line. A block `console` has commands, which begin with
    `$ `, and what they print, to the standard output and the standard error. `...` stands for any text within a line,
    and alone on a line for any number of lines. Empty lines and the width of columns are not compared: the ids in a
    table are as long as it takes to tell them apart.

    Attributes:
        blocks: The kind and the text of each block.
    """

    def __init__(self, path: Path) -> None:
        self.blocks = _BLOCK.findall(path.read_text("utf-8"))

    @property
    def files(self) -> dict[str, str]:
        """The text of each file by its name."""
        files = {}
        for kind, body in self.blocks:
            if kind != "console":
                title, _, text = body.partition("\n")
                files[title.removeprefix("# ")] = text
        return files

    @property
    def commands(self) -> list[tuple[str, list[str]]]:
        """Each command, and the lines that it prints."""
        return [command for kind, body in self.blocks if kind == "console" for command in read_commands(body)]

    def follow(self, folder: Path, environment: dict[str, str], done: frozenset[str] = frozenset()) -> None:
        """Write the files and run the commands in a folder; fail where one prints something else.

        Args:
            folder: The reader's folder.
            environment: The variables of the commands, beside those of this process.
            done: Commands that were done already in another way.
        """
        for name, text in self.files.items():
            (folder / name).write_text(text, "utf-8")
        commands = [command for command in self.commands if command[0] not in done]
        following = [name for name, _ in commands[1:]] + [""]
        status = 0
        for (command, expected), next_command in zip(commands, following, strict=True):
            ran = subprocess.run(
                ["bash", "-c", f"(exit {status}); {command}"],
                cwd=folder,
                env={**os.environ, **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            status, printed = ran.returncode, _lines(ran.stdout)
            assert matches(expected, printed), "\n".join([f"$ {command}", *printed])
            assert status == 0 or next_command == "echo $?", (
                f"{command} exits with {status}, and the page does not say so"
            )


def read_commands(body: str) -> list[tuple[str, list[str]]]:
    """Read the commands of a block and what each prints."""
    commands: list[tuple[str, list[str]]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            commands.append((line.removeprefix("$ "), []))
        elif line.strip():
            commands[-1][1].append(_narrow(line))
    return commands


def _lines(text: str) -> list[str]:
    return [_narrow(line) for line in text.splitlines() if line.strip()]


def _narrow(line: str) -> str:
    return re.sub(r" {2,}", "  ", line.rstrip())


def matches(expected: list[str], printed: list[str]) -> bool:
    """Whether the lines are those that a page shows."""
    patterns = [
        r"(?:.*\n)*" if line == _ANYTHING else ".*".join(map(re.escape, line.split(_ANYTHING))) + r"\n"
        for line in expected
    ]
    return re.fullmatch("".join(patterns), "".join(f"{line}\n" for line in printed)) is not None
