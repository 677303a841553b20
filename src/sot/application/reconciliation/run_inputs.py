"""What a comparison compared, in parts that fit into rows, and back."""

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


_EXECUTIONS_LENGTH = 400_000


_LISTS: Mapping[str, tuple[str, ...]] = {
    "history": ("orders", "waiting", "positions"),
    "venue": ("orders", "absent", "executions", "positions", "failures"),
}


def header(history: HistorySnapshot, venue: VenueSnapshot) -> dict[str, Any]:
    """What both sides are about and cover, without what they list."""
    return {side: _without_lists(side, snapshot.as_json()) for side, snapshot in _sides(history, venue)}


def _sides(history: HistorySnapshot, venue: VenueSnapshot) -> tuple[tuple[str, HistorySnapshot | VenueSnapshot], ...]:
    return ("history", _bare_history(history)), ("venue", _bare_venue(venue))


def _without_lists(side: str, written: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in written.items() if name not in _LISTS[side]}


def _bare_history(history: HistorySnapshot) -> HistorySnapshot:
    orders = [_cut(order) for order in history.orders]
    return history.changed(orders=tuple(orders), waiting=tuple(map(_bare, history.waiting)))


def _cut(order: KnownOrder) -> KnownOrder:
    """An order whose row would not fit is kept with its last executions alone."""
    lengths = accumulate(len(execution.canonical()) for execution in reversed(order.executions))
    kept = sum(1 for _ in takewhile(lambda length: length <= _EXECUTIONS_LENGTH, lengths))
    return order.changed(executions=tuple(order.executions)[len(order.executions) - kept :])


def _bare_venue(venue: VenueSnapshot) -> VenueSnapshot:
    return venue.changed(orders=tuple(map(_bare, venue.orders)), executions=tuple(map(_bare, venue.executions)))


def _bare(report: VenueReport) -> VenueReport:
    """Raw payloads are kept with the events of what was recorded."""
    return report.changed(raw_payload=None)


def input_rows(run: Reconciliation, history: HistorySnapshot, venue: VenueSnapshot) -> Iterator[Reconciliation]:
    """The rows that keep what a run compared."""
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
        written = snapshot.as_json()
        for name in _LISTS[side]:
            for item in written.get(name, ()):
                length = len(json.dumps(item))
                if part and size + length > _PART_LENGTH:
                    yield part
                    part, size = {}, 0
                part.setdefault(side, {}).setdefault(name, []).append(item)
                size += length
    if part:
        yield part


def compared_snapshots(run: Reconciliation, parts: Iterable[Reconciliation]) -> tuple[HistorySnapshot, VenueSnapshot]:
    """What a run compared, from its rows: comparing it again gives the same differences.

    Where an order had more executions than a row holds, its earlier ones are not there to be compared.
    """
    made: dict[str, dict[str, Any]] = {side: dict(run.inputs[side]) for side in _LISTS}
    for row in sorted(parts, key=lambda row: row.number or 0):
        for side, lists in row.inputs.items():
            for name, items in lists.items():
                held: Sequence[Any] = made[side].get(name, ())
                made[side][name] = [*held, *items]
    return HistorySnapshot.from_canonical(made["history"]), VenueSnapshot.from_canonical(made["venue"])
