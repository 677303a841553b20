"""Fees: commissions and miscellaneous fees that are amounts of money.

Only what is told as an absolute amount in a currency is a fee: an amount per unit, a percentage or points cannot be
turned into money without rules of the venue's. Those stay in the raw payload.
"""

from collections.abc import Iterator

from sot.adapters.fix.fields import name, number
from sot.adapters.fix.message import FixMessage
from sot.domain.orders.report import Fee

_ABSOLUTE_COMMISSION = "3"
_ABSOLUTE_FEE = "0"
_GROUP = {137: "MiscFeeAmt", 138: "MiscFeeCurr", 139: "MiscFeeType", 891: "MiscFeeBasis"}
_FIRST_OF_GROUP = 137


def read_fees(message: FixMessage, currency: str | None) -> tuple[Fee, ...]:
    """The fees of an ExecutionReport: Commission (12, of CommType 13 Absolute) and the group NoMiscFees (136).

    Their currency is CommCurrency (479) or MiscFeeCurr (138), else that of the deal, Currency (15), else `currency`.
    A fee in no known currency is none.

    Raises: InvalidInput: an amount that cannot be read.
    """
    deal = message.text(15, "Currency") or currency
    found = [*_commission(message, deal), *_miscellaneous(message, deal)]
    return tuple(found)


def _commission(message: FixMessage, deal: str | None) -> Iterator[Fee]:
    amount = message.text(12, "Commission")
    into = message.text(479, "CommCurrency") or deal
    if amount is not None and into is not None and message.text(13, "CommType") == _ABSOLUTE_COMMISSION:
        yield _fee(message, 12, "Commission", amount, into)


def _miscellaneous(message: FixMessage, deal: str | None) -> Iterator[Fee]:
    for entry in _entries(message):
        amount, into = entry.get(137), entry.get(138) or deal
        if amount and into is not None and entry.get(891, _ABSOLUTE_FEE) == _ABSOLUTE_FEE:
            yield _fee(message, 137, "MiscFeeAmt", amount, into)


def _entries(message: FixMessage) -> list[dict[int, str]]:
    entries: list[dict[int, str]] = []
    for tag, value in message.pairs:
        if tag == _FIRST_OF_GROUP:
            entries.append({})
        if tag in _GROUP and entries:
            entries[-1][tag] = value
    return entries


def _fee(message: FixMessage, tag: int, field: str, amount: str, currency: str) -> Fee:
    label = message.where(tag, field)
    return Fee(number(label, amount), name(label, currency))
