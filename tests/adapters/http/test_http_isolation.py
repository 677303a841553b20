"""What belongs to another account is not there: not by a name, a filter, a token, a cursor, or the work that is done.

A request that names something of theirs is answered, byte for byte, like one that names nothing; the same statements
run; and no answer has a text in it that only their data has. Operations come from the OpenAPI document.
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
from furnished import Furnished, TickingClock, a_venue, furnish, reset
from hypothesis import given, settings
from hypothesis import strategies as st
from operations import OPERATIONS, Operation, Place, Sent, usual
from sqlalchemy import event
from tests.postgres import fresh_url
from wires import Got, Wired, wired

from sot.adapters.http import Settings, access, create_app, request_context, server
from sot.adapters.http.access import Principal
from sot.adapters.http.routes import reconciliation
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.access import account_scope
from sot.application.access import account_scope as narrowing
from sot.application.reconciliation.reconciler import reconcile
from sot.domain.values.errors import Conflict
from sot.ports.store import Store
from sot.testing.fakes import CountedIds, ManualClock

OURS, THEIRS, NOBODY = "alpha", "omega", "nobod"
NOW = datetime(2026, 1, 6, tzinfo=UTC)
SETTINGS = Settings(page_secret=b"the same every time", refusal_seconds=0, stream_seconds=0)
DIGEST = re.compile(
    r'[0-9a-f]{64}|(?<=-)[0-9a-f]{16}(?=\\*")|[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}'
)
"""Digests of what was said, and ids made of such: they differ as that does."""
LEAST = 6
"""Shorter texts may be the same by chance."""


def absent(id: str) -> str:
    """An id that nothing has, another one for each."""
    return f"ffffffff-ffff-7fff-8fff-{id[-12:]}"


class Forgetful(Store):
    """A store that keeps nothing of what use cases do, so that each request meets the same history."""

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


class Neighbours:
    """Two accounts in one store, an application over it, and what only the other account's data has."""

    def __init__(self, store, wire: Callable[[Any], Wired]) -> None:
        self.store = store
        self.venue = a_venue(store.clock)
        self.ours = furnish(store, self.venue, OURS, 713_713)
        self.theirs = furnish(store, self.venue, THEIRS, 829_829)
        self.keeping = wire(create_app(store, self.venue, settings=SETTINGS))
        self.key = self._their_key()
        self.tokens = self._their_tokens()
        self.etag = str(self._asked_by_them("getOrder").header("etag"))
        self.wire = wire(create_app(Forgetful(store), self.venue, settings=SETTINGS))
        self.statements: list[str] = []
        event.listen(store.engine, "before_cursor_execute", self._note)
        self.secrets = self._told_to(self.theirs) - self._told_to(self.ours)
        assert self.theirs.ids["order"] in self.secrets
        assert f"{THEIRS}-strategy" in self.secrets

    def _note(self, connection, cursor, statement, *rest) -> None:
        self.statements.append(statement)

    def _their_key(self) -> str:
        """An Idempotency-Key under which they were answered."""
        for name in ("reconcile", "seal", "submitRequest"):
            operation = OPERATIONS[name]
            got = self._asked_by_them(name, {_place(operation, "Idempotency-Key"): f"{THEIRS}-key-{name}"})
            assert got.status == 201, got.text
        return f"{THEIRS}-key-{{}}"

    def _asked_by_them(self, name: str, changes: Mapping[Place, Any] | None = None) -> Got:
        sent = usual(OPERATIONS[name], self.theirs).but(changes or {})
        return self.keeping.ask(sent.operation.method, sent.target, {**self.theirs.headers, **sent.headers}, sent.body)

    def _their_tokens(self) -> dict[str, str]:
        """Page tokens that they were given, by operation."""
        found = {}
        for operation in OPERATIONS.values():
            if any(place.name == "page_token" for place in operation.places):
                got = self._asked_by_them(operation.name, {_place(operation, "page_size"): 1})
                if got.json()["next_page_token"] is not None:
                    found[operation.name] = got.json()["next_page_token"]
        assert {"listOrders", "getEvents", "listRequests"} <= set(found)
        return found

    def _told_to(self, account: Furnished) -> set[str]:
        """Every text that an account's own key is told."""
        told: set[str] = set(account.ids.values()) | set(account.names)
        for operation in OPERATIONS.values():
            if operation.method == "GET":
                told |= texts(self.ask(usual(operation, account), account))
        return {text for text in told if len(text) >= LEAST}

    def ask(self, sent: Sent, account: Furnished | None = None) -> Got:
        """Send it with our key, to a history that is always the same."""
        reset(self.store)
        self.store.clock.time = NOW
        self.statements.clear()
        headers = {**(account or self.ours).headers, **sent.headers}
        return self.wire.ask(sent.operation.method, sent.target, headers, sent.body)

    def leaks(self, sent: Sent, got: Got) -> Iterator[str]:
        """What an answer tells of theirs that the request did not tell."""
        said = sent.text
        whole = got.body.decode() + repr(got.headers)
        for text in (texts(got) & self.secrets) | {name for name in self.theirs.names if name in whole}:
            if text not in said:
                yield f"{sent.operation.name}: {text!r} after {said}"

    def compare(self, sent: Sent, other: Sent) -> Iterator[str]:
        """What tells a request that names something of theirs from one that names nothing."""
        got, work = self.ask(sent), list(self.statements)
        nothing, no_work = self.ask(other), list(self.statements)
        yield from self.leaks(sent, got)
        if self._plain(got) != self._plain(nothing):
            yield f"{sent.text}: {self._plain(got)} is not {self._plain(nothing)}"
        if work != no_work:
            yield f"{sent.text}: {len(work)} statements are not {len(no_work)}"

    def _plain(self, got: Got) -> tuple[int, str]:
        """An answer in which what is theirs has the names of what is not there, and without digests."""
        text = json.dumps([got.headers, got.body.decode("latin-1")]).replace(THEIRS, NOBODY)
        for id in self.theirs.ids.values():
            text = text.replace(id, absent(id))
        return got.status, DIGEST.sub("#", text)


