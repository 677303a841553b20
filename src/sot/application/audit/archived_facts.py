"""Read the facts of an archive from its lines, and check the hash of each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import attrs

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.audit.checkpoint import Leaf
from sot.domain.audit.digests import (
    account_event_digest,
    check_digest,
    context_digest,
    instrument_digest,
    instrument_key,
    reconciliation_digest,
    report_digest,
    request_digest,
    withdrawal_digest,
)
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.hinted_kinds import one_of
from sot.domain.values.instrument import Instrument
from sot.domain.values.json_form import JsonForm
from sot.domain.values.times import time_text
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import Anomaly, FactKind, IdentifierKind


@attrs.frozen(slots=False, kw_only=True)
class _Line(Value):
    """The fields of a line except its content and names."""

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
        "kind": fields.member_of(FactKind),
        "number": fields.COUNT,
        "position": fields.COUNT,
        "recorded_at": fields.TIME,
        "anomalies": fields.sequence_of(fields.member_of(Anomaly)),
    }


_CLASSES = (
    Instrument,
    OrderRequest,
    DecisionContext,
    RiskCheck,
    Withdrawal,
    VenueReport,
    AccountEvent,
    Reconciliation,
    OrderEvent,
)
"""The classes of facts."""


def _as_tuples(names: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, names))


@attrs.frozen(kw_only=True)
class ArchivedFact(JsonForm):
    """A fact that was read from a line and whose hash is right.

    `names` are the identifiers of its order that the line of a first event lists.
    """

    leaf: Leaf
    value: Any
    anomalies: Sequence[Anomaly] = attrs.field(default=(), eq=tuple)
    names: Sequence[Sequence[str]] = attrs.field(default=(), eq=_as_tuples)

    KINDS: ClassVar = {"value": one_of(_CLASSES)}


def read_fact(fields: Mapping[str, Any]) -> ArchivedFact:
    """Read a fact from the fields of its line.

    Raises:
        InvalidInput: A field is missing or not allowed, or the hash is not that of the content.

    Rules: ARCHIVE-5.
    """
    own_fields = dict(fields)
    content, names = own_fields.pop("says", None), own_fields.pop("names", ())
    line = _Line.read(own_fields, "fact")
    value = _read_content(line, content)
    leaf = Leaf(line.position, line.kind, line.account_id, line.key, line.number, line.hash, line.recorded_at)
    if _KEYS[line.kind](value, line) != (line.account_id, line.key, line.number):
        raise InvalidInput("fact.key", line.key, f"the name of the {line.kind} that it says")
    if _DIGESTS[line.kind](value, line) != line.hash:
        raise InvalidInput(
            "fact.hash", line.hash, f"the hash of the content of {line.kind} {line.key}; one of them was changed"
        )
    if isinstance(value, OrderEvent) and value.recorded_at != line.recorded_at:
        raise InvalidInput("fact.recorded_at", time_text(line.recorded_at), "the time that the event says")
    return ArchivedFact(leaf=leaf, value=value, anomalies=tuple(line.anomalies), names=_read_names(names))


def _read_names(names: Any) -> Sequence[Sequence[str]]:
    allowed = "a list of names: [kind, value, venue, venue account, scope]"
    if not isinstance(names, (list, tuple)):
        raise InvalidInput("fact.names", names, allowed)
    for name in names:
        if not (isinstance(name, list) and len(name) == 5 and all(isinstance(part, str) for part in name)):
            raise InvalidInput("fact.names", name, allowed)
        fields.member_of(IdentifierKind).check("fact.names", name[0])
    return [tuple(fields.SCOPE.check("fact.names", part) for part in name) for name in names]


def _read_content(line: _Line, content: Any) -> Any:
    if not isinstance(content, Mapping):
        raise InvalidInput("fact.says", content, "an object: what the fact says")
    try:
        return _READERS[line.kind](content)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput("fact.says", sorted(content), f"what a {line.kind} says ({error})") from None


_READERS: Mapping[FactKind, Callable[[Mapping[str, Any]], Any]] = {
    FactKind.INSTRUMENT: Instrument.from_canonical,
    FactKind.REQUEST: OrderRequest.from_canonical,
    FactKind.CONTEXT: DecisionContext.from_canonical,
    FactKind.RISK_CHECK: RiskCheck.from_canonical,
    FactKind.WITHDRAWAL: Withdrawal.from_canonical,
    FactKind.UNATTRIBUTED: VenueReport.from_canonical,
    FactKind.ACCOUNT_EVENT: AccountEvent.from_canonical,
    FactKind.RECONCILIATION: Reconciliation.from_canonical,
    FactKind.EVENT: OrderEvent.from_canonical,
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
"""The digest of each kind of fact.

Rules: ARCHIVE-5.
"""


_Key = tuple[str, str, int]


def _key_in_request(value: Any, line: _Line) -> _Key:
    """The key of a fact about a request is checked by the hash alone, which covers it."""
    return line.account_id, line.key, line.number


_KEYS: Mapping[FactKind, Callable[[Any, _Line], _Key]] = {
    FactKind.INSTRUMENT: lambda value, line: (value.account_id, instrument_key(value), line.number),
    FactKind.REQUEST: lambda value, line: (value.account_id, value.request_id, 0),
    FactKind.CONTEXT: _key_in_request,
    FactKind.RISK_CHECK: _key_in_request,
    FactKind.WITHDRAWAL: _key_in_request,
    FactKind.UNATTRIBUTED: lambda value, line: (value.account_id, line.key, 0),
    FactKind.ACCOUNT_EVENT: lambda value, line: (value.account_id, value.event_id, 0),
    FactKind.RECONCILIATION: lambda value, line: (value.account_id, value.record_id, 0),
    FactKind.EVENT: lambda value, line: (value.account_id, value.order_id, value.sequence),
}
"""The account, key and number that the content of each kind of fact names.

Rules: ARCHIVE-5.
"""
