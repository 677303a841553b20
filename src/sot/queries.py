"""What queries take and return: filters, pages, recorded facts, orders and their stories."""

from sot.application.as_of.difference import Difference
from sot.application.as_of.history import PastHistory
from sot.application.orders.explanation import Explanation
from sot.application.orders.waiting import Waiting
from sot.application.queries.history import HistoryQueries
from sot.application.queries.timeline import TimelineEntry
from sot.application.support.record_result import RecordResult
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.orders.event import LocalFact, OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest, UnattributedReport
from sot.domain.orders.state import OpenRequest, OrderState
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.instrument import RecordedInstrument
from sot.domain.values.vocabulary import ReconciliationType, RequestStatus, WaitingReason, WaitingRemedy
from sot.ports.accounting import AccountEventFilter
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter

__all__ = [
    "AccountEventFilter",
    "Difference",
    "Explanation",
    "Fill",
    "HistoryQueries",
    "LocalFact",
    "OpenRequest",
    "Order",
    "OrderEvent",
    "OrderFilter",
    "OrderState",
    "Page",
    "PageKey",
    "PastHistory",
    "Reconciliation",
    "ReconciliationFilter",
    "ReconciliationType",
    "RecordResult",
    "RecordedAccountEvent",
    "RecordedInstrument",
    "RecordedReconciliation",
    "RecordedRequest",
    "RequestFilter",
    "RequestStatus",
    "TimelineEntry",
    "UnattributedReport",
    "Waiting",
    "WaitingReason",
    "WaitingRemedy",
]