def texts(got: Got) -> set[str]:
    """Every text in an answer: keys and values of JSON at any depth, and headers."""
    found = {value for _, value in got.headers}
    lines = [line.removeprefix("data: ") for line in got.text.splitlines() if line.startswith("data: ")]
    for text in lines or [got.text]:
        try:
            found |= set(_texts_in(json.loads(text)))
        except ValueError:
            found.add(text)
    return found


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


def _place(operation: Operation, name: str) -> Place:
    return next(place for place in operation.places if place.name == name)


# ------------------------------------------------------------------------------------------- what may be named where


def kind_of(at: Place) -> str | None:
    """What can be named at a place: see PAIRS."""
    schema = at.schema
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if at.name in ("Idempotency-Key", "If-Match", "If-None-Match", "page_token", "Last-Event-ID"):
        return at.name if at.name in PAIRS else None
    if "string" in kinds and (schema.get("format") == "uuid" or _is_free(schema)):
        return "id" if "format" in schema else "name"
    if "array" in kinds and schema["items"].get("type") == "string":
        return "names" if _is_free(schema["items"]) else "figures" if "pattern" in schema["items"] else None
    return "object" if "object" in kinds and at.where == "body" else None


def _is_free(schema: Mapping[str, Any]) -> bool:
    """Whether it is a text of which only some signs are excluded."""
    return "enum" not in schema and "format" not in schema and schema.get("pattern", NO_NUL) == NO_NUL


NO_NUL = r"^[^\u0000]*$"
PAIRS: Mapping[str, Callable[[Neighbours, Operation], Iterator[tuple[Any, Any]]]] = {
    "Idempotency-Key": lambda house, operation: _named([house.key.format(operation.name)], str),
    "If-Match": lambda house, operation: iter([(house.etag, '"5-0123456789abcdef"')]),
    "If-None-Match": lambda house, operation: iter([(house.etag, '"5-0123456789abcdef"')]),
    "id": lambda house, operation: ((id, absent(id)) for id in house.theirs.ids.values()),
    "name": lambda house, operation: chain(
        _named(house.theirs.names, str),
        ((id, absent(id)) for id in map(house.theirs.ids.__getitem__, ("order", "pending", "finding"))),
    ),
    "names": lambda house, operation: _named(house.theirs.names, lambda name: [name]),
    "figures": lambda house, operation: _named(
        [*house.theirs.names, *(f"{name}/USDT" for name in house.theirs.names)], lambda name: f"{name}=1"
    ),
    "object": lambda house, operation: _named(house.theirs.names, lambda name: {name: "1"}),
}
"""By kind: values that name something of theirs, each with one that names nothing."""


def _named(names: Iterable[str], made: Callable[[str], Any]) -> Iterator[tuple[Any, Any]]:
    return ((made(name), made(name.replace(THEIRS, NOBODY))) for name in names)


def pairs(at: Place, operation: Operation, house: Neighbours) -> Iterator[tuple[Any, Any]]:
    """What can be named at a place of an operation."""
    kind = kind_of(at)
    return iter(()) if kind is None else PAIRS[kind](house, operation)


NAMING = [one for one in OPERATIONS.values() if any(map(kind_of, one.places))]
"""Operations in which something can be named."""


