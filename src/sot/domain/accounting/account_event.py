"""Account events: what moves a position, its result or cash without an order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.values import fields, given
from sot.domain.values.errors import InvalidInput
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ONE, ZERO, add, canonical
from sot.domain.values.position_key import Stage, fold_key
from sot.domain.values.value import CompleteValue, RuledValue, value_of
from sot.domain.values.vocabulary import AccountEventType, Anomaly, PositionSide


@attrs.frozen(slots=False, kw_only=True)
class TransferLot(CompleteValue):
    """Units that a transfer moves and that were acquired together.

    Attributes:
        quantity: The units, without sign.
        acquired_at: When they were acquired.
        cost: The entry value of units that come in, in settlement currency; None of units that leave.
    """

    quantity: Decimal = attrs.field(converter=given.decimal)
    acquired_at: datetime = attrs.field(converter=given.time)
    cost: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)

    KINDS: ClassVar = {"quantity": fields.POSITIVE, "acquired_at": fields.TIME, "cost": fields.NUMBER}


TRANSFER_LOTS = fields.sequence_of(value_of(TransferLot))
"""The lots of a transfer."""


class _Form:
    """The fields of one form of a type. The field `when` chooses a form; without any, it is the last of the type."""

    def __init__(self, needs: str, may: str = "", when: str = "") -> None:
        self.needs = needs.split()
        self.allowed = frozenset([*self.needs, *may.split()])
        self.when = when


_PAYMENT = (_Form("amount currency", may="symbol"),)

_EXERCISE = (
    _Form("symbol quantity amount currency", when="amount"),
    _Form("symbol quantity to_symbol", may="to_quantity price"),
)

_FORMS: Mapping[AccountEventType, Sequence[_Form]] = {
    AccountEventType.TRANSFER: (
        _Form("symbol quantity", may="cost lots short", when="symbol"),
        _Form("amount currency"),
    ),
    AccountEventType.FUNDING: _PAYMENT,
    AccountEventType.INTEREST: _PAYMENT,
    AccountEventType.DIVIDEND: _PAYMENT,
    AccountEventType.FEE_ADJUSTMENT: _PAYMENT,
    AccountEventType.SPLIT: (_Form("symbol split_to split_from"),),
    AccountEventType.COST_ADJUSTMENT: (
        _Form("symbol cost", when="cost"),
        _Form("symbol amount currency"),
    ),
    AccountEventType.SPIN_OFF: (
        _Form("symbol to_symbol to_quantity cost_share", when="cost_share"),
        _Form("symbol to_symbol to_quantity cost"),
    ),
    AccountEventType.EXPIRY: (
        _Form("symbol amount currency", may="quantity", when="amount"),
        _Form("symbol", may="quantity price"),
    ),
    AccountEventType.EXERCISE: _EXERCISE,
    AccountEventType.ASSIGNMENT: _EXERCISE,
}
"""The forms of each type.

