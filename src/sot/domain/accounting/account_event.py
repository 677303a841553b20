"""Account events: transfers, funding, interest, dividends, splits and fee adjustments, which have no order."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ONE, ZERO
from sot.domain.values.position_key import Stage, fold_key
from sot.domain.values.vocabulary import AccountEventType, Anomaly, PositionSide

_PAYMENT = frozenset({"amount", "currency"})

_FIELDS_BY_TYPE: dict[AccountEventType, frozenset[str]] = {
    AccountEventType.TRANSFER: frozenset({"quantity", "cost"}),
    AccountEventType.SPLIT: frozenset({"split_to", "split_from"}),
    AccountEventType.FUNDING: _PAYMENT,
    AccountEventType.INTEREST: _PAYMENT,
    AccountEventType.DIVIDEND: _PAYMENT,
    AccountEventType.FEE_ADJUSTMENT: _PAYMENT,
}


_TYPE_FIELDS = ("amount", "currency", "quantity", "cost", "split_to", "split_from")

_OPTIONAL = frozenset({"cost"})

_STAGES = {
    AccountEventType.SPLIT: Stage.SPLITS,
    AccountEventType.EXPIRY: Stage.DEPARTURES,
    AccountEventType.EXERCISE: Stage.DEPARTURES,
    AccountEventType.ASSIGNMENT: Stage.DEPARTURES,
}
"""When an event folds within its moment, where that is not among the arrivals; transfers go by their direction."""

_POSITION_TYPES = frozenset({AccountEventType.TRANSFER, AccountEventType.SPLIT})


@attrs.frozen(slots=False, kw_only=True)
class AccountEvent(fields.Value):
    """An event of an account that no order caused. Its `type` decides which fields it has:

    - TRANSFER: `quantity` units of the instrument came in (positive) or left (negative). `cost` is their entry value in
      settlement currency. It is required for what comes in; units that leave without one keep the cost that they have.
    - FUNDING, INTEREST, DIVIDEND, FEE_ADJUSTMENT: `amount` of `currency` was received (positive) or paid (negative).
      Without a `symbol` it belongs to the account, and to no position.
    - SPLIT: Each `split_from` units (1 by default) became `split_to` units, in all positions of the symbol.

    Attributes:
        event_id: Our id of the event.
        external_id: The venue's id of the event. The same id and type again is a repeat. Without one, the same content
            is a repeat.
        order_id: The order that it belongs to, where one can be named.
        strategy_code: The strategy that it belongs to, where one can be named.
        replaces: The `event_id` of an earlier event that this one replaces. An amount of zero cancels it.

    Raises:
        InvalidInput: A field is missing, not allowed, or not one of this type.
    """

    account_id: str
    type: AccountEventType
    venue: str
    occurred_at: datetime
    event_id: str | None = None
    external_id: str | None = None
    venue_account: str = ""
    symbol: str | None = None
    position_side: PositionSide = PositionSide.NET
    position_id: str = ""
    amount: Decimal | None = None
    currency: str | None = None
    quantity: Decimal | None = None
    cost: Decimal | None = None
    split_to: Decimal | None = None
    split_from: Decimal | None = None
    order_id: str | None = None
    strategy_code: str | None = None
    replaces: str | None = None
    reason: str | None = None
    actor: str | None = None
    received_at: datetime | None = None
    raw_payload: Any = None

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "type": fields.member_of(AccountEventType),
        "venue": fields.NAME,
        "occurred_at": fields.TIME,
        "event_id": fields.IDENTITY,
        "external_id": fields.NAME,
        "venue_account": fields.SCOPE,
        "symbol": fields.NAME,
        "position_side": fields.member_of(PositionSide),
        "position_id": fields.SCOPE,
        "amount": fields.NUMBER,
        "currency": fields.NAME,
        "quantity": fields.NUMBER,
        "cost": fields.NUMBER,
        "split_to": fields.POSITIVE,
        "split_from": fields.POSITIVE,
        "order_id": fields.IDENTITY,
        "strategy_code": fields.NAME,
        "replaces": fields.IDENTITY,
        "reason": fields.TEXT,
        "actor": fields.NAME,
        "received_at": fields.TIME,
        "raw_payload": fields.DOCUMENT,
    }

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        type_fields = _FIELDS_BY_TYPE[self.type]
        if self.type is AccountEventType.SPLIT and self.split_from is None:
            self.__dict__["split_from"] = ONE
        for name in _TYPE_FIELDS:
            value = getattr(self, name)
            if value is not None and name not in type_fields:
                raise InvalidInput(name, value, f"nothing: a {self.type} has {', '.join(sorted(type_fields))}")
            if value is None and name in type_fields and name not in _OPTIONAL:
                raise InvalidInput(name, None, f"a value: a {self.type} needs it")
        if self.symbol is None and self.type in _POSITION_TYPES:
            raise InvalidInput("symbol", None, f"a symbol: a {self.type} changes a position")
        if self.cost is None and self.quantity is not None and self.quantity > ZERO:
            raise InvalidInput("cost", None, "the entry value of what comes in, in settlement currency")

    @property
    def happened_at(self) -> datetime:
        """When it happened."""
        return self.occurred_at

    @property
    def fold_key(self) -> str:
        """The key by which fills and account events fold into positions; `Stage` places it around the fills."""
        return fold_key(
            self.occurred_at, self._stage, self.event_id or "", 0, venue=self.venue, exec_id=self.external_id
        )

    @property
    def _stage(self) -> Stage:
        if self.type is AccountEventType.TRANSFER:
            enlarges = (self.quantity or ZERO) > ZERO
            return Stage.ARRIVALS if enlarges is not (self.position_side is PositionSide.SHORT) else Stage.DEPARTURES
        return _STAGES.get(self.type, Stage.ARRIVALS)

    @property
    def effective(self) -> bool:
        """Whether it changes anything, apart from replacing another event."""
        return bool(self.quantity or self.amount or (self.split_to is not None and self.split_to != self.split_from))


@attrs.frozen(slots=False, kw_only=True)
class RecordedAccountEvent:
    """A recorded account event.

    Attributes:
        content_digest: The digest of its content, by which a repeat is recognised.
        identity: The digest of the venue's id, where it has one. Of two events with one identity and different content,
            the second has anomalies and no effect.
        hash: The digest of the event and its anomalies.
    """

    event: AccountEvent
    recorded_at: datetime
    content_digest: str
    identity: str
    hash: str
    anomalies: Sequence[Anomaly] = ()

    @property
    def event_id(self) -> str:
        """The id of the event."""
        assert self.event.event_id is not None
        return self.event.event_id

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.event.account_id

    @property
    def counts(self) -> bool:
        """Whether it has an effect, unless it is replaced."""
        return Anomaly.DUPLICATE_CONFLICT not in self.anomalies
