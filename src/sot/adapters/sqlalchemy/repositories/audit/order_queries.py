"""The queries of what is stored of orders, each sorted by order, and their rows taken order by order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, bindparam, select

from sot.adapters.sqlalchemy.models import (
    DecisionContextRow,
    FeedRow,
    OrderCostsRow,
    OrderEventRow,
    OrderFillRow,
    OrderIdentifierRow,
    OrderPnlRow,
    OrderRequestRow,
    OrderRow,
    OrderStateRow,
    RiskCheckRow,
    WithdrawalRow,
)
from sot.adapters.sqlalchemy.repositories.audit.feed import accounts_of
from sot.adapters.sqlalchemy.repositories.audit.order_ranges import RangedQuery
from sot.adapters.sqlalchemy.repositories.orders.requests import COLUMNS_OF_REQUEST
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.records import Identifier
from sot.domain.values.vocabulary import FactKind
from sot.ports.audit import OrderRange

Row = Sequence[Any]
"""A row as the driver returned it."""

Key = tuple[str, str]
"""The account and the id of an order."""

_of_order = (OrderRow.account_id, OrderRow.order_id)
_is_request = and_(OrderRequestRow.account_id == OrderRow.account_id, OrderRequestRow.request_id == OrderRow.request_id)


def _of_request(model: Any) -> Any:
    return and_(model.account_id == OrderRequestRow.account_id, model.request_id == OrderRequestRow.request_id)


REQUESTS = RangedQuery(
    select(*_of_order, *COLUMNS_OF_REQUEST)
    .join(OrderRequestRow, _is_request)
    .outerjoin(DecisionContextRow, _of_request(DecisionContextRow))
    .outerjoin(WithdrawalRow, _of_request(WithdrawalRow))
    .order_by(*_of_order),
    *_of_order,
)
CHECKS = RangedQuery(
    select(*_of_order, RiskCheckRow.number, RiskCheckRow.recorded_at, RiskCheckRow.body, RiskCheckRow.hash)
    .join(OrderRequestRow, _is_request)
    .join(RiskCheckRow, _of_request(RiskCheckRow))
    .order_by(*_of_order, RiskCheckRow.number),
    *_of_order,
)
IDENTIFIERS = RangedQuery(
    select(
        OrderIdentifierRow.account_id,
        OrderIdentifierRow.order_id,
        *(getattr(OrderIdentifierRow, name) for name in Identifier._fields if name != "account_id"),
    ).order_by(OrderIdentifierRow.account_id, OrderIdentifierRow.order_id),
    OrderIdentifierRow.account_id,
    OrderIdentifierRow.order_id,
)
ENTRIES = RangedQuery(
    select(*FeedRow.__table__.columns)
    .where(FeedRow.account_id == bindparam("account_id"), FeedRow.kind == str(FactKind.EVENT))
    .order_by(FeedRow.key, FeedRow.number),
    FeedRow.key,
)


_OWN_MODELS: tuple[Any, ...] = (OrderRow, OrderEventRow, OrderFillRow, OrderCostsRow, OrderPnlRow, OrderStateRow)
OWN_ROWS: Mapping[Any, RangedQuery] = {
    model: RangedQuery(
        select(*model.__table__.columns).order_by(*model.__table__.primary_key.columns),
        model.account_id,
        model.order_id,
    )
    for model in _OWN_MODELS
}
"""The rows of the tables whose keys begin with the order."""


class OrderStream:
    """The rows of a query by order, each of which is taken once, in the order of their keys."""

    def __init__(self, found: Iterator[Row], key: Callable[[Row], Any] = itemgetter(0, 1)) -> None:
        self._groups = groupby(found, key)
        self.key: Key | None = None
        self._rows: list[Row] = []
        self._advance()

    def _advance(self) -> None:
        for key, found in self._groups:
            # A damaged index of SQLite may give values of any type, which have no order; PostgreSQL gives UUIDs.
            self.key, self._rows = (str(key[0]), str(key[1])), list(found)
            return
        self.key = None

    def take(self, key: Key) -> list[Row]:
        """Take the rows of an order. Rows of orders before it are left out: nothing asked for them."""
        if self.key != key:
            while self.key is not None and self.key < key:
                self._advance()
            if self.key != key:
                return []
        found = self._rows
        self._advance()
        return found


def entries(buffer: WriteBuffer, within: OrderRange) -> Iterator[Row]:
    """Iterate over the entries of events in the feed, whose index has the kind between account and key."""
    first, before = within
    if first is not None:
        end = before[1:] if before is not None and before[0] == first[0] else None
        yield from ENTRIES.rows(buffer, first[1:], end, account_id=first[0])
    for account_id in accounts_of(buffer, "" if first is None else first[0]):
        if before is not None and account_id > before[0]:
            return
        end = before[1:] if before is not None and before[0] == account_id else None
        yield from ENTRIES.rows(buffer, None, end, account_id=account_id)
