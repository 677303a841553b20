"""Fees of unified records: only what can be said exactly, with its currency and its sign."""

from collections.abc import Callable, Iterable
from typing import Any

from sot.adapters.ccxt.words import Record, words_of
from sot.domain.orders.report import Fee
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO


def fees(record: Record, exchange: str) -> tuple[list[Fee], list[str]]:
    """The fees that can be said exactly, negative ones being rebates, and why the others cannot."""
    said, left_out = [], []
    for fee in _listed(record):
        amount, currency = fee.get("cost"), fee.get("currency")
        if amount is None:
            continue
        if currency is None:
            left_out.append(f"the fee of {amount} names no currency")
            continue
        try:
            exact = Fee(amount, currency)
        except InvalidInput as error:
            left_out.append(f"the fee of {amount} {currency} is not exact: {error.allowed}")
            continue
        if exact.amount < ZERO and _sign_in_doubt(record, exchange):
            left_out.append(f"the fee of {amount} {currency} would be a taker's rebate: its sign is in doubt")
            continue
        said.append(exact)
    return said, left_out


def _listed(record: Record) -> Iterable[Record]:
    """All fees; ccxt leaves one without a currency out of the list, and keeps it as the only one."""
    listed = [fee for fee in record.get("fees") or () if fee]
    return listed or [fee for fee in (record.get("fee"),) if fee]


def _sign_in_doubt(record: Record, exchange: str) -> bool:
    """Whether ccxt turned the sign of what a taker paid, as it does for the older interfaces of these exchanges."""
    turned = _TURNED.get(exchange)
    return turned is not None and record.get("takerOrMaker") == "taker" and turned(words_of(record))


def _bitget_unified_account(words: Record) -> bool:
    detail: Any = words.get("feeDetail")
    return isinstance(detail, (list, tuple)) and any("fee" in fee and "totalFee" not in fee for fee in detail)


def _htx_version_5(words: Record) -> bool:
    return "trade_fee" in words and "fee_currency" in words


_TURNED: dict[str, Callable[[Record], bool]] = {"bitget": _bitget_unified_account, "htx": _htx_version_5}
