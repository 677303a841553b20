"""Splitting a quantity into parts whose sum is the quantity, to the last digit."""

from decimal import ROUND_DOWN, Decimal, localcontext

from sot.domain.values.numbers import FRACTION_DIGITS, ZERO, canonical

_DIGITS_ENOUGH_FOR_ALL_FACTS = 100
_USUAL_DIGITS = 8


def split(quantity: Decimal, parts: int) -> list[Decimal]:
    """`quantity` (positive) in nearly equal positive parts; the first ones are the larger ones.

    There are fewer parts where the quantity does not have as many of the smallest units.
    """
    exponent = canonical(quantity).as_tuple().exponent
    assert isinstance(exponent, int)
    digits = max(-exponent, _USUAL_DIGITS)
    with localcontext() as context:
        context.prec = _DIGITS_ENOUGH_FOR_ALL_FACTS
        if quantity.scaleb(digits) < parts:
            digits = FRACTION_DIGITS
        units = int(quantity.scaleb(digits))
        parts = min(parts, units)
        size, larger = divmod(units, parts)
        return [canonical(Decimal(size + (part < larger)).scaleb(-digits)) for part in range(parts)]


def affordable(amount: Decimal, price: Decimal, fraction_digits: int) -> Decimal:
    """What `amount` of the quote currency buys at `price`, rounded down; zero if the price is not positive."""
    if price <= ZERO:
        return ZERO
    with localcontext() as context:
        context.prec = _DIGITS_ENOUGH_FOR_ALL_FACTS
        context.rounding = ROUND_DOWN
        return canonical((amount / price).quantize(Decimal((0, (1,), -fraction_digits))))
