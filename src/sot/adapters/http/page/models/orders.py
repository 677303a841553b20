"""The list of orders."""

from collections.abc import Sequence
from functools import cached_property

import attrs

from sot.adapters.http.page.models.anomalies import AnomalyText, anomaly_texts
from sot.adapters.http.page.models.filters import FilterField
from sot.adapters.http.page.models.links import ActionLink
from sot.adapters.http.page.models.status import Status, status_of
from sot.adapters.http.page.models.values import Amount, Moment, amount, moment, places
from sot.domain.orders.order import Order
from sot.domain.values.vocabulary import Anomaly


@attrs.frozen(kw_only=True)
class OrderRow:
    """An order in the list. Quantities are in units of the instrument, prices in its quote currency.

    Attributes:
        anomalies: What is odd about its events.
    """

    order_id: str
    created_at: Moment | None
    account_id: str
    venue: str
    symbol: str
    side: str
    order_type: str
    status: Status
    quantity: Amount | None
    executed: Amount | None
    price: Amount | None
    average: Amount | None
    strategy_code: str
    client_order_id: str
    anomalies: Sequence[AnomalyText] = ()

    @property
    def is_odd(self) -> bool:
        """Whether a person should look at it."""
        return self.status.is_odd or bool(self.anomalies)


@attrs.frozen(kw_only=True)
class OrdersModel:
    """The list of orders.

    Attributes:
        rows: The orders of this page.
        filters: The form above the list.
        is_filtered: Whether the form limits the list.
        has_orders: Whether there is any order at all.
        next: The address of the next page; None at the end.
        first: The address of the first page; None there.
        exports: The whole list as a file, in each format.
    """

    rows: Sequence[OrderRow]
    filters: Sequence[FilterField]
    is_filtered: bool
    has_orders: bool
    next: str | None
    first: str | None
    exports: Sequence[ActionLink]

    @cached_property
    def places(self) -> dict[str, int]:
        """The width of the fractions of each column of numbers."""
        names = ("quantity", "executed", "price", "average")
        return {name: places(getattr(row, name) for row in self.rows) for name in names}


def order_row(order: Order, anomalies: Sequence[Anomaly] = ()) -> OrderRow:
    """Return an order as a row of the list."""
    return OrderRow(
        order_id=order.order_id,
        created_at=moment(order.created_at),
        account_id=order.account_id,
        venue=order.venue,
        symbol=order.symbol,
        side=str(order.side or ""),
        order_type=str(order.order_type or "").replace("_", " ").lower(),
        status=status_of(order),
        quantity=amount(order.order_quantity),
        executed=amount(order.cum_quantity),
        price=amount(order.state.limit_price),
        average=amount(order.avg_price),
        strategy_code=order.strategy_code or "",
        client_order_id=order.client_order_id or "",
        anomalies=anomaly_texts(anomalies),
    )
