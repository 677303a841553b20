"""Round trips: what a position did from flat to flat. A flip ends one and begins the next."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import attrs

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.fold import Entry, Figures, PositionFold
from sot.domain.accounting.position import price_of
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, add, canonical, share, subtract
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType, PositionSide


@attrs.define(kw_only=True)
class RoundTrip:
    """One round trip; results in the `currency` in which the instrument settles. `closed_at` is None while it is open.

    From flat to flat every method gives the same result, so there is none to choose. Quantities count in units after
    all splits. `fees` are those of what was closed, entry and exit, that are not in the prices (base fees of spot are);
    those that no rate was given for make it incomplete. `open_fees` are those of the entry of what is still open.
    `account_results` came on the way without an order (funding, dividends).
    """

    key: PositionKey
    side: PositionSide
    instrument: Instrument
    opened_at: datetime
    closed_at: datetime | None = None
    entry_quantity: Decimal = ZERO
    entry_value: Decimal = ZERO
    exit_quantity: Decimal = ZERO
    exit_value: Decimal = ZERO
    realized_gross: Decimal = ZERO
    fees: Decimal = ZERO
    open_fees: Decimal = ZERO
    account_results: Decimal = ZERO
    fills: int = 0
    orders: dict[str, None] = attrs.field(factory=dict, repr=False)
    complete: bool = True

    @property
    def order_ids(self) -> tuple[str, ...]:
        """The orders that took part, in the order in which they first did."""
        return tuple(self.orders)

    @property
    def currency(self) -> str:
        """The settlement currency."""
        return self.instrument.currency

    @property
    def avg_entry_price(self) -> Decimal | None:
        """Average price of what opened and enlarged it, in quote currency per unit."""
        return price_of(self.instrument, self.entry_quantity, self.entry_value)

    @property
    def avg_exit_price(self) -> Decimal | None:
        """Average price of what reduced and closed it; None before the first."""
        return price_of(self.instrument, self.exit_quantity, self.exit_value)

    @property
    def net(self) -> Decimal:
        """Gross minus fees plus results without an order: what the position's `realized_net` gained on the way."""
        return canonical(add(subtract(self.realized_gross, self.fees), self.account_results))

    @property
    def duration(self) -> timedelta | None:
        """From the first entry to the last exit; None while it is open."""
        return None if self.closed_at is None else self.closed_at - self.opened_at


def round_trips(key: PositionKey, fold: PositionFold, entries: Iterable[Entry]) -> Iterator[RoundTrip]:
    """The round trips of a position, in the order in which they closed; the open one last.

    `fold` is by the method AVERAGE, and flat.
    """
    trip: RoundTrip | None = None
    before = fold.figures()
    for entry in entries:
        fold.fold((entry,))
        after = fold.figures()
        flipped = before.direction * after.direction < 0
        if trip is not None:
            _went_on(trip, before, after, entry, flipped)
            if flipped or not after.direction:
                trip.closed_at = entry.happened_at
                yield trip
                trip = None
        if after.direction and trip is None:
            trip = _opened(key, fold.instrument, before, after, entry)
        before = after
    if trip is not None:
        yield trip


def _opened(key: PositionKey, instrument: Instrument, before: Figures, after: Figures, entry: Entry) -> RoundTrip:
    trip = RoundTrip(
        key=key,
        side=PositionSide.LONG if after.direction > 0 else PositionSide.SHORT,
        instrument=instrument,
        opened_at=entry.happened_at,
        entry_quantity=canonical(after.held),
        entry_value=canonical(after.entry_value),
        open_fees=canonical(after.open_fees),
        complete=after.unvalued == before.unvalued,
    )
    _named(trip, entry)
    return trip


def _went_on(trip: RoundTrip, before: Figures, after: Figures, entry: Entry, flipped: bool) -> None:
    held, value = (ZERO, ZERO) if flipped else (after.held, after.entry_value)
    if isinstance(entry, AccountEvent) and entry.type is AccountEventType.SPLIT:
        assert entry.split_to is not None and entry.split_from is not None
        trip.entry_quantity = canonical(share(entry.split_to, trip.entry_quantity, entry.split_from))
        trip.exit_quantity = canonical(share(entry.split_to, trip.exit_quantity, entry.split_from))
        return
    if held > before.held:
        trip.entry_quantity = canonical(add(trip.entry_quantity, subtract(held, before.held)))
        trip.entry_value = canonical(add(trip.entry_value, subtract(value, before.entry_value)))
    gross = subtract(after.realized_gross, before.realized_gross)
    results = subtract(after.account_total, before.account_total)
    if held < before.held:
        taken = subtract(before.entry_value, value)
        closed_by_transfer = results if isinstance(entry, AccountEvent) else ZERO
        gain = add(gross, closed_by_transfer)
        rises = (before.direction > 0) is not trip.instrument.inverse
        brought = add(taken, gain) if rises else subtract(taken, gain)
        trip.exit_quantity = canonical(add(trip.exit_quantity, subtract(before.held, held)))
        trip.exit_value = canonical(add(trip.exit_value, brought))
    trip.realized_gross = canonical(add(trip.realized_gross, gross))
    trip.account_results = canonical(add(trip.account_results, results))
    trip.fees = canonical(add(trip.fees, subtract(after.closed_fees, before.closed_fees)))
    trip.open_fees = ZERO if flipped else canonical(after.open_fees)
    if after.unvalued != before.unvalued or after.unvalued_results != before.unvalued_results:
        trip.complete = False
    _named(trip, entry)


def _named(trip: RoundTrip, entry: Entry) -> None:
    if not isinstance(entry, AccountEvent):
        trip.fills += 1
        trip.orders[entry.order_id] = None
