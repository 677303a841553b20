"""The document as a whole: its general information, tags, paths and components."""

from collections.abc import Mapping, Sequence
from typing import Any

from sot.adapters.http.openapi.components import component_schemas
from sot.adapters.http.openapi.operations import operation_object, problem_responses
from sot.adapters.http.route import Route

TITLE = "sot"
VERSION = "1.0.0"
_DESCRIPTION = """\
The history of orders as immutable facts: what was intended, sent, reported and executed. A typical sequence: register
an instrument (`POST /sot/instruments`), submit an intent (`POST /sot/order-requests`), execute it
(`POST /sot/execute/{request_id}`), and read the order (`GET /sot/orders/{order_id}`).

- **Keys.** `Authorization: Bearer sot_...`, made by `sot keys create`, with scopes and accounts. Rows of other accounts
  are not found.
- **Amounts** are strings, never JSON numbers. **Times** are RFC 3339 with an offset; in responses they are UTC with six
  fraction digits.
- **Problems** are `application/problem+json` (RFC 9457); each `type` is the URI of a page with advice.
- **Repeats.** A repeated request adds nothing, and its response has `Idempotency-Replayed: true`. With an
  `Idempotency-Key` the response is recorded, and a repeat gets the same one.
- **Unknown** fields and parameters are rejected. Responses may get new fields.
- **HEAD** is supported wherever GET is, with the same status and headers and no body; it is not listed separately.
- **`X-Request-Id`** and `traceparent` are stored with the events that a request causes.
"""
_TAGS: Mapping[str, str] = {
    "Orders": "Orders that were sent to a venue or found there: state, events, executions, costs, profit and loss.",
    "Requests": "Intents to place, replace or cancel an order, with their risk checks.",
    "Instruments": "The instruments and their versions.",
    "Execution": "Executing requests at the server's venue, and recovering missing answers.",
    "Execution elsewhere": "For applications that call venues themselves: recording submissions and reports.",
    "Corrections": "Facts that a person adds to correct others; nothing is ever changed.",
    "Accounting": "Positions, results and costs over many orders, and account events.",
    "Reconciliation": "Comparing the history with the venue, and the findings.",
    "Audit": "Checkpoints that seal all facts, and proofs that a fact is sealed.",
    "Events": "The feed of the events of all orders, in pages or as a stream.",
    "Server": "The server itself; open to everybody, except for its figures.",
}
_HEADERS: Mapping[str, str] = {
    "X-Request-Id": "The id of the request: the client's, or a new one.",
    "ETag": "The entity tag.",
    "Location": "The URL of the order or of the request.",
    "Link": "The next page (RFC 8288), if there is one.",
    "Retry-After": "In how many seconds to try again.",
    "Idempotency-Replayed": "`true` if the effect had been recorded before.",
    "WWW-Authenticate": "The required authentication (RFC 6750).",
}


def build_document(routes: Sequence[Route]) -> dict[str, Any]:
    """Build the OpenAPI document of a table of routes."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation_object(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": VERSION,
            "summary": "The order history of a trading application.",
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "The server that this document comes from."}],
        "tags": [{"name": tag, "description": _TAGS[tag]} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "components": {
            "schemas": component_schemas(routes),
            "responses": problem_responses(routes),
            "headers": {
                name: {"description": description, "schema": {"type": "string"}}
                for name, description in _HEADERS.items()
            },
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "sot_ID_SECRET",
                    "description": (
                        "A key made by `sot keys create`. While a store has no key, a server on a loopback address "
                        "requires none."
                    ),
                }
            },
        },
    }
