"""Operations of the document: parameters, bodies, responses and problems of a route."""

from collections.abc import Mapping, Sequence
from typing import Any

from sot.adapters.http import http_errors
from sot.adapters.http.idempotency import PATTERN as IDEMPOTENCY_KEY_PATTERN
from sot.adapters.http.openapi.components import body_schema_name
from sot.adapters.http.parameters import Parameter
from sot.adapters.http.problems import PROBLEM_JSON, PROBLEMS, problem_type_of
from sot.adapters.http.route import IdempotencyUse, ResponseSpec, Route, TransactionMode
from sot.adapters.http.schemas.schema_refs import Schema, schema_ref
from sot.domain.values import errors
from sot.domain.values.errors import InvalidInput, NotFound, SotError

_PATH_DESCRIPTIONS: Mapping[str, str] = {
    "order_id": "The order.",
    "request_id": "The request.",
    "finding_id": "The finding.",
    "report_id": "The waiting report.",
    "slug": "The name of the type: the `code` of a problem.",
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": IDEMPOTENCY_KEY_PATTERN},
}
_IDEMPOTENCY_DESCRIPTIONS: Mapping[IdempotencyUse, str] = {
    IdempotencyUse.OPTIONAL: "With it, a repeat gets the recorded response.",
    IdempotencyUse.INTENT: "A repeat gets the recorded response. The key of the intent, too, if the body has none.",
    IdempotencyUse.REQUIRED: "Required: a repeat is recognised by it, and gets the recorded response.",
}
_PROBLEM_HEADERS: Mapping[int, Sequence[str]] = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    409: ("Retry-After",),
    412: ("ETag",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def operation_object(route: Route) -> dict[str, Any]:
    """Return the operation object of a route."""
    path_parameters = [_path_parameter(name) for name in route.path_parameters]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": [*path_parameters, *map(_query_parameter, route.query), *_header_parameters(route)],
        "responses": {**_success_responses(route), **_problem_refs(route)},
    }
    scope = "" if route.scope is None else f"Needs the scope `{route.scope.lower()}`."
    description = " ".join(part for part in (route.description, scope) if part)
    if description:
        operation["description"] = description
    if route.body is not None:
        content: dict[str, Any] = {"schema": schema_ref(body_schema_name(route))}
        if route.example is not None:
            content["examples"] = {"usual": {"value": route.example}}
        operation["requestBody"] = {"required": route.body_required, "content": {"application/json": content}}
    operation["security"] = [] if route.scope is None else [{"key": []}]
    return operation


# ---------------------------------------------------------------------------------------------------------- parameters


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1} if name == "slug" else schema_ref("Id")
    return {"name": name, "in": "path", "required": True, "description": _PATH_DESCRIPTIONS[name], "schema": schema}


def _query_parameter(parameter: Parameter) -> dict[str, Any]:
    parameter_object: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": parameter.schema,
    }
    if parameter.required:
        parameter_object["required"] = True
    return parameter_object


def _header_parameters(route: Route) -> list[dict[str, Any]]:
    headers: list[dict[str, Any]] = []
    if route.idempotency is not IdempotencyUse.IGNORED:
        required = {"required": True} if route.idempotency is IdempotencyUse.REQUIRED else {}
        description = _IDEMPOTENCY_DESCRIPTIONS[route.idempotency]
        headers.append({**_IDEMPOTENCY_KEY, "description": description, **required})
    if route.conditional:
        headers.append(_header_parameter("If-None-Match", "Entity tags that the client has: 304 if one is current."))
    if route.supports_if_match:
        description = "The entity tag that the order must have, as from `GET /sot/orders/{order_id}`."
        headers.append(_header_parameter("If-Match", description))
    if route.transaction is TransactionMode.STREAM:
        headers.append(_header_parameter("Last-Event-ID", "The id of the last received message.", "^[0-9]{0,18}$"))
    return headers


def _header_parameter(name: str, description: str, pattern: str = "") -> dict[str, Any]:
    schema = {"type": "string", **({"pattern": pattern} if pattern else {})}
    return {"name": name, "in": "header", "description": description, "schema": schema}


# ----------------------------------------------------------------------------------------------------------- responses


