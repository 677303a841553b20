"""The OpenAPI document (3.1.0), made of the table of routes."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sot.adapters.http import refusals
from sot.adapters.http.components import body_name, schemas
from sot.adapters.http.idempotency import PATTERN as KEY_PATTERN
from sot.adapters.http.named import Schema, named
from sot.adapters.http.problems import PROBLEM_JSON, PROBLEMS, problem_of
from sot.adapters.http.route import Keyed, Parameter, Route, Told, Work
from sot.adapters.http.routes import ROUTES
from sot.domain.values import errors
from sot.domain.values.errors import InvalidInput, NotFound, SotError

TITLE = "sot"
VERSION = "1.0.0"
_ABOUT = """\
What was intended, sent, answered and traded, as facts that never change. The usual way: register an instrument
(`POST /sot/instruments`), submit an intent (`POST /sot/order-requests`), execute it
(`POST /sot/execute/{request_id}`), and look at the order that came of it (`GET /sot/orders/{order_id}`).

- **Keys.** `Authorization: Bearer sot_...`, made by `sot keys create`, with scopes and accounts. What belongs to other
  accounts is not found.
- **Amounts** are strings, never JSON numbers. **Times** are RFC 3339 with an offset; they are answered in UTC with six
  fraction digits.
- **Problems** are `application/problem+json` (RFC 9457); each `type` is the address of a page that says what to do.
- **Repeats.** What is sent again adds nothing, and `Idempotency-Replayed: true` says so. Recorded answers are kept.
- **Unknown** fields and parameters are refused. New fields may appear in answers.
- **HEAD** works wherever GET does, with the same status and headers and no body; it is not listed by itself.
- **`X-Request-Id`** and `traceparent` are kept with the events that a request causes.
"""
_TAGS: Mapping[str, str] = {
    "Orders": "What was sent to a venue, or found there, and what is known of it.",
    "Requests": "Intents: what is to be sent, or to be cancelled or replaced, and what checks say of it.",
    "Instruments": "What is traded, and how it is valued.",
    "Execution": "Sending requests to the server's own venue, and asking it about what has no answer.",
    "Execution elsewhere": "For applications that talk to venues themselves: recording what was sent and answered.",
    "Corrections": "What a person adds to what was recorded; nothing is ever changed.",
    "Accounting": "Positions, results and costs over many orders, and what moves them without one.",
    "Reconciliation": "Comparing the history with the venue, and what was found.",
    "Audit": "Checkpoints over everything that is kept, and proofs that a fact is under one.",
    "Events": "The feed of all events, once each, in pages or as a stream.",
    "Server": "What the server tells of itself, to anybody.",
}
_PATH_WORDS: Mapping[str, str] = {
    "order_id": "The order.",
    "request_id": "The request.",
    "finding_id": "The finding.",
    "slug": "The name of the type: `code` of a problem.",
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
}
_KEY_WORDS: Mapping[Keyed, str] = {
    Keyed.ALLOWED: "With it, a repeat is answered as it was the first time.",
    Keyed.INTENT: "The key of the intent, where the body has none; a repeat is answered as it was the first time.",
    Keyed.NEEDED: "Needed: it tells a repeat, which is answered as it was the first time.",
}
_HEADERS: Mapping[str, tuple[str, str]] = {
    "X-Request-Id": ("The request's id: the client's, or a new one.", "string"),
    "ETag": ("The state of what is told.", "string"),
    "Location": ("Where to look at it.", "string"),
    "Link": ("The next page (RFC 8288), if there is one.", "string"),
    "Retry-After": ("In so many seconds.", "string"),
    "Idempotency-Replayed": ("`true`: it was done before.", "string"),
    "WWW-Authenticate": ("What kind of key is needed (RFC 6750).", "string"),
}


_OF_STATUS: Mapping[int, Sequence[str]] = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    409: ("Retry-After",),
    412: ("ETag",),
    503: ("Retry-After",),
}


@cache
def document() -> dict[str, Any]:
    """The document; the same for every server."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": VERSION,
            "summary": "The order history of a trading application.",
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "The server that this document comes from."}],
        "tags": [{"name": tag, "description": _TAGS[tag]} for tag in dict.fromkeys(route.tag for route in ROUTES)],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "responses": _problem_answers(),
            "headers": {
                name: {"description": about, "schema": {"type": kind}} for name, (about, kind) in _HEADERS.items()
            },
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "sot_ID_SECRET",
                    "description": (
                        "A key made by `sot keys create`. While a store has no key at all, a server on loopback asks "
                        "for none."
                    ),
                }
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    path = [_path_parameter(name) for name in route.path_names]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": [*path, *map(_query_parameter, route.query), *_headers(route)],
        "responses": {**_successes(route), **_problems(route)},
    }
    said = " ".join(part for part in (route.about, _scope_words(route)) if part)
    if said:
        operation["description"] = said
    if route.body is not None:
        content: dict[str, Any] = {"schema": named(body_name(route))}
        if route.example is not None:
            content["examples"] = {"usual": {"value": route.example}}
        operation["requestBody"] = {"required": route.body_needed, "content": {"application/json": content}}
    operation["security"] = [] if route.scope is None else [{"key": []}]
    return operation


