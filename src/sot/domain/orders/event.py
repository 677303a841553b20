"""The events of an order, each chained to the one before it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.orders.report import VenueReport
from sot.domain.values import fields, given
from sot.domain.values.canonical import digest, read_canonical
from sot.domain.values.copying import maker_of, quickly_made
from sot.domain.values.json_form import JsonForm
from sot.domain.values.slotted import SlottedValue, slotted
from sot.domain.values.times import time_text, utc_time, written_time
from sot.domain.values.vocabulary import Anomaly, EventType, OrderStatus, Origin


@slotted
@attrs.frozen(kw_only=True, weakref_slot=False, getstate_setstate=False)
class LocalFact(SlottedValue):
    """The content of an event of ours.

    Attributes:
        request_id: The request that was sent, failed or is in doubt.
        mark: MARKED: a price in quote currency per unit.
        rates: MARKED: units of the settlement currency per unit of each currency.
        target_sequence: VOIDED: the sequence of the event that is void. TRADE: that of an earlier telling of the
            execution which has no effect, and in whose place it is stated anew.
        resolved_status: RESOLVED: the status that a person found out.
        attributed_order_id: ATTRIBUTED: the order that the external order turned out to be.
        occurred_at: When it happened, by the application's clock.
        actor: Who did it.
    """

    _RARE: ClassVar = frozenset(
        {"attributed_order_id", "mark", "rates", "reason", "resolved_status", "target_sequence"}
    )

    request_id: str | None = None
    client_order_id: str | None = None
    reason: str | None = None
    mark: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    rates: Mapping[str, Decimal] | None = attrs.field(default=None, converter=given.rates_or_none)
    target_sequence: int | None = None
    resolved_status: OrderStatus | None = attrs.field(default=None, converter=given.order_status_or_none)
    attributed_order_id: str | None = None
    occurred_at: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    actor: str | None = None

    KINDS: ClassVar = {
        "request_id": fields.IDENTITY,
        "client_order_id": fields.NAME,
        "reason": fields.TEXT,
        "mark": fields.NUMBER,
        "rates": fields.RATES,
        "target_sequence": fields.COUNT,
        "resolved_status": fields.member_of(OrderStatus),
        "attributed_order_id": fields.IDENTITY,
        "occurred_at": fields.TIME,
        "actor": fields.NAME,
    }

    def content_digest(self, event_type: EventType) -> str:
        """Compute the digest by which a repeat of the event is recognised."""
        return digest("local", f'{{"fact":{self.canonical()},"type":"{event_type}"}}')


def repeat_digest(content_digest: str, context: str) -> str:
    """Compute the digest of content that was recorded before in another context, where it is no repeat.

    Args:
        content_digest: The digest of the content.
        context: What makes it a new fact: the id of the request that it answers, or the sequence of the event before
            with the same content.

    Rules: REPEAT-14.
    """
    return digest("again", f'{{"of":"{context}","said":"{content_digest}"}}')


_ANOMALIES = fields.sequence_of(fields.member_of(Anomaly))

# Looking a member up in a dict takes less time than calling its class.
_ANOMALY_OF = {str(member): member for member in Anomaly}
_TYPE_OF = {str(member): member for member in EventType}
_ORIGIN_OF = {str(member): member for member in Origin}


def checked_trace(trace: str | None) -> str | None:
    """Check the trace of an event: what caused it.

    Raises:
        InvalidInput: It is not a text of 1 to 255 characters.
    """
    return None if trace is None else fields.NAME.check("trace", trace)


@quickly_made
@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderEvent(JsonForm):
    """One event of an order.

    Events are created by `sot` alone, from parts that were checked.

    Attributes:
        sequence: Counts from 1 without gaps. The order of events is that of their sequence, never that of time.
        content_digest: The digest by which a repeat is recognised, where an `exec_id` does not.
        report: The content of a venue's event.
        fact: The content of an event of ours. A venue's refusal has one, too: the request that it refuses; and an
            execution that is stated anew (`restates_void`): why, and by whom.
        report_id: The unattributed report that became this event.
        trace: What caused it, such as the id of a request to the API.
        prev_hash: The hash of the event before. It can be passed as that event.
        hash: The digest of the event.
    """

    DERIVED: ClassVar = ("occurred_at", "actor", "happened_at", "hash")
    UNWRITTEN: ClassVar = ("_hash",)

    account_id: str
    order_id: str
    sequence: int
    type: EventType
    origin: Origin
    recorded_at: datetime
    content_digest: str | None = None
    report: VenueReport | None = None
    fact: LocalFact | None = None
    report_id: str | None = None
    anomalies: Sequence[Anomaly] = attrs.field(default=(), eq=tuple)
    trace: str | None = None
    _before: "OrderEvent | str" = attrs.field(alias="prev_hash", eq=False, repr=False)
    _hash: str = attrs.field(default="", alias="hash", eq=False, repr=False)

    @property
    def identity(self) -> tuple[str, str] | None:
        """The key (exec_id, leg) by which a repeat is recognised; None if it is recognised by `content_digest`.

        Rules: REPEAT-1.
        """
        report = self.report
        if report is None or report.exec_id is None or self.content_digest is not None:
            return None
        return report.exec_id, report.leg

    @property
    def occurred_at(self) -> datetime | None:
        """When it happened, by the venue's or the application's clock; None if that is not stated."""
        source = self.report or self.fact
        return source.occurred_at if source else None

    @property
    def actor(self) -> str | None:
        """Who did it; None if that is not stated."""
        return self.fact.actor if self.fact else None

    @property
    def restates_void(self) -> bool:
        """Whether it states an execution anew whose earlier tellings are void: an execution of its own."""
        return self.type is EventType.TRADE and self.fact is not None and self.fact.target_sequence is not None

    @property
    def reported_at(self) -> datetime | None:
        """The time that came with it: `occurred_at`, else the report's `received_at`; None if there is neither."""
        source = self.report
        if source is not None:
            return source.occurred_at or source.received_at
        return self.fact.occurred_at if self.fact else None

    @property
    def happened_at(self) -> datetime:
        """The best known time of the event: `reported_at`, else `recorded_at`.

        Rules: STATE-12.
        """
        return self.reported_at or self.recorded_at

    @property
    def prev_hash(self) -> str:
        """The hash of the event before; of the first event, the digest of the intent (`audit.chain`).

        Rules: AUDIT-1.
        """
        before = self._before
        return before if isinstance(before, str) else before.hash

    @property
    def hash(self) -> str:
        """The digest of the canonical form, which contains `prev_hash`; computed when it is first needed."""
        if not self._hash:
            unsealed: list[OrderEvent] = []
            event: OrderEvent | str = self
            while isinstance(event, OrderEvent) and not event._hash:
                unsealed.append(event)
                event = event._before
            for event in reversed(unsealed):
                event._seal(event.body())
        return self._hash

    def with_anomalies(self, anomalies: Sequence[Anomaly]) -> "OrderEvent":
        """Return the event with further anomalies; the same event, if there are none."""
        return attrs.evolve(self, anomalies=(*self.anomalies, *anomalies)) if anomalies else self

    def body(self) -> str:
        """Return the canonical form, whose digest is `hash`."""
        parts = [f'"account_id":{fields.quoted(self.account_id)}']
        if self.anomalies:
            parts.append(f'"anomalies":{_ANOMALIES.write(self.anomalies)}')
        if self.fact is not None:
            parts.append(f'"fact":{self.fact.canonical()}')
        parts.append(
            f'"order_id":"{self.order_id}","origin":"{self.origin}","prev_hash":"{self.prev_hash}",'
            f'"recorded_at":"{time_text(self.recorded_at)}"'
        )
        if self.report is not None:
            parts.append(f'"report":{self.report.canonical()}')
        if self.report_id is not None:
            parts.append(f'"report_id":"{self.report_id}"')
        if self.content_digest is not None:
            parts.append(f'"said":"{self.content_digest}"')
        trace = "" if self.trace is None else f'"trace":{fields.quoted(self.trace)},'
        parts.append(f'"sequence":{self.sequence},{trace}"type":"{self.type}"')
        return "{" + ",".join(parts) + "}"

    def sealed_body(self) -> str:
        """Return the canonical form, and compute `hash` from it: for a store, which needs both."""
        body = self.body()
        if not self._hash:
            self._seal(body)
        return body

    def _seal(self, body: str) -> None:
        """Hold the digest of the canonical form, and that of the event before in its place."""
        object.__setattr__(self, "_before", self.prev_hash)
        object.__setattr__(self, "_hash", digest("event", body))

    @classmethod
    def from_stored(cls, body: str, hash: str) -> "OrderEvent":
        """Create an event from its stored form without checking it: its hash vouches for it.

        Args:
            body: The canonical form.
            hash: Its digest.

        Raises:
            ArithmeticError, KeyError, TypeError, ValueError: It is damaged and cannot be read.
        """
        values: dict[str, Any] = read_canonical(body)
        if not _STORED.issuperset(values):
            raise KeyError(*(values.keys() - _STORED))
        return _make(
            account_id=values["account_id"],
            order_id=values["order_id"],
            sequence=values["sequence"],
            type=_TYPE_OF[values["type"]],
            origin=_ORIGIN_OF[values["origin"]],
            recorded_at=written_time(values["recorded_at"]),
            content_digest=values.get("said"),
            report=VenueReport.from_trusted(values["report"]) if "report" in values else None,
            fact=LocalFact.from_trusted(values["fact"]) if "fact" in values else None,
            report_id=values.get("report_id"),
            anomalies=tuple([_ANOMALY_OF[name] for name in values["anomalies"]]) if "anomalies" in values else (),
            trace=values.get("trace"),
            _before=values["prev_hash"],
            _hash=hash,
        )

    @classmethod
    def from_canonical(cls, document: Mapping[str, Any], hash: str = "") -> "OrderEvent":
        """Create an event from its canonical form, and check it again.

        Args:
            document: The canonical form as a JSON object.
            hash: Its digest; empty if it is to be computed.
        """
        values: dict[str, Any] = dict(document)
        if "report" in values:
            values["report"] = VenueReport.from_canonical(values["report"])
        if "fact" in values:
            values["fact"] = LocalFact.from_canonical(values["fact"])
        values["anomalies"] = _ANOMALIES.check("anomalies", values.get("anomalies", ()))
        if "trace" in values:
            values["trace"] = checked_trace(values["trace"])
        values["type"] = EventType(values["type"])
        said = values.pop("said", None)
        values["content_digest"] = None if said is None else fields.HASH.check("said", said)
        values["prev_hash"] = fields.HASH.check("prev_hash", values["prev_hash"])
        values["origin"] = Origin(values["origin"])
        values["recorded_at"] = utc_time("recorded_at", values["recorded_at"])
        return cls(**values, hash=hash)


_make = maker_of(OrderEvent)

_STORED = frozenset(
    {"account_id", "anomalies", "fact", "order_id", "origin", "prev_hash", "recorded_at", "report", "report_id"}
    | {"said", "sequence", "trace", "type"}
)
"""The names in the canonical form of an event."""
