"""Restore archived facts and checkpoints into a store, exactly as they were recorded."""

from collections.abc import Callable, Mapping

import attrs

from sot.application.accounting import revaluation
from sot.application.accounting.positions import apply_account_event
from sot.application.audit.archived_facts import ArchivedFact
from sot.application.audit.rederive import pnl_snapshot_of
from sot.application.orders import event_log
from sot.application.orders.creation import new_order
from sot.application.orders.identifiers import current_identifiers, identifiers_of_event
from sot.application.orders.instruments import next_number
from sot.application.orders.reports import content_of_waiting
from sot.application.orders.requests import has_same_client_order_id
from sot.application.support.use_case import use_case
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.audit.checkpoint import NO_CHECKPOINT, Checkpoint, Leaf, find_flaw
from sot.domain.audit.digests import account_event_content_digest, account_event_identity
from sot.domain.audit.merkle import MerkleTree, leaf_hash
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedCheck, RecordedRequest, RecordedWithdrawal, UnattributedReport
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.errors import Conflict, InvalidInput, NotFound
from sot.domain.values.instrument import RecordedInstrument
from sot.domain.values.vocabulary import Anomaly, EventType, FactKind, Outcome
from sot.ports.store import UnitOfWork


@use_case
def restore(uow: UnitOfWork, fact: ArchivedFact) -> Outcome:
    """Restore a fact exactly as it was recorded, at its position in the feed where that is free.

    Returns:
        RECORDED, or REPEATED if the fact is there already.

    Raises:
        Conflict: Another fact has its name.
        NotFound: The fact that it is about is missing: a line before it was left out.
        InvalidInput: An event does not follow the last one of its order, or a version of an instrument the last one
            with its `valid_from`.

    Rules: ARCHIVE-11.
    """
    leaf = fact.leaf
    existing = uow.feed.find(leaf.kind, leaf.account_id, leaf.key, leaf.number)
    if existing is not None:
        if existing.hash != leaf.hash:
            raise Conflict("fact", f"{leaf.kind} {leaf.key} {leaf.number}", hint="it says something else here")
        return Outcome.REPEATED
    uow.feed.reserve_position(leaf.position)
    _RESTORE[leaf.kind](uow, fact)
    return Outcome.RECORDED


def _restore_instrument(uow: UnitOfWork, fact: ArchivedFact) -> None:
    instrument, leaf = fact.value, fact.leaf
    recorded = uow.instruments.recorded(instrument.account_id, instrument.venue, instrument.symbol)
    number = next_number(recorded, instrument)
    if leaf.number != number:
        raise InvalidInput("fact.number", leaf.number, f"{number}: so many versions of this valid_from are here")
    uow.instruments.add(RecordedInstrument(instrument, number), leaf.hash, leaf.recorded_at)
    revaluation.revalue(uow, instrument.account_id, instrument.venue, instrument.symbol)


