"""Vectors of kind `reconciliation`: the differences between two snapshots, what resolves findings, and runs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sot.domain.reconciliation.comparison import Comparison
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.reconciliation.resolution import is_resolved
from sot.domain.reconciliation.snapshots import HistorySnapshot, VenueSnapshot
from sot.domain.values.identity import deterministic_id
from sot.ports.store import Store
from sot.testing.vectors.reconciliation_runs import run_runs
from sot.testing.vectors.result import Result


def run_reconciliation(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Compare two snapshots, which needs no store, or the findings of several runs, with what is expected."""
    if "runs" in vector:
        run_runs(store, vector, result)
    else:
        _compare_snapshots(vector, result)


def _compare_snapshots(vector: Mapping[str, Any], result: Result) -> None:
    where = str(vector["id"])
    history = HistorySnapshot.from_canonical(vector["history"])
    venue = VenueSnapshot.from_canonical(vector["venue"])
    comparison = Comparison(history, venue, timedelta(seconds=int(vector.get("grace", 10))))
    result.expect(where, "number of differences", len(vector["expect"]), len(comparison.differences))
    for number, (expected, found) in enumerate(zip(vector["expect"], comparison.differences, strict=False), 1):
        subject = found.subject(venue)
        derived = {"subject": subject, "finding_id": deterministic_id(subject, "0")}
        for name, figure in expected.items():
            actual = derived[name] if name in derived else getattr(found, name)
            result.expect(where, f"difference {number} {name}", figure, actual)
    common = {"account_id": venue.account_id, "venue": venue.venue, "type": "FINDING", "run_id": _RUN}
    for number, case in enumerate(vector.get("resolves", ()), 1):
        finding = Reconciliation.read({**common, "subject": "0" * 64, **case["finding"]})
        result.expect(where, f"resolves {number}", case["resolved"], is_resolved(comparison, finding))


_RUN = "01890a5d-ac96-774b-bcce-b302099a8057"
"""The run of every finding: which one plays no part."""
