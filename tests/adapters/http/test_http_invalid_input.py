"""Invalid input is rejected with a clear error, and has no effect."""

import json

import pytest
from http_client import INTENT, SETTINGS, execute_intent, make_client, read_problem, register_instrument

from sot.adapters.http import create_app
from sot.domain.values import errors

JSON = {"Content-Type": "application/json"}


def post(client, body, **headers):
    data = body if isinstance(body, bytes) else json.dumps({"client_order_id": "a", **INTENT, **body}).encode()
    return client.post("/sot/order-requests", content=data, headers={**JSON, **headers})


def check_error(response, status, code):
    assert (response.status_code, read_problem(response)["code"]) == (status, code), response.text
    return response.json()


MALFORMED = [
    b"", b" ", b"{", b"[]", b"1", b"null", b'"text"', b"{'a': 1}", b'{"a": 1,}', b'{"a": NaN}', b'{"a": Infinity}',
    b'{"a": -Infinity}', b'{"symbol": "a", "symbol": "b"}', b'{"tags": {"a": "1", "a": "2"}}', b"\xff\xfe{}",
    b'{"a": "\xff"}', b"\xef\xbb\xbf{}", b'{"a": 1} {"b": 2}', b"[" * 100_000, b'{"a":' * 100_000,
    b'{"a": 1e999999999}', b'{"a": 1e-999999999}', b'{"a": ' + b"9" * 100_000 + b"}", b'{"a": "\x00"}',
    b'{"a": "\n"}', b'{"a": 01}', b'{"a": .5}', b'{"a": \xd9\xa1}',
]  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_body_is_rejected(client, body):
    check_error(post(client, body), 400, "malformed-body")
    assert client.get("/sot/order-requests").json()["data"] == []


def nested(depth):
    return ('{"client_order_id": "a", "raw_payload": ' + "[" * depth + "]" * depth + "}").encode()


@pytest.mark.parametrize(
    ("depth", "status", "code"),
    [
        (65, 422, "invalid-input"),
        (71, 422, "invalid-input"),
        (500, 400, "malformed-body"),
        (985, 400, "malformed-body"),
    ],
)
def test_a_deep_body_is_rejected(client, depth, status, code):
    check_error(post(client, nested(depth)), status, code)
    assert client.get("/sot/order-requests").json()["data"] == []


AMOUNTS = [
    1, 1.5, 1e3, True, [], {}, "", " 1", "1 ", "1_000", "1,5", "1e3", "1E+400", "+1", ".5", "5.", "0x10", "NaN",
    "Infinity", "-0.", "\u0661", "\uff11", "1\n", "1\u0000", "0", "-1", "0.0", "1" * 21, "0." + "1" * 19, "1e1000000",
    "01", "--1", "1" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS, ids=range(len(AMOUNTS)))
def test_amounts_are_exact_strings(client, amount):
    problem = check_error(post(client, {"quantity": amount}), 422, "invalid-input")
    assert problem["errors"][0]["pointer"] == "#/quantity"
    assert "Traceback" not in json.dumps(problem)


@pytest.mark.parametrize(
    "amount", ["1", "0.1", "1.50", "0.000000000000000001", "99999999999999999999.999999999999999999"]
)
def test_valid_amounts_are_accepted(client, amount):
    response = post(client, {"quantity": amount})
    assert response.status_code == 201
    assert float(response.json()["quantity"]) == float(amount)
    assert response.json()["quantity"] == (amount if amount != "1.50" else "1.5")


