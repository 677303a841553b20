"""Parts of the steps: pick what exists in a store, so that the same step picks the same in each."""

from collections.abc import Callable

import attrs

from sot.application.history import OrderHistory
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.vocabulary import ReconciliationType, Resolution
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import PageKey
from sot.ports.store import UnitOfWork
from sot.testing.contract.samples import ACCOUNT
from sot.testing.contract.transactions import add_reconciliation
from sot.testing.lockstep.observations import list_reconciliations

UNUSED_ID = "00000000-0000-0000-0000-000000000000"


def find_request_id(history: OrderHistory, key: str) -> str:
    """The id of a request by its client order id; an unused id if there is none."""
    request = history.find_request(ACCOUNT, key)
    return request.request_id if request else UNUSED_ID


def pick_order_id(history: OrderHistory, pick: int) -> str:
    """The id of one of the orders; an unused id if there is none."""
    orders = history.orders().items
    return orders[pick % len(orders)].order_id if orders else UNUSED_ID


def list_order_ids(
    history: OrderHistory, is_open: bool | None, after: PageKey | None, size: int, newest_first: bool
) -> tuple[list[str], PageKey | None]:
    """A page of order ids, and the key of the next page."""
    page = history.orders(OrderFilter(is_open=is_open), after, size, newest_first=newest_first)
    return [order.order_id for order in page.items], page.next


def list_request_ids(
    history: OrderHistory, after: PageKey | None, size: int, newest_first: bool
) -> tuple[list[str], PageKey | None]:
    """A page of request ids, and the key of the next page."""
    page = history.requests(RequestFilter(), after, size, newest_first=newest_first)
    return [request.request_id for request in page.items], page.next


def then_list(uow: UnitOfWork, action: Callable[[], object]) -> object:
    """The result of an action, and all reconciliation rows: a store may refuse the action as late as on this read."""
    return action(), list_reconciliations(uow)


def close_picked_finding(uow: UnitOfWork, pick: int, resolution: Resolution) -> RecordedReconciliation | None:
    """Close one of the findings, if there are any; it may be closed already."""
    findings = [row for row in list_reconciliations(uow) if row.row.type is ReconciliationType.FINDING]
    if not findings:
        return None
    finding = findings[pick % len(findings)].row
    return add_reconciliation(
        uow,
        Reconciliation(
            account_id=finding.account_id,
            type=ReconciliationType.RESOLUTION,
            venue=finding.venue,
            venue_account=finding.venue_account,
            run_id=finding.run_id,
            finding_id=finding.record_id,
            resolution=resolution,
        ),
    )


def replacing_picked(history: OrderHistory, event: AccountEvent, replaces: int | None) -> AccountEvent:
    """The event as a replacement of one of the recorded events, if `replaces` picks one."""
    events = history.account_events(limit=500).items
    if replaces is None or not events:
        return event
    return attrs.evolve(event, replaces=events[replaces % len(events)].event_id)
