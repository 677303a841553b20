"""The views of accounting vectors: queries of a history whose rows a vector expects."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from sot.application.queries.history import HistoryQueries
from sot.domain.audit.checkpoint import Leaf
from sot.domain.orders.event import OrderEvent

Query = Mapping[str, Any]
"""The arguments of a query, and the vector's `rates`."""


@attrs.define
class Recorded:
    """What the entries of a vector made.

    Attributes:
        orders: The ids of its orders, by their names in the vector.
        begin: The cursor of the feed before all of them.
        cursors: The cursor of the feed after each entry.
        feed: The facts of the account in the feed, in its order.
        followed: The events of the account as they are followed, each with its cursor.
    """

    account_id: str
    venue: str
    orders: dict[str, str] = attrs.field(factory=dict)
    begin: int = 0
    cursors: list[int] = attrs.field(factory=list)
    feed: list[Leaf] = attrs.field(factory=list)
    followed: list[tuple[int, OrderEvent]] = attrs.field(factory=list)

    def cursor_after(self, entry: int) -> int:
        """The cursor after an entry, counted from 1; 0 is before all of them."""
        return self.cursors[entry - 1] if entry else self.begin


def _position(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return [history.position(recorded.account_id, recorded.venue, **query)]


def _positions(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return list(history.positions(recorded.account_id, **query))


def _reported_positions(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return list(history.reported_positions(recorded.account_id, **query))


def _balances(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return history.balances(recorded.account_id, **_without_rates(query))


def _round_trips(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return history.round_trips(recorded.account_id, **query)


def _realized(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return history.realized(recorded.account_id, **query)


def _contributions(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return history.contributions(recorded.account_id, **query)


def _capital_gains(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return history.capital_gains(recorded.account_id, **query)


def _cost_analysis(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return history.cost_analysis(recorded.account_id, **query)


def _costs(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return [history.costs(recorded.orders[query["order"]])]


def _pnl(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return [history.pnl(recorded.orders[query["order"]], query["mark"], query.get("fee_rates"))]


def _order(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return [history.order(recorded.orders[query["order"]])]


def _pnl_snapshots(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return list(history.pnl_snapshots(recorded.orders[query["order"]]))


def _feed(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    after = recorded.cursor_after(query.get("after_entry", 0))
    return [leaf for leaf in recorded.feed if leaf.position > after]


def _followed(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    after = recorded.cursor_after(query.get("after_entry", 0))
    return [event for cursor, event in recorded.followed if cursor > after]


def _without_rates(query: Query) -> dict[str, Any]:
    return {name: value for name, value in query.items() if name != "rates"}


VIEWS: Mapping[str, Callable[[HistoryQueries, Recorded, Query], Sequence[Any]]] = {
    "position": _position,
    "positions": _positions,
    "reported_positions": _reported_positions,
    "balances": _balances,
    "round_trips": _round_trips,
    "realized": _realized,
    "contributions": _contributions,
    "capital_gains": _capital_gains,
    "costs": _costs,
    "cost_analysis": _cost_analysis,
    "pnl": _pnl,
    "pnl_snapshots": _pnl_snapshots,
    "order": _order,
    "feed": _feed,
    "followed": _followed,
}
"""The rows of each view, by its name in vectors."""

FEED_VIEWS = frozenset({"feed", "followed"})
"""The views that read the feed of the store."""
