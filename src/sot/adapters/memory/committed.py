"""What a store has committed: its tables, their indexes, and its feed."""

from collections.abc import Hashable
from typing import Any

import attrs

from sot.adapters.memory.tables import Table
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.accounting.position import PositionState
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier, RecordedRequest, StateAfter, UnattributedReport
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.instrument import Instrument
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import FactKind, IdentifierKind

Waiting = tuple[str, str, IdentifierKind | None, str]  # account, report, kind, value


def _client_name(row: RecordedRequest) -> Hashable | None:
    request = row.request
    if request.client_order_id is None:
        return None
    return request.account_id, request.venue, request.venue_account, request.id_scope, request.client_order_id


def _execution(event: OrderEvent) -> Hashable | None:
    identity = event.report.identity if event.report else None
    return None if identity is None else (event.order_id, *identity)


def _request_of(event: OrderEvent) -> Hashable | None:
    return event.fact.request_id if event.fact else None


def _closes(recorded: RecordedReconciliation) -> Hashable | None:
    return None if recorded.closes is None else (recorded.account_id, recorded.closes)


def _is_part(recorded: RecordedReconciliation) -> Hashable | None:
    return None if recorded.part is None else (recorded.account_id, recorded.row.run_id, recorded.part)


@attrs.frozen
class Held:
    """A position with its checkpoints: one row, since they change together. Without `state` nothing moves it."""

    key: PositionKey
    state: PositionState | None = None
    checkpoints: tuple[PositionState, ...] = ()


Told = tuple[FactKind, Any, Any]
"""A fact in the feed: its kind, itself, and what it was said of or when it was recorded, where it does not tell."""


Fed = OrderEvent | Told | None
"""What the feed keeps: events, which most facts are, as they are; None stands for a position that no fact has."""


class Tables:
    """The committed state of a store."""

    def __init__(self) -> None:
        self.instruments: Table[Instrument] = Table(
            "instrument", plain={"symbol": lambda i: (i.account_id, i.venue, i.symbol)}
        )
        self.requests: Table[RecordedRequest] = Table(
            "request",
            unique={"key": lambda r: (r.account_id, r.request.key), "client_order_id": _client_name},
            plain={"named": lambda r: r.request.client_order_id and (r.account_id, r.request.client_order_id)},
        )
        self.orders: Table[Order] = Table(
            "order", unique={"request": lambda o: o.request_id and (o.account_id, o.request_id)}
        )
        self.identifiers: Table[tuple[Identifier, str]] = Table(
            "identifier",
            plain={"value": lambda row: (row[0].account_id, row[0].kind, row[0].value), "order": lambda row: row[1]},
        )
        self.events: Table[OrderEvent] = Table(
            "event",
            unique={"content_digest": lambda e: e.content_digest and (e.order_id, e.content_digest)},
            plain={"order": lambda e: e.order_id, "execution": _execution, "request": _request_of},
        )
        self.fills: Table[Fill] = Table(
            "fill", plain={"order": lambda f: f.order_id, "position": lambda f: f.position_key}
        )
        self.reports: Table[UnattributedReport] = Table(
            "report",
            unique={"content_digest": lambda r: (r.account_id, r.content_digest)},
            plain={"account": lambda r: r.account_id},
        )
        self.waiting: Table[Waiting] = Table(
            "waiting",
            plain={"value": lambda w: (w[0], w[2], w[3]), "report": lambda w: w[1], "account": lambda w: w[0]},
        )
        self.costs: Table[OrderCosts] = Table("costs")
        self.pnl: Table[OrderPnl] = Table("pnl", plain={"order": lambda p: p.order_id})
        self.account_events: Table[RecordedAccountEvent] = Table(
            "account event",
            unique={
                "content_digest": lambda e: (e.account_id, e.content_digest),
                "identity": lambda e: (e.account_id, e.identity),
                "replaced": lambda e: (e.account_id, e.event.replaces) if e.event.replaces and e.counts else None,
            },
            plain={"account": lambda e: e.account_id},
        )
        self.reconciliations: Table[RecordedReconciliation] = Table(
            "reconciliation",
            unique={"closed": _closes, "part": _is_part},
            plain={"id": lambda r: r.record_id, "account": lambda r: r.account_id},
        )
        self.positions: Table[Held] = Table("position")
        self.states: Table[StateAfter] = Table("state", plain={"order": lambda state: state.order_id})
        self.checkpoints: Table[Checkpoint] = Table("checkpoint")
        self.api_keys: Table[ApiKey] = Table("api key")
        self.idempotency_records: Table[IdempotencyRecord] = Table("idempotency record")
        self.feed: list[Fed] = []
