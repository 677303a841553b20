"""Rebuild everything that is derived from facts: cached state, costs, snapshots, positions."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import partial

from sot.application.accounting import positions
from sot.application.audit import elsewhere
from sot.application.audit.elsewhere import Elsewhere
from sot.application.audit.order_verification import is_as_derived
from sot.application.audit.rederive import rederive_order
from sot.application.audit.waiting_rows import derived_rows, differing_reports
from sot.application.support.progress import Progress
from sot.application.support.use_case import use_case
from sot.domain.orders.order import Order
from sot.domain.values.errors import StoreDamaged
from sot.ports.audit import OrderRange
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE, PageKey
from sot.ports.store import Store, UnitOfWork


def rebuild(
    store: Store,
    account_id: str | None = None,
    symbol: str | None = None,
    progress: Progress | None = None,
    batch: int = 200,
    executor: Executor | None = None,
) -> int:
    """Rebuild the derived rows of a store that differ from what the facts give, in transactions of its own.

    Others may write meanwhile. The rebuild can be stopped at any point and run again.

    Args:
        store: The store.
        account_id: The account to rebuild; None means all.
        symbol: The symbol to rebuild; None means all.
        progress: Called with "order" or "account", and how many more of them were rebuilt.
        batch: How many orders to rebuild in one transaction, which bounds the memory.
        executor: Finds the orders whose rows differ, unless a symbol is given, such as a
            `concurrent.futures.ProcessPoolExecutor`, or that of a Dask client. Each part opens the store by its
            address. They are rebuilt here, as are positions. A store that is in this process alone is read here.

    Returns:
        The number of orders that agree with their facts now.

    Raises:
        StoreDamaged: An order that differs has no events, or not the request that made it.
        InvalidInput: A worker of `executor` finds another store, or an older copy, at the address.
        BrokenExecutor: The executor gave up a part. An executor may raise errors of its own for that.
    """
    progress = progress or (lambda what, count: None)
    count = 0
    rebuild_orders = (
        _rebuild_differing(store, account_id, batch, executor)
        if symbol is None
        else _rebuild_all(store, OrderFilter(account_id=account_id, symbol=symbol), batch)
    )
    for done in rebuild_orders:
        count += done
        progress("order", done)
    store.run(lambda uow: _restore_waiting(uow, account_id, symbol))
    for account in store.run(lambda uow: _accounts(uow, account_id), read_only=True):
        store.run(lambda uow, name=account: positions.rebuild(uow, name, symbol=symbol))  # type: ignore[misc]
        progress("account", 1)
    return count


@use_case
def rebuild_within(uow: UnitOfWork, account_id: str | None = None, symbol: str | None = None) -> int:
    """Rebuild the derived rows in the caller's transaction; see `rebuild`."""
    order_filter = OrderFilter(account_id=account_id, symbol=symbol)
    count, after = 0, None
    while True:
        done, after = _rebuild_orders(uow, order_filter, after, LARGEST_PAGE)
        count += done
        if after is None:
            break
    _restore_waiting(uow, account_id, symbol)
    for account in _accounts(uow, account_id):
        positions.rebuild(uow, account, symbol=symbol)
    return count


def _rebuild_differing(store: Store, account_id: str | None, batch: int, executor: Executor | None) -> Iterator[int]:
    """Rebuild the orders that are not known to be as their events derive them; yields how many were looked at.

    Nobody has to wait while they are found.
    """
    for count, differing in _find_differing(store, account_id, batch, executor):
        yield count
        for first in range(0, len(differing), batch):
            yield store.run(partial(_rebuild_some, order_ids=differing[first : first + batch]))


def _find_differing(
    store: Store, account_id: str | None, batch: int, executor: Executor | None
) -> Iterator[tuple[int, Sequence[str]]]:
    """What `_differing_orders` returns of each range of orders."""

    def read_ranges(uow: UnitOfWork) -> tuple[Elsewhere | None, Sequence[OrderRange]]:
        there = Elsewhere.of(store, uow, executor)
        return there, uow.audit.order_ranges(batch if there is None else elsewhere.ORDERS_PER_PART, account_id)

    there, ranges = store.run(read_ranges, read_only=True)
    parts = [partial(_differing_orders, within=within) for within in ranges]
    if there is not None:
        yield from there.run(parts)
    else:
        for part in parts:
            yield store.run(part, read_only=True)


