"""Quantities that are in the dealt currency of an FX deal.

Currency (15) of an FX deal is the currency that quantities are in, and that the side is about: to sell 110,000 USD in
EUR/USD at 1.1 is to buy 100,000 EUR (FIX 4.4 and 5.0 SP2 volume 7, foreign exchange). In other deals it is the currency
of prices, and says nothing about quantities.

A quantity in the quote currency is converted only where it is exact: by the price at which it was dealt, or where the
venue states the other amount, CalculatedCcyLastQty (1056). Otherwise it is left out, with the reason.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs

from sot.adapters.fix.message import FixMessage
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, exact, multiply, quotient
from sot.domain.values.vocabulary import InstrumentKind, Side

_PAIR = re.compile(r"([A-Z]{3})[/.:_ -]?([A-Z]{3})(?![A-Z])", re.ASCII)
_CURRENCY_PRODUCT = "4"
_FX_SECURITY_TYPES = frozenset({"FOR", "FXSPOT", "FXFWD", "FXSWAP", "FXNDF"})
_ISO_4217 = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG
QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD
TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XAG XAU XCD XOF XPD XPF XPT YER ZAR ZMW ZWL
"""
_CURRENCIES = frozenset([*_ISO_4217.split(), "CNH"])
"""They tell the symbol of a currency pair from that of anything else."""

_TURNED = {Side.BUY: Side.SELL, Side.SELL: Side.BUY}
_QUANTITIES = ("last_quantity", "cum_quantity", "order_quantity", "leaves_quantity")


@attrs.frozen
class CurrencyPair:
    """The base and the quote currency of an FX deal."""

    base: str
    quote: str


def currency_pair(message: FixMessage, symbol: str | None, instrument: Instrument | None) -> CurrencyPair | None:
    """The currencies of an FX deal; None for a deal of another kind.

    A registered instrument tells its kind. Without one, the form of the symbol does: two ISO currencies, or any two
    where Product (460) or SecurityType (167) says foreign exchange.
    """
    if instrument is not None:
        return CurrencyPair(instrument.base, instrument.quote) if instrument.kind is InstrumentKind.FX else None
    parts = _PAIR.match(symbol or "")
    if parts is None:
        return None
    is_fx = message.fields.get(460) == _CURRENCY_PRODUCT or message.fields.get(167) in _FX_SECURITY_TYPES
    return CurrencyPair(parts[1], parts[2]) if is_fx or set(parts.groups()) <= _CURRENCIES else None


def turned(side: Side | None) -> Side | None:
    """The side in the other currency of a pair."""
    return None if side is None else _TURNED[side]


def in_base_currency(
    message: FixMessage, fields: Mapping[str, Any], pair: CurrencyPair, dealt: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Convert the fields of a report whose quantities are in another currency than the base.

    Args:
        message: The message.
        fields: The fields of the report, as the message has them.
        pair: The currencies of the deal.
        dealt: The currency of the quantities.

    Returns:
        The fields to change, and the reasons for those that are left out.
    """
    if dealt != pair.quote:
        names = [name for name in ("side", *_QUANTITIES, "last_amount") if fields.get(name) is not None]
        why = f"it is in {dealt}, and the instrument is {pair.base} in {pair.quote}"
        return dict.fromkeys(names), dict.fromkeys(names, why)
    converted = _in_base(message, fields)
    changes: dict[str, Any] = {"side": turned(fields.get("side"))}
    left_out = {}
    for name in _QUANTITIES:
        value = fields.get(name)
        if value is not None:
            changes[name] = ZERO if value == ZERO else converted.get(name)
            if changes[name] is None:
                left_out[name] = f"{value:f} is in {dealt}; its amount in {pair.base} does not follow exactly"
    if fields.get("last_amount") is not None:
        left_out["last_amount"] = f"{fields['last_amount']:f} is not in {pair.quote}"
    changes["last_amount"] = fields.get("last_quantity") if changes.get("last_quantity") else None
    return changes, left_out


def _in_base(message: FixMessage, fields: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """The quantities in the base currency, as far as they follow exactly; zeros apart.

    The last quantity was dealt at the last price, the executed one at the average. A quantity in the same words is the
    same. What is not executed has no price yet.
    """
    last, executed, ordered = (fields.get(name) for name in _QUANTITIES[:3])
    of_last = _stated_by_venue(message) or _divided(last, fields.get("last_price"))
    of_executed = of_last if executed == last else None
    of_executed = of_executed or _divided(executed, fields.get("avg_price"))
    if last == executed:
        of_last = of_last or of_executed
    of_order = of_executed if ordered == executed else None
    return {"last_quantity": of_last, "cum_quantity": of_executed, "order_quantity": of_order}


def _stated_by_venue(message: FixMessage) -> Decimal | None:
    """CalculatedCcyLastQty (1056): the amount of the last execution in the other currency."""
    try:
        amount = exact("CalculatedCcyLastQty(1056)", message.text(1056, "CalculatedCcyLastQty") or "0")
    except InvalidInput:
        return None
    return amount if amount > ZERO else None


def _divided(amount: Decimal | None, price: Decimal | None) -> Decimal | None:
    """The quotient, if it ends within the digits of a fact."""
    if amount is None or price is None or price <= ZERO:
        return None
    try:
        quantity = exact("quantity", quotient(amount, price))
    except InvalidInput:
        return None
    return quantity if multiply(quantity, price) == amount else None
