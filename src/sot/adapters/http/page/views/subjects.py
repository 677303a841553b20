"""What actions are about: orders, findings, and reports that wait for their order."""

from sot.adapters.http.access import DEFAULT_ACCOUNT
from sot.adapters.http.http_message import order_etag
from sot.adapters.http.page.models.action import Subject
from sot.adapters.http.page.models.attention import finding_facts, report_facts, report_terms
from sot.adapters.http.page.models.facts import Fact
from sot.adapters.http.page.models.order import order_facts, terms_of
from sot.adapters.http.page.models.status import status_of
from sot.adapters.http.page.page_context import PageContext
from sot.domain.orders.order import Order
from sot.domain.values.errors import NotFound


def _order_subject(context: PageContext, order: Order, impossible: str) -> Subject:
    return Subject(
        title=terms_of(order) or "Order",
        facts=[Fact(name="Status", text=status_of(order).word), *order_facts(order)],
        back=context.links("order", order_id=order.order_id),
        account_id=order.account_id,
        version=order_etag(order),
        impossible=impossible,
    )


def order_in_doubt(context: PageContext) -> Subject:
    """Return the order of the path, to resolve it."""
    order = context.queries.order(context.order_id)
    return _order_subject(context, order, "" if order.in_doubt else "Nothing about this order is in doubt.")


def external_order(context: PageContext) -> Subject:
    """Return the order of the path, to attribute it."""
    order = context.queries.order(context.order_id)
    impossible = ""
    if order.request_id is not None:
        impossible = "A request made this order: only an order that was found at the venue is attributed."
    elif order.state.attributed_to is not None:
        impossible = "This order is attributed already."
    return _order_subject(context, order, impossible)


def order_with_events(context: PageContext) -> Subject:
    """Return the order of the path, to void an event of it."""
    return _order_subject(context, context.queries.order(context.order_id), "")


def finding(context: PageContext) -> Subject:
    """Return the finding of the path."""
    found = context.queries.finding(context.path_id("finding_id", "finding"))
    closing = found.resolution
    return Subject(
        title=f"{found.row.symbol or found.row.asset or 'A difference'} at {found.row.venue}",
        facts=finding_facts(found),
        back=context.links("attention"),
        account_id=found.account_id,
        impossible="" if closing is None else f"It is closed: {closing.reason or 'the next comparison agreed'}",
    )


def waiting_report(context: PageContext) -> Subject:
    """Return the waiting report of the path."""
    account_id: str = context.query.get("account_id") or next(iter(context.accounts or ()), DEFAULT_ACCOUNT)
    report_id = context.path_id("report_id", "waiting report")
    waiting = context.uow.reports.get(account_id, report_id)
    if waiting is None:
        raise NotFound("waiting report", report_id)
    return Subject(
        title=report_terms(waiting.report),
        facts=report_facts(waiting),
        back=context.links("attention"),
        account_id=account_id,
        impossible="" if context.uow.reports.is_waiting(waiting) else "It waits no more: its order is known.",
    )
