"""What the vectors of kind `journal` expect of a fact: its canonical text, its digest, or parts of a Merkle tree.

`DERIVED` has a function for each `digest_kind`. It takes the vector's `fact` and returns the figures by name.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.audit.chain import NO_INTENT, intent_digest
from sot.domain.audit.checkpoint import NO_CHECKPOINT, Checkpoint, Leaf
from sot.domain.audit.digests import (
    account_event_content_digest,
    account_event_digest,
    account_event_identity,
    check_digest,
    context_digest,
    instrument_digest,
    reconciliation_digest,
    report_digest,
    request_digest,
    withdrawal_digest,
)
from sot.domain.audit.merkle import MerkleTree, inclusion_proof, leaf_hash, verify_inclusion
from sot.domain.orders.event import LocalFact, OrderEvent, repeat_digest
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values.canonical import digest
from sot.domain.values.instrument import Instrument
from sot.domain.values.times import utc_time
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import Anomaly, EventType, FactKind, Origin

V = TypeVar("V", bound=Value)
Fact = Mapping[str, Any]


def canonical_json(values: Any) -> str:
    """JSON with sorted keys and without spaces."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _both(canonical: str, digest: str) -> dict[str, str]:
    return {"canonical": canonical, "digest": digest}


def _canonical_without(value: Value, *names: str) -> str:
    return canonical_json({name: text for name, text in value.as_json().items() if name not in names})


def _instrument(fact: Fact) -> dict[str, str]:
    instrument = Instrument.read(fact)
    return _both(instrument.canonical(), instrument_digest(instrument))


def _request(fact: Fact) -> dict[str, str]:
    request = OrderRequest.read(fact)
    return _both(request.canonical(), request_digest(request))


def _part_of_request(cls: type[V], digest_of: Callable[[str, V], str]) -> Callable[[Fact], dict[str, str]]:
    """For a context, a risk check or a withdrawal."""

    def derive(fact: Fact) -> dict[str, str]:
        request_id, value = fact["request_id"], cls.read(fact["says"])
        return _both(canonical_json({"request_id": request_id, "says": value.as_json()}), digest_of(request_id, value))

    return derive


def _intent(fact: Fact) -> dict[str, str]:
    digests = {name: value for name, value in fact.items() if value is not None}
    return _both(canonical_json(digests), intent_digest(fact["request"], fact.get("context"), fact["risk_checks"]))


def _unattributed(fact: Fact) -> dict[str, str]:
    report = VenueReport.read(fact)
    return _both(report.canonical(), report_digest(report))


def _report(fact: Fact) -> dict[str, str]:
    report = VenueReport.read(fact)
    content = _canonical_without(report, "order_id", "received_at", "raw_payload", "venue_sequence", "left_out")
    return _both(content, report.content_digest)


def _account_event(fact: Fact) -> dict[str, str]:
    event = AccountEvent.read({name: value for name, value in fact.items() if name != "anomalies"})
    anomalies = [Anomaly(name) for name in fact.get("anomalies", ())]
    fields = event.as_json() | ({"anomalies": list(map(str, anomalies))} if anomalies else {})
    return _both(canonical_json(fields), account_event_digest(event, anomalies))


def _account_event_content(fact: Fact) -> dict[str, str]:
    event = AccountEvent.read(fact)
    content = _canonical_without(event, "event_id", "received_at", "raw_payload")
    return _both(content, account_event_content_digest(event))


def _account_event_identity(fact: Fact) -> dict[str, str | None]:
    event = AccountEvent.read(fact)
    names = ("account_id", "type", "venue", "venue_account", "external_id")
    fields = {name: value for name, value in event.as_json().items() if name in names}
    return {"canonical": canonical_json(fields), "digest": account_event_identity(event)}


def _reconciliation(fact: Fact) -> dict[str, str]:
    row = Reconciliation.read(fact)
    return _both(row.canonical(), reconciliation_digest(row))


def _local(fact: Fact) -> dict[str, str]:
    local = LocalFact.read(fact["fact"])
    canonical = canonical_json({"fact": local.as_json(), "type": fact["type"]})
    return _both(canonical, local.content_digest(EventType(fact["type"])))


def _event(fact: Fact) -> dict[str, str]:
    event = _order_event(fact, fact["prev_hash"], fact.get("said"))
    return _both(event.body(), event.hash)


