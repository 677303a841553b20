"""Read cursors, times, rates and marks that are given as text. `field` is the name of the option in error messages."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sot.domain.accounting.rates import Mark, fixed_rates
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NUMBER, RATES, TIME

_CURSOR = re.compile(r"[0-9]{1,18}", re.ASCII)


def cursor_or_time(field: str, text: str | None) -> int | datetime | None:
    """Read a cursor of the feed, which is a whole number, or a time.

    Raises:
        InvalidInput: The text is neither.
    """
    if text is None:
        return None
    if _CURSOR.fullmatch(text):
        return int(text)
    try:
        at: datetime = TIME.check(field, text)
    except InvalidInput:
        raise InvalidInput(field, text, "a cursor such as 4711, or a time such as 2026-01-31T17:00:00Z") from None
    return at


def rates(field: str, texts: Iterable[str]) -> dict[str, Decimal]:
    """Read rates of the form CURRENCY=RATE.

    Raises:
        InvalidInput: A text has another form, or a currency is there twice.
    """
    rate_texts: dict[str, str] = {}
    for text in texts:
        currency, equals, rate = text.partition("=")
        if not (currency and equals) or currency in rate_texts:
            raise InvalidInput(field, text, "CURRENCY=RATE, each currency once")
        rate_texts[currency] = rate
    checked: dict[str, Decimal] = RATES.check(field, rate_texts)
    return checked


def pairs(field: str, texts: Iterable[str]) -> dict[str | tuple[str, str], Decimal]:
    """Read rates of the form CURRENCY/INTO=RATE.

    Raises:
        InvalidInput: A text has another form, or a pair is there twice.
    """
    rates_by_pair: dict[str | tuple[str, str], Decimal] = {}
    for text in texts:
        pair, _, rate = text.rpartition("=")
        currency, _, into = pair.partition("/")
        if not (currency and into) or (currency, into) in rates_by_pair:
            raise InvalidInput(field, text, "CURRENCY/INTO=RATE, each pair once, e.g. BNB/USDT=600")
        rates_by_pair[currency, into] = NUMBER.check(field, rate)
    fixed_rates(rates_by_pair)
    return rates_by_pair


def marks(field: str, texts: Iterable[str]) -> dict[str | tuple[str, str], Mark | Decimal]:
    """Read marks of the form SYMBOL=PRICE or "SYMBOL=PRICE CURRENCY".

    Raises:
        InvalidInput: A text has another form, or a symbol is there twice.
    """
    marks_by_symbol: dict[str | tuple[str, str], Mark | Decimal] = {}
    for text in texts:
        symbol, _, price = text.rpartition("=")
        figure, _, currency = price.strip().partition(" ")
        if not symbol or symbol in marks_by_symbol:
            raise InvalidInput(field, text, "SYMBOL=PRICE, each symbol once, e.g. BTC/USDT=50000")
        marks_by_symbol[symbol] = Mark(NUMBER.check(field, figure), currency.strip() or None)
    return marks_by_symbol
