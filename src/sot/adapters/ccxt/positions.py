"""Positions of contracts, in signed numbers of contracts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sot.adapters.ccxt.markets import group_contracts
from sot.domain.values.errors import VenueOutcomeUnknown
from sot.domain.values.numbers import exact
from sot.domain.values.vocabulary import PositionSide
from sot.ports.venue import HeldPosition, HeldPositions

_SIDES = {"long": PositionSide.LONG, "short": PositionSide.SHORT}


def held_positions(exchange: Any, symbols: frozenset[str] | None, asked_at: datetime) -> HeldPositions:
    """Read the positions of contracts. Spot symbols are not covered: there are balances, but no positions.

    Args:
        exchange: The exchange object of ccxt.
        symbols: The symbols; None means those that the exchange lists without symbols.
        asked_at: The time of the query.
    """
    if symbols is None:
        records = exchange.fetch_positions()
        covered = frozenset(record["symbol"] for record in records if record.get("symbol") is not None)
    else:
        groups = group_contracts(exchange, symbols)
        records = [record for group in groups.values() for record in exchange.fetch_positions(group)]
        covered = frozenset(symbol for group in groups.values() for symbol in group)
    positions = [_held_position(record) for record in records if record.get("symbol") in covered]
    return HeldPositions(
        asked_at=asked_at, positions=[position for position in positions if position.quantity], symbols=covered
    )


def _held_position(record: Mapping[str, Any]) -> HeldPosition:
    contracts, side = record.get("contracts"), record.get("side")
    if contracts is None:
        raise VenueOutcomeUnknown("UNREADABLE", f"a position of {record['symbol']} has no number of contracts")
    quantity = abs(exact("contracts", contracts))
    if side not in _SIDES and quantity:
        raise VenueOutcomeUnknown("UNREADABLE", f"a position of {record['symbol']} has no side")
    return HeldPosition(
        symbol=record["symbol"],
        quantity=-quantity if side == "short" else quantity,
        position_side=_SIDES[str(side)] if record.get("hedged") and side in _SIDES else PositionSide.NET,
    )