def _differing_orders(uow: UnitOfWork, within: OrderRange) -> tuple[int, Sequence[str]]:
    """The number of orders that are as their events derive them, and the ids of the others."""
    count, differing = 0, []
    for stored in uow.audit.stored_orders(within):
        if is_as_derived(uow, stored):
            count += 1
        else:
            differing.append(stored.order_id)
    return count, differing


def _rebuild_some(uow: UnitOfWork, order_ids: Sequence[str]) -> int:
    orders = [order for order_id in order_ids if (order := uow.orders.get(order_id)) is not None]
    for order in orders:
        rebuild_order(uow, order)
    return len(orders)


def _rebuild_all(store: Store, order_filter: OrderFilter, batch: int) -> Iterator[int]:
    """Rebuild all orders of a filter; yields how many."""
    after: PageKey | None = None
    while True:
        done, after = store.run(partial(_rebuild_orders, order_filter=order_filter, after=after, limit=batch))
        yield done
        if after is None:
            return


def _accounts(uow: UnitOfWork, account_id: str | None) -> list[str]:
    return [name for name in uow.audit.accounts() if account_id in (None, name)]


def _rebuild_orders(
    uow: UnitOfWork, order_filter: OrderFilter, after: PageKey | None, limit: int
) -> tuple[int, PageKey | None]:
    page = uow.orders.list(order_filter, after, min(limit, LARGEST_PAGE))
    for order in page.items:
        rebuild_order(uow, order)
    return len(page.items), page.next


def rebuild_order(uow: UnitOfWork, order: Order) -> None:
    """Rebuild an order's cached state, costs, snapshots and identifiers.

    Raises:
        StoreDamaged: The order has no events, or not the request that made it.
    """
    account_id, order_id = order.account_id, order.order_id
    request = uow.requests.get(order.request_id) if order.request_id else None
    events = uow.events.list(account_id, order_id)
    if not events or (request is None and events[0].report is None):
        raise StoreDamaged(
            "(the caller's)", f"order {order_id}: its request or its events are missing; restore it from a backup"
        )
    rederived = rederive_order(uow, order, events, request)
    order.state = rederived.order.state
    order.last_sequence = rederived.order.last_sequence
    order.head = rederived.order.head
    order.updated_at = rederived.order.updated_at
    uow.orders.rewrite(order)
    stored = {(fill.execution, fill.version) for fill in uow.fills.list(account_id, order_id)}
    for fill in rederived.fills:
        if (fill.execution, fill.version) not in stored:
            uow.fills.append(fill)
    if rederived.costs is not None:
        uow.costs.put(rederived.costs)
    else:
        uow.costs.drop(account_id, order_id)
    # Rows that read alike may be stored in other forms, so that all of them are made again.
    uow.pnl.drop(account_id, order_id)
    for snapshot in rederived.snapshots:
        uow.pnl.add(snapshot)
    uow.states.drop(account_id, order_id)
    for state in rederived.states:
        uow.states.add(state)
    identifiers = frozenset(uow.identifiers.of_order(account_id, order_id))
    for identifier in sorted(identifiers - rederived.identifiers):
        uow.identifiers.remove(identifier, order_id)
    for identifier in sorted(rederived.identifiers - identifiers):
        uow.identifiers.add(identifier, order_id)


def _restore_waiting(uow: UnitOfWork, account_id: str | None, symbol: str | None) -> None:
    """Let those reports wait for their order that no event of an order names."""
    for report, _ in list(differing_reports(uow)):
        if account_id in (None, report.account_id) and symbol in (None, report.report.symbol):
            uow.reports.mark_attributed(report)
            if derived_rows(uow, report):
                uow.reports.add_waiting(report, list(report.report.identifiers()))
