"""Checkpoints, proofs, archives and rebuilding, on every store."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from sot import (
    AccountEvent,
    Conflict,
    DecisionContext,
    EventType,
    FactKind,
    Fee,
    InvalidInput,
    NotFound,
    RiskCheck,
    VenueReport,
    prove,
    rebuild,
    seal,
    verify,
)
from sot.adapters.memory import MemoryStore
from sot.adapters.signing import Ed25519Signer, Ed25519Verifier
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.audit.archive import archive, month
from sot.application.audit.archive_verification import verify_archive
from sot.application.audit.archived_facts import read_fact
from sot.application.audit.restore import restore, restore_checkpoint
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.documents import read_document
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import (
    add_full_reconciliation,
    add_reconciliation,
    read_history,
    submit_and_send,
    write_history,
)
from sot.testing.fakes import ManualClock
from sot.testing.lockstep.observations import observe_history
from tests.support.postgres import fresh_url

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
STORES = ["memory", "sqlite", "postgresql"]


def make(kind, folder, name="a"):
    clock = ManualClock()
    if kind == "memory":
        return MemoryStore(clock)
    return SqlAlchemyStore.open(f"sqlite:///{folder}/{name}.db" if kind == "sqlite" else fresh_url(), clock)


@pytest.fixture(params=STORES)
def store(request, tmp_path):
    made = make(request.param, tmp_path)
    yield made
    made.close()


def everything(store):
    """Facts of every kind, among them some that are odd, sealed in between; gives the checkpoints."""

    def first(h):
        h.register(spot_instrument())
        context = DecisionContext(indicators={"a": "1"}, market_snapshot={"decision_price": "99"})
        request = h.submit(new_order_request("C1", strategy_code="s"), context, [RiskCheck(rule_code="a", passed=True)])
        h.mark_sent(request.request_id, actor="me")
        h.withdraw(h.submit(new_order_request("C2")).request_id, "no")
        h.record(trade_report("C1", "E1", "2", "101", fees=[Fee(Decimal("0.1"), "BASE")], venue_order_id="V1"))
        h.record(trade_report("LATER", "E9", venue_order_id="V9"))
        told = {"account_id": ACCOUNT, "type": "FUNDING", "venue": VENUE, "symbol": SYMBOL, "occurred_at": T0}
        h.record_account_event(AccountEvent.read({**told, "amount": "-1", "currency": "QUOTE", "external_id": "F"}))
        h.record_account_event(AccountEvent.read({**told, "amount": "-2", "currency": "QUOTE", "external_id": "F"}))

    def second(h):
        order_id = h.find_order(ACCOUNT, "C1").order_id
        h.mark(order_id, Decimal(110), {"TOKEN": Decimal(2)})
        h.record(trade_report("C1", "E2", "1", "102"))
        h.void(order_id, exec_id="E2", reason="not ours")
        h.record(trade_report("C1", "E1", "2", "101", venue_order_id="V1b"))  # a repeat that tells a name
        h.mark_sent(h.submit(new_order_request("LATER")).request_id)
        h.adopt(
            VenueReport(
                account_id=ACCOUNT, type=EventType.TRADE, venue=VENUE, venue_order_id="X", symbol=SYMBOL, side="SELL",
                order_type="MARKET", exec_id="X1", last_quantity=1, last_price=105, occurred_at=T0,
            )
        )  # fmt: skip

    kept = []
    for part in (first, second):
        write_history(store, part)
        store.run(add_full_reconciliation)
        store.clock.move(timedelta(days=20))
        kept.append(store.run(seal))
        store.clock.move(timedelta(days=20))
    submit_and_send(store, "UNSEALED")
    return kept


def compared_in(store):
    with store.begin(read_only=True) as uow:
        return uow.reconciliations.list(ReconciliationFilter(), None, 100).items


def lines_of(store, *between):
    with store.begin(read_only=True) as uow:
        return list(archive(uow, *between))


def parsed(lines):
    return [next(iter(read_document(line).items())) for line in lines]


def read_back(store, lines):
    def use_case(uow):
        for key, said in parsed(lines):
            if key == "fact":
                yield restore(uow, read_fact(said))
            else:
                yield restore_checkpoint(uow, Checkpoint.read(said))

    return store.run(lambda uow: list(use_case(uow)))


def test_a_checkpoint_seals_what_is_new_and_follows_the_one_before(store):
    assert store.run(seal) is None, "there is nothing yet"
    first, second = everything(store)
    assert (first.number, second.number) == (1, 2)
    assert second.previous == first.hash
    assert first.store_id == second.store_id
    with store.begin(read_only=True) as uow:
        leaves = list(uow.feed.leaves())
        assert [leaf.position for leaf in leaves] == sorted(leaf.position for leaf in leaves)
        assert first.count + second.count < len(leaves)
        assert set(FactKind) == {leaf.kind for leaf in leaves}
        assert uow.checkpoints.all() == [first, second]
    third = store.run(seal)
    assert third.count == len(leaves) - first.count - second.count
    assert store.run(seal) is None
    found = verify(store, [first, second, third])
    assert found.problems == []
    assert found.counts["checkpoint"] == 3
    assert found.counts["event"] >= 10


def test_a_signature_is_checked(store):
    signer, stranger = Ed25519Signer.generate(), Ed25519Signer.generate()
    submit_and_send(store, "C1")
    kept = store.run(lambda uow: seal(uow, signer))
    assert verify(store, [kept], Ed25519Verifier(signer.public_pem())).passed
    unsigned = kept.changed(signature=None, key_id=None)
    for checkpoint, key in ((kept, stranger), (unsigned, signer)):
        with pytest.raises(InvalidInput, match="signature of a known key"):
            verify(store, [checkpoint], Ed25519Verifier(key.public_pem()))
    assert [f.problem for f in verify(store, (), Ed25519Verifier(stranger.public_pem())).problems] == [
        "no known key signed it"
    ]


def test_any_fact_can_be_proven_without_the_database(store):
    kept = everything(store)
    with store.begin(read_only=True) as uow:
        leaves = [leaf for leaf in uow.feed.leaves() if leaf.position <= kept[1].upto]
        for leaf in leaves:
            proof = prove(uow, leaf.kind, leaf.account_id, leaf.key, leaf.number)
            checkpoint = next(one for one in kept if leaf.position <= one.upto)
            assert proof.checkpoint == checkpoint
            assert json.loads(proof.leaf)["hash"] == leaf.hash
            assert proof.is_valid_under(checkpoint)
            assert not proof.is_valid_under(next(one for one in kept if one != checkpoint))
            forged = attrs.evolve(proof, leaf=proof.leaf.replace(leaf.hash, "0" * 64))
            assert not forged.is_valid_under(checkpoint)
        unsealed = next(leaf for leaf in uow.feed.leaves(kept[1].upto) if leaf.kind is FactKind.EVENT)
        with pytest.raises(NotFound, match="seal first"):
            prove(uow, unsealed.kind, unsealed.account_id, unsealed.key, unsealed.number)
        with pytest.raises(NotFound):
            prove(uow, FactKind.EVENT, "somebody else", unsealed.key, 1)


@pytest.mark.parametrize("target", STORES)
def test_an_archive_gives_an_identical_store(store, target, tmp_path):
    kept = everything(store)
    lines = lines_of(store)
    copy = make(target, tmp_path, "copy")
    copy.clock.time = store.clock.time
    assert set(read_back(copy, lines)) == {"RECORDED"}
    assert lines_of(copy) == lines
    assert verify(copy, kept).problems == []
    for question in (
        observe_history,
        lambda h: h.waiting(ACCOUNT),
        lambda h: h.requests().items,
        lambda h: h.account_events(),
    ):
        assert read_history(copy, question) == read_history(store, question)
    assert compared_in(copy) == compared_in(store)
    for name in ("C1", "LATER"):
        assert read_history(copy, lambda h, n=name: h.find_order(ACCOUNT, n)).order_id
    for name in ("V1", "V1b", "V9", "X"):
        assert read_history(copy, lambda h, n=name: h.find_order(ACCOUNT, None, VENUE, n)).order_id
    assert set(read_back(copy, lines)) == {"REPEATED"}
    assert read_back(copy, lines_of(copy)) == ["REPEATED"] * len(lines)
    # And it goes on as the other would.
    for one in (store, copy):
        write_history(one, lambda h: h.record(trade_report("C1", "E3", "1", "103")))
        assert verify(one, kept).passed
    copy.close()


def test_a_line_whose_names_are_taken_is_refused(store):
    """The same intents and reports were recorded in both: under ids of their own, these are not the same facts."""
    everything(store)
    lines = lines_of(store)
    other = MemoryStore(ManualClock(store.clock.time))
    everything(other)
    refused = set()
    for key, said in parsed(lines):
        if key == "fact":
            with other.begin() as uow:
                try:
                    restore(uow, read_fact(said))
                except Conflict:
                    refused.add(said["kind"])
                except NotFound:
                    pass
    assert refused >= {"REQUEST", "UNATTRIBUTED", "ACCOUNT_EVENT"}
    other.close()


def test_a_changed_line_is_refused(store, tmp_path):
    everything(store)
    lines = lines_of(store)
    copy = MemoryStore()
    for place_, line in enumerate(lines):
        (key, said) = parsed([line])[0]
        if key != "fact":
            continue
        for name in ("hash", "key", "number", "recorded_at", "account_id"):
            forged = dict(said)
            forged[name] = {
                "hash": "0" * 64,
                "key": "[1]",
                "number": 77,
                "recorded_at": "2027-01-01T00:00:00Z",
                "account_id": "other",
            }[name]
            if name == "recorded_at" and said["kind"] != "EVENT":
                continue  # only a checkpoint tells
            if name == "key" and said["kind"] == "UNATTRIBUTED":
                continue  # our id of it, which nothing that it says depends on
            if name in ("number", "account_id") and said["kind"] in ("CONTEXT", "RISK_CHECK", "WITHDRAWAL"):
                continue
            with pytest.raises(InvalidInput):
                read_fact(forged)
        for what, value in said["says"].items():
            if isinstance(value, str) and what not in ("raw_payload", "indicators", "market_snapshot"):
                forged = {**said, "says": {**said["says"], what: value + "1"}}
                with pytest.raises(InvalidInput):
                    read_fact(forged)
        from_canonical = copy.run(lambda uow, said=said: restore(uow, read_fact(said)))
        assert from_canonical == "RECORDED", place_


def test_lines_that_are_left_out_are_missed(store):
    everything(store)
    lines = parsed(lines_of(store))
    facts = [said for key, said in lines if key == "fact"]
    created = next(place_ for place_, said in enumerate(facts) if said["kind"] == "EVENT")
    requests = [said for said in facts[:created] if said["kind"] == "INSTRUMENT"]
    empty = MemoryStore()
    for said in requests:
        empty.run(lambda uow, said=said: restore(uow, read_fact(said)))
    with pytest.raises(NotFound, match="begin with an earlier line"):
        empty.run(lambda uow: restore(uow, read_fact(facts[created])))
    for said in facts[: created + 1]:
        empty.run(lambda uow, said=said: restore(uow, read_fact(said)))
    later = next(
        said for said in facts[created + 2 :] if said["kind"] == "EVENT" and said["key"] == facts[created]["key"]
    )
    with pytest.raises(InvalidInput, match="event 2 of order"):
        empty.run(lambda uow: restore(uow, read_fact(later)))
    with pytest.raises(InvalidInput, match="over the"):
        checkpoint = next(Checkpoint.read(said) for key, said in lines if key == "checkpoint")
        empty.run(lambda uow: restore_checkpoint(uow, checkpoint))


def test_rows_of_a_reconciliation_follow_what_they_name(store):
    store.run(add_full_reconciliation)
    store.run(lambda uow: add_full_reconciliation(uow, "other"))
    lines = [said for _, said in parsed(lines_of(store))]
    run, part, finding, resolution, *others = lines
    empty = MemoryStore()
    for said in others:  # of another account: they are no help
        empty.run(lambda uow, said=said: restore(uow, read_fact(said)))
    for said in (part, finding):
        with pytest.raises(NotFound, match=f"no run '{run['key']}'.*begin with an earlier line") as caught:
            empty.run(lambda uow, said=said: restore(uow, read_fact(said)))
        assert caught.value.kind == "run"
    empty.run(lambda uow: restore(uow, read_fact(run)))
    with pytest.raises(NotFound, match=f"no finding '{finding['key']}'.*begin with an earlier line"):
        empty.run(lambda uow: restore(uow, read_fact(resolution)))
    for said in (finding, resolution, part):
        assert empty.run(lambda uow, said=said: restore(uow, read_fact(said))) == "RECORDED"
    assert compared_in(empty) == compared_in(store)


def test_a_finding_that_is_closed_here_is_not_closed_by_an_archive(store):
    """Two stores with the same finding, which somebody has closed in each of them."""
    _, _, finding, resolution = store.run(add_full_reconciliation)
    lines = [said for _, said in parsed(lines_of(store))]
    other = MemoryStore(ManualClock())
    for said in lines[:3]:
        other.run(lambda uow, said=said: restore(uow, read_fact(said)))
    closing = attrs.evolve(resolution.row, record_id=None, reason="I have looked, too")
    mine = other.run(lambda uow: add_reconciliation(uow, closing))
    with pytest.raises(Conflict, match=f"finding {finding.record_id} is closed here by {mine.record_id}"):
        other.run(lambda uow: restore(uow, read_fact(lines[3])))


def test_a_fact_that_is_here_otherwise_is_a_conflict(store):
    everything(store)
    lines = lines_of(store)
    other = MemoryStore(store.clock)
    read_back(other, lines[:1])
    said = parsed(lines)[0][1]
    with other.begin() as uow:
        one = read_fact(said)
        with pytest.raises(Conflict, match="says something else here"):
            restore(uow, attrs.evolve(one, leaf=one.leaf._replace(hash="0" * 64)))


def test_a_month_is_verified_offline(store):
    kept = everything(store)
    with store.begin(read_only=True) as uow:
        between = month(uow, datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
        assert between == (kept[0].upto, kept[1].upto)
        with pytest.raises(NotFound, match="nothing was recorded"):
            month(uow, datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC))
        with pytest.raises(InvalidInput, match="seal first"):
            month(uow, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    lines = lines_of(store, *between)
    found = verify_archive(parsed(lines), kept)
    assert found.problems == []
    assert found.counts["checkpoint"] == 1
    facts = [place_ for place_, (key, _) in enumerate(parsed(lines)) if key == "fact"]
    for place_ in facts:
        assert not verify_archive(parsed(lines[:place_] + lines[place_ + 1 :]), kept).passed, "one is missing"
        assert not verify_archive(parsed([*lines[:place_], lines[place_], *lines[place_:]]), kept).passed, "one twice"
        key, said = parsed([lines[place_]])[0]
        at = {**said, "recorded_at": "2026-02-27T00:00:00.000000Z"}
        assert not verify_archive([*parsed(lines[:place_]), (key, at), *parsed(lines[place_ + 1 :])], kept).passed
    swapped = [*lines[:2], lines[3], lines[2], *lines[4:]]
    assert not verify_archive(parsed(swapped), kept).passed
    unsealed = [line for line in parsed(lines) if line[0] == "fact"]
    for vouched in (unsealed, unsealed[:-1]):
        missing = verify_archive(vouched, kept).problems
        assert [(finding.what, finding.key) for finding in missing] == [("checkpoint", str(kept[1].number))]
    other = kept[1].changed(sealed_at=T0)
    with pytest.raises(InvalidInput, match="as it was exported"):
        verify_archive(parsed(lines), [other])
    with pytest.raises(InvalidInput, match="a fact or a checkpoint"):
        verify_archive([("report", {})])


def test_rebuilding_gives_what_was_there(store):
    everything(store)
    before = read_history(store, lambda h: (observe_history(h), h.positions(ACCOUNT, include_flat=True)))
    orders = len(read_history(store, lambda h: h.orders(limit=500)).items)
    told = []
    assert rebuild(store, progress=lambda what, count: told.append((what, count))) == orders
    assert sum(count for what, count in told if what == "order") == orders
    assert read_history(store, lambda h: (observe_history(h), h.positions(ACCOUNT, include_flat=True))) == before
    assert rebuild(store, account_id="nobody") == 0
    assert rebuild(store, account_id=ACCOUNT, symbol=SYMBOL) == orders
    assert verify(store).passed


def test_verify_of_an_empty_store_finds_nothing(store):
    found = verify(store)
    assert found.passed
    assert found.counts == {}
