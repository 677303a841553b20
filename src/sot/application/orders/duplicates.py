"""Tell repeated, supplementing, contradicting and restated reports of one fact apart.

An execution, its correction and its bust are recognised by the id and leg of the execution:

| the same execution again | it is |
|---|---|
| in the same words, or with nothing but other times, statuses or cumulative figures | a repeat |
| with what was absent, or with a fee that was zero or absent | SUPPLEMENTED |
| with another price, quantity, side or fee | DUPLICATE_CONFLICT |
| after its bust, with a later time, or with other figures and no time | a TRADE that counts again, POSSIBLE_REPEAT |
| contradicting an event that is void now, and not in its words | a TRADE that counts, POSSIBLE_REPEAT |

Anything else is recognised by the digest of its content:

| the same content again | it is |
|---|---|
| with the same `venue_sequence`, or as the answer to the same request | a repeat |
| an execution without an id | a repeat, unless both have a `venue_sequence` and these differ |
| a statement that changes nothing now | a repeat |
| a statement with a time, unless another statement of the same moment came after it; a split with a time | a repeat |
| any other statement | kept, with effect: POSSIBLE_REPEAT |
"""

from collections.abc import Iterable, Sequence
from functools import partial, reduce
from operator import attrgetter

import attrs

from sot.domain.orders.busts import is_bust_of, is_void
from sot.domain.orders.event import OrderEvent, repeat_digest
from sot.domain.orders.fees import complete_fees, reported_fees
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.report import EXECUTION_TYPES, Fee, VenueReport
from sot.domain.values.vocabulary import Anomaly, EventType
from sot.ports.store import UnitOfWork


@attrs.frozen(kw_only=True)
class Classified:
    """What a report is beside the earlier ones of its order.

    Attributes:
        event_type: The type of its event.
        repeats: The event that it repeats; then it has no event of its own.
        anomalies: DUPLICATE_CONFLICT or POSSIBLE_REPEAT.
        content_digest: The digest of its event; None where the id of the execution tells a repeat.
        unless_unchanged: The event that it repeats if it changes nothing now.
    """

    event_type: EventType
    repeats: OrderEvent | None = None
    anomalies: tuple[Anomaly, ...] = ()
    content_digest: str | None = None
    unless_unchanged: OrderEvent | None = None

    @property
    def contradicts(self) -> bool:
        """Whether it contradicts an earlier report of the same execution, so that it has no effect."""
        return Anomaly.DUPLICATE_CONFLICT in self.anomalies


_CONFLICT = (Anomaly.DUPLICATE_CONFLICT,)


def classify_duplicate(
    uow: UnitOfWork, order: Order, report: VenueReport, answered_request_id: str | None
) -> Classified:
    """Classify a report.

    The answer to a request (`answered_request_id`) is the same only as an answer to the same request.

    Rules: REPEAT-9, REPEAT-10, ANOMALY-POSSIBLE_REPEAT.
    """
    if report.identity is not None:
        if order.has_only_begun:
            return Classified(event_type=report.type)
        return _classify_execution(uow, order, report, report.identity)
    digests = report.repeated_digests
    if answered_request_id is not None:
        digests = [repeat_digest(digest, answered_request_id) for digest in digests]
    if order.has_only_begun:
        return Classified(event_type=report.type, content_digest=digests[0])
    latest = None
    for known in same_content(uow, order.account_id, order.order_id, digests):
        if answered_request_id is not None or _is_same_statement(report, known):
            return Classified(event_type=report.type, repeats=known)
        latest = known
    if latest is None:
        return _classify_new_content(uow, order, report, digests[0])
    assert latest.content_digest is not None
    again = repeat_digest(latest.content_digest, str(latest.sequence))
    if report.type is EventType.TRADE:
        return Classified(event_type=report.type, content_digest=again)
    if _is_same_moment(uow, order, report, latest):
        return Classified(event_type=report.type, repeats=latest)
    anomalies = (Anomaly.POSSIBLE_REPEAT,)
    return Classified(event_type=report.type, anomalies=anomalies, content_digest=again, unless_unchanged=latest)


def same_content(uow: UnitOfWork, account_id: str, order_id: str, digests: Iterable[str]) -> Sequence[OrderEvent]:
    """The events of an order that have one content, known by these digests, the oldest first.

    Rules: REPEAT-8.
    """
    found = []
    for digest in digests:
        while (event := uow.events.by_content_digest(account_id, order_id, digest)) is not None:
            found.append(event)
            assert event.content_digest is not None
            digest = repeat_digest(event.content_digest, str(event.sequence))
    return sorted(found, key=attrgetter("sequence"))


