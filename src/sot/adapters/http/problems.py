"""Errors as problem details (RFC 9457): one table from the errors of `sot` to status, type and title."""

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from sot.adapters.http.http_errors import (
    BodyTooLarge,
    BodyTooSlow,
    HttpRefusal,
    IdempotencyKeyInvalid,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    InProgress,
    InvalidPageToken,
    InvalidParameter,
    MalformedBody,
    MethodNotAllowed,
    Misdirected,
    NoSnapshot,
    NotAllowed,
    NotAuthenticated,
    NoVenue,
    PreconditionFailed,
    RouteNotFound,
    ServerBusy,
    ServerError,
    TooManyStreams,
    UnsupportedMediaType,
)
from sot.adapters.http.route import Route
from sot.domain.values import errors
from sot.domain.values.errors import InvalidInput, NotFound, SotError

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_SECONDS = 1
_MAX_DETAIL_CHARACTERS = 600


@attrs.frozen
class ProblemType:
    """A type of problem: the class of its errors, its status, its name in URIs, its title, and what to do about it."""

    error: type[SotError]
    status: int
    slug: str
    title: str
    advice: str


PROBLEMS: Sequence[ProblemType] = (
    ProblemType(
        MalformedBody, 400, "malformed-body", "The body is not a valid JSON object",
        "Send one JSON object in UTF-8, without repeated keys, NaN or Infinity.",
    ),
    ProblemType(
        InvalidParameter, 400, "invalid-parameter", "A query parameter is not allowed",
        "Use only parameters of this operation, each once unless it is repeatable, with an allowed value. Unknown "
        "parameters are rejected, so that a misspelt filter has no silent effect.",
    ),
    ProblemType(
        InvalidPageToken, 400, "invalid-page-token", "The page token is not valid for this list",
        "Send the `page_token` of the previous page with the same other parameters, or start again without it.",
    ),
    ProblemType(
        IdempotencyKeyMissing, 400, "idempotency-key-missing", "The request needs an Idempotency-Key",
        "Send the header `Idempotency-Key`, or a key in the body where it has one. Send the same key with each repeat.",
    ),
    ProblemType(
        IdempotencyKeyInvalid, 400, "idempotency-key-invalid", "The Idempotency-Key is malformed",
        "Send 1 to 255 printable ASCII characters, bare or as a quoted string.",
    ),
    ProblemType(
        NotAuthenticated, 401, "not-authenticated", "A valid API key is required",
        "Send `Authorization: Bearer` with a key that was made by `sot keys create` and is not revoked.",
    ),
    ProblemType(
        NotAllowed, 403, "not-allowed", "The API key lacks a scope",
        "Use a key with the scope that `scope` names.",
    ),
    ProblemType(
        NotFound, 404, "not-found", "Not found",
        "Check the id. What belongs to an account that the key has no access to is not found either.",
    ),
    ProblemType(
        NoSnapshot, 404, "no-snapshot", "No profit and loss has been recorded",
        "Send a `mark` to have it computed, or record one by `POST /sot/orders/{order_id}/marks`.",
    ),
    ProblemType(
        RouteNotFound, 404, "no-such-path", "No operation has this path", "See the OpenAPI document.",
    ),
    ProblemType(
        MethodNotAllowed, 405, "method-not-allowed", "The path does not support this method",
        "Use a method that `Allow` lists. Facts are never changed or deleted.",
    ),
    ProblemType(
        BodyTooSlow, 408, "body-too-slow", "The body did not arrive in time",
        "Send the same request again, with its body at once.",
    ),
    ProblemType(
        errors.Conflict, 409, "conflict", "The key or id is already in use",
        "Use another one for another intent or fact; `differs` lists the fields that differ from the recorded one.",
    ),
    ProblemType(
        errors.IllegalTransition, 409, "illegal-transition", "The order's status does not allow this",
        "Read the order. Nothing was recorded.",
    ),
    ProblemType(
        errors.NotExecutable, 409, "not-executable", "The request cannot be executed",
        "It was denied or withdrawn; submit a new one.",
    ),
    ProblemType(
        InProgress, 409, "in-progress", "The same request is in progress",
        "Wait as long as `Retry-After` says, then send the same request again.",
    ),
    ProblemType(
        NoVenue, 409, "no-venue", "This server has no venue",
        "Start the server with a venue, or execute elsewhere and record the venue's reports.",
    ),
    ProblemType(
        PreconditionFailed, 412, "precondition-failed", "The order has changed",
        "Read it again. If the request is still right, send it with the new ETag.",
    ),
    ProblemType(
        BodyTooLarge, 413, "body-too-large", "The body is too large", "Send at most `limit` bytes.",
    ),
    ProblemType(
        UnsupportedMediaType, 415, "unsupported-media-type", "The body is not declared as JSON",
        "Send `Content-Type: application/json`, in UTF-8, without a content encoding.",
    ),
    ProblemType(
        Misdirected, 421, "misdirected", "The request is for another host",
        "A server without keys accepts loopback names only. Make a key to use other names.",
    ),
    ProblemType(
        IdempotencyKeyReused, 422, "idempotency-key-reused", "The Idempotency-Key was used for another request",
        "Use a new key for another request.",
    ),
    ProblemType(
        InvalidInput, 422, "invalid-input", "The request is invalid",
        "Change what `errors` points to. Amounts are strings, times have an offset, unknown fields are rejected.",
    ),
    ProblemType(
        TooManyStreams, 429, "too-many-streams", "The API key has too many open streams",
        "Close a stream of this key, or try again after `Retry-After`. One stream carries all accounts of a key.",
    ),
    ProblemType(
        ServerError, 500, "internal-error", "Internal error",
        "The server's log has the cause under the `request_id`.",
    ),
    ProblemType(
        errors.StoreDamaged, 500, "store-damaged", "The store is damaged", "Run `sot verify`.",
    ),
    ProblemType(
        errors.ConcurrentUpdate, 503, "concurrent-update", "Concurrent updates prevented the request",
        "Nothing was recorded. Send the same request again after `Retry-After`.",
    ),
    ProblemType(
        errors.CommitUnknown, 503, "commit-unknown", "It is unknown whether the request was recorded",
        "Send the same request again with the same key: a repeat is recognised and adds nothing.",
    ),
    ProblemType(
        ServerBusy, 503, "server-busy", "The server has too much to do",
        "Nothing was recorded. Try again after `Retry-After`.",
    ),
    ProblemType(
        errors.StoreError, 503, "store-unavailable", "The store is unavailable", "Try again after `Retry-After`.",
    ),
)  # fmt: skip
"""Every type of problem, each with the class of its errors.

Rules: ERROR-3.
"""

