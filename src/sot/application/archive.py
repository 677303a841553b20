"""The complete history as JSON lines, verbatim: written, read back into a store, and verified with no store at all.

A line `{"fact": {...}}` is one fact: the feed's row of it and what it says, in the canonical form that its hash covers.
Facts come by their position in the feed. A line `{"checkpoint": {...}}` follows the last fact that it seals.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import attrs

from sot.application import writing
from sot.application.names import given_names, missing_names
from sot.application.positions import account_event_moved
from sot.application.recompute import snapshot_of
from sot.application.recording import find_order, names
from sot.domain import fields
from sot.domain.account_event import AccountEvent
from sot.domain.checkpoint import FIRST, Checkpoint, Leaf
from sot.domain.errors import Conflict, InvalidInput, NotFound
from sot.domain.event import OrderEvent
from sot.domain.facts import (
    account_event_digest,
    account_event_identity,
    account_event_said,
    check_digest,
    context_digest,
    instrument_digest,
    instrument_key,
    reconciliation_digest,
    report_digest,
    request_digest,
    withdrawal_digest,
)
from sot.domain.fields import quoted
from sot.domain.fill import Executions
from sot.domain.instrument import Instrument
from sot.domain.intent import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.merkle import MerkleTree, leaf_hash
from sot.domain.order import Order
from sot.domain.reconciliation import Reconciliation
from sot.domain.replay import opening_state
from sot.domain.report import VenueReport
from sot.domain.times import moment_text
from sot.domain.vocabulary import Anomaly, EventType, FactKind, IdentifierKind, Outcome
from sot.ports.audit import Bodied
from sot.ports.records import (
    Identifier,
    RecordedAccountEvent,
    RecordedCheck,
    RecordedReconciliation,
    RecordedRequest,
    RecordedWithdrawal,
    UnattributedReport,
)
from sot.ports.store import UnitOfWork

# --------------------------------------------------------------------------------------------------------- writing


def archive(uow: UnitOfWork, after: int = 0, upto: int | None = None) -> Iterator[str]:
    """The lines of the facts behind a position, up to another, and of the checkpoints over them; reads only.

    Raises: StoreDamaged: something of the feed is missing; `verify` tells more.
    """
    last = uow.feed.last() if upto is None else upto
    checkpoints = [one for one in uow.seals.all() if after < one.upto <= last]
    for fact in uow.feed.bodies(after, last):
        while checkpoints and checkpoints[0].upto < fact.leaf.position:
            yield _checkpoint_line(checkpoints.pop(0))
        yield _fact_line(uow, fact)
    yield from map(_checkpoint_line, checkpoints)


def _checkpoint_line(checkpoint: Checkpoint) -> str:
    return f'{{"checkpoint":{checkpoint.canonical()}}}'


def _fact_line(uow: UnitOfWork, fact: Bodied) -> str:
    leaf = fact.leaf
    parts = [f'"account_id":{quoted(leaf.account_id)}']
    if fact.anomalies:
        parts.append('"anomalies":[' + ",".join(f'"{anomaly}"' for anomaly in fact.anomalies) + "]")
    parts.append(f'"hash":"{leaf.hash}","key":{quoted(leaf.key)},"kind":"{leaf.kind}"')
    if leaf.kind is FactKind.EVENT and leaf.number == 1:
        told = uow.identifiers.of(leaf.account_id, leaf.key)
        parts.append('"names":[' + ",".join(_name_text(name) for name in told) + "]")
    parts.append(f'"number":{leaf.number},"position":{leaf.position},"recorded_at":"{moment_text(leaf.recorded_at)}"')
    return '{"fact":{' + ",".join(parts) + f',"says":{fact.body}}}}}'


def _name_text(name: Identifier) -> str:
    return "[" + ",".join(quoted(part) for part in name[1:]) + "]"


def month(uow: UnitOfWork, begins: datetime, ends: datetime) -> tuple[int, int]:
    """The positions (after, upto) of the checkpoints that seal what was recorded in a time: whole checkpoints.

    Raises: NotFound: nothing was recorded then. InvalidInput: not all of it is sealed.
    """
    first = last = 0
    for leaf in uow.feed.leaves():
        if begins <= leaf.recorded_at < ends:
            first, last = first or leaf.position, leaf.position
    if not first:
        raise NotFound("fact", moment_text(begins), f"nothing was recorded from then to {moment_text(ends)}")
    bounds = [0, *(checkpoint.upto for checkpoint in uow.seals.all())]
    if bounds[-1] < last:
        raise InvalidInput("month", moment_text(begins), "a time of which everything is sealed; seal first")
    return max(bound for bound in bounds if bound < first), min(bound for bound in bounds if bound >= last)


# --------------------------------------------------------------------------------------------------------- reading


@attrs.frozen(slots=False, kw_only=True)
class _Line(fields.Value):
    """A line's own fields; what it says is read by its kind."""

    account_id: str
    hash: str
    key: str
    kind: FactKind
    number: int
    position: int
    recorded_at: datetime
    anomalies: Sequence[Anomaly] = ()

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "hash": fields.HASH,
        "key": fields.TEXT,
        "kind": fields.word(FactKind),
        "number": fields.COUNT,
        "position": fields.COUNT,
        "recorded_at": fields.MOMENT,
        "anomalies": fields.sequence_of(fields.word(Anomaly)),
    }


