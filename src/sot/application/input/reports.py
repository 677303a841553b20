"""Reading reports from input of the outside: a figure that an execution does not need never refuses it.

`VenueReport` itself is strict. Where reports are read from JSON, a figure that is not the execution's own and that
cannot be kept exactly is left out, with the reason in `left_out`.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sot.domain.orders.report import EXECUTION_TYPES, VenueReport
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NUMBER

AUXILIARY_FIGURES = ("last_amount", "cum_quantity", "leaves_quantity", "avg_price")
"""Figures that no report needs. The amount of a fee is one, too."""

ORDER_TERMS = ("order_quantity", "limit_price", "stop_price")
"""Figures of the order, which a report about an execution does not need."""

CheckNumber = Callable[[str, Any], object]


def can_be_adopted(report: VenueReport) -> bool:
    """Whether a report names an order that can exist, with its venue and symbol.

    Where a report may say `adopt`, one that cannot be adopted waits, as without it.
    """
    is_complete = None not in (report.venue, report.symbol) and any(report.identifiers())
    return is_complete and report.reason != "UNKNOWN_ORDER"


def read_report(
    values: Mapping[str, Any],
    check_number: CheckNumber = NUMBER.check,
    read: Callable[[Mapping[str, Any]], VenueReport] = VenueReport.read,
) -> VenueReport:
    """Read a report, without the figures that it does not need and that cannot be read exactly.

    Args:
        values: The values by field.
        check_number: Takes the name and the value of a figure, and raises InvalidInput if it cannot be read exactly.
        read: Reads a report, and refuses every such figure.

    Raises:
        InvalidInput: The quantity, the price, the identity or another field that is no such figure cannot be read.
    """
    try:
        return read(values)
    except InvalidInput:
        remaining, left_out = _leave_out_figures(values, check_number)
        if not left_out:
            raise
    told = remaining.get("left_out")
    if told is None or isinstance(told, Mapping):  # else it is refused
        remaining["left_out"] = {**(told or {}), **left_out}
    return read(remaining)


def _leave_out_figures(values: Mapping[str, Any], check_number: CheckNumber) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values without inexact figures that are not needed, and why each is left out."""
    remaining, left_out = dict(values), {}
    is_execution = values.get("type") in tuple(EXECUTION_TYPES)
    for name in AUXILIARY_FIGURES + (ORDER_TERMS if is_execution else ()):
        problem = _inexact(check_number, name, values.get(name))
        if problem is not None:
            left_out[name] = problem
            del remaining[name]
    if isinstance(values.get("fees"), (list, tuple)):
        problems = {
            number: problem
            for number, fee in enumerate(values["fees"])
            if (problem := _inexact_fee(check_number, fee)) is not None
        }
        if problems:
            left_out["fees"] = "; ".join(problems.values())
            remaining["fees"] = [fee for number, fee in enumerate(values["fees"]) if number not in problems]
    return remaining, left_out


def _inexact_fee(check_number: CheckNumber, fee: object) -> str | None:
    return _inexact(check_number, "fees.amount", fee.get("amount")) if isinstance(fee, Mapping) else None


def _inexact(check_number: CheckNumber, name: str, value: object) -> str | None:
    """Why a figure cannot be read exactly; None if it can, or if it is no figure."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return None
    try:
        check_number(name, value)
    except InvalidInput as error:
        return str(error)
    return None