Rules: REFUSE-1.
"""

_TYPE_FIELDS = (
    "symbol",
    "amount",
    "currency",
    "quantity",
    "cost",
    "cost_share",
    "price",
    "lots",
    "short",
    "split_to",
    "split_from",
    "to_symbol",
    "to_quantity",
)

_CLOSES = frozenset({AccountEventType.EXPIRY, AccountEventType.EXERCISE, AccountEventType.ASSIGNMENT})

_ZERO_STRIKES = ("quantity", "amount", "to_quantity")

_STAGES = {
    AccountEventType.SPLIT: Stage.SPLITS,
    AccountEventType.EXPIRY: Stage.DEPARTURES,
    AccountEventType.EXERCISE: Stage.DEPARTURES,
    AccountEventType.ASSIGNMENT: Stage.DEPARTURES,
}
"""When an event folds within its moment, where that is not among the arrivals; transfers go by their direction."""


@attrs.frozen(slots=False, kw_only=True)
class AccountEvent(RuledValue):
    """An event of an account that no order caused. Its `type` decides which fields it has:

    - TRANSFER with a `symbol`: `quantity` units of the instrument came in (positive) or left (negative). `cost` is
      their entry value in settlement currency. It is required for what comes in; units that leave without one keep the
      cost that they have, those with one are closed for it. `lots` have their own acquisition times. `short`: the units
      are owed. A short position moves in (negative, with the `cost` that it brought in) or out (positive).
    - TRANSFER without a `symbol`: cash came in (positive `amount` of `currency`) or left (negative).
    - FUNDING, INTEREST, DIVIDEND, FEE_ADJUSTMENT: `amount` of `currency` was received (positive) or paid (negative).
      Without a `symbol` it belongs to the account, and to no position.
    - SPLIT: Each `split_from` units (1 by default) became `split_to` units, in all positions of the symbol.
    - COST_ADJUSTMENT: `amount` of `currency` was received for the open units, such as a return of capital, and lowers
      their entry value; or was paid, and raises it. Or their entry value changed by `cost` without a payment.
    - SPIN_OFF: `to_quantity` units of `to_symbol` came in. `cost` of the entry value of the open units moves to them,
      or the part `cost_share` of it.
    - EXPIRY: `quantity` open units (by default all) ceased to exist: worthless, at a `price`, or for an `amount` of
      `currency` that was received (positive) or paid (negative).
    - EXERCISE, ASSIGNMENT: `quantity` units of an option were exercised, by the account or against it. Settled in cash,
      `amount` of `currency` was received or paid for them. Else `to_quantity` units of `to_symbol` were bought
      (positive) or sold (negative) at `price`, by default what the option's terms say.

    Attributes:
        event_id: Our id of the event.
        external_id: The venue's id of the event. The same id and type again is a repeat. Without one, the same content
            is a repeat.
        order_id: The order that it belongs to, where one can be named.
        strategy_code: The strategy that it belongs to, where one can be named.
        replaces: The `event_id` of an earlier event that this one replaces. An amount or quantity of zero strikes it.

    Raises:
        InvalidInput: A field is missing, not allowed, senseless, or not one of this type.
    """

    account_id: str
    type: AccountEventType = attrs.field(converter=given.account_event_type)
    venue: str
    occurred_at: datetime = attrs.field(converter=given.time)
    event_id: str | None = None
    external_id: str | None = None
    venue_account: str = attrs.field(default="", converter=given.text)
    symbol: str | None = None
    position_side: PositionSide = attrs.field(default=PositionSide.NET, converter=given.position_side)
    position_id: str = attrs.field(default="", converter=given.text)
    amount: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    currency: str | None = None
    quantity: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    cost: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    cost_share: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    price: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    lots: Sequence[TransferLot] = ()
    short: bool | None = None
    split_to: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    split_from: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    to_symbol: str | None = None
    to_quantity: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    order_id: str | None = None
    strategy_code: str | None = None
    replaces: str | None = None
    reason: str | None = None
    actor: str | None = None
    received_at: datetime | None = attrs.field(default=None, converter=given.time_or_none)
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
        "cost_share": fields.POSITIVE,
        "price": fields.NUMBER,
        "lots": TRANSFER_LOTS,
        "short": fields.FLAG,
        "split_to": fields.POSITIVE,
        "split_from": fields.POSITIVE,
        "to_symbol": fields.NAME,
        "to_quantity": fields.NUMBER,
        "order_id": fields.IDENTITY,
        "strategy_code": fields.NAME,
        "replaces": fields.IDENTITY,
        "reason": fields.TEXT,
        "actor": fields.NAME,
        "received_at": fields.TIME,
        "raw_payload": fields.DOCUMENT,
    }

    def _fill_defaults(self) -> None:
        if self.type is AccountEventType.SPLIT and self.split_from is None:
            self.__dict__["split_from"] = ONE

    def _check_rules(self) -> None:
        self._check_form()
        if self.replaces is None:
            self._check_effect()
        for name, allowed in self._senseless_fields():
            raise InvalidInput(name, getattr(self, name), allowed)

    def _check_form(self) -> None:
        """Check that the event has the fields of its type, and no others."""
        if self.type is AccountEventType.TRANSFER and self.symbol is None and self.quantity is not None:
            raise InvalidInput("symbol", None, "a symbol: a TRANSFER of a quantity changes a position")
        forms = _FORMS[self.type]
        form = next((form for form in forms[:-1] if getattr(self, form.when) is not None), forms[-1])
        for name in _TYPE_FIELDS:
            value = getattr(self, name)
            if value is not None and value != () and name not in form.allowed:
                raise InvalidInput(name, value, f"nothing: this {self.type} has {', '.join(sorted(form.allowed))}")
            if value is None and name in form.needs:
                raise InvalidInput(name, None, f"a value: a {self.type} needs it")

    def _check_effect(self) -> None:
        """Refuse what changes nothing. Only an event that replaces another one may: it strikes that event.

        Rules: REFUSE-2.
        """
        names = ("cost",) if self.type is AccountEventType.COST_ADJUSTMENT else ()
        for name in (*_ZERO_STRIKES, *names):
            if getattr(self, name) == ZERO:
                raise InvalidInput(name, ZERO, "what is not zero: only an event that replaces another one may be zero")
        if self.split_to is not None and self.split_to == self.split_from:
            raise InvalidInput("split_to", self.split_to, "another number than split_from, into which units are split")

    def _senseless_fields(self) -> Iterator[tuple[str, str]]:
        """Iterate over fields whose values make no sense together, each with what is allowed.

        Rules: REFUSE-3, REFUSE-4.
        """
        if self.quantity is not None and self.quantity < ZERO and self.type in _CLOSES:
            yield "quantity", "the units that ceased to exist, without a sign"
        if self.cost is not None and self.cost < ZERO and self.type is not AccountEventType.COST_ADJUSTMENT:
            yield "cost", "an entry value, which is not negative"
        if self.cost_share is not None and self.cost_share > ONE:
            yield "cost_share", "a part of the entry value: at most 1"
        if self.short and self.position_side is PositionSide.LONG:
            yield "short", "nothing: a LONG position is never short"
        if self.to_symbol is not None and self.to_symbol == self.symbol:
            yield "to_symbol", "another symbol than that of the event"
        if self.type is AccountEventType.TRANSFER and self.quantity:
            yield from self._senseless_transfer(self.quantity)

    def _senseless_transfer(self, quantity: Decimal) -> Iterator[tuple[str, str]]:
        """Iterate over what makes no sense about a transfer of units, each with what is allowed.

        Rules: REFUSE-4.
        """
        costs = [lot.cost for lot in self.lots if lot.cost is not None]
        if self.lots and _sum(lot.quantity for lot in self.lots) != quantity.copy_abs():
            yield "lots", "lots whose quantities add up to that of the transfer"
        if any(cost < ZERO for cost in costs):
            yield "lots", "lots whose costs are not negative"
        if not self.enters:
            if costs:
                yield "lots", "lots without a cost: units that leave keep the cost that they have, or have one together"
        elif self.lots and len(costs) < len(self.lots):
            yield "lots", "lots each with its cost: the entry value of what comes in, in settlement currency"
        elif self.lots and self.cost not in (None, _sum(costs)):
            yield "cost", "the sum of the costs of the lots, or nothing"
        elif self.entry_cost is None:
            yield "cost", "the entry value of what comes in, in settlement currency"

    @property
    def is_short(self) -> bool:
        """Whether the units of a transfer are owed."""
        return bool(self.short) or self.position_side is PositionSide.SHORT

    @property
    def enters(self) -> bool:
        """Whether the units of a transfer enter a position, long or short; otherwise they leave one."""
        assert self.quantity is not None
        return (self.quantity > ZERO) is not self.is_short

    @property
    def entry_cost(self) -> Decimal | None:
        """The entry value of what a transfer brings, or for what it is closed; None if it states none."""
        if self.cost is not None or not self.lots or self.lots[0].cost is None:
            return self.cost
        return _sum(lot.cost or ZERO for lot in self.lots)

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
        """When it folds within its moment.

        Rules: FOLD-2.
        """
        if self.type is AccountEventType.TRANSFER and self.quantity is not None:
            return Stage.ARRIVALS if self.enters else Stage.DEPARTURES
        return _STAGES.get(self.type, Stage.ARRIVALS)

    @property
    def effective(self) -> bool:
        """Whether it changes anything, apart from replacing another event.

        Rules: ENTRY-2.
        """
        if self.type is AccountEventType.COST_ADJUSTMENT and self.cost == ZERO:
            return False
        if self.split_to is not None and self.split_to == self.split_from:
            return False
        return all(getattr(self, name) != ZERO for name in _ZERO_STRIKES)


@attrs.frozen(slots=False, kw_only=True)
class RecordedAccountEvent(JsonForm):
    """A recorded account event.

    Attributes:
        content_digest: The digest of its content, by which a repeat is recognised.
        identity: The digest of the venue's id, where it has one. Of two events with one identity and different content,
            the second has anomalies and no effect.
        hash: The digest of the event and its anomalies.
    """

    DERIVED: ClassVar = ("event_id", "account_id", "counts")

    event: AccountEvent
    recorded_at: datetime
    content_digest: str
    identity: str
    hash: str
    anomalies: Sequence[Anomaly] = attrs.field(default=(), eq=tuple)

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


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    result = ZERO
    for amount in amounts:
        result = add(result, amount)
    return canonical(result)
