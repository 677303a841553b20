"""Fees of a simulated venue."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext

import attrs

from sot.domain.orders.report import Fee
from sot.domain.values.given import DecimalGiven
from sot.domain.values.numbers import FRACTION_DIGITS, ZERO, canonical, exact, multiply
from sot.domain.values.vocabulary import Liquidity

_PRECISION = 200


def _rate(value: DecimalGiven) -> Decimal:
    return exact("rate", value)


@attrs.frozen(kw_only=True)
class FeeSchedule:
    """Fee rates and their currency.

    A fee in the base currency of a symbol like BTC/USDT is a share of the quantity, any other a share of quantity times
    price.

    Attributes:
        maker: The rate for makers; a negative rate is a rebate.
        taker: The rate for takers.
        currency: The currency of all fees, or one by symbol; None means the quote currency of the symbol.
        fraction_digits: Fees are rounded half up to so many digits.

    Raises:
        InvalidInput: A rate is not exact.
    """

    maker: Decimal = attrs.field(default=ZERO, converter=_rate)
    taker: Decimal = attrs.field(default=ZERO, converter=_rate)
    currency: str | Mapping[str, str] | None = None
    fraction_digits: int = attrs.field(
        default=8, validator=[attrs.validators.ge(0), attrs.validators.le(FRACTION_DIGITS)]
    )

    def charge(self, symbol: str, quantity: Decimal, price: Decimal, liquidity: Liquidity) -> tuple[Fee, ...]:
        """The fees of one execution; none if the rate is zero."""
        rate = self.maker if liquidity is Liquidity.MAKER else self.taker
        currency = self.currency_of(symbol)
        if not rate or currency is None:
            return ()
        in_quantity = currency == symbol.partition("/")[0]
        amount = multiply(rate, quantity if in_quantity else multiply(quantity, price))
        with localcontext() as context:
            context.prec = _PRECISION
            rounded = amount.quantize(Decimal((0, (1,), -self.fraction_digits)), rounding=ROUND_HALF_UP)
        return (Fee(canonical(rounded), currency),)

    def currency_of(self, symbol: str) -> str | None:
        """The currency of the fees for a symbol; None if it is not known."""
        if isinstance(self.currency, str):
            return self.currency
        currency = (self.currency or {}).get(symbol)
        return currency or symbol.partition("/")[2].partition(":")[0] or None
