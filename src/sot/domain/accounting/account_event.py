"""What moves a position or its result without an order: transfers, funding, interest, dividends, splits and more."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ONE, ZERO
from sot.domain.values.position_key import fold_key
from sot.domain.values.vocabulary import AccountEventType, Anomaly, PositionSide

_PAYS = frozenset({"amount", "currency"})


_SAYS: dict[AccountEventType, frozenset[str]] = {
    AccountEventType.TRANSFER: frozenset({"quantity", "cost"}),
    AccountEventType.SPLIT: frozenset({"split_to", "split_from"}),
    AccountEventType.FUNDING: _PAYS,
    AccountEventType.INTEREST: _PAYS,
    AccountEventType.DIVIDEND: _PAYS,
    AccountEventType.FEE_ADJUSTMENT: _PAYS,
}


_FIGURES = ("amount", "currency", "quantity", "cost", "split_to", "split_from")


_OPTIONAL = frozenset({"cost"})


_OF_A_POSITION = frozenset({AccountEventType.TRANSFER, AccountEventType.SPLIT})


@attrs.frozen(slots=False, kw_only=True)
class AccountEvent(fields.Value):
    """One fact about an account that no order made. What it says depends on its `type`:

    - TRANSFER: `quantity` units of the instrument came in (positive) or left (negative). `cost` is their whole entry
      value in settlement currency, required for what comes in; units that leave without one take their own along.
    - FUNDING, INTEREST, DIVIDEND, FEE_ADJUSTMENT: `amount` of `currency` was received (positive) or paid (negative).
      Without a `symbol` it belongs to the account, and to no position.
    - SPLIT: each `split_from` units became `split_to` units, in all positions of the symbol; `split_from` is 1 unless
      given.

    `external_id` is the venue's id of it: the same id of the same type again is a repeat. Without one, what it says
    tells. `replaces` names an earlier event by its `event_id`: this one counts in its place (an amount of zero strikes
    it). `strategy_code` is whose result it is, where one strategy can be named.

    Raises: InvalidInput: a field that is not allowed, missing, or of another type of event.
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
        says = _SAYS[self.type]
        if self.type is AccountEventType.SPLIT and self.split_from is None:
            self.__dict__["split_from"] = ONE
        for name in _FIGURES:
            value = getattr(self, name)
            if value is not None and name not in says:
                raise InvalidInput(name, value, f"nothing: a {self.type} has {', '.join(sorted(says))}")
            if value is None and name in says and name not in _OPTIONAL:
                raise InvalidInput(name, None, f"a value: a {self.type} needs it")
        if self.symbol is None and self.type in _OF_A_POSITION:
            raise InvalidInput("symbol", None, f"a symbol: a {self.type} is of a position")
        if self.cost is None and self.quantity is not None and self.quantity > ZERO:
            raise InvalidInput("cost", None, "the entry value of what comes in, in settlement currency")

    @property
    def happened_at(self) -> datetime:
        """When it took effect."""
        return self.occurred_at

    @property
    def fold_key(self) -> str:
        """Its place among all that moves positions: before the fills of the same moment."""
        return fold_key(self.occurred_at, 0, self.venue, None, self.external_id, "", self.event_id or "", 0)

    @property
    def effective(self) -> bool:
        """Whether it does anything at all, beside replacing another."""
        return bool(self.quantity or self.amount or (self.split_to is not None and self.split_to != self.split_from))


@attrs.frozen(slots=False, kw_only=True)
class RecordedAccountEvent:
    """An account event that has its id, when it was recorded, and its digest.

    `said` is the digest of what it says, by which a repeat is recognised, `identity` that of the venue's id, where it
    has one: of two that say different things under one id, the second has anomalies and no effect.
    """

    event: AccountEvent
    recorded_at: datetime
    content_digest: str
    identity: str
    hash: str
    anomalies: Sequence[Anomaly] = ()

    @property
    def event_id(self) -> str:
        """Its id, which every recorded one has."""
        assert self.event.event_id is not None
        return self.event.event_id

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.event.account_id

    @property
    def counts(self) -> bool:
        """Whether it may have an effect; one that is replaced has none."""
        return Anomaly.DUPLICATE_CONFLICT not in self.anomalies
