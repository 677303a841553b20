"""Trades of an account whose results are computed by hand."""

from datetime import UTC, datetime
from decimal import Decimal

from sot.accounting import Quote, RateSource
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import Fee
from sot.domain.values.vocabulary import AccountEventType, Side
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history


def at(day, hour=10):
    """A time of March 2026."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


class EuroRates(RateSource):
    """Two euros per unit of the quote currency until the third of March, then four; no other rate."""

    def quote(self, currency, into, at_time):
        if (currency, into) != ("QUOTE", "EUR"):
            return None
        return Quote(Decimal(2 if at_time < at(3) else 4), None, ("QUOTE/EUR",))


def trade(store, name, side, quantity, price, happened_at, fees=(), **terms):
    """Send an order that is executed at once; returns its id."""
    order_id = submit_and_send(store, name, side=side, quantity=Decimal(quantity), limit_price=Decimal(price), **terms)
    report = trade_report(name, f"E-{name}", quantity, price, occurred_at=happened_at, fees=list(fees))
    write_history(store, lambda h: h.record(report))
    return order_id


def fill_results(store):
    """Buy 10 at 100 and at 120, sell 10 at 130, and pay interest; returns the ids of the orders by name.

    By AVERAGE the sale earned 200, by FIFO 300. It closed units with fees of 2 (half of 1 and 1, and its own 1).
    """
    write_history(store, lambda h: h.register(spot_instrument()))
    fee = [Fee(Decimal(1), "QUOTE")]
    ids = {
        "first": trade(store, "first", Side.BUY, "10", "100", at(2), fee, strategy_code="trend"),
        "second": trade(store, "second", Side.BUY, "10", "120", at(3), fee, strategy_code="trend"),
        "sold": trade(store, "sold", Side.SELL, "10", "130", at(4, 23), fee, strategy_code="fade"),
    }
    interest = AccountEvent(
        account_id=ACCOUNT, type=AccountEventType.INTEREST, venue=VENUE, amount=Decimal(-50), currency="QUOTE",
        occurred_at=at(6), reason="margin loan",
    )  # fmt: skip
    write_history(store, lambda h: h.record_account_event(interest))
    return ids


def send_open_sale(store, quantity="25"):
    """Sell more than is held: the rest came from somewhere that no fact shows."""
    return trade(store, "too-much", Side.SELL, quantity, "140", at(8))


SYMBOL_QUERY = f"venue={VENUE}&symbol={SYMBOL.replace('/', '%2F')}"
