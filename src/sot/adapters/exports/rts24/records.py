"""From an order's events to the records that RTS 24 knows."""

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
    """Field 21, as far as a history can tell it: REMH and CHME need to know which person or member acted."""

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
    """One record: an event of an order, or one of several things that an event says.

    `state` is the order's after the event. `fill` is the version of an execution that holds from then on, and `code`
    field 21; without one, the record is a fact that the regulation has no word for. `place` counts the records of one
    event from 0. `received_at`, `expire_at`, `venue_order_id` (the first that the order had) and `quote` are what the
    rest of the order's story says.
    """

    order: Order
    request: OrderRequest | None
    event: OrderEvent
    place: int
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
        """What was traded, or is to be: an execution of a strategy's leg has a symbol of its own."""
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
    """What a story needs beside its events; remembers the quote currencies, which an instrument never changes."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._quotes: dict[tuple[str, str, str], str | None] = {}

    def request(self, request_id: str | None) -> OrderRequest | None:
        """The request of this id."""
        found = self._uow.requests.get(request_id) if request_id else None
        return found.request if found else None

    def quote(self, account_id: str, venue: str, symbol: str) -> str | None:
        """The currency of an instrument's prices; None if it is not registered."""
        key = (account_id, venue, symbol)
        if key not in self._quotes:
            versions = self._uow.instruments.versions(*key)
            self._quotes[key] = versions[0].quote if versions else None
        return self._quotes[key]


def records(uow: UnitOfWork, order: Order) -> Iterator[Record]:
    """The records of an order, in the order of its events. Reads only."""
    sources = Sources(uow)
    events = uow.events.list(order.account_id, order.order_id)
    return records_of(sources, order, events, sources.request(order.request_id))


def records_of(
    sources: Sources, order: Order, events: Sequence[OrderEvent], request: OrderRequest | None
) -> Iterator[Record]:
    """The same from events that were read already; `request` is what made the order."""
    start = opening_state(request, events[0].report)
    told = attrs.evolve(order, state=start.copy(), last_sequence=0)
    story = _Story(sources, events, request)
    executions = Executions()
    earlier: list[OrderEvent] = []
    for event in events:
        before = told.state.copy()
        fills = advance(told, start, earlier, executions, event)
        earlier.append(event)
        for place, (code, fill, remark) in enumerate(story.said(event, before, told.state, fills)):
            yield Record(
                order=order,
                request=request,
                event=event,
                place=place,
                state=told.state.copy(),
                code=code,
                fill=fill,
                remark=story.remark(event, remark),
                venue_order_id=story.venue_order_id,
                received_at=story.received_at,
                expire_at=story.expire_at,
                quote=sources.quote(order.account_id, order.venue, fill.symbol if fill else order.symbol),
            )


_Said = tuple[Code | None, Fill | None, str]
_REQUESTS = {EventType.CANCEL_REQUESTED: Action.CANCEL, EventType.REPLACE_REQUESTED: Action.REPLACE}
_ENDS = (("cancelled", Action.CANCEL), ("expired", Code.EXPI), ("rejected", Code.REMO))
# Shown also where they change nothing: whatever was said about executions, and what people corrected.
_ALWAYS_SHOWN = frozenset(
    {EventType.TRADE, EventType.TRADE_CORRECT, EventType.TRADE_CANCEL, EventType.VOIDED, EventType.ATTRIBUTED}
)


