"""Round trips: a position from flat to flat. A flip ends one and begins the next."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry, Figures
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.position import price_of
from sot.domain.values.instrument import Instrument
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, add, canonical, share, subtract
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType, PositionSide


def _ids(order_ids: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(order_ids)


@attrs.define(kw_only=True)
class RoundTrip(JsonForm):
    """One round trip. Amounts are in `currency`, the settlement currency.

    From flat to flat every method has the same result, so that there is no method to choose.

    Attributes:
        side: LONG or SHORT.
        closed_at: The time of the last exit; None while it is open.
        entry_quantity: The units that entered, in units after all splits.
        entry_value: The value of these units.
        exit_quantity: The units that left, in units after all splits.
        exit_value: The value of these units.
        realized_gross: The result of closed units, before fees.
        fees: The fees of closed units, entry and exit, without base fees of spot, which are in the prices.
        open_fees: The entry fees of the open units.
        account_results: The results without an order in the meantime (funding, dividends).
        fills: The number of fills.
        complete: Whether every fee and result is counted: those without a rate are not, and neither is the result of
            units that were sold without being there.
    """

    DERIVED: ClassVar = ("currency", "avg_entry_price", "avg_exit_price", "net", "duration")

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
    orders: dict[str, None] = attrs.field(factory=dict, converter=_ids, repr=False, alias="order_ids")
    complete: bool = True

    @property
    def order_ids(self) -> tuple[str, ...]:
        """The ids of its orders, by their first fill."""
        return tuple(self.orders)

    @property
    def currency(self) -> str:
        """The settlement currency."""
        return self.instrument.currency

    @property
    def avg_entry_price(self) -> Decimal | None:
        """The average price of the units that entered, in quote currency per unit.

        Rules: TRIP-8.
        """
        return price_of(self.instrument, self.entry_quantity, self.entry_value)

    @property
    def avg_exit_price(self) -> Decimal | None:
        """The average price of the units that left, in quote currency per unit; None before the first.

        Rules: TRIP-8.
        """
        return price_of(self.instrument, self.exit_quantity, self.exit_value)

    @property
    def net(self) -> Decimal:
        """Gross minus fees plus results without an order: its part of the position's `realized_net`.

        Rules: TRIP-5.
        """
        return canonical(add(subtract(self.realized_gross, self.fees), self.account_results))

    @property
    def duration(self) -> timedelta | None:
        """From the first entry to the last exit; None while it is open.

        Rules: TRIP-8.
        """
        return None if self.closed_at is None else self.closed_at - self.opened_at


def round_trips(key: PositionKey, fold: PositionFold, entries: Iterable[Entry]) -> Iterator[RoundTrip]:
    """Iterate over the round trips of a position, in the order in which they closed; the open one comes last.

    Args:
        key: The position.
        fold: A flat fold by the method AVERAGE.
        entries: The fills and account events, in the order of their fold keys.

    Rules: TRIP-1.
    """
    trip: RoundTrip | None = None
    before = fold.figures()
    for entry in entries:
        fold.fold((entry,))
        after = fold.figures()
        flipped = before.direction * after.direction < 0
        if trip is not None:
            _add_entry(trip, before, after, entry, flipped)
            if flipped or not after.direction:
                trip.closed_at = entry.happened_at
                yield trip
                trip = None
        if after.direction and trip is None:
            trip = _open_trip(key, fold.instrument, before, after, entry)
        before = after
    if trip is not None:
        yield trip


def _open_trip(key: PositionKey, instrument: Instrument, before: Figures, after: Figures, entry: Entry) -> RoundTrip:
    """Begin a round trip with the entry that opens the position.

    Rules: TRIP-2.
    """
    trip = RoundTrip(
        key=key,
        side=PositionSide.LONG if after.direction > 0 else PositionSide.SHORT,
        instrument=instrument,
        opened_at=entry.happened_at,
        entry_quantity=canonical(after.open_quantity),
        entry_value=canonical(after.entry_value),
        open_fees=canonical(after.open_fees),
        complete=_is_valued(before, after),
    )
    _count_fill(trip, entry)
    return trip


def _add_entry(trip: RoundTrip, before: Figures, after: Figures, entry: Entry, flipped: bool) -> None:
    """Add what an entry changed to an open round trip.

    Rules: TRIP-3, TRIP-4, TRIP-5, TRIP-6, TRIP-7.
    """
    quantity, value = (ZERO, ZERO) if flipped else (after.open_quantity, after.entry_value)
    if isinstance(entry, AccountEvent) and entry.type is AccountEventType.SPLIT:
        assert entry.split_to is not None and entry.split_from is not None
        trip.entry_quantity = canonical(share(entry.split_to, trip.entry_quantity, entry.split_from))
        trip.exit_quantity = canonical(share(entry.split_to, trip.exit_quantity, entry.split_from))
        return
    if quantity > before.open_quantity:
        trip.entry_quantity = canonical(add(trip.entry_quantity, subtract(quantity, before.open_quantity)))
        trip.entry_value = canonical(add(trip.entry_value, subtract(value, before.entry_value)))
    elif quantity == before.open_quantity:  # a spin-off or a cost adjustment
        trip.entry_value = canonical(add(trip.entry_value, subtract(value, before.entry_value)))
    gross = subtract(after.realized_gross, before.realized_gross)
    results = subtract(after.account_total, before.account_total)
    if quantity < before.open_quantity:
        entry_value = subtract(before.entry_value, value)
        transfer_result = results if isinstance(entry, AccountEvent) else ZERO
        gain = add(gross, transfer_result)
        gains_by_value = trip.instrument.gains_by_value(before.direction > 0)
        exit_value = add(entry_value, gain) if gains_by_value else subtract(entry_value, gain)
        trip.exit_quantity = canonical(add(trip.exit_quantity, subtract(before.open_quantity, quantity)))
        trip.exit_value = canonical(add(trip.exit_value, exit_value))
    trip.realized_gross = canonical(add(trip.realized_gross, gross))
    trip.account_results = canonical(add(trip.account_results, results))
    trip.fees = canonical(add(trip.fees, subtract(after.closed_fees, before.closed_fees)))
    trip.open_fees = ZERO if flipped else canonical(after.open_fees)
    if not _is_valued(before, after) or after.missing_traded > before.missing_traded:
        trip.complete = False
    _count_fill(trip, entry)


def _is_valued(before: Figures, after: Figures) -> bool:
    """Whether an entry brought nothing without a rate."""
    return after.unvalued == before.unvalued and after.unvalued_results == before.unvalued_results


def _count_fill(trip: RoundTrip, entry: Entry) -> None:
    """Count a fill, and note its order.

    Rules: TRIP-8.
    """
    if not isinstance(entry, AccountEvent):
        trip.fills += 1
        trip.orders[entry.order_id] = None
