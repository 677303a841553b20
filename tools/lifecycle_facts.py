"""The facts of which `lifecycle_cells` makes histories: every type of event, in the variants that differ in effect."""

from collections.abc import Iterator
from typing import Any

from sot.domain.values.vocabulary import OrderStatus

_X = {"client_order_id": "X"}
_CANCEL = {"client_order_id": "Y", "orig_client_order_id": "X"}
_REPLACE = {"client_order_id": "Z", "orig_client_order_id": "X"}


def facts() -> Iterator[dict[str, Any]]:
    """Every type of event, in the variants that have different effects."""
    yield {"type": "SUBMISSION_UNKNOWN"}
    yield {"type": "FAILED"}
    yield {"type": "CANCEL_REQUESTED", "client_order_id": "V"}
    yield {"type": "REPLACE_REQUESTED", "client_order_id": "W"}
    for action, name in (("CANCEL", "Y"), ("REPLACE", "Z")):
        for outcome in ("REQUESTED", "UNKNOWN", "FAILED"):
            yield {"type": f"{action}_{outcome}", "client_order_id": name}
    yield {"type": "MARKED", "mark": "10"}
    yield {"type": "VOIDED"}
    for status in (None, "NEW", "FILLED", "CANCELED", "EXPIRED", "REJECTED", "FAILED"):
        yield {"type": "RESOLVED", **({"resolved_status": status} if status else {})}
    yield {"type": "REJECTED", "reason": "DUPLICATE_ORDER", **_X}
    for quantity in ("1", "4"):
        yield {"type": "TRADE", "last_quantity": quantity, "last_price": "10", **_X}
    filled = {"reported_status": "FILLED", "leaves_quantity": "0"}
    yield {"type": "TRADE", "last_quantity": "1", "last_price": "10", **filled, **_X}
    for quantity in ("2", "4"):
        yield {"type": "TRADE_CORRECT", "last_quantity": quantity, "last_price": "11", **_X}
    yield {"type": "TRADE_CANCEL", **_X}
    yield {"type": "SUPPLEMENTED", "liquidity": "MAKER", **_X}
    yield {"type": "PENDING_CANCEL", **_CANCEL}
    yield {"type": "CANCEL_REJECTED", **_CANCEL}
    yield {"type": "PENDING_REPLACE", **_REPLACE}
    yield {"type": "REPLACE_REJECTED", **_REPLACE}
    for quantity in ("1", "6"):
        yield {"type": "REPLACED", "order_quantity": quantity, **_REPLACE}
    for name in (
        "PENDING_NEW",
        "NEW",
        "REJECTED",
        "CANCELED",
        "RESTATED",
        "TRIGGERED",
        "STOPPED",
        "SUSPENDED",
        "EXPIRED",
        "DONE_FOR_DAY",
        "CALCULATED",
    ):
        yield {"type": name, **_X}
    for status in OrderStatus:
        yield {"type": "ORDER_STATUS", "reported_status": str(status), **_X}


def last_facts() -> Iterator[dict[str, Any]]:
    """Further variants, which are the last fact of a history of up to two others: most leave no state of their own."""
    trade = {"type": "TRADE", "last_quantity": "1", "last_price": "10", **_X}
    correction = {"type": "TRADE_CORRECT", "last_quantity": "2", "last_price": "11", **_X}
    with_status = [trade, correction, {"type": "TRADE_CANCEL", **_X}, {"type": "NEW", **_X}, {"type": "RESTATED", **_X}]
    with_status += [{"type": "CANCEL_REJECTED", **_CANCEL}]
    with_status += [{"type": kind, **_REPLACE} for kind in ("REPLACED", "REPLACE_REJECTED")]
    for status in ("PARTIALLY_FILLED", "FILLED", "CANCELED", "EXPIRED"):
        yield from ({**fact, "reported_status": status} for fact in with_status)
    leg = {"reporting_type": "LEG", "symbol": "BASE/QUOTE", "side": "BUY"}
    yield {**trade, **leg}
    yield {"type": "SUPPLEMENTED", **leg, **_X}
    yield {"type": "VOIDED", "sequence": 2}
    yield {"type": "SUBMITTED", "occurred_at": "2026-01-05T10:00:00.000000Z"}
    yield {"type": "FAILED", "reason": "another"}
    yield {"type": "TRADE", **_X}  # INVALID
    unknown = {"exec_ref_id": "unknown", **_X}
    for quantity in ("1", "4"):
        yield {"type": "TRADE_CORRECT", "last_quantity": quantity, "last_price": "11", **unknown}
    yield {"type": "TRADE_CORRECT", "reason": "without figures", **unknown}
    yield {"type": "TRADE_CANCEL", **unknown}
    yield {"type": "SUPPLEMENTED", "liquidity": "MAKER", **unknown}


def long_histories() -> Iterator[list[dict[str, Any]]]:
    """Histories that are longer than those which are explored, or that others hide, each for its last fact."""
    trade = {"type": "TRADE", "last_quantity": "1", "last_price": "10", **_X}
    leg = {**trade, "exec_id": "l", "reporting_type": "LEG", "symbol": "BASE/QUOTE", "side": "BUY"}
    corrected = {**trade, "exec_id": "c"}
    yield [leg, corrected, {**corrected, "type": "TRADE_CORRECT", "exec_ref_id": "l"}]
    filled = {"type": "ORDER_STATUS", "reported_status": "FILLED", **_X}
    requested = [{"type": "CANCEL_REQUESTED", "client_order_id": name} for name in ("V", "Y")]
    for outcome in ("UNKNOWN", "FAILED"):
        yield [filled, *requested, {"type": "VOIDED"}, {"type": f"CANCEL_{outcome}", "client_order_id": "Y"}]
    for action, name in (("CANCEL", "Y"), ("REPLACE", "Z")):
        request = {"type": f"{action}_REQUESTED", "client_order_id": name}
        refused = {"type": f"{action}_REJECTED", "client_order_id": name, "orig_client_order_id": "X"}
        for outcome in ("UNKNOWN", "FAILED"):
            last = {"type": f"{action}_{outcome}", "client_order_id": name}
            yield [request, {"type": "FAILED"}, refused, last]
            yield [request, refused, {"type": "VOIDED", "sequence": 2}, last]
