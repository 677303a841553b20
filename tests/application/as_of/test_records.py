"""Records as of past moments: findings, waiting reports, requests, identifiers, checkpoints, instruments."""

from decimal import Decimal as D

import attrs
import pytest

from sot import EventType, NotFound, OrderHistory, OrderRequest, VenueReport
from sot.adapters.memory import MemoryStore
from sot.application.audit.archive import archive
from sot.application.audit.seal import seal
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import Action, Mismatch, Resolution
from sot.ports.reconciliation import ReconciliationFilter
from sot.queries import OrderFilter, RequestStatus
from sot.testing.contract.samples import (
    ACCOUNT,
    SYMBOL,
    VENUE,
    reconciliation_row,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import add_reconciliation, read_history, submit_and_send, write_history
from sot.testing.fakes import CountedIds, ManualClock
from sot.testing.lockstep.observations import restore_lines
from tests.support.recorded_steps import MINUTE, T0, StepRecorder, buy_report

pytestmark = pytest.mark.usefixtures("frequent_snapshots")


def test_findings_are_open_as_of_recording_and_happen_at_the_check(store):
    submit_and_send(store, "C1")
    recorder = StepRecorder(store)

    def reconcile(run_id, minute, *rows):
        add("RUN", record_id=run_id, checked_at=T0 + minute * MINUTE)
        return [add(type, run_id=run_id, **fields) for type, fields in rows]

    def add(type, **fields):
        return recorder.run(lambda uow: add_reconciliation(uow, reconciliation_row(type, **fields))).record_id

    first, later = (f"00000000-0000-7000-8000-00000000000{n}" for n in "12")
    store.clock.move(60 * MINUTE)
    before = recorder.run(lambda uow: None), store.horizon()
    other_fields = {"subject": "2" * 64, "mismatch": Mismatch.QUANTITY_DIFFERS}
    finding, other = reconcile(first, 10, ("FINDING", {}), ("FINDING", other_fields))
    opened = recorder.cursor
    reconcile(later, 20, ("RESOLUTION", {"finding_id": finding}))
    closed = recorder.cursor
    accepted_at = store.clock.now()
    add("RESOLUTION", finding_id=other, resolution=Resolution.ACCEPTED, reason="looked", actor="ada")
    everything = ReconciliationFilter(account_id=ACCOUNT)
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)

        def still_open(**moment):
            return sorted(row.record_id for row in history.as_of(**moment).findings().items)

        both = sorted((finding, other))
        assert still_open(known_at=before[1]) == []
        assert still_open(known_at=opened) == both
        assert still_open(known_at=closed) == [other]
        assert still_open() == still_open(known_at=store.horizon()) == []
        assert still_open(happened_by=T0 + 9 * MINUTE) == []
        assert still_open(happened_by=T0 + 10 * MINUTE) == both, "it was found, though it was recorded later"
        assert still_open(happened_by=T0 + 20 * MINUTE) == [other], "a person closed the other one later"
        assert still_open(happened_by=accepted_at) == []
        assert still_open(known_at=opened, happened_by=T0 + 20 * MINUTE) == both
        past = history.as_of(known_at=opened)
        assert past.finding(finding).resolution is None
        assert history.finding(finding).resolution is not None
        assert len(past.findings(everything).items) == 2
        page = past.findings(everything, limit=1)
        assert [finding.record_id for finding in (*page.items, *past.findings(everything, page.next).items)] == both
        with pytest.raises(NotFound, match="it came later, or never"):
            history.as_of(known_at=before[1]).finding(finding)
        with pytest.raises(NotFound):
            history.finding(first)
        with pytest.raises(InvalidInput):
            past.findings(limit=0)


def test_a_report_waited_until_its_order_was_known(store):
    recorder = StepRecorder(store)
    recorder.run(lambda uow: None)
    before = recorder.cursor
    recorder.record(lambda h: h.record(buy_report("C1", "E1", -5)))
    reported = recorder.cursor
    submit_and_send(store, "C1")
    joined = store.horizon()
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)

        def waiting(**moment):
            return [unattributed.report.exec_id for unattributed in history.as_of(**moment).waiting(ACCOUNT)]

        assert waiting(known_at=before) == []
        assert waiting(known_at=reported) == ["E1"]
        assert waiting(known_at=joined) == waiting() == []
        assert waiting(happened_by=T0 - 6 * MINUTE) == []
        assert waiting(happened_by=T0 - 5 * MINUTE) == [], "as is known today it was of this order"
        assert waiting(known_at=reported, happened_by=T0 - 5 * MINUTE) == ["E1"]
        assert waiting(known_at=reported, happened_by=T0 - 6 * MINUTE) == []


