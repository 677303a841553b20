"""The schemas of the document, by name."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sot.adapters.http.problems import PROBLEMS
from sot.adapters.http.route import Route
from sot.adapters.http.schemas.builders import body_schema
from sot.adapters.http.schemas.descriptions import describe
from sot.adapters.http.schemas.response_schemas import RESPONSE_SCHEMAS
from sot.adapters.http.schemas.schema_refs import SIMPLE_TYPES, VOCABULARIES, Schema, schema_ref
from sot.domain.orders.request import DecisionContext, RiskCheck

_PROBLEM: Schema = {
    "type": "object",
    "description": "Problem details (RFC 9457). Some types have more members.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": schema_ref("ProblemCode"),
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": schema_ref("ProblemError")},
        "differs": {"type": "array", "items": {"type": "string"}},
        "order_status": {"type": "string"},
        "event": {"type": "string"},
        "request_status": schema_ref("RequestStatus"),
        "reason": {"type": "string"},
        "outcome": {"type": "string", "const": "unknown"},
        "scope": {"type": "string"},
        "limit": {"type": "integer"},
    },
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
}
_PROBLEM_ERROR: Schema = {
    "type": "object",
    "description": "One error, with its `pointer` or `parameter`.",
    "properties": {
        "pointer": {"type": "string"},
        "parameter": {"type": "string"},
        "detail": {"type": "string"},
    },
    "required": ["detail"],
}


def component_schemas(routes: Sequence[Route]) -> Mapping[str, Schema]:
    """Return the schemas of responses, bodies and problems, and the shared schemas that those refer to."""
    schemas = {
        **_response_schemas(routes),
        **{body_schema_name(route): route.body for route in routes if route.body is not None},
        "DecisionContext": body_schema(DecisionContext),
        "RiskCheck": body_schema(RiskCheck),
        "Problem": _PROBLEM,
        "ProblemError": _PROBLEM_ERROR,
        "ProblemCode": {
            "type": "string",
            "enum": [kind.slug for kind in PROBLEMS],
            "description": "The types of problems, each described at `/sot/problems/{slug}`.",
        },
    }
    query_schemas = [parameter.schema for route in routes for parameter in route.query]
    text = json.dumps([schemas, query_schemas, SIMPLE_TYPES])
    used = {name: schema for name, schema in {**SIMPLE_TYPES, **VOCABULARIES}.items() if f'/{name}"' in text}
    return {name: describe(name, schema) for name, schema in sorted({**schemas, **used}.items())}


def body_schema_name(route: Route) -> str:
    """Return the name of the schema of a route's body."""
    return f"{route.name[0].upper()}{route.name[1:]}Body"


def _response_schemas(routes: Sequence[Route]) -> Mapping[str, Schema]:
    """The schemas of responses; those of routes with a past have the field `as_of`."""
    past = {
        response.schema
        for route in routes
        if any(parameter.name == "as_of" for parameter in route.query)
        for response in route.responses.values()
    }
    return {name: _with_as_of(schema) if name in past else schema for name, schema in RESPONSE_SCHEMAS.items()}


def _with_as_of(schema: Schema) -> Schema:
    properties: dict[str, Any] = {**schema["properties"], "as_of": schema_ref("AsOf")}
    return {**schema, "properties": properties}
