"""Reconciliation rows: the part of the facts level about comparisons with venues."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from sot.application.audit.seal import prove, seal
from sot.application.audit.verification import verify
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.errors import ConcurrentUpdate, InvalidInput, ReadOnly
from sot.domain.values.vocabulary import FactKind, Mismatch, ReconciliationType, Resolution
from sot.ports.paging import LARGEST_PAGE, PageKey
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import Store
from sot.testing.contract.samples import (
    ACCOUNT,
    ORDER_ID,
    OTHER_ORDER_ID,
    OTHER_SUBJECT,
    SUBJECT,
    UNUSED_ID,
    VENUE,
    reconciliation_row,
)
from sot.testing.contract.transactions import (
    THREADS,
    add_full_reconciliation,
    add_reconciliation,
    matching_ids,
    run_in_threads,
    store_rows,
)

OWN_ID = "00000000-0000-8000-8000-000000000001"


def assert_refused(store: Store, *rows: Reconciliation) -> None:
    """Assert that adding the rows in one transaction raises ConcurrentUpdate, at the latest on commit."""
    with store.begin() as uow, pytest.raises(ConcurrentUpdate):
        for row in rows:
            add_reconciliation(uow, row)
        uow.commit()


class ReconciliationContract:
    """Runs, their inputs, findings and resolutions. `store` is a fixture that makes an empty store."""

    def test_a_row_is_read_back_as_it_was(self, store: Store) -> None:
        """Every field of every type comes back, and each row is one fact of the feed."""
        run, input, finding, resolution = store.run(add_full_reconciliation)
        rows = [run, input, attrs.evolve(finding, resolution=resolution.row), resolution]
        with store.begin(read_only=True) as uow:
            assert [uow.reconciliations.get(row.record_id) for row in rows] == rows
            listed = uow.reconciliations.list(ReconciliationFilter(), None, 10).items
            assert sorted(listed, key=lambda row: row.record_id) == sorted(rows, key=lambda row: row.record_id)
            leaves = [(leaf.kind, leaf.key, leaf.number, leaf.hash, leaf.recorded_at) for leaf in uow.feed.leaves()]
            kind = FactKind.RECONCILIATION
            assert leaves == [(kind, row.record_id, 0, row.hash, row.recorded_at) for row in rows]
            assert [fact.body for fact in uow.feed.bodies()] == [row.row.canonical() for row in rows]

    def test_rows_are_under_checkpoints(self, store: Store) -> None:
        """A row can be proved under a checkpoint; it has no chain of its own."""
        (run,) = store_rows(store, reconciliation_row("RUN"))
        checkpoint = store.run(seal)
        assert checkpoint is not None
        (finding,) = store_rows(store, reconciliation_row("FINDING", run_id=run))
        with store.begin(read_only=True) as uow:
            assert prove(uow, FactKind.RECONCILIATION, ACCOUNT, run).is_valid_under(checkpoint)
        verification = verify(store, [checkpoint])
        assert (verification.problems, verification.counts["reconciliation"], verification.unsealed) == ([], 2, 1)
        assert finding in matching_ids(store)

    def test_rows_belong_to_their_transaction(self, store: Store) -> None:
        """Their own transaction reads them at once, others after the commit; a rollback discards them."""
        (run,) = store_rows(store, reconciliation_row("RUN"))
        with store.begin() as uow:
            finding = add_reconciliation(uow, reconciliation_row("FINDING", run_id=run))
            assert uow.reconciliations.get(finding.record_id) == finding
            is_open = ReconciliationFilter(is_open=True)
            assert list(uow.reconciliations.list(is_open, None, 5).items) == [finding]
            resolution = add_reconciliation(uow, reconciliation_row("RESOLUTION", finding_id=finding.record_id))
            assert uow.reconciliations.list(is_open, None, 5).items == []
            assert uow.reconciliations.get(finding.record_id) == attrs.evolve(finding, resolution=resolution.row)
        assert matching_ids(store) == [run]

    def test_a_read_only_unit_of_work_adds_no_row(self, store: Store) -> None:
        """Adding a row raises ReadOnly."""
        with store.begin(read_only=True) as uow, pytest.raises(ReadOnly):
            add_reconciliation(uow, reconciliation_row("RUN"))
            uow.commit()
        assert matching_ids(store) == []

    def test_a_row_id_is_unique(self, store: Store) -> None:
        """Unique in its account, within a transaction and across transactions."""
        (run,) = store_rows(store, reconciliation_row("RUN"))
        assert_refused(store, reconciliation_row("RUN", record_id=run))
        assert_refused(
            store, reconciliation_row("RUN", record_id=UNUSED_ID), reconciliation_row("RUN", record_id=UNUSED_ID)
        )
        assert matching_ids(store) == [run]

    def test_a_finding_has_one_resolution(self, store: Store) -> None:
        """A second resolution is refused, in the same transaction or in another."""
        run, finding, other = self._add_findings(store)
        (resolution_id,) = store_rows(store, reconciliation_row("RESOLUTION", finding_id=finding))
        second = reconciliation_row("RESOLUTION", finding_id=finding, resolution=Resolution.ACCEPTED, run_id=run)
        assert_refused(store, second)
        assert_refused(store, attrs.evolve(second, finding_id=other), attrs.evolve(second, finding_id=other))
        assert matching_ids(store, is_open=True) == [other]
        with store.begin(read_only=True) as uow:
            closed = uow.reconciliations.get(finding)
            assert closed is not None
            assert closed.resolution is not None
            assert closed.resolution.record_id == resolution_id

    def test_one_of_many_concurrent_resolutions_wins(self, store: Store) -> None:
        """Many threads close one finding: one succeeds."""
        _, finding, other = self._add_findings(store)
        self._assert_one_wins(store, reconciliation_row("RESOLUTION", finding_id=finding))
        assert matching_ids(store, is_open=True) == [other]
        assert len(matching_ids(store, types=[ReconciliationType.RESOLUTION])) == 1

    def test_an_input_number_is_unique_in_its_run(self, store: Store) -> None:
        """Each run has one input of each number."""
        run, other = store_rows(store, reconciliation_row("RUN"), reconciliation_row("RUN"))
        inputs = store_rows(
            store,
            reconciliation_row("INPUT", run_id=run),
            reconciliation_row("INPUT", run_id=run, number=2),
            reconciliation_row("INPUT", run_id=other),
        )
        assert_refused(store, reconciliation_row("INPUT", run_id=run, inputs=["others"]))
        self._assert_one_wins(store, reconciliation_row("INPUT", run_id=other, number=2))
        assert sorted(matching_ids(store, types=[ReconciliationType.INPUT], run_id=run)) == sorted(inputs[:2])
        assert len(matching_ids(store, types=[ReconciliationType.INPUT], run_id=other)) == 2

    def test_only_inputs_are_numbered(self, store: Store) -> None:
        """A `number` or `finding_id` on a row of another type may repeat."""
        run, finding, other = self._add_findings(store)
        numbered = reconciliation_row("FINDING", run_id=run, number=1, finding_id=finding)
        assert len(store_rows(store, numbered, numbered, reconciliation_row("INPUT", run_id=run))) == 3
        assert {finding, other} < set(matching_ids(store, is_open=True))

    def _add_findings(self, store: Store) -> tuple[str, str, str]:
        """A run with two findings."""
        (run,) = store_rows(store, reconciliation_row("RUN"))
        finding = reconciliation_row("FINDING", run_id=run)
        one, other = store_rows(store, finding, attrs.evolve(finding, subject=OTHER_SUBJECT))
        return run, one, other

    def _assert_one_wins(self, store: Store, row: Reconciliation) -> None:
        """Add a row from many threads, each under an id of its own: one succeeds, the others are refused."""

        def add(_: int) -> None:
            with store.begin() as uow:
                add_reconciliation(uow, row)
                uow.commit()

        outcomes = run_in_threads(THREADS, add)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ConcurrentUpdate"] * (THREADS - 1) + [
            "NoneType"
        ]

    def test_a_row_names_rows_of_its_account(self, store: Store) -> None:
        """The run and the finding that a row names are there, in its own account."""
        (run,) = store_rows(store, reconciliation_row("RUN", "other"))
        (finding,) = store_rows(store, reconciliation_row("FINDING", "other", run_id=run))
        for missing in (run, UNUSED_ID):
            assert_refused(store, reconciliation_row("INPUT", run_id=missing))
            assert_refused(store, reconciliation_row("FINDING", run_id=missing))
        for missing in (finding, UNUSED_ID):
            assert_refused(store, reconciliation_row("RESOLUTION", finding_id=missing))
        assert matching_ids(store, account_id=ACCOUNT) == []

    @pytest.mark.parametrize(
        "fields",
        [
            {"type": "INPUT", "number": 1, "inputs": "[]", "run_id": OWN_ID},
            {"type": "FINDING", "subject": SUBJECT, "mismatch": "STATUS_DIFFERS", "run_id": OWN_ID},
            {"type": "RUN", "inputs": "{}", "run_id": OWN_ID},
            {"type": "RESOLUTION", "resolution": "AGREES", "finding_id": OWN_ID},
        ],
        ids=lambda fields: fields["type"],
    )
    def test_a_row_that_refers_to_its_own_id_is_refused(self, store: Store, fields: dict[str, Any]) -> None:
        """A row whose run or finding is itself is refused, although a foreign key to its own table would hold."""
        values = {"account_id": ACCOUNT, "venue": VENUE, "record_id": OWN_ID, **fields}
        with pytest.raises(InvalidInput):
            Reconciliation.from_canonical(values)
        unchecked = Reconciliation.from_trusted(values)
        with store.begin() as uow, pytest.raises(ConcurrentUpdate):
            add_reconciliation(uow, reconciliation_row("RUN", record_id="00000000-0000-8000-8000-000000000103"))
            add_reconciliation(uow, unchecked)
            uow.commit()
        assert matching_ids(store) == []

    def test_accounts_have_their_own_rows(self, store: Store) -> None:
        """Two accounts may have rows with the same ids, about the same difference."""
        accounts = (ACCOUNT, "other")
        ids = dict(zip(("run", "finding"), (ORDER_ID, OTHER_ORDER_ID), strict=True))
        for account in accounts:
            store_rows(store, reconciliation_row("RUN", account, record_id=ids["run"]))
            store_rows(store, reconciliation_row("FINDING", account, record_id=ids["finding"], run_id=ids["run"]))
        store_rows(store, reconciliation_row("RESOLUTION", "other", finding_id=ids["finding"]))
        assert matching_ids(store, account_id=ACCOUNT, is_open=True) == [ids["finding"]]
        assert matching_ids(store, account_id="other", is_open=True) == []
        assert matching_ids(store, account_id="other", is_open=False) == [ids["finding"]]
        assert matching_ids(store, account_id=ACCOUNT, types=[ReconciliationType.RESOLUTION]) == []
        with store.begin(read_only=True) as uow:
            for account in accounts:
                run = uow.reconciliations.last_run(account, VENUE, "")
                assert run is not None
                assert run.account_id == account
            assert uow.reconciliations.last_run("nobody", VENUE, "") is None
            finding = uow.reconciliations.get(ids["finding"])
            assert finding is not None
            assert (finding.account_id, finding.resolution) == (ACCOUNT, None)

    def test_pages_of_rows_neither_repeat_nor_skip_a_row(self, store: Store) -> None:
        """Pages together are the whole list, also where many rows have the same time."""
        (run,) = store_rows(store, reconciliation_row("RUN"))
        with store.begin() as uow:
            first = uow.clock.now()
            for number in range(11):
                add_reconciliation(
                    uow, reconciliation_row("FINDING", run_id=run), first + timedelta(microseconds=number // 4)
                )
            uow.commit()
        findings = ReconciliationFilter(account_id=ACCOUNT, types=[ReconciliationType.FINDING])
        with store.begin(read_only=True) as uow:
            all_rows = uow.reconciliations.list(findings, None, LARGEST_PAGE)
            assert all_rows.next is None
            seen: list[RecordedReconciliation] = []
            after: PageKey | None = None
            while True:
                page = uow.reconciliations.list(findings, after, 3)
                seen += page.items
                after = page.next
                if after is None:
                    break
                assert len(page.items) == 3
            assert seen == list(all_rows.items)
            assert len(seen) == 11
            assert seen == sorted(seen, key=lambda row: (row.recorded_at, row.record_id))
            end = PageKey(seen[-1].recorded_at, "~")
            assert uow.reconciliations.list(findings, end, 3).items == []

    def test_the_last_run_of_a_venue_account_is_found(self, store: Store) -> None:
        """By account, venue and venue account; of runs recorded at the same time the last by id."""
        first = datetime(2026, 1, 5, tzinfo=UTC)
        later = first + timedelta(seconds=1)
        with store.begin() as uow:
            add_reconciliation(uow, reconciliation_row("RUN"), later)
            last = add_reconciliation(uow, reconciliation_row("RUN"), later)
            add_reconciliation(uow, reconciliation_row("RUN"), first)
            elsewhere = add_reconciliation(uow, reconciliation_row("RUN", venue_account="sub"), first)
            add_reconciliation(uow, reconciliation_row("RUN", venue="ELSEWHERE"), later)
            add_reconciliation(uow, reconciliation_row("FINDING", run_id=last.record_id), later + timedelta(days=1))
            uow.commit()
        with store.begin(read_only=True) as uow:
            runs = uow.reconciliations
            assert runs.last_run(ACCOUNT, VENUE, "") == last
            assert runs.last_run(ACCOUNT, VENUE, "sub") == elsewhere
            assert runs.last_run(ACCOUNT, VENUE, "none") is None
            assert runs.last_run("nobody", VENUE, "") is None

    @pytest.mark.parametrize(
        ("conditions", "names"),
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
            ({"subject": SUBJECT}, "cg"),
            ({"subject": OTHER_SUBJECT}, "d"),
            ({"subject": "\0"}, ""),
            ({"mismatch": Mismatch.OVERFILL}, "d"),
            ({"mismatch": Mismatch.IN_DOUBT}, ""),
            ({"order_id": ORDER_ID}, "cd"),
            ({"order_id": OTHER_ORDER_ID}, ""),
            ({"order_id": "no id"}, ""),
            ({"is_open": True}, "dg"),
            ({"is_open": False}, "c"),
            ({"is_open": True, "types": [ReconciliationType.RUN]}, ""),
            ({"is_open": True, "types": [ReconciliationType.FINDING, ReconciliationType.RUN]}, "dg"),
            (
                {"is_open": True, "account_id": ACCOUNT, "venue": VENUE, "venue_account": "", "subject": OTHER_SUBJECT},
                "d",
            ),
            ({"is_open": True, "account_id": "other"}, ""),
            ({"recorded_from": 3}, "defgh"),
            ({"recorded_before": 3}, "abc"),
            ({"recorded_from": 2, "recorded_before": 4, "types": [ReconciliationType.FINDING]}, "cd"),
        ],
    )
    def test_rows_are_filtered(self, store: Store, conditions: dict[str, Any], names: str) -> None:
        """Each condition alone, and some together; time ranges are half-open."""
        first = datetime(2026, 1, 5, tzinfo=UTC)
        ids = {name: f"00000000-0000-7000-8000-{ord(name):012d}" for name in "abcdefgh"}
        elsewhere = {"venue": "ELSEWHERE", "venue_account": "sub"}
        rows: Sequence[Reconciliation] = [
            reconciliation_row("RUN"),
            reconciliation_row("INPUT", run_id=ids["a"]),
            reconciliation_row("FINDING", run_id=ids["a"], order_id=ORDER_ID),
            reconciliation_row(
                "FINDING", run_id=ids["a"], order_id=ORDER_ID, subject=OTHER_SUBJECT, mismatch=Mismatch.OVERFILL
            ),
            reconciliation_row("RESOLUTION", finding_id=ids["c"]),
            reconciliation_row("RUN", **elsewhere),
            reconciliation_row("FINDING", run_id=ids["f"], **elsewhere),
            reconciliation_row("RUN", "other"),
        ]
        with store.begin() as uow:
            for second, (name, row) in enumerate(zip(ids, rows, strict=True)):
                add_reconciliation(uow, attrs.evolve(row, record_id=ids[name]), first + timedelta(seconds=second))
            uow.commit()
        filter = dict(conditions)
        for name, value in conditions.items():
            if name == "run_id":
                filter[name] = ids.get(value, value)
            elif name.startswith("recorded_"):
                filter[name] = first + timedelta(seconds=value)
        assert matching_ids(store, **filter) == [ids[name] for name in names]

    def test_unknown_ids_are_not_found(self, store: Store) -> None:
        """Neither texts that are no id, nor the id of a row under another kind."""
        (run,) = store_rows(store, reconciliation_row("RUN"))
        with store.begin(read_only=True) as uow:
            for name in (UNUSED_ID, "", "x", "\0", run.upper() + "x"):
                assert uow.reconciliations.get(name) is None
            assert uow.account_events.get(run) is None
