"""Executions and account events as what figures are made of."""

from collections.abc import Sequence
from decimal import Decimal

import attrs

from sot.adapters.http.page.models.completeness import Completeness, of_contribution
from sot.adapters.http.page.models.values import (
    Amount,
    Moment,
    Money,
    amount,
    columns_with_values,
    moment,
    moneys,
    places,
)
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.results import Contribution
from sot.domain.orders.fill import Fill

_COLUMNS = ("quantity", "price", "gross", "currency_gain", "fees_closed", "without_orders")


@attrs.frozen(kw_only=True)
class EntryRow:
    """What an execution or account event contributed to results. Figures are in `currency`.

    Attributes:
        number: Its number in the order of time, from 1.
        what: A side, or the type of an account event.
        says: What else it states.
        order_id: The order that it belongs to; empty without one.
        fees: The fees that it paid.
        fees_closed: The fees of the units that it closed.
    """

    number: int
    happened_at: Moment | None
    venue: str
    symbol: str
    what: str
    says: str
    order_id: str
    quantity: Amount | None
    price: Amount | None
    fees: Sequence[Money]
    gross: Amount | None
    currency_gain: Amount | None
    fees_closed: Amount | None
    without_orders: Amount | None
    currency: str
    completeness: Completeness


def entry_row(number: int, part: Contribution) -> EntryRow:
    """Return what an execution or account event contributed."""
    entry = part.entry
    return EntryRow(
        number=number,
        happened_at=moment(part.at),
        venue=part.key.venue,
        symbol=part.key.symbol,
        what=what_word(entry),
        says=_says(entry),
        order_id=entry.order_id or "",
        quantity=amount(entry.quantity),
        price=amount(entry.price),
        fees=_fees(entry),
        gross=amount(part.realized_gross),
        currency_gain=_unless_zero(part.currency_gain),
        fees_closed=_unless_zero(part.closed_fees),
        without_orders=_unless_zero(part.account_results),
        currency=part.currency,
        completeness=of_contribution(part),
    )


def entry_places(rows: Sequence[EntryRow]) -> dict[str, int]:
    """The width of the fractions of each column of numbers."""
    return {name: places(getattr(row, name) for row in rows) for name in _COLUMNS}


def shown_columns(rows: Sequence[EntryRow]) -> set[str]:
    """Return which of the columns that are seldom needed have a value."""
    return columns_with_values(rows, ("currency_gain", "without_orders"))


def what_word(entry: Entry) -> str:
    """Return what an entry is: a side, or the type of an account event."""
    return str(entry.side) if isinstance(entry, Fill) else str(entry.type).replace("_", " ").lower()


def _says(entry: Entry) -> str:
    if isinstance(entry, AccountEvent):
        return " · ".join(filter(None, [entry.reason, entry.external_id]))
    return entry.exec_id or ""


def _fees(entry: Entry) -> list[Money]:
    fees = entry.fees if isinstance(entry, Fill) else ()
    return [money for fee in fees for money in moneys({fee.currency: fee.amount})]


def _unless_zero(value: Decimal) -> Amount | None:
    return amount(value) if value else None
