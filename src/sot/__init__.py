"""sot: the single source of truth for the orders of a trading application.

It records what was intended, what was sent, what the venue said and what was traded, as facts that never change, and
derives everything else from them. Importing it loads neither SQLAlchemy nor any optional package; stores are imported
from `sot.adapters.memory` and `sot.adapters.sqlalchemy`.
"""

from sot.application.execution import Prepared
from sot.application.executor import Executor
from sot.application.findings import Finding, Verification
from sot.application.follow import Followed, follow
from sot.application.history import OrderHistory
from sot.application.past import Past
from sot.application.reading import Difference, TimelineEntry
from sot.application.rebuild import rebuild
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
    OrderStatus,
    OrderType,
    Origin,
    Outcome,
    PositionEffect,
    PositionSide,
    ReportingType,
    RequestStatus,
    Side,
    TimeInForce,
)
from sot.ports.records import (
    AccountEventFilter,
    OrderFilter,
    Page,
    PageKey,
    RecordedAccountEvent,
    RecordedRequest,
    RequestFilter,
    UnattributedReport,
)
from sot.ports.signer import Signer, Verifier
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import Venue

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
    "Executor",
    "FactKind",
    "Fee",
    "Fill",
    "Finding",
    "Followed",
    "GroupBy",
    "IllegalTransition",
    "Instrument",
    "InstrumentKind",
    "InvalidInput",
    "Liquidity",
    "LocalFact",
    "Lot",
    "Mark",
    "Method",
    "MissingExtra",
    "NotExecutable",
    "NotFound",
    "OpenRequest",
    "Order",
    "OrderCosts",
    "OrderEvent",
    "OrderFilter",
    "OrderHistory",
    "OrderPnl",
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
    "Recorded",
    "RecordedAccountEvent",
    "RecordedRequest",
    "Recovery",
    "RecoveryLimits",
    "ReportingType",
    "RequestFilter",
    "RequestStatus",
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
    "TimeInForce",
    "TimelineEntry",
    "UnattributedReport",
    "UnitOfWork",
    "Unresolved",
    "Venue",
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
    "seal",
    "unrealized",
    "verify",
]
