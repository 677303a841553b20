"""What a simulated venue charges."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext

import attrs

from sot.domain.orders.report import Fee
from sot.domain.values.numbers import FRACTION_DIGITS, ZERO, canonical, multiply
from sot.domain.values.vocabulary import Liquidity

_DIGITS_ENOUGH_FOR_ALL_FACTS = 200


@attrs.frozen(kw_only=True)
class FeeSchedule:
    """Rates for makers and takers (negative is a rebate), and the currency that is charged.

    `currency` is one currency for everything, or one per symbol; without it, what follows the slash of a symbol like
    BTC/USDT. A fee in what precedes the slash is a share of the quantity, any other a share of quantity times price.
    Fees are rounded half up at `fraction_digits`, as a venue does.
    """

    maker: Decimal = ZERO
    taker: Decimal = ZERO
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
        exact = multiply(rate, quantity if in_quantity else multiply(quantity, price))
        with localcontext() as context:
            context.prec = _DIGITS_ENOUGH_FOR_ALL_FACTS
            rounded = exact.quantize(Decimal((0, (1,), -self.fraction_digits)), rounding=ROUND_HALF_UP)
        return (Fee(canonical(rounded), currency),)

    def currency_of(self, symbol: str) -> str | None:
        """The currency of the fees on a symbol; None if nothing tells."""
        if isinstance(self.currency, str):
            return self.currency
        named = (self.currency or {}).get(symbol)
        return named or symbol.partition("/")[2].partition(":")[0] or None
