"""Lists page by page: whatever the size of the pages, together they are the whole list."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

import attrs

from sot.application.queries.history import HistoryQueries
from sot.domain.orders.fill import Executions
from sot.domain.orders.order import Order
from sot.domain.orders.replay import advance, opening_state
from sot.ports.accounting import AccountEventFilter
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import Page, Stretch
from sot.ports.reconciliation import ReconciliationFilter

T = TypeVar("T")


def joined(page: Callable[..., Stretch[T, Any]]) -> list[T]:
    """What all pages have; each begins behind the one before. `page` is given the place, and nothing for the first."""
    part = page()
    found, places = list(part.items), set()
    while part.next is not None:
        assert part.next not in places, "the pages go round in circles"
        places.add(part.next)
        part = page(part.next)
        found += part.items
    return found


def check_pages(history: HistoryQueries, account_id: str, size: int) -> None:
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
    assert history.waiting(account_id) == joined(partial(history.waiting_page, account_id, limit=size))
    assert history.checkpoints() == joined(partial(history.checkpoints_page, limit=size))
    for filtered in _lists(history, account_id):
        assert list(filtered(limit=500).items) == joined(partial(filtered, limit=size))


def _lists(history: HistoryQueries, account_id: str) -> Iterator[Callable[..., Page[Any]]]:
    """The lists that are only told in pages, as a filter narrows them."""
    yield partial(history.requests, RequestFilter(account_id=account_id))
    yield partial(history.account_events, AccountEventFilter(account_id=account_id))
    for flag in (None, True, False):
        yield partial(history.orders, OrderFilter(account_id=account_id, is_open=flag))
        yield partial(history.findings, ReconciliationFilter(account_id=account_id, is_open=flag))


def _folded(history: HistoryQueries, order: Order) -> Iterator[Sequence[object]]:
    events = history.events(order.order_id)
    request = history.request(order.request_id).request if order.request_id else None
    opening = opening_state(request, events[0].report)
    told = attrs.evolve(order, state=opening.copy(), last_sequence=0)
    executions = Executions()
    for event in events:
        advance(told, opening, events, executions, event)
        yield event, told.status, told.cum_quantity, told.leaves_quantity, told.avg_price