def told_apart(operation: Operation, house: Neighbours) -> Iterator[str]:
    """Whatever tells theirs from nothing in an operation, one place after the other."""
    base = usual(operation, house.ours)
    yield from house.leaks(base, house.ask(base))
    for at in operation.places:
        for theirs, nothing in pairs(at, operation, house):
            yield from house.compare(base.but({at: theirs}), base.but({at: nothing}))


# ------------------------------------------------------------------------------------------------------------- tests


@contextmanager
def neighbours(url: str) -> Iterator[Neighbours]:
    """Two accounts in a store of their own."""
    store = SqlAlchemyStore.open(url, TickingClock(), CountedIds())
    with ExitStack() as opened:
        opened.callback(store.close)
        yield Neighbours(store, lambda app: opened.enter_context(wired(app)))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request, tmp_path_factory):
    """Two accounts, in a history that stays as it is; comparing with the venue takes no pauses."""
    folder = tmp_path_factory.mktemp("isolation")
    url = fresh_url() if request.param == "postgresql" else f"sqlite:///{folder}/a.db"
    with pytest.MonkeyPatch.context() as patch, neighbours(url) as house:
        patch.setattr(reconciliation, "reconcile", partial(reconcile, sleep=lambda seconds: None))
        yield house


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_is_theirs_is_as_if_it_were_not(operation, house):
    found = list(told_apart(operation, house))
    assert not found, "\n".join(found[:5])


@settings(max_examples=200)
@given(data=st.data())
def test_in_any_combination(house, data):
    """Several of their names at once, in any operation."""
    operation = OPERATIONS[data.draw(st.sampled_from([one.name for one in NAMING]))]
    base = usual(operation, house.ours)
    chosen: dict[Place, tuple[Any, Any]] = {}
    for at in operation.places:
        possible = list(pairs(at, operation, house))
        if possible and data.draw(st.booleans()):
            chosen[at] = data.draw(st.sampled_from(possible))
    sent, other = (base.but({at: pair[which] for at, pair in chosen.items()}) for which in (0, 1))
    found = list(house.compare(sent, other))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_places_that_they_were_given(operation, house):
    """A page token or a cursor of theirs leads nowhere but to what is ours."""
    base = usual(operation, house.ours)
    for at in operation.places:
        for place in _places_of_theirs(at, operation, house):
            for more in ({}, {one: THEIRS for one in operation.places if one.name == "account_id"}):
                sent = base.but({at: place, **more})
                got = house.ask(sent)
                assert got.status in (200, 304, 400, 404, 409), got.text
                assert not list(house.leaks(sent, got))


def _places_of_theirs(at: Place, operation: Operation, house: Neighbours) -> Iterator[Any]:
    last = house.store.horizon()
    if at.name == "page_token":
        yield from house.tokens.values()
    elif at.name in ("after", "Last-Event-ID", "as_of"):
        yield from range(0, last, 5)


def test_every_operation_is_among_them():
    """The document has each route of the application, and of each operation that needs a key something is named."""
    app = create_app(MemoryStore(), settings=SETTINGS)
    served = {(route.path, method.lower()) for route in app.routes for method in route.methods - {"HEAD"}}
    assert served == {(operation.path, operation.method.lower()) for operation in OPERATIONS.values()}
    assert {operation.name for operation in OPERATIONS.values() if operation.secured} - {
        one.name for one in NAMING
    } == {"listCheckpoints"}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_usual_request_is_let_through(operation, house):
    """Otherwise nothing was compared but refusals."""
    got = house.ask(usual(operation, house.ours))
    assert got.status in operation.success, got.text


LEAKS: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    "nothing is narrowed": lambda patch: patch.setattr(
        request_context, "scoped_to_accounts", lambda uow, accounts: uow
    ),
    "every account is seen": lambda patch: patch.setattr(Principal, "can_see", lambda self, account_id: True),
    "answers of others are given again": lambda patch: patch.setattr(
        server, "authenticate", lambda uow, headers: attrs.evolve(access.authenticate(uow, headers), owner="everybody")
    ),
    "a foreign id is told from none": lambda patch: patch.setattr(account_scope, "_by_id", _refused),
}


def _refused(method, accounts, args, named):
    found = method(*args, **named)
    if found is not None and found.account_id not in accounts:
        raise Conflict("id", args[0], ["account_id"])
    return found


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_found(leak, tmp_path, monkeypatch):
    narrowing.rule_of.cache_clear()
    LEAKS[leak](monkeypatch)
    try:
        with neighbours(f"sqlite:///{tmp_path}/a.db") as house:
            assert any(found for operation in OPERATIONS.values() for found in told_apart(operation, house))
    finally:
        narrowing.rule_of.cache_clear()
