"""Run something in a transaction of its own, or in many threads at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar, cast

import attrs

from sot.application.history import OrderHistory
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey
from sot.domain.audit.digests import reconciliation_digest
from sot.domain.orders.fill import Fill
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.vocabulary import Mismatch, OrderStatus, PositionSide, Resolution
from sot.ports.access import AccessStore
from sot.ports.orders import Fills
from sot.ports.paging import LARGEST_PAGE
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import Store, UnitOfWork
from sot.testing.contract.samples import (
    ACCOUNT,
    LARGEST,
    ORDER_ID,
    SMALLEST,
    SYMBOL,
    new_order_request,
    reconciliation_row,
    spot_instrument,
)

T = TypeVar("T")
THREADS = 6


def read_history(store: Store, query: Callable[[OrderHistory], T]) -> T:
    """Read the history in a read-only unit of work."""
    return store.run(lambda uow: query(OrderHistory(uow)), read_only=True)


def write_history(store: Store, command: Callable[[OrderHistory], T]) -> T:
    """Change the history in a unit of work that is committed."""
    return store.run(lambda uow: command(OrderHistory(uow)))


class _FailingFills:
    """The fills of a unit of work, none of which can be added."""

    def __init__(self, fills: Fills, error: BaseException) -> None:
        self._fills = fills
        self._error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._fills, name)

    def append(self, fill: Fill) -> None:
        """Raise the error."""
        raise self._error


@contextmanager
def failing_fills(uow: UnitOfWork, error: BaseException) -> Iterator[None]:
    """Let a trade fail halfway: its event is written, its fill raises an error."""
    fills = uow.fills
    uow.fills = cast("Fills", _FailingFills(fills, error))
    try:
        yield
    finally:
        uow.fills = fills


def submit_and_send(store: Store, client_order_id: str, account_id: str = ACCOUNT, **changes: object) -> str:
    """Register the instrument, submit a new order request and mark it as sent, in one transaction.

    Returns:
        The order's id.
    """

    def use_case(uow: UnitOfWork) -> str:
        history = OrderHistory(uow)
        history.register(spot_instrument(account_id))
        request = history.submit(new_order_request(client_order_id, account_id, **changes))
        order_id = history.mark_sent(request.request_id).order_id
        assert order_id is not None
        return order_id

    return store.run(use_case)


def run_in_threads(count: int, action: Callable[[int], T]) -> list[T | BaseException]:
    """Run an action in threads that start together.

    Args:
        count: How many threads.
        action: Takes the number of its thread, from 0.

    Returns:
        What each action returned or raised, by thread.
    """
    barrier = threading.Barrier(count)
    results: list[T | BaseException] = [RuntimeError("did not finish")] * count

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = action(number)
        except BaseException as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


# ------------------------------------------------------------------------------------------- reconciliation rows


def add_reconciliation(
    uow: UnitOfWork, row: Reconciliation, recorded_at: datetime | None = None
) -> RecordedReconciliation:
    """Add a reconciliation row to a unit of work, with a new id if it has none."""
    if row.record_id is None:
        row = attrs.evolve(row, record_id=uow.ids.new_id())
    recorded = RecordedReconciliation(
        row=row, recorded_at=recorded_at or uow.clock.now(), hash=reconciliation_digest(row)
    )
    uow.reconciliations.add(recorded)
    return recorded


def add_full_reconciliation(uow: UnitOfWork, account_id: str = ACCOUNT) -> list[RecordedReconciliation]:
    """Add a run, an input, a finding and its resolution, each with every field that its type may have."""
    common: dict[str, Any] = {
        "account_id": account_id,
        "venue_account": "sub 'one'",
        "checked_at": datetime(2026, 1, 5, 0, 0, 0, 1, tzinfo=UTC),
    }
    document = {"since": "2026-01-05", "seen": [1, Decimal("0.10"), None, {"é": True}], "": {}}
    run = add_reconciliation(uow, reconciliation_row("RUN", inputs=document, actor="reconciler", **common))
    input = reconciliation_row("INPUT", run_id=run.record_id, number=7, inputs=[document], **common)
    finding = reconciliation_row(
        "FINDING",
        run_id=run.record_id,
        mismatch=Mismatch.QUANTITY_DIFFERS,
        order_id=ORDER_ID,
        client_order_id="C1",
        venue_order_id="V%1",
        exec_id="E1",
        leg="2",
        symbol=SYMBOL,
        position_side=PositionSide.SHORT,
        position_id="P1",
        local_status=OrderStatus.PENDING_CANCEL,
        exchange_status=OrderStatus.FILLED,
        local_quantity=-SMALLEST,
        exchange_quantity=LARGEST,
        **common,
    )
    recorded = [run, add_reconciliation(uow, input), add_reconciliation(uow, finding)]
    resolution = reconciliation_row(
        "RESOLUTION",
        finding_id=recorded[-1].record_id,
        resolution=Resolution.ACCEPTED,
        reason="looked",
        actor="ada",
        **common,
    )
    return [*recorded, add_reconciliation(uow, resolution)]


def store_rows(store: Store, *rows: Reconciliation) -> list[str]:
    """Add reconciliation rows in a transaction of their own, and return their ids."""
    return store.run(lambda uow: [add_reconciliation(uow, row).record_id for row in rows])


def matching_ids(store: Store, **conditions: Any) -> list[str]:
    """The ids of the reconciliation rows that meet the conditions of a `ReconciliationFilter`."""
    filter = ReconciliationFilter(**conditions)
    with store.begin(read_only=True) as uow:
        return [row.record_id for row in uow.reconciliations.list(filter, None, LARGEST_PAGE).items]


# ---------------------------------------------------------------------------------- API keys, idempotency records


def add_api_keys(store: AccessStore, *keys: ApiKey) -> None:
    """Add API keys in a transaction of their own."""
    store.run(lambda uow: [uow.api_keys.add(key) for key in keys])


def list_api_keys(store: AccessStore) -> list[ApiKey]:
    """All API keys of a store."""
    return store.run(lambda uow: list(uow.api_keys.list()), read_only=True)


def find_idempotency_record(store: AccessStore, key: str, owner: str = ACCOUNT) -> IdempotencyRecord | None:
    """The idempotency record of a key and its owner."""
    return store.run(lambda uow: uow.idempotency_records.get(owner, key), read_only=True)
