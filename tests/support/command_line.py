"""Running the command line, and lines for `sot record`."""

import json

from typer.testing import CliRunner

from sot.entrypoints.app import app
from tests.support.record_lines import (
    ACCOUNT,
    AT,
    INSTRUMENT,
    SYMBOL,
    VENUE,
    account_event,
    amendment,
    every_key,
    named,
    report,
    request,
    trade,
)

__all__ = [
    "ACCOUNT",
    "AT",
    "INSTRUMENT",
    "SYMBOL",
    "VENUE",
    "account_event",
    "amendment",
    "answers",
    "every_key",
    "named",
    "outcomes",
    "report",
    "request",
    "sot",
    "text_of",
    "trade",
]


def text_of(lines):
    return "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)


def sot(*arguments, lines=None, **options):
    """Run the command line in this process."""
    input_bytes = lines if lines is None or isinstance(lines, bytes) else text_of(lines)
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=input_bytes, **options)


def answers(result):
    """The JSON lines that `sot record` printed."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def outcomes(result):
    return [answer["outcome"] for answer in answers(result)]
