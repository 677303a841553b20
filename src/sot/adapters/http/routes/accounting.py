"""Positions, results and costs over many orders, and account events."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from typing import Any

from sot.adapters.http import parameters
from sot.adapters.http.bodies import check_json_types
from sot.adapters.http.http_errors import InvalidParameter
from sot.adapters.http.pages import page_of_rows
from sot.adapters.http.parameters import Parameter
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import Handler, IdempotencyUse, ResponseSpec, Route, TransactionMode
from sot.adapters.http.row_keys import (
    balance_key,
    decode_position_key,
    encode_position_key,
    round_trip_key,
    sums_key,
)
from sot.adapters.http.schemas.builders import body_schema
from sot.application.views.accounting import (
    balance_view,
    costs_view,
    position_view,
    realized_view,
    reported_position_view,
    round_trip_view,
    unregistered_view,
)
from sot.application.views.records import account_event_view
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.position import unrealized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.accounting.unregistered import ResultRows
from sot.domain.values import fields
from sot.domain.values.errors import Conflict, InvalidInput, NotFound
from sot.domain.values.hinted_kinds import seconds_text
from sot.domain.values.vocabulary import AccessScope, AccountEventType, GroupBy, Method, Outcome
from sot.ports.accounting import AccountEventFilter

_SERVER_FIELDS = ("event_id",)


def _query_values(context: RequestContext, *names: str) -> dict[str, Any]:
    return {name: context.query.get(name) for name in ("venue", "symbol", "venue_account", *names)}


def _list_positions(context: RequestContext) -> Response:
    query, account_id = context.query, context.account_id
    marks, currency = query.get("mark"), query.get("in_currency")
    after = None if context.page_position is None else decode_position_key(account_id, context.page_position)
    filters = {
        **_query_values(context),
        "method": query.get("method", Method.AVERAGE),
        "rates": context.rates,
        "include_flat": query.get("include_flat", False),
    }
    if marks is not None:
        _check_marks(context, account_id, marks)
    if currency is None:
        page = context.queries.positions(account_id, after, context.page_size, **filters)
        results = {} if marks is None else unrealized(page.items, marks)
        data = [position_view(position, results) for position in page.items]
        return context.page_response(data, encode_position_key(page.next))
    reported = context.queries.reported_positions(account_id, currency, after, context.page_size, **filters)
    results = {} if marks is None else unrealized([each.position for each in reported.items], marks)
    data = [reported_position_view(each, results, marks or {}) for each in reported.items]
    return context.page_response(data, encode_position_key(reported.next))


def _check_marks(context: RequestContext, account_id: str, marks: Iterable[str]) -> None:
    """Check that the account has, or had, a position in the symbol of each mark; raises InvalidParameter."""
    queries, venue = context.queries, context.query.get("venue")
    for symbol in marks:
        if not queries.positions(account_id, limit=1, venue=venue, symbol=symbol, include_flat=True).items:
            raise InvalidParameter("mark", "give prices of symbols that the account has positions in")


def _list_realized(context: RequestContext) -> Response:
    rows = context.queries.realized(
        context.account_id,
        by=context.query.get("by", (GroupBy.SYMBOL,)),
        **_query_values(context, "strategy_code", "since", "before"),
        method=context.query.get("method", Method.AVERAGE),
        rates=context.rates,
        time_zone=context.query.get("time_zone", UTC),
        in_currency=context.query.get("in_currency"),
    )
    return _sums_response(context, rows, realized_view, _unregistered(rows))


def _list_costs(context: RequestContext) -> Response:
    rows = context.queries.cost_analysis(
        context.account_id,
        by=context.query.get("by", (GroupBy.SYMBOL,)),
        **_query_values(context, "strategy_code", "since", "before"),
        rates=context.rates,
        time_zone=context.query.get("time_zone", UTC),
        in_currency=context.query.get("in_currency"),
    )
    return _sums_response(context, rows, costs_view)


def _unregistered(rows: ResultRows[Any]) -> dict[str, Any]:
    return {"unregistered": unregistered_view(rows.unregistered)}


def _sums_response(
    context: RequestContext, rows: Sequence[Any], view: Callable[[Any], Any], fields: dict[str, Any] | None = None
) -> Response:
    page = page_of_rows(rows, sums_key, context.page_position, context.page_size)
    return context.page_response([view(row) for row in page.items], page.next, fields=fields)


def _list_round_trips(context: RequestContext) -> Response:
    trips = context.queries.round_trips(
        context.account_id, **_query_values(context, "since", "before"), rates=context.query.get("rate")
    )
    page = page_of_rows(trips, round_trip_key, context.page_position, context.page_size)
    return context.page_response(
        [_round_trip_fields(trip) for trip in page.items], page.next, fields=_unregistered(trips)
    )


def _round_trip_fields(trip: RoundTrip) -> dict[str, Any]:
    """A round trip as JSON values, with its exact duration in seconds."""
    seconds = None if trip.duration is None else seconds_text(trip.duration)
    return {**round_trip_view(trip), "duration": seconds}


def _list_balances(context: RequestContext) -> Response:
    query = context.query
    rows = context.queries.balances(
        context.account_id,
        query.get("venue"),
        venue_account=query.get("venue_account"),
        asset=query.get("asset"),
        include_zero=query.get("include_zero", False),
    )
    page = page_of_rows(rows, balance_key, context.page_position, context.page_size)
    return context.page_response([balance_view(row) for row in page.items], page.next)


def _record_account_event(context: RequestContext) -> Response:
    values = context.body
    values["account_id"] = context.principal.body_account(values.get("account_id"))
    for name in _SERVER_FIELDS:
        if name in values:
            raise InvalidInput(name, values[name], "no value: the server sets it")
    check_json_types(AccountEvent, values)
    result = context.history.record_account_event(AccountEvent.read(values))
    assert result.event_id is not None
    recorded = context.uow.account_events.get(result.event_id)
    assert recorded is not None
    return Response(body=account_event_view(recorded), status=201, replayed=result.outcome is Outcome.REPEATED)


def _list_account_events(context: RequestContext) -> Response:
    query, queries = context.query, context.queries
    criteria = AccountEventFilter(
        account_id=context.list_account_id,
        type=query.get("type"),
        **_query_values(context),
        occurred_from=query.get("since"),
        occurred_before=query.get("before"),
    )
    page = context.read_long_items(
        lambda after, size: queries.account_events(criteria, after, size), context.after_key, account_event_view
    )
    return context.page_response(list(page.items), page.next)


_COST_OF_SUMS = "Each page is computed of all rows that match: narrow the query by symbol or venue if they are many."
_BY = parameters.repeatable("by", fields.member_of(GroupBy), "What to group by; SYMBOL by default.")
_PERIOD = (parameters.SINCE, parameters.BEFORE)


def _read_route(
    name: str,
    path: str,
    summary: str,
    handler: Handler,
    schema: str,
    query: Sequence[Parameter],
    description: str,
) -> Route:
    return Route(
        name=name,
        method="GET",
        path=path,
        summary=summary,
        description=description,
        tag="Accounting",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=handler,
        query=(parameters.SINGLE_ACCOUNT, *query, *parameters.PAST, *parameters.PAGING),
        responses={200: ResponseSpec(description="A page of the list.", schema=schema, headers=("Link",))},
        problems=(InvalidInput,),
    )


ROUTES = (
    _read_route(
        "listPositions",
        "/sot/positions",
        "List an account's positions",
        _list_positions,
        "PositionPage",
        (
            parameters.VENUE,
            parameters.SYMBOL,
            parameters.VENUE_ACCOUNT,
            parameters.METHOD,
            parameters.MARKS,
            parameters.IN_CURRENCY,
            parameters.PAIR_RATE,
            parameters.boolean("include_flat", "Whether to include flat positions, whose results remain."),
        ),
        "`unrealized` needs a mark for each open symbol of the page. Fees in other currencies are valued at the given "
        "rates. With `as_of` or `happened_by` each page reads everything that moved a position.",
    ),
    _read_route(
        "listRealized",
        "/sot/pnl",
        "Sum realized results by day, symbol, strategy or order",
        _list_realized,
        "RealizedPage",
        (
            _BY,
            parameters.VENUE,
            parameters.SYMBOL,
            parameters.VENUE_ACCOUNT,
            parameters.STRATEGY,
            *_PERIOD,
            parameters.TIME_ZONE,
            parameters.IN_CURRENCY,
            parameters.METHOD,
            parameters.PAIR_RATE,
        ),
        _COST_OF_SUMS,
    ),
    _read_route(
        "listCosts",
        "/sot/costs",
        "Sum execution costs by day, symbol, strategy or order",
        _list_costs,
        "CostPage",
        (
            _BY,
            parameters.VENUE,
            parameters.SYMBOL,
            parameters.VENUE_ACCOUNT,
            parameters.STRATEGY,
            *_PERIOD,
            parameters.TIME_ZONE,
            parameters.IN_CURRENCY,
            parameters.PAIR_RATE,
        ),
        _COST_OF_SUMS,
    ),
    _read_route(
        "listRoundTrips",
        "/sot/round-trips",
        "List round trips: from flat to flat",
        _list_round_trips,
        "RoundTripPage",
        (parameters.VENUE, parameters.SYMBOL, parameters.VENUE_ACCOUNT, *_PERIOD, parameters.PAIR_RATE),
        "In the order in which they closed; open ones come last. " + _COST_OF_SUMS,
    ),
    _read_route(
        "listBalances",
        "/sot/balances",
        "List an account's balances: the exact sum of each asset",
        _list_balances,
        "BalancePage",
        (
            parameters.VENUE,
            parameters.VENUE_ACCOUNT,
            parameters.ASSET,
            parameters.boolean("include_zero", "Whether to include assets of which nothing is left."),
        ),
        "Sums of everything that executions, fees and account events moved. " + _COST_OF_SUMS,
    ),
    Route(
        name="recordAccountEvent",
        method="POST",
        path="/sot/account-events",
        summary="Record what moves a position or its result without an order",
        description=("Transfers, funding, interest, dividends, splits, fee adjustments. A repeat adds nothing."),
        tag="Accounting",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.RECONCILE,
        handler=_record_account_event,
        body=body_schema(AccountEvent, without=_SERVER_FIELDS, optional=("account_id",)),
        example={
            "type": "FUNDING",
            "venue": "BINANCE",
            "symbol": "BTC/USDT",
            "amount": "-0.25",
            "currency": "USDT",
            "occurred_at": "2026-01-05T16:00:00Z",
        },
        responses={201: ResponseSpec(description="The account event.", schema="AccountEvent")},
        problems=(Conflict, NotFound),
        idempotency=IdempotencyUse.OPTIONAL,
    ),
    Route(
        name="listAccountEvents",
        method="GET",
        path="/sot/account-events",
        summary="List account events in the order of recording",
        tag="Accounting",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=_list_account_events,
        query=(
            parameters.ACCOUNT,
            parameters.single("type", fields.member_of(AccountEventType), "Of this type."),
            parameters.VENUE,
            parameters.SYMBOL,
            *_PERIOD,
            *parameters.PAST,
            *parameters.PAGING,
        ),
        responses={
            200: ResponseSpec(description="A page of account events.", schema="AccountEventPage", headers=("Link",))
        },
    ),
)
