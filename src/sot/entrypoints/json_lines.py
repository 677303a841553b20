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


@attrs.frozen
class Command:
    """What a line asks for.

    Attributes:
        record: Records it.
        report: The report that is recorded, if it is one.
        request: The request that is submitted, if it is one.
    """

    record: Callable[[UnitOfWork], LineResult]
    report: VenueReport | None = None
    request: OrderRequest | None = None


def read_command(key: str, fields: Mapping[str, Any]) -> Command:
    """Read what a line asks for.

    Raises:
        InvalidInput: Its fields cannot be read.
    """
    return READERS[key](dict(fields))


def apply_line(uow: UnitOfWork, key: str, fields: Mapping[str, Any]) -> LineResult:
    """Record a line.

    Raises:
        SotError: Its fields cannot be read, or are refused.
    """
    return read_command(key, fields).record(uow)


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


def _of_history(record: Callable[[OrderHistory], LineResult], **reads: Any) -> Command:
    return Command(lambda uow: record(OrderHistory(uow)), **reads)


def _pop_fields(fields: dict[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields.pop(name) for name in names if name in fields}


def _pop_request_ids(fields: dict[str, Any]) -> RequestIds:
    return RequestIds.read(_pop_fields(fields, REQUEST_FIELDS))


def _pop_order_ids(fields: dict[str, Any]) -> OrderIds:
    return OrderIds.read(_pop_fields(fields, ORDER_FIELDS))


def _instrument(fields: dict[str, Any]) -> Command:
    instrument = Instrument.read(fields)
    return _of_history(lambda history: LineResult(outcome=history.register(instrument)))


def _request(fields: dict[str, Any]) -> Command:
    context, checks = fields.pop("context", None), fields.pop("risk_checks", None)
    if checks is not None and not isinstance(checks, list):
        raise InvalidInput("risk_checks", checks, "a list of objects")
    request = OrderRequest.read(fields)
    why = None if context is None else DecisionContext.read(context)
    risk_checks = [RiskCheck.read(check, f"risk_checks.{number}") for number, check in enumerate(checks or (), 1)]

    def submit(history: OrderHistory) -> LineResult:
        recorded = history.submit(request, why, risk_checks)
        outcome = Outcome.REPEATED if recorded.repeated else Outcome.RECORDED
        return LineResult(outcome=outcome, order_id=recorded.order_id, request_id=recorded.request_id)

    return _of_history(submit, request=request)


def _risk_check(fields: dict[str, Any]) -> Command:
    ids, check = _pop_request_ids(fields), RiskCheck.read(fields)

    def add(history: OrderHistory) -> LineResult:
        request_id = ids.resolve(history)
        return LineResult(outcome=history.add_risk_check(request_id, check), request_id=request_id)

    return _of_history(add)


def _withdraw(fields: dict[str, Any]) -> Command:
    ids, command = _pop_request_ids(fields), SubmissionCommand.read(fields, "withdraw")

    def withdraw(history: OrderHistory) -> LineResult:
        request_id = ids.resolve(history)
        outcome = history.withdraw(request_id, command.reason, command.actor, command.occurred_at)
        return LineResult(outcome=outcome, request_id=request_id)

    return _of_history(withdraw)


def _sent(fields: dict[str, Any]) -> Command:
    ids, command = _pop_request_ids(fields), SubmissionCommand.read(fields, "sent")
    if command.reason is not None:
        raise InvalidInput("sent.reason", command.reason, "nothing: only failed and unknown have a reason")

    def mark(history: OrderHistory) -> LineResult:
        request_id = ids.resolve(history)
        return line_result(history.mark_sent(request_id, command.occurred_at, command.actor), request_id)

    return _of_history(mark)


def _failed(fields: dict[str, Any]) -> Command:
    return _outcome("failed", OrderHistory.mark_failed, fields)


def _unknown(fields: dict[str, Any]) -> Command:
    return _outcome("unknown", OrderHistory.mark_unknown, fields)


def _outcome(name: str, mark: Callable[..., RecordResult], fields: dict[str, Any]) -> Command:
    ids, command = _pop_request_ids(fields), SubmissionCommand.read(fields, name)

    def record(history: OrderHistory) -> LineResult:
        request_id, reason = ids.resolve(history), command.reason or UNSPECIFIED
        return line_result(mark(history, request_id, reason, command.occurred_at, command.actor), request_id)

    return _of_history(record)


def _report(fields: dict[str, Any]) -> Command:
    adopt = fields.pop("adopt", None)
    if adopt is not None:
        FLAG.check("report.adopt", adopt)
    report = read_report(fields)
    return _of_history(lambda history: record_report(history, report, adopt is True), report=report)


def _account_event(fields: dict[str, Any]) -> Command:
    event = AccountEvent.read(fields)
    return _of_history(lambda history: line_result(history.record_account_event(event)))


def _mark(fields: dict[str, Any]) -> Command:
    ids, command = _pop_order_ids(fields), MarkCommand.read(fields, "mark")

    def mark(history: OrderHistory) -> LineResult:
        order_id = ids.resolve(history)
        return line_result(history.mark(order_id, command.mark, command.rates, command.occurred_at, command.actor))

    return _of_history(mark)


def _void(fields: dict[str, Any]) -> Command:
    ids, command = _pop_order_ids(fields), VoidCommand.read(fields, "void")

    def void(history: OrderHistory) -> LineResult:
        return line_result(
            history.void(
                ids.resolve(history),
                reason=command.reason,
                sequence=command.sequence,
                exec_id=command.exec_id,
                leg=command.leg,
                actor=command.actor,
                occurred_at=command.occurred_at,
            )
        )

    return _of_history(void)


def _fact(fields: dict[str, Any]) -> Command:
    fact = read_fact(fields)
    ids = _IDS_OF_FACTS.get(fact.leaf.kind, _request_ids)(fact.leaf)
    return Command(lambda uow: LineResult(outcome=restore(uow, fact), **ids))


def _request_ids(leaf: Leaf) -> dict[str, Any]:
    return {"request_id": leaf.key}


_IDS_OF_FACTS: Mapping[FactKind, Callable[[Leaf], dict[str, Any]]] = {
    FactKind.EVENT: lambda leaf: {"order_id": leaf.key, "sequence": leaf.number},
    FactKind.ACCOUNT_EVENT: lambda leaf: {"event_id": leaf.key},
    FactKind.RECONCILIATION: lambda leaf: {"record_id": leaf.key},
    FactKind.INSTRUMENT: lambda leaf: {},
    FactKind.UNATTRIBUTED: lambda leaf: {},
}


def _checkpoint(fields: dict[str, Any]) -> Command:
    checkpoint = Checkpoint.read(fields, "checkpoint")
    return Command(lambda uow: LineResult(outcome=restore_checkpoint(uow, checkpoint)))


READERS: Mapping[str, Callable[[dict[str, Any]], Command]] = {
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
KINDS = tuple(READERS)
_KEYS = ", ".join(KINDS)
