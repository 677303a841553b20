"""Groups of results and costs: by day, symbol, strategy or order, and by currency."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.results import Realized
from sot.domain.values import fields
from sot.domain.values.given import GroupByGiven
from sot.domain.values.vocabulary import GroupBy

G = TypeVar("G", Realized, CostAnalysis)


def labels_of(
    by: Sequence[GroupBy], day: date, venue: str, symbol: str, strategy: str, order_id: str | None
) -> dict[str, Any]:
    """What a contribution is grouped by.

    Rules: RESULT-4.
    """
    labels: dict[str, Any] = {}
    if GroupBy.DAY in by:
        labels["day"] = day
    if GroupBy.SYMBOL in by:
        labels |= {"venue": venue, "symbol": symbol}
    if GroupBy.STRATEGY in by:
        labels["strategy_code"] = strategy
    if GroupBy.ORDER in by:
        labels["order_id"] = order_id or ""
    return labels


def group_of(groups: dict[tuple[Any, ...], G], cls: type[G], currency: str | None, labels: Mapping[str, Any]) -> G:
    """Return the group with these labels and currency, which begins with nothing."""
    key = (*labels.values(), currency)
    group = groups.get(key)
    if group is None:
        group = groups[key] = cls(currency=currency, **labels)  # type: ignore[arg-type]
    return group


def sort_key(key: tuple[Any, ...]) -> tuple[str, ...]:
    """By what groups are sorted: what is absent comes first."""
    return tuple("" if part is None else str(part) for part in key)


def grouping(by: GroupByGiven | Sequence[GroupByGiven]) -> tuple[GroupBy, ...]:
    """What to sum by, as a tuple.

    Raises:
        InvalidInput: A name that is not one of GroupBy.
    """
    names = [by] if isinstance(by, str) else by
    return tuple(_GROUP.check("by", name) for name in names)


_GROUP = fields.member_of(GroupBy)
