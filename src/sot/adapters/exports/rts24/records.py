"""Converting an order's events to records in the terms of RTS 24."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

import attrs

from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.replay import advance, opening_state, voided
from sot.domain.orders.request import OrderRequest
from sot.domain.orders.state import OrderState
from sot.domain.values.vocabulary import Action, Anomaly, EventType, Side
from sot.ports.store import UnitOfWork


class Code(StrEnum):
    """Field 21, without REMH and CHME, which depend on the person or member who acted."""

    NEWO = "NEWO"
    TRIG = "TRIG"
    REME = "REME"
    REMA = "REMA"
    CHMO = "CHMO"
    CAME = "CAME"
    CAMO = "CAMO"
    REMO = "REMO"
    EXPI = "EXPI"
    PARF = "PARF"
    FILL = "FILL"


@attrs.frozen(kw_only=True)
class Record:
    """A record: an event of an order, or a part of an event.

    Attributes:
        order: The order.
        request: The request of the order.
        event: The event.
        number: The number of the record within the event, from 0.
        state: The state of the order after the event.
        code: Field 21; None for a fact without a code in the regulation.
        fill: The version of an execution that holds from the event on.
        remark: A remark beside the fields.
        venue_order_id: The first id that the order had at the venue.
        received_at: When the venue received the order.
        expire_at: When the order expires.
        quote: The quote currency of the instrument.
    """

    order: Order
    request: OrderRequest | None
    event: OrderEvent
    number: int
    state: OrderState
    code: Code | None
    fill: Fill | None
    remark: str
    venue_order_id: str | None
    received_at: datetime | None
    expire_at: datetime | None
    quote: str | None

    @property
    def symbol(self) -> str:
        """The symbol of the execution, which differs for a leg of a strategy, else of the order."""
        return self.fill.symbol if self.fill else self.order.symbol

    @property
    def side(self) -> Side | None:
        """The side of the execution, else of the order."""
        return self.fill.side if self.fill else self.order.side

    @property
    def execution(self) -> int | None:
        """The sequence of the event that first stated the execution."""
        return self.fill.execution if self.fill else None


class Sources:
    """Reads requests and instruments; quote currencies are cached, since an instrument never changes its own."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._quotes: dict[tuple[str, str, str], str | None] = {}

    def request(self, request_id: str | None) -> OrderRequest | None:
        """The request of an id; None without an id or a request."""
        recorded = self._uow.requests.get(request_id) if request_id else None
        return recorded.request if recorded else None

    def quote(self, account_id: str, venue: str, symbol: str) -> str | None:
        """The quote currency of an instrument; None if it is not registered."""
        key = (account_id, venue, symbol)
        if key not in self._quotes:
            versions = self._uow.instruments.versions(*key)
            self._quotes[key] = versions[0].quote if versions else None
        return self._quotes[key]


def records(uow: UnitOfWork, order: Order) -> Iterator[Record]:
    """The records of an order, in the order of its events. It only reads."""
    sources = Sources(uow)
    events = uow.events.list(order.account_id, order.order_id)
    return records_of(sources, order, events, sources.request(order.request_id))


def records_of(
    sources: Sources, order: Order, events: Sequence[OrderEvent], request: OrderRequest | None
) -> Iterator[Record]:
    """The records of an order, from its events and its request."""
    start = opening_state(request, events[0].report)
    replayed = order.in_state(start.copy(), 0)
    converter = _Converter(sources, events, request)
    executions = Executions()
    earlier: list[OrderEvent] = []
    for event in events:
        before = replayed.state.copy()
        fills = advance(replayed, start, earlier, executions, event)
        earlier.append(event)
        for number, (code, fill, remark) in enumerate(converter.parts(event, before, replayed.state, fills)):
            yield Record(
                order=order,
                request=request,
                event=event,
                number=number,
                state=replayed.state.copy(),
                code=code,
                fill=fill,
                remark=converter.remark(event, remark),
                venue_order_id=converter.venue_order_id,
                received_at=converter.received_at,
                expire_at=converter.expire_at,
                quote=sources.quote(order.account_id, order.venue, fill.symbol if fill else order.symbol),
            )


_Part = tuple[Code | None, Fill | None, str]
"""The code, the execution and the remark of a record."""
_REQUESTS = {EventType.CANCEL_REQUESTED: Action.CANCEL, EventType.REPLACE_REQUESTED: Action.REPLACE}
_ENDS = (("cancelled", Action.CANCEL), ("expired", Code.EXPI), ("rejected", Code.REMO))
# Exported even if they change nothing: reports about executions, and corrections by people.
_ALWAYS_EXPORTED = frozenset(
    {EventType.TRADE, EventType.TRADE_CORRECT, EventType.TRADE_CANCEL, EventType.VOIDED, EventType.ATTRIBUTED}
)


