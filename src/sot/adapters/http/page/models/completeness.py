"""What is missing from figures, in words: never a zero in its place."""

from collections.abc import Sequence
from decimal import Decimal

import attrs

from sot.application.views.values import short_number
from sot.domain.accounting.amounts import Amounts
from sot.domain.accounting.balances import Balance
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.position import Position
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.values.numbers import ZERO

ORDER_ASSUMED = (
    "Order assumed: nothing tells the order of some executions of one moment, and another has other results."
)


@attrs.frozen(kw_only=True)
class Completeness:
    """Whether figures are complete.

    Attributes:
        is_complete: Whether nothing is missing.
        notes: What is missing or assumed, in words.
    """

    is_complete: bool
    notes: Sequence[str]

    @property
    def is_odd(self) -> bool:
        """Whether a person should look at it."""
        return not self.is_complete or bool(self.notes)


def of_position(position: Position) -> Completeness:
    """Return what is missing from the figures of a position."""
    notes = [*_missing(position.missing_quantity), *_without_rate(position.unvalued, position.unvalued_results)]
    if position.missing:
        notes.append(f"Units of the same base are held in {', '.join(position.missing)}.")
    if position.order_assumed:
        notes.append(ORDER_ASSUMED)
    return Completeness(is_complete=position.complete, notes=notes)


def of_results(row: Realized) -> Completeness:
    """Return what is missing from the results of a group."""
    return Completeness(is_complete=row.complete, notes=_of_sums(row))


def of_contribution(part: Contribution) -> Completeness:
    """Return what is missing from the results of one execution or account event."""
    row = Realized(currency=part.currency)
    row.add(part)
    return of_results(row)


def _of_sums(row: Realized) -> list[str]:
    return [
        *_missing(row.missing_quantity),
        *_without_rate(row.unvalued, row.unvalued_results, row.unvalued_entry_values),
    ]


def of_costs(row: CostAnalysis) -> Completeness:
    """Return what is missing from the costs of a group."""
    notes = _without_rate(row.unvalued, {})
    if row.unvalued_notional:
        notes.append(f"Without a rate: executions worth {amounts_text(row.unvalued_notional)}.")
    return Completeness(is_complete=row.complete, notes=notes)


def of_round_trip(trip: RoundTrip) -> Completeness:
    """Return whether the result of a round trip is complete."""
    notes = [] if trip.complete else ["A fee or a result has no rate, or units were sold without being there."]
    return Completeness(is_complete=trip.complete, notes=notes)


def of_balance(balance: Balance) -> Completeness:
    """Return what is missing from a balance."""
    notes = ["More left than came: it is borrowed, or no fact shows where it came from."] if balance.negative else []
    if balance.unregistered:
        listed = ", ".join(balance.unregistered)
        notes.append(f"Not counted: executions of {listed}, which nobody registered (sot.OrderHistory.register).")
    return Completeness(is_complete=balance.complete, notes=notes)


def amounts_text(amounts: Amounts) -> str:
    """Return amounts by currency as a text."""
    return ", ".join(f"{short_number(amount)} {currency}" for currency, amount in sorted(amounts.items()))


def _missing(quantity: Decimal) -> list[str]:
    if not quantity:
        return []
    if quantity < ZERO:
        return [f"Units that came and were missing before: {short_number(quantity.copy_abs())}."]
    return [f"Missing units: {short_number(quantity)}. They left, and no fact shows where they came from."]


def _without_rate(fees: Amounts, results: Amounts, entry_values: Amounts | None = None) -> list[str]:
    parts = {"fees of": fees, "results without an order of": results, "entry values of": entry_values or {}}
    listed = [f"{name} {amounts_text(amounts)}" for name, amounts in parts.items() if amounts]
    return [f"Without a rate: {'; '.join(listed)}."] if listed else []