def _order_event(fact: Fact, previous: OrderEvent | str, content_digest: str | None) -> OrderEvent:
    report, local = fact.get("report"), fact.get("fact")
    return OrderEvent(
        account_id=fact["account_id"],
        order_id=fact["order_id"],
        sequence=fact["sequence"],
        type=EventType(fact["type"]),
        origin=Origin(fact["origin"]),
        recorded_at=utc_time("recorded_at", fact["recorded_at"]),
        prev_hash=previous,
        content_digest=content_digest,
        report=None if report is None else VenueReport.read(report),
        fact=None if local is None else LocalFact.read(local),
        report_id=fact.get("report_id"),
        anomalies=tuple(Anomaly(name) for name in fact.get("anomalies", ())),
        trace=fact.get("trace"),
    )


def _chain(fact: Fact) -> dict[str, Any]:
    """The chain of an order: each event's content digest and previous hash follow from what is before it."""
    start = NO_INTENT if fact.get("intent") is None else _intent_digest(fact["intent"])
    events: list[OrderEvent] = []
    for fields in fact["events"]:
        previous = events[-1] if events else start
        content_digest = _content_digest(_order_event(fields, previous, None))
        stated = {event.content_digest: event.sequence for event in events}
        while content_digest is not None and content_digest in stated:
            content_digest = repeat_digest(content_digest, str(stated[content_digest]))
        events.append(_order_event(fields, previous, content_digest))
    return {
        "intent": start,
        "said": [event.content_digest for event in events],
        "canonical": [event.body() for event in events],
        "digest": [event.hash for event in events],
    }


def _intent_digest(intent: Fact) -> str:
    request = OrderRequest.read(intent["request"])
    request_id = request.request_id or ""
    context = intent.get("context")
    checks = [check_digest(request_id, RiskCheck.read(check)) for check in intent.get("risk_checks", ())]
    context_hash = None if context is None else context_digest(request_id, DecisionContext.read(context))
    return intent_digest(request_digest(request), context_hash, checks)


def _content_digest(event: OrderEvent) -> str | None:
    """The digest by which a repeat of an event is recognised: CREATED is never repeated, an execution has its id."""
    if event.type is EventType.CREATED:
        return None
    if event.report is None:
        return None if event.fact is None else event.fact.content_digest(event.type)
    return None if event.report.identity else event.report.content_digest


def _leaf(fact: Fact) -> dict[str, str]:
    parsed = {"kind": FactKind(fact["kind"]), "recorded_at": utc_time("recorded_at", fact["recorded_at"])}
    text = Leaf(**{**fact, **parsed}).text
    return _both(text, leaf_hash(text).hex())


def _checkpoint(fact: Fact) -> dict[str, str]:
    text = Checkpoint.read({**fact, "hash": NO_CHECKPOINT}).signed_text
    return _both(text, digest("checkpoint", text))


def _merkle_root(fact: Fact) -> dict[str, str]:
    return {"root": MerkleTree(map(leaf_hash, fact["leaves"])).root.hex()}


def _inclusion_proof(fact: Fact) -> dict[str, Any]:
    leaves = [leaf_hash(text) for text in fact["leaves"]]
    return {**_merkle_root(fact), "path": _hexadecimal(inclusion_proof(leaves, fact["place"]))}


def _inclusion(fact: Fact) -> dict[str, bool]:
    path = [bytes.fromhex(step) for step in fact["path"]]
    root = bytes.fromhex(fact["root"])
    return {"holds": verify_inclusion(leaf_hash(fact["leaf"]), fact["place"], fact["count"], path, root)}


def _hexadecimal(hashes: Sequence[bytes]) -> list[str]:
    return [hash.hex() for hash in hashes]


def _again(fact: Fact) -> Mapping[str, Any]:
    text = f'{{"of":"{fact["of"]}","said":"{fact["said"]}"}}'
    return {"canonical": text, "digest": repeat_digest(fact["said"], fact["of"])}


DERIVED: Mapping[str, Callable[[Fact], Mapping[str, Any]]] = {
    "instrument": _instrument,
    "request": _request,
    "context": _part_of_request(DecisionContext, context_digest),
    "risk_check": _part_of_request(RiskCheck, check_digest),
    "withdrawal": _part_of_request(Withdrawal, withdrawal_digest),
    "intent": _intent,
    "unattributed": _unattributed,
    "report": _report,
    "local": _local,
    "again": _again,
    "account_event": _account_event,
    "account_event_said": _account_event_content,
    "account_event_id": _account_event_identity,
    "reconciliation": _reconciliation,
    "event": _event,
    "chain": _chain,
    "leaf": _leaf,
    "checkpoint": _checkpoint,
    "merkle_root": _merkle_root,
    "inclusion_proof": _inclusion_proof,
    "inclusion": _inclusion,
}
