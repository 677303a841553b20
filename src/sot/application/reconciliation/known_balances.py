"""The balances of the history, for a comparison with a venue's wallets."""

from collections.abc import Iterable
from decimal import Decimal

from sot.application.accounting.balances import BalanceFilter, list_balances
from sot.application.accounting.costs import instrument_at
from sot.domain.accounting.balances import assets_of
from sot.domain.orders.order import Order
from sot.domain.reconciliation.snapshots import Coverage, KnownBalance
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NUMBER
from sot.ports.store import UnitOfWork
from sot.ports.venue import VenueScope


def known_balances(
    uow: UnitOfWork, venue: str, scope: VenueScope, orders: Iterable[Order]
) -> tuple[list[KnownBalance], Coverage]:
    """Sum up the balances of a venue account.

    They cover nothing while an instrument is not registered: nobody knows what its executions moved.

    Args:
        uow: The unit of work to read from.
        venue: The venue.
        scope: The account; all of its symbols count, whatever symbols are compared.
        orders: Orders that may move assets which nothing moved yet.

    Returns:
        The balances by asset, and what they cover.
    """
    filter = BalanceFilter(account_id=scope.account_id, venue=venue, venue_account=scope.venue_account)
    balances = list_balances(uow, filter, include_zero=True)
    if not all(balance.complete for balance in balances):
        return [], Coverage()
    symbols = {balance.asset: set(balance.symbols) for balance in balances}
    for order in orders:
        instrument = instrument_at(uow, order.account_id, order.venue, order.symbol, order.created_at)
        for asset in () if instrument is None else assets_of(instrument):
            symbols.setdefault(asset, set()).add(order.symbol)
    amounts = {balance.asset: _statable(balance.amount) for balance in balances}
    times = {balance.asset: balance.moved_at for balance in balances}
    known = [
        KnownBalance(
            asset=asset,
            amount=amounts.get(asset, Decimal(0)),
            moved_at=times.get(asset),
            symbols=sorted(symbols[asset]),
        )
        for asset in sorted(symbols)
    ]
    return known, Coverage(complete=True)


def _statable(amount: Decimal) -> Decimal | None:
    """The amount; None if it has more digits than a venue can state."""
    try:
        number: Decimal = NUMBER.check("amount", amount)
    except InvalidInput:
        return None
    return number
