"""Runs of a vector of kind `reconciliation`: what a run asks a venue, what it records, and what becomes of findings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sot.application.history import OrderHistory
from sot.application.reconciliation.reconciler import ReconciliationResult, reconcile
from sot.application.reconciliation.records import iterate_rows
from sot.application.reconciliation.run_inputs import compared_snapshots
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.application.support.record_result import RecordResult
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.comparison import compare
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.identity import deterministic_id
from sot.domain.values.numbers import plain
from sot.domain.values.times import utc_time
from sot.domain.values.vocabulary import Outcome, ReconciliationType
from sot.ports.orders import OrderFilter
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import Store, UnitOfWork
from sot.testing.vectors.figures import canonical_text
from sot.testing.vectors.orders import Story, begin_story, take_steps
from sot.testing.vectors.result import Result
from sot.testing.vectors.stating_venue import StatingVenue

_COUNTS = ("opened", "closed", "recorded")

_FIGURES = ("local_quantity", "exchange_quantity", "local_price", "exchange_price")

_NAMES = (
    "mismatch",
    "client_order_id",
    "venue_order_id",
    "exec_id",
    "leg",
    "symbol",
    "position_side",
    "position_id",
    "asset",
    "local_status",
    "exchange_status",
)


def run_runs(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Take the steps before each run, reconcile with a venue that states what the run says, and compare."""
    story = begin_story(store, vector)
    for number, run in enumerate(vector["runs"], 1):
        where = f"{vector['id']} run {number}"
        take_steps(store, story, where, run.get("steps", ()), result)
        venue = StatingVenue(store.clock, run["venue"], partial(_report, story))
        found = reconcile(
            store,
            venue,
            story.account_id,
            venue_account=run.get("venue_account"),
            symbols=run.get("symbols"),
            heal=run.get("heal", False),
            limits=_limits(run),
            actor=run.get("actor"),
            sleep=lambda seconds: None,
        )
        with store.begin() as uow:
            _name_adopted_orders(uow, story)
            _Comparison(uow, story, where, result).compare(run.get("expect") or {}, found, venue)
            if run.get("accept"):
                for finding in found.findings:
                    OrderHistory(uow).accept_finding(finding.record_id, reason="it is known")
                uow.commit()


def _limits(run: Mapping[str, Any]) -> ReconciliationLimits:
    given = {name: run[name] for name in ("queries", "pages", "balances") if name in run}
    since = utc_time("since", run["since"]) if "since" in run else None
    return ReconciliationLimits(grace=timedelta(seconds=run.get("grace", 0)), since=since, **given)


def _report(story: Story, fields: Mapping[str, Any]) -> VenueReport:
    """A report of the venue; its account, where it has one, is one of the vector's own."""
    if "account_id" in fields:
        fields = {**fields, "account_id": _other_account(story, fields["account_id"])}
    return story.report(fields)


def _other_account(story: Story, name: str) -> str:
    return f"{story.account_id}-{name}"


def _name_adopted_orders(uow: UnitOfWork, story: Story) -> None:
    """Name the orders that a run adopted by their venue order ids, else by their client order ids."""
    known = set(story.orders.values())
    for order in OrderHistory(uow).orders(OrderFilter(account_id=story.account_id)).items:
        if order.order_id not in known:
            story.orders[order.venue_order_id or order.client_order_id or ""] = order.order_id


class _Comparison:
    """Compares what a run did with what is expected."""

    def __init__(self, uow: UnitOfWork, story: Story, where: str, result: Result) -> None:
        self._uow = uow
        self._story = story
        self._where = where
        self._result = result

    def compare(self, expect: Mapping[str, Any], found: ReconciliationResult, venue: StatingVenue) -> None:
        """Compare each figure; the ids of findings and of what closed them are compared always."""
        findings = self._rows(ReconciliationType.FINDING)
        self._result.expect(self._where, "ids of findings", [], sorted(_wrong_ids(findings)))
        outcome = RecordResult(outcome=Outcome.RECORDED)
        for name, expected in expect.items():
            if name in _COUNTS:
                self._expect(name, expected, getattr(found, name))
            elif name == "failures":
                self._expect(name, expected, len(found.failures))
            elif name == "asked":
                self._expect(name, expected, venue.asked)
            elif name == "findings":
                self._expect(name, sorted(map(canonical_text, expected)), sorted(map(self._text, findings)))
            elif name == "run":
                self._compare_run(expected, found.run_id)
            elif name == "other_accounts":
                for account, count in expected.items():
                    waiting = list(OrderHistory(self._uow).waiting(_other_account(self._story, account)))
                    self._expect(f"waiting of {account}", count, len(waiting))
            else:
                self._story.compare(self._uow, self._where, {name: expected}, outcome, self._result)

    def _expect(self, name: str, expected: object, actual: object) -> None:
        self._result.expect(self._where, name, expected, actual)

    def _rows(self, type: ReconciliationType, run_id: str | None = None) -> list[RecordedReconciliation]:
        rows = ReconciliationFilter(account_id=self._story.account_id, types=(type,), run_id=run_id)
        return list(iterate_rows(self._uow, rows))

    def _text(self, finding: RecordedReconciliation) -> str:
        """A finding with its resolution, and names in place of ids; of a known order without the ids that it has."""
        row, closing = finding.row, finding.resolution
        fields: dict[str, Any] = {name: getattr(row, name) for name in _NAMES}
        fields |= {name: plain(number) for name in _FIGURES if (number := getattr(row, name)) is not None}
        if row.order_id is not None:
            name = self._story.names().get(row.order_id, row.order_id).removeprefix("$order:")
            fields |= {"order": name, "client_order_id": None, "venue_order_id": None, "symbol": None}
        fields["resolution"] = closing and closing.resolution
        return canonical_text({name: value for name, value in fields.items() if value})

    def _compare_run(self, expected: Mapping[str, Any], run_id: str) -> None:
        """Compare the fields of the row of a run, and what comparing its inputs again finds."""
        row = self._uow.reconciliations.get(run_id)
        assert row is not None
        for name, value in expected.items():
            if name == "differences":
                parts = [part.row for part in self._rows(ReconciliationType.INPUT, run_id)]
                grace = timedelta(seconds=float(row.row.inputs["grace_seconds"]))
                actual: object = [each.mismatch for each in compare(*compared_snapshots(row.row, parts), grace)]
            elif name in ("cursor", "since", "symbols"):
                actual = row.row.inputs["place"][name]
            elif name == "actor":
                actual = row.row.actor
            else:
                actual = row.row.inputs[name]
            self._expect(f"run {name}", value, actual)


def _wrong_ids(findings: Sequence[RecordedReconciliation]) -> Iterator[str]:
    """The ids of findings that do not follow from their subjects, and of resolutions that do not from findings."""
    counts = Counter(finding.row.subject for finding in findings)
    expected = {deterministic_id(subject or "", str(n)) for subject, count in counts.items() for n in range(count)}
    yield from (finding.record_id for finding in findings if finding.record_id not in expected)
    for finding in findings:
        closing = finding.resolution
        if closing is not None and closing.record_id != deterministic_id("resolution", finding.record_id):
            yield str(closing.record_id)
