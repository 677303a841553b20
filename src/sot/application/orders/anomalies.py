"""Detect what is odd about a report, before its event is made.

OVERFILL and CUM_MISMATCH follow from the quantities after the report; `event_log` adds them.
"""

from sot.application.orders.apply import executions_of
from sot.application.orders.duplicates import Classified
from sot.application.orders.matching import Match, match
from sot.domain.orders.anomalies import contradicts_order, timing_anomalies
from sot.domain.orders.execution_effects import derived_price
from sot.domain.orders.fill import Executions
from sot.domain.orders.needed_executions import Needed, needed_executions
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport, is_execution_id
from sot.domain.values.instrument import version_at
from sot.domain.values.vocabulary import Anomaly, EventType
from sot.ports.store import UnitOfWork


def waiting_anomalies(uow: UnitOfWork, report: VenueReport, found_match: Match | None = None) -> tuple[Anomaly, ...]:
    """What is odd about a report whose order is not known, or not certain; `found_match` is its match, if known.

    Rules: ANOMALY-WAITING.
    """
    found = [Anomaly.UNKNOWN_REFERENCE]
    symbol, venue = report.symbol, report.venue
    if symbol is not None and venue is not None and not uow.instruments.versions(report.account_id, venue, symbol):
        found.insert(0, Anomaly.UNKNOWN_INSTRUMENT)
    if (found_match or match(uow, report)).candidates:
        found.append(Anomaly.AMBIGUOUS_NAME)
    return tuple(found)


def detect_anomalies(
    uow: UnitOfWork, order: Order, report: VenueReport, classified: Classified, executions: Executions | None
) -> tuple[Anomaly, ...]:
    """What is odd about a report of an order; `executions` are those that it refers to (`referenced_executions`).

    Rules: ANOMALY-ORDER, ANOMALY-UNKNOWN_INSTRUMENT, ANOMALY-PRICE_DERIVED, ANOMALY-INVALID, ANOMALY-UNKNOWN_REFERENCE.
    """
    found, event_type = list(classified.anomalies), classified.event_type
    symbol_is_known = _symbol_is_known(uow, order, report)
    if not symbol_is_known:
        found.append(Anomaly.UNKNOWN_INSTRUMENT)
    invalid = report.invalid_fields()
    if invalid == {"last_price"} and derived_price(order.state, report) is not None and not _is_inverse(uow, order):
        found.append(Anomaly.PRICE_DERIVED)
        invalid = frozenset()
    has_no_side = report.side is None and order.side is None and _states_new_execution(event_type, report, executions)
    if _may_lack_figures(report, executions):
        invalid -= {"last_quantity", "last_price"}
        has_no_side = False
    if invalid or has_no_side or contradicts_order(order, report, symbol_is_known):
        found.append(Anomaly.INVALID)
    elif executions is not None and _must_refer(event_type, report) and event_type is not EventType.TRADE:
        named = _reference(report)
        if named is not None and executions.find(named, report.leg) is None:
            found.append(Anomaly.UNKNOWN_REFERENCE)
    if Anomaly.INVALID not in found and _amount_differs(uow, order, report):
        found.append(Anomaly.INVALID)
    if event_type is not EventType.SUPPLEMENTED:
        found += timing_anomalies(order.state, report)
    return tuple(found)


def _may_lack_figures(report: VenueReport, executions: Executions | None) -> bool:
    """Whether a correction without figures makes sense: it waits for its execution, or corrects something else."""
    if report.type is not EventType.TRADE_CORRECT or report.states_figures or report.exec_ref_id is None:
        return False
    is_known = executions is not None and executions.find(report.exec_ref_id, report.leg) is not None
    return not is_known or bool(report.fees) or report.liquidity is not None


def _states_new_execution(event_type: EventType, report: VenueReport, executions: Executions | None) -> bool:
    """Whether a report states an execution, whose side no earlier report has told."""
    if event_type is not EventType.TRADE_CORRECT:
        return event_type is EventType.TRADE
    ids = (report.exec_id, report.exec_ref_id)
    return executions is None or not any(executions.find(each, report.leg) for each in ids if each is not None)


def _amount_differs(uow: UnitOfWork, order: Order, report: VenueReport) -> bool:
    """Whether the money that an execution states differs from its value by more than a rounding of the venue."""
    quantity, price, amount = report.last_quantity, report.last_price, report.last_amount
    if amount is None or quantity is None or price is None:
        return False
    versions = uow.instruments.versions(order.account_id, order.venue, report.symbol or order.symbol)
    if not versions:
        return False
    instrument = version_at(versions, report.occurred_at or report.received_at or uow.clock.now())
    return not instrument.believes(quantity, price, amount)


def _is_inverse(uow: UnitOfWork, order: Order) -> bool:
    """Whether the average price is a harmonic mean, from which no price follows by subtraction."""
    return any(version.inverse for version in uow.instruments.versions(order.account_id, order.venue, order.symbol))


def referenced_executions(
    uow: UnitOfWork, order: Order, report: VenueReport, classified: Classified
) -> Executions | None:
    """The executions that a report refers to; None for a report that refers to none."""
    needed = needed_executions(order, report, classified.event_type, classified.anomalies)
    return None if needed is Needed.NONE else executions_of(uow, order, report, needed)


def _symbol_is_known(uow: UnitOfWork, order: Order, report: VenueReport) -> bool:
    """A request was only accepted for a registered symbol, so that its order's symbol needs no look-up."""
    if order.request_id is not None and report.symbol in (None, order.symbol):
        return True
    return bool(uow.instruments.versions(order.account_id, order.venue, report.symbol or order.symbol))


_NAMES_ITSELF = (EventType.TRADE, EventType.SUPPLEMENTED)


def _reference(report: VenueReport) -> str | None:
    exec_id = report.exec_id if report.type in _NAMES_ITSELF and is_execution_id(report.exec_id) else None
    return report.exec_ref_id or exec_id


def _must_refer(event_type: EventType, report: VenueReport) -> bool:
    """A repeat that supplements a report that was no execution (an acknowledgement) refers to no fill."""
    return event_type is not EventType.SUPPLEMENTED or report.type is EventType.SUPPLEMENTED
