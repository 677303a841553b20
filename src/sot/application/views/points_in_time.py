"""Views of the point in time that a history of the past shows."""

from typing import Any

from sot.application.as_of.history import PastHistory
from sot.application.queries.history import HistoryQueries
from sot.application.views.values import plain_value


def as_of_view(history: PastHistory) -> dict[str, Any]:
    """The point in time of a history: what was known, what had happened, and whether it is exact."""
    known_at = history.known.recorded_by if history.known.position is None else history.known.position
    return {
        "known_at": plain_value(known_at),
        "happened_by": plain_value(history.happened_by),
        "exact": history.exact,
    }


def as_of_field(queries: HistoryQueries) -> dict[str, Any]:
    """The key `as_of` of a result about the past; no key for the present."""
    return {"as_of": as_of_view(queries)} if isinstance(queries, PastHistory) else {}
