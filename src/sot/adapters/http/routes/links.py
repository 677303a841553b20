"""Links of the OpenAPI document from responses to the operations on their order or request."""

from collections.abc import Sequence

from sot.adapters.http.route import Link


def _links(parameter: str, operations: Sequence[str]) -> Sequence[Link]:
    return tuple(Link(to=operation, parameter=parameter, field=parameter) for operation in operations)


ORDER_LINKS = _links(
    "order_id",
    (
        "getOrder",
        "getPnl",
        "getEvents",
        "requestCancel",
        "requestReplace",
        "recordMark",
        "voidEvent",
        "resolveOrder",
        "attributeOrder",
    ),
)
"""From the response to an execution or a record."""

ORDER_PART_LINKS = _links(
    "order_id", ("getEvents", "getFills", "getCosts", "getPnl", "getTimeline", "requestCancel", "recordMark")
)
"""From an order to its parts."""

EXECUTE_LINKS = _links("request_id", ("executeRequest",))
"""From a request to its execution."""

REQUEST_LINKS = _links(
    "request_id",
    (
        "executeRequest",
        "getRequest",
        "addRiskCheck",
        "withdrawRequest",
        "recordSent",
        "recordFailed",
        "recordUnknown",
    ),
)
"""From a new request."""
