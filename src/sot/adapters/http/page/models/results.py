"""Results: totals, curves, sums by group, round trips and costs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property

import attrs

from sot.adapters.http.page.models.completeness import Completeness, of_costs, of_results, of_round_trip
from sot.adapters.http.page.models.curves import Curve
from sot.adapters.http.page.models.entries import EntryRow, entry_places
from sot.adapters.http.page.models.filters import FilterField
from sot.adapters.http.page.models.links import anchor_of
from sot.adapters.http.page.models.quick_choices import Choice
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
from sot.application.views.accounting import GROUP_LABELS, known_figure
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.results import Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.values.times import time_text

LABEL_WORDS: Mapping[str, str] = {
    "day": "Day", "venue": "Venue", "symbol": "Symbol", "strategy_code": "Strategy", "order_id": "Order",
}  # fmt: skip
_ABSENT: Mapping[str, str] = {"symbol": "without a symbol", "strategy_code": "without", "order_id": "without an order"}


@attrs.frozen(kw_only=True)
class Tab:
    """A kind of results."""

    label: str
    address: str
    is_current: bool


@attrs.frozen(kw_only=True)
class Group:
    """What a row sums up.

    Attributes:
        labels: Its labels.
        address: The address of what it is made of.
    """

    labels: Sequence[str]
    address: str


@attrs.frozen(kw_only=True)
class ResultRow:
    """The realized results of a group, in `currency`. A figure that is not known is None.

    Attributes:
        anchor: Its id in the page.
    """

    anchor: str
    group: Group
    gross: Amount | None
    currency_gain: Amount | None
    fees: Amount | None
    without_orders: Amount | None
    net: Amount | None
    paid: Amount | None
    currency: str
    completeness: Completeness


@attrs.frozen(kw_only=True)
class CostRow:
    """The costs of the orders of a group, in `currency`. Rates are in basis points, `filled` is a part of 1.

    Attributes:
        anchor: Its id in the page.
    """

    anchor: str
    group: Group
    orders: int
    filled: Amount | None
    notional: Amount | None
    fees_total: Amount | None
    fees: Sequence[Money]
    fee_rate: Amount | None
    slippage: Amount | None
    slippage_rate: Amount | None
    currency: str
    completeness: Completeness


@attrs.frozen(kw_only=True)
class TripRow:
    """A round trip. Prices are in quote currency, the other amounts are in `currency`.

    Attributes:
        anchor: Its id in the page.
        duration: From the first entry to the last exit; empty while it is open.
        order_ids: Its first orders.
        more_orders: How many others it has.
        address: The address of what it is made of.
    """

    anchor: str
    symbol: str
    venue: str
    side: str
    opened_at: Moment | None
    closed_at: Moment | None
    duration: str
    quantity: Amount | None
    entry: Amount | None
    exit: Amount | None
    gross: Amount | None
    fees: Amount | None
    without_orders: Amount | None
    net: Amount | None
    currency: str
    order_ids: Sequence[str]
    more_orders: int
    address: str
    completeness: Completeness


@attrs.frozen(kw_only=True)
class ResultsModel:
    """Results of an account. Only the rows of the tab that is shown are there.

    Attributes:
        tabs: The kinds of results.
        periods: Months and years to choose with one click.
        groupings: What costs may be grouped by.
        currencies: The currencies that results may be shown in; none where there is no choice.
        notes: What the figures are, and what they need, in words.
        labels: The columns of the groups of `results` and `costs`.
        totals: The results as a whole, by currency.
        curves: The results over time, by currency.
        next: The address of the next page; None at the end.
        first: The address of the first page; None there.
    """

    account_id: str
    filters: Sequence[FilterField]
    tabs: Sequence[Tab]
    periods: Sequence[Choice]
    groupings: Sequence[Tab] = ()
    currencies: Sequence[Tab] = ()
    notes: Sequence[str]
    next: str | None
    first: str | None
    labels: Sequence[str] = ()
    totals: Sequence[ResultRow] = ()
    curves: Sequence[Curve] = ()
    results: Sequence[ResultRow] = ()
    costs: Sequence[CostRow] = ()
    trips: Sequence[TripRow] = ()
    entries: Sequence[EntryRow] = ()

    @cached_property
    def shown(self) -> set[str]:
        """Which of the columns that are seldom needed have a value."""
        rows = [*self.totals, *self.results, *self.entries]
        trips = columns_with_values(self.trips, ("without_orders",))
        return columns_with_values(rows, ("currency_gain", "without_orders")) | trips

    @cached_property
    def result_places(self) -> dict[str, int]:
        """The width of the fractions of each column of the results."""
        return _places(self.results, ("gross", "currency_gain", "fees", "without_orders", "net", "paid"))

    @cached_property
    def cost_places(self) -> dict[str, int]:
        """The width of the fractions of each column of the costs."""
        return _places(self.costs, ("filled", "notional", "fees_total", "fee_rate", "slippage", "slippage_rate"))

    @cached_property
    def trip_places(self) -> dict[str, int]:
        """The width of the fractions of each column of the round trips."""
        return _places(self.trips, ("quantity", "entry", "exit", "gross", "fees", "without_orders", "net"))

    @cached_property
    def entry_places(self) -> dict[str, int]:
        """The width of the fractions of each column of the executions and account events."""
        return entry_places(self.entries)


def _places(rows: Sequence[object], names: Sequence[str]) -> dict[str, int]:
    return {name: places(getattr(row, name) for row in rows) for name in names}


def label_names(row: Realized | CostAnalysis) -> list[str]:
    """Return the names of the fields that a row is grouped by."""
    return [name for name in GROUP_LABELS if getattr(row, name) is not None]


def _anchor(kind: str, row: Realized | CostAnalysis) -> str:
    return anchor_of(kind, *(str(getattr(row, name)) for name in label_names(row)), row.currency or "")


def group_of(row: Realized | CostAnalysis, address: str) -> Group:
    """Return what a row sums up."""
    labels = [str(getattr(row, name)) or _ABSENT.get(name, "") for name in label_names(row)]
    return Group(labels=labels, address=address)


def result_row(row: Realized, address: str) -> ResultRow:
    """Return the results of a group."""
    return ResultRow(
        anchor=_anchor("result", row),
        group=group_of(row, address),
        gross=amount(known_figure(row, row.realized_gross)),
        currency_gain=amount(row.currency_gain or None),
        fees=amount(row.closed_fees),
        without_orders=amount(row.account_results or None),
        net=amount(known_figure(row, row.realized_net)),
        paid=amount(known_figure(row, row.realized_paid)),
        currency=row.currency,
        completeness=of_results(row),
    )


def cost_row(row: CostAnalysis, address: str) -> CostRow:
    """Return the costs of a group."""
    return CostRow(
        anchor=_anchor("cost", row),
        group=group_of(row, address),
        orders=row.orders,
        filled=amount(row.fill_ratio),
        notional=amount(row.notional),
        fees_total=amount(row.fee_total),
        fees=moneys(row.fees),
        fee_rate=amount(row.effective_rate),
        slippage=amount(row.slippage_cost) if row.decided else None,
        slippage_rate=amount(row.slippage_rate),
        currency=row.currency or "not known",
        completeness=of_costs(row),
    )


_SHOWN_ORDERS = 4


def trip_row(trip: RoundTrip, address: str) -> TripRow:
    """Return a round trip."""
    return TripRow(
        anchor=anchor_of("trip", *trip.key[1:], time_text(trip.opened_at), trip.order_ids[0] if trip.order_ids else ""),
        symbol=trip.key.symbol,
        venue=" ".join(filter(None, [trip.key.venue, trip.key.venue_account])),
        side=str(trip.side).lower(),
        opened_at=moment(trip.opened_at),
        closed_at=moment(trip.closed_at),
        duration="" if trip.duration is None else str(timedelta(seconds=round(trip.duration.total_seconds()))),
        quantity=amount(trip.entry_quantity),
        entry=amount(trip.avg_entry_price),
        exit=amount(trip.avg_exit_price),
        gross=amount(trip.realized_gross),
        fees=amount(trip.fees),
        without_orders=amount(trip.account_results or None),
        net=amount(trip.net),
        currency=trip.currency,
        order_ids=trip.order_ids[:_SHOWN_ORDERS],
        more_orders=max(len(trip.order_ids) - _SHOWN_ORDERS, 0),
        address=address,
        completeness=of_round_trip(trip),
    )
