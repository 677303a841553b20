"""Rates, marks and moments that people and programs give as text; `field` names where, in what is raised."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sot.domain.accounting.rates import Mark, fixed_rates
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NUMBER, RATES, TIME

_CURSOR = re.compile(r"[0-9]{1,18}", re.ASCII)


def cursor_or_time(field: str, text: str | None) -> int | datetime | None:
    """A cursor of the feed, which is a whole number, or a time. Raises: InvalidInput."""
    if text is None:
        return None
    if _CURSOR.fullmatch(text):
        return int(text)
    try:
        moment: datetime = TIME.check(field, text)
    except InvalidInput:
        raise InvalidInput(field, text, "a cursor such as 4711, or a time such as 2026-01-31T17:00:00Z") from None
    return moment


def rates(field: str, texts: Iterable[str]) -> dict[str, Decimal]:
    """Rates that were given as CUR=RATE. Raises: InvalidInput: another form, or a currency given twice."""
    given: dict[str, str] = {}
    for text in texts:
        currency, equals, rate = text.partition("=")
        if not (currency and equals) or currency in given:
            raise InvalidInput(field, text, "CURRENCY=RATE, each currency once")
        given[currency] = rate
    read: dict[str, Decimal] = RATES.check(field, given)
    return read


def pairs(field: str, texts: Iterable[str]) -> dict[str | tuple[str, str], Decimal]:
    """Rates that were given as CUR/INTO=RATE. Raises: InvalidInput: another form, or a pair given twice."""
    given: dict[str | tuple[str, str], Decimal] = {}
    for text in texts:
        pair, _, rate = text.rpartition("=")
        currency, _, into = pair.partition("/")
        if not (currency and into) or (currency, into) in given:
            raise InvalidInput(field, text, "CURRENCY/INTO=RATE, each pair once, e.g. BNB/USDT=600")
        given[currency, into] = NUMBER.check(field, rate)
    fixed_rates(given)
    return given


def marks(field: str, texts: Iterable[str]) -> dict[str | tuple[str, str], Mark | Decimal]:
    """Marks that were given as SYMBOL=PRICE or "SYMBOL=PRICE CURRENCY". Raises: InvalidInput."""
    given: dict[str | tuple[str, str], Mark | Decimal] = {}
    for text in texts:
        symbol, _, price = text.rpartition("=")
        figure, _, currency = price.strip().partition(" ")
        if not symbol or symbol in given:
            raise InvalidInput(field, text, "SYMBOL=PRICE, each symbol once, e.g. BTC/USDT=50000")
        given[symbol] = Mark(NUMBER.check(field, figure), currency.strip() or None)
    return given
