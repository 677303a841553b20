"""Balances are the exact totals of an exchange's wallet; what has none is no answer."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sot.adapters.ccxt.balances import held_balances
from sot.errors import VenueOutcomeUnknown
from sot.ports.venue import VenueScope

ASKED_AT = datetime(2026, 1, 5, tzinfo=UTC)


class Wallet:
    def __init__(self, answer):
        self.answer = answer

    def fetch_balance(self):
        return self.answer


def test_totals_are_read_exactly():
    wallet = Wallet({"free": {"BTC": "1"}, "total": {"BTC": "0.123456789012345678", "USDT": "-5", "ETH": "0"}})
    answer = held_balances(wallet, ASKED_AT)
    assert {balance.asset: balance.amount for balance in answer.balances} == {
        "BTC": Decimal("0.123456789012345678"),
        "USDT": -5,
        "ETH": 0,
    }
    assert (answer.asked_at, answer.assets) == (ASKED_AT, None)


@pytest.mark.parametrize("answer", [{}, {"total": None}, {"total": {"BTC": None}}, {"total": {"BTC": 0.1}}])
def test_what_has_no_exact_total_is_no_answer(answer):
    with pytest.raises(VenueOutcomeUnknown) as unreadable:
        held_balances(Wallet(answer), ASKED_AT)
    assert unreadable.value.reason == "UNREADABLE"


def test_the_wallet_of_an_exchange(venue):
    assert venue.capabilities.lists_balances
    (balance,) = venue.balances(VenueScope(account_id="main")).balances
    assert (balance.asset, balance.amount) == ("USDT", 1_000_000)
