"""Capital gains: one row for each lot that an entry closed, and together the realized result of its position.

They are figures, not a tax return: no rule of any country is applied. docs/reference/capital-gains.md has the rules.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.closings import Closing, ClosingFold
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.results import Contribution
from sot.domain.orders.fill import Fill
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, add, canonical, subtract
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType, GainFlag, Method, PositionSide

TRADE = "TRADE"
"""The cause of a gain that an execution realized."""

PAYMENTS = frozenset(
    {
        AccountEventType.FUNDING,
        AccountEventType.INTEREST,
        AccountEventType.DIVIDEND,
        AccountEventType.FEE_ADJUSTMENT,
    }
)
"""What is received or paid without closing units. It is a result, and no capital gain."""


@attrs.frozen(kw_only=True)
class CapitalGain(JsonForm):
    """What closing units of one lot brought. Amounts are in `currency`.

    Of long units `acquired_at` is when they entered, `disposed_at` when they were closed. Of short ones `disposed_at`
    is when they were sold, `acquired_at` when they were bought back. The gain is realized when they are closed.

    Attributes:
        key: The position.
        method: The method that chose the lot. By AVERAGE units have no lot: one row has all that an entry closed.
        cause: TRADE, or the type of the account event.
        side: Whether the units were long or short; None of a result without units.
        quantity: The units; zero of a result without units.
        acquired_at: When they were acquired; None where no lot tells it.
        disposed_at: When they were disposed of; None where no lot tells it.
        realized_at: When they were closed.
        cost: What they cost, before fees; None if it is not known, or where a payment is the whole result.
        proceeds: What they brought, before fees; None as `cost`.
        fees: Their fees, entry and exit, as far as they could be valued.
        gain: Proceeds less cost and fees; None if it is not known.
        currency: The settlement currency, or the reporting currency.
        incomplete: Why a figure is not known, or not all of it.
        order_id: The order that closed.
        exec_id: The execution that closed.
        event_id: The account event that closed.
        opening_order_id: The order that the lot came with.
    """

    DERIVED: ClassVar = ("complete",)

    key: PositionKey
    method: Method
    cause: str
    side: PositionSide | None
    quantity: Decimal
    acquired_at: datetime | None
    disposed_at: datetime | None
    realized_at: datetime
    cost: Decimal | None
    proceeds: Decimal | None
    fees: Decimal
    gain: Decimal | None
    currency: str
    incomplete: Sequence[GainFlag] = attrs.field(default=(), eq=tuple)
    order_id: str | None = None
    exec_id: str | None = None
    event_id: str | None = None
    opening_order_id: str | None = None

    @property
    def complete(self) -> bool:
        """Whether every figure is known, and contains everything."""
        return not self.incomplete


def capital_gains(fold: ClosingFold, moves: Iterable[Contribution], method: Method) -> Iterator[CapitalGain]:
    """Iterate over the gains that the contributions of a position's entries consist of, but for payments.

    The gains of an entry are what it contributed to the net result: gross, gain from the currency, and account results,
    less the fees of closed units; of rows without a gain only the fees are part of that.

    Args:
        fold: The fold that the contributions come from, one entry at a time.
        moves: The contributions.
        method: The method of the fold.

    Rules: GAIN-1.
    """
    for contribution in moves:
        closings = fold.take_closings()
        is_paid_for = isinstance(contribution.entry, AccountEvent) and bool(contribution.unvalued_results)
        for closing in closings:
            yield _gain(contribution, method, closing, is_paid_for)
        rest = _without_units(contribution, method, closings, fold.has_opened)
        if rest is not None:
            yield rest


def _gain(contribution: Contribution, method: Method, closing: Closing, is_unvalued: bool) -> CapitalGain:
    """The row of units that an entry closed.

    Rules: GAIN-2, GAIN-3, GAIN-4, GAIN-7.
    """
    ended = None if is_unvalued else closing.closing
    cost, proceeds = (closing.opening, ended) if closing.gains_by_value else (ended, closing.opening)
    flags = []
    if closing.is_missing:
        flags.append(GainFlag.MISSING_UNITS)
    elif not closing.is_payment:
        flags += [GainFlag.UNVALUED_COST] if cost is None else []
    if (ended is None if closing.is_payment else proceeds is None) and not closing.is_missing:
        flags.append(GainFlag.UNVALUED_PROCEEDS)
    if closing.has_unvalued_fees:
        flags.append(GainFlag.UNVALUED_FEES)
    result: Decimal | None = None
    if closing.is_payment:
        result, cost, proceeds = ended, None, None
    elif cost is not None and proceeds is not None:
        result = subtract(proceeds, cost)
    at, is_long = contribution.at, closing.direction > 0
    return CapitalGain(
        key=contribution.key,
        method=method,
        side=PositionSide.LONG if is_long else PositionSide.SHORT,
        quantity=canonical(closing.quantity),
        acquired_at=closing.opened_at if is_long else at,
        disposed_at=at if is_long else closing.opened_at,
        realized_at=at,
        cost=_canonical(cost),
        proceeds=_canonical(proceeds),
        fees=canonical(closing.fees),
        gain=None if result is None else canonical(subtract(result, closing.fees)),
        currency=contribution.currency,
        incomplete=tuple(flags),
        opening_order_id=closing.opened_by,
        **_origin(contribution.entry),
    )


def _without_units(
    contribution: Contribution, method: Method, closings: Sequence[Closing], has_opened: bool
) -> CapitalGain | None:
    """What an entry added to the results beside the units that it closed; None if that is nothing.

    Fees of units that left by a transfer, of legs, or of a trade of which nothing arrived; what a return of capital
    brought beyond the entry value.

    Rules: GAIN-6.
    """
    entry = contribution.entry
    if isinstance(entry, AccountEvent) and entry.type in PAYMENTS:
        return None
    result = add(add(contribution.realized_gross, contribution.currency_gain), contribution.account_results)
    fees = contribution.closed_fees
    for closing in closings:
        result, fees = subtract(result, closing.result), subtract(fees, closing.fees)
    flags = []
    if not closings and not has_opened:
        flags += [GainFlag.UNVALUED_PROCEEDS] if contribution.unvalued_results else []
        flags += [GainFlag.UNVALUED_FEES] if contribution.unvalued else []
    if not (result or fees or flags):
        return None
    return CapitalGain(
        key=contribution.key,
        method=method,
        side=None,
        quantity=ZERO,
        acquired_at=None,
        disposed_at=None,
        realized_at=contribution.at,
        cost=None,
        proceeds=None,
        fees=canonical(fees),
        gain=None if GainFlag.UNVALUED_PROCEEDS in flags else canonical(subtract(result, fees)),
        currency=contribution.currency,
        incomplete=tuple(flags),
        **_origin(entry),
    )


def _origin(entry: Entry) -> dict[str, Any]:
    if isinstance(entry, Fill):
        return {"cause": TRADE, "order_id": entry.order_id, "exec_id": entry.exec_id}
    return {"cause": entry.type, "order_id": entry.order_id, "event_id": entry.event_id}


def _canonical(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else canonical(amount)
