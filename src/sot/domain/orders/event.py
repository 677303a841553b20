"""One fact about an order, chained to the one before it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.orders.report import VenueReport
from sot.domain.values import fields
from sot.domain.values.canonical import digest, read_canonical
from sot.domain.values.times import time_text, utc_time
from sot.domain.values.vocabulary import Anomaly, EventType, OrderStatus, Origin


@attrs.frozen(slots=False, kw_only=True)
class LocalFact(fields.Value):
    """What an event of ours states, beyond its type.

    `request_id` is the request that was sent, failed or is in doubt; `mark` is in quote currency per unit and `rates`
    are settlement currency per unit of each currency; `target_sequence` is the event that a VOIDED voids;
    `resolved_status` is what a person found when RESOLVED; `attributed_order_id` is the order that an external order
    turned out to be.
    """

    request_id: str | None = None
    client_order_id: str | None = None
    reason: str | None = None
    mark: Decimal | None = None
    rates: Mapping[str, Decimal] | None = None
    target_sequence: int | None = None
    resolved_status: OrderStatus | None = None
    attributed_order_id: str | None = None
    occurred_at: datetime | None = None
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
        """The digest by which a repeat of this local fact is recognised."""
        return digest("local", f'{{"fact":{self.canonical()},"type":"{event_type}"}}')


def repeat_digest(said: str, of: str) -> str:
    """The digest by which a repeat is recognised of words (`said`) that were said before, of something else."""
    return digest("again", f'{{"of":"{of}","said":"{said}"}}')


_ANOMALIES = fields.sequence_of(fields.member_of(Anomaly))


_ANOMALY_OF = {str(member): member for member in Anomaly}


_TYPE_OF = {str(member): member for member in EventType}


_ORIGIN_OF = {str(member): member for member in Origin}


def checked_trace(trace: str | None) -> str | None:
    """What caused an event, as it may be kept.

    Raises: InvalidInput: not a text of 1 to 255 characters.
    """
    return None if trace is None else fields.NAME.check("trace", trace)


@attrs.frozen(slots=False, kw_only=True)
class OrderEvent:
    """One fact about an order.

    `sequence` counts from 1 without gaps; order within an order is by it alone, never by time. A venue's event has its
    `report`, one of ours its `fact`. `report_id` names the unattributed report that this event took up.
    A refusal that calling the venue gave has the request that it refuses as its fact, too.
    `said` is the digest by which a repeat is recognised, where no `exec_id` does that. `trace` names what caused it.
    Events are made by `sot` alone, from checked parts; `prev_hash` may be given as the event before, whose hash it is.
    """

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
    anomalies: Sequence[Anomaly] = ()
    trace: str | None = None
    _before: "OrderEvent | str" = attrs.field(alias="prev_hash", eq=False, repr=False)
    _hash: str = attrs.field(default="", alias="hash", eq=False, repr=False)

    @property
    def occurred_at(self) -> datetime | None:
        """When it happened, by the venue's or the application's clock; None if that was not said."""
        source = self.report or self.fact
        return source.occurred_at if source else None

    @property
    def actor(self) -> str | None:
        """Who did it, where that was said."""
        return self.fact.actor if self.fact else None

    @property
    def reported_at(self) -> datetime | None:
        """The time that it was told with: `occurred_at`, else the report's `received_at`; None if there is neither."""
        return self.occurred_at or (self.report.received_at if self.report else None)

    @property
    def happened_at(self) -> datetime:
        """The best known time of the event: the one it was told with, else `recorded_at`."""
        return self.reported_at or self.recorded_at

    @property
    def prev_hash(self) -> str:
        """The hash of the event before; of the first event, the digest of the intent."""
        before = self._before
        return before if isinstance(before, str) else before.hash

    @property
    def hash(self) -> str:
        """The digest of everything else, `prev_hash` included; computed when it is first asked for."""
        if not self._hash:
            unsealed: list[OrderEvent] = []
            event: OrderEvent | str = self
            while isinstance(event, OrderEvent) and not event._hash:
                unsealed.append(event)
                event = event._before
            for event in reversed(unsealed):
                event.__dict__["_before"] = event.prev_hash
                event.__dict__["_hash"] = digest("event", event.body())
        return self._hash

    def with_anomalies(self, found: Sequence[Anomaly]) -> "OrderEvent":
        """The event with further anomalies; itself, if there are none."""
        return attrs.evolve(self, anomalies=(*self.anomalies, *found)) if found else self

    def body(self) -> str:
        """The canonical form, which `hash` is the digest of."""
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
        traced = "" if self.trace is None else f'"trace":{fields.quoted(self.trace)},'
        parts.append(f'"sequence":{self.sequence},{traced}"type":"{self.type}"')
        return "{" + ",".join(parts) + "}"

    def sealed_body(self) -> str:
        """The canonical form, and see to it that `hash` is its digest: for who keeps both."""
        body = self.body()
        if not self._hash:
            self.__dict__["_before"] = self.prev_hash
            self.__dict__["_hash"] = digest("event", body)
        return body

    @classmethod
    def stored(cls, body: str, hash: str) -> "OrderEvent":
        """An event read back from its body and hash, which vouches for what it says: it is not checked again.

        Raises: ArithmeticError, KeyError, TypeError, ValueError: it was damaged, and cannot be read.
        """
        values: dict[str, Any] = read_canonical(body)
        if "report" in values:
            values["report"] = VenueReport.from_trusted(values["report"])
        if "fact" in values:
            values["fact"] = LocalFact.from_trusted(values["fact"])
        if "anomalies" in values:
            values["anomalies"] = tuple([_ANOMALY_OF[name] for name in values["anomalies"]])
        values["type"] = _TYPE_OF[values["type"]]
        values["content_digest"] = values.pop("said", None)
        values["origin"] = _ORIGIN_OF[values["origin"]]
        values["recorded_at"] = datetime.fromisoformat(values["recorded_at"])
        return cls(**values, hash=hash)

    @classmethod
    def from_canonical(cls, written: Mapping[str, Any], hash: str = "") -> "OrderEvent":
        """An event from its canonical form, as JSON values."""
        values: dict[str, Any] = dict(written)
        if "report" in values:
            values["report"] = VenueReport.from_canonical(values["report"])
        if "fact" in values:
            values["fact"] = LocalFact.from_canonical(values["fact"])
        values["anomalies"] = _ANOMALIES.check("anomalies", values.get("anomalies", ()))
        if "trace" in values:
            values["trace"] = checked_trace(values["trace"])
        values["type"] = EventType(values["type"])
        values["content_digest"] = values.pop("said", None)
        values["origin"] = Origin(values["origin"])
        values["recorded_at"] = utc_time("recorded_at", values["recorded_at"])
        return cls(**values, hash=hash)
