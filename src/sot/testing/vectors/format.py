"""The format `sot-vector/1`: which keys a vector may have, here alone, and as a JSON Schema.

A key that the format does not have is an error, so that no expectation is passed over for a slip of the pen.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import attrs

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.position import Position
from sot.domain.orders.order import Order
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.orders.state import OrderState
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import VENUE_EVENT_TYPES, EventType
from sot.testing.vectors.digests import DERIVED
from sot.testing.vectors.format_of_runs import run_schema
from sot.testing.vectors.schema_parts import Keys
from sot.testing.vectors.schema_parts import list_of as _list
from sot.testing.vectors.schema_parts import object_with as _object
from sot.testing.vectors.schema_parts import reference as _ref

RULE = re.compile(r"[A-Z]+(-[A-Z_]+)?(-[0-9]+)?")
"""The number of a rule: the page, then a subject or a count or both."""

_COMMON: Keys = frozenset({"format", "kind", "id", "title", "source", "rules"})

_OF_KIND: Mapping[str, Keys] = {
    "lifecycle": frozenset({"request", "submitted", "instruments", "facts"}),
    "orders": frozenset({"instruments", "steps"}),
    "accounting": frozenset({"instrument", "instruments", "method", "mark", "fee_rates", "rates", "quotes", "exact"})
    | {"orders", "fills", "lots", "views"},
    "journal": frozenset({"digest_kind", "fact", "expect", "public_key"}),
    "archive": frozenset({"lines", "against", "expect", "refused", "restored"}),
    "reconciliation": frozenset({"instruments", "history", "venue", "grace", "expect", "resolves", "runs"}),
}

_REPORT: Keys = frozenset(VenueReport.KINDS) - {"account_id"}

_REQUEST: Keys = frozenset(OrderRequest.KINDS) - {"account_id"}

_INSTRUMENT: Keys = frozenset(Instrument.KINDS) - {"account_id", "venue"}

_FACT: Keys = frozenset({"t", "branch", "type", "expect", "refused"})

_OUTCOME: Keys = frozenset({"client_order_id", "reason", "occurred_at"})

_REPLACEMENT: Keys = frozenset({"quantity", "limit_price"})

_LOCAL: Mapping[str, Keys] = {
    "SUBMITTED": frozenset({"occurred_at"}),
    "SUBMISSION_UNKNOWN": frozenset({"reason", "occurred_at"}),
    "FAILED": frozenset({"reason", "occurred_at"}),
    "CANCEL_REQUESTED": frozenset({"client_order_id", "occurred_at"}),
    "CANCEL_UNKNOWN": _OUTCOME,
    "CANCEL_FAILED": _OUTCOME,
    "REPLACE_REQUESTED": frozenset({"client_order_id", "occurred_at"}) | _REPLACEMENT,
    "REPLACE_UNKNOWN": _OUTCOME | _REPLACEMENT,
    "REPLACE_FAILED": _OUTCOME | _REPLACEMENT,
    "MARKED": frozenset({"mark", "occurred_at"}),
    "VOIDED": frozenset({"sequence", "exec_id", "leg", "reason", "occurred_at"}),
    "RESOLVED": frozenset({"resolved_status", "occurred_at"}),
}
"""The fields of a fact of ours."""


def _fields_of(cls: type[Any]) -> Iterator[str]:
    yield from (field.name for field in attrs.fields(cls))
    yield from getattr(cls, "DERIVED", ())


_FIGURES: Keys = frozenset({"outcome", "anomalies", "events", "event", "created", "fills", "executions", "fees"}) | {
    "id_of",
    "origins",
    "trace",
    *_fields_of(Order),
    *_fields_of(OrderState),
}

_STEPS: Mapping[str, tuple[Keys, Keys]] = {
    "register": (frozenset({"instrument"}), frozenset()),
    "submit": (frozenset({"as", "request"}), frozenset({"risk_checks"})),
    "check": (frozenset({"request", "risk_check"}), frozenset()),
    "withdraw": (frozenset({"request"}), frozenset({"reason"})),
    "mark_sent": (frozenset({"request"}), frozenset({"occurred_at", "makes_order"})),
    "mark_failed": (frozenset({"request"}), frozenset({"occurred_at"})),
    "mark_unknown": (frozenset({"request"}), frozenset({"occurred_at"})),
    "record": (frozenset({"report"}), frozenset({"answers"})),
    "void": (frozenset({"order"}), frozenset({"sequence", "exec_id"})),
    "restate": (frozenset({"order", "report"}), frozenset()),
    "adopt": (frozenset({"as", "report"}), frozenset()),
    "adopt_waiting": (frozenset({"as", "waiting"}), frozenset()),
    "attribute_waiting": (frozenset({"waiting", "order"}), frozenset()),
    "attribute": (frozenset({"external", "order"}), frozenset({"occurred_at"})),
}
"""The keys that a step must have, and those that it may have, beside `do`, `expect`, `refused` and `trace`."""

_STEP_EXPECT: Keys = frozenset({"outcome", "anomalies", "order", "waiting", "orders", "requests"})

_FILL: Keys = frozenset({"exec_id", "side", "quantity", "price", "fees", "at", "expect", "account_event"}) | {
    "leg",
    "position_side",
    "position_id",
    "last_amount",
    "venue_sequence",
    "venue_time_ns",
    "venue_account",
    "liquidity",
    "exec_ref_id",
    "order_quantity",
    "split_ratio",
    "reporting_type",
    "type",
    "symbol",
    "order",
    "mark",
    "fee_rates",
    "outcome",
    "anomalies",
    "refused",
}

_VIEW: Keys = frozenset({"view", "query", "as_of", "expect", "refused"})

_LOT: Keys = frozenset({"quantity", "price", "fees", "entry_value", "opened_at"})

_SENT: Keys = (_REQUEST - {"account_id"}) | {"decision_price"}

_VERIFIED: Keys = frozenset({"problems", "counts", "unsealed"})

_QUOTE: Keys = frozenset({"currency", "into", "at", "rate"})

_QUOTES: Keys = frozenset({"via", "max_age"})

_RESOLVES: Keys = frozenset({"finding", "resolved"})

_POSITION: Keys = frozenset(_fields_of(Position)) | {"unrealized"}

_ACCOUNT_EVENT: Keys = frozenset(AccountEvent.KINDS) - {"account_id", "venue"}


def _fact(kind: EventType) -> dict[str, Any]:
    own = _REPORT | {"answers"} if kind in VENUE_EVENT_TYPES else _LOCAL[kind]
    fees = _list(_object(frozenset(Fee.KINDS), ("amount", "currency")))
    known = {"type": {"const": str(kind)}, "expect": _ref("figures"), "fees": fees, "branch": {"const": "alt"}}
    return _object(_FACT | own, ("type",), **known)


def _step(do: str, required: Keys, optional: Keys) -> dict[str, Any]:
    expect = _object(_STEP_EXPECT, orders={"type": "object", "additionalProperties": _ref("figures")})
    known: dict[str, Any] = {"do": {"const": do}, "expect": expect}
    known["report"] = _object(_REPORT, ("type",))
    known["instrument"] = _object(_INSTRUMENT, ("symbol", "kind", "base", "quote"))
    known["request"] = _object(_REQUEST) if do == "submit" else {"type": "string"}
    return _object(required | optional | {"do", "expect", "refused", "trace"}, ("do", *required), **known)


def _steps() -> dict[str, Any]:
    return _list({"oneOf": [_step(do, *keys) for do, keys in _STEPS.items()]})


def _vector(kind: str) -> dict[str, Any]:
    instrument = _object(_INSTRUMENT, ("symbol", "kind", "base", "quote"))
    instrument_of_fills = _object(_INSTRUMENT, ("base", "quote"))
    fill = _object(_FILL, expect=_object(_POSITION), account_event=_object(_ACCOUNT_EVENT, ("type",)))
    parts: Mapping[str, Any] = {
        "request": _object(_REQUEST, ("side",)),
        "submitted": {"type": "boolean"},
        "instruments": _list(instrument),
        "facts": _list({"oneOf": [_fact(each) for each in EventType if each in VENUE_EVENT_TYPES or each in _LOCAL]}),
        "steps": _ref("steps"),
        "instrument": instrument_of_fills,
        "fills": _list(fill),
        "lots": _list(_object(_LOT, ("quantity",))),
        "views": _list(_object(_VIEW, ("view",))),
        "runs": _list(run_schema()),
        "resolves": _list(_object(_RESOLVES)),
        "rates": _list(_object(_QUOTE, sorted(_QUOTE))),
        "quotes": _object(_QUOTES),
        "digest_kind": {"enum": sorted(DERIVED)},
        "format": {"const": "sot-vector/1"},
        "kind": {"const": kind},
        "id": {"type": "string"},
        "rules": {"type": "array", "items": {"type": "string", "pattern": f"^{RULE.pattern}$"}, "uniqueItems": True},
    }
    if kind == "accounting":
        parts = {**parts, "orders": {"type": "object", "additionalProperties": _object(_SENT)}}
    if kind == "archive":
        parts = {**parts, "expect": _object(_VERIFIED)}
    needed = {
        "lifecycle": ("request", "facts"),
        "orders": ("steps",),
        "accounting": ("instrument", "method", "fills"),
        "archive": ("lines",),
        "reconciliation": (),
    }
    required = ("kind", "id", *needed.get(kind, ("digest_kind", "fact", "expect")))
    return _object(_COMMON | _OF_KIND[kind], required, **parts)


@cache
def schema() -> Mapping[str, Any]:
    """The format as a JSON Schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sot-vector/1",
        "type": "array",
        "items": {"oneOf": [_ref(kind) for kind in _OF_KIND]},
        "$defs": {**_SHARED, **{kind: _vector(kind) for kind in _OF_KIND}},
    }