def unused_digest(uow: UnitOfWork, order: Order, report: VenueReport) -> str:
    """The digest for another event of an order with the content of a report, which earlier ones may have."""
    known = same_content(uow, order.account_id, order.order_id, report.repeated_digests)
    if not known:
        return report.content_digest
    latest = known[-1]
    assert latest.content_digest is not None
    return repeat_digest(latest.content_digest, str(latest.sequence))


def _is_same_statement(report: VenueReport, known: OrderEvent) -> bool:
    """Whether a report is the statement of an event that has the same content."""
    assert known.report is not None
    sequences = (report.venue_sequence, known.report.venue_sequence)
    if None not in sequences:
        return sequences[0] == sequences[1]
    return report.type in (EventType.TRADE, EventType.SUPPLEMENTED)


def _is_same_moment(uow: UnitOfWork, order: Order, report: VenueReport, known: OrderEvent) -> bool:
    """Whether the time of a statement tells that it is the one which an event has in the same words.

    Words with one time are one statement, unless another statement of the same moment came after them: then nothing
    tells whether they were said again. A split is said once.

    Rules: REPEAT-11.
    """
    at, latest = report.occurred_at, order.state.latest_happened_at
    if at is None:
        return False
    if report.split_ratio is not None or (latest is not None and at < latest):
        return True
    later = uow.events.list(order.account_id, order.order_id, known.sequence)
    return not any(_may_come_before(event, report) for event in later)


def _may_come_before(event: OrderEvent, statement: VenueReport) -> bool:
    """Whether a statement may be told anew after an event: a request of ours, or a statement of the same moment.

    Executions do not contradict a statement.
    """
    other = event.report
    if other is None:
        return event.type in _REQUESTS
    if other.type in EXECUTION_TYPES or other.occurred_at != statement.occurred_at:
        return False
    times = (statement.venue_time_ns, other.venue_time_ns)
    return None in times or times[0] == times[1]


_REQUESTS = frozenset({EventType.CANCEL_REQUESTED, EventType.REPLACE_REQUESTED})
"""Our requests, which a venue may answer in the words of an earlier answer."""


def _classify_new_content(uow: UnitOfWork, order: Order, report: VenueReport, digest: str) -> Classified:
    """Classify a report whose content the order was not told before.

    Rules: REPEAT-13.
    """
    if report.exec_id is not None:
        # Versions of this library before 7 recognised every report with an execution id by that.
        for event in uow.events.by_execution(order.account_id, order.order_id, report.exec_id, report.leg):
            if event.report is not None and event.report.content_digest == report.content_digest:
                return Classified(event_type=report.type, repeats=event)
    if report.type is not EventType.SUPPLEMENTED:
        return Classified(event_type=report.type, content_digest=digest)
    held = _held(uow, order, report.exec_ref_id or report.exec_id, report.leg)
    if held is None:
        return Classified(event_type=report.type, content_digest=digest)
    fees = complete_fees(held.fees, reported_fees(report), adds=True)
    if fees is None or (report.liquidity and held.liquidity and report.liquidity is not held.liquidity):
        return Classified(event_type=report.type, anomalies=_CONFLICT, content_digest=digest)
    return Classified(event_type=report.type, content_digest=digest)


def _held(uow: UnitOfWork, order: Order, exec_id: str | None, leg: str) -> Fill | None:
    """The current version of an execution."""
    if exec_id is None:
        return None
    executions = Executions(uow.fills.by_exec_id(order.account_id, order.order_id, exec_id, leg))
    held = executions.find(exec_id, leg)
    return held and held.changed(fees=executions.reported_fees(held))


