"""Rows of other accounts are hidden: from ids, filters, tokens and cursors, and in the statements that run.

A request that names something of another account gets, byte for byte, the response to one that names nothing. The
same statements run, and no response contains a text that only the other account's rows have. Operations come from the
OpenAPI document.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from operations import OPERATIONS, InputField, Operation, SampleRequest, sample_request
from raw_http import InProcessClient, RawResponse, in_process_client
from sample_accounts import SampleAccount, TickingClock, fill_account, make_venue, reset_ids
from sqlalchemy import event
from tests.support.postgres import fresh_url

from sot.adapters.http import Settings, access, create_app, request_context, server
from sot.adapters.http.access import Principal
from sot.adapters.http.routes import reconciliation
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.access import account_scope
from sot.application.reconciliation.reconciler import reconcile
from sot.domain.values.errors import Conflict
from sot.ports.store import Store
from sot.testing.fakes import CountedIds, ManualClock

OWN, OTHER, UNKNOWN = "alpha", "omega", "nobod"
"""The account of the client, the other account, and one that does not exist; names of the same length."""
NOW = datetime(2026, 1, 6, tzinfo=UTC)
SETTINGS = Settings(page_secret=b"the same every time", refusal_seconds=0, stream_seconds=0)
DIGEST = re.compile(
    r'[0-9a-f]{64}|(?<=-)[0-9a-f]{16}(?=\\*")|[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}'
)
"""Digests of content, and ids derived from them: they differ if the content does."""
MIN_TEXT = 6
"""Shorter texts may be equal by chance."""


def unknown_id(id: str) -> str:
    """Return an id that no row has, another one for each id."""
    return f"ffffffff-ffff-7fff-8fff-{id[-12:]}"


class DiscardingStore(Store):
    """A store that discards what use cases write, so that each request finds the same history."""

    def __init__(self, store: Store) -> None:
        self.inner = store
        self.clock = ManualClock()

    ids = property(lambda self: self.inner.ids)

    def begin(self, read_only=False):
        return self.inner.begin(read_only)

    def run(self, use_case, read_only=False):
        with self.inner.begin(read_only) as uow:
            return use_case(uow)

    def horizon(self):
        return self.inner.horizon()

    def close(self):
        self.inner.close()


class TwoAccounts:
    """Two accounts in one store, a server over it, and the texts that only the other account's rows have."""

    def __init__(self, store, open_client: Callable[[Any], InProcessClient]) -> None:
        self.store = store
        self.venue = make_venue(store.clock)
        self.own = fill_account(store, self.venue, OWN, 713_713)
        self.other = fill_account(store, self.venue, OTHER, 829_829)
        self._writing_client = open_client(create_app(store, self.venue, settings=SETTINGS))
        self.key_format = self._use_idempotency_keys_of_other()
        self.page_tokens = self._page_tokens_of_other()
        self.etag = str(self._send_as_other("getOrder").header("etag"))
        self._client = open_client(create_app(DiscardingStore(store), self.venue, settings=SETTINGS))
        self.statements: list[str] = []
        event.listen(store.engine, "before_cursor_execute", self._add_statement)
        self.secrets = self._visible_texts(self.other) - self._visible_texts(self.own)
        assert self.other.ids["order"] in self.secrets
        assert f"{OTHER}-strategy" in self.secrets

    def _add_statement(self, connection, cursor, statement, *rest) -> None:
        self.statements.append(statement)

    def _use_idempotency_keys_of_other(self) -> str:
        """Record responses under Idempotency-Keys of the other account; returns the format of its keys."""
        for name in ("reconcile", "seal", "submitRequest"):
            key = OPERATIONS[name].input("Idempotency-Key")
            response = self._send_as_other(name, {key: f"{OTHER}-key-{name}"})
            assert response.status == 201, response.text
        return f"{OTHER}-key-{{}}"

    def _send_as_other(self, name: str, changes: Mapping[InputField, Any] | None = None) -> RawResponse:
        request = sample_request(OPERATIONS[name], self.other).with_values(changes or {})
        headers = {**self.other.headers, **request.headers}
        return self._writing_client.send(request.operation.method, request.target, headers, request.body)

    def _page_tokens_of_other(self) -> dict[str, str]:
        """The page tokens of the other account, by operation."""
        tokens = {}
        for operation in OPERATIONS.values():
            if operation.has_input("page_token"):
                response = self._send_as_other(operation.name, {operation.input("page_size"): 1})
                if response.json()["next_page_token"] is not None:
                    tokens[operation.name] = response.json()["next_page_token"]
        assert {"listOrders", "getEvents", "listRequests"} <= set(tokens)
        return tokens

    def _visible_texts(self, account: SampleAccount) -> set[str]:
        """All texts that the key of an account can read."""
        texts: set[str] = set(account.ids.values()) | set(account.names)
        for operation in OPERATIONS.values():
            if operation.method == "GET":
                texts |= texts_of(self.send(sample_request(operation, account), account))
        return {text for text in texts if len(text) >= MIN_TEXT}

    def send(self, request: SampleRequest, account: SampleAccount | None = None) -> RawResponse:
        """Send a request with the own key; each request finds the same history."""
        reset_ids(self.store)
        self.store.clock.time = NOW
        self.statements.clear()
        headers = {**(account or self.own).headers, **request.headers}
        return self._client.send(request.operation.method, request.target, headers, request.body)

    def leaks(self, request: SampleRequest, response: RawResponse) -> Iterator[str]:
        """Yield the texts of the other account in a response that its request does not contain."""
        content = response.body.decode() + repr(response.headers)
        names = {name for name in self.other.names if name in content}
        for text in (texts_of(response) & self.secrets) | names:
            if text not in request.text:
                yield f"{request.operation.name}: {text!r} after {request.text}"

    def compare(self, request: SampleRequest, unknown: SampleRequest) -> Iterator[str]:
        """Yield how a request that names something of the other account differs from one that names nothing."""
        response, statements = self.send(request), list(self.statements)
        expected, expected_statements = self.send(unknown), list(self.statements)
        yield from self.leaks(request, response)
        if self._normalised(response) != self._normalised(expected):
            yield f"{request.text}: {self._normalised(response)} is not {self._normalised(expected)}"
        if statements != expected_statements:
            yield f"{request.text}: {len(statements)} statements are not {len(expected_statements)}"

    def _normalised(self, response: RawResponse) -> tuple[int, str]:
        """A response without digests, in which names and ids of the other account are replaced by unknown ones."""
        text = json.dumps([response.headers, response.body.decode("latin-1")]).replace(OTHER, UNKNOWN)
        for id in self.other.ids.values():
            text = text.replace(id, unknown_id(id))
        return response.status, DIGEST.sub("#", text)


