"""The same request from many at once: one effect, and the same answer for all, whoever came first.

Two servers stand over one store, as two processes would: they share nothing else.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, contextmanager

import pytest
from furnished import SHARED, a_venue, furnish
from operations import OPERATIONS, Operation, Sent, usual
from sqlalchemy import text
from wires import Got, Wired, wired

from sot.adapters.http import Settings, create_app
from sot.testing.contract.transactions import run_in_threads
from sot.testing.fakes import ManualClock

THREADS = 6
SETTINGS = Settings(page_secret=b"the same in both", refusal_seconds=0, stream_seconds=0)
CHANGING = [one for one in OPERATIONS.values() if one.method == "POST"]
OF_EACH = {"x-request-id", "idempotency-replayed"}
"""Headers that are about one sending of a request."""
NOW_AND_THEN = {"recover": "it tells what came of this asking, and has no key"}
"""Whose answers differ, and why."""
PATIENCE = 50


class House:
    """A furnished store, and as many clients as there are threads, at two servers."""

    def __init__(self, store, wire: Callable[..., Wired]) -> None:
        self.store = store
        self.venue = a_venue(store.clock)
        self.account = furnish(store, self.venue, "alpha", 713_713)
        apps = [create_app(store, self.venue, settings=SETTINGS) for _ in range(2)]
        self.clients = [wire(apps[number % 2]) for number in range(THREADS)]

    def ask(self, sent: Sent, client: int = 0, keyed: bool = False) -> Got:
        """One answer; whoever is told to wait does so."""
        key = {"idempotency-key": f"key-{sent.operation.name}"} if keyed else {}
        headers = {**self.account.headers, **sent.headers, **key}
        for _ in range(PATIENCE):
            got = self.clients[client].ask(sent.operation.method, sent.target, headers, sent.body)
            if got.status not in (409, 503) or got.header("retry-after") is None:
                return got
            time.sleep(0.02)
        raise AssertionError(f"still told to wait: {got.text}")

    def size(self) -> tuple[int, int]:
        """How many facts there are, and checkpoints."""
        with self.store.engine.connect() as connection:
            counts = (
                connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("fact_feed", "checkpoints")
            )
            return next(counts), next(counts)


@contextmanager
def furnished(store):
    with ExitStack() as opened:
        yield House(store, lambda app: opened.enter_context(wired(app)))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kind(request):
    return request.param


def _same(answers: Sequence[Got]) -> bool:
    told = {(got.status, tuple(one for one in got.headers if one[0] not in OF_EACH), got.body) for got in answers}
    return len(told) == 1


def _shown(answers) -> str:
    return "\n".join(
        sorted(f"{got.status} {got.headers} {got.text}" if isinstance(got, Got) else repr(got) for got in answers)
    )


def _keyed(operation: Operation) -> bool:
    return any(place.name == "Idempotency-Key" for place in operation.places)


@pytest.mark.parametrize("keyed", [False, True], ids=["by themselves", "by key"])
def test_many_at_once_are_one(kind, keyed, make_store):
    with furnished(make_store(kind, ManualClock())) as one, furnished(make_store(kind, ManualClock())) as many:
        for operation in CHANGING:
            with_key = keyed and _keyed(operation)
            first = one.size()
            once = one.ask(usual(operation, one.account), keyed=with_key)
            assert once.status in operation.success, (operation.name, once.text)
            grown = [now - before for now, before in zip(one.size(), first, strict=True)]
            sent, first = usual(operation, many.account), many.size()
            answers = run_in_threads(THREADS, lambda client, sent=sent, key=with_key: many.ask(sent, client, key))
            assert all(isinstance(got, Got) and got.status in operation.success for got in answers), (
                operation.name,
                _shown(answers),
            )
            assert [now - before for now, before in zip(many.size(), first, strict=True)] == grown, operation.name
            later = many.ask(sent, keyed=with_key)
            if operation.name not in NOW_AND_THEN:
                settled = [got for got in answers if got.status != 202]
                assert _same([*settled, later]), (operation.name, _shown(answers))
                replayed = [got.header("idempotency-replayed") for got in answers].count("true")
                assert not _keyed(operation) or replayed == THREADS - 1, (operation.name, replayed)


def _slow(venue, seconds: float) -> threading.Event:
    """From now on the venue takes its time to answer; the event is set once it was called."""
    called = threading.Event()
    submit = venue.submit

    def slowly(request):
        called.set()
        time.sleep(seconds)
        return submit(request)

    venue.submit = slowly
    return called


def test_executing_at_a_slow_venue(kind, make_store):
    """One calls the venue and is told what came of it; the others are told to look later, and then see the same."""
    with furnished(make_store(kind, ManualClock())) as house:
        called = _slow(house.venue, 0.5)
        before = len(house.venue.calls)
        sent = usual(OPERATIONS["executeRequest"], house.account).but(
            {
                place: house.account.ids["pending"]
                for place in OPERATIONS["executeRequest"].places
                if place.where == "path"
            }
        )
        answers = run_in_threads(THREADS, lambda client: house.ask(sent, client))
        assert called.is_set()
        assert len(house.venue.calls) == before + 1
        assert sorted(got.status for got in answers) == [200] + [202] * (THREADS - 1), answers
        for got in answers:
            assert got.header("location") == f"/sot/orders/{got.json()['order_id']}"
            assert (got.header("retry-after") is not None) == (got.status == 202)
        (done,) = [got for got in answers if got.status == 200]
        later = house.ask(sent)
        assert (later.status, later.body) == (200, done.body)
        assert later.json()["status"] == "FILLED"
        assert len(house.venue.calls) == before + 1


def test_different_requests_with_one_key(kind, make_store):
    """One is done; the others are told that the key was used."""
    with furnished(make_store(kind, ManualClock())) as house:
        operation = OPERATIONS["submitRequest"]
        body = [place for place in operation.places if place.where == "body" and place.name == "quantity"]

        def submit(client):
            return house.ask(usual(operation, house.account).but({body[0]: f"{client + 1}"}), client, keyed=True)

        before = house.size()
        answers = run_in_threads(THREADS, submit)
        # Before the first has committed, the others know the intent that goes by the key; afterwards, the key itself.
        assert [got.status for got in answers if got.status not in (409, 422)] == [201]
        assert house.size()[0] == before[0] + 1
        assert SHARED in next(got for got in answers if got.status == 201).text
