"""Everything that a history can be asked, as lists that can be compared; and facts that are read back from lines."""

from collections.abc import Iterable
from decimal import Decimal

import attrs

from sot.application.audit.archived_facts import read_fact
from sot.application.audit.restore import restore
from sot.application.history import OrderHistory
from sot.application.queries.history import HistoryQueries
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.documents import read_document
from sot.domain.values.errors import NotFound
from sot.domain.values.numbers import ZERO, add, canonical
from sot.domain.values.vocabulary import GroupBy, Method
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import LARGEST_PAGE
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import UnitOfWork
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE
from sot.testing.lockstep.comparison import assert_equal
from sot.testing.pages import check_pages


def observe_present(history: OrderHistory) -> list[object]:
    """Everything of the present, and a check that each order is the fold of its events."""
    observed: list[object] = [list(history.waiting(ACCOUNT)), history.requests(RequestFilter()).items]
    for order in history.orders(limit=500).items:
        order_id = order.order_id
        entries = list(history.timeline(order_id))
        last = entries[-1]
        assert (last.status, last.cum_quantity, last.leaves_quantity) == (
            order.status,
            order.cum_quantity,
            order.leaves_quantity,
        ), f"order {order_id} is not the fold of its events"
        observed.append((attrs.evolve(order, version=0), order.last_hash, order.status, order.is_open, order.in_doubt))
        observed.append([(entry, entry.event.hash) for entry in entries])
        observed.append((list(history.fills(order_id)), history.costs(order_id), list(history.pnl_snapshots(order_id))))
    return observed + _observe_accounts(history)


def observe_history(history: HistoryQueries) -> list[object]:
    """Everything that both the present and a past moment can be asked, but for identifiers."""
    observed: list[object] = [history.instruments(ACCOUNT, VENUE, SYMBOL), history.requests(limit=500).items]
    observed.append(list(history.waiting(ACCOUNT)))
    observed += [history.find_request(ACCOUNT, key) for key in ("C1", "D1")]
    for order in history.orders(limit=500).items:
        order_id = order.order_id
        observed.append((attrs.evolve(order, version=0), order.last_hash, order.status))
        observed.append([(entry, entry.event.hash) for entry in history.timeline(order_id)])
        observed.append((list(history.fills(order_id)), history.costs(order_id), history.pnl(order_id)))
        observed.append(list(history.pnl_snapshots(order_id)))
    return observed + _observe_accounts(history) + _observe_findings(history)


def observe_identifiers(history: HistoryQueries) -> list[object]:
    """The orders of some identifiers.

    They are apart because an archive does not say since when an order has an identifier: its first event lists all
    that the order ever had.
    """
    observed: list[object] = []
    for identifier in ("C1", "C2", "D1", "V1"):
        orders = history.orders(OrderFilter(identifier=identifier)).items
        observed.append([order.order_id for order in orders])
        try:
            observed.append(history.find_order(ACCOUNT, identifier).order_id)
        except NotFound:
            observed.append(None)
    return observed


def list_reconciliations(uow: UnitOfWork) -> list[RecordedReconciliation]:
    """All reconciliation rows."""
    return list(uow.reconciliations.list(ReconciliationFilter(), None, LARGEST_PAGE).items)


def _observe_accounts(history: HistoryQueries) -> list[object]:
    """What is derived across orders, and a check that positions and groups have the same sums."""
    observed: list[object] = [history.account_events(limit=500).items]
    for method in Method:
        positions = list(history.positions(ACCOUNT, method=method, include_flat=True))
        observed.append(
            [(position, position.realized_net, position.realized_paid, position.break_even) for position in positions]
        )
        groups = history.realized(ACCOUNT, by=[GroupBy.SYMBOL, GroupBy.ORDER, GroupBy.DAY], method=method)
        for name in ("realized_gross", "realized_net", "realized_paid"):
            of_positions = exact_sum(getattr(position, name) for position in positions)
            of_groups = exact_sum(getattr(group, name) for group in groups if group.symbol)
            assert of_positions == of_groups, (
                f"{name} by {method}: {of_positions} is not the sum of its groups, {of_groups}"
            )
        observed.append(groups)
    observed.append(history.round_trips(ACCOUNT))
    observed.append(history.cost_analysis(ACCOUNT, by=GroupBy.SYMBOL, rates={"TOKEN": Decimal(2)}))
    return observed


def _observe_findings(history: HistoryQueries) -> list[object]:
    """Open findings, all findings, and each by its id."""
    findings = history.findings(ReconciliationFilter(account_id=ACCOUNT), limit=500).items
    by_id = [history.finding(finding.record_id) for finding in findings]
    return [history.findings(limit=500).items, findings, by_id]


def check_now_is_the_last_moment(uow: UnitOfWork) -> None:
    """Check that the present is the same as the past of the last fact."""
    history = OrderHistory(uow)
    past = history.as_of(known_at=uow.feed.last())
    for observe in (observe_history, observe_identifiers):
        assert_equal(observe(past), observe(history), "the last moment differs from the present")


def check_past_pages(uow: UnitOfWork, facts_ago: int, size: int) -> None:
    """Check that each list is its pages, as of so many facts ago."""
    position = max(uow.feed.last() - facts_ago, 0)
    check_pages(OrderHistory(uow).as_of(known_at=position), ACCOUNT, size)


def restore_lines(uow: UnitOfWork, lines: Iterable[str]) -> None:
    """Restore the facts of an archive's lines; there is no checkpoint among them."""
    for line in lines:
        ((key, fields),) = read_document(line).items()
        assert key == "fact", "the lines contain a checkpoint"
        restore(uow, read_fact(fields))


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum of amounts."""
    total = ZERO
    for amount in amounts:
        total = add(total, amount)
    return canonical(total)
