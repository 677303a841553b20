"""Invalid requests to every operation of the document, and to a real server through a socket.

Whatever is sent, the response is documented, its problem details are complete, there is no internal error, and no value
of the request is repeated except for the path.
"""

import json
import logging
from collections.abc import Iterator

import pytest
from hostile_inputs import ANY_IDS, ANY_VALUES, MALFORMED_BODIES, OTHER_TYPES, REQUESTS, SECRET, post
from operations import OPERATIONS, Operation, sample_request
from raw_http import (
    JSON,
    InProcessClient,
    RawResponse,
    in_process_client,
    running_server,
    send_bytes,
    send_request,
)
from sample_accounts import SampleAccount, TickingClock, fill_account, make_venue

from sot.adapters.http import Settings, create_app
from sot.adapters.memory import MemoryStore
from sot.testing.fakes import CountedIds

SETTINGS = Settings(page_secret=b"of this store", refusal_seconds=0, stream_seconds=0, body_limit=100_000)
NO_OPERATION = {404, 405}
POSTS = [operation for operation in OPERATIONS.values() if operation.method == "POST"]
POSTS_WITH_BODY = [operation for operation in POSTS if operation.example is not None]
GETS = [operation for operation in OPERATIONS.values() if operation.method == "GET"]
WITH_KEY = [operation for operation in OPERATIONS.values() if operation.needs_key]
PAGED = [operation for operation in GETS if operation.has_input("page_token")]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY", "get", "X" * 50]


@pytest.fixture(autouse=True)
def _no_value_of_a_request_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG, "sot")
    yield
    logged = caplog.get_records("call")
    assert SECRET not in "".join(record.getMessage() + repr(vars(record)) for record in logged)


class AccountClient:
    """Sends sample requests, with changes, with the key of a sample account."""

    def __init__(self, client: InProcessClient, account: SampleAccount) -> None:
        self.client = client
        self.account = account

    def send(self, operation: Operation, *, headers=None, body=None, query="", method=None, path=None) -> RawResponse:
        """Send the sample request of an operation with these changes."""
        request = sample_request(operation, self.account)
        target = (path or request.target) + (("&" if "?" in request.target else "?") + query if query else "")
        all_headers = {**self.account.headers, **request.headers, **(headers or {})}
        data = request.body if body is None else body
        return self.client.send(method or operation.method, target, all_headers, data)


@pytest.fixture(scope="module")
def account_client():
    store = MemoryStore(TickingClock(), CountedIds())
    venue = make_venue(store.clock)
    account = fill_account(store, venue, "alpha", 713_713)
    with in_process_client(create_app(store, venue, settings=SETTINGS)) as client:
        yield AccountClient(client, account)


def problem_code(response: RawResponse, operation: Operation | None = None) -> str:
    """Check that a response is a documented client error that repeats no secret; returns its code."""
    assert 400 <= response.status < 500, (response.status, response.text)
    assert response.header("content-type") == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status
    assert problem["type"].endswith("/" + problem["code"])
    assert problem["request_id"] == response.header("x-request-id")
    assert SECRET not in json.dumps({**problem, "instance": ""}) + repr(response.headers)
    if operation is not None:
        assert str(response.status) in operation.raw["responses"], (operation.name, response.status)
    return problem["code"]


def each(operations) -> pytest.MarkDecorator:
    """Run a test once for each operation."""
    return pytest.mark.parametrize("operation", operations, ids=[operation.name for operation in operations])


# ------------------------------------------------------------------------------------------------------------ bodies


@each(POSTS)
def test_malformed_bodies_are_rejected(operation, account_client):
    for body in MALFORMED_BODIES:
        assert problem_code(account_client.send(operation, body=body, headers=JSON), operation) == "malformed-body", (
            body
        )


@each(POSTS)
def test_other_media_types_are_rejected(operation, account_client):
    for kind in OTHER_TYPES:
        response = account_client.send(operation, body=b'{"a": 1}', headers={"content-type": kind})
        assert problem_code(response, operation) == "unsupported-media-type", kind
    for coding in ("gzip", "br", "x"):
        response = account_client.send(operation, body=b"{}", headers={**JSON, "content-encoding": coding})
        assert problem_code(response, operation) == "unsupported-media-type"


@each(POSTS)
def test_large_bodies_are_rejected(operation, account_client):
    response = account_client.send(operation, body=b" " * 100_001, headers=JSON)
    assert problem_code(response, operation) == "body-too-large"