def _scope_words(route: Route) -> str:
    return "" if route.scope is None else f"Needs the scope `{route.scope.lower()}`."


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1} if name == "slug" else named("Id")
    return {"name": name, "in": "path", "required": True, "description": _PATH_WORDS[name], "schema": schema}


def _query_parameter(parameter: Parameter) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "schema": parameter.schema,
    }
    if parameter.required:
        told["required"] = True
    return told


def _headers(route: Route) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    if route.keyed is not Keyed.NOT:
        needed = {"required": True} if route.keyed is Keyed.NEEDED else {}
        told.append({**_IDEMPOTENCY_KEY, "description": _KEY_WORDS[route.keyed], **needed})
    if route.conditional:
        told.append(_header("If-None-Match", "Tags that the client has: 304 if it still is one of them."))
    if route.matching:
        told.append(_header("If-Match", "The tag that the order has to have, as `GET /sot/orders/{order_id}` gave it."))
    if route.work is Work.STREAM:
        told.append(_header("Last-Event-ID", "Where to go on: the id of the last message.", "^[0-9]{0,18}$"))
    return told


def _header(name: str, about: str, pattern: str = "") -> dict[str, Any]:
    schema = {"type": "string", **({"pattern": pattern} if pattern else {})}
    return {"name": name, "in": "header", "description": about, "schema": schema}


# ------------------------------------------------------------------------------------------------------------- answers


def _successes(route: Route) -> dict[str, Any]:
    answers = {str(status): _success(route, told) for status, told in route.told.items()}
    if route.conditional:
        answers["304"] = {"description": "It is as the client has it.", "headers": _header_refs(["ETag"])}
    return answers


def _success(route: Route, told: Told) -> dict[str, Any]:
    names = ["X-Request-Id", *told.headers]
    if route.conditional or not route.reads:
        names.append("ETag")
    if route.keyed is not Keyed.NOT:
        names.append("Idempotency-Replayed")
    schema: Schema = {} if told.shape is None else named(told.shape)
    answer: dict[str, Any] = {
        "description": told.about,
        "headers": _header_refs(names),
        "content": {route.media_type.partition(";")[0]: {"schema": schema}},
    }
    if told.links:
        answer["links"] = {
            link.to: {"operationId": link.to, "parameters": {link.parameter: f"$response.body#/{link.field}"}}
            for link in told.links
        }
    return answer


def _header_refs(names: Sequence[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def problems_of(route: Route) -> list[type[SotError]]:
    """What can go wrong in a route."""
    found: list[type[SotError]] = [refusals.InvalidParameter, refusals.Misdirected, refusals.ServerError]
    if route.scope is not None:
        found += [refusals.NotAuthenticated, refusals.NotAllowed, InvalidInput]
    if route.scope is not None or route.name == "getReadiness":
        found += [errors.StoreError, errors.StoreDamaged]
    if any(parameter.name == "page_token" for parameter in route.query):
        found.append(refusals.InvalidPageToken)
    if route.path_names or "account_id" in route.fields or route.name == "prove":
        found.append(NotFound)
    if route.name == "getPnl":
        found.append(refusals.NoSnapshot)
    if not route.reads:
        found += [refusals.MalformedBody, refusals.BodyTooLarge, refusals.UnsupportedMediaType]
        found += [errors.ConcurrentUpdate, errors.CommitUnknown]
    if route.keyed is not Keyed.NOT:
        found += [refusals.IdempotencyKeyInvalid, refusals.IdempotencyKeyReused]
        found += [refusals.IdempotencyKeyMissing] if route.keyed is not Keyed.ALLOWED else []
        found += [refusals.InProgress] if route.work is Work.CALL else []
    if route.matching:
        found.append(refusals.PreconditionFailed)
    return [*found, *route.problems]


def _by_status(route: Route) -> Mapping[int, Sequence[str]]:
    """The types of problems of a route, by status."""
    found = [problem_of(error) for error in problems_of(route)]
    by_status: dict[int, list[str]] = {}
    for known in PROBLEMS:
        if known in found:
            by_status.setdefault(known.status, []).append(known.slug)
    return dict(sorted(by_status.items()))


def _response_name(status: int, slugs: Sequence[str]) -> str:
    return ".".join((str(status), *slugs))


def _problems(route: Route) -> dict[str, Any]:
    told = _by_status(route)
    return {str(status): {"$ref": f"#/components/responses/{_response_name(status, told[status])}"} for status in told}


def _problem_answers() -> dict[str, Any]:
    """The answers that routes share."""
    iterate_pages = {
        _response_name(status, slugs): _problem_answer(status, slugs)
        for route in ROUTES
        for status, slugs in _by_status(route).items()
    }
    return dict(sorted(iterate_pages.items()))


def _problem_answer(status: int, slugs: Sequence[str]) -> dict[str, Any]:
    names = ["X-Request-Id", *_OF_STATUS.get(status, ())]
    return {
        "description": "Types: " + ", ".join(f"`{slug}`" for slug in slugs),
        "headers": _header_refs(names),
        "content": {PROBLEM_JSON: {"schema": named("Problem")}},
    }
