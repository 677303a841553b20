"""Errors as one line and an exit code, never a traceback."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate, InvalidInput, SotError, StoreError

FINDINGS = 1
BAD_INPUT = 2
STORE_UNAVAILABLE = 3
UNANSWERED = 4

EXIT_CODES = {
    0: "success",
    FINDINGS: "findings",
    BAD_INPUT: "bad input",
    STORE_UNAVAILABLE: "the store cannot be used",
    UNANSWERED: "the venue did not answer",
}
"""What each exit code means."""

_COMMANDS_OF_CALLS = {
    "open it with create=True to make it": "make it with a command that records, such as sot record",
    "open it with create=True to migrate it": "migrate it with a command that records, such as sot record",
}
"""What messages say to a caller of the library, and to somebody at the command line."""

_STORE_ERRORS = (StoreError, ConcurrentUpdate, CommitUnknown)


def is_store_error(error: SotError) -> bool:
    """Whether the store failed, so that trying again may help."""
    return isinstance(error, _STORE_ERRORS)


def error_view(error: Exception) -> dict[str, str | None]:
    """An error as JSON values, with `field` and `allowed` for a value that is not allowed."""
    invalid = error if isinstance(error, InvalidInput) else None
    return {
        "error": one_line(error),
        "kind": type(error).__name__,
        "field": invalid.field if invalid else None,
        "allowed": invalid.allowed if invalid else None,
    }


def one_line(error: Exception) -> str:
    """The message of an error for the command line, without line breaks, which messages of databases have."""
    text = " ".join(str(error).split()) or type(error).__name__
    for call, command in _COMMANDS_OF_CALLS.items():
        text = text.replace(call, command)
    return text


def show_error(error: Exception, as_json: bool) -> None:
    """Print an error to the standard error: one line of text, or of JSON."""
    sys.stderr.write((json.dumps(error_view(error)) if as_json else f"sot: {one_line(error)}") + "\n")
    sys.stderr.flush()


@contextmanager
def exit_codes(as_json: bool = False) -> Iterator[None]:
    """Turn errors into messages and exit codes: 2 for bad input, 3 for a store that cannot be used."""
    try:
        yield
    except SotError as error:
        show_error(error, as_json)
        raise typer.Exit(STORE_UNAVAILABLE if is_store_error(error) else BAD_INPUT) from None
    except BrokenPipeError:
        raise  # the reader of the output closed the pipe; typer ends quietly
    except OSError as error:
        show_error(error, as_json)
        raise typer.Exit(BAD_INPUT) from None
