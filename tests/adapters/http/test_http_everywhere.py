"""Hostile requests to every operation of the document, and to a real server through a socket.

Whatever is sent, the answer is one of those that the document tells, a problem says its own status, nothing of ours
breaks, and nothing that was sent comes back but the path.
"""

import json
from collections.abc import Iterator

import pytest
from furnished import TickingClock, a_venue, furnish
from hostile import ANY_IDS, ANY_VALUES, MALFORMED_BODIES, OTHER_TYPES, REQUESTS, SECRET, post
from operations import OPERATIONS, Operation, usual
from wires import JSON, Got, Wired, asked, served, spoken, wired

from sot.adapters.http import Settings, create_app
from sot.adapters.memory import MemoryStore
from sot.testing.fakes import CountedIds

SETTINGS = Settings(page_secret=b"of this store", refusal_seconds=0, stream_seconds=0, body_limit=100_000)
ANYWHERE = {404, 405}
"""What is answered where there is no operation."""
POSTS = [one for one in OPERATIONS.values() if one.method == "POST"]
GETS = [one for one in OPERATIONS.values() if one.method == "GET"]
SECURED = [one for one in OPERATIONS.values() if one.secured]
PAGED = [one for one in GETS if any(place.name == "page_token" for place in one.places)]


class House:
    """A furnished account, and an application over it."""

    def __init__(self, wire: Wired, account) -> None:
        self.wire = wire
        self.account = account

    def ask(self, operation: Operation, *, headers=None, body=None, query="", method=None, path=None) -> Got:
        """The usual request, but for what is said otherwise."""
        sent = usual(operation, self.account)
        target = (path or sent.target) + (("&" if "?" in sent.target else "?") + query if query else "")
        told = {**self.account.headers, **sent.headers, **(headers or {})}
        content = sent.body if body is None else body
        return self.wire.ask(method or operation.method, target, told, content)


@pytest.fixture(scope="module")
def house():
    """What nothing hostile changes."""
    store = MemoryStore(TickingClock(), CountedIds())
    venue = a_venue(store.clock)
    account = furnish(store, venue, "alpha", 713_713)
    with wired(create_app(store, venue, settings=SETTINGS)) as wire:
        yield House(wire, account)


def refused(got: Got, operation: Operation | None = None) -> str:
    """The code of a refusal, which is as refusals are."""
    assert 400 <= got.status < 500, (got.status, got.text)
    assert got.header("content-type") == "application/problem+json"
    told = got.json()
    assert told["status"] == got.status
    assert told["type"].endswith("/" + told["code"])
    assert told["request_id"] == got.header("x-request-id")
    assert SECRET not in json.dumps({**told, "instance": ""}) + repr(got.headers)
    if operation is not None:
        assert str(got.status) in operation.raw["responses"], (operation.name, got.status)
    return told["code"]


def each(operations) -> pytest.MarkDecorator:
    """Once for each operation."""
    return pytest.mark.parametrize("operation", operations, ids=[one.name for one in operations])


# ------------------------------------------------------------------------------------------------------------ bodies


@each(POSTS)
def test_bodies_that_are_no_json_object(operation, house):
    for body in MALFORMED_BODIES:
        assert refused(house.ask(operation, body=body, headers=JSON), operation) == "malformed-body", body


@each(POSTS)
def test_bodies_that_are_not_declared_as_json(operation, house):
    for kind in OTHER_TYPES:
        got = house.ask(operation, body=b'{"a": 1}', headers={"content-type": kind})
        assert refused(got, operation) == "unsupported-media-type", kind
    for coding in ("gzip", "br", "x"):
        got = house.ask(operation, body=b"{}", headers={**JSON, "content-encoding": coding})
        assert refused(got, operation) == "unsupported-media-type"


@each(POSTS)
def test_bodies_that_are_too_large(operation, house):
    got = house.ask(operation, body=b" " * 100_001, headers=JSON)
    assert refused(got, operation) == "body-too-large"


@each([one for one in POSTS if one.example is not None])
def test_fields_that_do_not_exist(operation, house):
    body = {**usual(operation, house.account).body, "no_such_field": SECRET}
    assert refused(house.ask(operation, body=body), operation) == "invalid-input"


