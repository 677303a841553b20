"""Fees: commissions and miscellaneous fees that are amounts of money.

An amount per unit, a percentage or points depend on rules of the venue; they are left out, with the reason.
"""

from collections.abc import Iterator

from sot.adapters.fix.fields import read_name, read_number
from sot.adapters.fix.message import FixMessage
from sot.domain.orders.report import Fee
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO

_ABSOLUTE_COMMISSION = "3"
_ABSOLUTE_FEE = "0"
_GROUP = {137: "MiscFeeAmt", 138: "MiscFeeCurr", 139: "MiscFeeType", 891: "MiscFeeBasis"}
_FIRST_OF_GROUP = 137


def read_fees(message: FixMessage, currency: str | None) -> tuple[tuple[Fee, ...], str | None]:
    """Read the fees of an ExecutionReport: Commission (12, with CommType 13 = 3, absolute) and NoMiscFees (136).

    Their currency is CommCurrency (479) or MiscFeeCurr (138), else Currency (15) of the deal, else `currency`.

    Returns:
        The fees, and why others are left out: one without a currency, that is no amount of money, or that cannot be
        kept exactly. A zero is no fee.
    """
    deal_currency = message.fields.get(15) or currency
    read = [*_commission(message, deal_currency), *_miscellaneous_fees(message, deal_currency)]
    reasons = [fee for fee in read if isinstance(fee, str)]
    return tuple([fee for fee in read if isinstance(fee, Fee)]), "; ".join(reasons) or None


def _commission(message: FixMessage, deal_currency: str | None) -> Iterator[Fee | str]:
    try:
        amount = message.text(12, "Commission")
        kind = message.text(13, "CommType")
        currency = message.text(479, "CommCurrency") or deal_currency
    except InvalidInput as error:
        yield str(error)
        return
    if amount is not None:
        basis = None if kind == _ABSOLUTE_COMMISSION else f"CommType(13) is {kind or 'absent'}"
        yield from _fee("Commission(12)", amount, currency, basis)


def _miscellaneous_fees(message: FixMessage, deal_currency: str | None) -> Iterator[Fee | str]:
    for entry in _group_entries(message):
        kind = entry.get(891, _ABSOLUTE_FEE)
        basis = None if kind == _ABSOLUTE_FEE else f"MiscFeeBasis(891) is {kind}"
        if entry.get(137):
            yield from _fee("MiscFeeAmt(137)", entry[137], entry.get(138) or deal_currency, basis)


def _group_entries(message: FixMessage) -> list[dict[int, str]]:
    entries: list[dict[int, str]] = []
    for tag, value in message.pairs:
        if tag == _FIRST_OF_GROUP:
            entries.append({})
        if tag in _GROUP and entries:
            entries[-1][tag] = value
    return entries


def _fee(label: str, text: str, currency: str | None, basis: str | None) -> Iterator[Fee | str]:
    """A fee, or why it is none; nothing for a zero that is no amount of money."""
    try:
        amount = read_number(label, text)
        if basis is None and currency is not None:
            yield Fee(amount, read_name(label, currency))
            return
    except InvalidInput as error:
        yield f"{label} is {text[:100]}, not {error.allowed}"
        return
    if amount != ZERO:
        yield f"{label} is {text[:100]}, " + ("without a currency" if basis is None else f"no amount of money: {basis}")