class _Story:
    """What has to be known of an order beyond the event at hand."""

    def __init__(self, sources: Sources, events: Sequence[OrderEvent], request: OrderRequest | None) -> None:
        self._sources = sources
        self._asked: dict[tuple[Action, str], str | None] = {}
        self._first_new = next((e for e in events if e.type is EventType.NEW and _counts(e)), None)
        self._begun = False
        self._voided_by = _voided_by(events)
        self.expire_at = request.expire_at if request else None
        ids = (e.report.venue_order_id for e in events if e.report is not None)
        self.venue_order_id = next((name for name in ids if name is not None), None)
        submitted = next((e for e in events if e.type is EventType.SUBMITTED), None)
        received = self._first_new or submitted
        self.received_at = received.happened_at if received else None

    def said(self, event: OrderEvent, before: OrderState, after: OrderState, fills: Sequence[Fill]) -> list[_Said]:
        """What an event says in the words of field 21, and what it says beside that."""
        self._remember(event, before, after)
        found: list[_Said] = [(Code.NEWO, None, "")] if self._begins(event, after) else []
        found += [_execution(event, fill, after) for fill in fills]
        found += [(code, None, "") for code in self._changes(event, before, after)]
        found += [(code, None, "") for code in self._ends(event, before, after)]
        if before.suspended != after.suspended and not [code for code, _, _ in found if code is not Code.NEWO]:
            found.append((Code.CHMO, None, ""))
        if event.type in _ALWAYS_SHOWN and not [said for said in found if said[0] is not Code.NEWO]:
            found.append((None, None, _idle(event)))
        return found

    def remark(self, event: OrderEvent, said: str) -> str:
        """All that is to be said of a record beside its fields."""
        void = self._voided_by.get(event.sequence)
        flagged = " ".join(event.anomalies)
        parts = (said, _told(event), flagged and f"flagged {flagged}", f"void by event {void}" if void else "")
        return "; ".join(part for part in parts if part)

    def _remember(self, event: OrderEvent, before: OrderState, after: OrderState) -> None:
        action = _REQUESTS.get(event.type)
        if action is not None and event.fact is not None and event.fact.client_order_id is not None:
            self._asked[action, event.fact.client_order_id] = event.fact.request_id
        if event.type is EventType.REPLACED and _counts(event):
            closed = [r.request_id for r in before.requests(Action.REPLACE) if r not in after.open_requests]
            named = self._asked.get((Action.REPLACE, _client_order_id(event)))
            replacement = self._sources.request(next(filter(None, [*closed, named]), None))
            if replacement is not None and replacement.expire_at is not None:
                self.expire_at = replacement.expire_at

    def _begins(self, event: OrderEvent, after: OrderState) -> bool:
        """Whether this tells that the venue took the order: its NEW or, if none ever comes, the first that shows it."""
        shows = after.acknowledged or after.cancelled or after.expired
        if self._begun or not (event is self._first_new if self._first_new else shows):
            return False
        self._begun = True
        return True

    def _changes(self, event: OrderEvent, before: OrderState, after: OrderState) -> Iterator[Code]:
        if after.triggered and not before.triggered:
            yield Code.TRIG
        if event.type is EventType.REPLACED and _counts(event):
            yield Code.REME if self._was_asked(Action.REPLACE, event, before) else Code.REMA
        if event.type is EventType.RESTATED and _counts(event):
            yield Code.REMA

    def _ends(self, event: OrderEvent, before: OrderState, after: OrderState) -> Iterator[Code]:
        for name, code in _ENDS:
            if getattr(after, name) and not getattr(before, name):
                if isinstance(code, Code):
                    yield code
                else:
                    yield Code.CAME if self._was_asked(code, event, before) else Code.CAMO

    def _was_asked(self, action: Action, event: OrderEvent, before: OrderState) -> bool:
        """Whether a request was open, or the report answers one of ours that was closed already."""
        return bool(before.requests(action)) or (action, _client_order_id(event)) in self._asked


def _counts(event: OrderEvent) -> bool:
    return Anomaly.DUPLICATE_CONFLICT not in event.anomalies


def _client_order_id(event: OrderEvent) -> str:
    return (event.report and event.report.client_order_id) or ""


def _voided_by(events: Sequence[OrderEvent]) -> dict[int, int]:
    """The void events, each with the event that says so."""
    void = voided(events)
    found = {}
    for event in events:
        if event.type is EventType.VOIDED and event.sequence not in void and event.fact is not None:
            found[event.fact.target_sequence or 0] = event.sequence
    return found


def _execution(event: OrderEvent, fill: Fill, after: OrderState) -> _Said:
    """The record of a version of an execution. Only its first is an execution to RTS 24; later ones correct it."""
    if fill.version == 0 and fill.execution == event.sequence:
        if not fill.counts:
            return None, fill, "a leg: not part of the order's quantity"
        return (Code.FILL if after.filled else Code.PARF), fill, ""
    holds = "does not hold any more" if fill.busted else "holds as told here"
    return None, fill, f"the execution of event {fill.execution} {holds}"


def _idle(event: OrderEvent) -> str:
    return "" if event.fact is not None else "changes no execution"


def _told(event: OrderEvent) -> str:
    """What an event of ours, or an answer that had to be asked for, says in words."""
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
