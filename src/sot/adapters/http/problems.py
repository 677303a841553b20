"""What can go wrong, as problem details (RFC 9457): one table from the errors of `sot` to status, type and title."""

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from sot.adapters.http.refusals import (
    BodyTooLarge,
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
    ServerError,
    UnsupportedMediaType,
)
from sot.adapters.http.route import Route
from sot.domain.values import errors
from sot.domain.values.errors import InvalidInput, NotFound, SotError

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_SECONDS = 1
_LONGEST_DETAIL = 600


@attrs.frozen
class ProblemType:
    """A kind of problem: where it comes from, its status, its name in addresses, its title, and what to do."""

    error: type[SotError]
    status: int
    slug: str
    title: str
    advice: str


PROBLEMS: Sequence[ProblemType] = (
    ProblemType(
        MalformedBody, 400, "malformed-body", "The body is not JSON as it has to be",
        "Send one JSON object in UTF-8, each key of an object once, without NaN and Infinity.",
    ),
    ProblemType(
        InvalidParameter, 400, "invalid-parameter", "A query parameter is not allowed",
        "Give only parameters that the path has, each once unless it says otherwise, with an allowed value. Nothing "
        "unknown is ignored, so that a misspelt filter cannot pass for an answer.",
    ),
    ProblemType(
        InvalidPageToken, 400, "invalid-page-token", "The page token is not of this list",
        "Give `page_token` as the page before gave it, with the same other parameters; or begin anew without it.",
    ),
    ProblemType(
        IdempotencyKeyMissing, 400, "idempotency-key-missing", "The request needs an Idempotency-Key",
        "Give the header `Idempotency-Key`, or a key in the body where there is one, and the same again with every "
        "repetition of the request.",
    ),
    ProblemType(
        IdempotencyKeyInvalid, 400, "idempotency-key-invalid", "The Idempotency-Key cannot be read",
        "Give 1 to 255 printable ASCII characters, bare or as a quoted string.",
    ),
    ProblemType(
        NotAuthenticated, 401, "not-authenticated", "A key is needed",
        "Give `Authorization: Bearer` with a key that was made by `sot keys create` and was not revoked.",
    ),
    ProblemType(
        NotAllowed, 403, "not-allowed", "The key does not allow this",
        "Use a key with the scope that `scope` names.",
    ),
    ProblemType(
        NotFound, 404, "not-found", "Nothing is known under this name",
        "Check the name. What belongs to an account that is not the key's is not found either.",
    ),
    ProblemType(
        NoSnapshot, 404, "no-snapshot", "No profit and loss was recorded yet",
        "Give a `mark` to have it computed, or record one by `POST /sot/orders/{order_id}/marks`.",
    ),
    ProblemType(
        RouteNotFound, 404, "no-such-path", "There is nothing at this path", "See the OpenAPI document.",
    ),
    ProblemType(
        MethodNotAllowed, 405, "method-not-allowed", "Nothing is done here by this method",
        "Use a method that `Allow` lists. Facts are never changed or deleted.",
    ),
    ProblemType(
        errors.Conflict, 409, "conflict", "The name stands for something else",
        "Another intent or fact needs another name; `differs` lists the fields that are not the same.",
    ),
    ProblemType(
        errors.IllegalTransition, 409, "illegal-transition", "The order's state does not allow this",
        "Look at the order. Nothing was written.",
    ),
    ProblemType(
        errors.NotExecutable, 409, "not-executable", "The request cannot be executed",
        "It was denied or withdrawn; submit a new one.",
    ),
    ProblemType(
        InProgress, 409, "in-progress", "The same request is being worked on",
        "Wait as long as `Retry-After` says, then send the same again.",
    ),
    ProblemType(
        NoVenue, 409, "no-venue", "This server has no venue",
        "Start it with a venue, or execute where there is one and record its reports.",
    ),
    ProblemType(
        PreconditionFailed, 412, "precondition-failed", "The order has changed",
        "Read it again; if it is still right, repeat the request with the new ETag.",
    ),
    ProblemType(
        BodyTooLarge, 413, "body-too-large", "The body is too large", "Send at most as many bytes as `limit` says.",
    ),
    ProblemType(
        UnsupportedMediaType, 415, "unsupported-media-type", "The body is not declared as JSON",
        "Send `Content-Type: application/json`, in UTF-8, without a content encoding.",
    ),
    ProblemType(
        Misdirected, 421, "misdirected", "The request was meant for another host",
        "Without keys the server answers on loopback names only. Make a key to be reached by other names.",
    ),
    ProblemType(
        IdempotencyKeyReused, 422, "idempotency-key-reused", "The Idempotency-Key was used for something else",
        "Use a new key for another request.",
    ),
    ProblemType(
        InvalidInput, 422, "invalid-input", "The request makes no sense, or cannot be read exactly",
        "Change what `errors` points to. Amounts are strings, times have an offset, unknown fields are refused.",
    ),
    ProblemType(
        ServerError, 500, "internal-error", "Something went wrong here",
        "Nothing is known about it but its `request_id`, under which the server's log tells more.",
    ),
    ProblemType(
        errors.StoreDamaged, 500, "store-damaged", "What is stored cannot be read", "Run `sot verify`.",
    ),
    ProblemType(
        errors.ConcurrentUpdate, 503, "concurrent-update", "Others were faster, again and again",
        "Nothing was written. Send the same again after `Retry-After`.",
    ),
    ProblemType(
        errors.CommitUnknown, 503, "commit-unknown", "It is not known whether this was stored",
        "Send the same again, with the same key: what was stored is recognised and not done twice.",
    ),
    ProblemType(
        errors.StoreError, 503, "store-unavailable", "The store cannot be used", "Try again after `Retry-After`.",
    ),
)  # fmt: skip

