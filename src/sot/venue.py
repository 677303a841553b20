"""Venues: the port that a venue adapter implements, execution, recovery and reconciliation."""

from sot.application.execution.prepare import PreparedRequest
from sot.application.execution.recovery import RecoveryLimits, RecoveryResult, UnresolvedOrder
from sot.application.reconciliation.reconciler import ReconciliationResult, reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.application.support.tracing import TracedStore
from sot.domain.reconciliation.snapshots import HeldBalance, HeldPosition
from sot.domain.values.vocabulary import Liquidity, Mismatch, Origin, ReportingType, Resolution
from sot.ports.venue import (
    ExecutionsPage,
    FoundOrder,
    HeldBalances,
    HeldPositions,
    OpenOrders,
    OrderReference,
    Replacement,
    Venue,
    VenueCapabilities,
    VenueScope,
)

__all__ = [
    "ExecutionsPage",
    "FoundOrder",
    "HeldBalance",
    "HeldBalances",
    "HeldPosition",
    "HeldPositions",
    "Liquidity",
    "Mismatch",
    "OpenOrders",
    "OrderReference",
    "Origin",
    "PreparedRequest",
    "ReconciliationLimits",
    "ReconciliationResult",
    "RecoveryLimits",
    "RecoveryResult",
    "Replacement",
    "ReportingType",
    "Resolution",
    "TracedStore",
    "UnresolvedOrder",
    "Venue",
    "VenueCapabilities",
    "VenueScope",
    "reconcile",
]
