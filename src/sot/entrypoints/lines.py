"""What one line of a stream says, and recording it.

A line is a JSON object with exactly one key, which says what it is; a request may have its context and its risk checks
inside it or beside it. Everything is read strictly: unknown fields, floats and naive times are refused.
"""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from sot.application.audit.archived_facts import read_fact
from sot.application.history import OrderHistory
from sot.application.input.commands import MarkCommand, SubmissionCommand, VoidCommand
from sot.application.support.record_result import RecordResult
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.audit.checkpoint import Checkpoint, Leaf
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck
from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import Anomaly, FactKind, Outcome
from sot.entrypoints.naming import ORDER_NAMES, REQUEST_NAMES, OrderName, RequestName

UNSPECIFIED = "unspecified"
_BESIDE_A_REQUEST = ("context", "risk_checks")


@attrs.frozen(kw_only=True)
class Answer:
    """What recording a line did.

    `request_id` for lines that are about a request, `event_id` for account events, `record_id` for reconciliations.
    """

    outcome: Outcome
    order_id: str | None = None
    sequence: int | None = None
    anomalies: tuple[Anomaly, ...] = ()
    request_id: str | None = None
    event_id: str | None = None
    record_id: str | None = None


def read_object(text: bytes) -> dict[str, Any]:
    """The JSON object that a line is. Raises: InvalidInput."""
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput("line", text[:40], "text in UTF-8") from None
    document = read_document(decoded)
    if not isinstance(document, dict):
        raise InvalidInput("line", decoded, "a JSON object")
    return document


def read_line(text: bytes) -> tuple[str, dict[str, Any]]:
    """The key of a line and its fields. Raises: InvalidInput."""
    document = read_object(text)
    beside = {name: document.pop(name) for name in _BESIDE_A_REQUEST if name in document and "request" in document}
    if len(document) != 1 or next(iter(document)) not in HANDLERS:
        raise InvalidInput("line", sorted(document), f"exactly one key of {_KEYS}")
    key, said = next(iter(document.items()))
    if not isinstance(said, dict):
        raise InvalidInput(key, said, "an object of fields")
    for name, value in beside.items():
        if name in said:
            raise InvalidInput(name, value, f"{name} once: inside the request or beside it")
        said[name] = value
    return key, said


def apply_line(history: OrderHistory, key: str, said: Mapping[str, Any]) -> Answer:
    """Record what a line says. Raises: SotError: it cannot be read, or makes no sense."""
    return HANDLERS[key](history, dict(said))


