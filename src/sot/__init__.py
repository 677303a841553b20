"""sot: the single source of truth for the orders of a trading application.

It records what was intended, what was sent, what the venue said and what was traded, as facts that never change, and
derives everything else from them. Importing it loads neither SQLAlchemy nor any optional package; stores are imported
from `sot.adapters.memory` and `sot.adapters.sqlalchemy`.
"""

from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.application.reading import TimelineEntry
from sot.application.writing import Recorded
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
from sot.domain.instrument import Instrument
from sot.domain.intent import DecisionContext, OrderRequest, RiskCheck
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl
from sot.domain.report import Fee, VenueReport
from sot.domain.state import OpenRequest, OrderState
from sot.domain.vocabulary import (
    Action,
    Anomaly,
    EventType,
    InstrumentKind,
    Liquidity,
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
from sot.ports.records import OrderFilter, Page, PageKey, RecordedRequest, RequestFilter, UnattributedReport
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import Venue

__version__ = "0.1.0"

__all__ = [
    "Action",
    "Anomaly",
    "CommitUnknown",
    "ConcurrentUpdate",
    "Conflict",
    "DecisionContext",
    "EventType",
    "Executor",
    "Fee",
    "Fill",
    "IllegalTransition",
    "Instrument",
    "InstrumentKind",
    "InvalidInput",
    "Liquidity",
    "LocalFact",
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
    "PositionEffect",
    "PositionSide",
    "ReadOnly",
    "Recorded",
    "RecordedRequest",
    "ReportingType",
    "RequestFilter",
    "RequestStatus",
    "RiskCheck",
    "SchemaMismatch",
    "Side",
    "SotError",
    "Store",
    "StoreDamaged",
    "StoreError",
    "StoreUnavailable",
    "TimeInForce",
    "TimelineEntry",
    "UnattributedReport",
    "UnitOfWork",
    "Venue",
    "VenueError",
    "VenueNotReached",
    "VenueOutcomeUnknown",
    "VenueRefused",
    "VenueReport",
]
