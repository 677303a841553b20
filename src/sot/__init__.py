"""sot: the single source of truth for the orders of a trading application.

It records what was intended, what was sent, what the venue said and what was traded, as facts that never change, and
derives everything else from them. Importing it loads neither SQLAlchemy nor any optional package; stores are imported
from `sot.adapters.memory` and `sot.adapters.sqlalchemy`.
"""

from sot.application.asking import ReconciliationLimits
from sot.application.execution import Prepared
from sot.application.executor import Executor
from sot.application.findings import Finding, Verification
from sot.application.follow import Followed, follow
from sot.application.history import OrderHistory
from sot.application.past import Past
from sot.application.reading import Difference, TimelineEntry
from sot.application.rebuild import rebuild
from sot.application.reconciler import Reconciled, reconcile
from sot.application.recovery import Recovery, RecoveryLimits, Unresolved
from sot.application.seal import prove, seal
from sot.application.verify import verify
from sot.application.writing import Recorded
from sot.domain.account_event import AccountEvent
from sot.domain.checkpoint import Checkpoint, Proof
from sot.domain.cost_analysis import CostAnalysis
from sot.domain.costs import OrderCosts
from sot.domain.errors import (
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
from sot.domain.event import LocalFact, OrderEvent
from sot.domain.fill import Fill
from sot.domain.folding import PositionKey
from sot.domain.instrument import Instrument
from sot.domain.intent import DecisionContext, OrderRequest, RiskCheck
from sot.domain.lots import Lot
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl
from sot.domain.position import Position, unrealized
from sot.domain.rates import Conversion, Mark, Rates
from sot.domain.reconciliation import Reconciliation
from sot.domain.report import Fee, VenueReport
from sot.domain.results import Contribution, Realized
from sot.domain.round_trips import RoundTrip
from sot.domain.state import OpenRequest, OrderState
from sot.domain.vocabulary import (
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
from sot.ports.records import (
    AccountEventFilter,
    OrderFilter,
    Page,
    PageKey,
    ReconciliationFilter,
    RecordedAccountEvent,
    RecordedReconciliation,
    RecordedRequest,
    RequestFilter,
    Stretch,
    UnattributedReport,
)
from sot.ports.signer import Signer, Verifier
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import (
    AccountScope,
    ExecutionsPage,
    FoundOrder,
    HeldPosition,
    HeldPositions,
    OpenOrders,
    OrderReference,
    Replacement,
    Venue,
    VenueCapabilities,
)

__version__ = "0.1.0"

__all__ = [
    "AccountEvent",
    "AccountEventFilter",
    "AccountEventType",
    "AccountScope",
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
    "Finding",
    "Followed",
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
    "Past",
    "Position",
    "PositionEffect",
    "PositionKey",
    "PositionSide",
    "Prepared",
    "Proof",
    "Rates",
    "ReadOnly",
    "Realized",
    "Reconciled",
    "Reconciliation",
    "ReconciliationFilter",
    "ReconciliationLimits",
    "ReconciliationType",
    "Recorded",
    "RecordedAccountEvent",
    "RecordedReconciliation",
    "RecordedRequest",
    "Recovery",
    "RecoveryLimits",
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
    "Unresolved",
    "Venue",
    "VenueCapabilities",
    "VenueError",
    "VenueNotReached",
    "VenueOutcomeUnknown",
    "VenueRefused",
    "VenueReport",
    "Verification",
    "Verifier",
    "follow",
    "prove",
    "rebuild",
    "reconcile",
    "seal",
    "unrealized",
    "verify",
]
