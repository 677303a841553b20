"""The committed state of a store: its tables with their indexes, and its feed."""

from collections.abc import Hashable
from typing import Any

import attrs

from sot.adapters.memory.order_rows import OrderTable
from sot.adapters.memory.tables import Table
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.accounting.position import PositionState
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.records import RecordedRequest, StateAfter, UnattributedReport
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.instrument import RecordedInstrument
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import FactKind, IdentifierKind

WaitingRow = tuple[str, str, IdentifierKind | None, str]
"""Account, report id, and kind and value of an identifier for which the report waits.

Every waiting report also has one row with None and "".
"""


_Parted = tuple[Hashable, Hashable]
"""A value of a unique index: what many rows have in common, and what tells them apart."""


def _client_order_id(row: RecordedRequest) -> _Parted | None:
    request = row.request
    if request.client_order_id is None:
        return None
    return (request.account_id, request.venue, request.venue_account, request.id_scope), request.client_order_id


def _other_client_id(row: RecordedRequest) -> Hashable | None:
    """The client order id of a request whose key is another one: most are found by their key."""
    request = row.request
    if request.client_order_id is None or request.client_order_id == request.key:
        return None
    return request.account_id, request.client_order_id


def _closed_finding(recorded: RecordedReconciliation) -> _Parted | None:
    return None if recorded.closes is None else (recorded.account_id, recorded.closes)


def _part_of_run(recorded: RecordedReconciliation) -> _Parted | None:
    return None if recorded.part is None else ((recorded.account_id, recorded.row.run_id), recorded.part)


@attrs.frozen
class PositionRow:
    """A position and its snapshots: one row, because they change together. `state` is None while nothing moves it."""

    key: PositionKey
    state: PositionState | None = None
    snapshots: tuple[PositionState, ...] = ()


FactEntry = tuple[FactKind, Any, Any]
"""A fact in the feed: its kind, the fact, and what the fact does not say itself.

The last is the time of recording of an INSTRUMENT, the request of a RISK_CHECK or WITHDRAWAL, else None.
"""

FeedEntry = OrderEvent | RecordedRequest | FactEntry | None
"""An entry of the feed. Most facts are events and requests, which stand for themselves.

None is a position that no fact has.
"""


class Tables:
    """The committed state of a store."""

    def __init__(self) -> None:
        self.instruments: Table[RecordedInstrument] = Table(
            "instrument", plain={"symbol": lambda r: (r.account_id, r.instrument.venue, r.instrument.symbol)}
        )
        self.requests: Table[RecordedRequest] = Table(
            "request",
            unique={"key": lambda r: (r.account_id, r.request.key), "client_order_id": _client_order_id},
            plain={"other_client_id": _other_client_id},
        )
        self.orders = OrderTable()
        self.reports: Table[UnattributedReport] = Table(
            "report",
            unique={"content_digest": lambda r: (r.account_id, r.content_digest)},
            plain={"account": lambda r: r.account_id},
        )
        self.waiting: Table[WaitingRow] = Table(
            "waiting",
            plain={"value": lambda w: (w[0], w[2], w[3]), "report": lambda w: w[1], "account": lambda w: w[0]},
        )
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
            unique={"closed": _closed_finding, "part": _part_of_run},
            plain={"id": lambda r: r.record_id, "account": lambda r: r.account_id},
        )
        self.positions: Table[PositionRow] = Table("position")
        self.states: Table[StateAfter] = Table("state", plain={"order": lambda state: state.order_id})
        self.checkpoints: Table[Checkpoint] = Table("checkpoint")
        self.api_keys: Table[ApiKey] = Table("api key")
        self.idempotency_records: Table[IdempotencyRecord] = Table("idempotency record")
        self.feed: list[FeedEntry] = []
