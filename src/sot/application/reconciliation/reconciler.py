"""Reconcile the history of an account with a venue, and record the run, its inputs and its findings."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import attrs

from sot.application.orders.matching import find_order
from sot.application.reconciliation.findings import open_findings, update_findings
from sot.application.reconciliation.healing import heal as heal_differences
from sot.application.reconciliation.history_snapshot import history_snapshot, open_orders
from sot.application.reconciliation.records import add_row
from sot.application.reconciliation.run_inputs import input_rows, snapshot_header
from sot.application.reconciliation.venue_snapshot import (
    CollectedAnswers,
    ExecutionsCursor,
    OrderQueries,
    ReconciliationLimits,
    VenueSnapshotCollector,
)
from sot.application.support.log import facts, log
from sot.application.support.progress import Progress
from sot.application.support.retry import run_until_known
from sot.application.support.venue_calls import check_calls
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.comparison import Comparison
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.reconciliation.snapshots import HistorySnapshot
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NAME, SCOPE
from sot.domain.values.identity import deterministic_id
from sot.domain.values.json_form import JsonForm
from sot.domain.values.times import time_text, utc_time
from sot.domain.values.vocabulary import EventType, OrderStatus, ReconciliationType
from sot.ports.observer import Fact, Operation, observer_of
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import OrderReference, Venue, VenueScope, sorted_symbols, speaks_for


@attrs.frozen(kw_only=True)
class ReconciliationResult(JsonForm):
    """The result of a reconciliation.

    Attributes:
        run_id: The id of the run.
        findings: All findings that are open now, of this run and of earlier ones.
        opened: How many findings this run opened.
        closed: How many findings this run closed.
        recorded: How many facts healing added.
        failures: Queries that the venue did not answer. Nothing was concluded from them.
    """

    DERIVED: ClassVar = ("agrees",)

    run_id: str
    findings: Sequence[RecordedReconciliation] = attrs.field(eq=tuple)
    opened: int = 0
    closed: int = 0
    recorded: int = 0
    failures: Sequence[str] = attrs.field(default=(), eq=tuple)

    @property
    def agrees(self) -> bool:
        """Whether no finding is open and the venue answered every query."""
        return not (self.findings or self.failures)


def reconcile(
    store: Store,
    venue: Venue,
    account_id: str,
    *,
    venue_account: str | None = None,
    symbols: Iterable[str] | None = None,
    heal: bool = False,
    limits: ReconciliationLimits | None = None,
    actor: str | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
    also: Callable[[UnitOfWork, ReconciliationResult], None] | None = None,
) -> ReconciliationResult:
    """Compare the history of an account with a venue, and record the run, its inputs and its findings.

    Nothing else is written without `heal`. With it, the venue's reports about what differs are recorded, orders that
    no request made are adopted, and both sides are compared once more; what still differs stays open. A finding closes
    when a later run sees that it no longer holds, or when a person accepts it.

    Executions are read from where the last run saw the history agree with the venue. Two runs at the same time find
    and heal everything once.

    Args:
        store: The store of the history.
        venue: The venue to ask.
        account_id: The account to reconcile.
        venue_account: The account at the venue, if it is not the one that `venue` speaks for. Its positions are
            compared, and no others.
        symbols: The symbols to reconcile; None means all.
        heal: Whether to record the venue's reports about what differs.
        limits: The extent and the pace of the run.
        actor: Who runs it.
        progress: Called with what the venue is asked for.
        sleep: Waits for some seconds.
        also: Called with the unit of work and the result, in the transaction that records everything.

    Raises:
        InvalidInput: A name is not allowed, `venue` does not speak for `venue_account`, one of its methods is awaited,
            or balances are to be compared and it lists none.
    """
    check_calls(venue, are_awaited=False)
    scope = _scope(venue, account_id, venue_account, symbols)
    limits = limits or ReconciliationLimits()
    if limits.balances and not venue.capabilities.lists_balances:
        raise InvalidInput("balances", True, f"false: {venue.name} lists no balances")
    run = _Run(store, venue, scope, limits, heal, actor)
    collector = VenueSnapshotCollector(venue, scope, limits, store.clock.now, progress, sleep)

    def use_case(uow: UnitOfWork) -> ReconciliationResult:
        result = run.record(uow, answers)
        if also is not None:
            also(uow, result)
        return result

    with observer_of(store).observe(Operation.RECONCILE, None, venue=venue.name, account_id=account_id) as observation:
        answers = collector.collect(run.executions_cursor(), run.orders_to_query)
        result = run_until_known(store, use_case)
        counts = _counts(result)
        observation.add(run_id=result.run_id, **counts)
    _log_result(venue.name, scope, result, counts)
    return result


def _counts(result: ReconciliationResult) -> dict[str, Fact]:
    return {
        "opened": result.opened,
        "closed": result.closed,
        "open": len(result.findings),
        "recorded": result.recorded,
        "failures": len(result.failures),
    }


def _log_result(venue: str, scope: VenueScope, result: ReconciliationResult, counts: Mapping[str, Fact]) -> None:
    run = {"account_id": scope.account_id, "venue": venue, "run_id": result.run_id}
    log.log(
        logging.WARNING if result.opened or result.failures else logging.INFO,
        "reconciliation of %s at %s: %d findings opened, %d closed, %d open; %d facts recorded, %d queries failed",
        scope.account_id, venue, *counts.values(),
        extra=facts(**run, **counts),
    )  # fmt: skip
    for finding in (recorded.row for recorded in result.findings if recorded.row.run_id == result.run_id):
        log.info(
            "finding %s: %s", finding.record_id, finding.mismatch,
            extra=facts(**run, finding_id=finding.record_id, order_id=finding.order_id, mismatch=finding.mismatch),
        )  # fmt: skip


def _scope(venue: Venue, account_id: str, venue_account: str | None, symbols: Iterable[str] | None) -> VenueScope:
    default_account = getattr(venue, "venue_account", None) or ""
    venue_account = default_account if venue_account is None else SCOPE.check("venue_account", venue_account)
    if not speaks_for(venue, venue_account):
        raise InvalidInput("venue_account", venue_account, "an account that the venue speaks for")
    return VenueScope(
        account_id=NAME.check("account_id", account_id),
        venue_account=venue_account,
        symbols=None if symbols is None else frozenset(NAME.check("symbols", symbol) for symbol in symbols),
    )


class _Run:
    def __init__(
        self,
        store: Store,
        venue: Venue,
        scope: VenueScope,
        limits: ReconciliationLimits,
        heal: bool,
        actor: str | None,
    ) -> None:
        self._store = store
        self._venue = venue.name
        self._capabilities = venue.capabilities
        self._scope = scope
        self._limits = limits
        self._heal = heal
        self._actor = actor
        self._run_id = store.ids.new_id()

    # ------------------------------------------------------------------------------------------ before the venue

    def executions_cursor(self) -> ExecutionsCursor:
        """The cursor up to which the last run of this account saw the history agree with the venue's executions.

        Rules: HEAL-3.
        """
        key = (self._scope.account_id, self._venue, self._scope.venue_account)
        last = self._store.run(lambda uow: uow.reconciliations.last_run(*key), read_only=True)
        stored = {} if last is None else last.row.inputs["place"]
        if stored.get("symbols") != sorted_symbols(self._scope.symbols):
            return ExecutionsCursor()
        since = stored.get("since")
        return ExecutionsCursor(cursor=stored.get("cursor"), since=None if since is None else utc_time("since", since))

    def orders_to_query(self, reports: Iterable[VenueReport]) -> OrderQueries:
        """The orders to ask for one by one, given the reports of the venue's lists.

        These are the orders of open findings, those that are open here and not listed there, and those that only
        executions name.

        Rules: HEAL-5.
        """
        return self._store.run(lambda uow: self._orders_to_query(uow, list(reports)), read_only=True)

    def _orders_to_query(self, uow: UnitOfWork, reports: Sequence[VenueReport]) -> OrderQueries:
        listed, unknown = set(), {}
        for report in reports:
            order = find_order(uow, report)
            if report.type is EventType.ORDER_STATUS:
                listed.add(report.venue_order_id if order is None else order.order_id)
            elif order is None:
                unknown[report.venue_order_id, report.client_order_id] = report
        findings = (finding.row for finding in open_findings(uow, self._venue, self._scope))
        in_findings = {finding.order_id: None for finding in findings if finding.order_id is not None}
        orders = [order for order_id in in_findings if (order := uow.orders.get(order_id)) is not None]
        orders += [order for order in open_orders(uow, self._venue, self._scope) if order.order_id not in in_findings]
        settled_before = self._store.clock.now() - self._limits.grace
        known = [
            (order.order_id, OrderReference.to(order, order.created_at))
            for order in orders
            if order.order_id not in listed
            and order.status not in (OrderStatus.CREATED, OrderStatus.FAILED)
            and (order.updated_at is None or order.updated_at <= settled_before)
        ]
        executed = [report for (name, _), report in unknown.items() if name is not None and name not in listed]
        queries: OrderQueries = [
            *known,
            *((None, OrderReference.to(report, report.occurred_at)) for report in executed),
        ]
        if len(queries) > self._limits.queries:  # each run sorts them differently, so that each has its turn
            queries = sorted(queries, key=lambda query: deterministic_id(self._run_id, str(query)))
        return queries

    # ------------------------------------------------------------------------------------------- after the venue

    def record(self, uow: UnitOfWork, answers: CollectedAnswers) -> ReconciliationResult:
        """Compare, heal if that is wanted, and add all rows; a run that was recorded before adds none.

        Rules: HEAL-9, HEAL-19.
        """
        before = open_findings(uow, self._venue, self._scope)
        if uow.reconciliations.get(self._run_id) is not None:  # the answer to COMMIT was lost
            return ReconciliationResult(run_id=self._run_id, findings=before, failures=answers.snapshot.failures)
        history = self._history_snapshot(uow, answers, before)
        first = last = Comparison(history, answers.snapshot, self._limits.grace)
        recorded = 0
        if self._heal and (first.differences or answers.other_accounts):
            recorded = heal_differences(uow, answers, first, self._capabilities, self._actor)
            healed = self._history_snapshot(uow, answers, before, first.orders)
            last = Comparison(healed, answers.snapshot, self._limits.grace, first.changing_order_ids)
        self._add_run(uow, history, answers, last, recorded)
        opened, closed = update_findings(uow, self._run_id, before, first, last)
        return ReconciliationResult(
            run_id=self._run_id,
            findings=open_findings(uow, self._venue, self._scope),
            opened=opened,
            closed=closed,
            recorded=recorded,
            failures=answers.snapshot.failures,
        )

    def _history_snapshot(
        self,
        uow: UnitOfWork,
        answers: CollectedAnswers,
        findings: Iterable[RecordedReconciliation],
        order_ids: Iterable[str] = (),
    ) -> HistorySnapshot:
        rows = [finding.row for finding in findings]
        return history_snapshot(uow, answers.snapshot, self._scope, rows, order_ids)

    def _add_run(
        self, uow: UnitOfWork, history: HistorySnapshot, answers: CollectedAnswers, last: Comparison, recorded: int
    ) -> None:
        """Add the rows of the run and of what it compared.

        Rules: HEAL-19.
        """
        run = Reconciliation(
            account_id=self._scope.account_id,
            type=ReconciliationType.RUN,
            venue=self._venue,
            venue_account=self._scope.venue_account,
            record_id=self._run_id,
            checked_at=answers.snapshot.asked_at,
            actor=self._actor,
            inputs={
                **snapshot_header(history, answers.snapshot),
                "place": self._next_cursor(answers, last),
                "grace_seconds": str(self._limits.grace.total_seconds()),
                "healing": self._heal,
                "recorded": recorded,
            },
        )
        add_row(uow, run)
        for row in input_rows(run, history, answers.snapshot):
            add_row(uow, row)

    def _next_cursor(self, answers: CollectedAnswers, last: Comparison) -> dict[str, Any]:
        """The cursor before the first page with an execution that the history lacks, so that it is listed again.

        Rules: HEAL-4.
        """
        cursor = answers.end
        for before, reports in answers.pages:
            if any(last.is_missing_execution(report) for report in reports):
                cursor = before
                break
        return {
            "cursor": cursor.cursor,
            "since": None if cursor.since is None else time_text(cursor.since),
            "symbols": sorted_symbols(self._scope.symbols),
        }