@each([one for one in POSTS if one.example is not None])
def test_any_value_in_any_field(operation, house, monkeypatch):
    """Either it means something, or it is refused; nothing breaks, and a secret does not come back from a refusal."""
    fields = [place.name for place in operation.places if place.where == "body"]
    usual_body = usual(operation, house.account).body
    for field in fields:
        for number, value in enumerate(ANY_VALUES):
            body = json.dumps({**usual_body, field: value}).encode()
            got = house.ask(operation, body=body, headers={**JSON, "x-request-id": f"{field}-{number}"})
            if got.status >= 400:
                refused(got, operation)
            else:
                assert got.status in operation.success, (field, value)


# -------------------------------------------------------------------------------------------- parameters and headers


@each(list(OPERATIONS.values()))
def test_parameters_that_are_not_allowed(operation, house):
    assert refused(house.ask(operation, query=f"limt={SECRET}"), operation) == "invalid-parameter"
    for query in ("%ff=1", "a%00=1", "&".join(["a=1"] * 300), "=1", "%F0%9F%92%A9=1"):
        assert refused(house.ask(operation, query=query), operation) == "invalid-parameter"
    for place in operation.places:
        if place.where == "query":
            for value in ("%00", "%ff", "%ed%a0%80", "x" * 70_000):
                code = refused(house.ask(operation, query=f"{place.name}={value}"), operation)
                assert code in ("invalid-parameter", "invalid-page-token"), (place.name, value)
            if place.schema.get("type") != "array":
                same = f"{place.name}={SECRET}"
                assert refused(house.ask(operation, query=f"{same}&{same}"), operation) == "invalid-parameter"


@each(SECURED)
def test_keys_that_open_nothing(operation, house):
    good = house.account.headers["authorization"]
    changed = [good[:-1], good + "x", good.replace("Bearer", "Token"), f"{good}, {good}", good.replace("sot_", "SOT_")]
    others = ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer x", "Bearer " + "x" * 60_000, "Bearer \xff\xfe"]
    for given in (*changed, *others, f"Bearer {SECRET}"):
        got = house.ask(operation, headers={"authorization": given})
        assert refused(got, operation) == "not-authenticated", given
        assert str(got.header("www-authenticate")).startswith("Bearer")


@each([one for one in POSTS if any(place.name == "Idempotency-Key" for place in one.places)])
def test_idempotency_keys_that_cannot_be_read(operation, house):
    for given in ("", '"', '""', '"a', 'a"b', "a b", "a,b", "x" * 256, '"' + "x" * 256 + '"', "\xfc", '"\\n"', "a\tb"):
        got = house.ask(operation, headers={"idempotency-key": given})
        assert refused(got, operation) == "idempotency-key-invalid", given


@each([one for one in POSTS if any(place.name == "If-Match" for place in one.places)])
def test_tags_that_do_not_match(operation, house):
    for given in ('"0-0"', "x", "", '"', 'W/"5-0123456789abcdef"', '"a", "b"', "\xff", '"' + "x" * 60_000 + '"'):
        assert refused(house.ask(operation, headers={"if-match": given}), operation) == "precondition-failed", given


@each(GETS)
def test_headers_that_ask_for_something_else(operation, house):
    """They are not heeded: there is one representation, and it is whole."""
    usual_answer = house.ask(operation)
    asking = [
        ("range", "bytes=0-1"),
        ("accept", "text/html;q=0"),
        ("accept", "\xff"),
        ("accept-encoding", "identity;q=0"),
    ]
    saying = [("if-none-match", "x"), ("x-request-id", SECRET + "\xff" * 300), ("traceparent", "00-x")]
    for name, given in (*asking, *saying):
        got = house.ask(operation, headers={name: given})
        assert (got.status, len(got.body)) == (usual_answer.status, len(usual_answer.body)), (name, given)


@each([one for one in GETS if one.raw["responses"].get("304")])
def test_what_has_not_changed_is_not_sent_again(operation, house):
    tag = house.ask(operation).header("etag")
    for given in ("*", tag, f"W/{tag}", f'"other", {tag}') if tag else ():
        got = house.ask(operation, headers={"if-none-match": given})
        assert (got.status, got.body) == (304, b"")


