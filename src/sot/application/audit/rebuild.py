"""Making everything derived anew from facts: cached state, costs, snapshots, positions."""

from sot.application.accounting import positions
from sot.application.audit.lost_reports import lost_reports
from sot.application.audit.rederive import rederive_order
from sot.application.orders.identifiers import missing_identifiers
from sot.application.support.progress import Progress
from sot.domain.orders.order import Order
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE, PageKey
from sot.ports.store import Store, UnitOfWork


def rebuild(
    store: Store,
    account_id: str | None = None,
    symbol: str | None = None,
    progress: Progress | None = None,
    batch: int = 200,
) -> int:
    """Rebuild what the facts of a store give, or those of one account or one symbol, in transactions of its own.

    Some orders at a time, so that memory stays flat; others may write meanwhile. It can be stopped at any point and run
    again: what is right already stays as it is. Gives the number of orders.
    """
    tell = progress or (lambda what, count: None)
    wanted = OrderFilter(account_id=account_id, symbol=symbol)
    count, after = 0, None
    while True:
        done, after = store.run(lambda uow, place=after: _some_orders(uow, wanted, place, batch))  # type: ignore[misc]
        count += done
        tell("order", done)
        if after is None:
            break
    store.run(lambda uow: _wait_again(uow, account_id, symbol))
    for account in store.run(lambda uow: list(_accounts(uow, account_id)), read_only=True):
        store.run(lambda uow, name=account: positions.rebuild(uow, name, symbol=symbol))  # type: ignore[misc]
        tell("account", 1)
    return count


def rebuild_within(uow: UnitOfWork, account_id: str | None = None, symbol: str | None = None) -> int:
    """The same in the caller's transaction."""
    wanted = OrderFilter(account_id=account_id, symbol=symbol)
    count, after = 0, None
    while True:
        done, after = _some_orders(uow, wanted, after, LARGEST_PAGE)
        count += done
        if after is None:
            break
    _wait_again(uow, account_id, symbol)
    for account in _accounts(uow, account_id):
        positions.rebuild(uow, account, symbol=symbol)
    return count


def _accounts(uow: UnitOfWork, account_id: str | None) -> list[str]:
    return [name for name in uow.audit.accounts() if account_id in (None, name)]


def _some_orders(uow: UnitOfWork, wanted: OrderFilter, after: PageKey | None, limit: int) -> tuple[int, PageKey | None]:
    page = uow.orders.list(wanted, after, min(limit, LARGEST_PAGE))
    for order in page.items:
        rebuild_order(uow, order)
    return len(page.items), page.next


def rebuild_order(uow: UnitOfWork, order: Order) -> None:
    """One order's cached state, costs, snapshots, and the names by which it is found."""
    account_id, order_id = order.account_id, order.order_id
    request = uow.requests.get(order.request_id) if order.request_id else None
    events = uow.events.list(account_id, order_id)
    made = rederive_order(uow, order, events, request)
    order.state = made.order.state
    order.last_sequence = made.order.last_sequence
    order.head = made.order.head
    order.updated_at = made.order.updated_at
    uow.orders.rewrite(order)
    if made.costs is not None:
        uow.costs.put(made.costs)
    else:
        uow.costs.drop(account_id, order_id)
    if list(uow.pnl.list(account_id, order_id)) != list(made.snapshots):
        uow.pnl.drop(account_id, order_id)
        for snapshot in made.snapshots:
            uow.pnl.add(snapshot)
    if list(uow.states.list(account_id, order_id)) != list(made.states):
        uow.states.drop(account_id, order_id)
        for state in made.states:
            uow.states.add(state)
    for name in missing_identifiers(uow, order, events):
        uow.identifiers.add(name, order_id)


def _wait_again(uow: UnitOfWork, account_id: str | None, symbol: str | None) -> None:
    for report in list(lost_reports(uow)):
        if account_id in (None, report.account_id) and symbol in (None, report.report.symbol):
            uow.reports.mark_attributed(report)
            uow.reports.add_waiting(report, list(report.report.identifiers()))
