"""The schemas of the document, by name."""

import json
from collections.abc import Mapping
from typing import Any

from sot.adapters.http.meanings import told
from sot.adapters.http.named import SIMPLE, VOCABULARIES, Schema, named
from sot.adapters.http.problems import PROBLEMS
from sot.adapters.http.route import Route
from sot.adapters.http.routes import ROUTES
from sot.adapters.http.schemas import value_schema
from sot.adapters.http.shapes import SHAPES
from sot.domain.orders.request import DecisionContext, RiskCheck

_PROBLEM: Schema = {
    "type": "object",
    "description": "Problem details (RFC 9457). More members may tell more, by type.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": named("ProblemCode"),
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": named("ProblemError")},
        "differs": {"type": "array", "items": {"type": "string"}},
        "order_status": {"type": "string"},
        "event": {"type": "string"},
        "request_status": named("RequestStatus"),
        "reason": {"type": "string"},
        "outcome": {"type": "string", "const": "unknown"},
        "scope": {"type": "string"},
        "limit": {"type": "integer"},
    },
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
}
_PROBLEM_ERROR: Schema = {
    "type": "object",
    "description": "One thing that is wrong, with `pointer` or `parameter` for where it is.",
    "properties": {
        "pointer": {"type": "string"},
        "parameter": {"type": "string"},
        "detail": {"type": "string"},
    },
    "required": ["detail"],
}


def schemas() -> Mapping[str, Schema]:
    """What answers, bodies and problems are made of; of what has a name, that which is used somewhere."""
    made = {
        **_answered(),
        **{body_name(route): route.body for route in ROUTES if route.body is not None},
        "DecisionContext": value_schema(DecisionContext),
        "RiskCheck": value_schema(RiskCheck),
        "Problem": _PROBLEM,
        "ProblemError": _PROBLEM_ERROR,
        "ProblemCode": {
            "type": "string",
            "enum": [known.slug for known in PROBLEMS],
            "description": "The types of problems, each described at `/sot/problems/{slug}`.",
        },
    }
    queries = [parameter.schema for route in ROUTES for parameter in route.query]
    shared = {**SIMPLE, **VOCABULARIES}
    text = json.dumps([made, queries, SIMPLE])
    used = {name: schema for name, schema in shared.items() if f'/{name}"' in text}
    return {name: told(name, schema) for name, schema in sorted({**made, **used}.items())}


def body_name(route: Route) -> str:
    """The name of the schema of a route's body."""
    return f"{route.name[0].upper()}{route.name[1:]}Body"


def _answered() -> Mapping[str, Schema]:
    """The shapes; what can be asked of the past says which moment it tells of."""
    past = {
        answer.shape
        for route in ROUTES
        if any(parameter.name == "as_of" for parameter in route.query)
        for answer in route.told.values()
    }
    return {name: _with_moment(schema) if name in past else schema for name, schema in SHAPES.items()}


def _with_moment(schema: Schema) -> Schema:
    properties: dict[str, Any] = {**schema["properties"], "as_of": named("AsOf")}
    return {**schema, "properties": properties}
