"""A file with a million orders, in seconds: rows that are made of two orders which the library made.

Only the rows of the orders themselves and their names are there, without events or fills: enough to list them. One in
`RARE_EVERY` rests, of a symbol and a strategy of its own; all others are filled.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
from bench import INSTRUMENT, T0, fill_order, register
from sqlalchemy import insert, select

from sot import OrderHistory, OrderRequest, OrderType, Side, TimeInForce
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.models import OrderIdentifierRow, OrderRow
from sot.ports.paging import PageKey

MANY = 1_000_000
RARE_EVERY = 100_000
RARE_SYMBOL, RARE_STRATEGY = "RARE/USDT", "rare"
_AT_ONCE = 10_000
_ORDERS: Any = OrderRow.__table__
_NAMES: Any = OrderIdentifierRow.__table__


def fill(path: Path, count: int = MANY) -> tuple[str, list[PageKey]]:
    """Make the file; gives its address, and the places behind which its middle and its end are.

    The n-th order is named `many.n`, and was made n seconds after the first.
    """
    url = f"sqlite:///{path}"
    store = SqlAlchemyStore.open(url)
    register(store)
    filled, resting = _models(store)
    with store.engine.begin() as connection:
        for first in range(0, count, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, count))
            orders = [_renamed(resting if number % RARE_EVERY == 0 else filled, number) for number in numbers]
            connection.execute(insert(_ORDERS), orders)
            connection.execute(insert(_NAMES), list(_names(orders)))
    store.close()
    return url, [_place(count // 2), _place(count - 100)]


def _place(number: int) -> PageKey:
    return PageKey(T0 + timedelta(seconds=number), _id(number))


def _id(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012x}"


def _models(store: SqlAlchemyStore) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rows of a filled order, and of one that rests."""
    rare = attrs.evolve(INSTRUMENT, symbol=RARE_SYMBOL, base="RARE")
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(rare)
        fill_order(history, "filled")
        request = history.submit(
            OrderRequest(
                account_id=rare.account_id,
                client_order_id="resting",
                venue=rare.venue,
                symbol=rare.symbol,
                side=Side.BUY,
                order_type=OrderType.LIMIT,
                quantity=2,  # type: ignore[arg-type]
                limit_price=1,  # type: ignore[arg-type]
                time_in_force=TimeInForce.GTC,
                strategy_code=RARE_STRATEGY,
            )
        )
        history.mark_sent(request.request_id)
        uow.commit()
    with store.engine.connect() as connection:
        found = {row["client_order_id"]: dict(row) for row in connection.execute(select(_ORDERS)).mappings()}
    return found["filled"], found["resting"]


def _renamed(row: dict[str, Any], number: int) -> dict[str, Any]:
    at, name = T0 + timedelta(seconds=number), f"many.{number}"
    return {
        **row,
        "order_id": _id(number),
        "request_id": None,
        "client_order_id": name,
        "state": row["state"].replace(row["client_order_id"], name),
        "created_at": at,
        "updated_at": at,
    }


def _names(orders: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    columns = [column.name for column in _NAMES.columns]
    for order in orders:
        named = {**order, "kind": "CLIENT", "value": order["client_order_id"]}
        yield {name: named[name] for name in columns}
