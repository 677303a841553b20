"""What both files say, in one form."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

import attrs

from sot.adapters.imports.figures import exact_number, read_number
from sot.adapters.imports.row_error import RowError
from sot.adapters.imports.times import utc_time
from sot.domain.values.vocabulary import InstrumentKind, OptionRight

KINDS = {
    "STK": InstrumentKind.EQUITY,
    "STOCKS": InstrumentKind.EQUITY,
    "FUND": InstrumentKind.EQUITY,
    "MUTUAL FUNDS": InstrumentKind.EQUITY,
    "WAR": InstrumentKind.EQUITY,
    "WARRANTS": InstrumentKind.EQUITY,
    "IOPT": InstrumentKind.EQUITY,
    "STRUCTURED PRODUCTS": InstrumentKind.EQUITY,
    "OPT": InstrumentKind.OPTION,
    "EQUITY AND INDEX OPTIONS": InstrumentKind.OPTION,
    "FOP": InstrumentKind.OPTION,
    "FSFOP": InstrumentKind.OPTION,
    "OPTIONS ON FUTURES": InstrumentKind.OPTION,
    "FUT": InstrumentKind.FUTURE,
    "FUTURES": InstrumentKind.FUTURE,
    "CASH": InstrumentKind.FX,
    "FOREX": InstrumentKind.FX,
    "CRYPTO": InstrumentKind.SPOT,
    "CRYPTOCURRENCIES": InstrumentKind.SPOT,
    "CFD": InstrumentKind.OTHER,
    "CFDS": InstrumentKind.OTHER,
    "BOND": InstrumentKind.OTHER,
    "BONDS": InstrumentKind.OTHER,
    "BILL": InstrumentKind.OTHER,
    "TREASURY BILLS": InstrumentKind.OTHER,
}
"""The kinds of instruments by the broker's categories."""

PERCENT_QUOTED = frozenset({"BOND", "BONDS", "BILL", "TREASURY BILLS"})
"""Categories whose prices are per cent of their nominal value."""

ONE_PERCENT = Decimal("0.01")

RIGHTS = {"C": OptionRight.CALL, "CALL": OptionRight.CALL, "P": OptionRight.PUT, "PUT": OptionRight.PUT}


@attrs.frozen(kw_only=True)
class Contract:
    """An instrument as a statement names it.

    Attributes:
        category: The broker's category, in capitals.
        multiplier: Units of the underlying per contract, as text; '' for one.
        expiry: The day on which an option expires.
    """

    category: str
    symbol: str
    currency: str
    multiplier: str = ""
    underlying: str = ""
    strike: str = ""
    right: str = ""
    expiry: str = ""


@attrs.frozen(kw_only=True)
class TradeRecord:
    """A trade.

    Attributes:
        quantity: With sign.
        codes: The broker's codes, such as Ex, A, Ep.
        trade_id: The broker's id; '' if the file has none.
        identity: Of a trade without an id: what tells it apart.
        canceled_id: The id of the trade that it cancels; '' if it cancels none.
        side: `BUY` or `SELL`; '' if the sign of the quantity tells.
    """

    row: Any
    location: str
    contract: Contract
    at: str
    quantity: str
    price: str
    proceeds: str = ""
    commission: str = ""
    commission_currency: str = ""
    taxes: str = ""
    realized: str = ""
    codes: frozenset[str] = frozenset()
    trade_id: str = ""
    identity: Mapping[str, str] = attrs.field(factory=dict)
    order_id: str = ""
    canceled_id: str = ""
    side: str = ""

    @property
    def option_code(self) -> str:
        """Why an option was closed without an exchange: Ex, A, Ep; '' if it was not."""
        return next((code for code in ("Ex", "A", "Ep") if code in self.codes), "")


@attrs.frozen(kw_only=True)
class CashRecord:
    """What was received or paid without a trade."""

    row: Any
    location: str
    type: str
    at: str
    amount: str
    currency: str
    description: str = ""
    id: str = ""
    contract: Contract | None = None


@attrs.frozen(kw_only=True)
class ActionRecord:
    """A corporate action."""

    row: Any
    location: str
    contract: Contract
    at: str
    description: str
    id: str = ""


@attrs.frozen(kw_only=True)
class HeldRecord:
    """Units or cash at the end of the statement."""

    row: Any
    location: str
    symbol: str = ""
    currency: str = ""
    amount: str = ""


@attrs.define
class StatementRecords:
    """All records of a statement, and the rows that state nothing that is recorded, with the reasons."""

    trades: list[TradeRecord] = attrs.field(factory=list)
    cash: list[CashRecord] = attrs.field(factory=list)
    actions: list[ActionRecord] = attrs.field(factory=list)
    positions: list[HeldRecord] = attrs.field(factory=list)
    balances: list[HeldRecord] = attrs.field(factory=list)
    others: list[tuple[Any, str, str]] = attrs.field(factory=list)


def number(name: str, text: str) -> Decimal:
    """Read a number with commas between thousands.

    Raises:
        RowError: It is none, or has too many digits.
    """
    return exact_number(name, read_number(name, text.replace(",", "")))


def optional_number(name: str, text: str) -> Decimal | None:
    """Read a number that may be missing: '', `--`.

    Raises:
        RowError: It is none, or has too many digits.
    """
    return None if text.strip() in ("", "-", "--") else number(name, text)


_TIME = re.compile(
    r"(?:(?P<y>[0-9]{4})-?(?P<m>[0-9]{2})-?(?P<d>[0-9]{2})|(?P<m2>[0-9]{2})/(?P<d2>[0-9]{2})/(?P<y2>[0-9]{4}))"
    r"(?:[;, T]+(?P<h>[0-9]{2}):?(?P<mi>[0-9]{2}):?(?P<s>[0-9]{2})?)?\s*(?P<zone>[A-Z]{2,4}|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)

_ZONES = {"EST": -5, "EDT": -4, "UTC": 0, "GMT": 0, "CST": -6, "CDT": -5}


def read_time(text: str, zone: tzinfo | None, remarks: list[str]) -> datetime:
    """Read a time as the broker writes it, such as `20260105;103000`; a date alone is its beginning.

    Raises:
        RowError: It is no time.
        InvalidInput: It has no offset, and there is no zone.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise RowError(f"{text[:40]!r} is no time")
    try:
        naive = datetime(
            int(found["y"] or found["y2"]),
            int(found["m"] or found["m2"]),
            int(found["d"] or found["d2"]),
            int(found["h"] or 0),
            int(found["mi"] or 0),
            int(found["s"] or 0),
        )
    except ValueError:
        raise RowError(f"{text[:40]!r} is no time") from None
    own = _zone(found["zone"])
    return utc_time("the time", naive.replace(tzinfo=own), zone, remarks)


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in _ZONES:
        return timezone(timedelta(hours=_ZONES[text]))
    if text[0] not in "+-":
        raise RowError(f"{text} is no time zone that is known here")
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def split_codes(text: str) -> frozenset[str]:
    """The codes in a text such as `A;C`."""
    return frozenset(code.strip() for code in text.replace(",", ";").split(";") if code.strip())


def split_of(description: str) -> tuple[Decimal, Decimal] | None:
    """The units after a split, per units before it; None if the text tells of no split."""
    found = _SPLIT.search(description.upper())
    return None if found is None else (Decimal(found[1]), Decimal(found[2]))


_SPLIT = re.compile(r"\bSPLIT ([0-9]+(?:\.[0-9]+)?) FOR ([0-9]+(?:\.[0-9]+)?)\b", re.ASCII)
