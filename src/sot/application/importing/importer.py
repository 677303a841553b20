"""Record the facts of a source in batches, and compare the figures that the source states."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from sot.application.accounting.positions import folding_together
from sot.application.history import OrderHistory
from sot.application.importing.contradictions import (
    Correction,
    contradicted_event,
    contradicted_executions,
    correct_executions,
    replace_event,
)
from sot.application.importing.source import OrderEnd, Recordable, Source, collect, fact_id
from sot.application.importing.statements import Compared, Imported, compare_statements
from sot.application.importing.summary import Contradiction, ImportedKind, ImportSummary
from sot.application.orders.matching import find_order
from sot.application.support.progress import Progress
from sot.application.support.record_result import RecordResult
from sot.application.support.retry import run_until_known
from sot.application.support.use_case import REFUSALS
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate, SotError, StoreError
from sot.domain.values.instrument import Instrument, holding_versions
from sot.domain.values.vocabulary import EventType, Origin, Outcome
from sot.ports.readers import ImportItem, Skipped
from sot.ports.store import Store, UnitOfWork

BATCH = 500
"""How many facts are committed together."""

READ = "rows read"
RECORDED = "facts"


def import_history(
    store: Store,
    items: Iterable[ImportItem],
    *,
    finished_orders: bool = False,
    batch: int = BATCH,
    dry_run: bool = False,
    correction: Correction | None = None,
    progress: Progress | None = None,
) -> ImportSummary:
    """Record what a reader found, and compare the figures that the source states with those of the history.

    All of it is read before anything is written. Reports of unknown orders make external orders. A fact that the
    history refuses is skipped, with the reason; the others are recorded. Importing again adds nothing.

    A row that contradicts what is stored does not change it, unless an earlier import read it wrongly and a correction
    is given.

    Args:
        store: The store to record in.
        items: What a reader yields.
        finished_orders: Close each external order of which the source has executions; that of the reader.
        batch: How many facts are committed together.
        dry_run: Do all of it in one transaction, and store nothing.
        correction: Correct what earlier imports read otherwise than these items say, for this reason.
        progress: Called with what was read and recorded.

    Raises:
        InvalidInput: The source is not of the reader's format; nothing was written.
        StoreUnavailable: The store is out of reach. The batches before are stored; importing again goes on.
    """
    report = progress or (lambda kind, more: None)
    source = collect(_counted(items, report), finished_orders)
    importer = _Importer(source, report, ImportSummary(dry_run=dry_run), correction)
    if dry_run:
        return importer.try_out(store)
    for start in range(0, len(source.facts), batch):
        importer.record(store, source.facts[start : start + batch])
    return importer.finish(store.run(importer.compare, read_only=True))


def _counted(items: Iterable[ImportItem], report: Progress) -> Iterable[ImportItem]:
    for item in items:
        report(READ, 1)
        yield item


@attrs.frozen
class _Recorded:
    """A fact, and what recording it returned; a reason for one that was refused."""

    fact: Recordable
    result: RecordResult | None = None
    refused: str = ""
    contradictions: Sequence[Contradiction] = ()
    corrected: bool = False


class _Importer:
    """Records the facts of a source, and counts them."""

    def __init__(self, source: Source, report: Progress, summary: ImportSummary, correction: Correction | None) -> None:
        self._source = source
        self._correction = correction
        self._ids_of_several = frozenset() if correction is None else source.ids_of_several()
        self._report = report
        self._summary = summary
        self._imported = Imported()
        self._orders: dict[str, Outcome] = {}
        self._refused: list[Skipped] = []
        self._contradictions: list[Contradiction] = []
        self._corrected: list[Contradiction] = []

    def record(self, store: Store, facts: Sequence[Recordable]) -> None:
        """Record and commit a batch, without the facts that are refused."""
        halfway: dict[int, str] = {}
        while True:
            try:
                recorded = run_until_known(store, lambda uow: _record_facts(uow, facts, halfway, self._correction_of))
                break
            except _RefusedHalfway as error:
                halfway[error.index] = error.reason
        self._count(recorded)

    def try_out(self, store: Store) -> ImportSummary:
        """Record everything in one unit of work, and roll back."""
        halfway: dict[int, str] = {}
        while True:
            try:
                with store.begin() as uow:
                    self._count(_record_facts(uow, self._source.facts, halfway, self._correction_of))
                    return self.finish(self.compare(uow))
            except _RefusedHalfway as error:
                halfway[error.index] = error.reason

    def _correction_of(self, fact: Recordable) -> Correction | None:
        """The correction by which a fact may replace another; none where the source itself contradicts the fact."""
        return None if fact_id(fact) in self._ids_of_several else self._correction

    def compare(self, uow: UnitOfWork) -> Compared:
        """Compare the figures of the source with those of the history."""
        return compare_statements(uow, self._source.statements, self._imported)

    def finish(self, compared: Compared) -> ImportSummary:
        """Return the summary."""
        summary, source = self._summary, self._source
        for outcome in self._orders.values():
            summary.counts[ImportedKind.ORDERS].add(outcome)
        summary.skipped = (*source.skipped, *self._refused)
        summary.expected, summary.remarks = dict(source.expected), dict(source.remarks)
        summary.contradictions, summary.corrected = tuple(self._contradictions), tuple(self._corrected)
        summary.figures, summary.differences = compared.figures, compared.differences
        return summary

    def _count(self, recorded: Iterable[_Recorded]) -> None:
        for each in recorded:
            self._report(RECORDED, 1)
            (self._corrected if each.corrected else self._contradictions).extend(each.contradictions)
            if each.result is None:
                self._refused.append(_skipped(each.fact, each.refused))
            else:
                self._count_one(each.fact, each.result)

    def _count_one(self, fact: Recordable, result: RecordResult) -> None:
        counts = self._summary.counts
        if isinstance(fact, VenueReport):
            is_fill = fact.type is EventType.TRADE
            counts[ImportedKind.FILLS if is_fill else ImportedKind.REPORTS].add(result.outcome)
            if is_fill:
                counts[ImportedKind.FEES].add(result.outcome, len(fact.fees))
                self._imported.add_fill(fact, result)
            if result.order_id is None:
                self._summary.waiting += 1
            elif self._orders.get(result.order_id, Outcome.REPEATED) is Outcome.REPEATED:
                self._orders[result.order_id] = result.outcome
        elif isinstance(fact, OrderEnd):
            if result.order_id is not None and result.outcome is not Outcome.REPEATED:
                counts[ImportedKind.REPORTS].add(result.outcome)
        elif isinstance(fact, AccountEvent):
            counts[ImportedKind.EVENTS].add(result.outcome)
            self._imported.add_event(fact, result)
        else:
            counts[ImportedKind.INSTRUMENTS].add(result.outcome)


class _RefusedHalfway(Exception):
    """A fact was refused after a part of it was written: its unit of work has to begin anew without it."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(index, reason)
        self.index = index
        self.reason = reason


