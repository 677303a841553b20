"""The formats of the annex (table 1), and the check of names: ISO currencies, ISINs, MICs."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import attrs

from sot.domain.values.numbers import plain
from sot.domain.values.times import time_text


@attrs.frozen
class Format:
    """The format of a field.

    Attributes:
        name: The name in the annex.
        render: Gives the text of a value, rounded if need be, as the annex requires; None if the value does not fit.
        exact: Gives the exact text of a value.
    """

    name: str
    render: Callable[[Any], str | None]
    exact: Callable[[Any], str] = str

    def cell(self, value: Any) -> tuple[str, str]:
        """The text of a value, and a remark if it was rounded or does not fit."""
        if value is None:
            return "", ""
        text, exact = self.render(value), self.exact(value)
        if text is None:
            return "", f"does not fit: {exact}"
        return text, "" if text == exact else f"rounded from {exact}"


def decimal_format(digits: int, fraction: int) -> Format:
    """`{DECIMAL-n/m}`: at most `digits` digits, of them `fraction` after the point; rounded half-even."""

    def render(value: Decimal) -> str | None:
        text = plain(value)
        before, _, after = text.lstrip("-").partition(".")
        room = min(fraction, digits - len(before))
        if room < 0:
            return None
        return text if len(after) <= room else _rounded(value, room)

    def _rounded(value: Decimal, room: int) -> str | None:
        text = plain(value.quantize(Decimal((0, (1,), -room)), None, _WIDE))
        return text if len(text.lstrip("-").replace(".", "")) <= digits else None

    return Format(f"{{DECIMAL-{digits}/{fraction}}}", render, plain)


_WIDE = Context(prec=100, rounding=ROUND_HALF_EVEN, Emax=MAX_EMAX, Emin=MIN_EMIN)


def text_format(length: int) -> Format:
    """`{ALPHANUM-n}`: text of at most `length` characters; a longer text does not fit."""
    return Format(f"{{ALPHANUM-{length}}}", lambda value: value if len(value) <= length else None)


def integer_format(digits: int) -> Format:
    """`{INTEGER-n}`."""
    return Format(f"{{INTEGER-{digits}}}", lambda value: str(value) if len(str(value)) <= digits else None)


def _text_as_is(name: str) -> Format:
    return Format(name, str)


def codes(*allowed: str) -> Format:
    """A list of codes."""
    return _text_as_is(" ".join(allowed))


def _time(value: datetime) -> str:
    return time_text(value)


def _date(value: date) -> str:
    return value.isoformat()


def _flag(value: bool) -> str:
    return "true" if value else "false"


PRICE = decimal_format(18, 13)
QUANTITY = decimal_format(18, 17)
DATE_TIME = Format("{DATE_TIME_FORMAT}", _time, _time)
DATE = Format("{DATEFORMAT}", _date, _date)
FLAG = Format("true false", _flag, _flag)
CURRENCY = _text_as_is("{CURRENCYCODE_3}")
IDENTIFIER = _text_as_is("{ISIN}")
MARKET = _text_as_is("{MIC}")
ENTITY = _text_as_is("{LEI}")
PERSON = _text_as_is("{LEI} {NATIONAL_ID}")
ALGORITHM = _text_as_is("{NATIONAL_ID} {ALPHANUM-50}")

# ISO 4217, with the codes that were withdrawn since 2018, when the regulation began to apply: old orders have them.
_ISO_4217 = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP "
    "LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB "
    "PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL "
    "THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VEF VES VND VUV WST XAF XAG XAU XCD XCG "
    "XDR XOF XPD XPF XPT XSU XUA YER ZAR ZMW ZWG ZWL"
)
_CURRENCIES = frozenset(_ISO_4217.split())
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]", re.ASCII)
_MIC = re.compile(r"[A-Z0-9]{4}", re.ASCII)


def currency(name: str | None) -> str | None:
    """The name if it is a currency code of ISO 4217, else None; BTC and USDT are none."""
    return name if name in _CURRENCIES else None


def isin(name: str) -> str | None:
    """The name if it is an ISIN (ISO 6166: letters as numbers from 10, then a Luhn check digit), else None."""
    if not _ISIN.fullmatch(name):
        return None
    digits = [int(digit) for digit in "".join(str(int(letter, 36)) for letter in name)]
    doubled = (digit * 2 if index % 2 else digit for index, digit in enumerate(reversed(digits)))
    return name if sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0 else None


def mic(name: str) -> str | None:
    """The name if it has the form of a market identifier code (ISO 10383), else None."""
    return name if _MIC.fullmatch(name) else None
