"""The part of the format `sot-vector/1` that runs of the reconciler have."""

from collections.abc import Mapping
from typing import Any

from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.snapshots import HeldBalance, HeldPosition
from sot.testing.vectors.schema_parts import Keys, list_of, object_of, object_with, reference

_RUN: Keys = frozenset({"steps", "heal", "grace", "symbols", "since", "queries", "pages", "actor", "venue"}) | {
    "balances",
    "venue_account",
    "expect",
    "accept",
}

_RUN_EXPECT: Keys = frozenset({"asked", "failures", "opened", "closed", "recorded", "findings", "run"}) | {
    "orders",
    "waiting",
    "other_accounts",
}

_RUN_ROW: Keys = frozenset({"healing", "recorded", "grace_seconds", "actor", "cursor", "since", "symbols"}) | {
    "differences"
}

_FINDING: Keys = frozenset({"mismatch", "order", "client_order_id", "venue_order_id", "exec_id", "leg", "symbol"}) | {
    "position_side",
    "position_id",
    "asset",
    "local_status",
    "exchange_status",
    "local_quantity",
    "exchange_quantity",
    "local_price",
    "exchange_price",
    "resolution",
}

_STATED: Mapping[str, tuple[Keys, str]] = {
    "open_orders": (frozenset({"reports", "symbols", "complete"}), "reports"),
    "executions": (frozenset({"reports", "symbols", "since", "page", "refused"}), "reports"),
    "positions": (frozenset({"positions", "symbols"}), "positions"),
    "balances": (frozenset({"balances", "assets"}), "balances"),
}
"""The lists that a venue states in a run: their keys, and the one that each must have."""


def run_schema() -> dict[str, Any]:
    """The schema of a run."""
    expect = object_with(
        _RUN_EXPECT,
        orders=object_of(reference("figures")),
        findings=list_of(object_with(_FINDING, ("mismatch",))),
        other_accounts=object_of({"type": "integer"}),
        run=object_with(_RUN_ROW),
    )
    return object_with(_RUN, ("venue",), steps=reference("steps"), venue=_venue(), expect=expect)


def _venue() -> dict[str, Any]:
    """The schema of what a venue states."""
    report = object_with(frozenset(VenueReport.KINDS), ("type",))
    items = {
        "reports": list_of(report),
        "positions": list_of(object_with(frozenset(HeldPosition.KINDS))),
        "balances": list_of(object_with(frozenset(HeldBalance.KINDS))),
    }
    lists: dict[str, Any] = {
        name: {**object_with(keys, (needed,), **items), "type": ["object", "null"]}
        for name, (keys, needed) in _STATED.items()
    }
    return object_with(
        frozenset(_STATED) | {"found", "history", "settled_after", "unsupported"},
        **lists,
        found=object_of(list_of(report)),
    )