@each(PAGED)
def test_page_tokens_that_are_of_no_list(operation, house):
    """Cut, changed, of another list, of another filter, of another store."""
    given = {}
    for one in PAGED:
        token = house.ask(one, query="page_size=1").json()["next_page_token"]
        if token:
            given[one.name] = token
    mine = given.pop(operation.name, None)
    bad = [*given.values(), "x", "=", "%2B%2F", "A" * 80, "e30"]
    if mine:
        bad += [mine[:-1], mine[1:], mine + "A", mine.swapcase(), mine[:20] + "A" + mine[21:], mine + "=="]
        assert house.ask(operation, query=f"page_size=1&page_token={mine}").status == 200
        for place in operation.places:
            if place.where == "query" and place.name in ("symbol", "venue", "strategy_code"):
                got = house.ask(operation, query=f"{place.name}=x&page_token={mine}")
                assert refused(got, operation) == "invalid-page-token"
    for token in bad:
        assert refused(house.ask(operation, query=f"page_token={token}"), operation) == "invalid-page-token", token


# ------------------------------------------------------------------------------------------------- paths and methods


@each(list(OPERATIONS.values()))
def test_methods_and_paths_beside_it(operation, house):
    sent = usual(operation, house.account)
    path = sent.target.partition("?")[0]
    allowed = {one.method for one in OPERATIONS.values() if one.path == operation.path}
    allowed |= {"HEAD"} if "GET" in allowed else set()
    for method in (
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "QUERY",
        "get",
        "X" * 50,
    ):
        if method not in allowed:
            got = house.ask(operation, method=method, path=path)
            assert (refused(got) if method != "HEAD" else got.status) in ("method-not-allowed", 405), method
            assert set(str(got.header("allow")).split(", ")) == allowed
    for other in (
        path + "/",
        path + "//",
        "/" + path,
        path + "/..",
        path + "%2F",
        path.upper(),
        path + "/x",
        path + ";x",
    ):
        got = house.ask(operation, path=other)
        assert got.status in ANYWHERE or operation.name == "getProblem", other
        refused(got)


@each([one for one in OPERATIONS.values() if "{" in one.path])
def test_ids_that_are_nobodys(operation, house):
    head, _, rest = operation.path.partition("{")
    tail = rest.partition("}")[2]
    query = usual(operation, house.account).target.partition("?")[2]
    for id in ANY_IDS:
        path = head + id.replace(" ", "%20") + tail
        got = house.ask(operation, path=path + (f"?{query}" if query else ""))
        assert refused(got, operation) == "not-found", id


# --------------------------------------------------------------------------------------------------- on a real wire


@pytest.fixture(scope="module")
def port():
    """A real server, open to all."""
    store = MemoryStore()
    with served(create_app(store, settings=Settings(keys=False, refusal_seconds=0))) as port:
        yield port


def _chunks(size: int, count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield b"%x\r\n" % size + b" " * size + b"\r\n"
    yield b"0\r\n\r\n"


def test_twenty_megabytes(port):
    """Refused as soon as that is known: by what is announced, or by what has come."""
    size = 20_000_000
    announced = spoken(port, post(f"Content-Length: {size}"))
    assert announced is not None
    assert refused(announced) == "body-too-large"

    def counted():
        yield post("Transfer-Encoding: chunked")
        yield from _chunks(100_000, 200)

    got = spoken(port, counted())
    assert got is None or refused(got) == "body-too-large"
    slowly = spoken(port, iter([post("Transfer-Encoding: chunked"), *list(_chunks(100_000, 11))]))
    assert slowly is not None
    assert refused(slowly) == "body-too-large"
    assert asked(port, "GET", "/healthz").status == 200


def test_a_body_in_chunks(port):
    got = spoken(port, post("Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n\r\n")
    assert got is not None
    assert refused(got) == "idempotency-key-missing"


@pytest.mark.parametrize("said", REQUESTS, ids=range(len(REQUESTS)))
def test_bytes_that_are_no_request_of_ours(said, port):
    """Never an error of the server; what is ours is a problem; the server goes on."""
    got = spoken(port, said, timeout=3)
    if got is not None:
        assert got.status < 500
        assert SECRET.encode() not in got.body
        if got.status >= 400 and got.header("x-request-id") is not None and got.body:
            refused(got)
    assert asked(port, "GET", "/healthz").status == 200
