"""JSON lines: reading a line, and recording it.

A line is a JSON object with one key, which names the kind of fact; `KINDS` has them all. The context and the risk
checks of a request are inside the request or beside it. A report may say `adopt`. Unknown fields, floats and naive
times are refused; of a report, a figure that it does not need is left out instead (`read_report`).
"""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from sot.application.audit.archived_facts import read_fact
from sot.application.audit.restore import restore, restore_checkpoint
from sot.application.history import OrderHistory
from sot.application.input.commands import MarkCommand, SubmissionCommand, VoidCommand
from sot.application.input.reports import can_be_adopted, read_report
from sot.application.support.record_result import RecordResult
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.audit.checkpoint import Checkpoint, Leaf
from sot.domain.orders.invalid import InvalidField, why_invalid
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck
from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import FLAG
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import Anomaly, FactKind, Origin, Outcome
from sot.entrypoints.order_ids import ORDER_FIELDS, REQUEST_FIELDS, OrderIds, RequestIds
from sot.ports.store import UnitOfWork

UNSPECIFIED = "unspecified"
_BESIDE_A_REQUEST = ("context", "risk_checks")


@attrs.frozen(kw_only=True)
class LineResult:
    """The result of recording a line.

    Attributes:
        outcome: Whether it was recorded, flagged, or a repeat.
        order_id: The id of its order, if it has one.
        sequence: The sequence of its event in the order.
        anomalies: What is odd about it.
        request_id: The id of its request, for lines about requests.
        event_id: The id of an account event.
        record_id: The id of a reconciliation record.
        invalid: What makes a report INVALID.
        adds_again: Whether recording the line again would add it again.
    """

    outcome: Outcome
    order_id: str | None = None
    sequence: int | None = None
    anomalies: tuple[Anomaly, ...] = ()
    request_id: str | None = None
    event_id: str | None = None
    record_id: str | None = None
    invalid: tuple[InvalidField, ...] = ()
    adds_again: bool = False


def read_object(text: bytes) -> dict[str, Any]:
    """Read the JSON object in a line.

    Raises:
        InvalidInput: The line is not UTF-8, not JSON, or no object.
    """
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput("line", text[:40], "text in UTF-8") from None
    document = read_document(decoded)
    if not isinstance(document, dict):
        raise InvalidInput("line", decoded, "a JSON object")
    return document


def read_line(text: bytes) -> tuple[str, dict[str, Any]]:
    """Read the key and the fields of a line.

    Raises:
        InvalidInput: The line is no JSON object with exactly one key of a kind.
    """
    document = read_object(text)
    beside = {name: document.pop(name) for name in _BESIDE_A_REQUEST if name in document and "request" in document}
    if len(document) != 1 or next(iter(document)) not in KINDS:
        raise InvalidInput("line", sorted(document), f"exactly one key of {_KEYS}")
    key, fields = next(iter(document.items()))
    if not isinstance(fields, dict):
        raise InvalidInput(key, fields, "an object of fields")
    for name, value in beside.items():
        if name in fields:
            raise InvalidInput(name, value, f"{name} once: inside the request or beside it")
        fields[name] = value
    return key, fields


def number_report(key: str, fields: dict[str, Any], number: int) -> None:
    """Give a report without a `venue_sequence` the number of its line as one, in place."""
    if key == "report" and fields.get("venue_sequence") is None:
        fields["venue_sequence"] = number


def apply_line(uow: UnitOfWork, key: str, fields: Mapping[str, Any]) -> LineResult:
    """Record a line.

    Raises:
        SotError: Its fields cannot be read, or are refused.
    """
    if key in ARCHIVE_HANDLERS:
        return ARCHIVE_HANDLERS[key](uow, dict(fields))
    return HANDLERS[key](OrderHistory(uow), dict(fields))


def line_result(result: RecordResult, request_id: str | None = None) -> LineResult:
    """The result of a line that recorded a fact."""
    return LineResult(
        outcome=result.outcome,
        order_id=result.order_id,
        sequence=result.sequence,
        anomalies=tuple(result.anomalies),
        request_id=request_id,
        event_id=result.event_id,
    )


def record_report(history: OrderHistory, report: VenueReport, adopt: bool = False) -> LineResult:
    """Record a report; with `adopt`, adopt its order if no order of ours is meant.

    A report that lacks what an external order needs waits, as without `adopt`.
    """
    result = history.adopt(report, Origin.VENUE) if adopt and can_be_adopted(report) else history.record(report)
    adds_again = Anomaly.POSSIBLE_REPEAT in result.anomalies and report.venue_sequence is None
    invalid: tuple[InvalidField, ...] = ()
    if Anomaly.INVALID in result.anomalies and result.order_id is not None:
        invalid = why_invalid(history.order(result.order_id), report, result.anomalies)
    return attrs.evolve(line_result(result), invalid=invalid, adds_again=adds_again)


