"""Positions: where units of one instrument net against each other, what they are worth, and what they have earned."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import attrs

from sot.domain.accounting.lots import Lot
from sot.domain.accounting.rates import Conversion, Mark, checked_mark
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, add, canonical, multiply, quotient, subtract
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import InstrumentKind, Method

Amounts = Mapping[str, Decimal]


Marks = Mapping[str | tuple[str, str], Mark | Decimal]


@attrs.frozen(slots=False, kw_only=True)
class PositionState:
    """The sums of a fold, all exact: enough to go on from, for the method AVERAGE always, for others when flat.

    `quantity` is signed units (short is negative); `entry_value` what the open units cost (long) or brought (short),
    `open_fees` the fees of their entry, `closed_fees` all other fees that were not paid in quantity, each in
    settlement currency; `fees` is every fee per currency, `unvalued` those of them that are in no other figure for want
    of a rate, `fees_in_quantity` those paid in base units. `account_results` are results without an order by type of
    account event, in settlement currency; `unvalued_results` those without a rate, per currency.

    `entries` counts what was folded; `last_key` and `last_at` are the place of the last entry. `carried` tells that
    units left with their cost, so that results depend on the method from there on; `checkpointed` is the count of
    entries at the last checkpoint, which is no part of what the position is.
    """

    quantity: Decimal = ZERO
    entry_value: Decimal = ZERO
    open_fees: Decimal = ZERO
    realized_gross: Decimal = ZERO
    closed_fees: Decimal = ZERO
    fees: Amounts = attrs.field(factory=dict)
    fees_in_quantity: Decimal = ZERO
    unvalued: Amounts = attrs.field(factory=dict)
    account_results: Amounts = attrs.field(factory=dict)
    unvalued_results: Amounts = attrs.field(factory=dict)
    opened_at: datetime | None = None
    entries: int = 0
    last_key: str = ""
    last_at: datetime | None = None
    carried: bool = False
    checkpointed: int = attrs.field(default=0, eq=False)

    @property
    def is_common(self) -> bool:
        """Whether every method would be just here: flat, and no unit ever left with its cost."""
        return not self.quantity and not self.carried


@attrs.frozen(kw_only=True)
class Position:
    """A position as one method sees it; amounts in the `currency` in which the instrument settles.

    Trading, fees and the rest are three figures that are never mixed: `realized_gross` is what closed units brought
    beyond their entry; `fees` every fee per currency; `account_results` what came without an order. From them
    `realized_net` (fees counted as units are closed) and `realized_paid` (fees counted when paid). A fee paid in base
    units of a spot instrument is in `fees` and already in the entry value or the quantity; it is subtracted nowhere.

    Fees and results in other currencies count at the caller's rates, each named in `conversions`; those without a rate
    are in `unvalued` and `unvalued_results`, in no other figure, and `complete` is false.
    """

    key: PositionKey
    method: Method
    instrument: Instrument
    state: PositionState
    lots: Sequence[Lot] = ()
    conversions: Sequence[Conversion] = ()

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.key.account_id

    @property
    def venue(self) -> str:
        """Where it is held."""
        return self.key.venue

    @property
    def symbol(self) -> str:
        """The instrument's symbol."""
        return self.key.symbol

    @property
    def currency(self) -> str:
        """The settlement currency."""
        return self.instrument.currency

    @property
    def quantity(self) -> Decimal:
        """Signed units: short is negative."""
        return self.state.quantity

    @property
    def is_flat(self) -> bool:
        """No unit is open."""
        return not self.state.quantity

    @property
    def uncovered(self) -> bool:
        """A spot position below zero: something came in that no order and no transfer shows."""
        return self.instrument.kind is InstrumentKind.SPOT and self.state.quantity < ZERO

    @property
    def avg_entry_price(self) -> Decimal | None:
        """Average entry price of what is open, in quote currency per unit, settlement fees apart; None when flat."""
        return price_of(self.instrument, self.state.quantity.copy_abs(), self.state.entry_value)

    @property
    def entry_value(self) -> Decimal:
        """What the open units cost (long) or brought (short)."""
        return self.state.entry_value

    @property
    def open_fees(self) -> Decimal:
        """The fees of the entry of the open units, which `realized_net` does not count yet."""
        return self.state.open_fees

    @property
    def fees(self) -> Amounts:
        """Every fee so far, per currency."""
        return self.state.fees

    @property
    def unvalued(self) -> Amounts:
        """The fees that are in no result for want of a rate, per currency."""
        return self.state.unvalued

    @property
    def account_results(self) -> Amounts:
        """Results without an order, by type of account event."""
        return self.state.account_results

    @property
    def unvalued_results(self) -> Amounts:
        """Results without an order that no rate was given for, per currency."""
        return self.state.unvalued_results

    @property
    def complete(self) -> bool:
        """Whether every fee and every result is counted."""
        return not self.state.unvalued and not self.state.unvalued_results

    @property
    def realized_gross(self) -> Decimal:
        """What closed units brought beyond their entry, before fees."""
        return self.state.realized_gross

    @property
    def account_total(self) -> Decimal:
        """The sum of `account_results`."""
        return total(self.state.account_results)

    @property
    def realized_net(self) -> Decimal:
        """Gross minus the fees of what was closed, entry and exit, plus `account_total`."""
        trading = subtract(self.state.realized_gross, self.state.closed_fees)
        return canonical(add(trading, self.account_total))

    @property
    def realized_paid(self) -> Decimal:
        """Gross minus all fees that were paid, plus `account_total`: the cash view."""
        return canonical(subtract(self.realized_net, self.state.open_fees))

    @property
    def break_even(self) -> Decimal | None:
        """The price at which closing what is open would just pay for its entry fees; None when flat.

        The fee of closing is not known and not in it.
        """
        state = self.state
        worse = subtract if (state.quantity < ZERO) is not self.instrument.inverse else add
        value = worse(state.entry_value, state.open_fees)
        if self.instrument.inverse and value <= ZERO:
            return None
        return price_of(self.instrument, state.quantity.copy_abs(), value)

    def unrealized(self, mark: Mark | Decimal | None) -> Decimal:
        """The gross result of closing what is open at a mark (quote currency per unit).

        Raises: InvalidInput: the mark is missing, inexact, in another currency, or not positive where it must be.
        """
        price = checked_mark(mark, self.instrument)
        return closing_result(self.instrument, self.state.quantity, self.state.entry_value, price)