@each(POSTS_WITH_BODY)
def test_unknown_fields_are_rejected(operation, account_client):
    body = {**sample_request(operation, account_client.account).body, "no_such_field": SECRET}
    assert problem_code(account_client.send(operation, body=body), operation) == "invalid-input"


@each(POSTS_WITH_BODY)
def test_any_value_in_any_field_is_valid_or_rejected(operation, account_client):
    names = [field.name for field in operation.inputs if field.location == "body"]
    valid_body = sample_request(operation, account_client.account).body
    for name in names:
        for number, value in enumerate(ANY_VALUES):
            body = json.dumps({**valid_body, name: value}).encode()
            response = account_client.send(operation, body=body, headers={**JSON, "x-request-id": f"{name}-{number}"})
            if response.status >= 400:
                problem_code(response, operation)
            else:
                assert response.status in operation.success, (name, value)


# -------------------------------------------------------------------------------------------- parameters and headers


@each(list(OPERATIONS.values()))
def test_invalid_parameters_are_rejected(operation, account_client):
    assert problem_code(account_client.send(operation, query=f"limt={SECRET}"), operation) == "invalid-parameter"
    for query in ("%ff=1", "a%00=1", "&".join(["a=1"] * 300), "=1", "%F0%9F%92%A9=1"):
        assert problem_code(account_client.send(operation, query=query), operation) == "invalid-parameter"
    for field in operation.inputs:
        if field.location == "query":
            for value in ("%00", "%ff", "%ed%a0%80", "x" * 70_000):
                code = problem_code(account_client.send(operation, query=f"{field.name}={value}"), operation)
                assert code in ("invalid-parameter", "invalid-page-token"), (field.name, value)
            if field.schema.get("type") != "array":
                repeated = "&".join([f"{field.name}={SECRET}"] * 2)
                response = account_client.send(operation, query=repeated)
                assert problem_code(response, operation) == "invalid-parameter"


@each(WITH_KEY)
def test_invalid_api_keys_are_rejected(operation, account_client):
    valid = account_client.account.headers["authorization"]
    changed = [
        valid[:-1],
        valid + "x",
        valid.replace("Bearer", "Token"),
        f"{valid}, {valid}",
        valid.replace("sot_", "SOT_"),
    ]
    others = ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer x", "Bearer " + "x" * 60_000, "Bearer \xff\xfe"]
    for value in (*changed, *others, f"Bearer {SECRET}"):
        response = account_client.send(operation, headers={"authorization": value})
        assert problem_code(response, operation) == "not-authenticated", value
        assert str(response.header("www-authenticate")).startswith("Bearer")


@each([operation for operation in POSTS if operation.has_input("Idempotency-Key")])
def test_malformed_idempotency_keys_are_rejected(operation, account_client):
    for value in ("", '"', '""', '"a', 'a"b', "a b", "a,b", "x" * 256, '"' + "x" * 256 + '"', "\xfc", '"\\n"', "a\tb"):
        response = account_client.send(operation, headers={"idempotency-key": value})
        assert problem_code(response, operation) == "idempotency-key-invalid", value


@each([operation for operation in POSTS if operation.has_input("If-Match")])
def test_other_entity_tags_do_not_match(operation, account_client):
    for value in ('"0-0"', "x", "", '"', 'W/"5-0123456789abcdef"', '"a", "b"', "\xff", '"' + "x" * 60_000 + '"'):
        response = account_client.send(operation, headers={"if-match": value})
        assert problem_code(response, operation) == "precondition-failed", value


@each([operation for operation in GETS if operation.name != "getMetrics"])  # its figures change with each request
def test_content_negotiation_headers_are_ignored(operation, account_client):
    """There is one representation, and it is always complete."""
    expected = account_client.send(operation)
    accept_headers = [
        ("range", "bytes=0-1"),
        ("accept", "text/html;q=0"),
        ("accept", "\xff"),
        ("accept-encoding", "identity;q=0"),
    ]
    other_headers = [("if-none-match", "x"), ("x-request-id", SECRET + "\xff" * 300), ("traceparent", "00-x")]
    for name, value in (*accept_headers, *other_headers):
        response = account_client.send(operation, headers={name: value})
        assert (response.status, len(response.body)) == (expected.status, len(expected.body)), (name, value)


@each([operation for operation in GETS if operation.raw["responses"].get("304")])
def test_unchanged_responses_are_304(operation, account_client):
    tag = account_client.send(operation).header("etag")
    for value in ("*", tag, f"W/{tag}", f'"other", {tag}') if tag else ():
        response = account_client.send(operation, headers={"if-none-match": value})
        assert (response.status, response.body) == (304, b"")