_STORE_ERRORS = (StoreError, ConcurrentUpdate, CommitUnknown)


_CorrectionOf = Callable[[Recordable], Correction | None]


def _record_facts(
    uow: UnitOfWork, facts: Sequence[Recordable], halfway: Mapping[int, str], correction_of: _CorrectionOf
) -> list[_Recorded]:
    """Record facts in one unit of work; `halfway` are those to leave out, by index, with the reasons.

    Raises:
        _RefusedHalfway: A fact was refused after a part of it was written.
    """
    uow.read_ahead([fact for fact in facts if isinstance(fact, VenueReport)])
    with folding_together(uow):
        return list(_record_each(uow, facts, halfway, correction_of))


def _record_each(
    uow: UnitOfWork, facts: Sequence[Recordable], halfway: Mapping[int, str], correction_of: _CorrectionOf
) -> Iterator[_Recorded]:
    for index, fact in enumerate(facts):
        if index in halfway:
            yield _Recorded(fact, refused=halfway[index])
            continue
        changes = uow.changes
        try:
            yield _record(uow, fact, correction_of(fact))
        except SotError as error:
            if isinstance(error, _STORE_ERRORS):
                raise
            if uow.changes != changes or not isinstance(error, REFUSALS):
                raise _RefusedHalfway(index, str(error)) from error
            yield _Recorded(fact, refused=str(error))


