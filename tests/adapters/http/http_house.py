"""A server for tests: every answer that it gives is held against the OpenAPI document."""

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
EVERYTHING = tuple(AccessScope)


class Checked(TestClient):
    """A client that believes nothing."""

    def request(self, method, url, **more):
        response = super().request(method, url, **more)
        check(method, response)
        return response


def server(store, *, venue=True, keys=False, **changes):
    """A client of a new server over a store, with a venue of its own unless one is given, or none."""
    if venue is True:
        venue = SimulatedVenue(prices={SYMBOL: Decimal(50000)})
    settings = attrs.evolve(SETTINGS, keys=keys, **changes)
    client = Checked(create_app(store, venue or None, settings=settings), raise_server_exceptions=False)
    client.venue = venue
    return client


def key(store, *accounts, scopes=EVERYTHING, name=None):
    """The headers of a new key; without accounts it opens all."""
    _, token = store.run(lambda uow: make_key(uow, list(scopes), list(accounts) or None, name))
    return {"Authorization": f"Bearer {token}"}


def registered(client, account=None, headers=None, **more):
    """The usual instrument is registered."""
    said = {"symbol": SYMBOL, "kind": "SPOT", "base": "BTC", "quote": "USDT", **more}
    response = client.post(
        "/sot/instruments", json=said | ({"account_id": account} if account else {}), headers=headers
    )
    assert response.status_code == 201, response.text
    return client


def submitted(client, name, headers=None, **more):
    """A request."""
    response = client.post("/sot/order-requests", json={"client_order_id": name, **INTENT, **more}, headers=headers)
    assert response.status_code == 201, response.text
    return response.json()


def executed(client, name, headers=None, **more):
    """An order at the venue."""
    request_id = submitted(client, name, headers, **more)["id"]
    response = client.post(f"/sot/execute/{request_id}", headers=headers)
    assert response.status_code in (200, 202), response.text
    return response.json()


# ------------------------------------------------------------------------------------------------- what is documented


def check(method, response):
    """The answer is one that the document tells of: its status, its headers, its body."""
    path = response.request.url.path
    operation = _operation(method, path)
    if operation is None:
        assert response.status_code in (404, 405), response.text
        problem(response)
        return
    told = operation["responses"].get(str(response.status_code))
    assert told is not None, (method, path, response.status_code, response.text)
    told = _resolved(told)
    assert response.headers["x-request-id"]
    for name in set(_NAMED) & set(response.headers):
        assert _NAMED[name] in told["headers"], (method, path, response.status_code, name)
    if method == "HEAD" or response.status_code == 304:
        assert response.content == b""
        return
    kind = response.headers["content-type"].partition(";")[0]
    assert kind in told["content"], (method, path, kind)
    if kind.endswith("json"):
        body = json.loads(response.text, parse_float=_no_float)
        errors = [error.message for error in _validator(method, path, response.status_code).iter_errors(body)]
        assert not errors, (method, path, errors[:3])
    if response.status_code >= 400:
        problem(response)


def problem(response):
    """The problem details of a refusal."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    told = response.json()
    assert told["status"] == response.status_code
    assert told["type"].endswith(told["code"])
    assert told["request_id"] == response.headers["x-request-id"]
    return told


_OPEN = ("Problem",)
_NAMED = {
    "etag": "ETag", "location": "Location", "link": "Link", "retry-after": "Retry-After",
    "idempotency-replayed": "Idempotency-Replayed", "www-authenticate": "WWW-Authenticate",
}  # fmt: skip
_PATTERNS = [(compile_path(route.path)[0], route.path, route.method) for route in ROUTES]


def _no_float(text):
    raise AssertionError(f"a number that is not whole: {text}")


def _path(method, path):
    wanted = "GET" if method == "HEAD" else method
    return next(
        ((known, verb.lower()) for pattern, known, verb in _PATTERNS if verb == wanted and pattern.match(path)), None
    )


def _operation(method, path):
    found = _path(method, path)
    return None if found is None else openapi_document()["paths"][found[0]][found[1]]


def _resolved(told):
    reference = told.get("$ref")
    return told if reference is None else openapi_document()["components"]["responses"][reference.rsplit("/", 1)[1]]


def _validator(method, path, status):
    found = _path(method, path)
    told = _resolved(openapi_document()["paths"][found[0]][found[1]]["responses"][str(status)])
    (content,) = told["content"].values()
    return _schema_validator(json.dumps(content["schema"]))


@cache
def _schema_validator(schema):
    return Draft202012Validator({**json.loads(schema), "components": {"schemas": _closed()}})


@cache
def _closed():
    """The schemas as if nothing but what they tell of were ever answered."""
    schemas = openapi_document()["components"]["schemas"]
    return {
        name: {"additionalProperties": False, **schema} if "properties" in schema and name not in _OPEN else schema
        for name, schema in schemas.items()
    }
