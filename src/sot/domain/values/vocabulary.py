"""The closed vocabularies of the trade. Names follow FIX where FIX has a word."""

from enum import StrEnum, auto


class _Word(StrEnum):
    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        return name


class Action(_Word):
    """What a request asks for."""

    NEW = auto()
    REPLACE = auto()
    CANCEL = auto()


class Side(_Word):
    """FIX tag 54, as far as positions need it."""

    BUY = auto()
    SELL = auto()


class OrderType(_Word):
    """FIX tag 40 and the types that venues add to it."""

    MARKET = auto()
    LIMIT = auto()
    STOP = auto()
    STOP_LIMIT = auto()
    TRAILING_STOP = auto()
    TRAILING_STOP_LIMIT = auto()
    MARKET_IF_TOUCHED = auto()
    LIMIT_IF_TOUCHED = auto()
    MARKET_TO_LIMIT = auto()
    PEGGED = auto()
    OTHER = auto()


class TimeInForce(_Word):
    """FIX tag 59."""

    DAY = auto()
    GTC = auto()
    IOC = auto()
    FOK = auto()
    GTD = auto()
    OPG = auto()
    CLS = auto()


class PositionSide(_Word):
    """Which position an order works on, where a venue keeps long and short apart."""

    NET = auto()
    LONG = auto()
    SHORT = auto()


class PositionEffect(_Word):
    """FIX tag 77: whether an order opens or closes a position."""

    OPEN = auto()
    CLOSE = auto()


class Method(_Word):
    """Which lot a closing trade takes: the average of all, the first or last in, the highest or lowest priced."""

    AVERAGE = auto()
    FIFO = auto()
    LIFO = auto()
    HIFO = auto()
    LOFO = auto()


class GroupBy(_Word):
    """What results and costs are summed by."""

    DAY = auto()
    SYMBOL = auto()
    STRATEGY = auto()
    ORDER = auto()


class FactKind(_Word):
    """What kinds of facts there are, as the feed and checkpoints name them."""

    INSTRUMENT = auto()
    REQUEST = auto()
    CONTEXT = auto()
    RISK_CHECK = auto()
    WITHDRAWAL = auto()
    UNATTRIBUTED = auto()
    ACCOUNT_EVENT = auto()
    RECONCILIATION = auto()
    EVENT = auto()


class AccountEventType(_Word):
    """What moves a position or its result without an order."""

    TRANSFER = auto()
    FUNDING = auto()
    INTEREST = auto()
    DIVIDEND = auto()
    SPLIT = auto()
    FEE_ADJUSTMENT = auto()


class ReconciliationType(_Word):
    """What a row of `exchange_reconciliation` states."""

    RUN = auto()
    INPUT = auto()
    FINDING = auto()
    RESOLUTION = auto()


class Mismatch(_Word):
    """How history and venue differ."""

    MISSING_LOCAL = auto()
    """The venue has an order that the history does not have."""
    MISSING_AT_VENUE = auto()
    """The history has an open order, or an execution, that the venue does not have."""
    STATUS_DIFFERS = auto()
    QUANTITY_DIFFERS = auto()
    """Ordered or executed quantities differ, and no listed execution explains it."""
    MISSING_EXECUTION = auto()
    """The venue lists an execution of a known order that the history does not have."""
    CONFLICTING_EXECUTION = auto()
    """Both have the execution, and say different things about it."""
    UNKNOWN_ORDER = auto()
    """An execution, or a report that waits, is of an order that neither side names."""
    OVERFILL = auto()
    """More was executed than was ordered."""
    POSITION_DIFFERS = auto()
    IN_DOUBT = auto()
    """What became of a request is not known."""


class Resolution(_Word):
    """How a finding was closed."""

    AGREES = auto()
    """A later comparison saw that it no longer holds."""
    SUPERSEDED = auto()
    """A later comparison found it with other figures."""
    HEALED = auto()
    """What the venue reports was recorded, and then it no longer held."""
    ACCEPTED = auto()
    """A person looked at it and closed it."""


