"""The public face type-checks as an application and a third-party adapter use it; this file is never run."""

from collections.abc import Sequence
from decimal import Decimal
from typing import assert_type

from sqlalchemy import select
from sqlalchemy.orm import Session

from sot import Executor, OrderHistory, OrderRequest, OrderStatus, OrderType, Side, Store, VenueReport
from sot.accounting import OrderCosts, OrderPnl
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.models import OrderRow
from sot.queries import Order, OrderFilter, Page, PageKey, RecordedRequest, RecordResult, TimelineEntry
from sot.venue import Venue


class MyVenue(Venue):
    name = "MINE"

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        return []


def stores() -> list[Store]:
    return [MemoryStore(), SqlAlchemyStore.open("sqlite://")]


def embedded(session: Session, report: VenueReport) -> RecordResult:
    history = OrderHistory(SqlAlchemyUnitOfWork(session))
    session.execute(select(OrderRow.status).where(OrderRow.cum_quantity > Decimal(1)))
    return history.record(report)


def use(store: Store) -> None:
    with store.begin() as uow:
        history = OrderHistory(uow)
        request = history.submit(
            OrderRequest(
                account_id="a",
                client_order_id="c",
                venue="v",
                symbol="s",
                side=Side.BUY,
                order_type=OrderType.MARKET,
                quantity=Decimal(1),
            )
        )
        assert_type(request, RecordedRequest)
        uow.commit()
    order = Executor(store, MyVenue()).execute(request.request_id)
    assert_type(order.status, OrderStatus)
    costs = store.run(lambda uow: OrderHistory(uow).costs(order.order_id), read_only=True)
    assert_type(costs, OrderCosts)
    pnl = store.run(lambda uow: OrderHistory(uow).pnl(order.order_id, mark=Decimal(2)))
    assert_type(pnl, OrderPnl)


def iterate(history: OrderHistory) -> list[Order]:
    page = history.orders(OrderFilter(is_open=True), limit=10)
    assert_type(page, Page[Order, PageKey])
    for order in page:
        assert_type(order, Order)
        for entry in history.timeline(order.order_id):
            assert_type(entry, TimelineEntry)
    return list(history.orders())