class _Converter:
    """Converts events, one after the other; it has what the whole order says about a single event."""

    def __init__(self, sources: Sources, events: Sequence[OrderEvent], request: OrderRequest | None) -> None:
        self._sources = sources
        self._requested: dict[tuple[Action, str], str | None] = {}
        self._first_new = next((e for e in events if e.type is EventType.NEW and _counts(e)), None)
        self._has_begun = False
        self._voided_by = _voiding_events(events)
        self.expire_at = request.expire_at if request else None
        ids = (e.report.venue_order_id for e in events if e.report is not None)
        self.venue_order_id = next((name for name in ids if name is not None), None)
        submitted = next((e for e in events if e.type is EventType.SUBMITTED), None)
        received = self._first_new or submitted
        self.received_at = received.happened_at if received else None

    def parts(self, event: OrderEvent, before: OrderState, after: OrderState, fills: Sequence[Fill]) -> list[_Part]:
        """The parts of an event: each with a code of field 21, an execution and a remark."""
        self._remember(event, before, after)
        parts: list[_Part] = [(Code.NEWO, None, "")] if self._begins(event, after) else []
        parts += [_execution(event, fill, after) for fill in fills]
        parts += [(code, None, "") for code in self._changes(event, before, after)]
        parts += [(code, None, "") for code in self._ends(event, before, after)]
        if before.suspended != after.suspended and not [code for code, _, _ in parts if code is not Code.NEWO]:
            parts.append((Code.CHMO, None, ""))
        if event.type in _ALWAYS_EXPORTED and not [part for part in parts if part[0] is not Code.NEWO]:
            parts.append((None, None, _no_change_remark(event)))
        return parts

    def remark(self, event: OrderEvent, part_remark: str) -> str:
        """All remarks of a record."""
        void = self._voided_by.get(event.sequence)
        flagged = " ".join(event.anomalies)
        remarks = (
            part_remark,
            _event_remark(event),
            flagged and f"flagged {flagged}",
            f"void by event {void}" if void else "",
        )
        return "; ".join(remark for remark in remarks if remark)

    def _remember(self, event: OrderEvent, before: OrderState, after: OrderState) -> None:
        action = _REQUESTS.get(event.type)
        if action is not None and event.fact is not None and event.fact.client_order_id is not None:
            self._requested[action, event.fact.client_order_id] = event.fact.request_id
        if event.type is EventType.REPLACED and _counts(event):
            closed = [r.request_id for r in before.requests(Action.REPLACE) if r not in after.open_requests]
            own = self._requested.get((Action.REPLACE, _client_order_id(event)))
            replacement = self._sources.request(next(filter(None, [*closed, own]), None))
            if replacement is not None and replacement.expire_at is not None:
                self.expire_at = replacement.expire_at

    def _begins(self, event: OrderEvent, after: OrderState) -> bool:
        """Whether the venue has accepted the order: by its NEW or, without one, by the first event that shows it."""
        is_accepted = after.acknowledged or after.cancelled or after.expired
        if self._has_begun or not (event is self._first_new if self._first_new else is_accepted):
            return False
        self._has_begun = True
        return True

    def _changes(self, event: OrderEvent, before: OrderState, after: OrderState) -> Iterator[Code]:
        if after.triggered and not before.triggered:
            yield Code.TRIG
        if event.type is EventType.REPLACED and _counts(event):
            yield Code.REME if self._was_requested(Action.REPLACE, event, before) else Code.REMA
        if event.type is EventType.RESTATED and _counts(event):
            yield Code.REMA

    def _ends(self, event: OrderEvent, before: OrderState, after: OrderState) -> Iterator[Code]:
        for name, code in _ENDS:
            if getattr(after, name) and not getattr(before, name):
                if isinstance(code, Code):
                    yield code
                else:
                    yield Code.CAME if self._was_requested(code, event, before) else Code.CAMO

    def _was_requested(self, action: Action, event: OrderEvent, before: OrderState) -> bool:
        """Whether a request was open, or the report is about one that was closed already."""
        return bool(before.requests(action)) or (action, _client_order_id(event)) in self._requested


def _counts(event: OrderEvent) -> bool:
    return Anomaly.DUPLICATE_CONFLICT not in event.anomalies


def _client_order_id(event: OrderEvent) -> str:
    return (event.report and event.report.client_order_id) or ""


def _voiding_events(events: Sequence[OrderEvent]) -> dict[int, int]:
    """The sequences of void events, each with that of the event that voids it."""
    void = voided(events)
    voiding = {}
    for event in events:
        if event.type is EventType.VOIDED and event.sequence not in void and event.fact is not None:
            voiding[event.fact.target_sequence or 0] = event.sequence
    return voiding


def _execution(event: OrderEvent, fill: Fill, after: OrderState) -> _Part:
    """A version of an execution. Only the first is an execution in RTS 24; later ones correct it."""
    if fill.version == 0 and fill.execution == event.sequence:
        if not fill.counts:
            return None, fill, "a leg: not part of the order's quantity"
        return (Code.FILL if after.filled else Code.PARF), fill, ""
    holds = "does not hold any more" if fill.busted else "holds as told here"
    return None, fill, f"the execution of event {fill.execution} {holds}"


def _no_change_remark(event: OrderEvent) -> str:
    return "" if event.fact is not None else "changes no execution"


def _event_remark(event: OrderEvent) -> str:
    """A remark about a correction, or about the result of a query."""
    if event.type is EventType.ORDER_STATUS:
        return "as the venue said when asked"
    if event.fact is None:
        return ""
    reason = event.fact.reason or "no reason given"
    return {
        EventType.VOIDED: f"event {event.fact.target_sequence} is void: {reason}",
        EventType.ATTRIBUTED: f"this order is order {event.fact.attributed_order_id}: {reason}",
        EventType.RESOLVED: f"found by a person: {reason}",
    }.get(event.type, "")
