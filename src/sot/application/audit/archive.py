"""Write the complete history as JSON lines, which `restore` reads and `archive_verification` verifies.

A line `{"fact": {...}}` is one fact: its row in the feed and its content, in the canonical form that its hash covers.
Facts are sorted by their position in the feed. A line `{"checkpoint": {...}}` follows the last fact that it seals.
"""

from collections.abc import Iterator
from datetime import datetime

from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.records import Identifier
from sot.domain.values.errors import InvalidInput, NotFound
from sot.domain.values.fields import quoted
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import FactKind
from sot.ports.audit import FactBody
from sot.ports.store import UnitOfWork


def archive(uow: UnitOfWork, after: int = 0, upto: int | None = None) -> Iterator[str]:
    """Iterate over the lines of an archive. Nothing is written to the store.

    Args:
        uow: The unit of work to read from.
        after: The position in the feed after which the archive begins.
        upto: The position of its last fact; None means all.

    Raises:
        StoreDamaged: A fact of the feed is missing; `verify` says more.

    Rules: ARCHIVE-2.
    """
    last = uow.feed.last() if upto is None else upto
    checkpoints = [checkpoint for checkpoint in uow.checkpoints.all() if after < checkpoint.upto <= last]
    for fact in uow.feed.bodies(after, last):
        while checkpoints and checkpoints[0].upto < fact.leaf.position:
            yield _checkpoint_line(checkpoints.pop(0))
        yield _fact_line(uow, fact)
    yield from map(_checkpoint_line, checkpoints)


def _checkpoint_line(checkpoint: Checkpoint) -> str:
    """The line of a checkpoint.

    Rules: ARCHIVE-10.
    """
    return f'{{"checkpoint":{checkpoint.canonical()}}}'


def _fact_line(uow: UnitOfWork, fact: FactBody) -> str:
    """The line of a fact, and of the first event of an order with its identifiers.

    Rules: ARCHIVE-3, ARCHIVE-4.
    """
    leaf = fact.leaf
    parts = [f'"account_id":{quoted(leaf.account_id)}']
    if fact.anomalies:
        parts.append('"anomalies":[' + ",".join(f'"{anomaly}"' for anomaly in fact.anomalies) + "]")
    parts.append(f'"hash":"{leaf.hash}","key":{quoted(leaf.key)},"kind":"{leaf.kind}"')
    if leaf.kind is FactKind.EVENT and leaf.number == 1:
        identifiers = uow.identifiers.of_order(leaf.account_id, leaf.key)
        parts.append('"names":[' + ",".join(_identifier_text(identifier) for identifier in identifiers) + "]")
    parts.append(f'"number":{leaf.number},"position":{leaf.position},"recorded_at":"{time_text(leaf.recorded_at)}"')
    return '{"fact":{' + ",".join(parts) + f',"says":{fact.body}}}}}'


def _identifier_text(identifier: Identifier) -> str:
    return "[" + ",".join(quoted(part) for part in identifier[1:]) + "]"


def month(uow: UnitOfWork, begins: datetime, ends: datetime) -> tuple[int, int]:
    """The positions of the checkpoints that seal what was recorded in a month, or any other time: whole checkpoints.

    Args:
        uow: The unit of work to read from.
        begins: The first time of the month.
        ends: The first time after the month.

    Returns:
        The arguments (after, upto) for `archive`.

    Raises:
        NotFound: Nothing was recorded then.
        InvalidInput: Not all of it is sealed.
    """
    first = last = 0
    for leaf in uow.feed.leaves():
        if begins <= leaf.recorded_at < ends:
            first, last = first or leaf.position, leaf.position
    if not first:
        raise NotFound("fact", time_text(begins), f"nothing was recorded from then to {time_text(ends)}")
    bounds = [0, *(checkpoint.upto for checkpoint in uow.checkpoints.all())]
    if bounds[-1] < last:
        raise InvalidInput("month", time_text(begins), "a time of which everything is sealed; seal first")
    return max(bound for bound in bounds if bound < first), min(bound for bound in bounds if bound >= last)