def _named(said: dict[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """Take the fields that name something out of `said`."""
    return {name: said.pop(name) for name in names if name in said}


def _request_id(history: OrderHistory, said: dict[str, Any]) -> str:
    return RequestName.read(_named(said, REQUEST_NAMES)).resolve(history)


def _order_id(history: OrderHistory, said: dict[str, Any]) -> str:
    return OrderName.read(_named(said, ORDER_NAMES)).resolve(history)


def answer_of(recorded: RecordResult, request_id: str | None = None) -> Answer:
    """The answer that tells what recording did."""
    return Answer(
        outcome=recorded.outcome,
        order_id=recorded.order_id,
        sequence=recorded.sequence,
        anomalies=tuple(recorded.anomalies),
        request_id=request_id,
        event_id=recorded.event_id,
    )


def _instrument(history: OrderHistory, said: dict[str, Any]) -> Answer:
    return Answer(outcome=history.register(Instrument.read(said)))


def _request(history: OrderHistory, said: dict[str, Any]) -> Answer:
    context, checks = said.pop("context", None), said.pop("risk_checks", None)
    if checks is not None and not isinstance(checks, list):
        raise InvalidInput("risk_checks", checks, "a list of objects")
    _resolve_target(history, said)
    recorded = history.submit(
        OrderRequest.read(said),
        None if context is None else DecisionContext.read(context),
        [RiskCheck.read(check, f"risk_checks.{number}") for number, check in enumerate(checks or (), 1)],
    )
    outcome = Outcome.REPEATED if recorded.repeated else Outcome.RECORDED
    return Answer(outcome=outcome, order_id=recorded.order_id, request_id=recorded.request_id)


def _resolve_target(history: OrderHistory, said: dict[str, Any]) -> None:
    """A CANCEL or REPLACE may name its target by a client order id."""
    target = said.pop("target_client_order_id", None)
    if target is None:
        return
    if said.get("target_order_id") is not None:
        raise InvalidInput("target_client_order_id", target, "one target: target_order_id or target_client_order_id")
    name = {"account_id": said.get("account_id"), "client_order_id": target, "venue": said.get("venue")}
    said["target_order_id"] = OrderName.read(name, "request").resolve(history)


def _risk_check(history: OrderHistory, said: dict[str, Any]) -> Answer:
    request_id = _request_id(history, said)
    return Answer(outcome=history.add_risk_check(request_id, RiskCheck.read(said)), request_id=request_id)


def _withdraw(history: OrderHistory, said: dict[str, Any]) -> Answer:
    request_id = _request_id(history, said)
    told = SubmissionCommand.read(said, "withdraw")
    outcome = history.withdraw(request_id, told.reason, told.actor, told.occurred_at)
    return Answer(outcome=outcome, request_id=request_id)


def _sent(history: OrderHistory, said: dict[str, Any]) -> Answer:
    request_id = _request_id(history, said)
    told = SubmissionCommand.read(said, "sent")
    if told.reason is not None:
        raise InvalidInput("sent.reason", told.reason, "nothing: only failed and unknown have a reason")
    return answer_of(history.mark_sent(request_id, told.occurred_at, told.actor), request_id)


def _failed(history: OrderHistory, said: dict[str, Any]) -> Answer:
    request_id = _request_id(history, said)
    told = SubmissionCommand.read(said, "failed")
    return answer_of(
        history.mark_failed(request_id, told.reason or UNSPECIFIED, told.occurred_at, told.actor), request_id
    )


def _unknown(history: OrderHistory, said: dict[str, Any]) -> Answer:
    request_id = _request_id(history, said)
    told = SubmissionCommand.read(said, "unknown")
    return answer_of(
        history.mark_unknown(request_id, told.reason or UNSPECIFIED, told.occurred_at, told.actor), request_id
    )


def _report(history: OrderHistory, said: dict[str, Any]) -> Answer:
    return answer_of(history.record(VenueReport.read(said)))


def _account_event(history: OrderHistory, said: dict[str, Any]) -> Answer:
    return answer_of(history.record_account_event(AccountEvent.read(said)))


def _mark(history: OrderHistory, said: dict[str, Any]) -> Answer:
    order_id = _order_id(history, said)
    told = MarkCommand.read(said, "mark")
    return answer_of(history.mark(order_id, told.mark, told.rates, told.occurred_at, told.actor))


def _void(history: OrderHistory, said: dict[str, Any]) -> Answer:
    order_id = _order_id(history, said)
    told = VoidCommand.read(said, "void")
    return answer_of(
        history.void(
            order_id,
            reason=told.reason,
            sequence=told.sequence,
            exec_id=told.exec_id,
            leg=told.leg,
            actor=told.actor,
            occurred_at=told.occurred_at,
        )
    )


def _fact(history: OrderHistory, said: dict[str, Any]) -> Answer:
    fact = read_fact(said)
    return Answer(outcome=history.restore(fact), **_NAMED_BY.get(fact.leaf.kind, _by_request)(fact.leaf))


def _by_request(leaf: Leaf) -> dict[str, Any]:
    return {"request_id": leaf.key}


_NAMED_BY: Mapping[FactKind, Callable[[Leaf], dict[str, Any]]] = {
    FactKind.EVENT: lambda leaf: {"order_id": leaf.key, "sequence": leaf.number},
    FactKind.ACCOUNT_EVENT: lambda leaf: {"event_id": leaf.key},
    FactKind.RECONCILIATION: lambda leaf: {"record_id": leaf.key},
    FactKind.INSTRUMENT: lambda leaf: {},
    FactKind.UNATTRIBUTED: lambda leaf: {},
}


def _checkpoint(history: OrderHistory, said: dict[str, Any]) -> Answer:
    return Answer(outcome=history.restore_checkpoint(Checkpoint.read(said, "checkpoint")))


HANDLERS: Mapping[str, Callable[[OrderHistory, dict[str, Any]], Answer]] = {
    "instrument": _instrument,
    "request": _request,
    "risk_check": _risk_check,
    "sent": _sent,
    "failed": _failed,
    "unknown": _unknown,
    "withdraw": _withdraw,
    "report": _report,
    "mark": _mark,
    "void": _void,
    "account_event": _account_event,
    "fact": _fact,
    "checkpoint": _checkpoint,
}
_KEYS = ", ".join(HANDLERS)
