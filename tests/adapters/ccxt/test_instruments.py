"""Instruments from ccxt's unified markets, as ccxt itself makes them of what exchanges send."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import ccxt
import pytest

from sot import InvalidInput, OrderHistory
from sot.adapters.ccxt import CcxtVenue, instruments_of
from sot.adapters.memory import MemoryStore

EXPIRY = 1_798_185_600_000  # 2026-12-25T08:00:00Z
PAIR = {"baseAsset": "BTC", "quoteAsset": "USDT", "status": "TRADING", "filters": [], "onboardDate": 1569398400000}
PRECISION = {"pricePrecision": 2, "quantityPrecision": 3, "baseAssetPrecision": 8, "quotePrecision": 8}
SPOT = {
    **PAIR,
    **PRECISION,
    "symbol": "BTCUSDT",
    "isSpotTradingAllowed": True,
    "isMarginTradingAllowed": True,
    "permissions": ["SPOT", "MARGIN"],
}
PERPETUAL = {
    **PAIR, **PRECISION, "symbol": "BTCUSDT", "pair": "BTCUSDT", "marginAsset": "USDT", "contractType": "PERPETUAL",
    "deliveryDate": 4133404800000,
}  # fmt: skip
FUTURE = {**PERPETUAL, "symbol": "BTCUSDT_261225", "contractType": "CURRENT_QUARTER", "deliveryDate": EXPIRY}
INVERSE = {
    **PERPETUAL, "symbol": "BTCUSD_PERP", "pair": "BTCUSD", "quoteAsset": "USD", "marginAsset": "BTC",
    "contractSize": 100, "contractStatus": "TRADING",
}  # fmt: skip
OPTION = {
    "symbol": "BTC-261225-60000-P", "side": "PUT", "strikePrice": "60000.5", "underlying": "BTCUSDT", "unit": 1,
    "quoteAsset": "USDT", "expiryDate": EXPIRY, "filters": [], "minQty": "0.01", "maxQty": "100", "priceScale": 0,
    "quantityScale": 2,
}  # fmt: skip
INVERSE_OPTION = {
    "instId": "BTC-USD-261225-60000-C", "instType": "OPTION", "uly": "BTC-USD", "instFamily": "BTC-USD",
    "settleCcy": "BTC", "baseCcy": "", "quoteCcy": "", "ctVal": "1", "ctMult": "0.01", "ctValCcy": "BTC",
    "optType": "C", "stk": "60000", "listTime": "1", "expTime": str(EXPIRY), "tickSz": "0.0001", "lotSz": "1",
    "minSz": "1", "state": "live", "lever": "",
}  # fmt: skip
SWAP_IN_HUNDREDTHS = {
    **INVERSE_OPTION, "instId": "BTC-USDT-SWAP", "instType": "SWAP", "uly": "BTC-USDT", "settleCcy": "USDT",
    "ctVal": "0.01", "ctMult": "1", "ctType": "linear", "optType": "", "stk": "", "expTime": "",
}  # fmt: skip


def exchange_of(name, *records, number=str):
    """An exchange object whose markets are these records of its API, as ccxt parses them."""
    exchange = getattr(ccxt, name)()
    exchange.number = number
    exchange.options |= {"crossMarginPairsData": ["BTCUSDT"], "isolatedMarginPairsData": []}
    exchange.set_markets([exchange.parse_market(record) for record in records])
    return exchange


def converted(*records, name="binance", **arguments):
    return instruments_of(exchange_of(name, *records), "main", "V", **arguments)


def only(converted):
    assert converted.skipped == {}
    (instrument,) = converted
    return instrument


def test_spot():
    spot = only(converted(SPOT))
    assert (spot.account_id, spot.venue, spot.symbol, spot.kind) == ("main", "V", "BTC/USDT", "SPOT")
    assert (spot.base, spot.quote, spot.settle, spot.multiplier, spot.inverse) == ("BTC", "USDT", "USDT", 1, False)


def test_spot_with_borrowing_is_margin_if_asked_for():
    assert only(converted(SPOT, margin=True)).kind == "MARGIN"
    markets = {"A/B": {"symbol": "A/B", "base": "A", "quote": "B", "type": "spot", "margin": False}}
    assert only(instruments_of(markets, "main", "V", margin=True)).kind == "SPOT"
    assert only(instruments_of([{**markets["A/B"], "type": "margin"}], "main", "V")).kind == "MARGIN"


def test_linear_perpetual():
    perpetual = only(converted(PERPETUAL))
    assert (perpetual.symbol, perpetual.kind, perpetual.settle) == ("BTC/USDT:USDT", "PERPETUAL", "USDT")
    assert (perpetual.multiplier, perpetual.inverse) == (1, False)
    hundredths = only(converted(SWAP_IN_HUNDREDTHS, name="okx"))
    assert hundredths.multiplier == Decimal("0.01")
    assert hundredths.value(Decimal(3), Decimal(60_000)) == 1800


def test_inverse_perpetual():
    inverse = only(converted(INVERSE))
    assert (inverse.symbol, inverse.quote, inverse.settle) == ("BTC/USD:BTC", "USD", "BTC")
    assert (inverse.inverse, inverse.multiplier) == (True, 100)
    assert inverse.value(Decimal(6), Decimal(60_000)) == Decimal("0.01")


def test_future():
    future = only(converted(FUTURE))
    assert (future.symbol, future.kind, future.expires_at) == ("BTC/USDT:USDT-261225", "FUTURE", None)


def test_linear_option():
    option = only(converted({**OPTION, "strikePrice": "60000"}))
    assert (option.kind, option.right, option.strike) == ("OPTION", "PUT", 60_000)
    assert option.expires_at == datetime(2026, 12, 25, 8, tzinfo=UTC)
    assert (option.settle, option.multiplier, option.underlying) == ("USDT", 1, None)


MARKET = {
    "symbol": "X", "base": "BTC", "quote": "USD", "settle": "BTC", "type": "swap", "linear": False, "inverse": True,
    "contractSize": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("market", "reason"),
    [
        ({"linear": False, "inverse": False}, "linear or inverse"),
        ({"linear": True}, "linear or inverse"),
        ({"linear": None, "inverse": None}, "linear or inverse"),
        ({"settle": "USDC"}, "the base of an inverse contract"),
        ({"settle": "USDC", "linear": True, "inverse": False}, "the quote of a linear contract"),
        ({"settle": None}, "settle"),
        ({"contractSize": None}, "contractSize: None"),
        ({"contractSize": 1.0}, "contractSize.*never a float"),
        ({"contractSize": "0"}, "contractSize"),
        ({"type": "index"}, "type"),
        ({"type": None}, "type"),
        ({"type": ["swap"]}, "type"),
        ({"base": None}, "base"),
        ({"type": "option", "expiry": EXPIRY, "optionType": "call", "strike": "1"}, "linear option"),
    ],
)
def test_what_cannot_be_told_exactly_is_skipped_with_the_reason(market, reason):
    result = instruments_of({"X": {**MARKET, **market}, "Y": {**MARKET, "symbol": "Y"}}, "main", "V")
    assert [instrument.symbol for instrument in result] == ["Y"]
    assert list(result.skipped) == ["X"]
    assert re.search(reason, result.skipped["X"])


LINEAR_OPTION = {
    **MARKET, "settle": "USD", "linear": True, "inverse": False, "type": "option", "expiry": EXPIRY, "strike": "1",
    "optionType": "put",
}  # fmt: skip


@pytest.mark.parametrize("missing", ["expiry", "optionType", "strike", "contractSize"])
def test_option_without_one_of_its_terms_is_skipped(missing):
    assert len(instruments_of([LINEAR_OPTION], "main", "V")) == 1
    result = instruments_of([{**LINEAR_OPTION, missing: None}], "main", "V")
    assert (len(result), missing in result.skipped["X"]) == (0, True)


def test_option_that_settles_in_its_base_is_skipped():
    assert list(converted(INVERSE_OPTION, name="okx").skipped) == ["BTC/USD:BTC-261225-60000-C"]


def test_floats_are_skipped():
    result = instruments_of(exchange_of("okx", SWAP_IN_HUNDREDTHS, number=float), "main", "V")
    assert "never a float" in result.skipped["BTC/USDT:USDT"]


def test_symbols_are_chosen():
    assert [each.symbol for each in converted(SPOT, FUTURE, symbols=["BTC/USDT"])] == ["BTC/USDT"]
    with pytest.raises(InvalidInput, match="symbols"):
        converted(SPOT, symbols=["NONE"])


@pytest.mark.parametrize(("account_id", "venue"), [("", "V"), ("main", None)])
def test_account_and_venue_are_checked(account_id, venue):
    with pytest.raises(InvalidInput):
        instruments_of([], account_id, venue)


@pytest.mark.parametrize("source", [None, 1, "BTC/USDT", b"x"])
def test_what_has_no_markets_is_refused(source):
    with pytest.raises(InvalidInput, match="exchange_or_markets"):
        instruments_of(source, "main", "V")


def test_venue_has_the_instruments_of_its_markets():
    venue = CcxtVenue(exchange_of("binance", SPOT, PERPETUAL), name="MINE")
    with MemoryStore().begin() as uow:
        history = OrderHistory(uow)
        assert [history.register(each) for each in venue.instruments("main")] == ["RECORDED"] * 2
        assert history.instruments("main", "MINE", "BTC/USDT:USDT")[0].kind == "PERPETUAL"
