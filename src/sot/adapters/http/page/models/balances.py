"""Balances, and the movements that they are the sum of."""

from collections.abc import Sequence
from functools import cached_property

import attrs

from sot.adapters.http.page.models.completeness import Completeness, of_balance
from sot.adapters.http.page.models.entries import what_word
from sot.adapters.http.page.models.filters import FilterField
from sot.adapters.http.page.models.links import anchor_of
from sot.adapters.http.page.models.values import Amount, Moment, amount, moment, places
from sot.domain.accounting.balances import Balance, BalancePart, Movement


@attrs.frozen(kw_only=True)
class Part:
    """What the facts of one source moved."""

    source: str
    amount: Amount | None
    count: int


@attrs.frozen(kw_only=True)
class BalanceRow:
    """The balance of an asset.

    Attributes:
        anchor: Its id in the page.
        address: The address of its movements.
        parts: What it is made of, by source.
        moved_at: When a fact moved it last.
    """

    anchor: str
    address: str
    asset: str
    account_id: str
    venue: str
    venue_account: str
    amount: Amount | None
    parts: Sequence[Part]
    completeness: Completeness
    moved_at: Moment | None


@attrs.frozen(kw_only=True)
class BalancesModel:
    """The balances of an account; `next` and `first` are addresses of pages."""

    account_id: str
    rows: Sequence[BalanceRow]
    filters: Sequence[FilterField]
    next: str | None
    first: str | None

    @cached_property
    def places(self) -> int:
        """The width of the fractions of the balances."""
        return places(row.amount for row in self.rows)


@attrs.frozen(kw_only=True)
class MovementRow:
    """What a fact moved of an asset.

    Attributes:
        number: Its number in the order of time, from 1.
        what: A side, or the type of an account event.
    """

    number: int
    happened_at: Moment | None
    asset: str
    amount: Amount | None
    source: str
    what: str
    venue: str
    venue_account: str
    symbol: str
    order_id: str


@attrs.frozen(kw_only=True)
class MovementsModel:
    """The movements of an account, newest first; `next` and `first` are addresses of pages."""

    account_id: str
    rows: Sequence[MovementRow]
    filters: Sequence[FilterField]
    next: str | None
    first: str | None

    @cached_property
    def places(self) -> int:
        """The width of the fractions of the amounts."""
        return places(row.amount for row in self.rows)


def source_word(source: str) -> str:
    """Return the source of a movement in words."""
    return str(source).replace("_", " ").lower()


def balance_row(balance: Balance, address: str) -> BalanceRow:
    """Return a balance as a row of the list."""
    return BalanceRow(
        anchor=anchor_of("balance", balance.venue, balance.venue_account, balance.asset),
        address=address,
        asset=balance.asset,
        account_id=balance.account_id,
        venue=balance.venue,
        venue_account=balance.venue_account,
        amount=amount(balance.amount),
        parts=[_part(str(source), part) for source, part in sorted(balance.parts.items())],
        completeness=of_balance(balance),
        moved_at=moment(balance.moved_at),
    )


def _part(source: str, part: BalancePart) -> Part:
    return Part(source=source_word(source), amount=amount(part.amount), count=part.count)


def movement_row(number: int, movement: Movement) -> MovementRow:
    """Return a movement as a row of the list."""
    return MovementRow(
        number=number,
        happened_at=moment(movement.at),
        asset=movement.asset,
        amount=amount(movement.amount),
        source=source_word(movement.source),
        what=what_word(movement.entry),
        venue=movement.venue,
        venue_account=movement.venue_account,
        symbol=movement.symbol or "",
        order_id=movement.order_id or "",
    )
