"""Requests: intents, with the context of the decision and the results of risk checks, before anything is sent."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.values import fields, given
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import exact
from sot.domain.values.slotted import SlottedValue, slotted
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import (
    Action,
    OrderType,
    PositionEffect,
    PositionSide,
    RequestStatus,
    Side,
    TimeInForce,
)

LIMIT_PRICED = (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_IF_TOUCHED)
"""The types of orders that need a limit price."""

STOP_PRICED = (OrderType.STOP, OrderType.STOP_LIMIT, OrderType.MARKET_IF_TOUCHED, OrderType.LIMIT_IF_TOUCHED)
"""The types of orders that need a stop price."""

TERMS = ("quantity", "quote_quantity", "limit_price", "stop_price", "time_in_force", "expire_at")
"""The fields that a REPLACE may change."""

UNRECORDED = ("target_client_order_id",)
"""The fields of an intent that no recorded request has: submitting puts what they mean in their place."""

_NOT_COMPARED = frozenset({"request_id", "requested_at", "raw_payload", "trace"})


@slotted
@attrs.frozen(kw_only=True, weakref_slot=False, getstate_setstate=False)
class OrderRequest(SlottedValue):
    """An intent: a NEW order, or a REPLACE or CANCEL of the order `target_order_id` or `target_client_order_id`.

    One of `idempotency_key`, `client_order_id` and `request_id` is required. It makes the same intent, submitted again,
    the same request.

    Attributes:
        idempotency_key: Recognises a repeat; by default the `client_order_id`, else the `request_id`.
        client_order_id: The id under which the order is sent (FIX tag 11).
        id_scope: The scope in which identifiers are unique, where the venue uses identifiers again (such as days).
        target_order_id: The order to replace or cancel.
        target_client_order_id: A client order id of the order to replace or cancel, instead of `target_order_id`, which
            `submit` puts in its place.
        source: The system that the intent came from, and `source_ref` its id there.
        quantity: Units of the instrument; contracts for derivatives.
        quote_quantity: The amount to trade in quote currency, instead of `quantity`.
        limit_price: Quote currency per unit.
        stop_price: Quote currency per unit.
        expire_at: When a GTD order expires.
        position_side: The position to change, where the venue keeps long and short positions apart.
        position_id: The id of the position to change, where the venue has several.
        strategy_code: The strategy that it belongs to.
        requested_by: Who asked for it.
        retry_of: The request that this one repeats.
        parent_id: The request that this one is a part of.
        group_id: Names requests that belong together.
        trace: What caused it, such as the id of a request to the API.

    Raises:
        InvalidInput: A field is not allowed, or the intent makes no sense.
    """

    _RARE: ClassVar = frozenset(
        {
            "expire_at",
            "group_id",
            "id_scope",
            "parent_id",
            "position_effect",
            "position_id",
            "position_side",
            "post_only",
            "quote_quantity",
            "reduce_only",
            "retry_of",
            "stop_price",
            "target_client_order_id",
            "target_order_id",
        }
    )

    account_id: str
    action: Action = attrs.field(default=Action.NEW, converter=given.action)
    request_id: str | None = None
    idempotency_key: str | None = None
    client_order_id: str | None = None
    id_scope: str = attrs.field(default="", converter=given.text)
    target_order_id: str | None = None
    target_client_order_id: str | None = None
    source: str | None = None
    source_ref: str | None = None
    venue: str | None = None
    venue_account: str = attrs.field(default="", converter=given.text)
    symbol: str | None = None
    side: Side | None = attrs.field(default=None, converter=given.side_or_none)
    order_type: OrderType | None = attrs.field(default=None, converter=given.order_type_or_none)
    quantity: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    quote_quantity: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    limit_price: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    stop_price: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    time_in_force: TimeInForce | None = attrs.field(default=None, converter=given.time_in_force_or_none)
    expire_at: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    post_only: bool | None = None
    reduce_only: bool | None = None
    position_side: PositionSide | None = attrs.field(default=None, converter=given.position_side_or_none)
    position_effect: PositionEffect | None = attrs.field(default=None, converter=given.position_effect_or_none)
    position_id: str | None = None
    strategy_code: str | None = None
    requested_by: str | None = None
    requested_at: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    retry_of: str | None = None
    parent_id: str | None = None
    group_id: str | None = None
    tags: Mapping[str, str] | None = None
    raw_payload: Any = None
    trace: str | None = None

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "action": fields.member_of(Action),
        "request_id": fields.IDENTITY,
        "idempotency_key": fields.NAME,
        "client_order_id": fields.NAME,
        "id_scope": fields.SCOPE,
        "target_order_id": fields.IDENTITY,
        "target_client_order_id": fields.NAME,
        "source": fields.NAME,
        "source_ref": fields.NAME,
        "venue": fields.NAME,
        "venue_account": fields.SCOPE,
        "symbol": fields.NAME,
        "side": fields.member_of(Side),
        "order_type": fields.member_of(OrderType),
        "quantity": fields.POSITIVE,
        "quote_quantity": fields.POSITIVE,
        "limit_price": fields.NUMBER,
        "stop_price": fields.NUMBER,
        "time_in_force": fields.member_of(TimeInForce),
        "expire_at": fields.TIME,
        "post_only": fields.FLAG,
        "reduce_only": fields.FLAG,
        "position_side": fields.member_of(PositionSide),
        "position_effect": fields.member_of(PositionEffect),
        "position_id": fields.NAME,
        "strategy_code": fields.NAME,
        "requested_by": fields.NAME,
        "requested_at": fields.TIME,
        "retry_of": fields.IDENTITY,
        "parent_id": fields.IDENTITY,
        "group_id": fields.NAME,
        "tags": fields.TAGS,
        "raw_payload": fields.DOCUMENT,
        "trace": fields.NAME,
    }

    def _complete(self) -> None:
        if self.idempotency_key is None:
            object.__setattr__(self, "idempotency_key", self.client_order_id or self.request_id)
        if self.idempotency_key is None:
            raise InvalidInput(
                "idempotency_key", None, "an idempotency_key or a client_order_id, by which a repeat is recognised"
            )
        (_check_new if self.action is Action.NEW else _check_amendment)(self)

    @property
    def key(self) -> str:
        """The key by which a repeat is recognised, unique per account."""
        return self.idempotency_key or ""

    def differences(self, other: "OrderRequest") -> list[str]:
        """Find the fields in which two intents differ. Ids, times, raw payloads and traces are not compared.

        Rules: SUBMIT-6, TRACE-2.
        """
        return [
            name for name in self.KINDS if name not in _NOT_COMPARED and getattr(self, name) != getattr(other, name)
        ]


_TARGETS = ("target_order_id", "target_client_order_id")


def _require(request: OrderRequest, names: tuple[str, ...], why: str) -> None:
    for name in names:
        if getattr(request, name) is None:
            raise InvalidInput(name, None, f"a value: {why}")


def _check_new(request: OrderRequest) -> None:
    """Check the fields of a NEW.

    Rules: SUBMIT-1, SUBMIT-2.
    """
    _require(request, ("venue", "symbol", "side", "order_type"), "a new order needs it")
    for name in _TARGETS:
        if getattr(request, name) is not None:
            raise InvalidInput(name, getattr(request, name), "nothing: only REPLACE and CANCEL have a target")
    if (request.quantity is None) == (request.quote_quantity is None):
        raise InvalidInput("quantity", request.quantity, "either quantity or quote_quantity")
    kind = request.order_type
    if kind in LIMIT_PRICED:
        _require(request, ("limit_price",), f"a {kind} order needs it")
    if kind in STOP_PRICED:
        _require(request, ("stop_price",), f"a {kind} order needs it")
    if request.time_in_force is TimeInForce.GTD:
        _require(request, ("expire_at",), "a GTD order needs it")
    if request.post_only and kind is OrderType.MARKET:
        raise InvalidInput("post_only", True, "post_only only on orders that can rest")


def _check_amendment(request: OrderRequest) -> None:
    """Check the fields of a REPLACE or a CANCEL.

    Rules: SUBMIT-3.
    """
    named = [name for name in _TARGETS if getattr(request, name) is not None]
    if not named:
        allowed = f"a value, or target_client_order_id: a {request.action} needs the order to change"
        raise InvalidInput("target_order_id", None, allowed)
    if len(named) > 1:
        allowed = "one target: target_order_id or target_client_order_id"
        raise InvalidInput("target_client_order_id", request.target_client_order_id, allowed)
    terms = [name for name in TERMS if getattr(request, name) is not None]
    if request.action is Action.REPLACE and not terms:
        raise InvalidInput("quantity", None, f"at least one new term: {', '.join(TERMS)}")
    if request.action is Action.CANCEL and terms:
        raise InvalidInput(terms[0], getattr(request, terms[0]), "nothing: a CANCEL has no terms")


@attrs.frozen(slots=False, kw_only=True)
class DecisionContext(Value):
    """The context of a decision: why a request was made.

    Attributes:
        indicators: A JSON object.
        signal_strength: A number in the strategy's own scale.
        market_snapshot: A JSON object. Its `decision_price`, in quote currency per unit, is the price that slippage is
            measured against.

    Raises:
        InvalidInput: A document is not a JSON object, contains a float, or has a decision price that is not exact.
    """

    DERIVED: ClassVar = ("decision_price",)

    indicators: Mapping[str, Any] | None = None
    signal_strength: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    market_snapshot: Mapping[str, Any] | None = None

    KINDS: ClassVar = {
        "indicators": fields.DOCUMENT,
        "signal_strength": fields.NUMBER,
        "market_snapshot": fields.DOCUMENT,
    }

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for name in ("indicators", "market_snapshot"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, dict):
                raise InvalidInput(name, value, "an object")
        _ = self.decision_price

    @property
    def decision_price(self) -> Decimal | None:
        """The price at the time of the decision, in quote currency per unit; None if the snapshot has none."""
        price = (self.market_snapshot or {}).get("decision_price")
        return None if price is None else exact("market_snapshot.decision_price", price)


@attrs.frozen(slots=False, kw_only=True)
class RiskCheck(Value):
    """The result of a risk check, which is performed elsewhere. The latest result of a `rule_code` counts.

    Raises:
        InvalidInput: A field is not allowed.
    """

    rule_code: str
    passed: bool
    message: str | None = None
    checked_at: datetime | None = attrs.field(default=None, converter=given.time_or_none)

    KINDS: ClassVar = {
        "rule_code": fields.NAME,
        "passed": fields.FLAG,
        "message": fields.TEXT,
        "checked_at": fields.TIME,
    }


@attrs.frozen(slots=False, kw_only=True)
class Withdrawal(Value):
    """The withdrawal of a request before it was sent."""

    reason: str | None = None
    actor: str | None = None
    occurred_at: datetime | None = attrs.field(default=None, converter=given.time_or_none)

    KINDS: ClassVar = {"reason": fields.TEXT, "actor": fields.NAME, "occurred_at": fields.TIME}


def failed_check(risk_checks: tuple[RiskCheck, ...]) -> RiskCheck | None:
    """Find the first rule whose latest result is a failure; None if there is none."""
    latest = {check.rule_code: check for check in risk_checks}
    return next((check for check in latest.values() if not check.passed), None)


def request_status(executed: bool, withdrawn: bool, risk_checks: tuple[RiskCheck, ...]) -> RequestStatus:
    """Derive the status of a request.

    Args:
        executed: Whether it has an order.
        withdrawn: Whether it was withdrawn.
        risk_checks: The results of its checks, in the order in which they were recorded.

    Rules: SUBMIT-9.
    """
    if executed:
        return RequestStatus.EXECUTED
    if withdrawn:
        return RequestStatus.WITHDRAWN
    return RequestStatus.DENIED if failed_check(risk_checks) else RequestStatus.PENDING