def _success_responses(route: Route) -> dict[str, Any]:
    responses = {str(status): _success_response(route, spec) for status, spec in route.responses.items()}
    if route.conditional:
        responses["304"] = {"description": "The client's version is current.", "headers": _header_refs(["ETag"])}
    return responses


def _success_response(route: Route, spec: ResponseSpec) -> dict[str, Any]:
    header_names = ["X-Request-Id", *spec.headers]
    if route.conditional or not route.is_get:
        header_names.append("ETag")
    if route.idempotency is not IdempotencyUse.IGNORED:
        header_names.append("Idempotency-Replayed")
    schema: Schema = {} if spec.schema is None else schema_ref(spec.schema)
    response: dict[str, Any] = {
        "description": spec.description,
        "headers": _header_refs(header_names),
        "content": {route.media_type.partition(";")[0]: {"schema": schema}},
    }
    if spec.links:
        response["links"] = {
            link.to: {"operationId": link.to, "parameters": {link.parameter: f"$response.body#/{link.field}"}}
            for link in spec.links
        }
    return response


def _header_refs(names: Sequence[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


# ------------------------------------------------------------------------------------------------------------ problems


def errors_of(route: Route) -> list[type[SotError]]:
    """Return the errors that a request to a route may cause."""
    classes: list[type[SotError]] = [http_errors.InvalidParameter, http_errors.Misdirected, http_errors.ServerError]
    classes.append(http_errors.ServerBusy)
    if route.scope is not None:
        classes += [http_errors.NotAuthenticated, http_errors.NotAllowed, InvalidInput]
    if route.scope is not None or route.name == "getReadiness":
        classes += [errors.StoreError, errors.StoreDamaged]
    if any(parameter.name == "page_token" for parameter in route.query):
        classes.append(http_errors.InvalidPageToken)
    if route.path_parameters or "account_id" in route.body_fields or route.name == "prove":
        classes.append(NotFound)
    if route.name == "getPnl":
        classes.append(http_errors.NoSnapshot)
    if not route.is_get:
        classes += [http_errors.MalformedBody, http_errors.BodyTooLarge, http_errors.UnsupportedMediaType]
        classes.append(http_errors.BodyTooSlow)
        classes += [errors.ConcurrentUpdate, errors.CommitUnknown]
    if route.idempotency is not IdempotencyUse.IGNORED:
        classes += [http_errors.IdempotencyKeyInvalid, http_errors.IdempotencyKeyReused]
        classes += [http_errors.IdempotencyKeyMissing] if route.idempotency is not IdempotencyUse.OPTIONAL else []
        classes += [http_errors.InProgress] if route.transaction is TransactionMode.OWN else []
    if route.transaction is TransactionMode.STREAM:
        classes.append(http_errors.TooManyStreams)
    if route.supports_if_match:
        classes.append(http_errors.PreconditionFailed)
    return [*classes, *route.problems]


def problem_responses(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the error responses of all routes by name; routes with the same problems share one."""
    responses = {
        _problem_response_name(status, slugs): _problem_response(status, slugs)
        for route in routes
        for status, slugs in _problems_by_status(route).items()
    }
    return dict(sorted(responses.items()))


def _problems_by_status(route: Route) -> Mapping[int, Sequence[str]]:
    kinds = [problem_type_of(error) for error in errors_of(route)]
    slugs: dict[int, list[str]] = {}
    for kind in PROBLEMS:
        if kind in kinds:
            slugs.setdefault(kind.status, []).append(kind.slug)
    return dict(sorted(slugs.items()))


def _problem_refs(route: Route) -> dict[str, Any]:
    return {
        str(status): {"$ref": f"#/components/responses/{_problem_response_name(status, slugs)}"}
        for status, slugs in _problems_by_status(route).items()
    }


def _problem_response_name(status: int, slugs: Sequence[str]) -> str:
    return ".".join((str(status), *slugs))


def _problem_response(status: int, slugs: Sequence[str]) -> dict[str, Any]:
    header_names = ["X-Request-Id", *_PROBLEM_HEADERS.get(status, ())]
    return {
        "description": "Types: " + ", ".join(f"`{slug}`" for slug in slugs),
        "headers": _header_refs(header_names),
        "content": {PROBLEM_JSON: {"schema": schema_ref("Problem")}},
    }
