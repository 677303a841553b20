"""Vectors of kind `journal`: the canonical bytes of every kind of fact, their digests, and trees of them.

They need no store. What a store keeps by itself (instruments, requests, reports that wait, account events, rows of
reconciliations) is recorded on it as well, in an account of its own: it must come back with the same canonical form,
under the digest of that.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from sot.application.history import OrderHistory
from sot.application.reconciliation.records import add_row
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.audit.chain import NO_INTENT, intent_digest
from sot.domain.audit.checkpoint import FIRST, Checkpoint, Leaf
from sot.domain.audit.digests import (
    account_event_content_digest,
    account_event_digest,
    account_event_identity,
    check_digest,
    context_digest,
    instrument_digest,
    instrument_key,
    reconciliation_digest,
    report_digest,
    request_digest,
    withdrawal_digest,
)
from sot.domain.audit.merkle import MerkleTree, inclusion_proof, leaf_hash, proves
from sot.domain.orders.event import LocalFact, OrderEvent
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values.canonical import digest
from sot.domain.values.fields import Value
from sot.domain.values.instrument import Instrument
from sot.domain.values.times import utc_time
from sot.domain.values.vocabulary import (
    Anomaly,
    EventType,
    FactKind,
    InstrumentKind,
    Mismatch,
    Origin,
    ReconciliationType,
)
from sot.ports.store import Store, UnitOfWork

if TYPE_CHECKING:
    from sot.testing.vectors import Result

V = TypeVar("V", bound=Value)
Fact = Mapping[str, Any]


def run_journal(store: Store, vector: Fact, result: "Result") -> None:
    """Compute what a vector expects of its fact, and record the fact where a store keeps such a thing by itself."""
    where, kind = str(vector["id"]), str(vector["digest_kind"])
    found = _FOUND[kind](vector["fact"])
    for name, wanted in vector["expect"].items():
        result.expect(where, name, wanted, found[name])
    kept = _KEPT.get(kind)
    if kept is not None:
        _run_on_store(store, kept, vector, result)


# --------------------------------------------------------------------------------------------- what is found of a fact


def _json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _both(canonical: str, digest: str) -> dict[str, str]:
    return {"canonical": canonical, "digest": digest}


def _instrument(fact: Fact) -> dict[str, str]:
    instrument = Instrument.read(fact)
    return _both(instrument.canonical(), instrument_digest(instrument))


def _request(fact: Fact) -> dict[str, str]:
    request = OrderRequest.read(fact)
    return _both(request.canonical(), request_digest(request))


def _said_of_request(cls: type[V], digest_of: Callable[[str, V], str]) -> Callable[[Fact], dict[str, str]]:
    def found(fact: Fact) -> dict[str, str]:
        request_id, value = fact["request_id"], cls.read(fact["says"])
        return _both(_json({"request_id": request_id, "says": value.as_json()}), digest_of(request_id, value))

    return found


def _intent(fact: Fact) -> dict[str, str]:
    said = {name: value for name, value in fact.items() if value is not None}
    return _both(_json(said), intent_digest(fact["request"], fact.get("context"), fact["risk_checks"]))


def _unattributed(fact: Fact) -> dict[str, str]:
    report = VenueReport.read(fact)
    return _both(report.canonical(), report_digest(report))


def _report(fact: Fact) -> dict[str, str]:
    report = VenueReport.read(fact)
    return _both(_without(report, "order_id", "received_at", "raw_payload"), report.content_digest)


def _without(value: Value, *names: str) -> str:
    return _json({name: said for name, said in value.as_json().items() if name not in names})


def _account_event(fact: Fact) -> dict[str, str]:
    event = AccountEvent.read({name: value for name, value in fact.items() if name != "anomalies"})
    anomalies = [Anomaly(word) for word in fact.get("anomalies", ())]
    said = event.as_json() | ({"anomalies": list(map(str, anomalies))} if anomalies else {})
    return _both(_json(said), account_event_digest(event, anomalies))


def _account_event_said(fact: Fact) -> dict[str, str]:
    event = AccountEvent.read(fact)
    return _both(_without(event, "event_id", "received_at", "raw_payload"), account_event_content_digest(event))


def _account_event_id(fact: Fact) -> dict[str, str | None]:
    event = AccountEvent.read(fact)
    names = ("account_id", "type", "venue", "venue_account", "external_id")
    said = {name: value for name, value in event.as_json().items() if name in names}
    return {"canonical": _json(said), "digest": account_event_identity(event)}


def _reconciliation(fact: Fact) -> dict[str, str]:
    row = Reconciliation.read(fact)
    return _both(row.canonical(), reconciliation_digest(row))


def _local(fact: Fact) -> dict[str, str]:
    local = LocalFact.read(fact["fact"])
    return _both(_json({"fact": local.as_json(), "type": fact["type"]}), local.content_digest(EventType(fact["type"])))


def _event(fact: Fact) -> dict[str, str]:
    event = _event_of(fact, fact["prev_hash"], fact.get("said"))
    return _both(event.body(), event.hash)


def _event_of(fact: Fact, before: OrderEvent | str, said: str | None) -> OrderEvent:
    report, local = fact.get("report"), fact.get("fact")
    return OrderEvent(
        account_id=fact["account_id"],
        order_id=fact["order_id"],
        sequence=fact["sequence"],
        type=EventType(fact["type"]),
        origin=Origin(fact["origin"]),
        recorded_at=utc_time("recorded_at", fact["recorded_at"]),
        prev_hash=before,
        content_digest=said,
        report=None if report is None else VenueReport.read(report),
        fact=None if local is None else LocalFact.read(local),
        report_id=fact.get("report_id"),
        anomalies=tuple(Anomaly(word) for word in fact.get("anomalies", ())),
        trace=fact.get("trace"),
    )


def _chain(fact: Fact) -> dict[str, Any]:
    """An order from its intent on: every event's `said` and `prev_hash` follow from what was before."""
    start = NO_INTENT if fact.get("intent") is None else _intent_of(fact["intent"])
    events: list[OrderEvent] = []
    for one in fact["events"]:
        event = _event_of(one, events[-1] if events else start, None)
        events.append(_event_of(one, events[-1] if events else start, _said(event)))
    return {
        "intent": start,
        "said": [event.content_digest for event in events],
        "canonical": [event.body() for event in events],
        "digest": [event.hash for event in events],
    }


