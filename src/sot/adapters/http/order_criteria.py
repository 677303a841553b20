"""Which orders the query of a request asks for, by the same parameters in the API and on the page."""

from sot.adapters.http.request_context import RequestContext
from sot.ports.orders import OrderFilter

_AS_NAMED = (
    "venue",
    "symbol",
    "side",
    "strategy_code",
    "identifier",
    "is_open",
    "in_doubt",
    "created_from",
    "created_before",
)


def order_criteria(context: RequestContext) -> OrderFilter:
    """Return the filter of a list of orders."""
    query = context.query
    fields = {name: query.get(name) for name in _AS_NAMED}
    return OrderFilter(account_id=context.list_account_id, statuses=query.get("status", ()), **fields)
