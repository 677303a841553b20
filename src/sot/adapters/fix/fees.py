"""Fees: commissions and miscellaneous fees that are amounts of money.

An amount per unit, a percentage or points depend on rules of the venue; they stay in the raw payload.
"""

from collections.abc import Iterator

from sot.adapters.fix.fields import read_name, read_number
from sot.adapters.fix.message import FixMessage
from sot.domain.orders.report import Fee

_ABSOLUTE_COMMISSION = "3"
_ABSOLUTE_FEE = "0"
_GROUP = {137: "MiscFeeAmt", 138: "MiscFeeCurr", 139: "MiscFeeType", 891: "MiscFeeBasis"}
_FIRST_OF_GROUP = 137


def read_fees(message: FixMessage, currency: str | None) -> tuple[Fee, ...]:
    """Read the fees of an ExecutionReport: Commission (12, with CommType 13 = 3, absolute) and NoMiscFees (136).

    Their currency is CommCurrency (479) or MiscFeeCurr (138), else Currency (15) of the deal, else `currency`. A fee
    without a currency is left out.

    Raises:
        InvalidInput: An amount cannot be read.
    """
    deal_currency = message.text(15, "Currency") or currency
    return (*_commission(message, deal_currency), *_miscellaneous_fees(message, deal_currency))


def _commission(message: FixMessage, deal_currency: str | None) -> Iterator[Fee]:
    amount = message.text(12, "Commission")
    currency = message.text(479, "CommCurrency") or deal_currency
    if amount is not None and currency is not None and message.text(13, "CommType") == _ABSOLUTE_COMMISSION:
        yield _fee(message, 12, "Commission", amount, currency)


def _miscellaneous_fees(message: FixMessage, deal_currency: str | None) -> Iterator[Fee]:
    for entry in _group_entries(message):
        amount, currency = entry.get(137), entry.get(138) or deal_currency
        if amount and currency is not None and entry.get(891, _ABSOLUTE_FEE) == _ABSOLUTE_FEE:
            yield _fee(message, 137, "MiscFeeAmt", amount, currency)


def _group_entries(message: FixMessage) -> list[dict[int, str]]:
    entries: list[dict[int, str]] = []
    for tag, value in message.pairs:
        if tag == _FIRST_OF_GROUP:
            entries.append({})
        if tag in _GROUP and entries:
            entries[-1][tag] = value
    return entries


def _fee(message: FixMessage, tag: int, field: str, amount: str, currency: str) -> Fee:
    label = message.label(tag, field)
    return Fee(read_number(label, amount), read_name(label, currency))
