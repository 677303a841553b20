"""The price of an execution of which a source states the money that moved."""

from decimal import Decimal

from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import FRACTION_DIGITS, canonical, multiply, quotient, rounded


def price_of(quantity: Decimal, amount: Decimal, instrument: Instrument) -> Decimal:
    """Compute the price of an execution from its quantity and its money.

    A quotient that does not end is rounded at 18 fraction digits. The money is recorded beside it, and believed.

    Args:
        quantity: The executed quantity.
        amount: The money that moved, in settlement currency.
        instrument: The instrument.

    Raises:
        InvalidInput: No price with 18 fraction digits gives this money.
    """
    units = multiply(quantity, instrument.multiplier)
    price = None
    if units and not instrument.inverse:
        price = canonical(rounded(quotient(amount, units), FRACTION_DIGITS))
    if price is None or not instrument.believes(quantity, price, amount):
        allowed = f"money that quantity by a price with {FRACTION_DIGITS} fraction digits is"
        raise InvalidInput("amount", f"{amount} for {quantity}", allowed)
    return price