def _pop_fields(fields: dict[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields.pop(name) for name in names if name in fields}


def _pop_request_id(history: OrderHistory, fields: dict[str, Any]) -> str:
    return RequestIds.read(_pop_fields(fields, REQUEST_FIELDS)).resolve(history)


def _pop_order_id(history: OrderHistory, fields: dict[str, Any]) -> str:
    return OrderIds.read(_pop_fields(fields, ORDER_FIELDS)).resolve(history)


def _instrument(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    return LineResult(outcome=history.register(Instrument.read(fields)))


def _request(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    context, checks = fields.pop("context", None), fields.pop("risk_checks", None)
    if checks is not None and not isinstance(checks, list):
        raise InvalidInput("risk_checks", checks, "a list of objects")
    request = history.submit(
        OrderRequest.read(fields),
        None if context is None else DecisionContext.read(context),
        [RiskCheck.read(check, f"risk_checks.{number}") for number, check in enumerate(checks or (), 1)],
    )
    outcome = Outcome.REPEATED if request.repeated else Outcome.RECORDED
    return LineResult(outcome=outcome, order_id=request.order_id, request_id=request.request_id)


def _risk_check(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    request_id = _pop_request_id(history, fields)
    return LineResult(outcome=history.add_risk_check(request_id, RiskCheck.read(fields)), request_id=request_id)


def _withdraw(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    request_id = _pop_request_id(history, fields)
    command = SubmissionCommand.read(fields, "withdraw")
    outcome = history.withdraw(request_id, command.reason, command.actor, command.occurred_at)
    return LineResult(outcome=outcome, request_id=request_id)


def _sent(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    request_id = _pop_request_id(history, fields)
    command = SubmissionCommand.read(fields, "sent")
    if command.reason is not None:
        raise InvalidInput("sent.reason", command.reason, "nothing: only failed and unknown have a reason")
    return line_result(history.mark_sent(request_id, command.occurred_at, command.actor), request_id)


def _failed(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    request_id = _pop_request_id(history, fields)
    command = SubmissionCommand.read(fields, "failed")
    result = history.mark_failed(request_id, command.reason or UNSPECIFIED, command.occurred_at, command.actor)
    return line_result(result, request_id)


def _unknown(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    request_id = _pop_request_id(history, fields)
    command = SubmissionCommand.read(fields, "unknown")
    result = history.mark_unknown(request_id, command.reason or UNSPECIFIED, command.occurred_at, command.actor)
    return line_result(result, request_id)


def _report(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    adopt = fields.pop("adopt", None)
    if adopt is not None:
        FLAG.check("report.adopt", adopt)
    return record_report(history, read_report(fields), adopt is True)


def _account_event(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    return line_result(history.record_account_event(AccountEvent.read(fields)))


def _mark(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    order_id = _pop_order_id(history, fields)
    command = MarkCommand.read(fields, "mark")
    return line_result(history.mark(order_id, command.mark, command.rates, command.occurred_at, command.actor))


def _void(history: OrderHistory, fields: dict[str, Any]) -> LineResult:
    order_id = _pop_order_id(history, fields)
    command = VoidCommand.read(fields, "void")
    return line_result(
        history.void(
            order_id,
            reason=command.reason,
            sequence=command.sequence,
            exec_id=command.exec_id,
            leg=command.leg,
            actor=command.actor,
            occurred_at=command.occurred_at,
        )
    )


def _fact(uow: UnitOfWork, fields: dict[str, Any]) -> LineResult:
    fact = read_fact(fields)
    return LineResult(outcome=restore(uow, fact), **_IDS_OF_FACTS.get(fact.leaf.kind, _request_ids)(fact.leaf))


def _request_ids(leaf: Leaf) -> dict[str, Any]:
    return {"request_id": leaf.key}


_IDS_OF_FACTS: Mapping[FactKind, Callable[[Leaf], dict[str, Any]]] = {
    FactKind.EVENT: lambda leaf: {"order_id": leaf.key, "sequence": leaf.number},
    FactKind.ACCOUNT_EVENT: lambda leaf: {"event_id": leaf.key},
    FactKind.RECONCILIATION: lambda leaf: {"record_id": leaf.key},
    FactKind.INSTRUMENT: lambda leaf: {},
    FactKind.UNATTRIBUTED: lambda leaf: {},
}


def _checkpoint(uow: UnitOfWork, fields: dict[str, Any]) -> LineResult:
    return LineResult(outcome=restore_checkpoint(uow, Checkpoint.read(fields, "checkpoint")))


HANDLERS: Mapping[str, Callable[[OrderHistory, dict[str, Any]], LineResult]] = {
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
}
ARCHIVE_HANDLERS: Mapping[str, Callable[[UnitOfWork, dict[str, Any]], LineResult]] = {
    "fact": _fact,
    "checkpoint": _checkpoint,
}
KINDS = (*HANDLERS, *ARCHIVE_HANDLERS)
_KEYS = ", ".join(KINDS)
