"""Folding fills and account events into a position: matching, flips, fees, results.

One pass, constant work per fill for AVERAGE, FIFO and LIFO, logarithmic for HIFO and LOFO. The rules are those of
docs/reference/accounting.md: gross entry prices; fees apart, and split by quantity; base fees of spot paid in units.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.lots import LOT_ORDERS, Lot, Lots, Taken, take
from sot.domain.accounting.position import Amounts, Position, PositionState, price_of, total
from sot.domain.accounting.rates import Conversion, Rates
from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument, version_at
from sot.domain.values.numbers import ZERO, canonical, exactly, share
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType, Method, Side

Entry = Fill | AccountEvent


class Figures(NamedTuple):
    """The sums of a fold at one moment, as they are: `held` is without sign, `direction` is 1, 0 or -1."""

    direction: int
    held: Decimal
    entry_value: Decimal
    open_fees: Decimal
    realized_gross: Decimal
    closed_fees: Decimal
    account_total: Decimal
    unvalued: Amounts
    unvalued_results: Amounts
    conversions: int


class PositionFold:
    """A position in the making. `instruments` are all versions, oldest first; they share their currencies."""

    __slots__ = (
        "_account_results",
        "_carried",
        "_checkpointed",
        "_closed_fees",
        "_conversions",
        "_direction",
        "_entries",
        "_entry_value",
        "_fees",
        "_fees_in_quantity",
        "_held",
        "_in_quantity",
        "_instrument",
        "_instruments",
        "_inverse",
        "_last",
        "_lots",
        "_method",
        "_multiplier",
        "_open_fees",
        "_opened_at",
        "_rates",
        "_realized_gross",
        "_settle",
        "_unvalued",
        "_unvalued_results",
    )

    def __init__(
        self,
        instruments: Sequence[Instrument],
        method: Method = Method.AVERAGE,
        rates: Rates | None = None,
        start: PositionState | None = None,
    ) -> None:
        start = start or _EMPTY
        self._instruments = instruments
        self._method = method
        self._rates = rates
        self._lots: Lots | None = None if method is Method.AVERAGE else LOT_ORDERS[method]()
        assert self._lots is None or not start.quantity, "lots are not in the state"
        self._held = start.quantity.copy_abs()
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
        self._opened_at = start.opened_at
        self._entries = start.entries
        self._checkpointed = start.checkpointed
        self._carried = start.carried
        self._last: Entry | PositionState = start
        self._conversions: list[Conversion] = []
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
        """How many entries were folded."""
        return self._entries

    @property
    def is_flat(self) -> bool:
        """No unit is open."""
        return not self._direction

    @property
    def instrument(self) -> Instrument:
        """The version that held for the last entry."""
        return self._instrument

    def state(self, last_key: str | None = None) -> PositionState:
        """The sums so far; `last_key` is that of the last entry, where the caller knows it already."""
        last = self._last
        return PositionState(
            quantity=canonical(self._held if self._direction >= 0 else self._held.copy_negate()),
            entry_value=canonical(self._entry_value),
            open_fees=canonical(self._open_fees),
            realized_gross=canonical(self._realized_gross),
            closed_fees=canonical(self._closed_fees),
            fees=_canonical(self._fees),
            fees_in_quantity=canonical(self._fees_in_quantity),
            unvalued=_canonical(self._unvalued, drop_zero=True),
            account_results=_canonical(self._account_results),
            unvalued_results=_canonical(self._unvalued_results, drop_zero=True),
            opened_at=self._opened_at,
            entries=self._entries,
            last_key=last_key or (last.last_key if isinstance(last, PositionState) else last.fold_key),
            last_at=last.last_at if isinstance(last, PositionState) else last.happened_at,
            carried=self._carried,
            checkpointed=self._checkpointed,
        )

    @property
    def conversions(self) -> Sequence[Conversion]:
        """The amounts that were valued in the settlement currency so far, each by its rate."""
        return self._conversions

    def figures(self) -> "Figures":
        """What changed by the last entry can be told from these, taken before and after it."""
        return Figures(
            self._direction,
            self._held,
            self._entry_value,
            self._open_fees,
            self._realized_gross,
            self._closed_fees,
            total(self._account_results),
            dict(self._unvalued),
            dict(self._unvalued_results),
            len(self._conversions),
        )

    def take_snapshot(self, last_key: str | None = None) -> PositionState:
        """The sums so far, as a checkpoint: from here on entries are counted anew towards the next one."""
        self._checkpointed = self._entries
        return self.state(last_key)

    @property
    def entries_since_snapshot(self) -> int:
        """How many entries were folded since the last checkpoint."""
        return self._entries - self._checkpointed

    def lots(self) -> tuple[Lot, ...]:
        """The open lots, oldest first; none for AVERAGE."""
        found = sorted(self._lots or (), key=lambda lot: lot.number)
        return tuple(
            lot._replace(
                quantity=canonical(lot.quantity),
                price=price_of(self._instrument, lot.quantity, lot.entry_value) or canonical(lot.price),
                entry_value=canonical(lot.entry_value),
                fees=canonical(lot.fees),
            )
            for lot in found
        )

    def position(self, key: PositionKey) -> Position:
        """The position as it is now."""
        return Position(
            key=key,
            method=self._method,
            instrument=self._instrument,
            state=self.state(),
            lots=self.lots(),
            conversions=tuple(self._conversions),
        )

    # ------------------------------------------------------------------------------------------------- folding

    def fold(self, entries: Iterable[Entry]) -> None:
        """Take up entries, which come in the order of their `fold_key`."""
        coming = iter(entries)
        while some := list(islice(coming, _AT_A_TIME)):  # whatever gives them does not run in our context
            with exactly():
                for entry in some:
                    self._take(entry)

    def _take(self, entry: Entry) -> None:
        if not self._entries and isinstance(entry, AccountEvent) and entry.type is AccountEventType.SPLIT:
            return  # of nothing; and no position is there because its symbol was split
        if len(self._instruments) > 1:
            self._use(version_at(self._instruments, entry.happened_at))
        if isinstance(entry, Fill):
            self._trade(entry)
        else:
            self._account_event(entry)
        self._entries += 1
        self._last = entry

    def _trade(self, fill: Fill) -> None:
        quantity, price = fill.quantity, fill.price
        if self._inverse:
            value = self._instrument.weighted(quantity, price)
        else:
            value = quantity * price
        if self._multiplier is not None:
            value *= self._multiplier
        direction = 1 if fill.side is Side.BUY else -1
        settled = ZERO
        left = ZERO
        fees = self._fees
        for fee in fill.fees:
            amount, currency = fee.amount, fee.currency
            fees[currency] = fees.get(currency, ZERO) + amount
            if currency == self._settle:
                settled += amount
            elif currency == self._in_quantity:
                left += amount
            else:
                settled += self._valued(amount, currency, fill.happened_at, self._unvalued) or ZERO
        if not left:
            self._move(direction, quantity, value, settled, price, fill)
            return
        self._fees_in_quantity += left
        quantity -= left * direction  # BUY: less arrives; SELL: more leaves
        if quantity > ZERO:
            self._move(direction, quantity, value, settled, None, fill)
            return
        # The fee was more than what was traded: the money is spent (or earned) on nothing, and the rest of the fee
        # moves the other way, for no money.
        self._realized_gross -= value * direction
        self._closed_fees += settled
        if quantity:
            self._move(-direction, -quantity, ZERO, ZERO, None, fill)

    def _valued(self, amount: Decimal, currency: str, at: datetime, unvalued: dict[str, Decimal]) -> Decimal | None:
        rate = None if self._rates is None else self._rates(currency, self._settle, at)
        if rate is None:
            unvalued[currency] = unvalued.get(currency, ZERO) + amount
            return None
        self._conversions.append(Conversion(amount, currency, self._settle, at, rate))
        return amount * rate

    # A price of None says that the units did not enter at the price of the trade: what they cost tells it.

    def _move(
        self, direction: int, quantity: Decimal, value: Decimal, fees: Decimal, price: Decimal | None, entry: Entry
    ) -> None:
        held = self._held
        if direction != -self._direction:
            self._open(direction, quantity, value, fees, price, entry)
        elif quantity <= held:
            self._realized_gross += self._close(quantity, value, fees)
        else:
            # It crosses zero: one part closes, the rest opens at the same price; value and fee go by quantity.
            closing_value = share(value, held, quantity)
            closing_fees = share(fees, held, quantity) if fees else ZERO
            self._realized_gross += self._close(held, closing_value, closing_fees)
            self._open(direction, quantity - held, value - closing_value, fees - closing_fees, price, entry)

    def _open(
        self, direction: int, quantity: Decimal, value: Decimal, fees: Decimal, price: Decimal | None, entry: Entry
    ) -> None:
        if not self._direction:
            self._direction = direction
            self._opened_at = entry.happened_at
        self._held += quantity
        self._entry_value += value
        self._open_fees += fees
        if self._lots is not None:
            if price is None:
                price = price_of(self._instrument, quantity, value) or ZERO
            self._lots.put(Lot(self._entries, quantity, price, value, fees, entry.happened_at, entry.order_id))

    def _close(self, quantity: Decimal, value: Decimal, fees: Decimal) -> Decimal:
        """Close units for `value`, at most what is held; their fees are closed. Gives the gross result."""
        gains_by_value = (self._direction > 0) is not self._inverse
        taken = self._taken(quantity)
        self._closed_fees += taken.fees + fees
        return value - taken.entry_value if gains_by_value else taken.entry_value - value

    def _taken(self, quantity: Decimal) -> Taken:
        """Take units out, at most what is held. What the position loses is subtracted, so that sums stay exact."""
        held = self._held
        if self._lots is not None:
            taken = take(self._lots, quantity)
        elif quantity == held:
            taken = Taken(self._entry_value, self._open_fees)
        else:
            fees = self._open_fees
            taken = Taken(share(self._entry_value, quantity, held), share(fees, quantity, held) if fees else ZERO)
        if quantity == held:
            # What was flat remembers nothing, not even zeros with many digits.
            self._entry_value = self._open_fees = self._held = ZERO
            self._direction = 0
            self._opened_at = None
        else:
            self._held = held - quantity
            self._entry_value -= taken.entry_value
            self._open_fees -= taken.fees
        return taken

    # ------------------------------------------------------------------------------------------ account events

    def _account_event(self, event: AccountEvent) -> None:
        if event.type is AccountEventType.TRANSFER:
            self._transfer(event)
        elif event.type is AccountEventType.SPLIT:
            self._split(event)
        else:
            assert event.amount is not None and event.currency is not None
            value: Decimal | None = event.amount
            if event.currency != self._settle:
                value = self._valued(event.amount, event.currency, event.happened_at, self._unvalued_results)
            self._result(event, value)

    def _result(self, event: AccountEvent, value: Decimal | None) -> None:
        if value:
            self._account_results[event.type] = self._account_results.get(event.type, ZERO) + value

    def _transfer(self, event: AccountEvent) -> None:
        """Units that come or go without a trade.

        What enlarges the position enters at its cost. What reduces it leaves with the cost that it has, or, where the
        event says for what, is closed for that: a result without an order, which no trading figure contains.
        """
        assert event.quantity is not None
        quantity, cost = event.quantity.copy_abs(), event.cost or ZERO
        direction = 1 if event.quantity > ZERO else -1
        if direction == -self._direction:
            reduced = min(quantity, self._held)
            value = share(cost, reduced, quantity)
            if event.cost is None:
                self._closed_fees += self._taken(reduced).fees
            else:
                self._result(event, self._close(reduced, value, ZERO))
            quantity, cost = quantity - reduced, cost - value
            self._carried = True
        if quantity:
            self._open(direction, quantity, cost, ZERO, None, event)

    def _split(self, event: AccountEvent) -> None:
        """Every `split_from` units become `split_to`; what they cost and their fees stay."""
        assert event.split_to is not None and event.split_from is not None
        left = self._held = share(event.split_to, self._held, event.split_from)
        if self._lots is None:
            return
        lots = sorted(self._lots, key=lambda lot: lot.number)
        self._lots = LOT_ORDERS[self._method]()
        for lot in lots:
            quantity = left if lot is lots[-1] else share(event.split_to, lot.quantity, event.split_from)
            left -= quantity
            price = share(lot.price, event.split_from, event.split_to)
            self._lots.put(lot._replace(quantity=quantity, price=price))


_EMPTY = PositionState()


_AT_A_TIME = 1024


def _canonical(amounts: Amounts, drop_zero: bool = False) -> dict[str, Decimal]:
    if not amounts:
        return {}
    return {str(name): canonical(amounts[name]) for name in sorted(amounts) if amounts[name] or not drop_zero}
