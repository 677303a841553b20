"""Balances: the exact sum of each asset over executions, fees and account events.

An entry of a position moves assets by these rules; docs/reference/accounting.md explains them.

| kind of instrument | an execution moves |
|---|---|
| SPOT, MARGIN, FX, EQUITY | the base, by quantity times multiplier, and the settlement currency, by the value |
| OPTION, OTHER | the contract, by quantity, and the settlement currency, by the value |
| FUTURE, PERPETUAL | the settlement currency, by the result of what it closes (method AVERAGE) |

Fees, and the amounts of account events, move the currency that they name; the quantities of account events move units.
What an exercise buys or sells moves units of the underlying and what is paid for them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import ClassVar, NamedTuple

import attrs

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.carried_units import CarriedUnits, Source, carries_nothing
from sot.domain.accounting.figures import Entry, Figures
from sot.domain.accounting.fold import PositionFold
from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument, version_at
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ONE, ZERO, add, canonical, multiply, share, subtract
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType, InstrumentKind, Side

TRADE = "TRADE"
"""The source of what an execution brought or took."""

RESULT = "RESULT"
"""The source of the result of a contract that is settled by its result alone."""

FEE = "FEE"
"""The source of a fee, or of a rebate."""

_HELD_AS_CONTRACT = frozenset({InstrumentKind.OPTION, InstrumentKind.OTHER})


class _MovementFields(NamedTuple):
    asset: str
    amount: Decimal
    source: str
    venue_account: str
    entry: Entry


class Movement(_MovementFields, JsonForm):
    """What one fact moved of one asset.

    Attributes:
        asset: A currency, the base of an instrument, or the symbol of a contract.
        amount: What came (positive) or went (negative).
        source: TRADE, RESULT, FEE, or the type of an account event.
        venue_account: The venue account that it happened in; empty for the only one.
        entry: The execution or account event.
    """

    DERIVED: ClassVar = ("at", "venue", "symbol", "order_id", "exec_id", "event_id")

    __slots__ = ()

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.entry.happened_at

    @property
    def venue(self) -> str:
        """The venue where it happened."""
        return self.entry.venue

    @property
    def symbol(self) -> str | None:
        """The symbol of its instrument; None for a payment of the account."""
        return self.entry.symbol

    @property
    def order_id(self) -> str | None:
        """The order that it belongs to."""
        return self.entry.order_id

    @property
    def exec_id(self) -> str | None:
        """The id of the execution."""
        return self.entry.exec_id if isinstance(self.entry, Fill) else None

    @property
    def event_id(self) -> str | None:
        """The id of the account event."""
        return self.entry.event_id if isinstance(self.entry, AccountEvent) else None


@attrs.frozen
class BalancePart(JsonForm):
    """What the facts of one source moved.

    Attributes:
        amount: The sum of what they moved.
        count: How many they are.
    """

    amount: Decimal = ZERO
    count: int = 0


@attrs.define(kw_only=True)
class Balance(JsonForm):
    """The balance of an asset in a venue account.

    Attributes:
        asset: A currency, the base of an instrument, or the symbol of a contract.
        amount: The sum of everything that moved the asset.
        parts: What it is made of, by source: TRADE, RESULT, FEE, or the type of an account event.
        symbols: The symbols whose executions and account events moved it.
        moved_at: The latest time at which a fact moved it; None if none did.
        unregistered: Symbols of the venue account that are not registered: what their executions moved is not counted.
            Each has a row of its own, with an amount of zero.
    """

    DERIVED: ClassVar = ("negative", "complete")

    account_id: str
    venue: str
    venue_account: str
    asset: str
    amount: Decimal = ZERO
    parts: dict[str, BalancePart] = attrs.field(factory=dict)
    symbols: set[str] = attrs.field(factory=set)
    moved_at: datetime | None = None
    unregistered: Sequence[str] = attrs.field(default=(), eq=tuple)

    @property
    def negative(self) -> bool:
        """Whether more left than came: it is borrowed, or something came in that no fact shows."""
        return self.amount < ZERO

    @property
    def complete(self) -> bool:
        """Whether everything that may have moved the asset is counted."""
        return not self.unregistered

    def add(self, movement: Movement) -> None:
        """Add what a fact moved."""
        part = self.parts.get(movement.source, BalancePart())
        self.parts[movement.source] = BalancePart(canonical(add(part.amount, movement.amount)), part.count + 1)
        self.amount = canonical(add(self.amount, movement.amount))
        self.moved_at = movement.at if self.moved_at is None else max(self.moved_at, movement.at)
        if movement.symbol is not None:
            self.symbols.add(movement.symbol)


def position_movements(
    key: PositionKey, instruments: Sequence[Instrument], entries: Iterable[Entry], source: Source = carries_nothing
) -> Iterator[Movement]:
    """Iterate over what the entries of a position moved.

    Args:
        key: The position.
        instruments: All versions of the instrument, oldest first; none if it is not registered: then only fees and
            payments are known to move something.
        entries: The fills and account events, in the order of their fold keys.
        source: What account events about other symbols bring.
    """
    units = ZERO
    results = _Results(instruments, source) if any(version.settles_by_result for version in instruments) else None
    for entry in entries:
        instrument = version_at(instruments, entry.happened_at) if instruments else None
        result = results.add(entry) if results is not None else ZERO
        asset = None if instrument is None else asset_of(instrument)
        if isinstance(entry, AccountEvent) and entry.to_symbol == key.symbol:
            moves = _received(entry, instrument, asset, source(entry))
        else:
            moves = _moved(entry, instrument, asset, units, result)
        for moved, amount, kind in moves:
            if moved == asset:
                units = add(units, amount)
            yield Movement(moved, amount, kind, key.venue_account, entry)


def event_movements(event: AccountEvent) -> Iterator[Movement]:
    """Iterate over what an account event without a symbol moved.

    Rules: BALANCE-8.
    """
    for asset, amount, source in _payment(event):
        yield Movement(asset, amount, source, event.venue_account, event)


def asset_of(instrument: Instrument) -> str | None:
    """The asset that a quantity of an instrument is: its base, or the contract; None where only results move."""
    if instrument.settles_by_result:
        return None
    return instrument.symbol if instrument.kind in _HELD_AS_CONTRACT else instrument.base


def assets_of(instrument: Instrument) -> Sequence[str]:
    """The assets that executions of an instrument move, fees apart."""
    asset = asset_of(instrument)
    return [instrument.currency] if asset is None else [asset, instrument.currency]


_Moved = tuple[str, Decimal, str]
"""An asset, its amount, and the source."""


def _moved(
    entry: Entry, instrument: Instrument | None, asset: str | None, units: Decimal, result: Decimal
) -> Iterator[_Moved]:
    """What an entry moves that is not about another symbol.

    Rules: BALANCE-2.
    """
    if isinstance(entry, Fill):
        if instrument is not None and asset is not None and not entry.in_legs:
            yield from _trade(entry, instrument, asset)
        for fee in entry.fees:
            if fee.amount:
                yield fee.currency, subtract(ZERO, fee.amount), FEE
    else:
        quantity = ZERO if instrument is None else _units_of_event(entry, instrument, units)
        if quantity and instrument is not None and asset is not None:
            yield asset, quantity, entry.type
            if entry.price is not None and entry.to_symbol is None:
                yield from _settlement(entry, instrument, quantity, entry.price)
        yield from _payment(entry)
    if result and instrument is not None:
        yield instrument.currency, result, RESULT


def _received(
    event: AccountEvent, instrument: Instrument | None, asset: str | None, carried: CarriedUnits | None
) -> Iterator[_Moved]:
    """What an event about another symbol brings, and what is paid for it.

    Rules: BALANCE-5.
    """
    if instrument is None or asset is None or carried is None:
        return
    quantity = asset_quantity(instrument, carried.quantity)
    bought = carried.direction > 0
    yield asset, quantity if bought else subtract(ZERO, quantity), event.type
    value = ZERO if carried.price is None else instrument.value(carried.quantity, carried.price)
    if value:
        yield instrument.currency, subtract(ZERO, value) if bought else value, event.type


def _payment(event: AccountEvent) -> Iterator[_Moved]:
    if event.amount and event.currency is not None:
        yield event.currency, event.amount, event.type


def _settlement(event: AccountEvent, instrument: Instrument, moved: Decimal, price: Decimal) -> Iterator[_Moved]:
    """What is paid for units that end at a price, as if they were sold (or bought, where they were short) at it.

    Rules: BALANCE-4.
    """
    held_as_contract = instrument.kind in _HELD_AS_CONTRACT
    quantity = moved.copy_abs() if held_as_contract else share(moved.copy_abs(), ONE, instrument.multiplier)
    value = instrument.value(quantity, price)
    if value:
        comes = (moved > ZERO) is instrument.inverse
        yield instrument.currency, value if comes else subtract(ZERO, value), event.type


def _trade(fill: Fill, instrument: Instrument, asset: str) -> Iterator[_Moved]:
    """What a fill moves, but for its fees.

    Rules: BALANCE-2, BALANCE-3.
    """
    bought = fill.side is Side.BUY
    quantity = asset_quantity(instrument, fill.quantity)
    yield asset, quantity if bought else subtract(ZERO, quantity), TRADE
    value = instrument.value_of_execution(fill.quantity, fill.price, fill.amount)
    if value:
        # An inverse contract gains as its value falls: what is paid for it comes back when it is closed.
        comes = bought is instrument.inverse
        yield instrument.currency, value if comes else subtract(ZERO, value), TRADE


def asset_quantity(instrument: Instrument, quantity: Decimal) -> Decimal:
    """Units of the asset: contracts, or as many units of the base as the multiplier says."""
    return quantity if instrument.kind in _HELD_AS_CONTRACT else multiply(quantity, instrument.multiplier)


def _units_of_event(event: AccountEvent, instrument: Instrument, units: Decimal) -> Decimal:
    """The units that an account event brings, of the `units` that the position brought before.

    Rules: BALANCE-4, BALANCE-6.
    """
    if event.type is AccountEventType.SPLIT:
        assert event.split_to is not None and event.split_from is not None
        return subtract(share(event.split_to, units, event.split_from), units)
    if event.type is AccountEventType.EXPIRY:
        left = units.copy_abs()
        ended = left if event.quantity is None else min(left, asset_quantity(instrument, event.quantity))
        return ended if units < ZERO else subtract(ZERO, ended)
    if event.quantity is None:
        return ZERO
    quantity = asset_quantity(instrument, event.quantity)
    return subtract(ZERO, quantity) if event.type is AccountEventType.EXERCISE else quantity


class _Results:
    """The results of contracts that are settled by their result, by the method AVERAGE."""

    def __init__(self, instruments: Sequence[Instrument], source: Source) -> None:
        self._instruments = instruments
        self._fold = PositionFold(instruments, source=partial(_without_value, source))
        self._before = self._fold.figures()

    def add(self, entry: Entry) -> Decimal:
        """Fold the next entry; returns the result that it settled."""
        self._fold.fold((entry,))
        before, self._before = self._before, self._fold.figures()
        if not version_at(self._instruments, entry.happened_at).settles_by_result:
            return ZERO
        return _settled(entry, before, self._before)


def _without_value(source: Source, event: AccountEvent) -> CarriedUnits | None:
    """What an event brings, without the value of the option, which was paid when the option was bought."""
    carried = source(event)
    return carried and carried._replace(value=ZERO, fees=ZERO)


def _settled(entry: Entry, before: Figures, after: Figures) -> Decimal:
    """The result of an entry, and that of units which a transfer closes for a cost; payments move by themselves.

    Rules: BALANCE-7.
    """
    gross = subtract(after.realized_gross, before.realized_gross)
    if isinstance(entry, AccountEvent) and entry.type is AccountEventType.TRANSFER:
        return add(gross, subtract(after.account_total, before.account_total))
    has_amount = isinstance(entry, AccountEvent) and entry.amount is not None
    return ZERO if has_amount else gross  # an amount that is paid moves by itself
