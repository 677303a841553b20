"""The story of an order."""

import attrs

from sot.adapters.http.page.models.links import ActionLink
from sot.adapters.http.page.models.order import (
    Entry,
    Intent,
    OrderModel,
    PastMoment,
    costs_of,
    entry_of,
    execution_of,
    intent_of,
    moments_of,
    order_facts,
    results_of,
    terms_of,
)
from sot.adapters.http.page.models.status import status_of
from sot.adapters.http.page.models.words import event_word
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import AS_OF, query_text
from sot.adapters.http.page.page_route import PageRoute, WebPage
from sot.adapters.http.page.views.action_table import ATTRIBUTE, RESOLVE, VOID, action_links
from sot.adapters.http.page.views.export import export_links
from sot.adapters.http.page.views.proof import last_sealed
from sot.adapters.http.parameters import integer
from sot.application.queries.timeline import TimelineEntry
from sot.domain.orders.order import Order

EVENTS = 100
"""How many events, moments and executions a page shows."""


def _order(context: PageContext) -> WebPage:
    queries = context.queries
    order = queries.order(context.order_id)
    timeline = queries.timeline(order.order_id, context.query.get("after", 0), EVENTS)
    fills = queries.fills(order.order_id, limit=EVENTS)
    pnl = queries.pnl(order.order_id)
    checkpoint, sealed = last_sealed(context, order)
    model = OrderModel(
        order_id=order.order_id,
        terms=terms_of(order),
        status=status_of(order),
        explanation=queries.explain(order.order_id),
        facts=order_facts(order),
        intent=_intent(context, order),
        entries=[_entry(context, order, entry, sealed) for entry in timeline.items],
        later=context.links("order", order_id=order.order_id, after=timeline.next) if timeline.next else None,
        executions=[execution_of(fill) for fill in fills.items],
        more_executions=fills.next is not None,
        costs=costs_of(queries.costs(order.order_id)) if fills.items else [],
        results=[] if pnl is None else results_of(pnl),
        moments=_moments(context, order),
        last_hash=order.last_hash,
        sealed=sealed,
        checkpoint=None if checkpoint is None else checkpoint.number,
        actions=_actions(context, order),
        event_files=export_links(context, "exportEvents", order_id=order.order_id),
        execution_files=export_links(context, "exportFills", order_id=order.order_id) if fills.items else [],
    )
    return WebPage(template="order.html", title=model.terms or "Order", model=model)


def _actions(context: PageContext, order: Order) -> list[ActionLink]:
    """What the reader can do about the order as it is."""
    possible = [RESOLVE] if order.in_doubt else []
    possible += [ATTRIBUTE] if order.request_id is None and order.state.attributed_to is None else []
    return action_links(context, *possible, order_id=order.order_id)


def _entry(context: PageContext, order: Order, entry: TimelineEntry, sealed: int) -> Entry:
    ids = {"order_id": order.order_id, "sequence": entry.event.sequence}
    void = action_links(context, VOID, **ids) if entry.event.sequence > 1 else []
    return entry_of(
        entry,
        is_sealed=entry.event.sequence <= sealed,
        proof=context.links.at(None)("proof", **ids),
        actions=[attrs.evolve(link, label=f"Void event {entry.event.sequence}") for link in void],
    )


def _intent(context: PageContext, order: Order) -> Intent | None:
    return None if order.request_id is None else intent_of(context.queries.request(order.request_id))


def _moments(context: PageContext, order: Order) -> list[PastMoment]:
    """The slider over the order's past. It has the moments of the present history, those after the one shown, too."""
    after = context.query.get("after", 0)
    events = context.history.events(order.order_id, after, EVENTS).items
    as_of = context.query.get("as_of")
    shown = None if as_of is None else query_text(as_of)
    return [
        PastMoment(
            moment=at,
            events=", ".join(event_word(event.type) for event in recorded),
            address=context.links.at(exact)("order", order_id=order.order_id, after=after or None),
            is_current=exact == shown,
        )
        for exact, (at, recorded) in moments_of(events).items()
    ]


ROUTES = (
    PageRoute(
        name="order",
        path="/orders/{order_id}",
        view=_order,
        live=True,
        query=(AS_OF, integer("after", "The sequence of the event after which the timeline begins.")),
    ),
)
