"""A position: its figures, its lots, and the executions and account events that it is made of.

It folds all of these: a page that is open does so again with pauses, not with each fact.
"""

from collections.abc import Mapping, Sequence

from sot.adapters.http import parameters
from sot.adapters.http.page.links import Links
from sot.adapters.http.page.models.completeness import of_position
from sot.adapters.http.page.models.entries import entry_row
from sot.adapters.http.page.models.filters import FilterField, choice_field, hidden_field, text_field
from sot.adapters.http.page.models.position import PositionModel, lot_row, position_facts
from sot.adapters.http.page.models.positions import side_text
from sot.adapters.http.page.numbered_rows import newest_first
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import AS_OF
from sot.adapters.http.page.page_route import PageRoute, WebPage
from sot.application.accounting.marks import PositionMark, mark_positions
from sot.domain.accounting.position import Marks, Position
from sot.domain.values import fields
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import Method, PositionSide

METHODS = {str(method): str(method) for method in Method}


def position_address(links: Links, key: PositionKey, method: Method) -> str:
    """Return the address of the page of a position, as a method sees it."""
    return links("position", **_key_texts(key), method=_unless_average(method))


def _key_texts(key: PositionKey) -> dict[str, str]:
    """The parts of a key as parameters, without those that have their usual value."""
    side = "" if key.position_side is PositionSide.NET else str(key.position_side)
    return {**key._asdict(), "position_side": side}


def _unless_average(method: Method) -> Method | None:
    return None if method is Method.AVERAGE else method


def _position(context: PageContext) -> WebPage:
    query, queries = context.query, context.queries
    method = query.get("method", Method.AVERAGE)
    key = PositionKey(
        context.one_account, query["venue"], query["symbol"], query.get("position_side", PositionSide.NET),
        query.get("position_id", ""), query.get("venue_account", ""),
    )  # fmt: skip
    position = queries.position(**key._asdict(), method=method, rates=context.rates)
    contributions = queries.contributions(
        key.account_id, venue=key.venue, symbol=key.symbol, venue_account=key.venue_account, method=method,
        rates=context.rates,
    )  # fmt: skip
    given = {position.symbol: query["mark"]} if "mark" in query else {}
    page = newest_first([part for part in contributions if part.key == key], context)
    model = PositionModel(
        symbol=position.symbol,
        venue=position.venue,
        currency=position.currency,
        side=side_text(position),
        completeness=of_position(position),
        facts=position_facts(position, marks_of(context, [position], given).get(position.key)),
        filters=_filters(context, key),
        clear=position_address(context.links, key, Method.AVERAGE),
        method=str(method),
        has_lots=method is not Method.AVERAGE,
        lots=[lot_row(lot) for lot in position.lots],
        entries=[entry_row(number, part) for number, part in page.items],
        next=context.next_address("position", page.next),
        first=context.first_address("position"),
    )
    return WebPage(template="position.html", title=f"{position.symbol} {model.side}", model=model)


def marks_of(context: PageContext, positions: Sequence[Position], given: Marks) -> Mapping[PositionKey, PositionMark]:
    """Return the marks of positions: those of the address, else the rates of the server at the time that is shown."""
    rates = context.services.rates
    return mark_positions(positions, given, None if rates is None else rates.quote, context.shown_at)


def _filters(context: PageContext, key: PositionKey) -> list[FilterField]:
    query: Mapping[str, object] = context.query_texts
    return [
        *(hidden_field(name, text) for name, text in _key_texts(key).items() if text),
        choice_field("method", "Method", query, METHODS, anything=None),
        text_field("mark", "Mark", query, hint="a price, such as 50000"),
    ]


ROUTES = (
    PageRoute(
        name="position",
        path="/positions/one",
        view=_position,
        live=True,
        one_account=True,
        query=(
            parameters.ACCOUNT,
            parameters.single("venue", fields.NAME, "The venue.", required=True),
            parameters.single("symbol", fields.NAME, "The instrument.", required=True),
            parameters.single("position_side", fields.member_of(PositionSide), "The side; NET by default."),
            parameters.single("position_id", fields.SCOPE, "The id of the position."),
            parameters.VENUE_ACCOUNT,
            parameters.METHOD,
            parameters.MARK,
            AS_OF,
            *parameters.PAGING,
        ),
    ),
)
