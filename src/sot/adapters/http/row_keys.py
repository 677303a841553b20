"""The keys by which lists of accounting are sorted, and pages of them begin."""

from typing import Any

from sot.application.views.accounting import GROUP_LABELS
from sot.domain.accounting.balances import Balance
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.results import Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import microseconds
from sot.domain.values.vocabulary import PositionSide


def encode_position_key(key: PositionKey | None) -> list[str] | None:
    """Return the key of a position of an account as a position in a list: JSON values; None for None."""
    return None if key is None else list(map(str, key[1:]))


def decode_position_key(account_id: str, page_position: list[Any]) -> PositionKey:
    """Return the key of a position of an account."""
    venue, symbol, side, position_id, venue_account = page_position
    return PositionKey(account_id, venue, symbol, PositionSide(side), position_id, venue_account)


def sums_key(row: Realized | CostAnalysis) -> list[str]:
    """The key of a group of results or costs."""
    return [str(getattr(row, name)) for name in (*GROUP_LABELS, "currency")]


def round_trip_key(trip: RoundTrip) -> list[Any]:
    """The key of a round trip: closed ones by their end, then open ones by their beginning."""
    closed_at, opened_at = trip.closed_at, microseconds(trip.opened_at)
    return [
        closed_at is None,
        opened_at if closed_at is None else microseconds(closed_at),
        opened_at,
        *map(str, trip.key),
    ]


def balance_key(balance: Balance) -> list[str]:
    """The key of a balance."""
    return [balance.venue, balance.venue_account, balance.asset]