def price_of(instrument: Instrument, quantity: Decimal, value: Decimal) -> Decimal | None:
    """The price per unit at which a positive `quantity` is worth `value`; None without quantity or where none is."""
    units = multiply(quantity, instrument.multiplier)
    dividend, divisor = (units, value) if instrument.inverse else (value, units)
    return quotient(dividend, divisor) if quantity and divisor else None


def closing_result(instrument: Instrument, quantity: Decimal, entry_value: Decimal, price: Decimal) -> Decimal:
    """What closing a signed quantity at a price brings beyond its entry, in settlement currency, before fees.

    Long: worth minus entry; short: entry minus worth; inverse contracts, valued in base, the other way round.
    """
    worth = instrument.value(quantity.copy_abs(), price)
    gain = subtract(worth, entry_value)
    return canonical(gain if (quantity < ZERO) is instrument.inverse else subtract(ZERO, gain))


def total(amounts: Amounts) -> Decimal:
    """The exact sum of amounts of one currency."""
    found = ZERO
    for amount in amounts.values():
        found = add(found, amount)
    return canonical(found)


def unrealized(positions: Iterable[Position], marks: Marks) -> dict[PositionKey, Decimal]:
    """The unrealized result of each position that is not flat, at the mark of its symbol.

    `marks` are by symbol, or by (venue, symbol).

    Raises: InvalidInput: a mark is missing, inexact, in another currency, or not positive where it must be.
    """
    found = {}
    for held in positions:
        if not held.is_flat:
            mark = marks.get((held.venue, held.symbol), marks.get(held.symbol))
            if mark is None:
                allowed = f"a price of {held.symbol} at {held.venue} in {held.instrument.quote}"
                raise InvalidInput(f"marks.{held.symbol}", None, allowed)
            found[held.key] = held.unrealized(mark)
    return found
