"""A test client that validates every response against the OpenAPI document."""

import json
from decimal import Decimal
from functools import cache

import attrs
from jsonschema import Draft202012Validator
from starlette.routing import compile_path
from starlette.testclient import TestClient

from sot.adapters.http import Settings, create_app
from sot.adapters.http.app import openapi_document
from sot.adapters.http.routes import ROUTES
from sot.adapters.venues.simulated import SimulatedVenue
from sot.application.access.keys import make_key
from sot.domain.values.vocabulary import AccessScope

SYMBOL = "BTC/USDT"
SETTINGS = Settings(keys=False, stream_seconds=0, refusal_seconds=0)
INTENT = {"symbol": SYMBOL, "side": "BUY", "order_type": "LIMIT", "quantity": "1", "price": "50000"}
ALL_SCOPES = tuple(AccessScope)


class CheckedClient(TestClient):
    """A client that validates every response."""

    def request(self, method, url, **more):
        response = super().request(method, url, **more)
        check_response(method, response)
        return response


def make_client(store, *, venue=True, keys=False, rates=None, **changes):
    """Return a client of a new server; `venue` is True for a new simulated one, or False for none."""
    if venue is True:
        venue = SimulatedVenue(prices={SYMBOL: Decimal(50000)})
    settings = attrs.evolve(SETTINGS, keys=keys, **changes)
    client = CheckedClient(
        create_app(store, venue or None, rates=rates, settings=settings), raise_server_exceptions=False
    )
    client.venue = venue
    return client


def key_headers(store, *accounts, scopes=ALL_SCOPES, name=None):
    """Return the headers of a new key; without accounts it has access to all."""
    _, token = store.run(lambda uow: make_key(uow, list(scopes), list(accounts) or None, name))
    return {"Authorization": f"Bearer {token}"}


def register_instrument(client, account=None, headers=None, **more):
    """Register the usual instrument, and return the client."""
    body = {"symbol": SYMBOL, "kind": "SPOT", "base": "BTC", "quote": "USDT", **more}
    if account:
        body["account_id"] = account
    response = client.post("/sot/instruments", json=body, headers=headers)
    assert response.status_code == 201, response.text
    return client


def submit_intent(client, name, headers=None, **more):
    """Submit the usual intent under a client order id, and return the request."""
    response = client.post("/sot/order-requests", json={"client_order_id": name, **INTENT, **more}, headers=headers)
    assert response.status_code == 201, response.text
    return response.json()


def execute_intent(client, name, headers=None, **more):
    """Submit the usual intent, execute it, and return the order."""
    request_id = submit_intent(client, name, headers, **more)["id"]
    response = client.post(f"/sot/execute/{request_id}", headers=headers)
    assert response.status_code in (200, 202), response.text
    return response.json()


# ---------------------------------------------------------------------------------------------------------- validation


def check_response(method, response):
    """Validate the status, the headers and the body of a response against the document."""
    path = response.request.url.path
    operation = _operation(method, path)
    if operation is None:
        assert response.status_code in (404, 405), response.text
        read_problem(response)
        return
    documented = operation["responses"].get(str(response.status_code))
    assert documented is not None, (method, path, response.status_code, response.text)
    documented = _resolve(documented)
    assert response.headers["x-request-id"]
    for name in set(_DOCUMENTED_HEADERS) & set(response.headers):
        header = _DOCUMENTED_HEADERS[name]
        assert header in documented["headers"], (method, path, response.status_code, name)
    if method == "HEAD" or response.status_code == 304:
        assert response.content == b""
        return
    media_type = response.headers["content-type"].partition(";")[0]
    assert media_type in documented["content"], (method, path, media_type)
    if media_type.endswith("json"):
        body = json.loads(response.text, parse_float=_reject_float)
        errors = [error.message for error in _validator(method, path, response.status_code).iter_errors(body)]
        assert not errors, (method, path, errors[:3])
    if response.status_code >= 400:
        read_problem(response)


def read_problem(response):
    """Return the problem details of an error response."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"].endswith(problem["code"])
    assert problem["request_id"] == response.headers["x-request-id"]
    return problem


_EXTENSIBLE = ("Problem",)
_DOCUMENTED_HEADERS = {
    "etag": "ETag", "location": "Location", "link": "Link", "retry-after": "Retry-After",
    "idempotency-replayed": "Idempotency-Replayed", "www-authenticate": "WWW-Authenticate",
}  # fmt: skip
_PATTERNS = [(compile_path(route.path)[0], route.path, route.method) for route in ROUTES]


def _reject_float(text):
    raise AssertionError(f"a JSON number that is not an integer: {text}")


def _documented_path(method, path):
    documented_method = "GET" if method == "HEAD" else method
    return next(
        (
            (known, route_method.lower())
            for pattern, known, route_method in _PATTERNS
            if route_method == documented_method and pattern.match(path)
        ),
        None,
    )


def _operation(method, path):
    found = _documented_path(method, path)
    return None if found is None else openapi_document()["paths"][found[0]][found[1]]


def _resolve(response):
    reference = response.get("$ref")
    if reference is None:
        return response
    return openapi_document()["components"]["responses"][reference.rsplit("/", 1)[1]]


def _validator(method, path, status):
    response = _resolve(_operation(method, path)["responses"][str(status)])
    (content,) = response["content"].values()
    return _schema_validator(json.dumps(content["schema"]))


@cache
def _schema_validator(schema):
    return Draft202012Validator({**json.loads(schema), "components": {"schemas": _strict_schemas()}})


@cache
def _strict_schemas():
    """The schemas of the document without additional properties."""
    schemas = openapi_document()["components"]["schemas"]
    return {
        name: {"additionalProperties": False, **schema}
        if "properties" in schema and name not in _EXTENSIBLE
        else schema
        for name, schema in schemas.items()
    }