BY_SLUG: Mapping[str, ProblemType] = {known.slug: known for known in PROBLEMS}
_BY_ERROR: Mapping[type[SotError], ProblemType] = {known.error: known for known in PROBLEMS}
_UNEXPECTED = _BY_ERROR[ServerError]


def problem_of(error: type[Exception]) -> ProblemType:
    """The kind of problem that an error is: that of its nearest class in the tree."""
    for cls in error.__mro__:
        if cls in _BY_ERROR:
            return _BY_ERROR[cls]
    return _UNEXPECTED


@attrs.frozen
class Problem:
    """A problem, ready to be sent."""

    type: ProblemType
    members: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def body(self) -> bytes:
        """The problem details as JSON."""
        return json.dumps(self.members, ensure_ascii=False).encode()


def problem(error: Exception, base: str, request_id: str, instance: str, route: Route | None = None) -> Problem:
    """What to answer to an error of a route, if one took the request; `base` is what problem types begin with."""
    kind = problem_of(type(error))
    if isinstance(error, InvalidInput) and route is not None:
        error = _at_its_place(error, route)
    members = {
        "type": base + kind.slug,
        "title": kind.title,
        "status": kind.status,
        "detail": _detail(error, kind),
        "instance": instance,
        "code": kind.slug,
        "request_id": request_id,
        **_facts(error),
    }
    headers = dict(error.headers) if isinstance(error, HttpRefusal) else {}
    if kind.status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return Problem(kind, members, headers)


_PARAMETERS = {"marks": "mark", "rates": "rate", "known_at": "as_of", "external_order_id": "order_id"}
"""What parameters are called that the history calls otherwise."""


def _at_its_place(error: InvalidInput, route: Route) -> InvalidInput | InvalidParameter:
    """The same of a parameter, unless it is a field of the body that is wrong."""
    field = error.field.partition(".")[0]
    name = _PARAMETERS.get(field, field)
    if field in route.fields or name not in route.parameters:
        return error
    return InvalidParameter(name, f"give {error.allowed}")


def _detail(error: Exception, kind: ProblemType) -> str:
    """What to say beside the title. What was given is not told again: it may be a secret, or not encodable."""
    if isinstance(error, InvalidInput):
        return _clean(f"{error.field}: give {error.allowed}")
    if isinstance(error, NotFound):
        return f"No {error.kind} is known under this name."
    if isinstance(error, errors.Conflict):
        with_others = f" with other {', '.join(error.differs)}" if error.differs else ""
        return _clean(f"{error.kind} is already recorded{with_others}; {error.hint or 'give another name'}.")
    if kind.status >= 500:
        return kind.advice
    return _clean(str(error))


def _clean(text: str) -> str:
    """A text for a person: names that a client made up may hold anything."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:_LONGEST_DETAIL])


def _facts(error: Exception) -> dict[str, Any]:
    """What an error carries, where it may be told."""
    if isinstance(error, InvalidInput):
        return {"errors": [{"pointer": pointer_to(error.field), "detail": _clean(f"give {error.allowed}")}]}
    if isinstance(error, InvalidParameter):
        return {"errors": [{"parameter": error.field, "detail": _clean(str(error))}]}
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


def pointer_to(field: str) -> str:
    """The JSON pointer (RFC 6901, as a fragment) of a field that an error names, such as `fees.1.amount`."""
    parts = [part for part in field.split(".") if part and not part[0].isupper()]
    return "#/" + _clean("/".join(part.replace("~", "~0").replace("/", "~1") for part in parts))


def page_of(kind: ProblemType) -> str:
    """The page at the address of a kind of problem, for people."""
    title, advice = html.escape(kind.title), html.escape(kind.advice)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><h1>{title}</h1>"
        f"<p>Status {kind.status}, code <code>{kind.slug}</code>.</p><p>{advice}</p></body></html>\n"
    )
