"""Marks of positions, with what they come from."""

import attrs

from sot.adapters.http.page.models.values import Amount, Moment, amount, moment
from sot.application.accounting.marks import PositionMark


@attrs.frozen(kw_only=True)
class ShownMark:
    """A mark.

    Attributes:
        price: Quote currency per unit.
        source: Where it comes from, in words.
        quoted_at: The time of the rate that it is; None if it is none, or has no time.
    """

    price: Amount | None
    source: str
    quoted_at: Moment | None


def shown_mark(mark: PositionMark | None) -> ShownMark | None:
    """Return a mark as a page shows it; None for None."""
    if mark is None:
        return None
    quote = mark.quote
    if quote is None:
        return ShownMark(price=amount(mark.price), source="by hand", quoted_at=None)
    source = f"rate of {', '.join(quote.pairs)}" if quote.pairs else "rate"
    return ShownMark(price=amount(mark.price), source=source, quoted_at=moment(quote.quoted_at))