def _record(uow: UnitOfWork, fact: Recordable, correction: Correction | None) -> _Recorded:
    history = OrderHistory(uow)
    if isinstance(fact, Instrument):
        return _Recorded(fact, RecordResult(outcome=_register(uow, history, fact, correction)))
    if isinstance(fact, AccountEvent):
        return _record_event(uow, history, fact, correction)
    if isinstance(fact, OrderEnd):
        return _Recorded(fact, _close(uow, history, fact.report))
    if fact.type is EventType.TRADE:
        return _record_execution(uow, history, fact, correction)
    return _Recorded(fact, history.adopt(fact, Origin.IMPORT))


def _record_execution(
    uow: UnitOfWork, history: OrderHistory, report: VenueReport, correction: Correction | None
) -> _Recorded:
    """Record an execution. What it contradicts is corrected, or listed.

    One that was read from the same row into another order is not recorded again: it would count twice.
    """
    wrong = contradicted_executions(uow, report)
    contradictions = [each.contradiction for each in wrong]
    if wrong and correction is not None and all(each.was_imported for each in contradictions):
        result = correct_executions(uow, wrong, report, correction)
        return _Recorded(report, result, contradictions=contradictions, corrected=True)
    elsewhere = next((each for each in wrong if not each.is_of_order), None)
    if elsewhere is not None:
        result = RecordResult.repeat(elsewhere.order.order_id, elsewhere.fill.execution)
    else:
        result = history.adopt(report, Origin.IMPORT)
    return _Recorded(report, result, contradictions=contradictions)


def _record_event(
    uow: UnitOfWork, history: OrderHistory, event: AccountEvent, correction: Correction | None
) -> _Recorded:
    """Record an account event. One that it contradicts is replaced, or listed."""
    stored, contradiction = contradicted_event(uow, event)
    if contradiction is None:
        if stored is not None and stored.event.replaces is not None:
            return _Recorded(event, RecordResult(outcome=Outcome.REPEATED, event_id=stored.event_id))
        return _Recorded(event, history.record_account_event(event))
    if stored is not None and correction is not None and contradiction.was_imported:
        result = replace_event(uow, stored, event, correction)
        return _Recorded(event, result, contradictions=[contradiction], corrected=True)
    return _Recorded(event, history.record_account_event(event), contradictions=[contradiction])


_TERMS = ("kind", "base", "quote", "settle", "multiplier", "inverse", "underlying", "strike", "right", "expires_at")


def _register(uow: UnitOfWork, history: OrderHistory, instrument: Instrument, correction: Correction | None) -> Outcome:
    """Register an instrument that is not registered yet. One that is, must have the same terms, or is corrected.

    Raises:
        Conflict: It has others.
    """
    recorded = uow.instruments.recorded(instrument.account_id, instrument.venue, instrument.symbol)
    holding = holding_versions(recorded)
    if any(all(getattr(version, name) == getattr(instrument, name) for name in _TERMS) for version in holding):
        return Outcome.REPEATED
    if correction is not None and len(holding) == 1:
        at = holding[0].valid_from
        instrument = instrument.changed(valid_from=at, corrects=[at])
    return history.register(instrument)


def _close(uow: UnitOfWork, history: OrderHistory, end: VenueReport) -> RecordResult:
    """Record that an order is finished, unless it is ours, or its quantity tells."""
    found = find_order(uow, end)
    if found is None:
        return RecordResult.repeat()
    if found.request_id is not None or found.state.order_quantity is not None or not found.is_open:
        return RecordResult.repeat(found.order_id)
    return history.record(end, Origin.IMPORT)


def _skipped(fact: Recordable, reason: str) -> Skipped:
    row: Any = fact.raw_payload if isinstance(fact, (VenueReport, AccountEvent)) else None
    return Skipped(reason=reason, row=row)