@attrs.frozen(kw_only=True)
class ArchivedFact:
    """A fact that was read from a line and is what it says: its hash was checked."""

    leaf: Leaf
    value: Any
    anomalies: Sequence[Anomaly] = ()
    names: Sequence[Sequence[str]] = ()


def read_fact(said: Mapping[str, Any]) -> ArchivedFact:
    """A fact from the fields of its line.

    Raises: InvalidInput: a field is missing or not allowed, or the hash is not that of what it says.
    """
    told = dict(said)
    says, known_as = told.pop("says", None), told.pop("names", ())
    line = _Line.read(told, "fact")
    value = _value_of(line, says)
    leaf = Leaf(line.position, line.kind, line.account_id, line.key, line.number, line.hash, line.recorded_at)
    if _NAMED[line.kind](value, line) != (line.account_id, line.key, line.number):
        raise InvalidInput("fact.key", line.key, f"the name of the {line.kind} that it says")
    if _DIGESTS[line.kind](value, line) != line.hash:
        raise InvalidInput(
            "fact.hash", line.hash, f"the hash of what {line.kind} {line.key} says; one of them was changed"
        )
    if isinstance(value, OrderEvent) and value.recorded_at != line.recorded_at:
        raise InvalidInput("fact.recorded_at", moment_text(line.recorded_at), "the time that the event says")
    return ArchivedFact(leaf=leaf, value=value, anomalies=tuple(line.anomalies), names=_names(known_as))


def _names(told: Any) -> Sequence[Sequence[str]]:
    allowed = "a list of names: [kind, value, venue, venue account, scope]"
    if not isinstance(told, (list, tuple)):
        raise InvalidInput("fact.names", told, allowed)
    for name in told:
        if not (isinstance(name, list) and len(name) == 5 and all(isinstance(part, str) for part in name)):
            raise InvalidInput("fact.names", name, allowed)
        fields.word(IdentifierKind).check("fact.names", name[0])
    return [tuple(fields.SCOPE.check("fact.names", part) for part in name) for name in told]


def _value_of(line: _Line, says: Any) -> Any:
    if not isinstance(says, Mapping):
        raise InvalidInput("fact.says", says, "an object: what the fact says")
    try:
        return _READ[line.kind](says)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput("fact.says", sorted(says), f"what a {line.kind} says ({error})") from None


_READ: Mapping[FactKind, Callable[[Mapping[str, Any]], Any]] = {
    FactKind.INSTRUMENT: Instrument.restored,
    FactKind.REQUEST: OrderRequest.restored,
    FactKind.CONTEXT: DecisionContext.restored,
    FactKind.RISK_CHECK: RiskCheck.restored,
    FactKind.WITHDRAWAL: Withdrawal.restored,
    FactKind.UNATTRIBUTED: VenueReport.restored,
    FactKind.ACCOUNT_EVENT: AccountEvent.restored,
    FactKind.RECONCILIATION: Reconciliation.restored,
    FactKind.EVENT: OrderEvent.restored,
}
_DIGESTS: Mapping[FactKind, Callable[[Any, _Line], str]] = {
    FactKind.INSTRUMENT: lambda value, line: instrument_digest(value),
    FactKind.REQUEST: lambda value, line: request_digest(value),
    FactKind.CONTEXT: lambda value, line: context_digest(line.key, value),
    FactKind.RISK_CHECK: lambda value, line: check_digest(line.key, value),
    FactKind.WITHDRAWAL: lambda value, line: withdrawal_digest(line.key, value),
    FactKind.UNATTRIBUTED: lambda value, line: report_digest(value),
    FactKind.ACCOUNT_EVENT: lambda value, line: account_event_digest(value, line.anomalies),
    FactKind.RECONCILIATION: lambda value, line: reconciliation_digest(value),
    FactKind.EVENT: lambda value, line: value.hash,
}
_Name = tuple[str, str, int]


def _of_request(value: Any, line: _Line) -> _Name:
    """What is said of a request names it by the hash alone, which covers the key."""
    return line.account_id, line.key, line.number