class AccessScope(_Word):
    """What a key of the API allows; each by itself."""

    READ = auto()
    SUBMIT = auto()
    EXECUTE = auto()
    RECONCILE = auto()
    ADMIN = auto()


class InstrumentKind(_Word):
    """What is traded."""

    SPOT = auto()
    EQUITY = auto()
    FX = auto()
    FUTURE = auto()
    PERPETUAL = auto()
    OPTION = auto()
    OTHER = auto()


class Liquidity(_Word):
    """FIX tag 851: whether an execution added liquidity or took it."""

    MAKER = auto()
    TAKER = auto()


class ReportingType(_Word):
    """FIX tag 442: a whole security, a leg of a strategy, or the strategy as a whole."""

    SINGLE = auto()
    LEG = auto()
    SUMMARY = auto()


class Origin(_Word):
    """Where an event came from."""

    LOCAL = auto()
    VENUE = auto()
    RECONCILIATION = auto()
    IMPORT = auto()


class OrderStatus(_Word):
    """FIX tag 39 in FIX's order of precedence (highest first), completed by what precedes the venue."""

    PENDING_CANCEL = auto()
    PENDING_REPLACE = auto()
    DONE_FOR_DAY = auto()
    CALCULATED = auto()
    FILLED = auto()
    STOPPED = auto()
    SUSPENDED = auto()
    CANCELED = auto()
    EXPIRED = auto()
    PARTIALLY_FILLED = auto()
    REJECTED = auto()
    NEW = auto()
    PENDING_NEW = auto()
    FAILED = auto()
    CREATED = auto()


class RequestStatus(_Word):
    """What became of a request."""

    PENDING = auto()
    DENIED = auto()
    WITHDRAWN = auto()
    EXECUTED = auto()


class EventType(_Word):
    """What an order event states: ours first, then the venue's (FIX tag 150)."""

    CREATED = auto()
    SUBMITTED = auto()
    SUBMISSION_UNKNOWN = auto()
    FAILED = auto()
    CANCEL_REQUESTED = auto()
    CANCEL_UNKNOWN = auto()
    CANCEL_FAILED = auto()
    REPLACE_REQUESTED = auto()
    REPLACE_UNKNOWN = auto()
    REPLACE_FAILED = auto()
    MARKED = auto()
    VOIDED = auto()
    RESOLVED = auto()
    ATTRIBUTED = auto()

    PENDING_NEW = auto()
    NEW = auto()
    REJECTED = auto()
    TRADE = auto()
    TRADE_CORRECT = auto()
    TRADE_CANCEL = auto()
    SUPPLEMENTED = auto()
    PENDING_CANCEL = auto()
    CANCELED = auto()
    CANCEL_REJECTED = auto()
    PENDING_REPLACE = auto()
    REPLACED = auto()
    REPLACE_REJECTED = auto()
    RESTATED = auto()
    TRIGGERED = auto()
    STOPPED = auto()
    SUSPENDED = auto()
    EXPIRED = auto()
    DONE_FOR_DAY = auto()
    CALCULATED = auto()
    ORDER_STATUS = auto()


VENUE_EVENT_TYPES = tuple(EventType)[tuple(EventType).index(EventType.PENDING_NEW) :]


LOCAL_EVENT_TYPES = tuple(EventType)[: tuple(EventType).index(EventType.PENDING_NEW)]


class Anomaly(_Word):
    """What is odd about a report. It is data on the event, never a reason to refuse it."""

    DUPLICATE_CONFLICT = auto()
    OVERFILL = auto()
    LATE = auto()
    OUT_OF_ORDER = auto()
    CUM_MISMATCH = auto()
    UNKNOWN_REFERENCE = auto()
    UNKNOWN_INSTRUMENT = auto()
    INVALID = auto()
    ILLEGAL = auto()


class IdentifierKind(_Word):
    """Whose name for an order an identifier is."""

    CLIENT = auto()
    VENUE = auto()


class Outcome(_Word):
    """What recording something did."""

    RECORDED = auto()
    REPEATED = auto()
    FLAGGED = auto()
