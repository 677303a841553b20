"""The OpenAPI document: committed, whole, and true."""

import json
import re
from pathlib import Path

import pytest
from http_house import registered, server
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


def test_it_is_the_one_that_is_committed():
    """A change of what is promised is to be seen: `make docs` writes it."""
    assert json.loads(COMMITTED.read_text("utf-8")) == openapi_document()


def test_servers_serve_it(client):
    assert client.get("/sot/openapi.json").json() == openapi_document()
    assert client.app.openapi() == openapi_document()


def test_every_reference_leads_somewhere():
    text = json.dumps(openapi_document())
    for reference in set(re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', text)):
        assert reference[1] in openapi_document()["components"][reference[0]], reference


def test_every_schema_is_one():
    components = openapi_document()["components"]
    for schema in components["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for route in WITH_BODIES:
        Draft202012Validator.check_schema(route.body)


def test_everything_is_described():
    told = openapi_document()
    schemas = told["components"]["schemas"]
    assert not unused_descriptions(schemas)
    fields = [
        (name, field, one) for name, schema in schemas.items() for field, one in schema.get("properties", {}).items()
    ]
    assert len(fields) > 500
    assert not [(name, field) for name, field, one in fields if not one.get("description")]
    assert not [
        name for name, schema in schemas.items() if "properties" not in schema and not schema.get("description")
    ]
    assert all(tag["description"] for tag in told["tags"])
    assert {tag["name"] for tag in told["tags"]} == {tag for _, _, one in OPERATIONS for tag in one["tags"]}
    assert all(parameter["description"] for _, _, one in OPERATIONS for parameter in one["parameters"])


def test_words_have_a_name():
    """A vocabulary stands in the document once, and is referred to: a client has one type for it."""
    told = openapi_document()
    named = {name for name, schema in told["components"]["schemas"].items() if "enum" in schema}
    assert named == {"ProblemCode", *VOCABULARIES} - {"AccessScope", "IdentifierKind", "ReconciliationType"}
    assert json.dumps(told).count('"enum"') == len(named)


def test_nothing_is_named_that_nothing_refers_to():
    text = json.dumps(openapi_document())
    for kind in ("schemas", "responses", "headers"):
        for name in openapi_document()["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name


def test_operations_have_names_of_their_own():
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names) == len(ROUTES)
    assert all(operation["summary"] and operation["tags"] for _, _, operation in OPERATIONS)


def test_links_lead_to_operations_and_from_fields_that_are_there():
    parameters = {
        operation["operationId"]: {parameter["name"] for parameter in operation["parameters"]}
        for _, _, operation in OPERATIONS
    }
    shapes = openapi_document()["components"]["schemas"]
    count = 0
    for _, _, operation in OPERATIONS:
        for answer in operation["responses"].values():
            for link in answer.get("links", {}).values():
                count += 1
                assert set(link["parameters"]) <= parameters[link["operationId"]]
                (content,) = answer["content"].values()
                shape = shapes[content["schema"]["$ref"].rsplit("/", 1)[1]]
                for expression in link["parameters"].values():
                    assert expression.removeprefix("$response.body#/").partition("/")[0] in shape["properties"]
    assert count > 20


def test_whoever_needs_a_key_is_told_so():
    for _, _, operation in OPERATIONS:
        assert ("401" in operation["responses"]) == bool(operation["security"])


def test_every_problem_is_told_of_somewhere():
    """But those that no route gives: nothing at a path, a method that does nothing."""
    told = " ".join(answer["description"] for answer in openapi_document()["components"]["responses"].values())
    missing = {known.slug for known in PROBLEMS if f"`{known.slug}`" not in told}
    assert missing == {"no-such-path", "method-not-allowed"}


@pytest.mark.parametrize("route", WITH_BODIES, ids=lambda route: route.name)
def test_examples_are_as_their_schemas_say(route):
    assert route.example is not None
    schema = {**route.body, "components": openapi_document()["components"]}
    assert not [error.message for error in Draft202012Validator(schema).iter_errors(route.example)]


def test_examples_are_taken(kept):
    """Where an example needs nothing but an instrument, the server takes it."""
    client = registered(server(kept), venue="BINANCE")
    registered(client)
    for name in ("submitRequest", "recordReport", "registerInstrument", "recordAccountEvent"):
        route = next(route for route in ROUTES if route.name == name)
        response = client.post(route.path, json=route.example)
        assert response.status_code in (200, 201), response.text


def test_amounts_are_strings_everywhere():
    """No schema has a JSON number that is not whole."""
    assert '"type": "number"' not in json.dumps(openapi_document())


def test_what_the_schemas_refuse_the_server_refuses(client):
    """A property of the usual body at a time, with values of other kinds."""
    route = next(route for route in ROUTES if route.name == "submitRequest")
    others = [1, 1.5, True, "", "x" * 5000, [], {}, ["a"], {"a": 1}, "\u0000", "1e5", " 1", None]
    for name in route.body["properties"]:
        schema = {**route.body, "components": openapi_document()["components"]}
        validator = Draft202012Validator(schema)
        for value in others:
            body = {**route.example, "client_order_id": f"{name}-{others.index(value)}", name: value}
            if "limit_price" in body and body["limit_price"] is not None:
                body.pop("price", None)
            if not validator.is_valid(body):
                response = client.post(route.path, json=body)
                assert response.status_code in (422, 400, 404), (name, value, response.text)


def test_all_kinds_of_work_are_there():
    assert {route.transaction for route in ROUTES} == set(TransactionMode)