BY_SLUG: Mapping[str, ProblemType] = {kind.slug: kind for kind in PROBLEMS}
_BY_ERROR: Mapping[type[SotError], ProblemType] = {kind.error: kind for kind in PROBLEMS}
_UNEXPECTED = _BY_ERROR[ServerError]


def problem_type_of(error: type[Exception]) -> ProblemType:
    """Return the problem type of an error class: that of its nearest base class.

    Rules: ERROR-3.
    """
    for cls in error.__mro__:
        if cls in _BY_ERROR:
            return _BY_ERROR[cls]
    return _UNEXPECTED


@attrs.frozen
class Problem:
    """Problem details, with the headers of their response."""

    type: ProblemType
    members: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def body(self) -> bytes:
        """The problem details as JSON."""
        return json.dumps(self.members, ensure_ascii=False).encode()


def build_problem(error: Exception, base: str, request_id: str, instance: str, route: Route | None = None) -> Problem:
    """Build the problem details of an error.

    Args:
        error: The error.
        base: The prefix of problem type URIs.
        request_id: The id of the HTTP request.
        instance: The path of the request.
        route: The route that raised it, if any.
    """
    kind = problem_type_of(type(error))
    if isinstance(error, InvalidInput) and route is not None:
        error = _as_parameter_error(error, route)
    members = {
        "type": base + kind.slug,
        "title": kind.title,
        "status": kind.status,
        "detail": _detail(error, kind),
        "instance": instance,
        "code": kind.slug,
        "request_id": request_id,
        **_extra_members(error),
    }
    headers = dict(error.headers) if isinstance(error, HttpRefusal) else {}
    if kind.status in (429, 503):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return Problem(kind, members, headers)


_PARAMETERS = {"marks": "mark", "rates": "rate", "known_at": "as_of", "external_order_id": "order_id"}
"""Parameters that have another name in the history."""


def _as_parameter_error(error: InvalidInput, route: Route) -> InvalidInput | InvalidParameter:
    """Turn an error about a parameter into InvalidParameter; one about a field of the body stays as it is."""
    field = error.field.partition(".")[0]
    name = _PARAMETERS.get(field, field)
    if field in route.body_fields or name not in route.parameter_names:
        return error
    return InvalidParameter(name, f"give {error.allowed}")


def _detail(error: Exception, kind: ProblemType) -> str:
    """The detail of a problem. It leaves out values of the client, which may be secret or not encodable."""
    if isinstance(error, InvalidInput):
        return printable(f"{error.field}: give {error.allowed}")
    if isinstance(error, NotFound):
        return f"No {error.kind} is known under this name."
    if isinstance(error, errors.Conflict):
        differences = f" with other {', '.join(error.differs)}" if error.differs else ""
        return printable(f"{error.kind} is already recorded{differences}; {error.hint or 'give another name'}.")
    if kind.status >= 500:
        return kind.advice
    return printable(str(error))


def printable(text: str) -> str:
    """The beginning of a text, with `?` for characters that are not printable: names of clients may have any."""
    return "".join(char if char.isprintable() else "?" for char in text[:_MAX_DETAIL_CHARACTERS])


def _extra_members(error: Exception) -> dict[str, Any]:
    """The members that an error adds to its problem details."""
    if isinstance(error, InvalidInput):
        return {"errors": [{"pointer": json_pointer(error.field), "detail": printable(f"give {error.allowed}")}]}
    if isinstance(error, InvalidParameter):
        return {"errors": [{"parameter": error.field, "detail": printable(str(error))}]}
    if isinstance(error, NotAllowed):
        return {"scope": error.scope}
    if isinstance(error, BodyTooLarge):
        return {"limit": error.limit}
    if isinstance(error, errors.Conflict):
        return {"differs": list(error.differs)}
    if isinstance(error, errors.IllegalTransition):
        return {"order_status": error.status, "event": error.event}
    if isinstance(error, errors.NotExecutable):
        return {"request_status": error.status, "reason": error.reason}
    if isinstance(error, errors.CommitUnknown):
        return {"outcome": "unknown"}
    return {}


def json_pointer(field: str) -> str:
    """Return the JSON pointer (RFC 6901, as a fragment) of a field such as `fees.1.amount`."""
    parts = [part for part in field.split(".") if part and not part[0].isupper()]
    return "#/" + printable("/".join(part.replace("~", "~0").replace("/", "~1") for part in parts))


def problem_page(kind: ProblemType) -> str:
    """Return the HTML page at the URI of a problem type."""
    title, advice = html.escape(kind.title), html.escape(kind.advice)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><h1>{title}</h1>"
        f"<p>Status {kind.status}, code <code>{kind.slug}</code>.</p><p>{advice}</p></body></html>\n"
    )
