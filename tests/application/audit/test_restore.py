"""Facts of an archive are restored as they were, or refused."""

import attrs
import pytest

from sot import Conflict, InvalidInput, NotFound
from sot.adapters.memory import MemoryStore
from sot.application.audit.archived_facts import read_fact
from sot.application.audit.restore import restore, restore_checkpoint
from sot.audit import verify
from sot.domain.audit.checkpoint import Checkpoint
from sot.testing.contract.samples import ACCOUNT, VENUE, trade_report
from sot.testing.contract.transactions import (
    add_full_reconciliation,
    add_reconciliation,
    read_history,
    write_history,
)
from sot.testing.fakes import ManualClock
from sot.testing.lockstep.observations import observe_history
from tests.support.archived_history import (
    STORES,
    archive_lines,
    list_reconciliations,
    open_store,
    parse_lines,
    record_every_kind,
    restore_archive,
)


@pytest.fixture(params=STORES)
def store(request, tmp_path):
    store = open_store(request.param, tmp_path)
    yield store
    store.close()


@pytest.mark.parametrize("target", STORES)
def test_an_archive_gives_an_identical_store(store, target, tmp_path):
    checkpoints = record_every_kind(store)
    lines = archive_lines(store)
    copy = open_store(target, tmp_path, "copy")
    copy.clock.time = store.clock.time
    assert set(restore_archive(copy, lines)) == {"RECORDED"}
    assert archive_lines(copy) == lines
    assert verify(copy, checkpoints).problems == []
    for question in (
        observe_history,
        lambda h: list(h.waiting(ACCOUNT)),
        lambda h: h.requests().items,
        lambda h: h.account_events(),
    ):
        assert read_history(copy, question) == read_history(store, question)
    assert list_reconciliations(copy) == list_reconciliations(store)
    for name in ("C1", "LATER"):
        assert read_history(copy, lambda h, n=name: h.find_order(ACCOUNT, n)).order_id
    for name in ("V1", "V1b", "V9", "X"):
        assert read_history(copy, lambda h, n=name: h.find_order(ACCOUNT, None, VENUE, n)).order_id
    assert set(restore_archive(copy, lines)) == {"REPEATED"}
    assert restore_archive(copy, archive_lines(copy)) == ["REPEATED"] * len(lines)
    # And it goes on as the other would.
    for one in (store, copy):
        write_history(one, lambda h: h.record(trade_report("C1", "E3", "1", "103")))
        assert verify(one, checkpoints).passed
    copy.close()


def test_a_line_whose_names_are_taken_is_refused(store):
    """The same intents and reports were recorded in both: under ids of their own, these are not the same facts."""
    record_every_kind(store)
    lines = archive_lines(store)
    other = MemoryStore(ManualClock(store.clock.time))
    record_every_kind(other)
    refused = set()
    for key, fields in parse_lines(lines):
        if key == "fact":
            with other.begin() as uow:
                try:
                    restore(uow, read_fact(fields))
                except Conflict:
                    refused.add(fields["kind"])
                except NotFound:
                    pass
    assert refused >= {"REQUEST", "UNATTRIBUTED", "ACCOUNT_EVENT"}
    other.close()


def test_lines_that_are_left_out_are_missed(store):
    record_every_kind(store)
    lines = parse_lines(archive_lines(store))
    facts = [fields for key, fields in lines if key == "fact"]
    created = next(index for index, fields in enumerate(facts) if fields["kind"] == "EVENT")
    requests = [fields for fields in facts[:created] if fields["kind"] == "INSTRUMENT"]
    empty = MemoryStore()
    for fields in requests:
        empty.run(lambda uow, fields=fields: restore(uow, read_fact(fields)))
    with pytest.raises(NotFound, match="begin with an earlier line"):
        empty.run(lambda uow: restore(uow, read_fact(facts[created])))
    for fields in facts[: created + 1]:
        empty.run(lambda uow, fields=fields: restore(uow, read_fact(fields)))
    later = next(
        fields
        for fields in facts[created + 2 :]
        if fields["kind"] == "EVENT" and fields["key"] == facts[created]["key"]
    )
    with pytest.raises(InvalidInput, match="event 2 of order"):
        empty.run(lambda uow: restore(uow, read_fact(later)))
    with pytest.raises(InvalidInput, match="over the"):
        checkpoint = next(Checkpoint.read(fields) for key, fields in lines if key == "checkpoint")
        empty.run(lambda uow: restore_checkpoint(uow, checkpoint))


def test_rows_of_a_reconciliation_follow_what_they_name(store):
    store.run(add_full_reconciliation)
    store.run(lambda uow: add_full_reconciliation(uow, "other"))
    lines = [fields for _, fields in parse_lines(archive_lines(store))]
    run, part, finding, resolution, *others = lines
    empty = MemoryStore()
    for fields in others:  # of another account: they are no help
        empty.run(lambda uow, fields=fields: restore(uow, read_fact(fields)))
    for fields in (part, finding):
        with pytest.raises(NotFound, match=f"no run '{run['key']}'.*begin with an earlier line") as caught:
            empty.run(lambda uow, fields=fields: restore(uow, read_fact(fields)))
        assert caught.value.kind == "run"
    empty.run(lambda uow: restore(uow, read_fact(run)))
    with pytest.raises(NotFound, match=f"no finding '{finding['key']}'.*begin with an earlier line"):
        empty.run(lambda uow: restore(uow, read_fact(resolution)))
    for fields in (finding, resolution, part):
        assert empty.run(lambda uow, fields=fields: restore(uow, read_fact(fields))) == "RECORDED"
    assert list_reconciliations(empty) == list_reconciliations(store)


def test_a_finding_that_is_closed_here_is_not_closed_by_an_archive(store):
    """Two stores with the same finding, which somebody has closed in each of them."""
    _, _, finding, resolution = store.run(add_full_reconciliation)
    lines = [fields for _, fields in parse_lines(archive_lines(store))]
    other = MemoryStore(ManualClock())
    for fields in lines[:3]:
        other.run(lambda uow, fields=fields: restore(uow, read_fact(fields)))
    closing = attrs.evolve(resolution.row, record_id=None, reason="I have looked, too")
    mine = other.run(lambda uow: add_reconciliation(uow, closing))
    with pytest.raises(Conflict, match=f"finding {finding.record_id} is closed here by {mine.record_id}"):
        other.run(lambda uow: restore(uow, read_fact(lines[3])))


def test_a_fact_that_is_here_otherwise_is_a_conflict(store):
    record_every_kind(store)
    lines = archive_lines(store)
    other = MemoryStore(store.clock)
    restore_archive(other, lines[:1])
    fields = parse_lines(lines)[0][1]
    with other.begin() as uow:
        one = read_fact(fields)
        with pytest.raises(Conflict, match="says something else here"):
            restore(uow, attrs.evolve(one, leaf=one.leaf._replace(hash="0" * 64)))
