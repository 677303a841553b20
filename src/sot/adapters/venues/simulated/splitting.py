"""Splitting a quantity into parts whose sum is the quantity, to the last digit."""

from decimal import ROUND_DOWN, Decimal, localcontext

from sot.domain.values.numbers import FRACTION_DIGITS, ZERO, canonical

_PRECISION = 100
_USUAL_DIGITS = 8


def split(quantity: Decimal, parts: int) -> list[Decimal]:
    """Split a positive quantity into nearly equal positive parts, the larger ones first.

    There are fewer parts if the quantity has fewer of the smallest units.
    """
    exponent = canonical(quantity).as_tuple().exponent
    assert isinstance(exponent, int)
    digits = max(-exponent, _USUAL_DIGITS)
    with localcontext() as context:
        context.prec = _PRECISION
        if quantity.scaleb(digits) < parts:
            digits = FRACTION_DIGITS
        units = int(quantity.scaleb(digits))
        parts = min(parts, units)
        size, larger = divmod(units, parts)
        return [canonical(Decimal(size + (part < larger)).scaleb(-digits)) for part in range(parts)]


def affordable(amount: Decimal, price: Decimal, fraction_digits: int) -> Decimal:
    """The quantity that an amount of the quote currency buys, rounded down; zero if the price is not positive."""
    if price <= ZERO:
        return ZERO
    with localcontext() as context:
        context.prec = _PRECISION
        context.rounding = ROUND_DOWN
        return canonical((amount / price).quantize(Decimal((0, (1,), -fraction_digits))))
