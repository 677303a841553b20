"""Requests that were sent to a venue by FIX, as intents: what a log of the desk's own messages shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from sot.adapters.fix import vocabulary
from sot.adapters.fix.dealt_currency import CurrencyPair, turned
from sot.adapters.fix.fields import (
    NEW_ORDER,
    ORDER_CANCEL_REQUEST,
    ORDER_REPLACE_REQUEST,
    FixField,
    read_name,
    read_order_id,
)
from sot.adapters.fix.message import FixMessage
from sot.adapters.fix.multiday_orders import resolve_multiday_order
from sot.adapters.fix.times import read_time
from sot.application.history import OrderHistory
from sot.application.orders import matching
from sot.domain.orders.commands import is_allowed
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier, RecordedRequest
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import LIMIT_PRICED, STOP_PRICED, OrderRequest
from sot.domain.values.errors import Conflict
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import Action, EventType, IdentifierKind, OrderType, Outcome, TimeInForce
from sot.ports.store import UnitOfWork

_FIELDS: Mapping[Action, tuple[FixField, ...]] = {
    Action.NEW: NEW_ORDER,
    Action.REPLACE: ORDER_REPLACE_REQUEST,
    Action.CANCEL: ORDER_CANCEL_REQUEST,
}
_STATED = ("side", "order_type", "quantity", "quote_quantity", "limit_price", "stop_price", "time_in_force", "symbol")
"""The fields in which a request that is known must agree with the message."""

_EVENT_TYPES = {Action.REPLACE: EventType.REPLACE_REQUESTED, Action.CANCEL: EventType.CANCEL_REQUESTED}


@attrs.frozen(kw_only=True)
class SentRequest:
    """A request that was sent, as its message has it.

    Attributes:
        action: What it asks for.
        fields: The fields of the request, without its target.
        sent_at: TransactTime (60), else SendingTime (52).
        orig_client_order_id: OrigClOrdID (41) of a replacement or cancel.
        venue_order_id: OrderID (37) of a replacement or cancel.
    """

    action: Action
    fields: Mapping[str, Any]
    sent_at: datetime | None
    orig_client_order_id: str | None = None
    venue_order_id: str | None = None

    @property
    def client_order_id(self) -> str:
        """ClOrdID (11) of the request."""
        name: str = self.fields["client_order_id"]
        return name

    def request(self, target_order_id: str | None = None) -> OrderRequest:
        """The request; a replacement or cancel is one of the order `target_order_id`.

        Raises:
            InvalidInput: It makes no sense, such as a limit order without a price.
        """
        return OrderRequest(action=self.action, target_order_id=target_order_id, **self.fields)


def read_request(message: FixMessage, common: Mapping[str, Any], pair: CurrencyPair | None) -> SentRequest:
    """Read a request.

    Args:
        message: The message.
        common: The fields that all messages have.
        pair: The currencies of an FX deal, in whose quote currency the quantity may be.

    Raises:
        InvalidInput: A field cannot be read exactly, or there is no ClOrdID (11).
    """
    action = vocabulary.REQUESTS[message.type]
    fields = dict(common)
    for field in _FIELDS[action]:
        text = message.text(field.tag, field.name)
        value = None if text is None else field.read(message.label(field.tag, field.name), text)
        if value is not None:
            fields[field.report_field] = value
    if "client_order_id" not in fields:
        raise message.invalid(11, "ClOrdID", "", "the client order id of the request")
    fields["idempotency_key"] = _idempotency_key(fields)
    sent_at = read_time(message, 60, "TransactTime") or read_time(message, 52, "SendingTime")
    fields["requested_at"] = sent_at
    _read_terms(message, fields, pair)
    if action is not Action.NEW:
        fields = {name: value for name, value in fields.items() if name not in ("symbol", "side")}
    return SentRequest(
        action=action,
        fields=fields,
        sent_at=sent_at,
        orig_client_order_id=_text(message, 41, "OrigClOrdID", read_name),
        venue_order_id=_text(message, 37, "OrderID", read_order_id),
    )


def _text(message: FixMessage, tag: int, name: str, read: Any) -> str | None:
    text = message.text(tag, name)
    return None if text is None else read(message.label(tag, name), text)


def _idempotency_key(fields: Mapping[str, Any]) -> str:
    """The client order id; of ids that are unique within a day, with the day."""
    scope, client_order_id = fields.get("id_scope"), fields["client_order_id"]
    return f"{scope} {client_order_id}" if scope else client_order_id


def _read_terms(message: FixMessage, fields: dict[str, Any], pair: CurrencyPair | None) -> None:
    """Complete the terms of a request; codes without a term become tags."""
    tags = {}
    if fields.get("order_type") is OrderType.OTHER:
        tags["OrdType(40)"] = message.fields[40]
    for name, types in (("limit_price", LIMIT_PRICED), ("stop_price", STOP_PRICED)):
        if fields.get(name) == ZERO and fields.get("order_type") not in types:
            del fields[name]
    if message.text(59, "TimeInForce") is not None:
        expire_at = read_time(message, 126, "ExpireTime")
        if fields.get("time_in_force") is TimeInForce.GTD and expire_at is None:
            del fields["time_in_force"]
        fields |= {} if expire_at is None else {"expire_at": expire_at}
        if "time_in_force" not in fields:
            tags["TimeInForce(59)"] = message.fields[59]
            tags |= {"ExpireDate(432)": message.fields[432]} if message.fields.get(432) else {}
    dealt = message.text(15, "Currency")
    if pair is not None and dealt not in (None, pair.base):
        _convert_dealt_currency(message, fields, pair)
    if tags:
        fields["tags"] = tags


def _convert_dealt_currency(message: FixMessage, fields: dict[str, Any], pair: CurrencyPair) -> None:
    """A quantity in the quote currency is an amount, and the side is the other one."""
    if message.fields[15] != pair.quote:
        raise message.invalid(15, "Currency", message.fields[15], f"{pair.base} or {pair.quote}")
    if "quantity" in fields:
        fields["quote_quantity"] = fields.pop("quantity")
    if "side" in fields:
        fields["side"] = turned(fields["side"])


@attrs.frozen
class RecordedSentRequest:
    """What recording a sent request did; without an `outcome` nothing was recorded, for the `reason`."""

    outcome: Outcome | None = None
    order_id: str | None = None
    sequence: int | None = None
    request_id: str | None = None
    reason: str | None = None


def record_request(uow: UnitOfWork, sent: SentRequest) -> RecordedSentRequest:
    """Record a request that was sent: the intent, and that it was sent. One that is known is recorded once.

    A replacement or cancel of an order that is not known, or over, had no effect that could be recorded.

    Raises:
        Conflict: Another request has its client order id.
        InvalidInput: The request makes no sense, or its symbol is not registered.
    """
    known = _known_request(uow, sent)
    if known is not None and known.order_id is not None:
        return RecordedSentRequest(Outcome.REPEATED, known.order_id, None, known.request_id)
    target: Order | None = None
    if sent.action is Action.NEW:
        if known is None and _is_known_order(uow, sent):
            return RecordedSentRequest(reason=f"order {sent.client_order_id} is known without a request")
    else:
        target = _find_target(uow, sent)
        name = sent.orig_client_order_id or sent.venue_order_id
        if target is None:
            return RecordedSentRequest(reason=f"{sent.action} {sent.client_order_id}: no order {name} is known")
        if not is_allowed(target, _EVENT_TYPES[sent.action]):
            return RecordedSentRequest(reason=f"{sent.action} {sent.client_order_id}: order {name} is {target.status}")
    history = OrderHistory(uow)
    request = known or history.submit(sent.request(target.order_id if target else None))
    result = history.mark_sent(request.request_id, sent.sent_at)
    return RecordedSentRequest(result.outcome, result.order_id, result.sequence, request.request_id)


def _known_request(uow: UnitOfWork, sent: SentRequest) -> RecordedRequest | None:
    """The recorded request with the same client order id, venue and scope."""
    key, client_order_id = sent.fields["idempotency_key"], sent.client_order_id
    for known in uow.requests.by_key(sent.fields["account_id"], key, client_order_id):
        request = known.request
        if request.client_order_id != client_order_id or not _same_scope(request, sent.fields):
            continue
        stated = {name: sent.fields[name] for name in _STATED if sent.fields.get(name) is not None}
        differs = [name for name, value in stated.items() if getattr(request, name) not in (value, None)]
        if request.action is not sent.action:
            differs.append("action")
        if differs:
            hint = "the message has other terms than the recorded request"
            raise Conflict("client_order_id", client_order_id, differs, hint)
        return known
    return None


def _same_scope(request: OrderRequest, fields: Mapping[str, Any]) -> bool:
    return request.venue == fields.get("venue") and all(
        getattr(request, name) in ("", fields[name]) for name in ("venue_account", "id_scope")
    )


def _is_known_order(uow: UnitOfWork, sent: SentRequest) -> bool:
    fields = sent.fields
    names = ("venue_account", "id_scope")
    own = Identifier(
        fields["account_id"],
        IdentifierKind.CLIENT,
        sent.client_order_id,
        fields.get("venue") or "",
        *(fields[name] for name in names),
    )
    claims = uow.identifiers.claims(fields["account_id"], IdentifierKind.CLIENT, sent.client_order_id)
    return any(identifier == own for identifier, _ in claims.orders)


def _find_target(uow: UnitOfWork, sent: SentRequest) -> Order | None:
    fields = sent.fields
    names = VenueReport(
        account_id=fields["account_id"],
        type=EventType.ORDER_STATUS,
        venue=fields.get("venue"),
        venue_account=fields["venue_account"],
        id_scope=fields["id_scope"],
        client_order_id=sent.orig_client_order_id,
        venue_order_id=sent.venue_order_id,
    )
    return matching.find_order(uow, resolve_multiday_order(uow, names))