_NAMED: Mapping[FactKind, Callable[[Any, _Line], _Name]] = {
    FactKind.INSTRUMENT: lambda value, line: (value.account_id, instrument_key(value), 0),
    FactKind.REQUEST: lambda value, line: (value.account_id, value.request_id, 0),
    FactKind.CONTEXT: _of_request,
    FactKind.RISK_CHECK: _of_request,
    FactKind.WITHDRAWAL: _of_request,
    FactKind.UNATTRIBUTED: lambda value, line: (value.account_id, line.key, 0),
    FactKind.ACCOUNT_EVENT: lambda value, line: (value.account_id, value.event_id, 0),
    FactKind.RECONCILIATION: lambda value, line: (value.account_id, value.record_id, 0),
    FactKind.EVENT: lambda value, line: (value.account_id, value.order_id, value.sequence),
}


# ------------------------------------------------------------------------------------------------------- restoring


def restore(uow: UnitOfWork, fact: ArchivedFact) -> Outcome:
    """Keep a fact that was recorded elsewhere as it is, at its position where that is free; REPEATED if it is there.

    Raises: Conflict: another fact has this name. NotFound: what it is about is missing: a line before it was left out.
        InvalidInput: an event that does not follow the last one of its order.
    """
    leaf = fact.leaf
    known = uow.feed.find(leaf.kind, leaf.account_id, leaf.key, leaf.number)
    if known is not None:
        if known.hash != leaf.hash:
            raise Conflict("fact", f"{leaf.kind} {leaf.key} {leaf.number}", hint="it says something else here")
        return Outcome.REPEATED
    uow.feed.place(leaf.position)
    _RESTORE[leaf.kind](uow, fact)
    return Outcome.RECORDED


def _restore_instrument(uow: UnitOfWork, fact: ArchivedFact) -> None:
    one = fact.value
    uow.instruments.add(one, fact.leaf.hash, fact.leaf.recorded_at)
    writing.revalue(uow, one.account_id, one.venue, one.symbol)


