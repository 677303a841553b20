"""The lines of a log of facts: what a unit of work added, as lines, and lines applied to a unit of work.

A line is a fact or a checkpoint as in an archive, or an identifier that a repeated report gave an order: a repeat is no
fact, and later reports may carry the identifier.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sot.application.audit.archive import archive
from sot.application.audit.archived_facts import read_fact
from sot.application.audit.restore import restore, restore_checkpoint
from sot.application.orders.identifiers import identifiers_of_event
from sot.application.orders.matching import find_order
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.records import Identifier
from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import IdentifierKind
from sot.ports.paging import LARGEST_PAGE
from sot.ports.store import UnitOfWork


def lines_added(
    uow: UnitOfWork, position: int, checkpoint_number: int, identifiers: Iterable[tuple[Identifier, str]]
) -> list[str]:
    """The lines for what a unit of work added.

    Args:
        uow: The unit of work, before it is committed.
        position: The position of the last fact in the feed that was there before.
        checkpoint_number: The number of the last checkpoint that was there before; 0 for none.
        identifiers: The identifiers that it added, each with the id of its order.
    """
    lines = [line for line in archive(uow, position) if line.startswith('{"fact"')]
    checkpoints = uow.checkpoints.list(checkpoint_number, LARGEST_PAGE)
    lines += [f'{{"checkpoint":{checkpoint.canonical()}}}' for checkpoint in checkpoints]
    for identifier, order_id in identifiers:
        if not _follows_from_event(uow, identifier, order_id):
            fields = {"account_id": identifier.account_id, "order_id": order_id, "identifier": identifier[1:]}
            lines.append(json.dumps({"identifier": fields}, ensure_ascii=False))
    return lines


def _follows_from_event(uow: UnitOfWork, identifier: Identifier, order_id: str) -> bool:
    order = uow.orders.get(order_id)
    if order is None:
        return False
    events = uow.events.list(identifier.account_id, order_id)
    return any(identifier == assigned for event in events for assigned in identifiers_of_event(order, event))


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
    raise InvalidInput("line", line, "a fact, a checkpoint or an identifier: the lines of a log")


def _apply_fact(uow: UnitOfWork, fields: Mapping[str, Any]) -> None:
    restore(uow, read_fact(fields))


def _apply_checkpoint(uow: UnitOfWork, fields: Mapping[str, Any]) -> None:
    restore_checkpoint(uow, Checkpoint.read(fields, "checkpoint"))


def _apply_identifier(uow: UnitOfWork, fields: Mapping[str, Any]) -> None:
    kind, *rest = fields["identifier"]
    identifier = Identifier(fields["account_id"], IdentifierKind(kind), *rest)
    uow.identifiers.add(identifier, fields["order_id"])
    for report_id in list(uow.identifiers.claims(identifier.account_id, identifier.kind, identifier.value).waiting):
        waiting = uow.reports.get(identifier.account_id, report_id)
        if waiting is not None and find_order(uow, waiting.report) is not None:
            uow.reports.mark_attributed(waiting)


_APPLY: Mapping[str, Callable[[UnitOfWork, Mapping[str, Any]], None]] = {
    "fact": _apply_fact,
    "checkpoint": _apply_checkpoint,
    "identifier": _apply_identifier,
}
