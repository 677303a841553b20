"""The snapshots that a run compared, split into parts that fit into rows, and joined again."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, takewhile
from typing import Any

from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.reconciliation.snapshots import HistorySnapshot, KnownOrder, VenueSnapshot
from sot.domain.values.identity import deterministic_id
from sot.domain.values.vocabulary import ReconciliationType

_PART_LENGTH = 250_000
"""The length of the JSON text of one row, in characters; a single item may be longer."""


_EXECUTIONS_LENGTH = 400_000
"""The length of the JSON text of the executions of one order, in characters."""


_LISTS: Mapping[str, tuple[str, ...]] = {
    "history": ("orders", "attributed", "waiting", "positions", "balances"),
    "venue": ("orders", "absent", "executions", "positions", "balances", "failures"),
}


def snapshot_header(history: HistorySnapshot, venue: VenueSnapshot) -> dict[str, Any]:
    """The fields of both snapshots without their lists."""
    return {side: _without_lists(side, snapshot.as_json()) for side, snapshot in _sides(history, venue)}


def _sides(history: HistorySnapshot, venue: VenueSnapshot) -> tuple[tuple[str, HistorySnapshot | VenueSnapshot], ...]:
    return ("history", _stripped_history(history)), ("venue", _stripped_venue(venue))


def _without_lists(side: str, document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in _LISTS[side]}


def _stripped_history(history: HistorySnapshot) -> HistorySnapshot:
    orders = [_shorten(order) for order in history.orders]
    return history.changed(orders=tuple(orders), waiting=tuple(map(_strip, history.waiting)))


def _shorten(order: KnownOrder) -> KnownOrder:
    """The order with as many of its last executions as fit into a row."""
    lengths = accumulate(len(execution.canonical()) for execution in reversed(order.executions))
    count = sum(1 for _ in takewhile(lambda length: length <= _EXECUTIONS_LENGTH, lengths))
    return order.changed(executions=tuple(order.executions)[len(order.executions) - count :])


def _stripped_venue(venue: VenueSnapshot) -> VenueSnapshot:
    return venue.changed(orders=tuple(map(_strip, venue.orders)), executions=tuple(map(_strip, venue.executions)))


def _strip(report: VenueReport) -> VenueReport:
    """The report without its raw payload, which is stored with the event that was recorded.

    Rules: HEAL-19.
    """
    return report.changed(raw_payload=None)


def input_rows(run: Reconciliation, history: HistorySnapshot, venue: VenueSnapshot) -> Iterator[Reconciliation]:
    """The INPUT rows of a run: what it compared, in parts.

    Rules: RECON-17.
    """
    assert run.record_id is not None
    for number, part in enumerate(_parts(history, venue), 1):
        yield Reconciliation(
            account_id=run.account_id,
            type=ReconciliationType.INPUT,
            venue=run.venue,
            venue_account=run.venue_account,
            record_id=deterministic_id(run.record_id, str(number)),
            run_id=run.record_id,
            number=number,
            inputs=part,
        )


def _parts(history: HistorySnapshot, venue: VenueSnapshot) -> Iterator[dict[str, Any]]:
    part: dict[str, Any] = {}
    size = 0
    for side, snapshot in _sides(history, venue):
        document = snapshot.as_json()
        for name in _LISTS[side]:
            for item in document.get(name, ()):
                length = len(json.dumps(item))
                if part and size + length > _PART_LENGTH:
                    yield part
                    part, size = {}, 0
                part.setdefault(side, {}).setdefault(name, []).append(item)
                size += length
    if part:
        yield part


def compared_snapshots(run: Reconciliation, parts: Iterable[Reconciliation]) -> tuple[HistorySnapshot, VenueSnapshot]:
    """Join the snapshots that a run compared from its rows.

    Comparing them again gives the same differences. Earlier executions of an order with more than a row holds are
    missing.

    Args:
        run: The RUN row.
        parts: The INPUT rows of the run, in any order.
    """
    documents: dict[str, dict[str, Any]] = {side: dict(run.inputs[side]) for side in _LISTS}
    for row in sorted(parts, key=lambda row: row.number or 0):
        for side, lists in row.inputs.items():
            for name, items in lists.items():
                earlier: Sequence[Any] = documents[side].get(name, ())
                documents[side][name] = [*earlier, *items]
    return HistorySnapshot.from_canonical(documents["history"]), VenueSnapshot.from_canonical(documents["venue"])
