"""sot: the single source of truth for the orders of a trading application.

It records what was intended, what was sent, what the venue said and what was traded, as facts that never change, and
derives everything else from them. Importing it loads neither SQLAlchemy nor any optional package; stores are imported
from `sot.adapters.memory` and `sot.adapters.sqlalchemy`.
"""

from sot.application.as_of.difference import Difference
from sot.application.as_of.history import PastHistory
from sot.application.audit.feed import FollowedEvent, follow
from sot.application.audit.rebuild import rebuild
from sot.application.audit.seal import prove, seal
from sot.application.audit.verification import verify
from sot.application.audit.verification_result import Verification, VerificationProblem
from sot.application.execution.prepare import PreparedRequest
from sot.application.execution.recovery import RecoveryLimits, RecoveryResult, UnresolvedOrder
from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.application.queries.timeline import TimelineEntry
from sot.application.reconciliation.reconciler import ReconciliationResult, reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.application.support.record_result import RecordResult
from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.lots import Lot
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.accounting.position import Position, unrealized
from sot.domain.accounting.rates import Conversion, Mark, Rates
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.audit.checkpoint import Checkpoint, Proof
from sot.domain.orders.event import LocalFact, OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest, UnattributedReport
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck
from sot.domain.orders.state import OpenRequest, OrderState
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.errors import (
    CommitUnknown,
    ConcurrentUpdate,
    Conflict,
    IllegalTransition,
    InvalidInput,
    MissingExtra,
    NotExecutable,
    NotFound,
    ReadOnly,
    SchemaMismatch,
    SotError,
    StoreDamaged,
    StoreError,
    StoreUnavailable,
    VenueError,
    VenueNotReached,
    VenueOutcomeUnknown,
    VenueRefused,
)
from sot.domain.values.instrument import Instrument
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import (
    AccountEventType,
    Action,
    Anomaly,
    EventType,
    FactKind,
    GroupBy,
    InstrumentKind,
    Liquidity,
    Method,
    Mismatch,
    OrderStatus,
    OrderType,
    Origin,
    Outcome,
    PositionEffect,
    PositionSide,
    ReconciliationType,
    ReportingType,
    RequestStatus,
    Resolution,
    Side,
    TimeInForce,
)
from sot.ports.accounting import AccountEventFilter
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import Page, PageKey, Stretch
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.signer import Signer, Verifier
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import (
    ExecutionsPage,
    FoundOrder,
    HeldPosition,
    HeldPositions,
    OpenOrders,
    OrderReference,
    Replacement,
    Venue,
    VenueCapabilities,
    VenueScope,
)

__version__ = "0.1.0"

__all__ = [
    "AccountEvent",
    "AccountEventFilter",
    "AccountEventType",
    "Action",
    "Anomaly",
    "Checkpoint",
    "CommitUnknown",
    "ConcurrentUpdate",
    "Conflict",
    "Contribution",
    "Conversion",
    "CostAnalysis",
    "DecisionContext",
    "Difference",
    "EventType",
    "ExecutionsPage",
    "Executor",
    "FactKind",
    "Fee",
    "Fill",
    "FollowedEvent",
    "FoundOrder",
    "GroupBy",
    "HeldPosition",
    "HeldPositions",
    "IllegalTransition",
    "Instrument",
    "InstrumentKind",
    "InvalidInput",
    "Liquidity",
    "LocalFact",
    "Lot",
    "Mark",
    "Method",
    "Mismatch",
    "MissingExtra",
    "NotExecutable",
    "NotFound",
    "OpenOrders",
    "OpenRequest",
    "Order",
    "OrderCosts",
    "OrderEvent",
    "OrderFilter",
    "OrderHistory",
    "OrderPnl",
    "OrderReference",
    "OrderRequest",
    "OrderState",
    "OrderStatus",
    "OrderType",
    "Origin",
    "Outcome",
    "Page",
    "PageKey",
    "PastHistory",
    "Position",
    "PositionEffect",
    "PositionKey",
    "PositionSide",
    "PreparedRequest",
    "Proof",
    "Rates",
    "ReadOnly",
    "Realized",
    "Reconciliation",
    "ReconciliationFilter",
    "ReconciliationLimits",
    "ReconciliationResult",
    "ReconciliationType",
    "RecordResult",
    "RecordedAccountEvent",
    "RecordedReconciliation",
    "RecordedRequest",
    "RecoveryLimits",
    "RecoveryResult",
    "Replacement",
    "ReportingType",
    "RequestFilter",
    "RequestStatus",
    "Resolution",
    "RiskCheck",
    "RoundTrip",
    "SchemaMismatch",
    "Side",
    "Signer",
    "SotError",
    "Store",
    "StoreDamaged",
    "StoreError",
    "StoreUnavailable",
    "Stretch",
    "TimeInForce",
    "TimelineEntry",
    "UnattributedReport",
    "UnitOfWork",
    "UnresolvedOrder",
    "Venue",
    "VenueCapabilities",
    "VenueError",
    "VenueNotReached",
    "VenueOutcomeUnknown",
    "VenueRefused",
    "VenueReport",
    "VenueScope",
    "Verification",
    "VerificationProblem",
    "Verifier",
    "follow",
    "prove",
    "rebuild",
    "reconcile",
    "seal",
    "unrealized",
    "verify",
]
