"""The list of positions."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from urllib.parse import quote

import attrs

from sot.adapters.http.page.models.completeness import Completeness, of_position
from sot.adapters.http.page.models.filters import FilterField
from sot.adapters.http.page.models.values import Amount, Moment, Money, amount, moment, moneys, places
from sot.domain.accounting.position import Position
from sot.domain.values.numbers import ZERO
from sot.domain.values.position_key import PositionKey
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
        unmatched: The marks of symbols that are not among the rows.
        next: The address of the next page; None at the end.
        first: The address of the first page; None there.
    """

    account_id: str
    rows: Sequence[PositionRow]
    filters: Sequence[FilterField]
    method: str
    unmatched: Sequence[str]
    next: str | None
    first: str | None

    @cached_property
    def places(self) -> dict[str, int]:
        """The width of the fractions of each column of numbers."""
        names = ("quantity", "average", "unrealized", "gross", "net", "paid")
        return {name: places(getattr(row, name) for row in self.rows) for name in names}


def side_text(position: Position) -> str:
    """Return the side of a position, and what keeps it apart from others of its symbol."""
    direction = "flat" if position.is_flat else "long" if position.quantity > ZERO else "short"
    key = position.key
    apart = "" if key.position_side is PositionSide.NET else f"({str(key.position_side).lower()})"
    return " ".join(filter(None, [direction, apart, key.position_id]))


def position_row(position: Position, unrealized: Mapping[PositionKey, Decimal], address: str) -> PositionRow:
    """Return a position as a row of the list."""
    key = position.key
    return PositionRow(
        anchor="position-" + quote("/".join(key[1:]), safe=""),
        address=address,
        account_id=key.account_id,
        venue=key.venue,
        venue_account=key.venue_account,
        symbol=key.symbol,
        side=side_text(position),
        quantity=amount(position.quantity),
        average=amount(position.avg_entry_price),
        unrealized=amount(unrealized.get(key)),
        gross=amount(position.realized_gross),
        net=amount(position.realized_net),
        paid=amount(position.realized_paid),
        currency=position.currency,
        fees=moneys(position.fees),
        without_orders=moneys({type.replace("_", " ").lower(): sum for type, sum in position.account_results.items()}),
        completeness=of_position(position),
        opened_at=moment(position.state.opened_at),
    )
