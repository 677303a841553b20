"""Marks of positions: those that are given, else the rates of a rate source."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import attrs

from sot.domain.accounting.position import Marks, Position, mark_of
from sot.domain.accounting.rates import Mark, Quote, QuoteFunction, checked_mark, checked_rate
from sot.domain.values.given import DecimalGiven
from sot.domain.values.instrument import SETTLES_IN_QUOTE, Instrument
from sot.domain.values.position_key import PositionKey


@attrs.frozen
class PositionMark:
    """A mark of a position, and where it comes from.

    Attributes:
        price: Quote currency per unit.
        quote: The rate that it is; None if it was given.
    """

    price: Decimal
    quote: Quote | None = None


def mark_positions(
    positions: Iterable[Position], given: Marks, quote: QuoteFunction | None, at: datetime | None
) -> dict[PositionKey, PositionMark]:
    """Return the marks of open positions: the given one, else the rate of a time. What has neither is left out.

    Args:
        positions: The positions.
        given: Prices in quote currency per unit, by (venue, symbol) or by symbol.
        quote: Returns rates; None knows none.
        at: The time at which positions are valued; None: no rate is taken.

    Raises:
        InvalidInput: A given mark is not exact, in another currency, or not positive where it must be; or a rate is
            not positive.
    """
    marks = {}
    for position in positions:
        if not position.is_flat:
            mark = _mark(position.instrument, mark_of(position, given), quote, at)
            if mark is not None:
                marks[position.key] = mark
    return marks


def _mark(
    instrument: Instrument, given: Mark | DecimalGiven | None, quote: QuoteFunction | None, at: datetime | None
) -> PositionMark | None:
    if given is not None:
        return PositionMark(checked_mark(given, instrument))
    if quote is None or at is None:
        return None
    asset = _priced_asset(instrument)
    found = quote(asset, instrument.quote, at)
    return None if found is None else PositionMark(checked_rate(f"{asset}/{instrument.quote}", found.rate), found)


def _priced_asset(instrument: Instrument) -> str:
    """What one unit of an instrument is priced as.

    What is held itself has the price of its base. A contract on it has a price of its own, which only a rate under its
    symbol tells: that of its underlying differs by what the time until delivery, funding or a right is worth.
    """
    return instrument.base if instrument.kind in SETTLES_IN_QUOTE else instrument.symbol
