"""The same request from many at once: one effect, and the same answer for all, whoever came first.

Two servers stand over one store, as two processes would: they share nothing else.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, contextmanager

import pytest
from sample_accounts import SHARED_SYMBOL, make_venue, fill_account
from operations import OPERATIONS, Operation, SampleRequest, sample_request
from sqlalchemy import text
from raw_http import RawResponse, InProcessClient, in_process_client

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


class Environment:
    """A furnished store, and as many clients as there are threads, at two servers."""

    def __init__(self, store, wire: Callable[..., InProcessClient]) -> None:
        self.store = store
        self.venue = make_venue(store.clock)
        self.account = fill_account(store, self.venue, "alpha", 713_713)
        apps = [create_app(store, self.venue, settings=SETTINGS) for _ in range(2)]
        self.clients = [wire(apps[number % 2]) for number in range(THREADS)]

    def ask(self, sent: SampleRequest, client: int = 0, keyed: bool = False) -> RawResponse:
        """One answer; whoever is told to wait does so."""
        key = {"idempotency-key": f"key-{sent.operation.name}"} if keyed else {}
        headers = {**self.account.headers, **sent.headers, **key}
        for _ in range(PATIENCE):
            response = self.clients[client].ask(sent.operation.method, sent.target, headers, sent.body)
            if response.status not in (409, 503) or response.header("retry-after") is None:
                return response
            time.sleep(0.02)
        raise AssertionError(f"still told to wait: {response.text}")

    def size(self) -> tuple[int, int]:
        """How many facts there are, and checkpoints."""
        with self.store.engine.connect() as connection:
            counts = (
                connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("fact_feed", "checkpoints")
            )
            return next(counts), next(counts)


@contextmanager
def make_environment(store):
    with ExitStack() as opened:
        yield Environment(store, lambda app: opened.enter_context(in_process_client(app)))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kind(request):
    return request.param


def _same(answers: Sequence[RawResponse]) -> bool:
    told = {(response.status, tuple(one for one in response.headers if one[0] not in OF_EACH), response.body) for response in answers}
    return len(told) == 1


def _shown(answers) -> str:
    return "\n".join(
        sorted(f"{response.status} {response.headers} {response.text}" if isinstance(response, RawResponse) else repr(response) for response in answers)
    )


def _keyed(operation: Operation) -> bool:
    return any(place.name == "Idempotency-Key" for place in operation.inputs)


@pytest.mark.parametrize("keyed", [False, True], ids=["by themselves", "by key"])
def test_concurrent_repeats_have_one_effect(kind, keyed, make_store):
    with make_environment(make_store(kind, ManualClock())) as one, make_environment(make_store(kind, ManualClock())) as many:
        for operation in CHANGING:
            with_key = keyed and _keyed(operation)
            first = one.size()
            once = one.ask(sample_request(operation, one.account), keyed=with_key)
            assert once.status in operation.success, (operation.name, once.text)
            grown = [now - before for now, before in zip(one.size(), first, strict=True)]
            sent, first = sample_request(operation, many.account), many.size()
            answers = run_in_threads(THREADS, lambda client, sent=sent, key=with_key: many.ask(sent, client, key))
            assert all(isinstance(response, RawResponse) and response.status in operation.success for response in answers), (
                operation.name,
                _shown(answers),
            )
            assert [now - before for now, before in zip(many.size(), first, strict=True)] == grown, operation.name
            later = many.ask(sent, keyed=with_key)
            if operation.name not in NOW_AND_THEN:
                settled = [response for response in answers if response.status != 202]
                assert _same([*settled, later]), (operation.name, _shown(answers))
                replayed = [response.header("idempotency-replayed") for response in answers].count("true")
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


def test_concurrent_executions_call_the_venue_once(kind, make_store):
    """One calls the venue and is told what came of it; the others are told to look later, and then see the same."""
    with make_environment(make_store(kind, ManualClock())) as environment:
        called = _slow(environment.venue, 0.5)
        before = len(environment.venue.calls)
        sent = sample_request(OPERATIONS["executeRequest"], environment.account).with_values(
            {
                place: environment.account.ids["pending"]
                for place in OPERATIONS["executeRequest"].inputs
                if place.where == "path"
            }
        )
        answers = run_in_threads(THREADS, lambda client: environment.ask(sent, client))
        assert called.is_set()
        assert len(environment.venue.calls) == before + 1
        assert sorted(response.status for response in answers) == [200] + [202] * (THREADS - 1), answers
        for response in answers:
            assert response.header("location") == f"/sot/orders/{response.json()['order_id']}"
            assert (response.header("retry-after") is not None) == (response.status == 202)
        (done,) = [response for response in answers if response.status == 200]
        later = environment.ask(sent)
        assert (later.status, later.body) == (200, done.body)
        assert later.json()["status"] == "FILLED"
        assert len(environment.venue.calls) == before + 1


def test_concurrent_requests_with_one_key(kind, make_store):
    """One is done; the others are told that the key was used."""
    with make_environment(make_store(kind, ManualClock())) as environment:
        operation = OPERATIONS["submitRequest"]
        body = [place for place in operation.inputs if place.where == "body" and place.name == "quantity"]

        def submit(client):
            return environment.ask(sample_request(operation, environment.account).with_values({body[0]: f"{client + 1}"}), client, keyed=True)

        before = environment.size()
        answers = run_in_threads(THREADS, submit)
        # Before the first has committed, the others know the intent that goes by the key; afterwards, the key itself.
        assert [response.status for response in answers if response.status not in (409, 422)] == [201]
        assert environment.size()[0] == before[0] + 1
        assert SHARED_SYMBOL in next(response for response in answers if response.status == 201).text