INVALID_FIELDS = [
    ("no_such_field", 1), ("symbol", "a\u0000"), ("symbol", "\ud800"), ("symbol", ""), ("symbol", "x" * 256),
    ("symbol", 5), ("symbol", None), ("side", "buy"), ("side", "HOLD"), ("side", ["BUY"]), ("order_type", "limit"),
    ("post_only", "true"), ("post_only", 1), ("requested_at", "2026-01-05T10:00:00"), ("requested_at", 1767600000),
    ("requested_at", "today"), ("requested_at", "2026-01-05T10:00:00.123456789Z"),
    ("requested_at", "2026-02-30T10:00:00Z"), ("requested_at", "0000-01-01T00:00:00Z"), ("parent_id", "x"),
    ("parent_id", 7), ("parent_id", "01890a5d-ac96-774b-bcce-b302099a8057"), ("tags", ["a"]), ("tags", {"a": 1}),
    ("tags", {"": "x"}), ("context", []), ("context", {"signal_strength": 1.5}), ("context", {"market_snapshot": []}),
    ("context", {"no_such": 1}), ("risk_checks", {}), ("risk_checks", [1]), ("risk_checks", [{"rule_code": "a"}]),
    ("risk_checks", [{"rule_code": "a", "passed": "yes"}]), ("request_id", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ("trace", "x"), ("action", "CANCEL"), ("time_in_force", "GTD"), ("quote_quantity", "1"), ("a\u0000b", 1),
    ("\ud800", 1), ("account_id", 5), ("account_id", ""), ("__class__", "x"), ("venue", {"a": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), INVALID_FIELDS, ids=range(len(INVALID_FIELDS)))
def test_invalid_fields_are_rejected(client, field, value):
    check_error(post(client, {field: value}), 422, "invalid-input")
    assert client.get("/sot/order-requests").json()["data"] == []


def test_errors_do_not_repeat_values(client):
    secret = "hunter2-hunter2"
    for response in (post(client, {"side": secret}), client.get(f"/sot/orders?status={secret}")):
        assert response.status_code in (400, 422)
        assert secret not in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/xml"},
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Encoding": "gzip"},
    ],
    ids=str,
)
def test_other_content_types_are_rejected(client, headers):
    check_error(post(client, {}, **headers), 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"']
)
def test_json_content_types_are_accepted(client, kind):
    assert post(client, {}, **{"Content-Type": kind}).status_code == 201


def test_the_body_limit(store):
    client = register_instrument(make_client(store, body_limit=1000))
    check_error(post(client, {"raw_payload": "x" * 1000}), 413, "body-too-large")
    chunked = client.post("/sot/order-requests", content=(b" " * 100 for _ in range(20)), headers=JSON)
    check_error(chunked, 413, "body-too-large")
    assert post(client, {"raw_payload": "x" * 500}).status_code == 201


