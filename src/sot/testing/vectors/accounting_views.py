"""The views of accounting vectors: queries of a history whose rows a vector expects."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from sot.application.queries.history import HistoryQueries

Query = Mapping[str, Any]
"""The arguments of a query, and the vector's `rates`."""


@attrs.define
class Recorded:
    """What the entries of a vector made.

    Attributes:
        orders: The ids of its orders, by their names in the vector.
        cursors: The cursor of the feed after each entry.
    """

    account_id: str
    venue: str
    orders: dict[str, str] = attrs.field(factory=dict)
    cursors: list[int] = attrs.field(factory=list)


def _position(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return [history.position(recorded.account_id, recorded.venue, **query)]


def _positions(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return list(history.positions(recorded.account_id, **query))


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


def _costs(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return [history.costs(recorded.orders[query["order"]])]


def _pnl(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return [history.pnl(recorded.orders[query["order"]], query["mark"], query.get("fee_rates"))]


def _order(history: HistoryQueries, recorded: Recorded, query: Query) -> Sequence[Any]:
    return [history.order(recorded.orders[query["order"]])]


def _without_rates(query: Query) -> dict[str, Any]:
    return {name: value for name, value in query.items() if name != "rates"}


VIEWS: Mapping[str, Callable[[HistoryQueries, Recorded, Query], Sequence[Any]]] = {
    "position": _position,
    "positions": _positions,
    "balances": _balances,
    "round_trips": _round_trips,
    "realized": _realized,
    "contributions": _contributions,
    "capital_gains": _capital_gains,
    "costs": _costs,
    "pnl": _pnl,
    "order": _order,
}
"""The rows of each view, by its name in vectors."""
