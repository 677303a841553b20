"""One fact about an order, chained to the one before it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain import fields
from sot.domain.canonical import digest
from sot.domain.report import VenueReport
from sot.domain.vocabulary import Anomaly, EventType, OrderStatus, Origin


_UNCOMPARED = frozenset({"actor"})


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
        "resolved_status": fields.word(OrderStatus),
        "attributed_order_id": fields.IDENTITY,
        "occurred_at": fields.MOMENT,
        "actor": fields.NAME,
    }

    def said_digest(self, event_type: EventType) -> str:
        """The digest by which a repeat of this local fact is recognised; who said it does not count."""
        return digest("local", f'{{"fact":{self.canonical(without=_UNCOMPARED)},"type":"{event_type}"}}')


@attrs.frozen(slots=False, kw_only=True)
class OrderEvent(fields.Value):
    """One fact about an order.

    `sequence` counts from 1 without gaps; order within an order is by it alone, never by time. A venue's event has its
    `report`, one of ours its `fact`. `report_id` names the unattributed report that this event took up.
    `said` is the digest by which a repeat is recognised, where no `exec_id` does that.
    `hash` is the digest of everything else here, `prev_hash` included.
    """

    account_id: str
    order_id: str
    sequence: int
    type: EventType
    origin: Origin
    recorded_at: datetime
    prev_hash: str
    said: str | None = None
    report: VenueReport | None = None
    fact: LocalFact | None = None
    report_id: str | None = None
    anomalies: Sequence[Anomaly] = ()
    hash: str = ""

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "order_id": fields.IDENTITY,
        "sequence": fields.COUNT,
        "type": fields.word(EventType),
        "origin": fields.word(Origin),
        "recorded_at": fields.MOMENT,
        "prev_hash": fields.HASH,
        "said": fields.HASH,
        "report": fields.value_of(VenueReport),
        "fact": fields.value_of(LocalFact),
        "report_id": fields.IDENTITY,
        "anomalies": fields.sequence_of(fields.word(Anomaly)),
        "hash": fields.SCOPE,
    }

    def __attrs_post_init__(self) -> None:
        """Nothing is checked: events are made from checked parts by `sot` alone."""

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
    def happened_at(self) -> datetime:
        """The best known time of the event: `occurred_at`, else the report's `received_at`, else `recorded_at`."""
        return self.occurred_at or (self.report and self.report.received_at) or self.recorded_at

    def body(self) -> str:
        """The canonical form, which `hash` is the digest of."""
        return self.canonical(without=_UNHASHED)

    def sealed(self) -> str:
        """Give the event its hash, once, and return the body that was hashed."""
        body = self.body()
        self.__dict__["hash"] = digest("event", body)
        return body

    @classmethod
    def stored(cls, body: str, hash: str) -> "OrderEvent":
        """An event read back from its body and hash."""
        values = json.loads(body)
        for name, value in values.items():
            kind = cls.KINDS[name]
            values[name] = kind.check(name, value if kind.parse is None else kind.parse(value))
        return cls(**values, hash=hash)


_UNHASHED = frozenset({"hash"})
