"""What ccxt says of an exchange's markets and of the limits of its lists."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

SPOT, CONTRACT = "spot", "contract"


def market_type(exchange: Any, symbol: str) -> str:
    """Spot or contract."""
    return SPOT if exchange.market(symbol).get("spot") else CONTRACT


def default_type(exchange: Any) -> str:
    """What the exchange's answers are about when no symbol is named."""
    return SPOT if exchange.options.get("defaultType", SPOT) in (SPOT, "margin") else CONTRACT


def of_default_type(exchange: Any) -> frozenset[str] | None:
    """The symbols that a question without a symbol surely covers; None: all that there are.

    Of contracts only linear ones, unless the exchange is set to inverse ones.
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
    """A limit that ccxt states of one of an exchange's lists, such as the `limit` of a page; None if it states none."""
    if symbol is not None:
        value = exchange.feature_value(symbol, method, name)
    else:
        sub_type = None if default_type(exchange) == SPOT else exchange.options.get("defaultSubType") or "linear"
        kind = exchange.options.get("defaultType", SPOT)
        value = exchange.feature_value_by_type(kind, sub_type, method, name)
    return value if type(value) is int else None


def needs_symbol(exchange: Any, method: str) -> bool:
    """Whether ccxt says that a list has to be asked for by symbol."""
    kind = exchange.options.get("defaultType", SPOT)
    sub_type = None if default_type(exchange) == SPOT else exchange.options.get("defaultSubType") or "linear"
    return bool(exchange.feature_value_by_type(kind, sub_type, method, "symbolRequired"))


def days(number: int | None) -> timedelta | None:
    """So many days; None for what ccxt writes where there is no limit."""
    return timedelta(days=number) if number is not None and number < _NO_LIMIT else None


_NO_LIMIT = 10_000


def has(exchange: Any, *methods: str) -> bool:
    """Whether the exchange itself has these calls: ccxt's emulations of them are not what they seem."""
    return all(exchange.has.get(method) is True for method in methods)


def of_contracts(exchange: Any, symbols: Iterable[str]) -> dict[tuple[Any, ...], list[str]]:
    """Contracts among the symbols, grouped by what can be asked for at once."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for symbol in sorted(symbols):
        market = exchange.market(symbol)
        if market.get("contract"):
            key = (market["type"], bool(market.get("inverse")), market.get("settle"))
            groups.setdefault(key, []).append(symbol)
    return groups
