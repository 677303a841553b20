"""Instruments from ccxt's markets.

| ccxt's market | instrument |
| --- | --- |
| `type` spot | SPOT; MARGIN, if asked for, where its `margin` says that borrowing is possible |
| `type` margin | MARGIN |
| `type` swap, future | PERPETUAL, FUTURE, linear or inverse, with `contractSize` as the multiplier |
| `type` option, linear | OPTION, with strike, right and expiry |
| anything else | skipped, with the reason |

`contractSize` is the units of the base in a contract or, of an inverse contract, the units of the quote: both are what
`Instrument.multiplier` is. A contract that is neither linear nor inverse (quanto) has a value that no multiplier gives,
and the prices of an option that settles in its base are in the base at some exchanges: these are skipped.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NAME
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import positive
from sot.domain.values.times import from_microseconds
from sot.domain.values.vocabulary import InstrumentKind

_RIGHTS = {"call": "CALL", "put": "PUT"}


@attrs.frozen
class ConvertedMarkets:
    """The instruments of markets. Iterating goes over the instruments.

    Attributes:
        instruments: The instruments, in the order of the markets.
        skipped: Why a market is no instrument, by its symbol.
    """

    instruments: tuple[Instrument, ...]
    skipped: Mapping[str, str]

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self.instruments)

    def __len__(self) -> int:
        return len(self.instruments)


def instruments_of(
    exchange_or_markets: Any,
    account_id: str,
    venue: str,
    *,
    symbols: Iterable[str] | None = None,
    margin: bool = False,
) -> ConvertedMarkets:
    """Convert ccxt's markets to instruments, which `OrderHistory.register` takes.

    Args:
        exchange_or_markets: An exchange object of ccxt, whose markets are loaded if they are not yet; or its markets,
            by symbol or as a list. Set `exchange.number = str` before they are loaded: a float is never taken for an
            exact contract size or strike.
        account_id: The account of the instruments.
        venue: The venue of the instruments, by the name that requests have.
        symbols: The symbols to convert; None means all.
        margin: Whether spot markets on which borrowing is possible become MARGIN: their symbols are sold short.

    Returns:
        The instruments; and for each market that cannot be told exactly, why.

    Raises:
        InvalidInput: A symbol is none of the markets', or there are no markets.
    """
    for name, value in (("account_id", account_id), ("venue", venue)):
        NAME.check(name, value)
    markets = _markets_of(exchange_or_markets)
    wanted = list(markets) if symbols is None else list(symbols)
    instruments, skipped = [], {}
    for symbol in wanted:
        if symbol not in markets:
            raise InvalidInput("symbols", symbol, "a symbol of the markets")
        try:
            instruments.append(_instrument(markets[symbol], account_id, venue, margin))
        except InvalidInput as error:
            skipped[symbol] = str(error)
    return ConvertedMarkets(tuple(instruments), skipped)


def _markets_of(source: Any) -> Mapping[str, Mapping[str, Any]]:
    if hasattr(source, "load_markets"):
        source.load_markets()
        source = source.markets
    if isinstance(source, Mapping):
        return source
    if isinstance(source, Iterable) and not isinstance(source, (str, bytes)):
        return {str(market["symbol"]): market for market in source}
    raise InvalidInput("exchange_or_markets", type(source), "an exchange object of ccxt, or its markets")


def _instrument(market: Mapping[str, Any], account_id: str, venue: str, margin: bool) -> Instrument:
    terms_of = _TERMS.get(str(market.get("type")))
    if terms_of is None:
        raise InvalidInput("type", market.get("type"), "one of " + ", ".join(_TERMS))
    return Instrument(
        account_id=account_id,
        venue=venue,
        symbol=NAME.check("symbol", market.get("symbol")),
        base=NAME.check("base", market.get("base")),
        quote=NAME.check("quote", market.get("quote")),
        **terms_of(market, margin),
    )


def _spot(market: Mapping[str, Any], margin: bool) -> dict[str, Any]:
    return {"kind": InstrumentKind.MARGIN if margin and market.get("margin") else InstrumentKind.SPOT}


def _margin(market: Mapping[str, Any], margin: bool) -> dict[str, Any]:
    return {"kind": InstrumentKind.MARGIN}


def _swap(market: Mapping[str, Any], margin: bool) -> dict[str, Any]:
    return {"kind": InstrumentKind.PERPETUAL, **_contract(market)}


def _future(market: Mapping[str, Any], margin: bool) -> dict[str, Any]:
    return {"kind": InstrumentKind.FUTURE, **_contract(market)}


def _option(market: Mapping[str, Any], margin: bool) -> dict[str, Any]:
    contract, right = _contract(market), _RIGHTS.get(str(market.get("optionType")))
    if contract["inverse"]:
        raise InvalidInput("inverse", True, "a linear option: at some exchanges the prices of others are in the base")
    if right is None:
        raise InvalidInput("optionType", market.get("optionType"), "call or put")
    if type(expiry := market.get("expiry")) is not int:
        raise InvalidInput("expiry", expiry, "milliseconds since 1970")
    return {
        "kind": InstrumentKind.OPTION,
        **contract,
        "strike": _amount(market, "strike"),
        "right": right,
        "expires_at": from_microseconds(expiry * 1000),
    }


def _contract(market: Mapping[str, Any]) -> dict[str, Any]:
    """The terms of a contract: its settlement currency, its size, and how its value follows from its price."""
    inverse, settle = bool(market.get("inverse")), NAME.check("settle", market.get("settle"))
    if inverse is bool(market.get("linear")):
        raise InvalidInput("linear", market.get("linear"), "linear or inverse: no multiplier values others")
    if settle != market.get("base" if inverse else "quote"):
        currency = "base of an inverse contract" if inverse else "quote of a linear contract"
        raise InvalidInput("settle", settle, f"the {currency}")
    return {"settle": settle, "inverse": inverse, "multiplier": _amount(market, "contractSize")}


def _amount(market: Mapping[str, Any], name: str) -> Decimal:
    if market.get(name) is None:
        raise InvalidInput(name, None, "an amount, which ccxt does not have of this market")
    return positive(name, market[name])


_TERMS: Mapping[str, Callable[[Mapping[str, Any], bool], dict[str, Any]]] = {
    "spot": _spot,
    "margin": _margin,
    "swap": _swap,
    "future": _future,
    "option": _option,
}
