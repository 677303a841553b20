"""Amounts by currency, and arithmetic with them. Amounts of zero are left out of results."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from sot.domain.values.numbers import ZERO, add, share, subtract

Amounts = Mapping[str, Decimal]
"""Amounts by currency, or by type of account event."""

NOTHING: Amounts = MappingProxyType({})
"""No amounts."""


def plus(amounts: Amounts, others: Amounts) -> Amounts:
    """The sums of both."""
    if not others:
        return amounts
    return _without_zeros(
        {name: add(amounts.get(name, ZERO), others.get(name, ZERO)) for name in {**amounts, **others}}
    )


def minus(amounts: Amounts, others: Amounts) -> Amounts:
    """The differences of both."""
    return plus(amounts, negated(others))


def negated(amounts: Amounts) -> Amounts:
    """The amounts with the opposite sign."""
    return {name: subtract(ZERO, amount) for name, amount in amounts.items()}


def part_of(amounts: Amounts, part: Decimal, whole: Decimal) -> Amounts:
    """The share of each amount that belongs to a part of a whole, rounded as `numbers.share`."""
    return _without_zeros({name: share(amount, part, whole) for name, amount in amounts.items()})


def _without_zeros(amounts: Amounts) -> Amounts:
    return {name: amount for name, amount in amounts.items() if amount}