QUERIES = [
    "limt=3", "status=NEW&symbol=a&symbol=b", "status=new", "status=", "is_open=1", "is_open=True", "page_size=0",
    "page_size=-1", "page_size=x", "page_size=1.5", "page_size=1e3", "page_size=%D9%A1",
    "page_size=99999999999999999999", "created_from=2026-01-05", "created_from=2026-01-05T10:00:00", "created_from=",
    "symbol=%00", "symbol=%ff", "symbol=%ed%a0%80", "symbol=", "as_of=-1", "as_of=now", "as_of=999999999",
    "as_of=2999-01-01T00:00:00Z", "happened_by=1", "identifier=" + "x" * 256, "&".join(["status=NEW"] * 300),
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_invalid_parameters_are_rejected(client, query):
    check_error(client.get(f"/sot/orders?{query}"), 400, "invalid-parameter")


MARKS_AND_RATES = [
    "mark=1e3", "mark=", "mark=%20", "mark=1&mark=2", "mark=1&market_price=1", "rate=BNB=1", "mark=1&rate=BNB",
    "mark=1&rate=BNB=0", "mark=1&rate=BNB=1&rate=BNB=2", "mark=1&rate==1", "mark=NaN",
]  # fmt: skip


@pytest.mark.parametrize("query", MARKS_AND_RATES)
def test_invalid_marks_and_rates_are_rejected(client, query):
    order = execute_intent(client, "a")
    check_error(client.get(f"/sot/orders/{order['order_id']}/pnl?{query}"), 400, "invalid-parameter")


def test_a_large_page_size_is_reduced(client):
    assert client.get("/sot/orders?page_size=100000000000000").status_code == 200


@pytest.mark.parametrize(
    "name",
    ["x", "%00", "%ff", "01890a5d-ac96-774b-bcce-b302099a8057", "0" * 5000, "{order_id}", "%2e%2e", "a%0Ab"],
)
def test_unknown_ids_are_not_found(client, name):
    problem = check_error(client.get(f"/sot/orders/{name}/pnl"), 404, "not-found")
    assert problem["detail"] == "No order is known under this name."


def test_ids_may_be_upper_case(client):
    order_id = execute_intent(client, "a")["order_id"]
    assert client.get(f"/sot/orders/{order_id.upper()}").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST"])
def test_orders_cannot_be_changed_or_deleted(client, method):
    order_id = execute_intent(client, "a")["order_id"]
    response = client.request(method, f"/sot/orders/{order_id}")
    check_error(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD"


def test_allow_lists_the_methods_of_a_path(client):
    assert client.delete("/sot/order-requests").headers["allow"] == "GET, HEAD, POST"
    assert client.get("/sot/execute/x").headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path", ["/", "/sot", "/sot/", "/sot/orders/", "//sot/orders", "/docs", "/redoc", "/openapi.json", "/sot/nothing"]
)
def test_other_paths_are_not_found(client, path):
    response = client.get(path, follow_redirects=False)
    check_error(response, 404, "no-such-path")


def test_head_is_get_without_a_body(client):
    order_id = execute_intent(client, "a")["order_id"]
    for path in (
        f"/sot/orders/{order_id}",
        "/sot/orders",
        "/healthz",
        f"/sot/orders/{order_id}/pnl",
        "/sot/events/stream",
    ):
        head, get = client.head(path), client.get(path)
        assert head.status_code == get.status_code
        assert head.headers.get("etag") == get.headers.get("etag")
        assert head.headers.get("content-length") == get.headers.get("content-length")


def test_internal_errors_reveal_nothing(store, caplog):
    client = register_instrument(make_client(store))

    def broken(**arguments):
        raise RuntimeError("the password is swordfish")

    order_id = execute_intent(client, "a")["order_id"]
    store.begin, begin = broken, store.begin
    response = client.get(f"/sot/orders/{order_id}")
    store.begin = begin
    problem = check_error(response, 500, "internal-error")
    assert "swordfish" not in response.text
    assert problem["request_id"] in caplog.text
    assert "swordfish" in caplog.text


def test_an_unavailable_store(make_store):
    store = make_store("sqlite")
    client = register_instrument(make_client(store))
    store.close()
    response = client.get("/sot/orders")
    check_error(response, 503, "store-unavailable")
    assert response.headers["retry-after"] == "1"
    assert "/" not in response.json()["detail"]
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_mounted_in_another_application(store):
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    outer = FastAPI()
    outer.mount("/history", create_app(store, settings=SETTINGS))
    inner = TestClient(outer, raise_server_exceptions=False)
    assert inner.get("/history/healthz").status_code == 200
    assert inner.delete("/history/healthz").headers["allow"] == "GET, HEAD"
    problem = inner.get("/history/sot/orders?limt=1").json()
    assert problem["instance"] == "/history/sot/orders"
    assert inner.get(problem["type"]).status_code == 200


def test_every_problem_has_a_page(client):
    from sot.adapters.http.problems import PROBLEMS

    for kind in PROBLEMS:
        page = client.get(f"/sot/problems/{kind.slug}")
        assert page.status_code == 200
        assert kind.title in page.text.replace("&#x27;", "'")
        assert "://" not in page.text
    check_error(client.get("/sot/problems/none"), 404, "not-found")


def test_every_error_class_has_a_problem_type(client):
    """Its own, or that of its base class."""
    from sot.adapters.http.problems import problem_type_of

    classes = [errors.SotError]
    for cls in classes:
        classes += cls.__subclasses__()
    public = {cls for cls in classes if cls.__module__ == errors.__name__}
    unexpected = {error.__name__ for error in public if problem_type_of(error).slug == "internal-error"}
    assert unexpected == {"SotError", "ReadOnly", "MissingExtra", "VenueError", "VenueRefused", "VenueNotReached",
                          "VenueOutcomeUnknown", "UnitOfWorkFailed"}  # fmt: skip
