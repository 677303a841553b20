"""Which orders a query asks for, and the form that asks."""

from sot.adapters.http import parameters
from sot.adapters.http.order_criteria import order_criteria
from sot.adapters.http.page.models.filters import (
    FilterField,
    account_field,
    choice_field,
    text_field,
    time_field,
)
from sot.adapters.http.page.models.words import status_word
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import from_form
from sot.application.queries.any_id import filter_by_any_id
from sot.domain.values import fields
from sot.domain.values.vocabulary import OrderStatus, Side
from sot.ports.orders import OrderFilter

_STATUSES = {str(status): status_word(status) for status in OrderStatus}
_SIDES = {str(side): str(side).lower() for side in Side}


ORDER_FILTERS = (
    parameters.ACCOUNT,
    parameters.single("id", fields.NAME, "Any id of the order."),
    parameters.repeatable("status", fields.member_of(OrderStatus), "With this status."),
    parameters.VENUE,
    parameters.SYMBOL,
    parameters.single("side", fields.member_of(Side), "Bought or sold."),
    parameters.STRATEGY,
    parameters.boolean("is_open", "Whether more may execute."),
    parameters.boolean("in_doubt", "Whether an outcome is unknown."),
    from_form(parameters.single("created_from", fields.TIME, "Recorded at or after this time.")),
    from_form(parameters.single("created_before", fields.TIME, "Recorded before this time.")),
)
"""The parameters that filter orders."""


def page_criteria(context: PageContext) -> OrderFilter:
    """Return which orders the query asks for."""
    criteria, id = order_criteria(context), context.query.get("id")
    return criteria if id is None else filter_by_any_id(context.queries, criteria, id)


def order_filter_fields(context: PageContext) -> list[FilterField]:
    """Return the form above a list of orders."""
    query = context.query_texts
    account = account_field(context.accounts, query)
    return [
        *([] if account is None else [account]),
        text_field("id", "Any id", query, hint="client, venue, order or request id"),
        text_field("symbol", "Symbol", query),
        text_field("venue", "Venue", query),
        text_field("strategy_code", "Strategy", query),
        choice_field("side", "Side", query, _SIDES),
        choice_field("status", "Status", query, _STATUSES),
        choice_field("is_open", "Open", query, {"true": "open", "false": "over"}),
        choice_field("in_doubt", "Doubt", query, {"true": "in doubt", "false": "certain"}),
        time_field("created_from", "From", query),
        time_field("created_before", "Before", query),
    ]
