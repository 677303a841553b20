"""Positions of contracts, in signed numbers of contracts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sot.adapters.ccxt.markets import of_contracts
from sot.domain.values.errors import VenueOutcomeUnknown
from sot.domain.values.numbers import exact
from sot.domain.values.vocabulary import PositionSide
from sot.ports.venue import HeldPosition, HeldPositions

_SIDES = {"long": PositionSide.LONG, "short": PositionSide.SHORT}


def held_positions(exchange: Any, symbols: frozenset[str] | None, asked_at: datetime) -> HeldPositions:
    """The positions of these contracts, or of those that the exchange tells of without being asked by symbol.

    Of spot symbols nothing is told: there are balances, but no positions.
    """
    if symbols is None:
        records = exchange.fetch_positions()
        covered = frozenset(record["symbol"] for record in records if record.get("symbol") is not None)
    else:
        groups = of_contracts(exchange, symbols)
        records = [record for group in groups.values() for record in exchange.fetch_positions(group)]
        covered = frozenset(symbol for group in groups.values() for symbol in group)
    held = [_held(record) for record in records if record.get("symbol") in covered]
    return HeldPositions(asked_at=asked_at, positions=[each for each in held if each.quantity], symbols=covered)


def _held(record: Mapping[str, Any]) -> HeldPosition:
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
