"""Comparing the history with a venue, and keeping what was compared and found."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import attrs

from sot.application.orders.matching import find_order
from sot.application.reconciliation.healing import heal as heal_differences
from sot.application.reconciliation.history_snapshot import history_snapshot, open_orders
from sot.application.reconciliation.records import close, every_row, keep
from sot.application.reconciliation.run_inputs import header, input_rows
from sot.application.reconciliation.venue_snapshot import (
    Asked,
    Place,
    ReconciliationLimits,
    VenueSnapshotCollector,
    Wanted,
)
from sot.application.support.progress import Progress
from sot.application.support.retry import run_until_known
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.comparison import Comparison, Difference
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.reconciliation.resolution import is_resolved, report_naming_order
from sot.domain.reconciliation.snapshots import HistorySnapshot
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NAME, SCOPE
from sot.domain.values.identity import deterministic_id
from sot.domain.values.times import time_text, utc_time
from sot.domain.values.vocabulary import EventType, OrderStatus, ReconciliationType, Resolution
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import OrderReference, Venue, VenueScope, sorted_symbols, speaks_for


@attrs.frozen(kw_only=True)
class ReconciliationResult:
    """What a comparison came to: the findings that are open now, of this run and of earlier ones.

    `opened` and `closed` count findings, `recorded` the facts that healing added. `failures` are questions that the
    venue did not answer: nothing was concluded from them.
    """

    run_id: str
    findings: Sequence[RecordedReconciliation]
    opened: int = 0
    closed: int = 0
    recorded: int = 0
    failures: Sequence[str] = ()

    @property
    def agrees(self) -> bool:
        """Whether nothing is open and every question was answered."""
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
    """Compare what the history has of an account with what a venue says, and keep the run, its inputs and findings.

    Nothing else is written, unless `heal` is set: then what the venue reports about what differs is recorded, orders
    that no request made included, and compared once more; what still differs stays open. `symbols` narrow it down.
    Findings close when a later run sees that they no longer hold; or a person closes them.

    Executions are asked for from where the last run saw the history agree. Two runs at once find and heal everything
    once. `venue_account` is the account of theirs, if it is not the one that the venue speaks for; positions are
    compared only without one, since the history does not keep them apart. `also` is done in the transaction that keeps
    it all, and is kept with it, or not at all.

    Raises: InvalidInput: a name that is not allowed, or an account of theirs that the venue does not speak for.
    """
    own = getattr(venue, "venue_account", None) or ""
    venue_account = own if venue_account is None else SCOPE.check("venue_account", venue_account)
    if not speaks_for(venue, venue_account):
        raise InvalidInput("venue_account", venue_account, "an account that the venue speaks for")
    scope = VenueScope(
        account_id=NAME.check("account_id", account_id),
        venue_account=venue_account,
        symbols=None if symbols is None else frozenset(NAME.check("symbols", symbol) for symbol in symbols),
    )
    limits = limits or ReconciliationLimits()
    run = _Run(store, venue, scope, limits, heal, actor)
    asker = VenueSnapshotCollector(venue, scope, limits, store.clock.now, progress, sleep)
    asked = asker.ask(run.place(), run.wanted)

    def kept(uow: UnitOfWork) -> ReconciliationResult:
        result = run.keep(uow, asked)
        if also is not None:
            also(uow, result)
        return result

    return run_until_known(store, kept)


class _Run:
    def __init__(
        self,
        store: Store,
        venue: Venue,
        scope: VenueScope,
        limits: ReconciliationLimits,
        heals: bool,
        actor: str | None,
    ) -> None:
        self._store = store
        self._venue = venue.name
        self._able = venue.capabilities
        self._scope = scope
        self._limits = limits
        self._heals = heals
        self._actor = actor
        self._run_id = store.ids.new_id()

    # ------------------------------------------------------------------------------------------ before the venue

    def place(self) -> Place:
        """Where the last run of this account saw the history agree with the venue's executions."""
        key = (self._scope.account_id, self._venue, self._scope.venue_account)
        last = self._store.run(lambda uow: uow.reconciliations.last_run(*key), read_only=True)
        told = {} if last is None else last.row.inputs["place"]
        if told.get("symbols") != sorted_symbols(self._scope.symbols):
            return Place()
        since = told.get("since")
        return Place(cursor=told.get("cursor"), since=None if since is None else utc_time("since", since))

    def wanted(self, reports: Iterable[VenueReport]) -> Wanted:
        """The orders to be asked for one by one.

        Those of open findings, those that are open here and not listed there, and those that only executions tell of.
        """
        return self._store.run(lambda uow: self._wanted(uow, list(reports)), read_only=True)

    def _wanted(self, uow: UnitOfWork, reports: Sequence[VenueReport]) -> Wanted:
        there, unknown = set(), {}
        for report in reports:
            order = find_order(uow, report)
            if report.type is EventType.ORDER_STATUS:
                there.add(report.venue_order_id if order is None else order.order_id)
            elif order is None:
                unknown[report.venue_order_id, report.client_order_id] = report
        found = {row.row.order_id: None for row in self._open_findings(uow) if row.row.order_id is not None}
        orders = [order for order_id in found if (order := uow.orders.get(order_id)) is not None]
        orders += [order for order in open_orders(uow, self._venue, self._scope) if order.order_id not in found]
        recent = self._store.clock.now() - self._limits.grace
        known = [
            (order.order_id, OrderReference.to(order, order.created_at))
            for order in orders
            if order.order_id not in there
            and order.status not in (OrderStatus.CREATED, OrderStatus.FAILED)
            and (order.updated_at is None or order.updated_at <= recent)
        ]
        named = [report for (name, _), report in unknown.items() if name is not None and name not in there]
        wanted: Wanted = [*known, *((None, OrderReference.to(report, report.occurred_at)) for report in named)]
        if len(wanted) > self._limits.queries:  # other ones in each run, so that none is left out for ever
            wanted = sorted(wanted, key=lambda one: deterministic_id(self._run_id, str(one)))
        return wanted

    def _open_findings(self, uow: UnitOfWork) -> list[RecordedReconciliation]:
        wanted = ReconciliationFilter(
            account_id=self._scope.account_id,
            types=(ReconciliationType.FINDING,),
            venue=self._venue,
            venue_account=self._scope.venue_account,
            is_open=True,
        )
        return list(every_row(uow, wanted))

    # ------------------------------------------------------------------------------------------- after the venue

    def keep(self, uow: UnitOfWork, asked: Asked) -> ReconciliationResult:
        """Compare, heal if that is wanted, and keep everything; what was kept before is not kept again."""
        before = self._open_findings(uow)
        if uow.reconciliations.get(self._run_id) is not None:  # the answer to COMMIT was lost
            return ReconciliationResult(run_id=self._run_id, findings=before, failures=asked.snapshot.failures)
        history = self._snapshot(uow, asked, before)
        first = last = Comparison(history, asked.snapshot, self._limits.grace)
        recorded = 0
        if self._heals and first.differences:
            recorded = heal_differences(uow, asked, first, self._able, self._actor)
            healed = self._snapshot(uow, asked, before)
            last = Comparison(healed, asked.snapshot, self._limits.grace, first.moving)
        self._keep_run(uow, history, asked, last, recorded)
        opened, closed = self._keep_findings(uow, before, first, last)
        return ReconciliationResult(
            run_id=self._run_id,
            findings=self._open_findings(uow),
            opened=opened,
            closed=closed,
            recorded=recorded,
            failures=asked.snapshot.failures,
        )

    def _snapshot(self, uow: UnitOfWork, asked: Asked, before: Sequence[RecordedReconciliation]) -> HistorySnapshot:
        orders = [found.row.order_id for found in before if found.row.order_id is not None]
        named = [report_naming_order(found.row) for found in before if found.row.order_id is None]
        return history_snapshot(uow, asked.snapshot, self._scope, orders, named)

    def _keep_run(
        self, uow: UnitOfWork, history: HistorySnapshot, asked: Asked, last: Comparison, recorded: int
    ) -> None:
        run = self._row(
            type=ReconciliationType.RUN,
            record_id=self._run_id,
            checked_at=asked.snapshot.asked_at,
            actor=self._actor,
            inputs={
                **header(history, asked.snapshot),
                "place": self._next_place(asked, last),
                "grace_seconds": str(self._limits.grace.total_seconds()),
                "healing": self._heals,
                "recorded": recorded,
            },
        )
        keep(uow, run)
        for row in input_rows(run, history, asked.snapshot):
            keep(uow, row)

    def _next_place(self, asked: Asked, last: Comparison) -> dict[str, Any]:
        """Behind the last page of which the history has everything: what it lacks is listed again next time."""
        place = asked.end
        for before, reports in asked.pages:
            if any(last.unmatched(report) for report in reports):
                place = before
                break
        told = {"cursor": place.cursor, "since": None if place.since is None else time_text(place.since)}
        return {**told, "symbols": sorted_symbols(self._scope.symbols)}

    def _keep_findings(
        self, uow: UnitOfWork, before: Sequence[RecordedReconciliation], first: Comparison, last: Comparison
    ) -> tuple[int, int]:
        venue = last.venue
        held = {found.row.subject: found.row for found in before}
        now = {difference.subject(venue): difference for difference in last.differences}
        found = {difference.subject(venue): difference for difference in first.differences} | now
        opened = closed = 0
        for subject, difference in found.items():
            known = held.get(subject)
            if known is not None and subject in now and not _same_figures(known, difference):
                close(uow, known, Resolution.SUPERSEDED, self._run_id)
                known, closed = None, closed + 1
            if known is None:
                known = self._find(uow, subject, difference)
                opened += known is not None
            if known is not None and subject not in now and is_resolved(last, known):
                close(uow, known, Resolution.HEALED, self._run_id)
                closed += 1
        for finding in held.values():
            if finding.subject not in found and is_resolved(last, finding):
                close(uow, finding, Resolution.AGREES, self._run_id)
                closed += 1
        return opened, closed

    def _find(self, uow: UnitOfWork, subject: str, difference: Difference) -> Reconciliation | None:
        """A new finding, unless a person accepted just this."""
        earlier = ReconciliationFilter(
            account_id=self._scope.account_id, types=(ReconciliationType.FINDING,), subject=subject
        )
        count = sum(1 for _ in every_row(uow, earlier))
        latest = uow.reconciliations.get(deterministic_id(subject, str(count - 1))) if count else None
        if latest is not None and latest.resolution is not None:
            accepted = latest.resolution.resolution is Resolution.ACCEPTED
            if accepted and _same_figures(latest.row, difference):
                return None
        told = attrs.asdict(difference, recurse=False, filter=lambda field, value: field.name != "aspect")
        row = self._row(
            type=ReconciliationType.FINDING,
            record_id=deterministic_id(subject, str(count)),
            run_id=self._run_id,
            subject=subject,
            **told,
        )
        keep(uow, row)
        return row

    def _row(self, **said: Any) -> Reconciliation:
        return Reconciliation(
            account_id=self._scope.account_id,
            venue=self._venue,
            venue_account=self._scope.venue_account,
            **said,
        )


_FIGURES = ("local_status", "exchange_status", "local_quantity", "exchange_quantity")


def _same_figures(known: Reconciliation, difference: Difference) -> bool:
    return all(getattr(known, name) == getattr(difference, name) for name in _FIGURES)
