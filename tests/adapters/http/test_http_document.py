"""The OpenAPI document: committed, complete, and correct."""

import json
import re
from pathlib import Path

import pytest
from http_client import make_client, register_instrument
from jsonschema import Draft202012Validator

from sot.adapters.http.app import openapi_document
from sot.adapters.http.problems import PROBLEMS
from sot.adapters.http.route import TransactionMode
from sot.adapters.http.routes import ROUTES
from sot.adapters.http.schemas.descriptions import unused_descriptions
from sot.adapters.http.schemas.schema_refs import VOCABULARIES

COMMITTED = Path(__file__).parents[3] / "docs" / "reference" / "openapi.json"
OPERATIONS = [
    (path, method, operation)
    for path, item in openapi_document()["paths"].items()
    for method, operation in item.items()
]
WITH_BODIES = [route for route in ROUTES if route.body is not None]


def test_the_committed_document_is_current():
    """`make docs` writes it, so that a change of the interface shows as a difference."""
    assert json.loads(COMMITTED.read_text("utf-8")) == openapi_document()


def test_the_server_returns_the_document(client):
    assert client.get("/sot/openapi.json").json() == openapi_document()
    assert client.app.openapi() == openapi_document()


def test_every_reference_resolves():
    text = json.dumps(openapi_document())
    for reference in set(re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', text)):
        assert reference[1] in openapi_document()["components"][reference[0]], reference


def test_every_schema_is_valid():
    components = openapi_document()["components"]
    for schema in components["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for route in WITH_BODIES:
        Draft202012Validator.check_schema(route.body)


def test_everything_is_described():
    document = openapi_document()
    schemas = document["components"]["schemas"]
    assert not unused_descriptions(schemas)
    fields = [
        (name, field, schema)
        for name, parent in schemas.items()
        for field, schema in parent.get("properties", {}).items()
    ]
    assert len(fields) > 500
    assert not [(name, field) for name, field, schema in fields if not schema.get("description")]
    assert not [
        name for name, schema in schemas.items() if "properties" not in schema and not schema.get("description")
    ]
    assert all(tag["description"] for tag in document["tags"])
    assert {tag["name"] for tag in document["tags"]} == {
        tag for _, _, operation in OPERATIONS for tag in operation["tags"]
    }
    assert all(parameter["description"] for _, _, operation in OPERATIONS for parameter in operation["parameters"])


def test_every_vocabulary_has_one_schema():
    """A vocabulary occurs in the document once, so that a client has one type for it."""
    document = openapi_document()
    enumerations = {name for name, schema in document["components"]["schemas"].items() if "enum" in schema}
    assert enumerations == {"ProblemCode", *VOCABULARIES} - {
        "AccessScope",
        "GainFlag",
        "IdentifierKind",
        "ReconciliationType",
    }
    assert json.dumps(document).count('"enum"') == len(enumerations)


def test_every_component_is_referenced():
    text = json.dumps(openapi_document())
    for kind in ("schemas", "responses", "headers"):
        for name in openapi_document()["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name


def test_operation_ids_are_unique():
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names) == len(ROUTES)
    assert all(operation["summary"] and operation["tags"] for _, _, operation in OPERATIONS)


def test_links_name_existing_operations_and_fields():
    parameters = {
        operation["operationId"]: {parameter["name"] for parameter in operation["parameters"]}
        for _, _, operation in OPERATIONS
    }
    schemas = openapi_document()["components"]["schemas"]
    count = 0
    for _, _, operation in OPERATIONS:
        for response in operation["responses"].values():
            for link in response.get("links", {}).values():
                count += 1
                assert set(link["parameters"]) <= parameters[link["operationId"]]
                (content,) = response["content"].values()
                schema = schemas[content["schema"]["$ref"].rsplit("/", 1)[1]]
                for expression in link["parameters"].values():
                    assert expression.removeprefix("$response.body#/").partition("/")[0] in schema["properties"]
    assert count > 20


def test_operations_with_a_key_document_401():
    for _, _, operation in OPERATIONS:
        assert ("401" in operation["responses"]) == bool(operation["security"])


def test_every_problem_is_documented():
    """Except for those that no route raises: unknown paths and methods."""
    responses = openapi_document()["components"]["responses"].values()
    text = " ".join(response["description"] for response in responses)
    missing = {kind.slug for kind in PROBLEMS if f"`{kind.slug}`" not in text}
    assert missing == {"no-such-path", "method-not-allowed"}


@pytest.mark.parametrize("route", WITH_BODIES, ids=lambda route: route.name)
def test_examples_match_their_schemas(route):
    assert route.example is not None
    schema = {**route.body, "components": openapi_document()["components"]}
    assert not [error.message for error in Draft202012Validator(schema).iter_errors(route.example)]


def test_the_server_accepts_the_examples(store):
    """Those that need nothing but an instrument."""
    client = register_instrument(make_client(store), venue="BINANCE")
    register_instrument(client)
    for name in ("submitRequest", "recordReport", "registerInstrument", "recordAccountEvent"):
        route = next(route for route in ROUTES if route.name == name)
        response = client.post(route.path, json=route.example)
        assert response.status_code in (200, 201), response.text


def test_amounts_are_strings_everywhere():
    """All JSON numbers are integers."""
    assert '"type": "number"' not in json.dumps(openapi_document())


def test_the_server_rejects_what_the_schemas_reject(client):
    """One property of the example at a time, with values of other types."""
    route = next(route for route in ROUTES if route.name == "submitRequest")
    values = [1, 1.5, True, "", "x" * 5000, [], {}, ["a"], {"a": 1}, "\u0000", "1e5", " 1", None]
    for name in route.body["properties"]:
        schema = {**route.body, "components": openapi_document()["components"]}
        validator = Draft202012Validator(schema)
        for value in values:
            body = {**route.example, "client_order_id": f"{name}-{values.index(value)}", name: value}
            if "limit_price" in body and body["limit_price"] is not None:
                body.pop("price", None)
            if not validator.is_valid(body):
                response = client.post(route.path, json=body)
                assert response.status_code in (422, 400, 404), (name, value, response.text)


def test_every_transaction_mode_is_used():
    assert {route.transaction for route in ROUTES} == set(TransactionMode)
