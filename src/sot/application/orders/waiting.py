"""Reports that wait for their order: why each of them waits, and how a person ends it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import attrs

from sot.application.orders.anomalies import waiting_anomalies
from sot.application.orders.lookup import get_order
from sot.application.orders.matching import match, resolve_attribution, unsent_request
from sot.application.orders.reports import adopt_external_order, record_attributed
from sot.application.support.record_result import RecordResult
from sot.domain.orders.records import UnattributedReport
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import ConcurrentUpdate, InvalidInput, NotFound
from sot.domain.values.json_form import JsonForm
from sot.domain.values.vocabulary import Anomaly, IdentifierKind, Origin, WaitingReason, WaitingRemedy
from sot.ports.store import UnitOfWork


@attrs.frozen(kw_only=True)
class Waiting(JsonForm):
    """Why a report waits for its order, and what would end it.

    Attributes:
        reason: Why it waits.
        candidates: The ids of the orders that go by its identifiers: none of them for certain, or none at all.
        request_id: The request with its client order id that was not sent yet.
        remedies: What would end it, the likeliest first.
    """

    DERIVED: ClassVar = ("words", "steps")

    reason: WaitingReason
    candidates: Sequence[str] = attrs.field(default=(), eq=tuple)
    request_id: str | None = None
    remedies: Sequence[WaitingRemedy] = attrs.field(eq=tuple)

    @property
    def words(self) -> str:
        """The reason for people."""
        return _REASONS[self.reason]

    @property
    def steps(self) -> Sequence[str]:
        """The remedies for people."""
        return [_STEPS[remedy] for remedy in self.remedies]

    def steps_with_options(self, report_id: str, command: str = "") -> Sequence[str]:
        """The remedies for people, each with the option of `sot waiting` that takes it on this report, if there is one.

        Args:
            report_id: The report.
            command: What is written before an option, where it is not clear of which command it is.
        """
        options = [_OPTIONS.get(remedy, "").format(report_id=report_id) for remedy in self.remedies]
        return [
            f"{step} ({command}{option})" if option else step for step, option in zip(self.steps, options, strict=True)
        ]


_REASONS: Mapping[WaitingReason, str] = {
    WaitingReason.UNKNOWN_REFERENCE: "no order goes by its identifiers",
    WaitingReason.CONTRADICTED_NAME: "orders go by its identifiers, but it contradicts each of them",
    WaitingReason.AMBIGUOUS_NAME: "orders go by its identifiers, and which of them is meant is not certain",
    WaitingReason.UNSENT_REQUEST: "a request that was not sent yet has its client order id",
    WaitingReason.NO_IDENTIFIER: "it carries no identifier of an order",
}

_STEPS: Mapping[WaitingRemedy, str] = {
    WaitingRemedy.ADOPT: "adopt it, if the venue or a person made the order without a request",
    WaitingRemedy.SUBMIT_REQUEST: "record the request that made its order, and that it was sent",
    WaitingRemedy.MARK_SENT: "record that the request was sent",
    WaitingRemedy.ATTRIBUTE: "attribute it to the order that it is about, by order_id",
    WaitingRemedy.NARROW_IDENTIFIERS: (
        "for later reports, give id_scope or venue_account, by which the orders differ, with requests and reports"
    ),
    WaitingRemedy.REGISTER_INSTRUMENT: "register its instrument",
}

_OPTIONS: Mapping[WaitingRemedy, str] = {
    WaitingRemedy.ADOPT: "--adopt {report_id}",
    WaitingRemedy.ATTRIBUTE: "--attribute {report_id} --order ORDER",
}

_REMEDIES: Mapping[WaitingReason, tuple[WaitingRemedy, ...]] = {
    WaitingReason.UNKNOWN_REFERENCE: (WaitingRemedy.SUBMIT_REQUEST, WaitingRemedy.ADOPT, WaitingRemedy.ATTRIBUTE),
    WaitingReason.CONTRADICTED_NAME: (WaitingRemedy.ADOPT, WaitingRemedy.ATTRIBUTE, WaitingRemedy.NARROW_IDENTIFIERS),
    WaitingReason.AMBIGUOUS_NAME: (WaitingRemedy.ATTRIBUTE, WaitingRemedy.NARROW_IDENTIFIERS),
    WaitingReason.UNSENT_REQUEST: (WaitingRemedy.MARK_SENT,),
    WaitingReason.NO_IDENTIFIER: (WaitingRemedy.ATTRIBUTE,),
}


def why_it_waits(uow: UnitOfWork, report: VenueReport) -> Waiting:
    """Say why a report waits for its order, and what would end it."""
    found = match(uow, report)
    candidates = [found.order] if found.order is not None else found.candidates
    if found.order is not None or found.is_ambiguous:
        reason = WaitingReason.AMBIGUOUS_NAME
    elif found.awaits_request:
        reason = WaitingReason.UNSENT_REQUEST
    elif candidates:
        reason = WaitingReason.CONTRADICTED_NAME
    elif any(report.identifiers()):
        reason = WaitingReason.UNKNOWN_REFERENCE
    else:
        reason = WaitingReason.NO_IDENTIFIER
    return Waiting(
        reason=reason,
        candidates=tuple(order.order_id for order in candidates),
        request_id=_unsent_request_id(uow, report) if found.awaits_request else None,
        remedies=_remedies(uow, report, reason),
    )


def _remedies(uow: UnitOfWork, report: VenueReport, reason: WaitingReason) -> Sequence[WaitingRemedy]:
    is_unknown = Anomaly.UNKNOWN_INSTRUMENT in waiting_anomalies(uow, report)
    remedies = [
        remedy
        for remedy in _REMEDIES[reason]
        if remedy is not WaitingRemedy.ADOPT or None not in (report.venue, report.symbol)
    ]
    return [*remedies, WaitingRemedy.REGISTER_INSTRUMENT] if is_unknown else remedies


def _unsent_request_id(uow: UnitOfWork, report: VenueReport) -> str | None:
    for kind, value in report.identifiers():
        request = unsent_request(uow, report, value) if kind is IdentifierKind.CLIENT else None
        if request is not None:
            return request.request_id
    return None


def attribute_waiting(uow: UnitOfWork, account_id: str, report_id: str, order_id: str) -> RecordResult:
    """Record a waiting report on the order that it is about; see `OrderHistory.attribute_waiting`."""
    waiting = _get(uow, account_id, report_id)
    order = resolve_attribution(uow, get_order(uow, order_id))
    assert order is not None
    if order.account_id != account_id or waiting.report.venue not in (None, order.venue):
        at_venue = f" at venue {waiting.report.venue}" if waiting.report.venue else ""
        raise InvalidInput("order_id", order_id, f"an order of account {account_id}{at_venue}")
    if not uow.reports.is_waiting(waiting):
        return _repeated(uow, waiting, order.order_id)
    return record_attributed(uow, order, waiting)


def adopt_waiting(uow: UnitOfWork, account_id: str, report_id: str, actor: str | None) -> RecordResult:
    """Adopt the order of a waiting report; see `OrderHistory.adopt_waiting`."""
    waiting = _get(uow, account_id, report_id)
    if not uow.reports.is_waiting(waiting):
        return _repeated(uow, waiting)
    if adopt_external_order(uow, waiting.report, Origin.RECONCILIATION, actor):
        event = uow.events.by_report(account_id, report_id)
        if event is not None:
            return RecordResult.of_event(event)
    if match(uow, waiting.report).order is not None:
        raise ConcurrentUpdate(f"waiting report {report_id}")  # its order was made after this transaction began
    words = why_it_waits(uow, waiting.report).words
    raise InvalidInput("report_id", report_id, f"a report of an order that is not known ({words})")


def _repeated(uow: UnitOfWork, waiting: UnattributedReport, order_id: str | None = None) -> RecordResult:
    """The result of attributing or adopting a report again.

    Raises: InvalidInput: it joined another order, or the store was changed.
    """
    event = uow.events.by_report(waiting.account_id, waiting.report_id)
    if event is not None and order_id in (None, event.order_id):
        return RecordResult.repeat(event.order_id, event.sequence)
    if event is not None:
        raise InvalidInput("report_id", waiting.report_id, f"a report that waits (it joined order {event.order_id})")
    raise InvalidInput("report_id", waiting.report_id, "a report that waits; sot verify says why this one does not")


def _get(uow: UnitOfWork, account_id: str, report_id: str) -> UnattributedReport:
    waiting = uow.reports.get(account_id, report_id)
    if waiting is None or waiting.account_id != account_id:
        raise NotFound("waiting report", report_id, f"of account {account_id}")
    return waiting
