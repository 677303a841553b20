"""What every store must do with keys of the API, recorded answers and traces: a suite for adapters.

Used like `StoreContract`, and along with it:

    class TestMyStore(StoreContract, AuditContract, ReconciliationContract, AccessContract):
        @pytest.fixture
        def store(self):
            return MyStore(...)
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from sot.application.audit.rebuild import rebuild
from sot.application.audit.seal import seal
from sot.application.audit.verification import verify
from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.application.support.tracing import TracedStore
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import ConcurrentUpdate, InvalidInput, ReadOnly
from sot.domain.values.vocabulary import AccessScope
from sot.ports.access import AccessStore, AccessUnitOfWork
from sot.ports.venue import Venue
from sot.testing.contract import THREADS, VENUE, at_once, instrument, intent, place, read, trade, write

T0 = datetime(2026, 1, 5, 10, 0, 0, 1, tzinfo=UTC)
LATER = T0 + timedelta(hours=1)
ODD_TEXT = "a'\";--%s:x\\\t\n,[]ß漢😀"
TRACE = "7f1c é 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def api_key(key_id: str, **said: Any) -> ApiKey:
    """A key that says little more than it has to."""
    told = {"secret_hash": "0" * 64, "scopes": [AccessScope.READ], "created_at": T0, **said}
    return ApiKey(key_id=key_id, **told)


def answer(key: str, owner: str = "account", **said: Any) -> IdempotencyRecord:
    """A recorded answer that says little more than it has to."""
    told = {"fingerprint": "1" * 64, "status": 201, "body": "{}", "recorded_at": T0, **said}
    return IdempotencyRecord(owner=owner, key=key, **told)


def keep_keys(store: AccessStore, *keys: ApiKey) -> None:
    """Keep keys in a transaction of their own."""
    store.run(lambda uow: [uow.api_keys.add(key) for key in keys])


def keys_of(store: AccessStore) -> list[ApiKey]:
    """All keys that are kept."""
    return store.run(lambda uow: list(uow.api_keys.list()), read_only=True)


def answered(store: AccessStore, key: str, owner: str = "account") -> IdempotencyRecord | None:
    """What was answered under a key."""
    return store.run(lambda uow: uow.idempotency_records.get(owner, key), read_only=True)


class AccessContract:
    """Tests for a store from the fixture `store`, which makes an empty one for every test."""

    # ----------------------------------------------------------------------------------------------- keys of the API

    def test_a_key_comes_back_as_it_was(self, store: AccessStore) -> None:
        """Everything that it says; one of no account is not one of all accounts."""
        iterate_pages = [
            api_key("k1"),
            api_key("k2", scopes=list(AccessScope), name=ODD_TEXT, accounts=["b", ODD_TEXT, "a"], revoked_at=LATER),
            api_key("k3", scopes=[], accounts=[]),
        ]
        keep_keys(store, *iterate_pages)
        assert keys_of(store) == iterate_pages
        with store.begin(read_only=True) as uow:
            assert [uow.api_keys.get(key.key_id) for key in iterate_pages] == iterate_pages
            assert [uow.api_keys.get(absent) for absent in ("", "K1", "nobody")] == [None] * 3

    def test_keys_are_listed_by_when_they_were_made(self, store: AccessStore) -> None:
        """Then by their ids, by code point."""
        keys = [api_key("b"), api_key("B"), api_key("a", created_at=LATER), api_key("é"), api_key("z")]
        keep_keys(store, *keys)
        assert [key.key_id for key in keys_of(store)] == ["B", "b", "z", "é", "a"]

    def test_a_key_is_revoked_once(self, store: AccessStore) -> None:
        """In the transaction that added it, or later; again, or without a key, it changes nothing."""
        with store.begin() as uow:
            uow.api_keys.add(api_key("k1"))
            uow.api_keys.add(api_key("k2"))
            uow.api_keys.revoke("k1", T0)
            assert uow.api_keys.get("k1") == api_key("k1", revoked_at=T0)
            uow.commit()
        for at in (LATER, LATER + timedelta(1)):
            store.run(lambda uow, at=at: [uow.api_keys.revoke(name, at) for name in ("k1", "k2", "nobody")])  # type: ignore[misc]
        assert keys_of(store) == [api_key("k1", revoked_at=T0), api_key("k2", revoked_at=LATER)]

    def test_a_key_is_kept_once(self, store: AccessStore) -> None:
        """Whoever comes second has lost, in the same transaction or in another; revoked or not."""
        keep_keys(store, api_key("k1"))
        store.run(lambda uow: uow.api_keys.revoke("k1", T0))
        for keys in ([api_key("k1", name="other")], [api_key("k2"), api_key("k2")]):
            with store.begin() as uow, pytest.raises(ConcurrentUpdate):
                for key in keys:
                    uow.api_keys.add(key)
                uow.commit()
        assert keys_of(store) == [api_key("k1", revoked_at=T0)]

    def test_keys_are_kept_with_their_transaction(self, store: AccessStore) -> None:
        """Seen in it at once, by others after its commit, and never without one."""
        keep_keys(store, api_key("k1"))
        with store.begin() as uow:
            uow.api_keys.add(api_key("k2"))
            uow.api_keys.revoke("k1", LATER)
            assert uow.api_keys.list() == [api_key("k1", revoked_at=LATER), api_key("k2")]
            assert keys_of(store) == [api_key("k1")]
        with store.begin() as uow:
            uow.api_keys.add(api_key("k2"))
            uow.rollback()
            assert uow.api_keys.get("k2") is None
            uow.commit()
        assert keys_of(store) == [api_key("k1")]

    def test_a_key_is_revoked_by_many_at_once(self, store: AccessStore) -> None:
        """One of their times is kept, and stays."""
        keep_keys(store, api_key("k1"))
        times = [T0 + timedelta(minutes=number) for number in range(THREADS)]
        results = at_once(THREADS, lambda number: store.run(lambda uow: uow.api_keys.revoke("k1", times[number])))
        assert results == [None] * THREADS
        assert keys_of(store)[0].revoked_at in times

    # ----------------------------------------------------------------------------------------------- recorded answers

    def test_an_answer_comes_back_as_it_was(self, store: AccessStore) -> None:
        """Everything that it says, under its owner's key alone."""
        iterate_pages = [
            answer("k"),
            answer("k", "other", status=0, body="", headers={}),
            answer(ODD_TEXT, ODD_TEXT, body=ODD_TEXT * 10_000, headers={"ETag": '"1"', ODD_TEXT: ODD_TEXT}),
        ]
        store.run(lambda uow: [uow.idempotency_records.add(one) for one in iterate_pages])
        assert [answered(store, one.key, one.owner) for one in iterate_pages] == iterate_pages
        assert [answered(store, *absent) for absent in (("K",), ("k", "nobody"), ("", ""))] == [None] * 3

    def test_an_answer_is_kept_once(self, store: AccessStore) -> None:
        """Whoever comes second has lost, in the same transaction or in another, whatever it says."""
        store.run(lambda uow: uow.idempotency_records.add(answer("k")))
        for records in ([answer("k", fingerprint="2" * 64)], [answer("new"), answer("new")]):
            with store.begin() as uow, pytest.raises(ConcurrentUpdate):
                for record in records:
                    uow.idempotency_records.add(record)
                uow.commit()
        assert (answered(store, "k"), answered(store, "new")) == (answer("k"), None)

    def test_an_answer_is_kept_with_its_effect(self, store: AccessStore) -> None:
        """Seen in its transaction at once, by others after its commit; a lost key leaves nothing of the effect."""
        with store.begin() as uow:
            uow.idempotency_records.add(answer("k"))
            assert uow.idempotency_records.get("account", "k") == answer("k")
            assert answered(store, "k") is None
        assert answered(store, "k") is None
        place(store, "C1")
        store.run(lambda uow: uow.idempotency_records.add(answer("k")))
        with store.begin() as uow, pytest.raises(ConcurrentUpdate):
            OrderHistory(uow).record(trade("C1", "E1"))
            uow.idempotency_records.add(answer("k", body="again"))
            uow.commit()
        assert [order.cum_quantity for order in read(store, lambda h: h.orders().items)] == [0]

    def test_many_ask_at_once_and_one_has_the_effect(self, store: AccessStore) -> None:
        """Everybody is given the same answer: who lost runs again, and finds it."""
        place(store, "C1")

        def ask(uow: AccessUnitOfWork, number: int) -> IdempotencyRecord:
            known = uow.idempotency_records.get("account", "k")
            if known is not None:
                return known
            OrderHistory(uow).record(trade("C1", f"E{number}"))
            mine = answer("k", body=f"answer {number}")
            uow.idempotency_records.add(mine)
            return mine

        results = at_once(THREADS, lambda number: store.run(lambda uow: ask(uow, number)))
        assert results == [answered(store, "k")] * THREADS
        assert [order.cum_quantity for order in read(store, lambda h: h.orders().items)] == [1]

    # ---------------------------------------------------------------------------------------------------- no facts

    def test_they_are_no_facts(self, store: AccessStore) -> None:
        """The feed does not tell of them, no checkpoint seals them, and a rebuild leaves them."""
        place(store, "C1")
        before = store.horizon()
        keep_keys(store, api_key("k1"))
        store.run(lambda uow: uow.idempotency_records.add(answer("k")))
        store.run(lambda uow: uow.api_keys.revoke("k1", LATER))
        assert store.horizon() == before
        sealed = store.run(seal)
        with store.begin(read_only=True) as uow:
            assert sealed is not None
            assert sealed.count == len(list(uow.feed.leaves()))
        rebuild(store)
        assert verify(store).problems == []
        assert (keys_of(store), answered(store, "k")) == ([api_key("k1", revoked_at=LATER)], answer("k"))

    def test_who_only_reads_changes_nothing(self, store: AccessStore) -> None:
        """A read-only transaction refuses all of it."""
        keep_keys(store, api_key("k1"))
        for change in (
            lambda uow: uow.api_keys.add(api_key("k2")),
            lambda uow: uow.api_keys.revoke("k1", LATER),
            lambda uow: uow.idempotency_records.add(answer("k")),
        ):
            with store.begin(read_only=True) as uow, pytest.raises(ReadOnly):
                change(uow)  # type: ignore[no-untyped-call]
                uow.commit()
        assert (keys_of(store), answered(store, "k")) == ([api_key("k1")], None)

    # ------------------------------------------------------------------------------------------------------ traces

    def test_what_is_recorded_keeps_what_caused_it(self, store: AccessStore) -> None:
        """Requests and events of one unit of work, as long as it is set; whose hashes cover it."""
        with store.begin() as uow:
            history = OrderHistory(uow)
            assert uow.trace is None
            history.register(instrument())
            uow.trace = TRACE
            request = history.submit(intent("C1"))
            order_id = history.mark_sent(request.request_id).order_id or ""
            uow.trace = None
            history.record(trade("C1", "E1"))
            uow.commit()
        with TracedStore(store, "x" * 255).begin() as uow:
            OrderHistory(uow).record(trade("C1", "E2"))
            uow.commit()
        events = read(store, lambda h: h.events(order_id))
        assert [event.trace for event in events] == [TRACE, TRACE, None, "x" * 255]
        assert ['"trace"' in event.body() for event in events] == [True, True, False, True]
        assert [entry.event for entry in read(store, lambda h: h.timeline(order_id))] == events
        assert [event.trace for event in read(store, lambda h: h.as_of(store.horizon()).events(order_id))] == [
            event.trace for event in events
        ]
        assert read(store, lambda h: h.request(request.request_id)).request.trace == TRACE
        assert verify(store).problems == []

    def test_a_repeat_is_one_whatever_caused_it(self, store: AccessStore) -> None:
        """What was recorded first stays, with its trace."""
        first = TracedStore(store, TRACE)
        place(first, "C1")
        write(first, lambda h: h.record(trade("C1", "E1")))
        for again in (store, first, TracedStore(store, "again")):
            repeated = write(again, lambda h: h.submit(intent("C1", trace="mine")))
            assert (repeated.repeated, repeated.request.trace) == (True, TRACE)
            assert write(again, lambda h: h.record(trade("C1", "E1"))).outcome == "REPEATED"
        order = read(store, lambda h: h.orders().items)[0]
        assert {event.trace for event in read(store, lambda h, o=order.order_id: h.events(o))} == {TRACE}  # type: ignore[misc]

    @pytest.mark.parametrize("trace", ["", "x" * 256, "a\0b", "\ud800", 7])
    def test_a_trace_that_cannot_be_kept_is_refused(self, store: AccessStore, trace: Any) -> None:
        """Before anything is written."""
        place(store, "C1")
        for command in (
            lambda h: h.record(trade("C1", "E1")),
            lambda h: h.submit(intent("C2")),
        ):
            with store.begin() as uow, pytest.raises(InvalidInput, match="trace"):
                uow.trace = trace
                command(OrderHistory(uow))  # type: ignore[no-untyped-call]
        assert len(read(store, lambda h: h.requests().items)) == 1

    def test_an_execution_is_traced_through_all_its_transactions(self, store: AccessStore) -> None:
        """By a store that sets the trace of every unit of work; what was recorded before has its own."""
        traced = TracedStore(store, TRACE)
        write(store, lambda h: h.register(instrument()))
        request = write(store, lambda h: h.submit(intent("C1")))
        order = Executor(traced, _FillingVenue()).execute(request.request_id)
        events = read(traced, lambda h: h.events(order.order_id))
        assert [str(event.type) for event in events] == ["CREATED", "SUBMITTED", "TRADE"]
        assert {event.trace for event in events} == {TRACE}
        assert read(store, lambda h: h.request(request.request_id)).request.trace is None
        assert traced.horizon() == store.horizon()
        traced.close()
        assert attrs.evolve(read(store, lambda h: h.order(order.order_id)), version=0) == attrs.evolve(order, version=0)


class _FillingVenue(Venue):
    """Fills a part of everything at once."""

    name = VENUE

    def submit(self, request: OrderRequest) -> list[VenueReport]:
        return [trade(request.client_order_id or "", "E1")]
