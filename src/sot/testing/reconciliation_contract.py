"""What every store must do with the rows of reconciliations: a suite for adapters.

Used like `StoreContract`, and along with it:

    class TestMyStore(StoreContract, AuditContract, ReconciliationContract):
        @pytest.fixture
        def store(self):
            return MyStore(...)
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from sot.application.audit.seal import prove, seal
from sot.application.audit.verification import verify
from sot.domain.audit.digests import reconciliation_digest
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.errors import ConcurrentUpdate, InvalidInput, ReadOnly
from sot.domain.values.vocabulary import FactKind, Mismatch, OrderStatus, PositionSide, ReconciliationType, Resolution
from sot.ports.paging import LARGEST_PAGE, PageKey
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import Store, UnitOfWork
from sot.testing.contract import ACCOUNT, SYMBOL, THREADS, VENUE, at_once

NOBODY = "00000000-0000-7000-8000-00000000dead"
OWN_ID = "00000000-0000-8000-8000-000000000001"
ORDER = "00000000-0000-7000-8000-0000000000a1"
OTHER_ORDER = "00000000-0000-7000-8000-0000000000a2"
ONE, OTHER = "1" * 64, "2" * 64


def row(type: str, account_id: str = ACCOUNT, venue: str = VENUE, **said: Any) -> Reconciliation:
    """A row that says little more than it has to."""
    needed: dict[str, dict[str, Any]] = {
        "RUN": {"inputs": {}},
        "INPUT": {"inputs": {}, "number": 1},
        "FINDING": {"subject": ONE, "mismatch": Mismatch.STATUS_DIFFERS},
        "RESOLUTION": {"resolution": Resolution.AGREES},
    }
    told = {**needed[type], **said}
    return Reconciliation(account_id=account_id, type=ReconciliationType(type), venue=venue, **told)


def keep(uow: UnitOfWork, said: Reconciliation, recorded_at: datetime | None = None) -> RecordedReconciliation:
    """Keep a row as it is told; under a new id, where it has none, and as of now."""
    if said.record_id is None:
        said = attrs.evolve(said, record_id=uow.ids.new_id())
    told = RecordedReconciliation(
        row=said, recorded_at=recorded_at or uow.clock.now(), hash=reconciliation_digest(said)
    )
    uow.reconciliations.add(told)
    return told


def compared(uow: UnitOfWork, account_id: str = ACCOUNT) -> list[RecordedReconciliation]:
    """Keep one row of every type that says all it can: a run, a part of it, a finding, and how that was closed."""
    place: dict[str, Any] = {
        "account_id": account_id,
        "venue_account": "sub 'one'",
        "checked_at": datetime(2026, 1, 5, 0, 0, 0, 1, tzinfo=UTC),
    }
    document = {"since": "2026-01-05", "seen": [1, Decimal("0.10"), None, {"é": True}], "": {}}
    run = keep(uow, row("RUN", inputs=document, actor="reconciler", **place))
    part = keep(uow, row("INPUT", run_id=run.record_id, number=7, inputs=[document], **place))
    said = row(
        "FINDING",
        run_id=run.record_id,
        mismatch=Mismatch.QUANTITY_DIFFERS,
        order_id=ORDER,
        client_order_id="C1",
        venue_order_id="V%1",
        exec_id="E1",
        leg="2",
        symbol=SYMBOL,
        position_side=PositionSide.SHORT,
        position_id="P1",
        local_status=OrderStatus.PENDING_CANCEL,
        exchange_status=OrderStatus.FILLED,
        local_quantity=Decimal("-0.000000000000000001"),
        exchange_quantity=Decimal("99999999999999999999.999999999999999999"),
        **place,
    )
    finding = keep(uow, said)
    closes = {"finding_id": finding.record_id, "resolution": Resolution.ACCEPTED, "reason": "looked", "actor": "ada"}
    return [run, part, finding, keep(uow, row("RESOLUTION", **closes, **place))]


def kept(store: Store, *said: Reconciliation) -> list[str]:
    """Keep rows in a transaction of their own; gives their ids."""
    return store.run(lambda uow: [keep(uow, one).record_id for one in said])


def found(store: Store, **wanted: Any) -> list[str]:
    """The ids of the rows that a filter finds."""
    filter = ReconciliationFilter(**wanted)
    with store.begin(read_only=True) as uow:
        return [one.record_id for one in uow.reconciliations.list(filter, None, LARGEST_PAGE).items]


def lost(store: Store, *said: Reconciliation) -> None:
    """Nobody can keep these rows."""
    with store.begin() as uow, pytest.raises(ConcurrentUpdate):
        for one in said:
            keep(uow, one)
        uow.commit()


class ReconciliationContract:
    """Tests for a store from the fixture `store`, which makes an empty one for every test."""

    def test_a_row_comes_back_as_it_was(self, store: Store) -> None:
        """Everything that it says, whatever its type; and it is one fact of the feed."""
        run, part, finding, closing = store.run(compared)
        iterate_pages = [run, part, attrs.evolve(finding, resolution=closing.row), closing]
        with store.begin(read_only=True) as uow:
            assert [uow.reconciliations.get(one.record_id) for one in iterate_pages] == iterate_pages
            listed = uow.reconciliations.list(ReconciliationFilter(), None, 10).items
            assert sorted(listed, key=lambda one: one.record_id) == sorted(iterate_pages, key=lambda one: one.record_id)
            told = [(leaf.kind, leaf.key, leaf.number, leaf.hash, leaf.recorded_at) for leaf in uow.feed.leaves()]
            kind = FactKind.RECONCILIATION
            assert told == [(kind, one.record_id, 0, one.hash, one.recorded_at) for one in iterate_pages]
            assert [one.body for one in uow.feed.bodies()] == [one.row.canonical() for one in iterate_pages]

    def test_rows_are_sealed_and_proven(self, store: Store) -> None:
        """They have no chain: a checkpoint over the feed is what vouches for them."""
        (run,) = kept(store, row("RUN"))
        checkpoint = store.run(seal)
        assert checkpoint is not None
        (finding,) = kept(store, row("FINDING", run_id=run))
        with store.begin(read_only=True) as uow:
            assert prove(uow, FactKind.RECONCILIATION, ACCOUNT, run).holds_under(checkpoint)
        seen = verify(store, [checkpoint])
        assert (seen.problems, seen.counts["reconciliation"], seen.unsealed) == ([], 2, 1)
        assert finding in found(store)

    def test_rows_are_kept_with_their_transaction(self, store: Store) -> None:
        """Seen in their own transaction at once, by others after its commit, and never without one."""
        (run,) = kept(store, row("RUN"))
        with store.begin() as uow:
            mine = keep(uow, row("FINDING", run_id=run))
            assert uow.reconciliations.get(mine.record_id) == mine
            open_ones = ReconciliationFilter(is_open=True)
            assert list(uow.reconciliations.list(open_ones, None, 5).items) == [mine]
            closing = keep(uow, row("RESOLUTION", finding_id=mine.record_id))
            assert uow.reconciliations.list(open_ones, None, 5).items == []
            assert uow.reconciliations.get(mine.record_id) == attrs.evolve(mine, resolution=closing.row)
        assert found(store) == [run]

    def test_who_only_reads_keeps_nothing(self, store: Store) -> None:
        """A read-only transaction refuses them."""
        with store.begin(read_only=True) as uow, pytest.raises(ReadOnly):
            keep(uow, row("RUN"))
            uow.commit()
        assert found(store) == []

    # ------------------------------------------------------------------------------------------------ uniqueness

    def test_an_id_is_kept_once(self, store: Store) -> None:
        """In its account."""
        (run,) = kept(store, row("RUN"))
        lost(store, row("RUN", record_id=run))
        lost(store, row("RUN", record_id=NOBODY), row("RUN", record_id=NOBODY))
        assert found(store) == [run]

    def test_a_finding_is_closed_once(self, store: Store) -> None:
        """Whoever comes second has lost, in the same transaction or in another, however it would be closed."""
        run, finding, other = self._findings(store)
        (closing,) = kept(store, row("RESOLUTION", finding_id=finding))
        again = row("RESOLUTION", finding_id=finding, resolution=Resolution.ACCEPTED, run_id=run)
        lost(store, again)
        lost(store, attrs.evolve(again, finding_id=other), attrs.evolve(again, finding_id=other))
        assert found(store, is_open=True) == [other]
        with store.begin(read_only=True) as uow:
            told = uow.reconciliations.get(finding)
            assert told is not None
            assert told.resolution is not None
            assert told.resolution.record_id == closing

    def test_a_finding_is_closed_by_one_of_many(self, store: Store) -> None:
        """At the same time, too."""
        _, finding, other = self._findings(store)
        self._race(store, row("RESOLUTION", finding_id=finding))
        assert found(store, is_open=True) == [other]
        assert len(found(store, types=[ReconciliationType.RESOLUTION])) == 1

    def test_a_part_of_a_run_is_kept_once(self, store: Store) -> None:
        """One of each number, of each run."""
        run, other = kept(store, row("RUN"), row("RUN"))
        parts = kept(store, row("INPUT", run_id=run), row("INPUT", run_id=run, number=2), row("INPUT", run_id=other))
        lost(store, row("INPUT", run_id=run, inputs=["others"]))
        self._race(store, row("INPUT", run_id=other, number=2))
        assert sorted(found(store, types=[ReconciliationType.INPUT], run_id=run)) == sorted(parts[:2])
        assert len(found(store, types=[ReconciliationType.INPUT], run_id=other)) == 2

    def test_findings_have_no_part(self, store: Store) -> None:
        """Only parts are numbered once, and only a finding is closed once: what else says a number may repeat it."""
        run, finding, other = self._findings(store)
        numbered = row("FINDING", run_id=run, number=1, finding_id=finding)
        assert len(kept(store, numbered, numbered, row("INPUT", run_id=run))) == 3
        assert {finding, other} < set(found(store, is_open=True))

    def _findings(self, store: Store) -> tuple[str, str, str]:
        """A run with two findings."""
        (run,) = kept(store, row("RUN"))
        finding = row("FINDING", run_id=run)
        one, other = kept(store, finding, attrs.evolve(finding, subject=OTHER))
        return run, one, other

    def _race(self, store: Store, said: Reconciliation) -> None:
        """Many keep the same at the same time, each under an id of its own: one does, and the others have lost."""

        def act(_: int) -> None:
            with store.begin() as uow:
                keep(uow, said)
                uow.commit()

        outcomes = at_once(THREADS, act)
        assert sorted(type(one).__name__ for one in outcomes) == ["ConcurrentUpdate"] * (THREADS - 1) + ["NoneType"]

    def test_what_a_row_names_is_there(self, store: Store) -> None:
        """In its own account."""
        (run,) = kept(store, row("RUN", "other"))
        (finding,) = kept(store, row("FINDING", "other", run_id=run))
        for name in (run, NOBODY):
            lost(store, row("INPUT", run_id=name))
            lost(store, row("FINDING", run_id=name))
        for name in (finding, NOBODY):
            lost(store, row("RESOLUTION", finding_id=name))
        assert found(store, account_id=ACCOUNT) == []

    @pytest.mark.parametrize(
        "fields",
        [
            {"type": "INPUT", "number": 1, "inputs": "[]", "run_id": OWN_ID},
            {"type": "FINDING", "subject": ONE, "mismatch": "STATUS_DIFFERS", "run_id": OWN_ID},
            {"type": "RUN", "inputs": "{}", "run_id": OWN_ID},
            {"type": "RESOLUTION", "resolution": "AGREES", "finding_id": OWN_ID},
        ],
        ids=lambda fields: fields["type"],
    )
    def test_a_row_never_names_itself(self, store: Store, fields: dict[str, Any]) -> None:
        """A row whose run or finding is itself is lost, though a foreign key to the row's own table would hold."""
        itself = {"account_id": ACCOUNT, "venue": VENUE, "record_id": OWN_ID, **fields}
        with pytest.raises(InvalidInput):
            Reconciliation.from_canonical(itself)
        unchecked = Reconciliation.from_trusted(itself)
        with store.begin() as uow, pytest.raises(ConcurrentUpdate):
            keep(uow, row("RUN", record_id="00000000-0000-8000-8000-000000000103"))
            keep(uow, unchecked)
            uow.commit()
        assert found(store) == []

    # --------------------------------------------------------------------------------------------------- finding

    def test_rows_of_accounts_are_apart(self, store: Store) -> None:
        """Even under the same ids, about the same difference."""
        both = (ACCOUNT, "other")
        ids = dict(zip(("run", "finding"), (ORDER, OTHER_ORDER), strict=True))
        for account in both:
            kept(store, row("RUN", account, record_id=ids["run"]))
            kept(store, row("FINDING", account, record_id=ids["finding"], run_id=ids["run"]))
        kept(store, row("RESOLUTION", "other", finding_id=ids["finding"]))
        assert found(store, account_id=ACCOUNT, is_open=True) == [ids["finding"]]
        assert found(store, account_id="other", is_open=True) == []
        assert found(store, account_id="other", is_open=False) == [ids["finding"]]
        assert found(store, account_id=ACCOUNT, types=[ReconciliationType.RESOLUTION]) == []
        with store.begin(read_only=True) as uow:
            for account in both:
                run = uow.reconciliations.last_run(account, VENUE, "")
                assert run is not None
                assert run.account_id == account
            assert uow.reconciliations.last_run("nobody", VENUE, "") is None
            told = uow.reconciliations.get(ids["finding"])
            assert told is not None
            assert (told.account_id, told.resolution) == (ACCOUNT, None)

    def test_pages_of_rows_neither_repeat_nor_skip(self, store: Store) -> None:
        """Also where many rows have the same time."""
        (run,) = kept(store, row("RUN"))
        with store.begin() as uow:
            at = uow.clock.now()
            for number in range(11):
                keep(uow, row("FINDING", run_id=run), at + timedelta(microseconds=number // 4))
            uow.commit()
        wanted = ReconciliationFilter(account_id=ACCOUNT, types=[ReconciliationType.FINDING])
        with store.begin(read_only=True) as uow:
            whole = uow.reconciliations.list(wanted, None, LARGEST_PAGE)
            assert whole.next is None
            seen: list[RecordedReconciliation] = []
            after: PageKey | None = None
            while True:
                page = uow.reconciliations.list(wanted, after, 3)
                seen += page.items
                after = page.next
                if after is None:
                    break
                assert len(page.items) == 3
            assert seen == list(whole.items)
            assert len(seen) == 11
            assert seen == sorted(seen, key=lambda one: (one.recorded_at, one.record_id))
            end = PageKey(seen[-1].recorded_at, "~")
            assert uow.reconciliations.list(wanted, end, 3).items == []

    def test_the_last_run_is_that_of_its_place(self, store: Store) -> None:
        """By account, venue and venue account; of those recorded at once the last by id."""
        at = datetime(2026, 1, 5, tzinfo=UTC)
        later = at + timedelta(seconds=1)
        with store.begin() as uow:
            keep(uow, row("RUN"), later)
            last = keep(uow, row("RUN"), later)
            keep(uow, row("RUN"), at)
            elsewhere = keep(uow, row("RUN", venue_account="sub"), at)
            keep(uow, row("RUN", venue="ELSEWHERE"), later)
            keep(uow, row("FINDING", run_id=last.record_id), later + timedelta(days=1))
            uow.commit()
        with store.begin(read_only=True) as uow:
            runs = uow.reconciliations
            assert runs.last_run(ACCOUNT, VENUE, "") == last
            assert runs.last_run(ACCOUNT, VENUE, "sub") == elsewhere
            assert runs.last_run(ACCOUNT, VENUE, "none") is None
            assert runs.last_run("nobody", VENUE, "") is None

    @pytest.mark.parametrize(
        ("wanted", "names"),
        [
            ({}, "abcdefgh"),
            ({"account_id": "other"}, "h"),
            ({"account_id": "nobody"}, ""),
            ({"types": [ReconciliationType.RUN]}, "afh"),
            ({"types": [ReconciliationType.INPUT, ReconciliationType.RESOLUTION]}, "be"),
            ({"venue": "ELSEWHERE"}, "fg"),
            ({"venue_account": "sub"}, "fg"),
            ({"venue_account": ""}, "abcdeh"),
            ({"venue": VENUE, "venue_account": "sub"}, ""),
            ({"run_id": "a"}, "bcd"),
            ({"run_id": "f", "types": [ReconciliationType.RUN]}, ""),
            ({"run_id": "no id"}, ""),
            ({"subject": ONE}, "cg"),
            ({"subject": OTHER}, "d"),
            ({"subject": "\0"}, ""),
            ({"mismatch": Mismatch.OVERFILL}, "d"),
            ({"mismatch": Mismatch.IN_DOUBT}, ""),
            ({"order_id": ORDER}, "cd"),
            ({"order_id": OTHER_ORDER}, ""),
            ({"order_id": "no id"}, ""),
            ({"is_open": True}, "dg"),
            ({"is_open": False}, "c"),
            ({"is_open": True, "types": [ReconciliationType.RUN]}, ""),
            ({"is_open": True, "types": [ReconciliationType.FINDING, ReconciliationType.RUN]}, "dg"),
            ({"is_open": True, "account_id": ACCOUNT, "venue": VENUE, "venue_account": "", "subject": OTHER}, "d"),
            ({"is_open": True, "account_id": "other"}, ""),
            ({"recorded_from": 3}, "defgh"),
            ({"recorded_before": 3}, "abc"),
            ({"recorded_from": 2, "recorded_before": 4, "types": [ReconciliationType.FINDING]}, "cd"),
        ],
    )
    def test_filters_rows(self, store: Store, wanted: dict[str, Any], names: str) -> None:
        """Each condition alone, and some together; times are half-open."""
        at = datetime(2026, 1, 5, tzinfo=UTC)
        ids = {name: f"00000000-0000-7000-8000-{ord(name):012d}" for name in "abcdefgh"}
        elsewhere = {"venue": "ELSEWHERE", "venue_account": "sub"}
        rows: Sequence[Reconciliation] = [
            row("RUN"),
            row("INPUT", run_id=ids["a"]),
            row("FINDING", run_id=ids["a"], order_id=ORDER),
            row("FINDING", run_id=ids["a"], order_id=ORDER, subject=OTHER, mismatch=Mismatch.OVERFILL),
            row("RESOLUTION", finding_id=ids["c"]),
            row("RUN", **elsewhere),
            row("FINDING", run_id=ids["f"], **elsewhere),
            row("RUN", "other"),
        ]
        with store.begin() as uow:
            for second, (name, said) in enumerate(zip(ids, rows, strict=True)):
                keep(uow, attrs.evolve(said, record_id=ids[name]), at + timedelta(seconds=second))
            uow.commit()
        asked = dict(wanted)
        for name, value in wanted.items():
            if name == "run_id":
                asked[name] = ids.get(value, value)
            elif name.startswith("recorded_"):
                asked[name] = at + timedelta(seconds=value)
        assert found(store, **asked) == [ids[name] for name in names]

    def test_nothing_is_known_under_another_name(self, store: Store) -> None:
        """Ids that are none are not found; neither is one of another kind."""
        (run,) = kept(store, row("RUN"))
        with store.begin(read_only=True) as uow:
            for name in (NOBODY, "", "x", "\0", run.upper() + "x"):
                assert uow.reconciliations.get(name) is None
            assert uow.account_events.get(run) is None
