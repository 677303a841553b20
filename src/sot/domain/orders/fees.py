"""Complete the fees of an execution: they come late, in parts, after a zero, and from several feeds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from sot.domain.orders.report import Fee, VenueReport, is_execution_id
from sot.domain.values.numbers import ZERO, add, canonical
from sot.domain.values.vocabulary import EventType


def reported_fees(report: VenueReport) -> Sequence[Fee]:
    """Return the fees of a report. Those of a supplement that has an id of its own are a part with that id.

    Rules: FEES-1.
    """
    exec_id, exec_ref_id = report.exec_id, report.exec_ref_id
    is_part = report.type is EventType.SUPPLEMENTED and exec_ref_id not in (None, exec_id) and is_execution_id(exec_id)
    if not is_part:
        return report.fees
    return tuple(fee if fee.fee_id else fee.changed(fee_id=exec_id) for fee in report.fees)


def complete_fees(held: Sequence[Fee], reported: Sequence[Fee], adds: bool = False) -> Sequence[Fee] | None:
    """Complete the fees of an execution by what it is reported with again.

    1. What is absent or zero says nothing, and is completed by what is reported later.
    2. Fees with an id of their own are parts, and add up. The same part again says nothing new. Where the execution
       itself is reported again, a part may be a fee that was known without its id.
    3. Fees without an id are all fees without an id, or the sum of all.
    4. Anything else contradicts what is known.

    Args:
        held: The fees that are known.
        reported: The fees that are reported.
        adds: Whether a supplement reports them, whose parts are always new fees.

    Returns:
        The fees that are known now; None if the reported ones contradict the known ones.

    Rules: FEES-2.
    """
    parts, plain = _apart(reported)
    held_parts, held_plain = _apart(held)
    known_parts, known_ids = set(held_parts), {part.fee_id for part in held_parts}
    new_parts = [part for part in parts if part not in known_parts]
    if any(part.fee_id in known_ids for part in new_parts):
        return None
    if not adds:
        held_plain = _without_amounts(held_plain, Counter(map(_amount, new_parts)))
    all_parts = [*held_parts, *new_parts]
    if not plain or _amounts(plain) == _amounts(held_plain) or _sums(plain) == _sums([*held_plain, *all_parts]):
        complete = [*held_plain, *all_parts]
    elif not held_plain or _fills_zeros(held, plain, held_plain):
        complete = [*plain, *all_parts]
    else:
        return None
    return held if Counter(complete) == Counter(_without_zeros(held)) else tuple(complete)


def _without_zeros(fees: Iterable[Fee]) -> list[Fee]:
    return [fee for fee in fees if fee.amount != ZERO]


def _without_amounts(fees: Iterable[Fee], amounts: Counter[tuple[str, Decimal]]) -> list[Fee]:
    """Leave out the first fees of some amounts, as many as there are of each."""
    left = []
    for fee in fees:
        amount = _amount(fee)
        if amounts[amount]:
            amounts[amount] -= 1
        else:
            left.append(fee)
    return left


def _apart(fees: Iterable[Fee]) -> tuple[list[Fee], list[Fee]]:
    """Return the fees with an id of their own, and those without; zeros are left out."""
    stated = _without_zeros(fees)
    return [fee for fee in stated if fee.fee_id is not None], [fee for fee in stated if fee.fee_id is None]


def _amount(fee: Fee) -> tuple[str, Decimal]:
    return fee.currency, fee.amount


def _amounts(fees: Iterable[Fee]) -> list[tuple[str, Decimal]]:
    return sorted(map(_amount, fees))


def _sums(fees: Iterable[Fee]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for fee in fees:
        sums[fee.currency] = canonical(add(sums.get(fee.currency, ZERO), fee.amount))
    return sums


def _fills_zeros(held: Sequence[Fee], plain: Sequence[Fee], known_plain: Sequence[Fee]) -> bool:
    """Whether fees add to the known ones only what was reported as zero."""
    zeros = {fee.currency for fee in held if fee.amount == ZERO}
    new = Counter(_amounts(plain)) - Counter(_amounts(known_plain))
    lost = Counter(_amounts(known_plain)) - Counter(_amounts(plain))
    return not lost and all(currency in zeros for currency, _ in new)
