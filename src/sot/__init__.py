"""sot: the single source of truth for the orders of a trading application.

It records what was intended, what was sent, what the venue reported and what was traded, as facts that never change,
and derives everything else from them. The names here are those of the first steps; the rest is in `sot.venue`,
`sot.audit`, `sot.queries`, `sot.accounting` and `sot.errors`. Stores are imported from `sot.adapters.memory` and
`sot.adapters.sqlalchemy`. Importing `sot` loads neither SQLAlchemy nor any optional package.
"""

from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.application.support.retry import retry
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck
from sot.domain.values.errors import (
    CommitUnknown,
    ConcurrentUpdate,
    Conflict,
    IllegalTransition,
    InvalidInput,
    NotFound,
    SotError,
)
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import exact_float as exact
from sot.domain.values.vocabulary import (
    AccountEventType,
    Action,
    Anomaly,
    EventType,
    InstrumentKind,
    OrderStatus,
    OrderType,
    Outcome,
    Side,
    TimeInForce,
)
from sot.ports.store import Store, UnitOfWork

__version__ = "0.1.0"

__all__ = [
    "AccountEvent",
    "AccountEventType",
    "Action",
    "Anomaly",
    "CommitUnknown",
    "ConcurrentUpdate",
    "Conflict",
    "DecisionContext",
    "EventType",
    "Executor",
    "Fee",
    "IllegalTransition",
    "Instrument",
    "InstrumentKind",
    "InvalidInput",
    "NotFound",
    "OrderHistory",
    "OrderRequest",
    "OrderStatus",
    "OrderType",
    "Outcome",
    "RiskCheck",
    "Side",
    "SotError",
    "Store",
    "TimeInForce",
    "UnitOfWork",
    "VenueReport",
    "exact",
    "retry",
]
