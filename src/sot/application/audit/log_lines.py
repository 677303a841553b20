"""The lines of a log of facts: what a unit of work added, as lines, and lines applied to a unit of work.

A line is a fact or a checkpoint as in an archive. Lines of identifiers, which former versions wrote, are skipped: the
identifiers of an order follow from its events.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sot.application.audit.archive import archive
from sot.application.audit.archived_facts import read_fact
from sot.application.audit.restore import restore, restore_checkpoint
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput
from sot.ports.paging import LARGEST_PAGE
from sot.ports.store import UnitOfWork


def lines_added(uow: UnitOfWork, position: int, checkpoint_number: int) -> list[str]:
    """The lines for what a unit of work added.

    Args:
        uow: The unit of work, before it is committed.
        position: The position of the last fact in the feed that was there before.
        checkpoint_number: The number of the last checkpoint that was there before; 0 for none.
    """
    lines = [line for line in archive(uow, position) if line.startswith('{"fact"')]
    checkpoints = uow.checkpoints.list(checkpoint_number, LARGEST_PAGE)
    lines += [f'{{"checkpoint":{checkpoint.canonical()}}}' for checkpoint in checkpoints]
    return lines


def apply_line(uow: UnitOfWork, line: str) -> None:
    """Apply a line of a log to a unit of work.

    Raises:
        InvalidInput: The line is none of a log, or its hash is not that of its content.
        Conflict: It contradicts an earlier line.
        NotFound: A line that it needs is missing before it.
    """
    document = read_document(line)
    for key, fields in document.items() if isinstance(document, Mapping) else ():
        if key in _APPLY and isinstance(fields, Mapping):
            _APPLY[key](uow, fields)
            return
    raise InvalidInput("line", line, "a fact or a checkpoint: the lines of a log")


def _apply_fact(uow: UnitOfWork, fields: Mapping[str, Any]) -> None:
    restore(uow, read_fact(fields))


def _apply_checkpoint(uow: UnitOfWork, fields: Mapping[str, Any]) -> None:
    restore_checkpoint(uow, Checkpoint.read(fields, "checkpoint"))


def _skip(uow: UnitOfWork, fields: Mapping[str, Any]) -> None:
    """Do nothing."""


_APPLY: Mapping[str, Callable[[UnitOfWork, Mapping[str, Any]], None]] = {
    "fact": _apply_fact,
    "checkpoint": _apply_checkpoint,
    "identifier": _skip,
}
