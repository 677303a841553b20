"""Lists page by page: whatever the size of the pages, together they are the whole list."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

import attrs

from sot.application.history import OrderHistory
from sot.application.past import Past
from sot.domain.fill import Executions
from sot.domain.order import Order
from sot.domain.replay import advance, opening_state
from sot.ports.records import Stretch

T = TypeVar("T")


def joined(page: Callable[..., Stretch[T, Any]]) -> list[T]:
    """What all pages have; each begins behind the one before. `page` is given the place, and nothing for the first."""
    part = page()
    found = list(part.items)
    while part.next is not None:
        place, part = part.next, page(part.next)
        assert part.next is None or part.next > place, "the pages go round in circles"
        found += part.items
    return found


def check_pages(history: OrderHistory | Past, account_id: str, size: int) -> None:
    """Each list of an account is its pages, and a story is the fold of its events, wherever a page begins."""
    for order in history.orders(limit=500).items:
        order_id = order.order_id
        story = joined(partial(history.timeline_page, order_id, limit=size))
        assert story == history.timeline(order_id)
        shown = [(one.event, one.status, one.cum_quantity, one.leaves_quantity, one.avg_price) for one in story]
        assert shown == list(_folded(history, order)), f"order {order_id} is not the fold of its events"
        assert history.fills(order_id) == joined(partial(history.fills_page, order_id, limit=size))
    for flat in (True, False):
        of_all = partial(history.positions_page, account_id, limit=size, include_flat=flat)
        whole = history.positions(account_id, include_flat=flat)
        assert whole == joined(of_all)
        for symbol in {held.symbol for held in whole}:
            assert [held for held in whole if held.symbol == symbol] == joined(partial(of_all, symbol=symbol))
    if isinstance(history, OrderHistory):
        assert history.waiting(account_id) == joined(partial(history.waiting_page, account_id, limit=size))


def _folded(history: OrderHistory | Past, order: Order) -> Iterator[Sequence[object]]:
    events = history.events(order.order_id)
    request = history.request(order.request_id).request if order.request_id else None
    opening = opening_state(request, events[0].report)
    told = attrs.evolve(order, state=opening.copy(), last_sequence=0)
    executions = Executions()
    for event in events:
        advance(told, opening, events, executions, event)
        yield event, told.status, told.cum_quantity, told.leaves_quantity, told.avg_price
