"""Check that the pages of every list, of any size, are together the whole list."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from sot.application.queries.history import HistoryQueries
from sot.domain.orders.fill import Executions
from sot.domain.orders.order import Order
from sot.domain.orders.replay import advance, opening_state
from sot.ports.accounting import AccountEventFilter
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter

T = TypeVar("T")


def items_of_all_pages(read_page: Callable[..., Page[T, Any]]) -> list[T]:
    """Read all pages of a list.

    Args:
        read_page: Reads the page behind a key, or the first page without one.
    """
    page = read_page()
    items, keys = list(page.items), set()
    while page.next is not None:
        assert page.next not in keys, "a page key is repeated"
        keys.add(page.next)
        page = read_page(page.next)
        items += page.items
    return items


def check_pages(history: HistoryQueries, account_id: str, size: int) -> None:
    """Check that each list of an account is its pages, and each timeline the fold of its events.

    Args:
        history: The present, or a past moment.
        account_id: The account.
        size: Items per page.
    """
    for order in history.orders(limit=500).items:
        order_id = order.order_id
        entries = items_of_all_pages(partial(history.timeline, order_id, limit=size))
        assert entries == list(history.timeline(order_id))
        states = [
            (entry.event, entry.status, entry.cum_quantity, entry.leaves_quantity, entry.avg_price) for entry in entries
        ]
        assert states == list(_folded_states(history, order)), f"order {order_id} is not the fold of its events"
        assert list(history.fills(order_id)) == items_of_all_pages(partial(history.fills, order_id, limit=size))
    for include_flat in (True, False):
        read_page = partial(history.positions, account_id, limit=size, include_flat=include_flat)
        positions = list(history.positions(account_id, include_flat=include_flat))
        assert positions == items_of_all_pages(read_page)
        for symbol in {position.symbol for position in positions}:
            of_symbol = [position for position in positions if position.symbol == symbol]
            assert of_symbol == items_of_all_pages(partial(read_page, symbol=symbol))
    assert list(history.waiting(account_id)) == items_of_all_pages(partial(history.waiting, account_id, limit=size))
    assert list(history.checkpoints()) == items_of_all_pages(partial(history.checkpoints, limit=size))
    for read_filtered in _filtered_lists(history, account_id):
        assert list(read_filtered(limit=500).items) == items_of_all_pages(partial(read_filtered, limit=size))
    for read_sorted in _sorted_lists(history, account_id):
        whole = list(read_sorted(limit=500).items)
        assert whole == items_of_all_pages(partial(read_sorted, limit=size))
        assert whole[::-1] == items_of_all_pages(partial(read_sorted, limit=size, newest_first=True))


def _filtered_lists(history: HistoryQueries, account_id: str) -> Iterator[Callable[..., Page[Any, PageKey]]]:
    """The lists that are read in pages only, by several filters."""
    yield partial(history.account_events, AccountEventFilter(account_id=account_id))
    for is_open in (None, True, False):
        yield partial(history.findings, ReconciliationFilter(account_id=account_id, is_open=is_open))


def _sorted_lists(history: HistoryQueries, account_id: str) -> Iterator[Callable[..., Page[Any, PageKey]]]:
    """The lists that are read oldest or newest first, by several filters."""
    yield partial(history.requests, RequestFilter(account_id=account_id))
    for is_open in (None, True, False):
        yield partial(history.orders, OrderFilter(account_id=account_id, is_open=is_open))


def _folded_states(history: HistoryQueries, order: Order) -> Iterator[Sequence[object]]:
    """Each event, and the figures of the order after it, as they are folded from the first event."""
    events = list(history.events(order.order_id))
    request = history.request(order.request_id).request if order.request_id else None
    opening = opening_state(request, events[0].report)
    folded = order.in_state(opening.copy(), 0)
    executions = Executions()
    for event in events:
        advance(folded, opening, events, executions, event)
        yield event, folded.status, folded.cum_quantity, folded.leaves_quantity, folded.avg_price