def texts_of(response: RawResponse) -> set[str]:
    """Return all texts in a response: keys and values of JSON at any depth, and headers."""
    texts = {value for _, value in response.headers}
    data = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
    for text in data or [response.text]:
        try:
            texts |= set(_texts_in(json.loads(text)))
        except ValueError:
            texts.add(text)
    return texts


def _texts_in(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from node
        for value in node.values():
            yield from _texts_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts_in(value)


# ------------------------------------------------------------------------------------ values of the other account


def kind_of(field: InputField) -> str | None:
    """Return the kind of values of the other account that an input accepts; see VALUE_PAIRS."""
    schema = field.schema
    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if field.name in ("Idempotency-Key", "If-Match", "If-None-Match", "page_token", "Last-Event-ID"):
        return field.name if field.name in VALUE_PAIRS else None
    if "string" in types and (schema.get("format") == "uuid" or _is_free_text(schema)):
        return "id" if "format" in schema else "name"
    if "array" in types and schema["items"].get("type") == "string":
        items = schema["items"]
        return "names" if _is_free_text(items) else "decimals by name" if "pattern" in items else None
    return "object" if "object" in types and field.location == "body" else None


def _is_free_text(schema: Mapping[str, Any]) -> bool:
    return "enum" not in schema and "format" not in schema and schema.get("pattern", NO_NUL) == NO_NUL


NO_NUL = r"^[^\u0000]*$"
VALUE_PAIRS: Mapping[str, Callable[[TwoAccounts, Operation], Iterator[tuple[Any, Any]]]] = {
    "Idempotency-Key": lambda accounts, operation: _pairs([accounts.key_format.format(operation.name)], str),
    "If-Match": lambda accounts, operation: iter([(accounts.etag, '"5-0123456789abcdef"')]),
    "If-None-Match": lambda accounts, operation: iter([(accounts.etag, '"5-0123456789abcdef"')]),
    "id": lambda accounts, operation: ((id, unknown_id(id)) for id in accounts.other.ids.values()),
    "name": lambda accounts, operation: chain(
        _pairs(accounts.other.names, str),
        ((id, unknown_id(id)) for id in map(accounts.other.ids.__getitem__, ("order", "pending", "finding"))),
    ),
    "names": lambda accounts, operation: _pairs(accounts.other.names, lambda name: [name]),
    "decimals by name": lambda accounts, operation: _pairs(
        [*accounts.other.names, *(f"{name}/USDT" for name in accounts.other.names)], lambda name: f"{name}=1"
    ),
    "object": lambda accounts, operation: _pairs(accounts.other.names, lambda name: {name: "1"}),
}
"""By kind: values of the other account, each with one that is unknown."""


def _pairs(names: Iterable[str], make: Callable[[str], Any]) -> Iterator[tuple[Any, Any]]:
    return ((make(name), make(name.replace(OTHER, UNKNOWN))) for name in names)


def value_pairs(field: InputField, operation: Operation, accounts: TwoAccounts) -> Iterator[tuple[Any, Any]]:
    """Return the values of the other account for an input, each with one that is unknown."""
    kind = kind_of(field)
    return iter(()) if kind is None else VALUE_PAIRS[kind](accounts, operation)


WITH_VALUES = [operation for operation in OPERATIONS.values() if any(map(kind_of, operation.inputs))]
"""Operations with inputs that accept values of the other account."""


def differences(operation: Operation, accounts: TwoAccounts) -> Iterator[str]:
    """Yield what tells values of the other account from unknown ones, one input after the other."""
    base = sample_request(operation, accounts.own)
    yield from accounts.leaks(base, accounts.send(base))
    for field in operation.inputs:
        for value, unknown in value_pairs(field, operation, accounts):
            yield from accounts.compare(base.with_values({field: value}), base.with_values({field: unknown}))


# ------------------------------------------------------------------------------------------------------------- tests


@contextmanager
def two_accounts(url: str) -> Iterator[TwoAccounts]:
    """Two accounts in a store of their own."""
    store = SqlAlchemyStore.open(url, TickingClock(), CountedIds())
    with ExitStack() as stack:
        stack.callback(store.close)
        yield TwoAccounts(store, lambda app: stack.enter_context(in_process_client(app)))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def accounts(request, tmp_path_factory):
    """Two accounts in a history that does not change; reconciling makes no pauses."""
    folder = tmp_path_factory.mktemp("isolation")
    url = fresh_url() if request.param == "postgresql" else f"sqlite:///{folder}/a.db"
    with pytest.MonkeyPatch.context() as patch, two_accounts(url) as accounts:
        patch.setattr(reconciliation, "reconcile", partial(reconcile, sleep=lambda seconds: None))
        yield accounts


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_values_of_others_act_like_unknown_ones(operation, accounts):
    found = list(differences(operation, accounts))
    assert not found, "\n".join(found[:5])


@settings(max_examples=200)
@given(data=st.data())
def test_several_values_of_others_act_like_unknown_ones(accounts, data):
    operation = OPERATIONS[data.draw(st.sampled_from([operation.name for operation in WITH_VALUES]))]
    base = sample_request(operation, accounts.own)
    chosen: dict[InputField, tuple[Any, Any]] = {}
    for field in operation.inputs:
        pairs = list(value_pairs(field, operation, accounts))
        if pairs and data.draw(st.booleans()):
            chosen[field] = data.draw(st.sampled_from(pairs))
    request, unknown = (base.with_values({field: pair[index] for field, pair in chosen.items()}) for index in (0, 1))
    found = list(accounts.compare(request, unknown))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_page_tokens_and_cursors_of_others_reveal_nothing(operation, accounts):
    base = sample_request(operation, accounts.own)
    account_fields = {field: OTHER for field in operation.inputs if field.name == "account_id"}
    for field in operation.inputs:
        for position in _positions_of_other(field, accounts):
            for changes in ({}, account_fields):
                request = base.with_values({field: position, **changes})
                response = accounts.send(request)
                assert response.status in (200, 304, 400, 404, 409), response.text
                assert not list(accounts.leaks(request, response))


def _positions_of_other(field: InputField, accounts: TwoAccounts) -> Iterator[Any]:
    if field.name == "page_token":
        yield from accounts.page_tokens.values()
    elif field.name in ("after", "Last-Event-ID", "as_of"):
        yield from range(0, accounts.store.horizon(), 5)


def test_every_operation_is_covered():
    """The document has each route of the application, and each operation with a key has inputs to test."""
    app = create_app(MemoryStore(), settings=SETTINGS)
    served = {(route.path, method.lower()) for route in app.routes for method in route.methods - {"HEAD"}}
    assert served == {(operation.path, operation.method.lower()) for operation in OPERATIONS.values()}
    with_key = {operation.name for operation in OPERATIONS.values() if operation.needs_key}
    assert with_key - {operation.name for operation in WITH_VALUES} == {"listCheckpoints", "getMetrics"}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_sample_requests_succeed(operation, accounts):
    """Otherwise the tests above would only compare error responses."""
    response = accounts.send(sample_request(operation, accounts.own))
    assert response.status in operation.success, response.text


LEAKS: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    "no scope": lambda patch: patch.setattr(request_context, "scoped_to_accounts", lambda uow, accounts: uow),
    "every account is visible": lambda patch: patch.setattr(Principal, "can_see", lambda self, account_id: True),
    "one owner of all keys": lambda patch: patch.setattr(
        server, "authenticate", lambda uow, headers: attrs.evolve(access.authenticate(uow, headers), owner="everybody")
    ),
    "ids of others conflict": lambda patch: patch.setattr(account_scope, "_by_id", _conflicting),
}


def _conflicting(method, accounts, args, named):
    row = method(*args, **named)
    if row is not None and row.account_id not in accounts:
        raise Conflict("id", args[0], ["account_id"])
    return row


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_detected(leak, tmp_path, monkeypatch):
    account_scope.rule_of.cache_clear()
    LEAKS[leak](monkeypatch)
    try:
        with two_accounts(f"sqlite:///{tmp_path}/a.db") as accounts:
            assert any(found for operation in OPERATIONS.values() for found in differences(operation, accounts))
    finally:
        account_scope.rule_of.cache_clear()
