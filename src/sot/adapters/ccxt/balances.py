"""Balances of the wallet that an exchange object is set to."""

from datetime import datetime
from typing import Any

from sot.domain.values.errors import InvalidInput, VenueOutcomeUnknown
from sot.domain.values.numbers import exact
from sot.ports.venue import HeldBalance, HeldBalances


def held_balances(exchange: Any, asked_at: datetime) -> HeldBalances:
    """Read the totals by asset: free and in use. Assets that the exchange does not list are not held.

    Args:
        exchange: The exchange object of ccxt.
        asked_at: The time of the query.

    Raises:
        VenueOutcomeUnknown: There are no totals, or one of them is not exact.
    """
    totals = exchange.fetch_balance().get("total")
    if not isinstance(totals, dict):
        raise VenueOutcomeUnknown("UNREADABLE", "the balances have no totals")
    return HeldBalances(asked_at=asked_at, balances=[_held_balance(*item) for item in sorted(totals.items())])


def _held_balance(asset: str, total: Any) -> HeldBalance:
    if total is None:
        raise VenueOutcomeUnknown("UNREADABLE", f"the balance of {asset} has no total")
    try:
        return HeldBalance(asset=asset, amount=exact("total", total))
    except InvalidInput:
        raise VenueOutcomeUnknown("UNREADABLE", f"the balance of {asset} is not exact: {total!r}") from None
