"""Fees in unified records: only exact amounts with a currency and a certain sign."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sot.adapters.ccxt.vocabulary import Record, exchange_fields
from sot.domain.orders.report import Fee
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO


def read_fees(record: Record, exchange: str) -> tuple[list[Fee], list[str]]:
    """Read the fees of a record.

    Returns:
        The exact fees (negative ones are rebates), and why the other fees are left out.
    """
    fees, left_out = [], []
    for fee in _listed_fees(record):
        if not isinstance(fee, Mapping):
            left_out.append(f"the fee {fee!r:.100} is no object with cost and currency")
            continue
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
        if exact.amount < ZERO and _is_sign_uncertain(record, exchange):
            left_out.append(f"the fee of {amount} {currency} would be a taker's rebate: its sign is in doubt")
            continue
        fees.append(exact)
    return fees, left_out


def _listed_fees(record: Record) -> Iterable[object]:
    """All fees. ccxt leaves a fee without a currency out of `fees`, and has it in `fee`."""
    listed = record.get("fees") or ()
    fees = [fee for fee in (listed if isinstance(listed, (list, tuple)) else (listed,)) if fee]
    return fees or [fee for fee in (record.get("fee"),) if fee]


def _is_sign_uncertain(record: Record, exchange: str) -> bool:
    """Whether ccxt inverted the sign of a taker's fee, which is right for older interfaces of these exchanges only."""
    is_inverted = _INVERTED.get(exchange)
    return is_inverted is not None and record.get("takerOrMaker") == "taker" and is_inverted(exchange_fields(record))


def _bitget_unified_account(fields: Record) -> bool:
    detail: Any = fields.get("feeDetail")
    return isinstance(detail, (list, tuple)) and any("fee" in fee and "totalFee" not in fee for fee in detail)


def _htx_version_5(fields: Record) -> bool:
    return "trade_fee" in fields and "fee_currency" in fields


_INVERTED: dict[str, Callable[[Record], bool]] = {"bitget": _bitget_unified_account, "htx": _htx_version_5}
