"""The formats of the annex (table 1), and what can be read off a name: an ISO currency, an ISIN, a market's MIC."""

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
    """How a field is written: `name` as the annex writes it.

    `render` gives the text of a value; None if the format has no room for it. A text that is not the value's exact one
    was rounded, as the annex asks.
    """

    name: str
    render: Callable[[Any], str | None]
    exact: Callable[[Any], str] = str

    def cell(self, value: Any) -> tuple[str, str]:
        """The text of a value, and what is to be said about it: that it was rounded or does not fit."""
        if value is None:
            return "", ""
        text, whole = self.render(value), self.exact(value)
        if text is None:
            return "", f"does not fit: {whole}"
        return text, "" if text == whole else f"rounded from {whole}"


def decimal_format(digits: int, fraction: int) -> Format:
    """`{DECIMAL-n/m}`: up to `digits` digits, of them `fraction` after the point; rounded half-even, never cut off."""

    def fitted(value: Decimal) -> str | None:
        whole = plain(value)
        before, _, after = whole.lstrip("-").partition(".")
        room = min(fraction, digits - len(before))
        if room < 0:
            return None
        return whole if len(after) <= room else _rounded(value, room)

    def _rounded(value: Decimal, room: int) -> str | None:
        text = plain(value.quantize(Decimal((0, (1,), -room)), None, _WIDE))
        return text if len(text.lstrip("-").replace(".", "")) <= digits else None

    return Format(f"{{DECIMAL-{digits}/{fraction}}}", fitted, plain)


_WIDE = Context(prec=100, rounding=ROUND_HALF_EVEN, Emax=MAX_EMAX, Emin=MIN_EMIN)


def text_format(length: int) -> Format:
    """`{ALPHANUM-n}`: free text of up to `length` characters; a longer one is left out, since half a name is none."""
    return Format(f"{{ALPHANUM-{length}}}", lambda value: value if len(value) <= length else None)


def integer_format(digits: int) -> Format:
    """`{INTEGER-n}`."""
    return Format(f"{{INTEGER-{digits}}}", lambda value: str(value) if len(str(value)) <= digits else None)


def _one_of(name: str) -> Format:
    return Format(name, str)


def codes(*words: str) -> Format:
    """A closed list of codes."""
    return _one_of(" ".join(words))


def _moment(value: datetime) -> str:
    return time_text(value)


def _day(value: date) -> str:
    return value.isoformat()


def _flag(value: bool) -> str:
    return "true" if value else "false"


PRICE = decimal_format(18, 13)
QUANTITY = decimal_format(18, 17)
DATE_TIME = Format("{DATE_TIME_FORMAT}", _moment, _moment)
DATE = Format("{DATEFORMAT}", _day, _day)
FLAG = Format("true false", _flag, _flag)
CURRENCY = _one_of("{CURRENCYCODE_3}")
IDENTIFIER = _one_of("{ISIN}")
MARKET = _one_of("{MIC}")
ENTITY = _one_of("{LEI}")
PERSON = _one_of("{LEI} {NATIONAL_ID}")
ALGORITHM = _one_of("{NATIONAL_ID} {ALPHANUM-50}")

# ISO 4217, with the codes that were withdrawn since 2018, when the regulation began to apply: old orders name them.
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
    """The name, if it is a currency code of ISO 4217; BTC and USDT are none."""
    return name if name in _CURRENCIES else None


def isin(name: str) -> str | None:
    """The name, if it is an ISIN with the right check digit (ISO 6166: letters as numbers from 10, then Luhn's)."""
    if not _ISIN.fullmatch(name):
        return None
    digits = [int(digit) for digit in "".join(str(int(letter, 36)) for letter in name)]
    doubled = (digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return name if sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0 else None


def mic(name: str) -> str | None:
    """The name, if it has the form of a market identifier code (ISO 10383)."""
    return name if _MIC.fullmatch(name) else None