def test_a_repeated_report_waited_until_its_order_had_the_identifier(store):
    """The report that gave the identifier had the same execution. An event says that the other one waits no more."""
    recorder = StepRecorder(store)
    order_id = submit_and_send(store, "C1")
    both = trade_report("C1", "E1", "2", "100", venue_order_id="V1")
    by_venue = attrs.evolve(both, client_order_id=None)
    recorder.record(lambda h: h.record(by_venue))
    reported = recorder.cursor
    recorder.record(lambda h: h.record(both))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        *_, repeat = history.events(order_id)
        assert (repeat.sequence, repeat.type, repeat.report) == (4, EventType.SUPPLEMENTED, None)
        assert uow.events.by_report(ACCOUNT, repeat.report_id) == repeat
        assert len(list(history.fills(order_id))) == 1, "the report that waited added no execution"
        assert list(history.waiting(ACCOUNT)) == list(history.as_of(known_at=recorder.cursor).waiting(ACCOUNT)) == []
        assert [unattributed.report for unattributed in history.as_of(known_at=reported).waiting(ACCOUNT)] == [by_venue]
        lines = list(archive(uow))
    restored = MemoryStore(ManualClock(), CountedIds())
    restored.run(lambda uow: restore_lines(uow, lines))
    assert read_history(restored, lambda h: list(h.waiting(ACCOUNT))) == []


def test_an_amendment_was_pending_until_it_was_sent(store):
    """The order existed before the request."""
    recorder = StepRecorder(store)
    order_id = submit_and_send(store, "C1")
    cancel = OrderRequest(account_id=ACCOUNT, action=Action.CANCEL, client_order_id="D1", target_order_id=order_id)
    request_id = recorder.record(lambda h: h.submit(cancel)).request_id
    submitted = recorder.cursor
    recorder.record(lambda h: h.mark_sent(request_id))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        then = history.as_of(known_at=submitted)
        assert then.request(request_id).status is RequestStatus.PENDING
        assert then.order_of(request_id) is None
        assert then.find_request(ACCOUNT, "D1") == then.request(request_id)
        assert history.as_of().order_of(request_id).order_id == order_id


def test_an_order_is_found_by_the_identifiers_that_it_had(store):
    recorder = StepRecorder(store)
    order_id = submit_and_send(store, "C1")
    recorder.run(lambda uow: None)
    placed = recorder.cursor
    new = VenueReport(account_id=ACCOUNT, type=EventType.NEW, venue=VENUE, client_order_id="C1", venue_order_id="V1")
    recorder.record(lambda h: h.record(new))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        past = history.as_of(known_at=placed)
        assert past.find_order(ACCOUNT, "C1").order_id == order_id
        assert past.orders(OrderFilter(identifier="V1")).items == []
        with pytest.raises(NotFound, match="it came later, or never"):
            past.find_order(ACCOUNT, venue=VENUE, venue_order_id="V1")
        found = history.as_of(known_at=recorder.cursor).find_order(ACCOUNT, venue=VENUE, venue_order_id="V1")
        assert found.order_id == order_id
        with pytest.raises(NotFound):
            history.as_of(known_at=0).find_order(ACCOUNT, "C1")


def test_an_identifier_of_a_repeat_counts_from_its_event(store):
    """A repeat that brings an identifier has an event, which says when the order got it. Told again, it has none."""
    recorder = StepRecorder(store)
    order_id = submit_and_send(store, "C1")
    recorder.record(lambda h: h.record(trade_report("C1", "E1", venue_order_id="V1")))
    for _ in range(2):
        recorder.record(lambda h: h.record(trade_report("C1", "E1", venue_order_id="V1b")))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        assert len(list(history.events(order_id))) == 4
        assert len(list(history.fills(order_id))) == 1
        before = history.as_of(known_at=recorder.steps[0][0])
        with pytest.raises(NotFound):
            before.find_order(ACCOUNT, venue=VENUE, venue_order_id="V1b")
        assert before.orders(OrderFilter(identifier="V1b")).items == []
        for past in (history, history.as_of()):
            assert past.find_order(ACCOUNT, venue=VENUE, venue_order_id="V1b").order_id == order_id
            assert len(past.orders(OrderFilter(identifier="V1b")).items) == 1


def test_checkpoints_are_those_that_were_sealed(store):
    submit_and_send(store, "C1")
    recorder = StepRecorder(store)
    one, between, two = recorder.run(seal), store.clock.now() - MINUTE, None
    first = store.horizon()
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    store.clock.move(MINUTE)
    two = recorder.run(seal)
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        assert list(history.checkpoints()) == list(history.as_of().checkpoints()) == [one, two]
        assert list(history.as_of(known_at=first).checkpoints()) == [one]
        assert list(history.as_of(known_at=first - 1).checkpoints()) == []
        assert list(history.as_of(known_at=between).checkpoints()) == [one]
        assert list(history.as_of(happened_by=between).checkpoints()) == [one]
        assert list(history.as_of(happened_by=T0 - MINUTE).checkpoints()) == []


def test_instrument_versions_are_those_that_were_known(store):
    submit_and_send(store, "C1")
    first = store.horizon()
    later = attrs.evolve(spot_instrument(), multiplier=D(10), valid_from=T0 + MINUTE)
    write_history(store, lambda h: h.register(later))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        known = (ACCOUNT, VENUE, SYMBOL)
        assert history.instruments(*known) == history.as_of().instruments(*known) == [spot_instrument(), later]
        assert history.as_of(known_at=first).instruments(*known) == [spot_instrument()]
        assert history.as_of(known_at=0).instruments(*known) == []
        assert history.as_of(happened_by=T0).instruments(*known) == [spot_instrument(), later]