@each(PAGED)
def test_invalid_page_tokens_are_rejected(operation, account_client):
    """Tokens that are cut, changed, or of another list, filter or store."""
    tokens = {}
    for paged in PAGED:
        token = account_client.send(paged, query="page_size=1").json()["next_page_token"]
        if token:
            tokens[paged.name] = token
    valid = tokens.pop(operation.name, None)
    invalid = [*tokens.values(), "x", "=", "%2B%2F", "A" * 80, "e30"]
    if valid:
        invalid += [valid[:-1], valid[1:], valid + "A", valid.swapcase(), valid[:20] + "A" + valid[21:], valid + "=="]
        assert account_client.send(operation, query=f"page_size=1&page_token={valid}").status == 200
        for field in operation.inputs:
            if field.location == "query" and field.name in ("symbol", "venue", "strategy_code"):
                response = account_client.send(operation, query=f"{field.name}=x&page_token={valid}")
                assert problem_code(response, operation) == "invalid-page-token"
    for token in invalid:
        response = account_client.send(operation, query=f"page_token={token}")
        assert problem_code(response, operation) == "invalid-page-token", token


# ------------------------------------------------------------------------------------------------- paths and methods


@each(list(OPERATIONS.values()))
def test_other_methods_and_paths_are_rejected(operation, account_client):
    path = sample_request(operation, account_client.account).target.partition("?")[0]
    allowed = {other.method for other in OPERATIONS.values() if other.path == operation.path}
    allowed |= {"HEAD"} if "GET" in allowed else set()
    for method in METHODS:
        if method not in allowed:
            response = account_client.send(operation, method=method, path=path)
            assert response.status == 405, method
            assert method == "HEAD" or problem_code(response) == "method-not-allowed", method
            assert set(str(response.header("allow")).split(", ")) == allowed
    suffixes = ("/", "//", "/..", "%2F", "/x", ";x")
    for other in ("/" + path, path.upper(), *(path + suffix for suffix in suffixes)):
        response = account_client.send(operation, path=other)
        assert response.status in NO_OPERATION or operation.name == "getProblem", other
        problem_code(response)


@each([operation for operation in OPERATIONS.values() if "{" in operation.path])
def test_unknown_ids_are_not_found(operation, account_client):
    head, _, rest = operation.path.partition("{")
    tail = rest.partition("}")[2]
    query = sample_request(operation, account_client.account).target.partition("?")[2]
    for id in ANY_IDS:
        path = head + id.replace(" ", "%20") + tail
        response = account_client.send(operation, path=path + (f"?{query}" if query else ""))
        assert problem_code(response, operation) == "not-found", id


# ----------------------------------------------------------------------------------------------------- a real server


@pytest.fixture(scope="module")
def port():
    """The port of a real server without keys."""
    store = MemoryStore()
    with running_server(create_app(store, settings=Settings(keys=False, refusal_seconds=0))) as port:
        yield port


def _chunks(size: int, count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield b"%x\r\n" % size + b" " * size + b"\r\n"
    yield b"0\r\n\r\n"


def test_a_large_body_is_rejected_early(port):
    """As soon as its size is known: from Content-Length, or from the received bytes."""
    size = 20_000_000
    announced = send_bytes(port, post(f"Content-Length: {size}"))
    assert announced is not None
    assert problem_code(announced) == "body-too-large"

    def in_chunks():
        yield post("Transfer-Encoding: chunked")
        yield from _chunks(100_000, 200)

    response = send_bytes(port, in_chunks())
    assert response is None or problem_code(response) == "body-too-large"
    slightly_too_large = send_bytes(port, iter([post("Transfer-Encoding: chunked"), *list(_chunks(100_000, 11))]))
    assert slightly_too_large is not None
    assert problem_code(slightly_too_large) == "body-too-large"
    assert send_request(port, "GET", "/healthz").status == 200


def test_a_chunked_body_is_read(port):
    response = send_bytes(port, post("Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n\r\n")
    assert response is not None
    assert problem_code(response) == "idempotency-key-missing"


@pytest.mark.parametrize("data", REQUESTS, ids=range(len(REQUESTS)))
def test_arbitrary_bytes_do_not_break_the_server(data, port):
    """There is no internal error, and the server continues."""
    response = send_bytes(port, data, timeout=3)
    if response is not None:
        assert response.status < 500
        assert SECRET.encode() not in response.body
        if response.status >= 400 and response.header("x-request-id") is not None and response.body:
            problem_code(response)
    assert send_request(port, "GET", "/healthz").status == 200
