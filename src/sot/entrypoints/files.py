"""Files of lines: read strictly, with the line of an error; written completely or not at all."""

import io
import os
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, TextIO

from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.errors import InvalidInput
from sot.domain.values.limits import LINE_BYTES
from sot.entrypoints.json_lines import read_object


def standard_output() -> TextIO:
    """The standard output in UTF-8, whatever the locale: canonical text is UTF-8."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    return sys.stdout


@contextmanager
def output_file(path: Path | None) -> Iterator[TextIO]:
    """Open a stream to a file that gets its name only when it is complete; without a path, the standard output.

    A file that was cut short, by an error or by the end of the process, therefore never passes for a complete one.

    Raises:
        InvalidInput: The path is a directory.
        OSError: The file cannot be written.
    """
    if path is None:
        stream = standard_output()
        yield stream
        stream.flush()
        return
    with _named_when_complete(path) as part, part.open("x", encoding="utf-8", newline="") as stream:
        yield stream
        _write_to_disk(stream)


@contextmanager
def binary_output_file(path: Path | None) -> Iterator[BinaryIO]:
    """Open a stream as `output_file` does, of bytes. It can be written again from its beginning.

    Raises:
        InvalidInput: The path is a directory, or there is none and the standard output is a terminal.
        OSError: The file cannot be written.
    """
    if path is None:
        if sys.stdout.isatty():
            raise InvalidInput("--out", None, "a file: this format is no text that a terminal shows")
        with TemporaryFile() as whole:
            yield whole
            whole.seek(0)
            shutil.copyfileobj(whole, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        return
    with _named_when_complete(path) as part, part.open("xb") as stream:
        yield stream
        _write_to_disk(stream)


@contextmanager
def _named_when_complete(path: Path) -> Iterator[Path]:
    if path.is_dir():
        raise InvalidInput("--out", str(path), "the name of a file")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def append_lines(path: Path, lines: Iterable[str]) -> None:
    """Append lines to a file in one write, synchronized to the disk. The file is created if it does not exist."""
    with path.open("a", encoding="utf-8", newline="") as stream:
        stream.write("".join(line + "\n" for line in lines))
        _write_to_disk(stream)


def _write_to_disk(stream: TextIO | BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Read lines of a bounded length.

    Raises:
        InvalidInput: A line is longer than `LINE_BYTES`; no more of it is read.
    """
    number = 0
    while line := stream.readline(LINE_BYTES + 1):
        number += 1
        if len(line) > LINE_BYTES:
            raise InvalidInput(f"line {number}", line[:40], f"lines of at most {LINE_BYTES} bytes")
        yield line


def error_in_line(path: Path, number: int, error: InvalidInput) -> InvalidInput:
    """The same error with the file and the line where it is."""
    return InvalidInput(f"{path} line {number}: {error.field}", error.value, error.allowed)


def read_checkpoints(paths: Iterable[Path]) -> list[Checkpoint]:
    """Read the checkpoints in files, one a line, as `sot seal` prints them.

    Raises:
        InvalidInput: A line cannot be read, or a file is empty: an empty file proves nothing.
        OSError: A file cannot be read.
    """
    return [checkpoint for path in paths for checkpoint in _checkpoints_in(path)]


def _checkpoints_in(path: Path) -> list[Checkpoint]:
    checkpoints = []
    with path.open("rb") as lines:
        for number, text in enumerate(bounded_lines(lines), 1):
            try:
                checkpoints.append(_read_checkpoint(text))
            except InvalidInput as error:
                raise error_in_line(path, number, error) from None
    if not checkpoints:
        raise InvalidInput(str(path), "", "a file with at least one checkpoint, as sot seal prints them")
    return checkpoints


def _read_checkpoint(text: bytes) -> Checkpoint:
    fields = read_object(text)
    return Checkpoint.read(fields["checkpoint"] if fields.keys() == {"checkpoint"} else fields, "checkpoint")
