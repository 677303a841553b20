"""Fold fills and account events into a position: matching, flips, fees, results.

The fold is one pass, with constant work per fill for AVERAGE, FIFO and LIFO, and logarithmic work for HIFO and LOFO.
docs/reference/accounting.md has the rules.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.amounts import NOTHING, Amounts
from sot.domain.accounting.carried_units import CarriedUnits, EnteringUnits, Source, carries_nothing
from sot.domain.accounting.carrying_effects import CarryingEffects
from sot.domain.accounting.figures import Entry, Figures
from sot.domain.accounting.lots import LOT_ORDERS, Lot, Lots
from sot.domain.accounting.moment import BOTH_SIDES, ORDER_KNOWN, Moment, side_of
from sot.domain.accounting.position import Position, PositionState, price_of, total
from sot.domain.accounting.rates import Conversion, Rates
from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument, version_at
from sot.domain.values.numbers import ZERO, canonical, exactly
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType, Method, Side


class PositionFold(CarryingEffects):
    """The fold of one position."""

    __slots__ = (
        "_checkpointed",
        "_fees",
        "_fees_in_quantity",
        "_in_quantity",
        "_instruments",
        "_inverse",
        "_last",
        "_moment",
        "_moment_sides",
        "_multiplier",
        "_order_assumed",
        "_order_checked_until",
    )

    def __init__(
        self,
        instruments: Sequence[Instrument],
        method: Method = Method.AVERAGE,
        rates: Rates | None = None,
        start: PositionState | None = None,
        source: Source = carries_nothing,
    ) -> None:
        """Begin a fold.

        Args:
            instruments: All versions of the instrument, oldest first. They have the same currencies.
            method: Which lot a closing trade reduces.
            rates: Rates for fees and results in other currencies than the settlement currency.
            start: The state to continue from; None: nothing. For other methods than AVERAGE it must be flat.
            source: What account events about other symbols bring to this position.
        """
        start = start or _EMPTY
        self._instruments = instruments
        self._method = method
        self._rates = rates
        self._lots: Lots | None = None if method is Method.AVERAGE else LOT_ORDERS[method]()
        assert self._lots is None or not start.quantity, "lots are not in the state"
        self._open_quantity = start.quantity.copy_abs()
        self._direction = 0 if not start.quantity else 1 if start.quantity > ZERO else -1
        self._entry_value = start.entry_value
        self._open_fees = start.open_fees
        self._realized_gross = start.realized_gross
        self._closed_fees = start.closed_fees
        self._fees = dict(start.fees)
        self._fees_in_quantity = start.fees_in_quantity
        self._unvalued = dict(start.unvalued)
        self._account_results = dict(start.account_results)
        self._unvalued_results = dict(start.unvalued_results)
        self._missing_traded = start.missing_traded
        self._missing_moved = start.missing_moved
        self._order_assumed = start.order_assumed
        self._moment_sides = start.moment_sides
        self._moment: Moment | None = None
        self._opened_at = start.opened_at
        self._entries = start.entries
        self._checkpointed = start.checkpointed
        self._carried = start.carried
        self._last: Entry | PositionState = start
        self._order_checked_until = ""
        self._conversions: list[Conversion] = []
        self._source = source
        self._outgoing: CarriedUnits | None = None
        self._entering: EnteringUnits | None = None
        self._unvalued_cost: Amounts = NOTHING
        self._closed_unvalued_cost: Amounts = NOTHING
        self._use(instruments[0] if start.last_at is None else version_at(instruments, start.last_at))

    def _use(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._settle = instrument.currency
        self._multiplier = None if instrument.multiplier == 1 else instrument.multiplier
        self._inverse = instrument.inverse
        self._in_quantity = instrument.base if instrument.pays_in_quantity(instrument.base) else None

    # ------------------------------------------------------------------------------------------------- reading

    @property
    def entries(self) -> int:
        """The number of entries that were folded."""
        return self._entries

    @property
    def is_flat(self) -> bool:
        """Whether no unit is open."""
        return not self._direction

    @property
    def instrument(self) -> Instrument:
        """The version that held for the last entry."""
        return self._instrument

    def state(self, last_key: str | None = None) -> PositionState:
        """Return the sums so far.

        Args:
            last_key: The fold key of the last entry, if the caller has it already.
        """
        last = self._last
        return PositionState(
            quantity=canonical(self._open_quantity if self._direction >= 0 else self._open_quantity.copy_negate()),
            entry_value=canonical(self._entry_value),
            open_fees=canonical(self._open_fees),
            realized_gross=canonical(self._realized_gross),
            closed_fees=canonical(self._closed_fees),
            fees=_canonical(self._fees),
            fees_in_quantity=canonical(self._fees_in_quantity),
            unvalued=_canonical(self._unvalued, drop_zero=True),
            account_results=_canonical(self._account_results),
            unvalued_results=_canonical(self._unvalued_results, drop_zero=True),
            missing_traded=canonical(self._missing_traded),
            missing_moved=canonical(self._missing_moved),
            order_assumed=self._order_assumed,
            moment_sides=self._moment_sides,
            opened_at=self._opened_at,
            entries=self._entries,
            last_key=last_key or (last.last_key if isinstance(last, PositionState) else last.fold_key),
            last_at=self.last_at,
            carried=self._carried,
            checkpointed=self._checkpointed,
        )

    @property
    def last_at(self) -> datetime | None:
        """The time of the last entry; None before the first."""
        last = self._last
        return last.last_at if isinstance(last, PositionState) else last.happened_at

    @property
    def conversions(self) -> Sequence[Conversion]:
        """Each amount that was valued in the settlement currency so far, with its rate."""
        return self._conversions

    @property
    def outgoing(self) -> CarriedUnits | None:
        """What the last entry took out of this position, for the position of its `to_symbol`."""
        return self._outgoing

    @property
    def unvalued_cost(self) -> Amounts:
        """What the open units cost beside the entry value, by currency, for which there is no rate.

        It is no part of the state: a fold must begin with nothing to know it.
        """
        return self._unvalued_cost

    @property
    def closed_unvalued_cost(self) -> Amounts:
        """That of the units that the last entry closed. No result contains it."""
        return self._closed_unvalued_cost

    def figures(self) -> Figures:
        """Return the sums so far. The figures before and after an entry give what it contributed."""
        return Figures(
            self._direction,
            self._open_quantity,
            self._entry_value,
            self._open_fees,
            self._realized_gross,
            self._closed_fees,
            total(self._account_results),
            dict(self._unvalued),
            dict(self._unvalued_results),
            self._missing_traded,
            self._missing_moved,
            len(self._conversions),
        )

    def take_snapshot(self, last_key: str | None = None) -> PositionState:
        """Return the sums so far as a snapshot, and count the entries since the last snapshot from zero.

        Args:
            last_key: The fold key of the last entry, if the caller has it already.
        """
        self._checkpointed = self._entries
        return self.state(last_key)

    @property
    def entries_since_snapshot(self) -> int:
        """The number of entries that were folded since the last snapshot."""
        return self._entries - self._checkpointed

    def lots(self) -> tuple[Lot, ...]:
        """Return the open lots, oldest first; none for AVERAGE.

        Rules: LOT-9.
        """
        lots = sorted(self._lots or (), key=Lot.age)
        return tuple(
            lot._replace(
                quantity=canonical(lot.quantity),
                price=price_of(self._instrument, lot.quantity, lot.entry_value) or canonical(lot.price),
                entry_value=canonical(lot.entry_value),
                fees=canonical(lot.fees),
            )
            for lot in lots
        )

    def kept_lots(self) -> Iterable[Lot]:
        """Return the open lots as they are kept, in any order: a lot that no entry has changed is the same object."""
        return self._lots or ()

    def position(self, key: PositionKey) -> Position:
        """Return the position after the last entry."""
        return Position(
            key=key,
            method=self._method,
            instrument=self._instrument,
            state=self.state(),
            lots=self.lots(),
            conversions=tuple(self._conversions),
        )

    # ------------------------------------------------------------------------------------------------- folding

    def mark_order_checked(self, fold_key: str) -> None:
        """Do not ask again for fills up to a fold key whether their order matters: it is known that it does not."""
        self._order_checked_until = fold_key

    def fold(self, entries: Iterable[Entry]) -> None:
        """Fold entries, which must be in the order of their `fold_key`."""
        iterator = iter(entries)
        while batch := list(islice(iterator, _BATCH_SIZE)):  # the caller's iterator does not run in our context
            with exactly():
                for entry in batch:
                    self._fold_entry(entry)

    def fold_next(self, entry: Entry) -> None:
        """Fold the next entry."""
        with exactly():
            self._fold_entry(entry)

    def _fold_entry(self, entry: Entry) -> None:
        """Fold an entry, by the version of the instrument that holds at its time.

        Rules: FOLD-5.
        """
        if not self._entries and isinstance(entry, AccountEvent) and entry.type is AccountEventType.SPLIT:
            return  # a split of nothing does not make a position (ADR 29)
        if len(self._instruments) > 1:
            self._use(version_at(self._instruments, entry.happened_at))
        self._outgoing, self._closed_unvalued_cost = None, NOTHING
        if entry.happened_at != self.last_at:
            self._moment, self._moment_sides = None, 0
        if isinstance(entry, Fill):
            if not entry.in_legs:
                self._add_to_moment(entry)
            self._trade(entry)
        else:
            self._account_event(entry)
        self._entries += 1
        self._last = entry

    def _add_to_moment(self, fill: Fill) -> None:
        """Find out whether the result depends on an order of this moment's fills that nothing tells.

        It is decided by the method AVERAGE. A fold that continues within a moment knows the sides of its earlier fills,
        and must not be given an opposite one that is not told to come after all of them (`moment.can_continue`).

        Rules: FOLD-8.
        """
        self._moment_sides |= side_of(fill)
        if self._order_assumed or self._lots is not None:
            return
        if self._moment is None:
            if self._moment_sides & ORDER_KNOWN:
                return
            self._moment = Moment(self._instrument, self._open_state())
        moment, sides = self._moment, self._moment_sides & BOTH_SIDES
        moment.add(fill)
        if sides == BOTH_SIDES:
            self._moment_sides = sides | ORDER_KNOWN if moment.is_order_known else sides
            if fill.fold_key > self._order_checked_until:
                self._order_assumed = moment.is_order_relevant(self._simulate)

    def _simulate(self, start: PositionState, fills: Sequence[Fill]) -> PositionState:
        fold = PositionFold((self._instrument,), start=start)
        fold.fold(fills)
        return fold.state()

    def _open_state(self) -> PositionState:
        """What the figures of later fills depend on."""
        return PositionState(
            quantity=self._open_quantity if self._direction >= 0 else self._open_quantity.copy_negate(),
            entry_value=self._entry_value,
            open_fees=self._open_fees,
            missing_moved=self._missing_moved,
            order_assumed=True,  # a simulation does not ask again
        )

    def _trade(self, fill: Fill) -> None:
        """Fold a fill: its units and their value, and its fees by the currency in which they were paid.

        Rules: ACCOUNT-5, ACCOUNT-6, ACCOUNT-7, FOLD-6.
        """
        quantity, price = (ZERO if fill.in_legs else fill.quantity), fill.price
        if fill.in_legs:
            value = ZERO
        elif fill.amount is not None:
            value = self._instrument.value_of_execution(quantity, price, fill.amount)
        elif self._inverse:
            value = self._instrument.value(quantity, price)
        else:
            value = quantity * price if self._multiplier is None else quantity * price * self._multiplier
        direction = 1 if fill.side is Side.BUY else -1
        settlement_fees = ZERO
        unit_fees = ZERO
        fees = self._fees
        for fee in fill.fees:
            amount, currency = fee.amount, fee.currency
            fees[currency] = fees.get(currency, ZERO) + amount
            if currency == self._settle:
                settlement_fees += amount
            elif currency == self._in_quantity:
                unit_fees += amount
            else:
                settlement_fees += self._convert(amount, currency, fill.happened_at, self._unvalued) or ZERO
        if not unit_fees and fill.in_legs:
            self._closed_fees += settlement_fees
            return
        if not unit_fees:
            self._move(direction, quantity, value, settlement_fees, None if fill.amount is not None else price, fill)
            return
        self._fees_in_quantity += unit_fees
        quantity -= self._instrument.quantity_of_base(unit_fees) * direction  # BUY: less arrives; SELL: more leaves
        if quantity > ZERO:
            self._move(direction, quantity, value, settlement_fees, None, fill)
            return
        # The fee was more than what was traded: the money is spent (or earned) on nothing, and the rest of the fee
        # moves the other way, for no money.
        self._realized_gross -= value * direction
        self._closed_fees += settlement_fees
        if quantity:
            self._move(-direction, -quantity, ZERO, ZERO, None, fill)


_EMPTY = PositionState()


_BATCH_SIZE = 1024


def _canonical(amounts: Amounts, drop_zero: bool = False) -> dict[str, Decimal]:
    if not amounts:
        return {}
    return {str(name): canonical(amounts[name]) for name in sorted(amounts) if amounts[name] or not drop_zero}
