"""The wallets of a simulated venue: what was deposited, and what the executions of spot symbols moved."""

from collections.abc import Iterator
from decimal import Decimal

from sot.adapters.venues.simulated.books import Books
from sot.domain.orders.report import VenueReport
from sot.domain.values.numbers import ZERO, add, canonical, exact, multiply, subtract
from sot.domain.values.vocabulary import Side
from sot.ports.venue import HeldBalance, VenueScope

Owner = tuple[str, str]
"""The account, and the account at the venue."""


class Wallets:
    """The wallets of all accounts. A symbol such as BTC/USDT names its base and its quote."""

    def __init__(self) -> None:
        self._deposits: list[tuple[Owner, str, Decimal]] = []

    def deposit(self, owner: Owner, asset: str, amount: Decimal) -> None:
        """Add an amount to a wallet.

        Raises:
            InvalidInput: The amount is not exact.
        """
        self._deposits.append((owner, asset, exact("amount", amount)))

    def balances(self, books: Books, scope: VenueScope) -> list[HeldBalance]:
        """The balances of an account by asset; those of zero are left out."""
        sums: dict[str, Decimal] = {}
        for asset, amount in self._movements(books, (scope.account_id, scope.venue_account)):
            sums[asset] = canonical(add(sums.get(asset, ZERO), amount))
        return [HeldBalance(asset=asset, amount=amount) for asset, amount in sorted(sums.items()) if amount]

    def _movements(self, books: Books, owner: Owner) -> Iterator[tuple[str, Decimal]]:
        for other, asset, amount in self._deposits:
            if other == owner:
                yield asset, amount
        for report in books.executions:
            if (report.account_id, report.venue_account) == owner:
                yield from _of_execution(report)


def _of_execution(report: VenueReport) -> Iterator[tuple[str, Decimal]]:
    quantity, price = report.last_quantity or ZERO, report.last_price or ZERO
    value = multiply(quantity, price)
    base, _, quote = (report.symbol or "").partition("/")
    bought = report.side is Side.BUY
    yield base, quantity if bought else subtract(ZERO, quantity)
    yield quote.partition(":")[0], subtract(ZERO, value) if bought else value
    for fee in report.fees:
        yield fee.currency, subtract(ZERO, fee.amount)
