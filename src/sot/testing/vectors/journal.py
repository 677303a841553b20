"""Vectors of kind `journal`: the canonical bytes of every kind of fact, their digests, and Merkle trees over them.

The expectations need no store. What a store records on its own (instruments, requests, waiting reports, account events,
reconciliation rows) is also recorded on the store, in an account of its own: it must be read back with the same
canonical form, under the digest of that.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from sot.application.history import OrderHistory
from sot.application.reconciliation.records import add_row
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.audit.checkpoint import NO_CHECKPOINT
from sot.domain.audit.digests import instrument_key
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values.canonical import digest
from sot.domain.values.instrument import Instrument
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import Anomaly, FactKind, InstrumentKind, Mismatch, ReconciliationType
from sot.ports.store import Store, UnitOfWork
from sot.testing.vectors.digests import DERIVED, Fact, canonical_json
from sot.testing.vectors.result import Result


def run_journal(store: Store, vector: Fact, result: Result) -> None:
    """Compute what a vector expects of its fact, and record the fact where a store records such facts on their own."""
    where, kind = str(vector["id"]), str(vector["digest_kind"])
    derived = DERIVED[kind](vector["fact"])
    for name, expected in vector["expect"].items():
        result.expect(where, name, expected, derived[name])
    recording = _RECORDINGS.get(kind)
    if recording is not None:
        _run_on_store(store, recording, vector, result)


@attrs.frozen
class _Recording:
    """How a kind of fact is recorded on a store.

    `record` returns the fact's key, `read` reads the fact back by account and key. `new_ids` are the fields that need
    a new id in every run.
    """

    kind: FactKind
    cls: type[Value]
    record: Callable[[UnitOfWork, Any], str]
    read: Callable[[UnitOfWork, str, str], Value]
    new_ids: Sequence[str] = ()


_REFERENCES = frozenset({"target_order_id", "retry_of", "parent_id", "replaces", "corrects"})
_UNREGISTERED = [str(Anomaly.UNKNOWN_INSTRUMENT)]


def _run_on_store(store: Store, recording: _Recording, vector: Fact, result: Result) -> None:
    fields = json.loads(vector["expect"]["canonical"])
    anomalies = fields.get("anomalies")
    if _REFERENCES & fields.keys() or anomalies not in (None, _UNREGISTERED):
        return  # the facts that it refers to, or contradicts, would have to be there
    fields["account_id"] = account_id = f"conformance-{store.ids.new_id()}"
    fields |= {name: store.ids.new_id() for name in recording.new_ids if name in fields}
    value = recording.cls.from_canonical({name: text for name, text in fields.items() if name != "anomalies"})
    with store.begin() as uow:
        if anomalies is None and recording.cls is not Instrument and {"venue", "symbol"} <= fields.keys():
            for symbol in (fields[name] for name in ("symbol", "to_symbol") if name in fields):
                OrderHistory(uow).register(_instrument_of(account_id, fields["venue"], symbol))
        key = recording.record(uow, value)
        uow.commit()
    where = f"{vector['id']} on the store"
    with store.begin(read_only=True) as uow:
        result.expect(where, "canonical", value.canonical(), recording.read(uow, account_id, key).canonical())
        leaf = uow.feed.find(recording.kind, account_id, key)
        expected = digest(str(vector["digest_kind"]), canonical_json(fields))
        result.expect(where, "digest", expected, None if leaf is None else leaf.hash)


def _instrument_of(account_id: str, venue: str, symbol: str) -> Instrument:
    """An instrument under a name that a fact has."""
    return Instrument(
        account_id=account_id,
        venue=venue,
        symbol=symbol,
        kind=InstrumentKind.OTHER,
        base="BASE",
        quote="QUOTE",
    )


def _record_instrument(uow: UnitOfWork, instrument: Instrument) -> str:
    OrderHistory(uow).register(instrument)
    return instrument_key(instrument)


def _read_instrument(uow: UnitOfWork, account_id: str, key: str) -> Instrument:
    venue, symbol, _ = json.loads(key)
    return uow.instruments.versions(account_id, venue, symbol)[0]


def _record_request(uow: UnitOfWork, request: OrderRequest) -> str:
    return OrderHistory(uow).submit(request).request_id


def _read_request(uow: UnitOfWork, account_id: str, key: str) -> OrderRequest:
    return OrderHistory(uow).request(key).request


def _record_report(uow: UnitOfWork, report: VenueReport) -> str:
    history = OrderHistory(uow)
    history.record(report)
    return next(iter(history.waiting(report.account_id))).report_id


def _read_report(uow: UnitOfWork, account_id: str, key: str) -> VenueReport:
    return next(iter(OrderHistory(uow).waiting(account_id))).report


def _record_account_event(uow: UnitOfWork, event: AccountEvent) -> str:
    return OrderHistory(uow).record_account_event(event).event_id or ""


def _read_account_event(uow: UnitOfWork, account_id: str, key: str) -> AccountEvent:
    recorded = uow.account_events.get(key)
    assert recorded is not None
    return recorded.event


def _record_reconciliation(uow: UnitOfWork, row: Reconciliation) -> str:
    """Add a row after the run and the finding that it names."""
    common: dict[str, Any] = {"account_id": row.account_id, "venue": row.venue}
    run_id = row.run_id or uow.ids.new_id()
    if row.type is not ReconciliationType.RUN:
        add_row(uow, Reconciliation(type=ReconciliationType.RUN, record_id=run_id, inputs={}, **common))
    if row.finding_id is not None:
        finding = Reconciliation(
            type=ReconciliationType.FINDING,
            record_id=row.finding_id,
            run_id=run_id,
            subject=NO_CHECKPOINT,
            mismatch=Mismatch.IN_DOUBT,
            **common,
        )
        add_row(uow, finding)
    return add_row(uow, row).record_id


def _read_reconciliation(uow: UnitOfWork, account_id: str, key: str) -> Reconciliation:
    recorded = uow.reconciliations.get(key)
    assert recorded is not None
    return recorded.row


_RECORDINGS: Mapping[str, _Recording] = {
    "instrument": _Recording(FactKind.INSTRUMENT, Instrument, _record_instrument, _read_instrument),
    "request": _Recording(FactKind.REQUEST, OrderRequest, _record_request, _read_request, new_ids=("request_id",)),
    "unattributed": _Recording(FactKind.UNATTRIBUTED, VenueReport, _record_report, _read_report),
    "account_event": _Recording(
        FactKind.ACCOUNT_EVENT, AccountEvent, _record_account_event, _read_account_event, new_ids=("event_id",)
    ),
    "reconciliation": _Recording(
        FactKind.RECONCILIATION,
        Reconciliation,
        _record_reconciliation,
        _read_reconciliation,
        new_ids=("record_id", "run_id", "finding_id"),
    ),
}
