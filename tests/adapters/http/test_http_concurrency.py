"""Concurrent repeats of a request have one effect, and all get the same response.

Two servers share one store, and nothing else, as two processes would.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, contextmanager

import pytest
from operations import OPERATIONS, SampleRequest, sample_request
from raw_http import InProcessClient, RawResponse, in_process_client
from sample_accounts import SHARED_SYMBOL, fill_account, make_venue
from sqlalchemy import text

from sot.adapters.http import Settings, create_app
from sot.testing.contract.transactions import run_in_threads
from sot.testing.fakes import ManualClock

THREADS = 6
SETTINGS = Settings(page_secret=b"the same in both", refusal_seconds=0, stream_seconds=0)
POSTS = [operation for operation in OPERATIONS.values() if operation.method == "POST"]
PER_REQUEST_HEADERS = {"x-request-id", "idempotency-replayed"}
DIFFERENT_RESPONSES = {"recover": "it reports what this call did, and has no key"}
"""Operations whose responses differ, and why."""
MAX_RETRIES = 50


class Environment:
    """A store with a sample account, and a client per thread at two servers."""

    def __init__(self, store, open_client: Callable[..., InProcessClient]) -> None:
        self.store = store
        self.venue = make_venue(store.clock)
        self.account = fill_account(store, self.venue, "alpha", 713_713)
        apps = [create_app(store, self.venue, settings=SETTINGS) for _ in range(2)]
        self.clients = [open_client(apps[number % 2]) for number in range(THREADS)]

    def send(self, request: SampleRequest, client: int = 0, with_key: bool = False) -> RawResponse:
        """Send a request, again if the response says so."""
        operation = request.operation
        key = {"idempotency-key": f"key-{operation.name}"} if with_key else {}
        headers = {**self.account.headers, **request.headers, **key}
        for _ in range(MAX_RETRIES):
            response = self.clients[client].send(operation.method, request.target, headers, request.body)
            if response.status not in (409, 503) or response.header("retry-after") is None:
                return response
            time.sleep(0.02)
        raise AssertionError(f"too many retries: {response.text}")

    def count_rows(self) -> tuple[int, int]:
        """Count facts and checkpoints."""
        with self.store.engine.connect() as connection:
            counts = (
                connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("fact_feed", "checkpoints")
            )
            return next(counts), next(counts)


@contextmanager
def make_environment(store):
    with ExitStack() as stack:
        yield Environment(store, lambda app: stack.enter_context(in_process_client(app)))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kind(request):
    return request.param


def are_equal(responses: Sequence[RawResponse]) -> bool:
    contents = {
        (
            response.status,
            tuple(header for header in response.headers if header[0] not in PER_REQUEST_HEADERS),
            response.body,
        )
        for response in responses
    }
    return len(contents) == 1


def describe(results) -> str:
    return "\n".join(
        sorted(
            f"{result.status} {result.headers} {result.text}" if isinstance(result, RawResponse) else repr(result)
            for result in results
        )
    )


def added_rows(environment: Environment, before: tuple[int, int]) -> list[int]:
    return [now - earlier for now, earlier in zip(environment.count_rows(), before, strict=True)]


@pytest.mark.parametrize("keyed", [False, True], ids=["without keys", "with keys"])
def test_concurrent_repeats_have_one_effect(kind, keyed, make_store):
    stores = [make_store(kind, ManualClock()) for _ in range(2)]
    with make_environment(stores[0]) as single, make_environment(stores[1]) as concurrent:
        for operation in POSTS:
            accepts_key = operation.has_input("Idempotency-Key")
            with_key = keyed and accepts_key
            before = single.count_rows()
            response = single.send(sample_request(operation, single.account), with_key=with_key)
            assert response.status in operation.success, (operation.name, response.text)
            expected_rows = added_rows(single, before)

            request, before = sample_request(operation, concurrent.account), concurrent.count_rows()
            results = run_in_threads(
                THREADS,
                lambda client, request=request, with_key=with_key: concurrent.send(request, client, with_key),
            )
            assert all(isinstance(result, RawResponse) and result.status in operation.success for result in results), (
                operation.name,
                describe(results),
            )
            assert added_rows(concurrent, before) == expected_rows, operation.name
            later = concurrent.send(request, with_key=with_key)
            if operation.name not in DIFFERENT_RESPONSES:
                final = [result for result in results if result.status != 202]
                assert are_equal([*final, later]), (operation.name, describe(results))
                replayed = [result.header("idempotency-replayed") for result in results].count("true")
                assert not accepts_key or replayed == THREADS - 1, (operation.name, replayed)


def delay_submit(venue, seconds: float) -> threading.Event:
    """Delay the answers of a venue; the event is set once it is called."""
    called = threading.Event()
    submit = venue.submit

    def slow_submit(request):
        called.set()
        time.sleep(seconds)
        return submit(request)

    venue.submit = slow_submit
    return called


def test_concurrent_executions_call_the_venue_once(kind, make_store):
    """One request calls the venue and gets its answer. The others get 202, and the same answer later."""
    with make_environment(make_store(kind, ManualClock())) as environment:
        called = delay_submit(environment.venue, 0.5)
        calls_before = len(environment.venue.calls)
        operation = OPERATIONS["executeRequest"]
        request = sample_request(operation, environment.account).with_values(
            {operation.input("request_id"): environment.account.ids["pending"]}
        )
        responses = run_in_threads(THREADS, lambda client: environment.send(request, client))
        assert called.is_set()
        assert len(environment.venue.calls) == calls_before + 1
        assert sorted(response.status for response in responses) == [200] + [202] * (THREADS - 1), responses
        for response in responses:
            assert response.header("location") == f"/sot/orders/{response.json()['order_id']}"
            assert (response.header("retry-after") is not None) == (response.status == 202)
        (answered,) = [response for response in responses if response.status == 200]
        later = environment.send(request)
        assert (later.status, later.body) == (200, answered.body)
        assert later.json()["status"] == "FILLED"
        assert len(environment.venue.calls) == calls_before + 1


def test_concurrent_requests_with_one_key(kind, make_store):
    """One succeeds; the others are rejected, since its key is in use."""
    with make_environment(make_store(kind, ManualClock())) as environment:
        operation = OPERATIONS["submitRequest"]
        quantity = operation.input("quantity")

        def submit(client):
            request = sample_request(operation, environment.account).with_values({quantity: f"{client + 1}"})
            return environment.send(request, client, with_key=True)

        before = environment.count_rows()
        responses = run_in_threads(THREADS, submit)
        # Until the first has committed, the others conflict with its intent (409); afterwards with its key (422).
        assert [response.status for response in responses if response.status not in (409, 422)] == [201]
        assert environment.count_rows()[0] == before[0] + 1
        assert SHARED_SYMBOL in next(response for response in responses if response.status == 201).text
