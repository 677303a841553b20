"""Runs of a vector of kind `reconciliation`: findings that open and close as a venue's position changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sot.application.history import OrderHistory
from sot.application.reconciliation.reconciler import ReconciliationResult, reconcile
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.reconciliation.snapshots import HeldPosition
from sot.domain.values.identity import deterministic_id
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import ReconciliationType
from sot.ports.clock import Clock
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import Store
from sot.ports.venue import HeldPositions, Venue, VenueCapabilities, VenueScope, unsupported
from sot.testing.vectors.result import Result

_VENUE, _SYMBOL = "VENUE", "S"


def run_runs(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Hold a position, reconcile it with a venue that states others, and compare the findings after each run."""
    account_id = f"conformance-{store.ids.new_id()}"
    _hold(store, account_id, vector["held"])
    for number, run in enumerate(vector["runs"], 1):
        where = f"{vector['id']} run {number}"
        found = reconcile(store, _StatingVenue(store.clock, run["stated"]), account_id)
        result.expect(where, "opened", run["opened"], found.opened)
        result.expect(where, "closed", run["closed"], found.closed)
        result.expect(where, "open", run["open"], [row.row.exchange_quantity for row in found.findings])
        _compare_rows(store, account_id, where, run, result)
        if run.get("accept"):
            _accept(store, found)


def _hold(store: Store, account_id: str, quantity: str) -> None:
    with store.begin() as uow:
        history = OrderHistory(uow)
        common: dict[str, Any] = {"account_id": account_id, "venue": _VENUE, "symbol": _SYMBOL}
        history.register(Instrument.read({**common, "kind": "EQUITY", "base": "SHARE", "quote": "USD"}))
        transfer = {"type": "TRANSFER", "quantity": quantity, "cost": "1", "occurred_at": "2026-01-01T00:00:00Z"}
        history.record_account_event(AccountEvent.read({**common, **transfer}))
        uow.commit()


def _compare_rows(store: Store, account_id: str, where: str, run: Mapping[str, Any], result: Result) -> None:
    """Compare the findings by their ids, which count them, and how each was closed."""
    findings = ReconciliationFilter(account_id=account_id, types=(ReconciliationType.FINDING,))
    with store.begin(read_only=True) as uow:
        rows = uow.reconciliations.list(findings, None, 100).items
    count, expected = len(rows), run["resolutions"]
    result.expect(where, "number of findings", len(expected), count)
    by_id = {row.record_id: row for row in rows}
    for number, resolution in enumerate(expected):
        subject = rows[0].row.subject or ""
        row = by_id.get(deterministic_id(subject, str(number)))
        closing = None if row is None else row.resolution
        result.expect(where, f"resolution of {number}", resolution, closing and closing.resolution)
        if closing is not None and row is not None:
            result.expect(where, f"id of {number}", deterministic_id("resolution", row.record_id), closing.record_id)


def _accept(store: Store, found: ReconciliationResult) -> None:
    with store.begin() as uow:
        for finding in found.findings:
            OrderHistory(uow).accept_finding(finding.record_id, reason="it is known")
        uow.commit()


class _StatingVenue(Venue):
    """A venue that states one position, and nothing else."""

    name = _VENUE

    def __init__(self, clock: Clock, stated: str) -> None:
        self._clock = clock
        self._stated = stated

    @property
    def capabilities(self) -> VenueCapabilities:
        """It lists positions."""
        return VenueCapabilities(lists_positions=True)

    def positions(self, scope: VenueScope) -> HeldPositions:
        """The position that it states."""
        held = HeldPosition(symbol=_SYMBOL, quantity=self._stated)
        return HeldPositions(asked_at=self._clock.now(), positions=[held])

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Refuse: it executes nothing."""
        raise unsupported(self, "orders")
