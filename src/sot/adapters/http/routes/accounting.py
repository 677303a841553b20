"""Positions, results and costs over many orders, and what moves them without one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import attrs

from sot.adapters.http import parameters as given
from sot.adapters.http.asked import Asked
from sot.adapters.http.bodies import strict
from sot.adapters.http.pages import part_of
from sot.adapters.http.refusals import InvalidParameter
from sot.adapters.http.route import Answer, Keyed, Route, Told, Work
from sot.adapters.http.schemas import value_schema
from sot.application.views.accounting import GROUP, costs_view, position_view, realized_view, trip_view
from sot.application.views.records import account_event_view
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.position import unrealized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.values import fields
from sot.domain.values.errors import Conflict, InvalidInput, NotFound
from sot.domain.values.numbers import plain
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import microseconds
from sot.domain.values.vocabulary import AccessScope, AccountEventType, GroupBy, Method, Outcome, PositionSide
from sot.ports.accounting import AccountEventFilter

_OURS = ("event_id",)
_MICROSECOND = timedelta(microseconds=1)


def _account(asked: Asked) -> str:
    return asked.principal.one(asked.query.get("account_id"))


def _scope(asked: Asked, *names: str) -> dict[str, Any]:
    return {name: asked.query.get(name) for name in ("venue", "symbol", *names)}


def _rates(asked: Asked) -> Any:
    return asked.query.get("rate")


def _positions(asked: Asked) -> Answer:
    query = asked.query
    account_id, marks = _account(asked), query.get("mark")
    page = asked.told.positions_page(
        account_id,
        None if asked.place is None else _key(account_id, asked.place),
        asked.page_size,
        **_scope(asked),
        method=query.get("method", Method.AVERAGE),
        rates=_rates(asked),
        include_flat=query.get("include_flat", False),
    )
    if marks is not None:
        _check_marks(asked, account_id, marks)
    results = {} if marks is None else unrealized(page.items, marks)
    shown = [position_view(position, results) for position in page.items]
    return asked.page(shown, None if page.next is None else list(map(str, page.next[1:])))


def _key(account_id: str, place: list[Any]) -> PositionKey:
    venue, symbol, side, position_id = place
    return PositionKey(account_id, venue, symbol, PositionSide(side), position_id)


def _check_marks(asked: Asked, account_id: str, marks: Iterable[str]) -> None:
    """Raises: InvalidParameter: a price of a symbol that the account never had a position in."""
    for symbol in marks:
        venue = asked.query.get("venue")
        if not asked.told.positions_page(account_id, limit=1, venue=venue, symbol=symbol, include_flat=True).items:
            raise InvalidParameter("mark", "give prices of symbols that the account has positions in")


def _realized(asked: Asked) -> Answer:
    query = asked.query
    rows = asked.told.realized(
        _account(asked),
        by=query.get("by", (GroupBy.SYMBOL,)),
        **_scope(asked, "strategy_code", "since", "before"),
        method=query.get("method", Method.AVERAGE),
        rates=_rates(asked),
    )
    return _sums(asked, rows, realized_view)


def _costs(asked: Asked) -> Answer:
    rows = asked.told.cost_analysis(
        _account(asked),
        by=asked.query.get("by", (GroupBy.SYMBOL,)),
        **_scope(asked, "strategy_code", "since", "before"),
        rates=_rates(asked),
    )
    return _sums(asked, rows, costs_view)


def _sums(asked: Asked, rows: Sequence[Any], view: Callable[[Any], Any]) -> Answer:
    def key_of(row: Any) -> list[str]:
        return [str(getattr(row, name)) for name in (*GROUP, "currency")]

    page = part_of(rows, key_of, asked.place, asked.page_size)
    return asked.page([view(row) for row in page.items], page.next)


def _round_trips(asked: Asked) -> Answer:
    trips = asked.told.round_trips(_account(asked), **_scope(asked, "since", "before"), rates=_rates(asked))
    page = part_of(trips, _place_of, asked.place, asked.page_size)
    return asked.page([_trip(trip) for trip in page.items], page.next)


def _place_of(trip: RoundTrip) -> list[Any]:
    ended, began = trip.closed_at, microseconds(trip.opened_at)
    return [ended is None, began if ended is None else microseconds(ended), began, *map(str, trip.key)]


def _trip(trip: RoundTrip) -> dict[str, Any]:
    """Its duration in seconds, exactly."""
    lasted = None if trip.duration is None else plain(Decimal(trip.duration // _MICROSECOND).scaleb(-6))
    return {**trip_view(trip), "duration": lasted}


def _record_event(asked: Asked) -> Answer:
    said = asked.body
    said["account_id"] = asked.principal.told(said.get("account_id"))
    for name in _OURS:
        if name in said:
            raise InvalidInput(name, said[name], "nothing: the server makes it")
    strict(AccountEvent, said)
    event = AccountEvent.read(said)
    result = asked.history.record_account_event(event)
    assert result.event_id is not None
    recorded = asked.uow.account_events.get(result.event_id)
    assert recorded is not None
    return Answer(body=account_event_view(recorded), status=201, replayed=result.outcome is Outcome.REPEATED)


def _events(asked: Asked) -> Answer:
    query = asked.query
    wanted = AccountEventFilter(
        account_id=asked.account_id,
        type=query.get("type"),
        **_scope(asked),
        occurred_from=query.get("since"),
        occurred_before=query.get("before"),
    )
    told = asked.told
    page = asked.weighed(lambda after, size: told.account_events(wanted, after, size), asked.after, account_event_view)
    return asked.page(list(page.items), page.next)


_ONE = attrs.evolve(given.ACCOUNT, about="The account; without it that of the key, or `default`.")
_SUMMED = "Each page is made of all that the question is about: narrow it by symbol or venue where that is much."
_BY = given.several("by", fields.word(GroupBy), "What to sum by; SYMBOL if nothing is said.")


def _read(name: str, path: str, summary: str, handler: Any, shape: str, query: Any, about: str = "") -> Route:
    return Route(
        name=name,
        method="GET",
        path=path,
        summary=summary,
        about=about,
        tag="Accounting",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=handler,
        query=(*query, *given.PAGING),
        told={200: Told(about=summary + ".", shape=shape, headers=("Link",))},
        problems=(InvalidInput,),
    )


ROUTES = (
    _read(
        "listPositions",
        "/sot/positions",
        "List an account's positions",
        _positions,
        "PositionPage",
        (
            _ONE,
            given.VENUE,
            given.SYMBOL,
            given.METHOD,
            given.MARKS,
            given.PAIR_RATE,
            given.flag("include_flat", "Flat positions, too: what they have earned stays."),
            *given.PAST,
        ),
        "`unrealized` is there with a mark for each open symbol of the page. Fees in other currencies count at the "
        "rates given. With `as_of` or `happened_by` a page is looked for in everything that moved a position.",
    ),
    _read(
        "listRealized",
        "/sot/pnl",
        "Sum realized results by day, symbol, strategy or order",
        _realized,
        "RealizedPage",
        (
            _ONE,
            _BY,
            given.VENUE,
            given.SYMBOL,
            given.STRATEGY,
            given.SINCE,
            given.BEFORE,
            given.METHOD,
            given.PAIR_RATE,
            *given.PAST,
        ),
        _SUMMED,
    ),
    _read(
        "listCosts",
        "/sot/costs",
        "Sum what executing cost by day, symbol, strategy or order",
        _costs,
        "CostPage",
        (_ONE, _BY, given.VENUE, given.SYMBOL, given.STRATEGY, given.SINCE, given.BEFORE, given.PAIR_RATE, *given.PAST),
        _SUMMED,
    ),
    _read(
        "listRoundTrips",
        "/sot/round-trips",
        "List what positions did from flat to flat",
        _round_trips,
        "RoundTripPage",
        (_ONE, given.VENUE, given.SYMBOL, given.SINCE, given.BEFORE, given.PAIR_RATE, *given.PAST),
        "By when they ended, those that are open last. " + _SUMMED,
    ),
    Route(
        name="recordAccountEvent",
        method="POST",
        path="/sot/account-events",
        summary="Keep what moved a position or its result without an order",
        about="Transfers, funding, interest, dividends, splits, fee adjustments. The same again adds nothing.",
        tag="Accounting",
        work=Work.WRITE,
        scope=AccessScope.RECONCILE,
        handler=_record_event,
        body=value_schema(AccountEvent, without=_OURS, optional=("account_id",)),
        example={
            "type": "FUNDING",
            "venue": "BINANCE",
            "symbol": "BTC/USDT",
            "amount": "-0.25",
            "currency": "USDT",
            "occurred_at": "2026-01-05T16:00:00Z",
        },
        told={201: Told(about="The event.", shape="AccountEvent")},
        problems=(Conflict, NotFound),
        keyed=Keyed.ALLOWED,
    ),
    Route(
        name="listAccountEvents",
        method="GET",
        path="/sot/account-events",
        summary="List account events, as they were recorded",
        tag="Accounting",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=_events,
        query=(
            given.ACCOUNT,
            given.one("type", fields.word(AccountEventType), "Of this type."),
            given.VENUE,
            given.SYMBOL,
            given.SINCE,
            given.BEFORE,
            *given.PAST,
            *given.PAGING,
        ),
        told={200: Told(about="A page of account events.", shape="AccountEventPage", headers=("Link",))},
    ),
)
