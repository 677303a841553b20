"""Waiting for new facts: what it costs does not grow with those who wait, and nobody waits for long."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from sot.adapters.http.feed_watch import FeedWatch
from sot.adapters.memory import MemoryStore
from sot.domain.values.errors import StoreUnavailable
from sot.testing.contract.transactions import submit_and_send

EVERY, SECONDS = 0.02, 0.4
MOST_LOOKS = SECONDS / EVERY + 1


class LookedAtStore(MemoryStore):
    """A store that counts looks, and takes its time for each, or fails."""

    def __init__(self, look_seconds=0.0, error=None):
        super().__init__()
        self.looks = 0
        self._look_seconds, self._error = look_seconds, error

    def begin(self, read_only=False):
        self.looks += 1
        time.sleep(self._look_seconds)
        if self._error is not None:
            raise self._error
        return super().begin(read_only)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def statements(request, make_store):
    """An SQL store, and the statements that it executes."""
    store, found = make_store(request.param), []
    store.horizon()
    event.listen(store.engine, "before_cursor_execute", lambda *arguments: found.append(arguments[2]))
    return store, found


def watching(store, act, every=EVERY):
    """Run what awaits a watch."""
    with ThreadPoolExecutor(2) as pool:
        return asyncio.run(act(FeedWatch(store, pool, every)))


def wait(store, count, seconds=SECONDS, meanwhile=None, every=EVERY):
    """Let some wait for the next fact; returns what each got, and the seconds that it took."""
    horizon = store.horizon()

    async def act(watch):
        started = time.monotonic()
        waiting = [asyncio.create_task(watch.wait(horizon, seconds)) for _ in range(count)]
        if meanwhile is not None:
            await asyncio.to_thread(meanwhile)
        return await asyncio.gather(*waiting), time.monotonic() - started

    return watching(store, act, every)


def test_all_who_wait_get_the_new_horizon(store):
    submit_and_send(store, "before")
    before = store.horizon()
    horizons, seconds = wait(store, 50, 20, lambda: submit_and_send(store, "new"))
    assert set(horizons) == {store.horizon()} != {before}
    assert seconds < 5


@pytest.mark.parametrize("count", [1, 50])
def test_the_number_of_statements_is_that_of_looks_however_many_wait(statements, count):
    store, found = statements
    submit_and_send(store, "before")
    horizon = store.horizon()
    found.clear()

    async def act(watch):
        await asyncio.gather(*(watch.wait(horizon, SECONDS) for _ in range(count)))

    watching(store, act)
    assert 0 < len([one for one in found if one.startswith("SELECT max(fact_feed")]) <= MOST_LOOKS
    assert len(found) <= MOST_LOOKS  # while nothing is recorded a look is one statement


def test_nobody_looks_when_nobody_waits(statements):
    store, found = statements
    horizon = store.horizon()

    async def act(watch):
        await watch.wait(horizon, EVERY)
        await asyncio.sleep(2 * EVERY)
        found.clear()
        await asyncio.sleep(SECONDS)

    watching(store, act)
    assert found == []


def test_a_store_that_fails_is_not_asked_again_at_once():
    store = LookedAtStore(error=StoreUnavailable("memory", "it is out of reach"))

    async def act(watch):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            assert await watch.wait(0, end - time.monotonic()) == 0

    watching(store, act, every=0.001)
    assert store.looks == 1


def test_a_slow_store_is_looked_at_less_often():
    store = LookedAtStore(look_seconds=0.02)
    wait(store, 1, every=0.001)
    assert 1 <= store.looks <= 3