def _intent_of(intent: Fact) -> str:
    request = OrderRequest.read(intent["request"])
    request_id = request.request_id or ""
    context = intent.get("context")
    checks = [check_digest(request_id, RiskCheck.read(check)) for check in intent.get("risk_checks", ())]
    told = None if context is None else context_digest(request_id, DecisionContext.read(context))
    return intent_digest(request_digest(request), told, checks)


def _said(event: OrderEvent) -> str | None:
    """The digest by which a repeat of an event is recognised: CREATED is never repeated, an execution has its id."""
    if event.type is EventType.CREATED:
        return None
    if event.report is None:
        return None if event.fact is None else event.fact.content_digest(event.type)
    return None if event.report.identity else event.report.content_digest


def _leaf(fact: Fact) -> dict[str, str]:
    told = {"kind": FactKind(fact["kind"]), "recorded_at": utc_time("recorded_at", fact["recorded_at"])}
    text = Leaf(**{**fact, **told}).text
    return _both(text, leaf_hash(text).hex())


def _checkpoint(fact: Fact) -> dict[str, str]:
    said = Checkpoint.read({**fact, "hash": FIRST}).signed_text
    return _both(said, digest("checkpoint", said))


def _merkle_root(fact: Fact) -> dict[str, str]:
    return {"root": MerkleTree(map(leaf_hash, fact["leaves"])).root.hex()}


def _inclusion_proof(fact: Fact) -> dict[str, Any]:
    leaves = [leaf_hash(text) for text in fact["leaves"]]
    path = inclusion_proof(leaves, fact["place"])
    return {**_merkle_root(fact), "path": _hexadecimal(path)}


def _inclusion(fact: Fact) -> dict[str, bool]:
    path = [bytes.fromhex(step) for step in fact["path"]]
    root = bytes.fromhex(fact["root"])
    return {"holds": proves(leaf_hash(fact["leaf"]), fact["place"], fact["count"], path, root)}


def _hexadecimal(hashes: Sequence[bytes]) -> list[str]:
    return [hash.hex() for hash in hashes]


_FOUND: Mapping[str, Callable[[Fact], Mapping[str, Any]]] = {
    "instrument": _instrument,
    "request": _request,
    "context": _said_of_request(DecisionContext, context_digest),
    "risk_check": _said_of_request(RiskCheck, check_digest),
    "withdrawal": _said_of_request(Withdrawal, withdrawal_digest),
    "intent": _intent,
    "unattributed": _unattributed,
    "report": _report,
    "local": _local,
    "account_event": _account_event,
    "account_event_said": _account_event_said,
    "account_event_id": _account_event_id,
    "reconciliation": _reconciliation,
    "event": _event,
    "chain": _chain,
    "leaf": _leaf,
    "checkpoint": _checkpoint,
    "merkle_root": _merkle_root,
    "inclusion_proof": _inclusion_proof,
    "inclusion": _inclusion,
}


# ------------------------------------------------------------------------------------------- what a store makes of it


@attrs.frozen
class _Kept:
    """How a kind of fact is recorded by itself: `keep` gives its key, `back` reads it again.

    `own` are the fields with ids of ours, which have to be new in every run.
    """

    kind: FactKind
    cls: type[Value]
    keep: Callable[[UnitOfWork, Any], str]
    back: Callable[[UnitOfWork, str, str], Value]
    own: Sequence[str] = ()