def _classify_execution(uow: UnitOfWork, order: Order, report: VenueReport, identity: tuple[str, str]) -> Classified:
    """Classify a report that the id of an execution tells apart.

    Rules: REPEAT-4, REPEAT-7, ANOMALY-DUPLICATE_CONFLICT.
    """
    earlier = uow.events.by_execution(order.account_id, order.order_id, *identity)
    if not earlier:
        return Classified(event_type=report.type)
    stated_before = [(event, event.report) for event in earlier if event.report is not None]
    reports = [(event, stated) for event, stated in stated_before if _may_state_one_execution(report, stated)]
    originals = [(event, stated) for event, stated in reports if Anomaly.DUPLICATE_CONFLICT not in event.anomalies]
    if (repeats := _first_repeated(report, originals)) is not None:
        return Classified(event_type=report.type, repeats=repeats)
    conflict = _first_repeated(report, reports)
    if conflict is None and all(event.type is EventType.SUPPLEMENTED for event, _ in originals):
        return Classified(event_type=report.type)
    held = _held(uow, order, *identity)
    was_void = (
        bool(originals)
        and held is not None
        and is_void(held, partial(uow.events.get, order.account_id, order.order_id))
    )
    if conflict is not None and not was_void:
        return Classified(event_type=report.type, repeats=conflict)
    if held is None and all(Anomaly.INVALID in event.anomalies for event, _ in originals):
        return Classified(event_type=report.type)
    if held is not None and held.busted and _counts_again(uow, order, report, held):
        return _COUNTS_AGAIN
    classified = _compare(report, [stated for _, stated in originals], originals[0][0], held)
    if was_void and classified.contradicts and report.type is EventType.TRADE:
        return _COUNTS_AGAIN
    return classified


_COUNTS_AGAIN = Classified(event_type=EventType.TRADE, anomalies=(Anomaly.POSSIBLE_REPEAT,))


def _first_repeated(report: VenueReport, stated: Iterable[tuple[OrderEvent, VenueReport]]) -> OrderEvent | None:
    """The first event that a report repeats."""
    return next((event for event, earlier in stated if report.repeats(earlier)), None)


def _may_state_one_execution(one: VenueReport, other: VenueReport) -> bool:
    """Whether reports with one id may state the same: an execution and its bust, or a correction of nothing, do not.

    Rules: REPEAT-5.
    """
    types = {one.type, other.type}
    if types == {EventType.TRADE_CANCEL}:
        return one.exec_ref_id in (None, other.exec_ref_id)
    if len(types) == 1:
        return True
    corrects = one.exec_ref_id or other.exec_ref_id
    return types == {EventType.TRADE, EventType.TRADE_CORRECT} and corrects is not None


def _counts_again(uow: UnitOfWork, order: Order, report: VenueReport, held: Fill) -> bool:
    """Whether a busted execution is stated anew: after the bust, or with other figures and no time.

    Rules: REPEAT-6.
    """
    if report.type is not EventType.TRADE:
        return False
    exec_ids = _ids_of(uow, held)
    events = uow.events.list(order.account_id, order.order_id, limit=held.sequence)
    busts = [event for event in events if is_bust_of(event, held.leg, exec_ids)]
    if not busts:
        return False
    if report.occurred_at is None:
        return (report.last_quantity, report.last_price) != (held.quantity, held.price)
    return report.occurred_at > busts[-1].happened_at


def _ids_of(uow: UnitOfWork, held: Fill) -> frozenset[str | None]:
    """All ids that an execution has or had."""
    versions = uow.fills.list(held.account_id, held.order_id)
    return frozenset(fill.exec_id for fill in versions if fill.execution == held.execution)


def _compare(report: VenueReport, stated: Sequence[VenueReport], first: OrderEvent, held: Fill | None) -> Classified:
    """Compare a report of an execution with those that stated it before.

    Rules: REPEAT-4.
    """
    known = reduce(VenueReport.merge, stated)
    added, contradicted = report.compare(known)
    if contradicted and not _has_figures_of(report, held, contradicted):
        return Classified(event_type=report.type, anomalies=_CONFLICT)
    fees = reported_fees(report)
    known_fees: Sequence[Fee] = known.fees if held is None else held.fees
    completed = complete_fees(known_fees, fees)
    if completed is None and complete_fees(known.fees, fees) != known.fees:
        return Classified(event_type=report.type, anomalies=_CONFLICT)
    if report.type is EventType.TRADE_CORRECT and "exec_ref_id" in added:
        return Classified(event_type=EventType.TRADE_CORRECT)
    adds_fees = completed is not None and completed != known_fees
    if set(added) - {"fees"} or adds_fees:
        return Classified(event_type=EventType.SUPPLEMENTED)
    return Classified(event_type=report.type, repeats=first)


def _has_figures_of(report: VenueReport, held: Fill | None, names: Sequence[str]) -> bool:
    """Whether a report has the figures of an execution as they are after its corrections."""
    if held is None or not set(names) <= {"last_quantity", "last_price"}:
        return False
    return (report.last_quantity, report.last_price) == (held.quantity, held.price)
