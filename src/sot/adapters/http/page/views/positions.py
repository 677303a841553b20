"""The list of positions."""

from sot.adapters.http import parameters
from sot.adapters.http.page.models.filters import (
    FilterField,
    choice_field,
    repeated_fields,
    text_field,
)
from sot.adapters.http.page.models.positions import PositionsModel, position_row
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import AS_OF
from sot.adapters.http.page.page_route import PageRoute, WebPage
from sot.adapters.http.page.views.place_filters import place_fields
from sot.adapters.http.page.views.position import METHODS, marks_of, position_address
from sot.adapters.http.row_keys import decode_position_key, encode_position_key
from sot.domain.values.vocabulary import Method


def _positions(context: PageContext) -> WebPage:
    query, account_id = context.query, context.one_account
    method, marks = query.get("method", Method.AVERAGE), query.get("mark", {})
    position = context.page_position
    page = context.queries.positions(
        account_id,
        None if position is None else decode_position_key(account_id, position),
        context.page_size,
        venue=query.get("venue"),
        symbol=query.get("symbol"),
        venue_account=query.get("venue_account"),
        method=method,
        rates=context.rates,
        include_flat=query.get("include_flat", False),
    )
    found = marks_of(context, page.items, marks)
    symbols = {one.symbol for one in page.items}
    model = PositionsModel(
        account_id=account_id,
        rows=[
            position_row(one, found.get(one.key), position_address(context.links, one.key, method))
            for one in page.items
        ],
        has_rates=context.services.rates is not None,
        filters=_filters(context),
        method=str(method),
        unmatched=[symbol for symbol in marks if symbol not in symbols],
        next=context.next_address("positions", encode_position_key(page.next)),
        first=context.first_address("positions"),
    )
    return WebPage(template="positions.html", title="Positions", model=model)


def _filters(context: PageContext) -> list[FilterField]:
    query = context.query_texts
    return [
        *place_fields(context, text_field("symbol", "Symbol", query)),
        choice_field("method", "Method", query, METHODS, anything=None),
        choice_field("include_flat", "Flat ones", query, {"true": "shown"}, anything="hidden"),
        *repeated_fields("mark", "Mark", query, hint="BTC/USDT=50000"),
    ]


ROUTES = (
    PageRoute(
        name="positions",
        path="/positions",
        view=_positions,
        nav="Positions",
        live=True,
        one_account=True,
        query=(
            parameters.ACCOUNT,
            parameters.VENUE,
            parameters.SYMBOL,
            parameters.VENUE_ACCOUNT,
            parameters.METHOD,
            parameters.MARKS,
            parameters.boolean("include_flat", "Whether to include flat positions, whose results remain."),
            AS_OF,
            *parameters.PAGING,
        ),
    ),
)