_LINKS = frozenset({"target_order_id", "retry_of", "parent_id", "replaces"})
_UNREGISTERED = [str(Anomaly.UNKNOWN_INSTRUMENT)]


def _run_on_store(store: Store, kept: _Kept, vector: Fact, result: "Result") -> None:
    said = json.loads(vector["expect"]["canonical"])
    odd = said.get("anomalies")
    if _LINKS & said.keys() or odd not in (None, _UNREGISTERED):
        return  # what it refers to or contradicts would have to be there
    said["account_id"] = account = f"conformance-{store.ids.new_id()}"
    said |= {name: store.ids.new_id() for name in kept.own if name in said}
    value = kept.cls.from_canonical({name: told for name, told in said.items() if name != "anomalies"})
    with store.begin() as uow:
        if odd is None and kept.cls is not Instrument and {"venue", "symbol"} <= said.keys():
            OrderHistory(uow).register(_any_instrument(account, said))
        key = kept.keep(uow, value)
        uow.commit()
    where = f"{vector['id']} on the store"
    with store.begin(read_only=True) as uow:
        result.expect(where, "canonical", value.canonical(), kept.back(uow, account, key).canonical())
        leaf = uow.feed.find(kept.kind, account, key)
        wanted = digest(str(vector["digest_kind"]), _json(said))
        result.expect(where, "digest", wanted, None if leaf is None else leaf.hash)


def _any_instrument(account: str, said: Fact) -> Instrument:
    return Instrument(
        account_id=account,
        venue=said["venue"],
        symbol=said["symbol"],
        kind=InstrumentKind.OTHER,
        base="BASE",
        quote="QUOTE",
    )


def _keep_instrument(uow: UnitOfWork, instrument: Instrument) -> str:
    OrderHistory(uow).register(instrument)
    return instrument_key(instrument)


def _instrument_back(uow: UnitOfWork, account: str, key: str) -> Instrument:
    venue, symbol, _ = json.loads(key)
    return uow.instruments.versions(account, venue, symbol)[0]


def _keep_request(uow: UnitOfWork, request: OrderRequest) -> str:
    return OrderHistory(uow).submit(request).request_id


def _keep_report(uow: UnitOfWork, report: VenueReport) -> str:
    history = OrderHistory(uow)
    history.record(report)
    return history.waiting(report.account_id)[0].report_id


def _report_back(uow: UnitOfWork, account: str, key: str) -> VenueReport:
    return OrderHistory(uow).waiting(account)[0].report


def _keep_account_event(uow: UnitOfWork, event: AccountEvent) -> str:
    return OrderHistory(uow).record_account_event(event).event_id or ""


def _account_event_back(uow: UnitOfWork, account: str, key: str) -> AccountEvent:
    kept = uow.account_events.get(key)
    assert kept is not None
    return kept.event


def _keep_reconciliation(uow: UnitOfWork, row: Reconciliation) -> str:
    """Behind the run and the finding that it names."""
    place: dict[str, Any] = {"account_id": row.account_id, "venue": row.venue}
    run_id = row.run_id or uow.ids.new_id()
    if row.type is not ReconciliationType.RUN:
        run = Reconciliation(type=ReconciliationType.RUN, record_id=run_id, inputs={}, **place)
        add_row(uow, run)
    if row.finding_id is not None:
        finding = Reconciliation(
            type=ReconciliationType.FINDING,
            record_id=row.finding_id,
            run_id=run_id,
            subject=FIRST,
            mismatch=Mismatch.IN_DOUBT,
            **place,
        )
        add_row(uow, finding)
    return add_row(uow, row).record_id


def _reconciliation_back(uow: UnitOfWork, account: str, key: str) -> Reconciliation:
    kept = uow.reconciliations.get(key)
    assert kept is not None
    return kept.row


_KEPT: Mapping[str, _Kept] = {
    "instrument": _Kept(FactKind.INSTRUMENT, Instrument, _keep_instrument, _instrument_back),
    "request": _Kept(
        FactKind.REQUEST,
        OrderRequest,
        _keep_request,
        lambda uow, account, key: OrderHistory(uow).request(key).request,
        own=("request_id",),
    ),
    "unattributed": _Kept(FactKind.UNATTRIBUTED, VenueReport, _keep_report, _report_back),
    "account_event": _Kept(
        FactKind.ACCOUNT_EVENT, AccountEvent, _keep_account_event, _account_event_back, own=("event_id",)
    ),
    "reconciliation": _Kept(
        FactKind.RECONCILIATION,
        Reconciliation,
        _keep_reconciliation,
        _reconciliation_back,
        own=("record_id", "run_id", "finding_id"),
    ),
}