def _restore_request(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf, request = fact.leaf, fact.value
    for known in uow.requests.by_key(leaf.account_id, request.idempotency_key, request.client_order_id):
        if known.request.key == request.key or has_same_client_order_id(known.request, request):
            hint = f"request {known.request_id} here has its idempotency key or client order id"
            raise Conflict("request", leaf.key, hint=hint)
    uow.requests.add(RecordedRequest(request=request, recorded_at=leaf.recorded_at, hash=leaf.hash))


def _request_of(uow: UnitOfWork, leaf: Leaf) -> RecordedRequest:
    request = uow.requests.get(leaf.key)
    if request is None or request.account_id != leaf.account_id:
        raise NotFound("request", leaf.key, f"which its {leaf.kind} is about: begin with an earlier line")
    return request


def _restore_context(uow: UnitOfWork, fact: ArchivedFact) -> None:
    uow.requests.add_context(_request_of(uow, fact.leaf), fact.value, fact.leaf.hash)


def _restore_check(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf = fact.leaf
    check = RecordedCheck(number=leaf.number, check=fact.value, recorded_at=leaf.recorded_at, hash=leaf.hash)
    uow.requests.add_check(_request_of(uow, leaf), check)


def _restore_withdrawal(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf = fact.leaf
    withdrawal = RecordedWithdrawal(withdrawal=fact.value, recorded_at=leaf.recorded_at, hash=leaf.hash)
    uow.requests.add_withdrawal(_request_of(uow, leaf), withdrawal)


def _restore_report(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf, report = fact.leaf, fact.value
    digest, existing = content_of_waiting(uow, report)
    if existing is not None:
        raise Conflict("report", leaf.key, hint=f"report {existing.report_id} here says the same")
    waiting = UnattributedReport(
        report_id=leaf.key, report=report, recorded_at=leaf.recorded_at, content_digest=digest, hash=leaf.hash
    )
    uow.reports.add(waiting, list(report.identifiers()))


def _restore_account_event(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf, event = fact.leaf, fact.value
    content_digest = account_event_content_digest(event)
    conflict = Anomaly.DUPLICATE_CONFLICT in fact.anomalies
    recorded = RecordedAccountEvent(
        event=event,
        recorded_at=leaf.recorded_at,
        content_digest=content_digest,
        identity=content_digest if conflict else account_event_identity(event) or content_digest,
        hash=leaf.hash,
        anomalies=fact.anomalies,
    )
    existing = uow.account_events.by_content_digest(leaf.account_id, content_digest)
    if existing is None:
        existing = uow.account_events.by_identity(leaf.account_id, recorded.identity)
    if existing is not None:
        hint = f"account event {existing.event_id} here has its content or external id"
        raise Conflict("account event", leaf.key, hint=hint)
    uow.account_events.add(recorded)
    if recorded.counts:
        replaced = None if event.replaces is None else uow.account_events.get(event.replaces)
        apply_account_event(uow, event, replaced.event if replaced else None)


def _restore_reconciliation(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf = fact.leaf
    recorded = RecordedReconciliation(row=fact.value, recorded_at=leaf.recorded_at, hash=leaf.hash)
    for what, name in (("run", recorded.row.run_id), ("finding", recorded.closes)):
        if name is not None and uow.feed.find(FactKind.RECONCILIATION, leaf.account_id, name) is None:
            raise NotFound(what, name, f"which {recorded.row.type} {leaf.key} is about: begin with an earlier line")
    finding = None if recorded.closes is None else uow.reconciliations.get(recorded.closes)
    if finding is not None and finding.account_id == leaf.account_id and finding.resolution is not None:
        hint = f"finding {finding.record_id} is closed here by {finding.resolution.record_id}"
        raise Conflict("resolution", leaf.key, hint=hint)
    uow.reconciliations.add(recorded)


def _restore_event(uow: UnitOfWork, fact: ArchivedFact) -> None:
    """Restore an event after the last one of its order, with everything that follows from it.

    Rules: ARCHIVE-11.
    """
    event: OrderEvent = fact.value
    order = uow.orders.get(event.order_id)
    if order is None:
        order = _create_order(uow, event)
    elif event.sequence != order.last_sequence + 1 or event.prev_hash != order.last_hash:
        allowed = f"event {order.last_sequence + 1} of order {order.order_id}, which follows the last one here"
        raise InvalidInput("fact.number", event.sequence, allowed)
    identifiers = list(identifiers_of_event(order, event, current_identifiers(order)))
    event_log.append_again(uow, order, event)
    if event.type is EventType.MARKED:
        executions = Executions(uow.fills.list(order.account_id, order.order_id))
        request = uow.requests.get(order.request_id) if order.request_id else None
        uow.pnl.add(pnl_snapshot_of(uow, order, executions, event, request))
    for identifier in identifiers:
        uow.identifiers.add(identifier, order.order_id)
    if event.report_id is not None:
        waiting = uow.reports.get(order.account_id, event.report_id)
        if waiting is not None:
            uow.reports.mark_attributed(waiting)


def _create_order(uow: UnitOfWork, event: OrderEvent) -> Order:
    """Create the order of a CREATED event, from its request or its report."""
    if event.type is not EventType.CREATED or event.sequence != 1 or event.fact is None:
        raise NotFound("order", event.order_id, f"whose event {event.sequence} this is: begin with an earlier line")
    request = None
    if event.fact.request_id is not None:
        request = _request_of(
            uow, Leaf(0, FactKind.EVENT, event.account_id, event.fact.request_id, 0, "", event.recorded_at)
        )
    source = event.report or (request.request if request else None)
    if source is None or source.venue is None or source.symbol is None:
        raise InvalidInput("fact.says", event.type, "an event that names its request, or has the terms of the order")
    order = attrs.evolve(
        new_order(event.order_id, request, event.report, event.recorded_at),
        account_id=event.account_id,
        last_hash=event.prev_hash,
    )
    uow.orders.add(order)
    return order


_RESTORE: Mapping[FactKind, Callable[[UnitOfWork, ArchivedFact], None]] = {
    FactKind.INSTRUMENT: _restore_instrument,
    FactKind.REQUEST: _restore_request,
    FactKind.CONTEXT: _restore_context,
    FactKind.RISK_CHECK: _restore_check,
    FactKind.WITHDRAWAL: _restore_withdrawal,
    FactKind.UNATTRIBUTED: _restore_report,
    FactKind.ACCOUNT_EVENT: _restore_account_event,
    FactKind.RECONCILIATION: _restore_reconciliation,
    FactKind.EVENT: _restore_event,
}


@use_case
def restore_checkpoint(uow: UnitOfWork, checkpoint: Checkpoint) -> Outcome:
    """Restore a checkpoint after the facts that it seals.

    Returns:
        RECORDED, or REPEATED if the checkpoint is there already.

    Raises:
        InvalidInput: It is damaged, or does not seal the facts that are here.
        Conflict: Another checkpoint has its number.

    Rules: ARCHIVE-11.
    """
    last = uow.checkpoints.last()
    if checkpoint.has_valid_hash and last is not None and last.number >= checkpoint.number:
        if checkpoint in uow.checkpoints.all():
            return Outcome.REPEATED
        raise Conflict("checkpoint", str(checkpoint.number), hint="it seals something else here")
    before, after = (NO_CHECKPOINT, 0) if last is None else (last.hash, last.upto)
    facts = MerkleTree(leaf_hash(leaf.text) for leaf in uow.feed.leaves(after, checkpoint.upto))
    flaw = find_flaw(checkpoint, before, facts, "here since the last checkpoint")
    if flaw is not None:
        allowed = f"the checkpoint after the last one here, over the facts between them; {flaw.problem}"
        raise InvalidInput(f"checkpoint.{flaw.field}", getattr(checkpoint, flaw.field), allowed)
    uow.checkpoints.add(checkpoint)
    return Outcome.RECORDED
