"""sot: the single source of truth for the orders of a trading application.

It records what was intended, what was sent, what the venue reported and what was traded, as facts that never change,
and derives everything else from them. The names here are those of the first steps; the rest is in `sot.venue`,
`sot.audit`, `sot.queries`, `sot.accounting` and `sot.errors`. Stores are imported from `sot.adapters.memory` and
`sot.adapters.sqlalchemy`. Importing `sot` loads neither SQLAlchemy nor any optional package; each name loads its module
when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_NAMES = {
    "sot.application.executor": ("Executor",),
    "sot.application.history": ("OrderHistory",),
    "sot.application.support.retry": ("retry",),
    "sot.domain.accounting.account_event": ("AccountEvent",),
    "sot.domain.orders.report": ("Fee", "VenueReport"),
    "sot.domain.orders.request": ("DecisionContext", "OrderRequest", "RiskCheck"),
    "sot.domain.values.errors": (
        "CommitUnknown",
        "ConcurrentUpdate",
        "Conflict",
        "IllegalTransition",
        "InvalidInput",
        "NotFound",
        "SotError",
    ),
    "sot.domain.values.instrument": ("Instrument",),
    "sot.domain.values.numbers": ("exact",),
    "sot.domain.values.vocabulary": (
        "AccountEventType",
        "Action",
        "Anomaly",
        "EventType",
        "InstrumentKind",
        "OrderStatus",
        "OrderType",
        "Outcome",
        "Side",
        "TimeInForce",
    ),
    "sot.ports.store": ("Store", "UnitOfWork"),
}
"""The names by the module that each is loaded from, as a type checker sees them above."""

_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}

_RENAMED = {"exact": "exact_float"}
"""The names that their modules know by another name."""


if not TYPE_CHECKING:  # a type checker would take every name to exist

    def __getattr__(name: str) -> Any:
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(module), _RENAMED.get(name, name))
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
