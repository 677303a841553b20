"""Rebuild everything that is derived from facts: cached state, costs, snapshots, positions."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial

import attrs

from sot.application.accounting import positions
from sot.application.audit import elsewhere
from sot.application.audit.elsewhere import Elsewhere
from sot.application.audit.order_verification import is_as_derived
from sot.application.audit.position_verification import check_positions
from sot.application.audit.rederive import rederive_order
from sot.application.audit.verification_result import Verification
from sot.application.audit.waiting_rows import derived_rows, differing_reports
from sot.application.support.progress import Progress
from sot.application.support.use_case import use_case
from sot.domain.orders.order import Order
from sot.domain.values.errors import StoreDamaged
from sot.ports.audit import OrderRange
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE, PageKey
from sot.ports.store import Store, UnitOfWork


@attrs.define
class _Found:
    """What a part of a store has that differs from what its facts give.

    Attributes:
        intact: How many of its orders are as their events derive them.
        order_ids: Its other orders.
        accounts: The accounts whose positions may differ: a row of theirs does, or one of their orders, whose
            executions they fold.
    """

    intact: int = 0
    order_ids: list[str] = attrs.field(factory=list)
    accounts: set[str] = attrs.field(factory=set)


_Part = Callable[[UnitOfWork], _Found]


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
        executor: Finds the orders and positions whose rows differ, unless a symbol is given, such as a
            `concurrent.futures.ProcessPoolExecutor`, or that of a Dask client. Each part opens the store by its
            address. They are rebuilt here. A store that is in this process alone is read here.

    Returns:
        The number of orders that agree with their facts now.

    Raises:
        StoreDamaged: An order that differs has no events, or not the request that made it.
        InvalidInput: A worker of `executor` finds another store, or an older copy, at the address.
        BrokenExecutor: The executor gave up a part. An executor may raise errors of its own for that.
    """
    progress = progress or (lambda what, count: None)
    count = 0
    stale: set[str] = set()
    rebuild_orders = (
        _rebuild_differing(store, account_id, batch, executor)
        if symbol is None
        else _rebuild_all(store, OrderFilter(account_id=account_id, symbol=symbol), batch)
    )
    for done, accounts in rebuild_orders:
        stale.update(accounts)
        if done:
            count += done
            progress("order", done)
    store.run(lambda uow: _restore_waiting(uow, account_id, symbol))
    for account in store.run(lambda uow: _accounts(uow, account_id), read_only=True):
        if account in stale or symbol is not None:
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


_Rebuilt = tuple[int, Collection[str]]
"""How many orders agree with their facts now, and the accounts whose positions may not do so."""


def _rebuild_differing(
    store: Store, account_id: str | None, batch: int, executor: Executor | None
) -> Iterator[_Rebuilt]:
    """Rebuild the orders that are not known to be as their events derive them.

    Nobody has to wait while they are found.
    """
    for found in _find_differing(store, account_id, batch, executor):
        yield found.intact, found.accounts
        for first in range(0, len(found.order_ids), batch):
            yield store.run(partial(_rebuild_some, order_ids=found.order_ids[first : first + batch])), ()


def _find_differing(store: Store, account_id: str | None, batch: int, executor: Executor | None) -> Iterator[_Found]:
    """What each part of the store has that differs. The parts of the positions are the last ones."""

    def parts_of(uow: UnitOfWork) -> tuple[Elsewhere | None, Sequence[_Part], Sequence[_Part]]:
        there = Elsewhere.of(store, uow, executor)
        ranges = uow.audit.order_ranges(batch if there is None else elsewhere.ORDERS_PER_PART, account_id)
        orders = [partial(_differing_orders, within=within) for within in ranges]
        accounts = [partial(_differing_positions, account_id=name) for name in _accounts(uow, account_id)]
        return there, orders, [_accounts_of_wrong_rows, *accounts]

    there, orders, others = store.run(parts_of, read_only=True)
    if there is not None:
        yield from there.run([*orders, *others], large=others)
    else:
        for part in [*orders, *others]:
            yield store.run(part, read_only=True)


def _differing_orders(uow: UnitOfWork, within: OrderRange) -> _Found:
    """Find the orders that are not known to be as their events derive them."""
    found = _Found()
    for stored in uow.audit.stored_orders(within):
        if is_as_derived(uow, stored):
            found.intact += 1
        else:
            found.order_ids.append(stored.order_id)
            found.accounts.add(stored.account_id)
    return found


def _differing_positions(uow: UnitOfWork, account_id: str) -> _Found:
    """Find whether a position of an account, or a snapshot of it, is not the fold of its facts."""
    result = Verification()
    check_positions(uow, result, lambda what, count: None, account_id)
    return _Found() if result.passed else _Found(accounts={account_id})


def _accounts_of_wrong_rows(uow: UnitOfWork) -> _Found:
    """Find the accounts with rows, as those of positions are, that cannot be read or contradict themselves."""
    return _Found(accounts={row.account_id for row in uow.audit.row_problems()})


def _rebuild_some(uow: UnitOfWork, order_ids: Sequence[str]) -> int:
    orders = [order for order_id in order_ids if (order := uow.orders.get(order_id)) is not None]
    for order in orders:
        rebuild_order(uow, order)
    return len(orders)


def _rebuild_all(store: Store, order_filter: OrderFilter, batch: int) -> Iterator[_Rebuilt]:
    """Rebuild all orders of a filter."""
    after: PageKey | None = None
    while True:
        done, after = store.run(partial(_rebuild_orders, order_filter=order_filter, after=after, limit=batch))
        yield done, ()
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
