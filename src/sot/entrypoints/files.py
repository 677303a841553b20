"""Files of lines: read strictly, naming the line that is wrong; written whole or not at all."""

import io
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.errors import InvalidInput
from sot.entrypoints.lines import read_object


def standard_output() -> TextIO:
    """The standard output for canonical text, which is UTF-8 wherever it is read."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    return sys.stdout


@contextmanager
def whole_file(path: Path | None) -> Iterator[TextIO]:
    """A stream into a file that gets its name only when everything is written; without a path, the standard output.

    What is cut short, by an error or by the death of the process, so never passes for the whole.
    """
    if path is None:
        stream = standard_output()
        yield stream
        stream.flush()
        return
    if path.is_dir():
        raise InvalidInput("--out", str(path), "the name of a file")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="utf-8", newline="") as stream:
            yield stream
            _to_disk(stream)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def append_lines(path: Path, lines: Iterable[str]) -> None:
    """Add lines to a file in one write, down to the disk. It is made if need be."""
    with path.open("a", encoding="utf-8", newline="") as stream:
        stream.write("".join(line + "\n" for line in lines))
        _to_disk(stream)


def _to_disk(stream: TextIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def in_line(path: Path, number: int, error: InvalidInput) -> InvalidInput:
    """The same error, with the place where it is."""
    return InvalidInput(f"{path} line {number}: {error.field}", error.value, error.allowed)


def read_checkpoints(paths: Iterable[Path]) -> list[Checkpoint]:
    """The checkpoints of files, one a line, as `sot seal` prints them.

    Raises: InvalidInput: a line that cannot be read, or a file without any, which proves nothing. OSError.
    """
    return [checkpoint for path in paths for checkpoint in _checkpoints_of(path)]


def _checkpoints_of(path: Path) -> list[Checkpoint]:
    found = []
    with path.open("rb") as lines:
        for number, text in enumerate(lines, 1):
            try:
                found.append(_checkpoint(text))
            except InvalidInput as error:
                raise in_line(path, number, error) from None
    if not found:
        raise InvalidInput(str(path), "", "a file with at least one checkpoint, as sot seal prints them")
    return found


def _checkpoint(text: bytes) -> Checkpoint:
    said = read_object(text)
    return Checkpoint.read(said["checkpoint"] if said.keys() == {"checkpoint"} else said, "checkpoint")
