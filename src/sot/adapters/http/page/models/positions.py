"""The list of positions."""

from collections.abc import Sequence
from functools import cached_property

import attrs

from sot.adapters.http.page.models.completeness import Completeness, of_position
from sot.adapters.http.page.models.filters import FilterField
from sot.adapters.http.page.models.links import anchor_of
from sot.adapters.http.page.models.marks import ShownMark, shown_mark
from sot.adapters.http.page.models.values import Amount, Moment, Money, amount, moment, moneys, places
from sot.application.accounting.marks import PositionMark
from sot.domain.accounting.position import Position
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import PositionSide


@attrs.frozen(kw_only=True)
class PositionRow:
    """A position in the list. Prices are in quote currency, results in `currency`.

    Attributes:
        anchor: Its id in the page.
        address: The address of its page.
        side: Long, short or flat, and what keeps it apart from others of its symbol.
        without_orders: Results without an order, by type.
    """

    anchor: str
    address: str
    account_id: str
    venue: str
    venue_account: str
    symbol: str
    side: str
    quantity: Amount | None
    average: Amount | None
    mark: ShownMark | None
    unrealized: Amount | None
    gross: Amount | None
    net: Amount | None
    paid: Amount | None
    currency: str
    fees: Sequence[Money]
    without_orders: Sequence[Money]
    completeness: Completeness
    opened_at: Moment | None


@attrs.frozen(kw_only=True)
class PositionsModel:
    """The list of positions of an account.

    Attributes:
        account_id: The account.
        rows: The positions of this page.
        filters: The form above the list.
        method: The method by which they are seen.
        has_rates: Whether the server has rates, which are marks where none is given.
        unmatched: The marks of symbols that are not among the rows.
        next: The address of the next page; None at the end.
        first: The address of the first page; None there.
    """

    account_id: str
    rows: Sequence[PositionRow]
    filters: Sequence[FilterField]
    method: str
    has_rates: bool
    unmatched: Sequence[str]
    next: str | None
    first: str | None

    @cached_property
    def places(self) -> dict[str, int]:
        """The width of the fractions of each column of numbers."""
        names = ("quantity", "average", "unrealized", "gross", "net", "paid")
        widths = {name: places(getattr(row, name) for row in self.rows) for name in names}
        return {**widths, "mark": places(row.mark.price for row in self.rows if row.mark is not None)}


def side_text(position: Position) -> str:
    """Return the side of a position, and what keeps it apart from others of its symbol."""
    direction = "flat" if position.is_flat else "long" if position.quantity > ZERO else "short"
    key = position.key
    apart = "" if key.position_side is PositionSide.NET else f"({str(key.position_side).lower()})"
    return " ".join(filter(None, [direction, apart, key.position_id]))


def position_row(position: Position, mark: PositionMark | None, address: str) -> PositionRow:
    """Return a position as a row of the list, valued at a mark if there is one."""
    key = position.key
    return PositionRow(
        anchor=anchor_of("position", *key[1:]),
        address=address,
        account_id=key.account_id,
        venue=key.venue,
        venue_account=key.venue_account,
        symbol=key.symbol,
        side=side_text(position),
        quantity=amount(position.quantity),
        average=amount(position.avg_entry_price),
        mark=shown_mark(mark),
        unrealized=None if mark is None else amount(position.unrealized(mark.price)),
        gross=amount(position.realized_gross),
        net=amount(position.realized_net),
        paid=amount(position.realized_paid),
        currency=position.currency,
        fees=moneys(position.fees),
        without_orders=moneys({type.replace("_", " ").lower(): sum for type, sum in position.account_results.items()}),
        completeness=of_position(position),
        opened_at=moment(position.state.opened_at),
    )
