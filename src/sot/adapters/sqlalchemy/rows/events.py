"""Events and fills as rows, and back."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

import attrs

from sot.adapters.sqlalchemy.rows.support import LIQUIDITIES, POSITION_SIDES, REPORTING_TYPES, SIDES, Values, picker
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill, make_fill
from sot.domain.orders.report import FEES, Fee
from sot.domain.values.canonical import read_canonical


def event_row(event: OrderEvent, body: str | None = None) -> Values:
    """Return the row of `order_events`; `body` is the canonical form of the event, if that is known."""
    report, fact = event.report, event.fact
    identity = event.identity
    return {
        "account_id": event.account_id,
        "order_id": event.order_id,
        "sequence": event.sequence,
        "type": event.type,
        "origin": event.origin,
        "actor": event.actor,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "exec_id": identity and identity[0],
        "leg": identity and identity[1],
        "exec_ref_id": report and report.exec_ref_id,
        "client_order_id": (report.client_order_id if report else None) or (fact and fact.client_order_id),
        "venue_order_id": report and report.venue_order_id,
        "last_quantity": report and report.last_quantity,
        "last_price": report and report.last_price,
        "reported_status": report and report.reported_status,
        "anomalies": ",".join(event.anomalies),
        "request_id": fact and fact.request_id,
        "report_id": event.report_id,
        "said": event.content_digest,
        "prev_hash": event.prev_hash,
        "body": body or event.sealed_body(),
        "hash": event.hash,
        "trace": event.trace,
    }


def event_of(row: Any) -> OrderEvent:
    """Return the event of a row of `order_events`."""
    return OrderEvent.from_stored(row.body, row.hash)


_pick_fill = picker(Fill)


def fill_row(fill: Fill) -> Values:
    """Return the row of `order_fills`."""
    row = _pick_fill(fill)
    row.update(columns_of_fill(fill))
    return row


def columns_of_fill(fill: Fill) -> Values:
    """Return the columns of `order_fills` that are computed from the fill."""
    return {"fees": FEES.write(fill.fees), "happened_at": fill.happened_at}


_FIELDS = [field.name for field in attrs.fields(Fill)]
_fields_of_row = attrgetter(*_FIELDS)
_MEMBERS: Sequence[tuple[int, Mapping[str | None, Any]]] = [
    (_FIELDS.index("side"), SIDES),
    (_FIELDS.index("position_side"), POSITION_SIDES),
    (_FIELDS.index("liquidity"), LIQUIDITIES),
    (_FIELDS.index("reporting_type"), REPORTING_TYPES),
]
_FEES = _FIELDS.index("fees")


def fill_of(row: Any) -> Fill:
    """Return the fill of a row of `order_fills`."""
    values = list(_fields_of_row(row))
    for place, members in _MEMBERS:
        values[place] = members[values[place]]
    values[_FEES] = tuple([Fee.from_trusted(fee) for fee in read_canonical(values[_FEES])])
    return make_fill(*values)
