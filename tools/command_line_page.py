"""Write docs/reference/command-line.md, every command with its options, from the application of the command line.

`make docs` runs this; the result is committed, so that a change of the interface shows as a difference.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any

import typer
from field_tables import ROOT, write_section

from sot.entrypoints.app import app
from sot.entrypoints.error_handling import EXIT_CODES

PAGE = ROOT / "docs" / "reference" / "command-line.md"
BAR = r"\|"
_OPTION = re.compile(r"(?<![\w`-])--?[a-z][\w-]*")
_CODE = re.compile(r"(`[^`]*`)")
_TYPE = re.compile(r" <(?:str|path|list\[(?:str|Path)\])>$")
_NUMBER = re.compile(r" <(?:int|float) range>$")
_CHOICES = re.compile(r" <(?:list\[)?([\w-]+(?:\|[\w-]+)+)\]?>$")


def exit_code_table() -> str:
    """The table of exit codes."""
    rows = [f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    return "\n".join(["| exit code | meaning |", "| --- | --- |", *rows, ""])


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its whole name, groups before their own commands."""
    yield from _commands_of("sot", typer.main.get_command(app))


def _commands_of(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield name, command
    for part, child in getattr(command, "commands", {}).items():
        if not child.hidden:
            yield from _commands_of(f"{name} {part}", child)


def section(name: str, command: Any) -> str:
    """The section of a command: its usage, its help, its arguments and options."""
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    records = [parameter.get_help_record(context) for parameter in command.params]
    rows = [row(*record) for record in records if record is not None]
    table = ["| argument or option | meaning |", "| --- | --- |", *rows, ""] if rows else []
    return "\n".join([f"## {name}", "", f"    {usage}", "", help_text(command.help or ""), "", *table])


def help_text(text: str) -> str:
    """The help of a command: its examples are lines of a shell, and options are code."""
    parts = text.strip().split("```")
    prose, examples = parts[::2], parts[1::2]
    lines = [[line if line.startswith("    ") else _with_code(line) for line in part.split("\n")] for part in prose]
    fenced = [f"```sh{example}```" for example in examples] + [""]
    return "".join("\n".join(part) + example for part, example in zip(lines, fenced, strict=True))


def row(name: str, text: str) -> str:
    """The row of an argument or an option."""
    choices = _CHOICES.search(name)
    if choices:
        name = name.removesuffix(choices[0])
        text = f"{text} One of {', '.join(f'`{choice}`' for choice in choices[1].split('|'))}."
    cells = ["`" + _NUMBER.sub(" N", _TYPE.sub("", name)) + "`", _with_code(" ".join(text.split()))]
    return f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"


def _with_code(text: str) -> str:
    """A text with its options as code; what is code already stays."""
    parts = _CODE.split(text)
    return "".join(part if part.startswith("`") else _OPTION.sub(r"`\g<0>`", part) for part in parts)


def all_sections() -> str:
    """What the tool writes."""
    return "\n".join([exit_code_table(), *(section(name, command) for name, command in commands() if name != "sot")])


if __name__ == "__main__":
    sys.exit(write_section(PAGE, "command_line_page.py", all_sections()))
