"""Figures that vectors expect of an order, by name, and its last event in a form that is the same in every run."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sot.application.history import OrderHistory
from sot.application.support.record_result import RecordResult
from sot.domain.orders.event import OrderEvent, repeat_digest
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.values.identity import deterministic_id
from sot.domain.values.numbers import plain
from sot.domain.values.times import time_text

_OF_THE_RUN = frozenset({"account_id", "order_id", "sequence", "recorded_at", "prev_hash", "trace"})
"""The fields of an event that differ from run to run, or follow from its place."""


_OF_A_FILL = _OF_THE_RUN | {"execution", "version", "venue", "busted", "in_legs"}
"""The fields of an execution that differ from run to run, or say nothing of its own."""


def wanted(name: str, expected: Any, names: Mapping[str, str]) -> object:
    """What a vector expects, in the form that `figure` has; `names` are as there."""
    if name == "id_of":
        ids = {name: known for known, name in names.items()}
        return deterministic_id(*(ids.get(part, part) for part in expected))
    if name in ("event", "created"):
        return canonical_text(expected)
    return [canonical_text(each) for each in expected] if name == "executions" else expected


def figure(
    history: OrderHistory, order: Order | None, outcome: RecordResult, name: str, names: Mapping[str, str]
) -> object:
    """A figure of an order, or of what recording did.

    Args:
        history: The history.
        order: The order; None if there is none.
        outcome: What recording the last fact did.
        name: The name of the figure in vectors.
        names: What the vector calls ids of this run, by id.
    """
    if name in ("outcome", "anomalies"):
        return getattr(outcome, name)
    if order is None:
        return None
    if name == "id_of":
        return order.order_id
    if name in ("events", "origins", "event", "created", "trace"):
        events = list(history.events(order.order_id))
        if name == "events":
            return [event.type for event in events]
        if name == "origins":
            return [event.origin for event in events]
        if name == "trace":
            return events[-1].trace
        return event_text(events if name == "event" else events[:1], names)
    if name == "fills":
        return [f"{plain(fill.quantity)}@{plain(fill.price)}" for fill in history.fills(order.order_id)]
    if name == "executions":
        return [_execution_text(fill) for fill in history.fills(order.order_id)]
    if name == "fees":
        return [f"{plain(amount)} {unit}" for unit, amount in sorted(history.costs(order.order_id).fees.items())]
    if name == "parked":
        return [" ".join(filter(None, (p.exec_ref_id, p.leg, str(p.sequence)))) for p in order.state.parked]
    if name == "open_requests":
        return [" ".join(filter(None, (r.action, r.client_order_id))) for r in order.state.open_requests]
    if name == "venue_account":
        return order.venue_account or order.state.venue_account
    value = getattr(order, name) if hasattr(order, name) else getattr(order.state, name)
    return time_text(value) if isinstance(value, datetime) else value


def _execution_text(fill: Fill) -> str:
    """The canonical form of an execution, without its place."""
    fields: dict[str, Any] = json.loads(fill.canonical())
    return canonical_text({name: value for name, value in fields.items() if name not in _OF_A_FILL})


def event_text(events: Sequence[OrderEvent], names: Mapping[str, str]) -> str:
    """The canonical form of the last of an order's events, with names in place of ids, and without its place.

    Args:
        events: The events of the order.
        names: The names, by id.
    """
    event = events[-1]
    fields: dict[str, Any] = json.loads(named(event.body(), names))
    fields = {name: value for name, value in fields.items() if name not in _OF_THE_RUN}
    if event.content_digest is not None:
        fields["said"] = _kind_of_digest(events, names)
    return canonical_text(fields)


def named(text: str, names: Mapping[str, str]) -> str:
    """A text with names in place of ids."""
    for known, name in names.items():
        text = text.replace(known, name)
    return text


def canonical_text(fields: Mapping[str, Any]) -> str:
    """An object as JSON with sorted keys."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _kind_of_digest(events: Sequence[OrderEvent], names: Mapping[str, str]) -> str:
    """Which digest recognises a repeat of the last event: of a report, of an event of ours, or of one told again."""
    event = events[-1]
    said = event.content_digest
    if event.report is not None and said == event.report.content_digest:
        return "report"
    if event.fact is not None and said == event.fact.content_digest(event.type):
        return "local"
    for earlier in events[:-1]:
        if earlier.content_digest and said == repeat_digest(earlier.content_digest, str(earlier.sequence)):
            return f"again {earlier.sequence}"
    if event.report is not None and event.fact is not None:
        request_id = event.fact.request_id or ""
        if said == repeat_digest(event.report.content_digest, request_id):
            return f"again {names.get(request_id, request_id)}"
    return str(said)
