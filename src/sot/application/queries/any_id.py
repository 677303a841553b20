"""Find orders by any id that a person may have at hand."""

import attrs

from sot.application.queries.history import HistoryQueries
from sot.domain.values.errors import InvalidInput
from sot.domain.values.identity import id_prefix
from sot.ports.orders import OrderFilter, RequestFilter


def filter_by_any_id(queries: HistoryQueries, filter: OrderFilter, text: str) -> OrderFilter:
    """Return the filter of the orders that an id names.

    The first that any order has counts: a client or venue order id, present or former; the id of the order, or its
    first digits; the id of its request, or its first digits.

    Args:
        queries: The history to look in.
        filter: What else the orders have.
        text: The id.
    """
    by_identifier = attrs.evolve(filter, identifier=text)
    if queries.orders(by_identifier, limit=1).items:
        return by_identifier
    try:
        prefix = id_prefix("id", text)
    except InvalidInput:
        return by_identifier
    by_order = attrs.evolve(filter, order_id_prefix=prefix)
    if queries.orders(by_order, limit=1).items:
        return by_order
    requests = queries.requests(RequestFilter(account_id=filter.account_id, request_id_prefix=prefix), limit=1).items
    order_id = next((request.order_id for request in requests), None)
    return by_order if order_id is None else attrs.evolve(filter, order_id_prefix=id_prefix("id", order_id))
