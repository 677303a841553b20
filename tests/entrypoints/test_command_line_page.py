"""The page of the command line has every command with every option, and the exit codes."""

import re
from pathlib import Path

import pytest
import typer
from tests.support.command_line import sot

from sot.entrypoints.app import app
from sot.entrypoints.error_handling import EXIT_CODES

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "command-line.md").read_text("utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]}


def commands(name, command):
    for part, child in getattr(command, "commands", {}).items():
        yield f"{name} {part}", child
        yield from commands(f"{name} {part}", child)


COMMANDS = dict(commands("sot", typer.main.get_command(app)))


def test_has_every_command_once():
    assert len(COMMANDS) > 30
    assert sorted(SECTIONS) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_has_every_option_and_argument_of_a_command(name):
    command, section = COMMANDS[name], SECTIONS[name]
    assert command.help.partition("\n")[0].replace("`", "") in section.replace("`", "")
    for parameter in command.params:
        is_option = parameter.param_type_name == "option"
        for shown in parameter.opts if is_option else [parameter.metavar or parameter.name]:
            assert shown.replace("|", "\\|") in section


def test_has_the_exit_codes_as_the_help_does():
    rows = re.findall(r"^\| (\d) \| (.+) \|$", PAGE, flags=re.MULTILINE)
    assert {int(code): meaning for code, meaning in rows} == EXIT_CODES
    shown = " ".join(sot("--help").output.split())
    assert all(f"{code} {meaning}" in shown for code, meaning in EXIT_CODES.items())
