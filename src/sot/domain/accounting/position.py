"""Positions: the open units of an instrument, their value and their results."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.accounting.amounts import Amounts
from sot.domain.accounting.lots import Lot
from sot.domain.accounting.rates import Conversion, Mark, checked_mark
from sot.domain.values.errors import InvalidInput
from sot.domain.values.given import DecimalGiven
from sot.domain.values.instrument import Instrument
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, add, canonical, multiply, quotient, subtract
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import Method

Marks = Mapping[Any, Mark | DecimalGiven]
"""Prices in quote currency per unit, by (venue, symbol) or by symbol."""


@attrs.frozen(slots=False, kw_only=True)
class PositionState(JsonForm):
    """The sums of a position, all exact and in settlement currency.

    A fold can continue from it: with the method AVERAGE always, with other methods when the position is flat.

    Attributes:
        quantity: The open units; short is negative.
        entry_value: The amount that the open units cost (long) or brought in (short).
        open_fees: The entry fees of the open units.
        realized_gross: The result of closed units, before fees.
        closed_fees: All other fees that were not paid in units.
        fees: All fees, by currency.
        fees_in_quantity: The fees that were paid in base units (spot).
        unvalued: The fees without a rate, by currency. They are in no other figure but `fees`.
        account_results: The results without an order, by type of account event.
        unvalued_results: The results without an order and without a rate, by currency.
        missing_traded: The units that trades closed without being there. Nothing fills them.
        missing_moved: The units that transfers took without being there, and that later ones have not filled yet;
            negative: units that transfers brought to a short position which may not be long.
        order_assumed: Whether opposite fills of one moment were folded whose order nothing tells, and another order has
            another result (`moment.is_order_relevant`).
        moment_sides: The sides of the fills at `last_at`: 1 for purchases, 2 for sales, 3 for both; 7 for both where
            each fill is told to come after the one before it.
        opened_at: When the open units began to be open; None when flat.
        entries: The number of entries that were folded.
        last_key: The fold key of the last entry.
        last_at: The time of the last entry.
        carried: Whether units left with their cost, or for a result that does not contain it, so that the results
            depend on the method from there on.
        checkpointed: The number of entries at the last snapshot. It is not compared.

    Rules: ACCOUNT-1.
    """

    DERIVED: ClassVar = ("is_open", "missing_quantity")

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
    missing_traded: Decimal = ZERO
    missing_moved: Decimal = ZERO
    order_assumed: bool = False
    moment_sides: int = 0
    opened_at: datetime | None = None
    entries: int = 0
    last_key: str = ""
    last_at: datetime | None = None
    carried: bool = False
    checkpointed: int = attrs.field(default=0, eq=False)

    @property
    def is_flat(self) -> bool:
        """Whether no unit is open."""
        return not self.quantity

    @property
    def entries_since_snapshot(self) -> int:
        """The number of entries that were folded since the last snapshot."""
        return self.entries - self.checkpointed

    @property
    def is_common(self) -> bool:
        """Whether every method has the same state: it is flat, and no unit left with its cost (`carried`)."""
        return not self.quantity and not self.carried

    @property
    def is_open(self) -> bool:
        """Whether it is not flat, or units are missing, which stay visible when flat.

        Rules: MISSING-6.
        """
        return bool(self.quantity or self.missing_traded or self.missing_moved)

    @property
    def missing_quantity(self) -> Decimal:
        """The units that left without being there: they came from somewhere that no fact of the position shows.

        Rules: ACCOUNT-2.
        """
        return add(self.missing_traded, self.missing_moved.copy_abs())


@attrs.frozen(kw_only=True)
class Position(JsonForm):
    """A position by one method. Amounts are in `currency`, the settlement currency.

    Trading, fees and results without an order are three figures that are never mixed: `realized_gross`, `fees` and
    `account_results`. `realized_net` counts fees when units are closed, `realized_paid` when they are paid. A fee in
    base units of a spot instrument is in `fees`, and in the entry value or the quantity; it is subtracted nowhere else.

    Attributes:
        lots: The open lots, oldest first; none for AVERAGE.
        conversions: Each fee and result that was valued in `currency`, with its rate. Those without a rate are in
            `unvalued` and `unvalued_results`, and `complete` is False.
        missing: Where units are missing, the other symbols of the account with the same base that hold units: they may
            have come from there.
    """

    DERIVED: ClassVar = (
        "account_id",
        "venue",
        "symbol",
        "currency",
        "quantity",
        "is_flat",
        "avg_entry_price",
        "break_even",
        "entry_value",
        "open_fees",
        "realized_gross",
        "realized_net",
        "realized_paid",
        "fees",
        "unvalued",
        "account_results",
        "account_total",
        "unvalued_results",
        "complete",
        "missing_quantity",
        "order_assumed",
    )

    key: PositionKey
    method: Method
    instrument: Instrument
    state: PositionState
    lots: Sequence[Lot] = attrs.field(default=(), eq=tuple)
    conversions: Sequence[Conversion] = attrs.field(default=(), eq=tuple)
    missing: Sequence[str] = attrs.field(default=(), eq=tuple)

    @property
    def account_id(self) -> str:
        """The account that it belongs to."""
        return self.key.account_id

    @property
    def venue(self) -> str:
        """The venue at which it is held."""
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
        """The open units; short is negative."""
        return self.state.quantity

    @property
    def is_flat(self) -> bool:
        """Whether no unit is open."""
        return not self.state.quantity

    @property
    def missing_quantity(self) -> Decimal:
        """The units that left without being there: they came from somewhere that no fact of the position shows."""
        return self.state.missing_quantity

    @property
    def order_assumed(self) -> bool:
        """Whether the figures depend on the order of opposite fills of one moment, which nothing tells."""
        return self.state.order_assumed

    @property
    def avg_entry_price(self) -> Decimal | None:
        """The average entry price of the open units in quote currency per unit, settlement fees apart; None if flat.

        Rules: ACCOUNT-2.
        """
        return price_of(self.instrument, self.state.quantity.copy_abs(), self.state.entry_value)

    @property
    def entry_value(self) -> Decimal:
        """The amount that the open units cost (long) or brought in (short)."""
        return self.state.entry_value

    @property
    def open_fees(self) -> Decimal:
        """The entry fees of the open units, which `realized_net` does not count yet."""
        return self.state.open_fees

    @property
    def fees(self) -> Amounts:
        """All fees, by currency."""
        return self.state.fees

    @property
    def unvalued(self) -> Amounts:
        """The fees without a rate, by currency. They are in no result."""
        return self.state.unvalued

    @property
    def account_results(self) -> Amounts:
        """The results without an order, by type of account event."""
        return self.state.account_results

    @property
    def unvalued_results(self) -> Amounts:
        """The results without an order and without a rate, by currency."""
        return self.state.unvalued_results

    @property
    def complete(self) -> bool:
        """Whether every fee and every result is counted, and no unit is missing.

        Rules: ACCOUNT-2.
        """
        state = self.state
        return not state.unvalued and not state.unvalued_results and not state.missing_quantity

    @property
    def realized_gross(self) -> Decimal:
        """The result of closed units, before fees."""
        return self.state.realized_gross

    @property
    def account_total(self) -> Decimal:
        """The sum of `account_results`."""
        return total(self.state.account_results)

    @property
    def realized_net(self) -> Decimal:
        """Gross minus the fees of closed units, entry and exit, plus `account_total`.

        Rules: ACCOUNT-2.
        """
        trading = subtract(self.state.realized_gross, self.state.closed_fees)
        return canonical(add(trading, self.account_total))

    @property
    def realized_paid(self) -> Decimal:
        """Gross minus all fees that were paid, plus `account_total`: the view of cash.

        Rules: ACCOUNT-2.
        """
        return canonical(subtract(self.realized_net, self.state.open_fees))

    @property
    def break_even(self) -> Decimal | None:
        """The price at which closing the open units pays for their entry fees; None when flat.

        It does not contain the fees of closing, which are not known.

        Rules: ACCOUNT-4.
        """
        state = self.state
        with_fees = add if self.instrument.gains_by_value(state.quantity > ZERO) else subtract
        value = with_fees(state.entry_value, state.open_fees)
        if self.instrument.inverse and value <= ZERO:
            return None
        return price_of(self.instrument, state.quantity.copy_abs(), value)

    def unrealized(self, mark: Mark | DecimalGiven | None) -> Decimal:
        """Compute the gross result of closing the open units at a mark.

        Args:
            mark: A price in quote currency per unit.

        Returns:
            The result in settlement currency.

        Raises:
            InvalidInput: The mark is missing, inexact, in another currency, or not positive where it must be.
        """
        price = checked_mark(mark, self.instrument)
        return closing_result(self.instrument, self.state.quantity, self.state.entry_value, price)


def price_of(instrument: Instrument, quantity: Decimal, value: Decimal) -> Decimal | None:
    """Compute the price at which a quantity has a value.

    Args:
        instrument: The instrument.
        quantity: Units, not negative.
        value: The value in settlement currency.

    Returns:
        Quote currency per unit; None without quantity, or where there is no such price.

    Rules: VALUE-5.
    """
    if not quantity:
        return None
    if instrument.inverse:
        return instrument.average(quantity, quotient(value, instrument.multiplier))
    return quotient(value, multiply(quantity, instrument.multiplier))


def closing_result(instrument: Instrument, quantity: Decimal, entry_value: Decimal, price: Decimal) -> Decimal:
    """Compute the gross result of closing units at a price.

    Long: value minus entry value; short: entry value minus value. Of inverse contracts, which are valued in base, it is
    the other way round.

    Args:
        instrument: The instrument.
        quantity: The open units; short is negative.
        entry_value: Their entry value, in settlement currency.
        price: Quote currency per unit.

    Returns:
        The result in settlement currency, before fees.

    Rules: ACCOUNT-3.
    """
    value = instrument.value(quantity.copy_abs(), price)
    gain = subtract(value, entry_value)
    return canonical(gain if instrument.gains_by_value(quantity > ZERO) else subtract(ZERO, gain))


def total(amounts: Amounts) -> Decimal:
    """Sum up amounts of one currency, exactly."""
    result = ZERO
    for amount in amounts.values():
        result = add(result, amount)
    return canonical(result)


def mark_of(position: Position, marks: Marks) -> Mark | DecimalGiven | None:
    """The mark of a position, by its venue and symbol or by its symbol; None if there is none."""
    return marks.get((position.venue, position.symbol), marks.get(position.symbol))


def unrealized(positions: Iterable[Position], marks: Marks) -> dict[PositionKey, Decimal]:
    """Compute the unrealized result of each position that is not flat.

    Args:
        positions: The positions.
        marks: Prices in quote currency per unit, by (venue, symbol) or by symbol.

    Returns:
        The results in the settlement currency of each position.

    Raises:
        InvalidInput: A mark is missing, inexact, in another currency, or not positive where it must be.
    """
    results = {}
    for position in positions:
        if not position.is_flat:
            mark = mark_of(position, marks)
            if mark is None:
                allowed = f"a price of {position.symbol} at {position.venue} in {position.instrument.quote}"
                raise InvalidInput(f"marks.{position.symbol}", None, allowed)
            results[position.key] = position.unrealized(mark)
    return results
