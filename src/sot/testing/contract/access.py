"""The access level: API keys and idempotency records, for a store that serves the HTTP adapter."""

from datetime import timedelta

import pytest

from sot.application.audit.rebuild import rebuild
from sot.application.audit.seal import seal
from sot.application.audit.verification import verify
from sot.application.history import OrderHistory
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.values.errors import ConcurrentUpdate, ReadOnly
from sot.domain.values.vocabulary import AccessScope
from sot.ports.access import AccessStore, AccessUnitOfWork
from sot.testing.contract.samples import (
    T0,
    api_key,
    idempotency_record,
    trade_report,
)
from sot.testing.contract.transactions import (
    THREADS,
    add_api_keys,
    find_idempotency_record,
    list_api_keys,
    read_history,
    run_in_threads,
    submit_and_send,
)

LATER = T0 + timedelta(hours=1)
ODD_TEXT = "a'\";--%s:x\\\t\n,[]ß漢😀"


class AccessContract:
    """API keys and idempotency records. `store` is a fixture that makes an empty store."""

    def test_a_key_is_read_back_as_it_was(self, store: AccessStore) -> None:
        """Every field comes back; a key for no account is not one for all accounts."""
        keys = [
            api_key("k1"),
            api_key("k2", scopes=list(AccessScope), name=ODD_TEXT, accounts=["b", ODD_TEXT, "a"], revoked_at=LATER),
            api_key("k3", scopes=[], accounts=[]),
        ]
        add_api_keys(store, *keys)
        assert list_api_keys(store) == keys
        with store.begin(read_only=True) as uow:
            assert [uow.api_keys.get(key.key_id) for key in keys] == keys
            assert [uow.api_keys.get(absent) for absent in ("", "K1", "nobody")] == [None] * 3

    def test_keys_are_listed_by_time_of_creation(self, store: AccessStore) -> None:
        """Then by id, by code point."""
        keys = [api_key("b"), api_key("B"), api_key("a", created_at=LATER), api_key("é"), api_key("z")]
        add_api_keys(store, *keys)
        assert [key.key_id for key in list_api_keys(store)] == ["B", "b", "z", "é", "a"]

    def test_a_key_is_revoked_once(self, store: AccessStore) -> None:
        """In the transaction that added it, or later. Revoking it again, or an unknown one, changes nothing."""
        with store.begin() as uow:
            uow.api_keys.add(api_key("k1"))
            uow.api_keys.add(api_key("k2"))
            uow.api_keys.revoke("k1", T0)
            assert uow.api_keys.get("k1") == api_key("k1", revoked_at=T0)
            uow.commit()
        for at in (LATER, LATER + timedelta(1)):
            store.run(lambda uow, at=at: [uow.api_keys.revoke(name, at) for name in ("k1", "k2", "nobody")])  # type: ignore[misc]
        assert list_api_keys(store) == [api_key("k1", revoked_at=T0), api_key("k2", revoked_at=LATER)]

    def test_a_key_id_is_unique(self, store: AccessStore) -> None:
        """A second key of the same id is refused, in the same transaction or in another, revoked or not."""
        add_api_keys(store, api_key("k1"))
        store.run(lambda uow: uow.api_keys.revoke("k1", T0))
        for keys in ([api_key("k1", name="other")], [api_key("k2"), api_key("k2")]):
            with store.begin() as uow, pytest.raises(ConcurrentUpdate):
                for key in keys:
                    uow.api_keys.add(key)
                uow.commit()
        assert list_api_keys(store) == [api_key("k1", revoked_at=T0)]

    def test_keys_belong_to_their_transaction(self, store: AccessStore) -> None:
        """Their own transaction reads them at once, others after the commit; a rollback discards them."""
        add_api_keys(store, api_key("k1"))
        with store.begin() as uow:
            uow.api_keys.add(api_key("k2"))
            uow.api_keys.revoke("k1", LATER)
            assert uow.api_keys.list() == [api_key("k1", revoked_at=LATER), api_key("k2")]
            assert list_api_keys(store) == [api_key("k1")]
        with store.begin() as uow:
            uow.api_keys.add(api_key("k2"))
            uow.rollback()
            assert uow.api_keys.get("k2") is None
            uow.commit()
        assert list_api_keys(store) == [api_key("k1")]

    def test_concurrent_revocations_keep_one_time(self, store: AccessStore) -> None:
        """Many threads revoke one key: one of their times is stored, and stays."""
        add_api_keys(store, api_key("k1"))
        times = [T0 + timedelta(minutes=number) for number in range(THREADS)]
        results = run_in_threads(
            THREADS, lambda number: store.run(lambda uow: uow.api_keys.revoke("k1", times[number]))
        )
        assert results == [None] * THREADS
        assert list_api_keys(store)[0].revoked_at in times

    def test_a_record_is_read_back_as_it_was(self, store: AccessStore) -> None:
        """Every field comes back, under its owner's key alone."""
        records = [
            idempotency_record("k"),
            idempotency_record("k", "other", status=0, body="", headers={}),
            idempotency_record(ODD_TEXT, ODD_TEXT, body=ODD_TEXT * 10_000, headers={"ETag": '"1"', ODD_TEXT: ODD_TEXT}),
        ]
        store.run(lambda uow: [uow.idempotency_records.add(record) for record in records])
        assert [find_idempotency_record(store, record.key, record.owner) for record in records] == records
        assert [find_idempotency_record(store, *absent) for absent in (("K",), ("k", "nobody"), ("", ""))] == [None] * 3

    def test_a_record_is_unique(self, store: AccessStore) -> None:
        """A second record under a key is refused, in the same transaction or in another, whatever it contains."""
        store.run(lambda uow: uow.idempotency_records.add(idempotency_record("k")))
        for records in (
            [idempotency_record("k", fingerprint="2" * 64)],
            [idempotency_record("new"), idempotency_record("new")],
        ):
            with store.begin() as uow, pytest.raises(ConcurrentUpdate):
                for record in records:
                    uow.idempotency_records.add(record)
                uow.commit()
        assert (find_idempotency_record(store, "k"), find_idempotency_record(store, "new")) == (
            idempotency_record("k"),
            None,
        )

    def test_a_record_is_committed_with_its_effect(self, store: AccessStore) -> None:
        """A refused record leaves nothing of the effect of its transaction."""
        with store.begin() as uow:
            uow.idempotency_records.add(idempotency_record("k"))
            assert uow.idempotency_records.get("account", "k") == idempotency_record("k")
            assert find_idempotency_record(store, "k") is None
        assert find_idempotency_record(store, "k") is None
        submit_and_send(store, "C1")
        store.run(lambda uow: uow.idempotency_records.add(idempotency_record("k")))
        with store.begin() as uow, pytest.raises(ConcurrentUpdate):
            OrderHistory(uow).record(trade_report("C1", "E1"))
            uow.idempotency_records.add(idempotency_record("k", body="again"))
            uow.commit()
        assert [order.cum_quantity for order in read_history(store, lambda h: h.orders().items)] == [0]

    def test_one_of_many_concurrent_requests_has_the_effect(self, store: AccessStore) -> None:
        """Many threads use one key: one has the effect, and all get its record."""
        submit_and_send(store, "C1")

        def handle(uow: AccessUnitOfWork, number: int) -> IdempotencyRecord:
            existing = uow.idempotency_records.get("account", "k")
            if existing is not None:
                return existing
            OrderHistory(uow).record(trade_report("C1", f"E{number}"))
            record = idempotency_record("k", body=f"answer {number}")
            uow.idempotency_records.add(record)
            return record

        results = run_in_threads(THREADS, lambda number: store.run(lambda uow: handle(uow, number)))
        assert results == [find_idempotency_record(store, "k")] * THREADS
        assert [order.cum_quantity for order in read_history(store, lambda h: h.orders().items)] == [1]

    def test_keys_and_records_are_no_facts(self, store: AccessStore) -> None:
        """They are not in the feed and under no checkpoint, and a rebuild leaves them as they are."""
        submit_and_send(store, "C1")
        before = store.horizon()
        add_api_keys(store, api_key("k1"))
        store.run(lambda uow: uow.idempotency_records.add(idempotency_record("k")))
        store.run(lambda uow: uow.api_keys.revoke("k1", LATER))
        assert store.horizon() == before
        checkpoint = store.run(seal)
        with store.begin(read_only=True) as uow:
            assert checkpoint is not None
            assert checkpoint.count == len(list(uow.feed.leaves()))
        rebuild(store)
        assert verify(store).problems == []
        assert (list_api_keys(store), find_idempotency_record(store, "k")) == (
            [api_key("k1", revoked_at=LATER)],
            idempotency_record("k"),
        )

    def test_a_read_only_unit_of_work_changes_no_key_or_record(self, store: AccessStore) -> None:
        """Every change raises ReadOnly."""
        add_api_keys(store, api_key("k1"))
        for change in (
            lambda uow: uow.api_keys.add(api_key("k2")),
            lambda uow: uow.api_keys.revoke("k1", LATER),
            lambda uow: uow.idempotency_records.add(idempotency_record("k")),
        ):
            with store.begin(read_only=True) as uow, pytest.raises(ReadOnly):
                change(uow)  # type: ignore[no-untyped-call]
                uow.commit()
        assert (list_api_keys(store), find_idempotency_record(store, "k")) == ([api_key("k1")], None)
