"""Contracts: positions, hedged accounts, and what a query without symbols covers."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from tests.adapters.ccxt.orders import request

from sot import Side
from sot.accounting import PositionSide
from sot.adapters.ccxt import commands, markets
from sot.adapters.ccxt.positions import held_positions
from sot.errors import VenueNotReached, VenueOutcomeUnknown

ASKED_AT = datetime(2026, 1, 5, tzinfo=UTC)
PRECISION = {"amount": "0.001", "price": "0.1"}
LINEAR, INVERSE, SPOT = "BTC/USDT:USDT", "BTC/USD:BTC", "BTC/USDT"


class Contracts:
    """An exchange with spot and contracts, with the calls of these tests."""

    id = "binance"

    def __init__(self, *positions, **options):
        self.positions, self.options, self.queries, self.sent = positions, options, [], []
        self.has = {}
        self.markets = {
            SPOT: {"type": "spot", "spot": True, "precision": PRECISION},
            LINEAR: {"type": "swap", "contract": True, "settle": "USDT", "precision": PRECISION},
            INVERSE: {"type": "swap", "contract": True, "inverse": True, "settle": "BTC", "precision": PRECISION},
        }

    def market(self, symbol):
        return self.markets[symbol]

    def fetch_positions(self, symbols=None):
        self.queries.append(symbols)
        return [position for position in self.positions if symbols is None or position["symbol"] in symbols]

    def amount_to_precision(self, symbol, text):
        return text

    price_to_precision = amount_to_precision

    def create_order(self, *arguments):
        self.sent.append(arguments)


def position(symbol=LINEAR, **fields):
    return {"symbol": symbol, "contracts": "2.5", "side": "long", "hedged": False, **fields}


@pytest.mark.parametrize(
    ("fields", "quantity", "side"),
    [
        ({}, "2.5", PositionSide.NET),
        ({"side": "short"}, "-2.5", PositionSide.NET),
        ({"hedged": True}, "2.5", PositionSide.LONG),
        ({"hedged": True, "side": "short"}, "-2.5", PositionSide.SHORT),
        ({"side": "short", "contracts": "-2.5"}, "-2.5", PositionSide.NET),
    ],
)
def test_positions(fields, quantity, side):
    result = held_positions(Contracts(position(**fields)), frozenset({LINEAR}), ASKED_AT)
    (only,) = result.positions
    assert (only.symbol, only.quantity, only.position_side) == (LINEAR, Decimal(quantity), side)


def test_only_contracts_that_were_asked_for_are_covered():
    exchange = Contracts(position(), position(INVERSE, contracts="0", side=None))
    result = held_positions(exchange, frozenset({SPOT, LINEAR, INVERSE}), ASKED_AT)
    assert [each.symbol for each in result.positions] == [LINEAR]
    assert result.symbols == {LINEAR, INVERSE}
    assert sorted(exchange.queries) == [[INVERSE], [LINEAR]]
    assert held_positions(exchange, None, ASKED_AT).symbols == {LINEAR, INVERSE}
    assert held_positions(Contracts(), None, ASKED_AT).symbols == frozenset()


@pytest.mark.parametrize("fields", [{"contracts": None}, {"side": None}])
def test_a_position_that_cannot_be_read_is_no_answer(fields):
    with pytest.raises(VenueOutcomeUnknown):
        held_positions(Contracts(position(**fields)), frozenset({LINEAR}), ASKED_AT)


@pytest.mark.parametrize(
    ("position_side", "side", "expected"),
    [
        (PositionSide.LONG, Side.BUY, {"hedged": True}),
        (PositionSide.LONG, Side.SELL, {"hedged": True, "reduceOnly": True}),
        (PositionSide.SHORT, Side.SELL, {"hedged": True}),
        (PositionSide.SHORT, Side.BUY, {"hedged": True, "reduceOnly": True}),
        (PositionSide.NET, Side.BUY, {}),
        (None, Side.BUY, {}),
    ],
)
def test_sides_of_a_hedged_account(position_side, side, expected):
    exchange = Contracts()
    commands.place_order(exchange, request(symbol=LINEAR, side=side, position_side=position_side))
    assert exchange.sent == [(LINEAR, "limit", side.lower(), "0.5", "40000", {"clientOrderId": "my-1", **expected})]


def test_a_name_that_could_not_be_told_from_what_ccxt_adds():
    exchange = Contracts()
    exchange.id = "gate"
    with pytest.raises(VenueNotReached):
        commands.place_order(exchange, request("t-1", symbol=SPOT))
    commands.place_order(exchange, request("1-t", symbol=SPOT))
    assert len(exchange.sent) == 1


def test_what_a_question_without_symbols_covers():
    assert markets.default_symbols(Contracts()) == {SPOT}
    assert markets.default_symbols(Contracts(defaultType="swap")) == {LINEAR}
    assert markets.default_symbols(Contracts(defaultType="swap", defaultSubType="inverse")) == {INVERSE}
    spot_only = Contracts()
    spot_only.markets = {SPOT: spot_only.markets[SPOT]}
    assert markets.default_symbols(spot_only) is None