def schema_text() -> str:
    """The JSON Schema as the documentation has it."""
    return json.dumps(schema(), indent=1) + "\n"


def unknown_keys(vector: Mapping[str, Any]) -> Iterator[str]:
    """Find the keys of a vector that the format does not have, each with the place where it stands."""
    kind = str(vector.get("kind"))
    if kind in _OF_KIND:
        yield from _unknown(vector, schema()["$defs"][kind], "")


def _unknown(value: Any, schema: Mapping[str, Any], place: str) -> Iterator[str]:
    schema = _SHARED.get(schema.get("$ref", "").removeprefix("#/$defs/"), schema)
    if isinstance(value, Mapping) and "oneOf" in schema:
        schema = _alternative(value, schema["oneOf"])
    if isinstance(value, Mapping) and "properties" in schema:
        properties = schema["properties"]
        yield from (f"{place}{key}" for key in value if key not in properties)
        for key in value.keys() & properties.keys():
            yield from _unknown(value[key], properties[key], f"{place}{key}.")
    elif isinstance(value, Mapping) and isinstance(schema.get("additionalProperties"), Mapping):
        for key, each in value.items():
            yield from _unknown(each, schema["additionalProperties"], f"{place}{key}.")
    elif isinstance(value, Sequence) and not isinstance(value, str) and "items" in schema:
        for number, each in enumerate(value, 1):
            yield from _unknown(each, schema["items"], f"{place}{number}.")


def _alternative(value: Mapping[str, Any], schemas: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The schema whose `type` or `do` is that of an object."""
    for each in schemas:
        for name in ("type", "do"):
            constant = each["properties"].get(name, {}).get("const")
            if constant is not None and constant == value.get(name):
                return each
    return {}


_SHARED: Mapping[str, Mapping[str, Any]] = {"figures": _object(_FIGURES), "steps": _steps()}
"""The schemas that others refer to, by name."""
