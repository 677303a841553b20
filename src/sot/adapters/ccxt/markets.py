"""What ccxt says about an exchange's markets, calls and limits."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

SPOT, CONTRACT = "spot", "contract"
_NO_LIMIT = 10_000


def market_type(exchange: Any, symbol: str) -> str:
    """The market type of a symbol: spot or contract."""
    return SPOT if exchange.market(symbol).get("spot") else CONTRACT


def default_type(exchange: Any) -> str:
    """The market type of queries without a symbol."""
    return SPOT if exchange.options.get("defaultType", SPOT) in (SPOT, "margin") else CONTRACT


def default_symbols(exchange: Any) -> frozenset[str] | None:
    """The symbols that a query without a symbol certainly covers; None means all symbols.

    Of contracts these are the linear ones, unless the exchange is set to inverse ones.
    """
    kind = exchange.options.get("defaultType", SPOT)
    kinds = {market["type"] for market in exchange.markets.values()}
    if kinds == {SPOT}:
        return None
    inverse = exchange.options.get("defaultSubType") == "inverse"
    return frozenset(
        symbol
        for symbol, market in exchange.markets.items()
        if market["type"] == kind and (market.get("spot") or bool(market.get("inverse")) is inverse)
    )


def limit_of(exchange: Any, method: str, name: str, symbol: str | None = None) -> int | None:
    """A limit of one of an exchange's lists, such as `limit`, the length of a page; None if ccxt has none."""
    if symbol is not None:
        value = exchange.feature_value(symbol, method, name)
    else:
        value = exchange.feature_value_by_type(*_default_market(exchange), method, name)
    return value if type(value) is int else None


def needs_symbol(exchange: Any, method: str) -> bool:
    """Whether a list is available by symbol only."""
    return bool(exchange.feature_value_by_type(*_default_market(exchange), method, "symbolRequired"))


def _default_market(exchange: Any) -> tuple[str, str | None]:
    sub_type = None if default_type(exchange) == SPOT else exchange.options.get("defaultSubType") or "linear"
    return exchange.options.get("defaultType", SPOT), sub_type


def days(number: int | None) -> timedelta | None:
    """A number of days; None for the large number that ccxt has where there is no limit."""
    return timedelta(days=number) if number is not None and number < _NO_LIMIT else None


def has(exchange: Any, *methods: str) -> bool:
    """Whether the exchange itself has these calls. ccxt's emulations of calls do not count."""
    return all(exchange.has.get(method) is True for method in methods)


def group_contracts(exchange: Any, symbols: Iterable[str]) -> dict[tuple[Any, ...], list[str]]:
    """The contracts among symbols, grouped by what one query covers."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for symbol in sorted(symbols):
        market = exchange.market(symbol)
        if market.get("contract"):
            key = (market["type"], bool(market.get("inverse")), market.get("settle"))
            groups.setdefault(key, []).append(symbol)
    return groups
