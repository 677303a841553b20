"""Results of an account: over time, by group, by round trip, and what they are made of; and costs.

They read all facts of an account: a page that is open reads them again with pauses, not with each fact.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sot.adapters.http import parameters
from sot.adapters.http.page.models.curves import curves_of
from sot.adapters.http.page.models.entries import entry_row
from sot.adapters.http.page.models.filters import hidden_field
from sot.adapters.http.page.models.quick_choices import Choice, periods, year_of
from sot.adapters.http.page.models.results import (
    LABEL_WORDS,
    ResultsModel,
    Tab,
    cost_row,
    label_names,
    result_row,
    trip_row,
)
from sot.adapters.http.page.numbered_rows import newest_first
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import query_texts
from sot.adapters.http.page.page_route import PageRoute, WebPage
from sot.adapters.http.page.views.result_query import (
    QUERY,
    SETTLED,
    ResultQuery,
    currency_choices,
    notes_of,
)
from sot.adapters.http.pages import page_of_rows
from sot.adapters.http.row_keys import round_trip_key, sums_key
from sot.application.accounting.curves import result_curves, total_results
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.accounting.unregistered import ResultRows
from sot.domain.values import fields
from sot.domain.values.times import LATEST, MICROSECOND
from sot.domain.values.vocabulary import GroupBy

_GROUPINGS = (
    ("By symbol", (GroupBy.SYMBOL,)),
    ("By day", (GroupBy.DAY,)),
    ("By strategy", (GroupBy.STRATEGY,)),
    ("By order", (GroupBy.ORDER,)),
)
_TABS = (
    *((label, "results", by) for label, by in _GROUPINGS),
    ("Round trips", "round_trips", ()),
    ("Executions and events", "result_facts", ()),
    ("Costs", "costs", ()),
)
_OF_ALL_STRATEGIES = "Strategies net in one position: this is of all of them."
_SETTLED = "In settlement currency, from flat to flat, where every method has the same result."


def _results(context: PageContext) -> WebPage:
    asked, queries = ResultQuery(context), context.queries
    by = context.query.get("by", (GroupBy.SYMBOL,))
    criteria: dict[str, Any] = {
        **asked.criteria(), "method": asked.method, "time_zone": asked.zone, "in_currency": asked.in_currency,
    }  # fmt: skip
    if asked.strategy_code is None:
        rows, contributions = queries.realized_and_contributions(asked.account_id, by=by, **criteria)
        totals, curves = total_results(contributions), result_curves(contributions)
    else:  # no curve of a strategy, whose share in a position nobody can tell
        criteria["strategy_code"] = asked.strategy_code
        rows = queries.realized(asked.account_id, by=by, **criteria)
        totals, curves = queries.realized(asked.account_id, by=(), **criteria), ()
    page = page_of_rows(rows, sums_key, context.page_position, context.page_size)
    if "page_token" in context.query:
        totals, curves = (), ()
    model = _model(
        asked, "results", page.next, [*notes_of(asked, [row.currency for row in totals]), *_left_out(rows)], by=by,
        labels=_labels(rows),
        totals=[result_row(row, "") for row in totals],
        curves=curves_of(curves, asked.zone),
        results=[result_row(row, _made_of(asked, "results", row)) for row in page.items],
    )  # fmt: skip
    return WebPage(template="results.html", title="Results", model=model)


def _contributions(asked: ResultQuery) -> ResultRows[Contribution]:
    return asked.context.queries.contributions(
        asked.account_id, method=asked.method, in_currency=asked.in_currency, **asked.criteria()
    )


def _round_trips(context: PageContext) -> WebPage:
    asked = ResultQuery(context)
    trips = context.queries.round_trips(asked.account_id, **asked.criteria())
    page = page_of_rows(trips, round_trip_key, context.page_position, context.page_size)
    notes = [_SETTLED, *_strategy_note(asked), *_left_out(trips)]
    rows = [trip_row(trip, _facts_of_trip(asked, trip)) for trip in page.items]
    model = _model(asked, "round_trips", page.next, notes, trips=rows)
    return WebPage(template="round_trips.html", title="Round trips", model=model)


def _facts_of_trip(asked: ResultQuery, trip: RoundTrip) -> str:
    interval: dict[str, Any] = {"since": trip.opened_at}
    if trip.closed_at is not None and trip.closed_at < LATEST:
        interval["before"] = trip.closed_at + MICROSECOND
    place = {"venue": trip.key.venue, "symbol": trip.key.symbol, "venue_account": trip.key.venue_account}
    return _address(asked, "result_facts", {**asked.texts(), **place, **interval})


def _facts(context: PageContext) -> WebPage:
    asked = ResultQuery(context)
    contributions = _contributions(asked)
    page = newest_first(contributions, context)
    notes = [*notes_of(asked, ()), *_strategy_note(asked), *_left_out(contributions)]
    rows = [entry_row(number, part) for number, part in page.items]
    model = _model(asked, "result_facts", page.next, notes, entries=rows)
    return WebPage(template="result_facts.html", title="Executions and events of results", model=model)


def _costs(context: PageContext) -> WebPage:
    asked = ResultQuery(context)
    by = context.query.get("by", (GroupBy.SYMBOL,))
    rows = context.queries.cost_analysis(
        asked.account_id, by=by, strategy_code=asked.strategy_code, time_zone=asked.zone,
        in_currency=asked.in_currency, **asked.criteria(),
    )  # fmt: skip
    page = page_of_rows(rows, sums_key, context.page_position, context.page_size)
    shown = [cost_row(row, _made_of(asked, "costs", row)) for row in page.items]
    model = _model(
        asked, "costs", page.next, notes_of(asked, ()), by=by, labels=_labels(rows), costs=shown,
        groupings=_tabs(asked, "costs", by, [(label, "costs", groups) for label, groups in _GROUPINGS]),
    )  # fmt: skip
    return WebPage(template="costs.html", title="Costs", model=model)


def _strategy_note(asked: ResultQuery) -> list[str]:
    return [] if asked.strategy_code is None else [_OF_ALL_STRATEGIES]


def _left_out(rows: ResultRows[Any]) -> list[str]:
    """What the rows leave out, since nobody registered its symbol."""
    return [str(symbol) for symbol in rows.unregistered]


def _labels(rows: Sequence[Realized] | Sequence[CostAnalysis]) -> list[str]:
    return [LABEL_WORDS[name] for name in label_names(rows[0])] if rows else []


def _made_of(asked: ResultQuery, name: str, row: Realized | CostAnalysis) -> str:
    """The address of what a row sums up: an order, or the orders of a group; without an order, what else there is."""
    if row.order_id:
        return asked.context.links("order", order_id=row.order_id)
    narrowed = asked.narrowed(row)
    if row.order_id is not None:
        return _address(asked, "result_facts", narrowed)
    by = [GroupBy.STRATEGY, GroupBy.ORDER] if row.strategy_code == "" else [GroupBy.ORDER]
    return _address(asked, name, {**narrowed, "by": by})


def _model(asked: ResultQuery, name: str, next: list[Any] | None, notes: list[str], **rows: Any) -> ResultsModel:
    context, by = asked.context, tuple(rows.pop("by", ()))
    is_valued = name != "round_trips"
    return ResultsModel(
        account_id=asked.account_id,
        filters=[*(hidden_field("by", str(group)) for group in by), *asked.fields()],
        tabs=_tabs(asked, name, by, _TABS),
        currencies=_currencies(asked, name, by) if is_valued else (),
        periods=_periods(asked, name, by),
        notes=notes,
        next=context.next_address(name, next),
        first=context.first_address(name),
        **rows,
    )


def _periods(asked: ResultQuery, name: str, by: Sequence[GroupBy]) -> list[Choice]:
    """Links to the same results of a month or a year, in the zone of days, and of all time."""
    query = asked.context.query
    today = asked.context.now.astimezone(asked.zone).date()
    since, before = query.get("since"), query.get("before")
    shared = {**asked.texts(), "by": by}

    def link(label: str, first: date | None, last: date | None) -> Choice:
        address = _address(asked, name, {**shared, "since": first, "before": last})
        return Choice(label=label, address=address, is_current=(first, last) == (since, before))

    offered = [link(one.label, one.first, one.before) for one in periods(year_of(since, today), today)]
    return [link("All", None, None), *offered]


def _tabs(
    asked: ResultQuery, name: str, by: Sequence[GroupBy], all: Sequence[tuple[str, str, tuple[GroupBy, ...]]]
) -> list[Tab]:
    return [
        Tab(
            label=label,
            address=_address(asked, route, {**asked.texts(), "by": groups}),
            is_current=route == name and (not groups or groups == tuple(by)),
        )
        for label, route, groups in all
    ]


def _currencies(asked: ResultQuery, name: str, by: Sequence[GroupBy]) -> list[Tab]:
    """The currencies to choose from, each as the address of the same page."""
    return [
        Tab(
            label=label,
            address=_address(asked, name, {**asked.texts(), "by": by, "in_currency": value}),
            is_current=value == (asked.in_currency or SETTLED),
        )
        for value, label in currency_choices(asked).items()
    ]


def _address(asked: ResultQuery, name: str, values: dict[str, Any]) -> str:
    shown = {key: value if isinstance(value, list) else query_texts(value) for key, value in values.items()}
    return asked.context.links(name, **shown)


_BY = parameters.repeatable("by", fields.member_of(GroupBy), "What to group by; SYMBOL by default.")
ROUTES = (
    PageRoute(
        name="results", path="/results", view=_results, nav="Results", live=True, one_account=True, query=(*QUERY, _BY)
    ),
    PageRoute(
        name="round_trips", path="/results/round-trips", view=_round_trips, live=True, one_account=True, query=QUERY
    ),
    PageRoute(name="result_facts", path="/results/facts", view=_facts, live=True, one_account=True, query=QUERY),
    PageRoute(name="costs", path="/results/costs", view=_costs, live=True, one_account=True, query=(*QUERY, _BY)),
)