def _restore_request(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf, request = fact.leaf, fact.value
    taken = uow.requests.by_key(leaf.account_id, request.idempotency_key, request.client_order_id)
    if taken:
        hint = f"request {taken[0].request_id} here has its idempotency key or client order id"
        raise Conflict("request", leaf.key, hint=hint)
    uow.requests.add(RecordedRequest(request=request, recorded_at=leaf.recorded_at, hash=leaf.hash))


def _request_of(uow: UnitOfWork, leaf: Leaf) -> RecordedRequest:
    found = uow.requests.get(leaf.key)
    if found is None or found.account_id != leaf.account_id:
        raise NotFound("request", leaf.key, f"which its {leaf.kind} is about: begin with an earlier line")
    return found


def _restore_context(uow: UnitOfWork, fact: ArchivedFact) -> None:
    uow.requests.add_context(_request_of(uow, fact.leaf), fact.value, fact.leaf.hash)


def _restore_check(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf = fact.leaf
    check = RecordedCheck(number=leaf.number, check=fact.value, recorded_at=leaf.recorded_at, hash=leaf.hash)
    uow.requests.add_check(_request_of(uow, leaf), check)


def _restore_withdrawal(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf = fact.leaf
    told = RecordedWithdrawal(withdrawal=fact.value, recorded_at=leaf.recorded_at, hash=leaf.hash)
    uow.requests.add_withdrawal(_request_of(uow, leaf), told)


def _restore_report(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf, report = fact.leaf, fact.value
    waiting = UnattributedReport(
        report_id=leaf.key, report=report, recorded_at=leaf.recorded_at, said=report.said_digest, hash=leaf.hash
    )
    taken = uow.reports.by_said(leaf.account_id, waiting.said)
    if taken is not None:
        raise Conflict("report", leaf.key, hint=f"report {taken.report_id} here says the same")
    uow.reports.add(waiting, list(names(report)))


def _restore_account_event(uow: UnitOfWork, fact: ArchivedFact) -> None:
    leaf, event = fact.leaf, fact.value
    said = account_event_said(event)
    conflict = Anomaly.DUPLICATE_CONFLICT in fact.anomalies
    recorded = RecordedAccountEvent(
        event=event,
        recorded_at=leaf.recorded_at,
        said=said,
        identity=said if conflict else account_event_identity(event) or said,
        hash=leaf.hash,
        anomalies=fact.anomalies,
    )
    taken = uow.account_events.by_said(leaf.account_id, said)
    if taken is None:
        taken = uow.account_events.by_identity(leaf.account_id, recorded.identity)
    if taken is not None:
        raise Conflict("account event", leaf.key, hint=f"account event {taken.event_id} here tells it already")
    uow.account_events.add(recorded)
    if recorded.counts:
        replaced = None if event.replaces is None else uow.account_events.get(event.replaces)
        account_event_moved(uow, event, replaced.event if replaced else None)


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
    event: OrderEvent = fact.value
    order = uow.orders.get(event.order_id)
    if order is None:
        order = _order_of(uow, event)
    elif event.sequence != order.last_sequence + 1 or event.prev_hash != order.last_hash:
        allowed = f"event {order.last_sequence + 1} of order {order.order_id}, which follows the last one here"
        raise InvalidInput("fact.number", event.sequence, allowed)
    writing.append_again(uow, order, event)
    if event.type is EventType.MARKED:
        executions = Executions(uow.fills.list(order.account_id, order.order_id))
        request = uow.requests.get(order.request_id) if order.request_id else None
        uow.pnl.add(snapshot_of(uow, order, executions, event, request))
    _take_names(uow, order, event, fact.names)
    if event.report_id is not None:
        waiting = uow.reports.get(order.account_id, event.report_id)
        if waiting is not None:
            uow.reports.attributed(waiting)


def _order_of(uow: UnitOfWork, event: OrderEvent) -> Order:
    """The order that a CREATED makes: of its request, or as the report tells it."""
    if event.type is not EventType.CREATED or event.sequence != 1 or event.fact is None:
        raise NotFound("order", event.order_id, f"whose event {event.sequence} this is: begin with an earlier line")
    request = None
    if event.fact.request_id is not None:
        request = _request_of(
            uow, Leaf(0, FactKind.EVENT, event.account_id, event.fact.request_id, 0, "", event.recorded_at)
        )
    maker = event.report or (request.request if request else None)
    if maker is None or maker.venue is None or maker.symbol is None:
        raise InvalidInput("fact.says", event.type, "an event that names its request, or tells the terms of the order")
    order = Order(
        account_id=event.account_id,
        order_id=event.order_id,
        request_id=None if request is None else request.request_id,
        venue=maker.venue,
        venue_account=maker.venue_account,
        id_scope=maker.id_scope,
        symbol=maker.symbol,
        side=maker.side,
        order_type=maker.order_type,
        strategy_code=None if request is None else request.request.strategy_code,
        created_at=event.recorded_at,
        state=opening_state(None if request is None else request.request, event.report),
        last_hash=event.prev_hash,
    )
    uow.orders.add(order)
    return order


def _take_names(uow: UnitOfWork, order: Order, event: OrderEvent, told: Sequence[Sequence[str]]) -> None:
    """The names that the event gives the order, and those that the line lists: repeats, too, may have told some."""
    for kind, *rest in told:
        uow.identifiers.add(Identifier(order.account_id, IdentifierKind(kind), *rest), order.order_id)
    for name in missing_names(uow, order, (event,)):
        uow.identifiers.add(name, order.order_id)
    for name, _ in given_names(order, event):
        _let_go(uow, name)


def _let_go(uow: UnitOfWork, name: Identifier) -> None:
    """Reports that waited for a name joined its order when an event gave it. Repeats among them left no event."""
    for report_id in list(uow.identifiers.claims(name.account_id, name.kind, name.value).waiting):
        report = uow.reports.get(name.account_id, report_id)
        if report is not None and find_order(uow, report.report) is not None:
            uow.reports.attributed(report)


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


def restore_checkpoint(uow: UnitOfWork, checkpoint: Checkpoint) -> Outcome:
    """Keep a checkpoint of the archive after the facts that it seals; REPEATED if it is there.

    Raises: InvalidInput: it is damaged, or does not seal what is here. Conflict: another one has its number.
    """
    if not checkpoint.holds:
        raise InvalidInput(
            "checkpoint.hash", checkpoint.hash, "the hash of what the checkpoint says; one of them was changed"
        )
    last = uow.seals.last()
    if last is not None and last.number >= checkpoint.number:
        held = next(one for one in uow.seals.all() if one.number == checkpoint.number)
        if held == checkpoint:
            return Outcome.REPEATED
        raise Conflict("checkpoint", str(checkpoint.number), hint="it seals something else here")
    if checkpoint.previous != (FIRST if last is None else last.hash):
        raise InvalidInput("checkpoint.previous", checkpoint.previous, "the checkpoint after the last one here")
    tree = MerkleTree(
        leaf_hash(leaf.text) for leaf in uow.feed.leaves(0 if last is None else last.upto, checkpoint.upto)
    )
    if (tree.count, tree.root.hex()) != (checkpoint.count, checkpoint.root):
        allowed = (
            f"a checkpoint over the {tree.count} facts that are here: its facts come before it, and nothing between"
        )
        raise InvalidInput("checkpoint.root", checkpoint.root, allowed)
    uow.seals.add(checkpoint)
    return Outcome.RECORDED
