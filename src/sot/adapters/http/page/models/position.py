"""A position: its figures, its lots, and what it is made of."""

from collections.abc import Sequence
from functools import cached_property

import attrs

from sot.adapters.http.page.models.completeness import Completeness
from sot.adapters.http.page.models.entries import EntryRow, entry_places, shown_columns
from sot.adapters.http.page.models.facts import Fact, present_facts
from sot.adapters.http.page.models.filters import FilterField
from sot.adapters.http.page.models.marks import shown_mark
from sot.adapters.http.page.models.values import Amount, Moment, amount, moment, moneys, places
from sot.application.accounting.marks import PositionMark
from sot.domain.accounting.lots import Lot
from sot.domain.accounting.position import Position


@attrs.frozen(kw_only=True)
class LotRow:
    """An open lot. The price is in quote currency, the other amounts are in settlement currency."""

    opened_at: Moment | None
    quantity: Amount | None
    price: Amount | None
    entry_value: Amount | None
    fees: Amount | None
    order_id: str


@attrs.frozen(kw_only=True)
class PositionModel:
    """A position.

    Attributes:
        side: Long, short or flat, and what keeps it apart from others of its symbol.
        facts: Its figures.
        filters: The form with the method and the mark.
        clear: The address without these.
        method: The method by which it is seen.
        has_lots: Whether the method has lots.
        lots: The open lots, oldest first.
        entries: What it is made of, newest first.
        next: The address of earlier entries; None at the end.
        first: The address of the newest entries; None there.
    """

    symbol: str
    venue: str
    currency: str
    side: str
    completeness: Completeness
    facts: Sequence[Fact]
    filters: Sequence[FilterField]
    clear: str
    method: str
    has_lots: bool
    lots: Sequence[LotRow]
    entries: Sequence[EntryRow]
    next: str | None
    first: str | None

    @cached_property
    def places(self) -> dict[str, int]:
        """The width of the fractions of each column of the entries."""
        return entry_places(self.entries)

    @cached_property
    def shown(self) -> set[str]:
        """Which of the columns of the entries that are seldom needed have a value."""
        return shown_columns(self.entries)

    @cached_property
    def lot_places(self) -> dict[str, int]:
        """The width of the fractions of each column of the lots."""
        names = ("quantity", "price", "entry_value", "fees")
        return {name: places(getattr(lot, name) for lot in self.lots) for name in names}


def position_facts(position: Position, mark: PositionMark | None) -> list[Fact]:
    """Return the figures of a position, valued at a mark if there is one."""
    currency, key, shown = position.currency, position.key, shown_mark(mark)
    unrealized = None if mark is None else position.unrealized(mark.price)
    if shown is None:
        valued = [Fact(name="Unrealized", text="" if position.is_flat else "no mark")]
    else:
        valued = [
            Fact(name="Mark", amount=shown.price, unit=f"{position.instrument.quote}, {shown.source}"),
            Fact(name="Time of the mark", moment=shown.quoted_at),
            Fact(name="Unrealized", amount=amount(unrealized), unit=currency),
        ]
    facts = [
        Fact(name="Quantity", amount=amount(position.quantity)),
        Fact(name="Average entry price", amount=amount(position.avg_entry_price)),
        Fact(name="Break-even price", amount=amount(position.break_even)),
        Fact(name="Entry value", amount=amount(position.entry_value), unit=currency),
        *valued,
        Fact(name="Realized gross", amount=amount(position.realized_gross), unit=currency),
        Fact(name="Realized net", amount=amount(position.realized_net), unit=currency),
        Fact(name="Realized, fees as paid", amount=amount(position.realized_paid), unit=currency),
        Fact(name="Fees of open units", amount=amount(position.open_fees), unit=currency),
        *(Fact(name="Fees", amount=money.amount, unit=money.currency) for money in moneys(position.fees)),
        *(
            Fact(name=str(type).replace("_", " ").capitalize(), amount=amount(total), unit=currency)
            for type, total in sorted(position.account_results.items())
        ),
        Fact(name="Missing units", amount=amount(position.missing_quantity or None)),
        Fact(name="Open since", moment=moment(position.state.opened_at)),
        Fact(name="Account", text=f"{key.account_id} at {key.venue} {key.venue_account}".rstrip()),
    ]
    return present_facts(facts)


def lot_row(lot: Lot) -> LotRow:
    """Return an open lot."""
    return LotRow(
        opened_at=moment(lot.opened_at),
        quantity=amount(lot.quantity),
        price=amount(lot.price),
        entry_value=amount(lot.entry_value),
        fees=amount(lot.fees),
        order_id=lot.order_id or "",
    )
