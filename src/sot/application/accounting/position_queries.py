"""Queries for positions, as a method sees them and in a reporting currency. Nothing here writes."""

from collections.abc import Iterable, Sequence
from operator import itemgetter

import attrs

from sot.application.accounting.other_positions import fold_of
from sot.application.accounting.position_entries import entries
from sot.application.accounting.reporting import Reporting
from sot.application.accounting.result_filter import ResultFilter
from sot.application.support.paging import page_slice
from sot.domain.accounting.position import Position, PositionState
from sot.domain.accounting.rates import Rates
from sot.domain.accounting.reported_position import ReportedPosition
from sot.domain.values.errors import NotFound
from sot.domain.values.instrument import Instrument, version_at
from sot.domain.values.numbers import ZERO
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import Method
from sot.ports.paging import Page
from sot.ports.store import UnitOfWork


def position(uow: UnitOfWork, key: PositionKey, method: Method, rates: Rates | None, hint: str = "") -> Position:
    """One position, as a method sees it.

    Args:
        uow: The unit of work to read from.
        key: The key of the position.
        method: The method that matches closing entries with opening ones.
        rates: Rates for fees and results in other currencies than the settlement currency.
        hint: A hint for the error.

    Raises:
        NotFound: The instrument is not registered.
    """
    instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
    if not instruments:
        hint = hint or "register it, and its positions are made from what was recorded"
        raise NotFound("instrument", f"{key.venue} {key.symbol}", hint)
    return _position_of(uow, key, instruments, uow.positions.get(key), method, rates)


def _position_of(
    uow: UnitOfWork,
    key: PositionKey,
    instruments: Sequence[Instrument],
    stored: PositionState | None,
    method: Method,
    rates: Rates | None,
) -> Position:
    """A position as a method sees it; `stored` is its stored state, which is of the method AVERAGE."""
    result = _folded(uow, key, instruments, stored, method, rates)
    if not result.missing_quantity:
        return result
    return attrs.evolve(result, missing=_symbols_with_units(uow, key, result.instrument.base))


def _symbols_with_units(uow: UnitOfWork, key: PositionKey, base: str) -> tuple[str, ...]:
    """The other symbols of an account with a base of which units are held.

    Rules: MISSING-6.
    """
    held = {
        (other.venue, other.symbol)
        for other, state in uow.positions.list(key.account_id, open_only=True)
        if state.quantity > ZERO and (other.venue, other.symbol) != (key.venue, key.symbol)
    }
    symbols = {
        symbol for venue, symbol in held if uow.instruments.versions(key.account_id, venue, symbol)[-1].base == base
    }
    return tuple(sorted(symbols))


def _folded(
    uow: UnitOfWork,
    key: PositionKey,
    instruments: Sequence[Instrument],
    stored: PositionState | None,
    method: Method,
    rates: Rates | None,
) -> Position:
    has_unvalued = stored is not None and bool(stored.unvalued or stored.unvalued_results)
    rates = rates if has_unvalued else None
    if method is Method.AVERAGE and rates is None:
        state = stored or PositionState()
        at = state.last_at
        instrument = instruments[0] if at is None else version_at(instruments, at)
        return Position(key=key, method=method, instrument=instrument, state=state)
    start = None if rates is not None else uow.positions.last_snapshot(key, common=True)
    fold = fold_of(uow, instruments, method, rates, start)
    fold.fold(entries(uow, key, start))
    result = fold.position(key)
    if stored is None:
        return result
    return attrs.evolve(result, state=attrs.evolve(result.state, order_assumed=stored.order_assumed))


def _positions_of(
    uow: UnitOfWork, rows: Iterable[tuple[PositionKey, PositionState]], method: Method, rates: Rates | None
) -> list[Position]:
    return [_position_of(uow, key, uow.instruments.versions(*key[:3]), state, method, rates) for key, state in rows]


def positions(
    uow: UnitOfWork,
    filter: ResultFilter,
    method: Method,
    rates: Rates | None,
    include_flat: bool,
    after: PositionKey | None,
    limit: int,
) -> Page[Position, PositionKey]:
    """A page of at most `limit` positions after a key."""
    rows = uow.positions.list(
        filter.account_id, filter.venue, filter.symbol, not include_flat, after, limit + 1, filter.venue_account
    )
    page = page_slice(rows, limit, itemgetter(0))
    return Page(_positions_of(uow, page.items, method, rates), page.next)


def reported_positions(
    uow: UnitOfWork,
    filter: ResultFilter,
    method: Method,
    rates: Rates | None,
    include_flat: bool,
    after: PositionKey | None,
    limit: int,
    reporting: Reporting,
) -> Page[ReportedPosition, PositionKey]:
    """A page of at most `limit` positions after a key, with their figures in a reporting currency."""
    page = positions(uow, filter, method, rates, include_flat, after, limit)
    reported = [
        reporting.position(uow, position, uow.instruments.versions(*position.key[:3]), method)
        for position in page.items
    ]
    return Page(reported, page.next)
