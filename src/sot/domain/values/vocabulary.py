"""The closed vocabularies. Names follow FIX where FIX has one."""

from enum import StrEnum, auto


class _NamedEnum(StrEnum):
    """An enumeration whose values are the names of its members."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        return name


class Action(_NamedEnum):
    """What a request asks for."""

    NEW = auto()
    REPLACE = auto()
    CANCEL = auto()


class Side(_NamedEnum):
    """The side of an order or an execution (FIX tag 54)."""

    BUY = auto()
    SELL = auto()


class OrderType(_NamedEnum):
    """The type of an order (FIX tag 40, and types that venues add to it)."""

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


class TimeInForce(_NamedEnum):
    """How long an order stays in force (FIX tag 59)."""

    DAY = auto()
    GTC = auto()
    IOC = auto()
    FOK = auto()
    GTD = auto()
    OPG = auto()
    CLS = auto()


class PositionSide(_NamedEnum):
    """The position that an order changes, where a venue keeps long and short positions apart."""

    NET = auto()
    LONG = auto()
    SHORT = auto()


class PositionEffect(_NamedEnum):
    """Whether an order opens or closes a position (FIX tag 77)."""

    OPEN = auto()
    CLOSE = auto()


class Method(_NamedEnum):
    """Which lot a closing trade reduces: the average of all, the first or last in, the highest or lowest priced."""

    AVERAGE = auto()
    FIFO = auto()
    LIFO = auto()
    HIFO = auto()
    LOFO = auto()


class GainFlag(_NamedEnum):
    """Why a figure of a capital gain is not known, or not all of it.

    Units that were not there have no cost; a cost, proceeds or fees have no rate into the currency of the row.
    """

    MISSING_UNITS = auto()
    UNVALUED_COST = auto()
    UNVALUED_PROCEEDS = auto()
    UNVALUED_FEES = auto()


class GroupBy(_NamedEnum):
    """What results and costs are summed by."""

    DAY = auto()
    SYMBOL = auto()
    STRATEGY = auto()
    ORDER = auto()


class FactKind(_NamedEnum):
    """The kinds of facts, as the feed and checkpoints name them."""

    INSTRUMENT = auto()
    REQUEST = auto()
    CONTEXT = auto()
    RISK_CHECK = auto()
    WITHDRAWAL = auto()
    UNATTRIBUTED = auto()
    ACCOUNT_EVENT = auto()
    RECONCILIATION = auto()
    EVENT = auto()


class AccountEventType(_NamedEnum):
    """The types of account events: what changes a position or its result without an order."""

    TRANSFER = auto()
    FUNDING = auto()
    INTEREST = auto()
    DIVIDEND = auto()
    SPLIT = auto()
    FEE_ADJUSTMENT = auto()
    COST_ADJUSTMENT = auto()
    SPIN_OFF = auto()
    EXPIRY = auto()
    EXERCISE = auto()
    ASSIGNMENT = auto()


class ReconciliationType(_NamedEnum):
    """The types of the rows of a reconciliation."""

    RUN = auto()
    INPUT = auto()
    FINDING = auto()
    RESOLUTION = auto()


class Mismatch(_NamedEnum):
    """How the history and a venue differ."""

    MISSING_LOCAL = auto()
    """The venue has an order that the history does not have."""
    MISSING_AT_VENUE = auto()
    """The history has an open order, or an execution, that the venue does not have."""
    STATUS_DIFFERS = auto()
    QUANTITY_DIFFERS = auto()
    """Executed quantities differ, and no listed execution explains it."""
    MISSING_EXECUTION = auto()
    """The venue lists an execution of a known order that the history does not have."""
    CONFLICTING_EXECUTION = auto()
    """Both have the execution, with different terms."""
    UNKNOWN_ORDER = auto()
    """The order of an execution, or of a waiting report, is in neither list of orders."""
    OVERFILL = auto()
    """More was executed than was ordered."""
    POSITION_DIFFERS = auto()
    BALANCE_DIFFERS = auto()
    """The balance of an asset differs from the venue's wallet."""
    TERMS_DIFFER = auto()
    """The order quantity, limit price or stop price of an open order differs."""
    IN_DOUBT = auto()
    """The outcome of a request is not known."""


class WaitingReason(_NamedEnum):
    """Why a report waits for its order."""

    UNKNOWN_REFERENCE = auto()
    """No order goes by its identifiers."""
    CONTRADICTED_NAME = auto()
    """Orders go by its identifiers, but it contradicts each of them: their symbol, side or venue order id."""
    AMBIGUOUS_NAME = auto()
    """Orders go by its identifiers, and which of them is meant is not certain."""
    UNSENT_REQUEST = auto()
    """A request that was not sent yet has its client order id."""
    NO_IDENTIFIER = auto()
    """It carries no identifier of an order."""


class WaitingRemedy(_NamedEnum):
    """What can end the wait of a report."""

    ADOPT = auto()
    """Adopt the order, which no request made."""
    SUBMIT_REQUEST = auto()
    """Record the request that made the order, and that it was sent."""
    MARK_SENT = auto()
    """Record that the request was sent."""
    ATTRIBUTE = auto()
    """Say which order the report is about."""
    NARROW_IDENTIFIERS = auto()
    """Give `id_scope` or `venue_account` with orders and reports, so that later reports are not ambiguous."""
    REGISTER_INSTRUMENT = auto()
    """Register the instrument, so that its executions can be valued."""


class Resolution(_NamedEnum):
    """How a finding was closed."""

    AGREES = auto()
    """A later comparison does not find it any more."""
    SUPERSEDED = auto()
    """A later comparison finds it with other figures."""
    HEALED = auto()
    """The venue's reports were recorded, which resolved it."""
    ACCEPTED = auto()
    """A person closed it."""


class AccessScope(_NamedEnum):
    """What an API key allows. Scopes do not include each other."""

    READ = auto()
    SUBMIT = auto()
    EXECUTE = auto()
    RECONCILE = auto()
    ADMIN = auto()
    METRICS = auto()


class InstrumentKind(_NamedEnum):
    """The kinds of instruments."""

    SPOT = auto()
    MARGIN = auto()
    """Spot with borrowing: it may be sold short. Also a symbol that is traded with and without borrowing."""
    EQUITY = auto()
    FX = auto()
    FUTURE = auto()
    PERPETUAL = auto()
    OPTION = auto()
    OTHER = auto()


class OptionRight(_NamedEnum):
    """What the owner of an option may do: buy or sell the underlying (FIX tag 201)."""

    CALL = auto()
    PUT = auto()


class Liquidity(_NamedEnum):
    """Whether an execution added or removed liquidity (FIX tag 851)."""

    MAKER = auto()
    TAKER = auto()


class ReportingType(_NamedEnum):
    """What a report is about: a security, a leg of a strategy, or the strategy as a whole (FIX tag 442)."""

    SINGLE = auto()
    LEG = auto()
    SUMMARY = auto()


class Origin(_NamedEnum):
    """The origin of an event."""

    LOCAL = auto()
    VENUE = auto()
    RECONCILIATION = auto()
    IMPORT = auto()


class OrderStatus(_NamedEnum):
    """The status of an order (FIX tag 39), in FIX's order of precedence, highest first; two of our own come last."""

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


class RequestStatus(_NamedEnum):
    """The status of a request."""

    PENDING = auto()
    DENIED = auto()
    WITHDRAWN = auto()
    EXECUTED = auto()


class EventType(_NamedEnum):
    """The types of order events: ours first, then the venue's (FIX tag 150)."""

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
"""The types that a venue's report may have."""

LOCAL_EVENT_TYPES = tuple(EventType)[: tuple(EventType).index(EventType.PENDING_NEW)]
"""The types of our own events."""


class Anomaly(_NamedEnum):
    """What is wrong with a report. An anomaly is data on the event, never a reason to refuse it."""

    DUPLICATE_CONFLICT = auto()
    OVERFILL = auto()
    LATE = auto()
    OUT_OF_ORDER = auto()
    CUM_MISMATCH = auto()
    UNKNOWN_REFERENCE = auto()
    UNKNOWN_INSTRUMENT = auto()
    INVALID = auto()
    ILLEGAL = auto()
    POSSIBLE_REPEAT = auto()
    """It has the words of an earlier report, and takes effect again."""
    PRICE_DERIVED = auto()
    """The price of the execution was derived from the average price and the cumulative quantity."""
    TERMS_DIFFER = auto()
    """The venue has a price or an order quantity that nobody asked for."""
    AMBIGUOUS_NAME = auto()
    """Its identifiers name several orders, or an order that something else in the report speaks against."""


class IdentifierKind(_NamedEnum):
    """Who assigned an identifier of an order: the client or the venue."""

    CLIENT = auto()
    VENUE = auto()


class Outcome(_NamedEnum):
    """What recording did: added a fact, found a repeat, or added a fact with anomalies."""

    RECORDED = auto()
    REPEATED = auto()
    FLAGGED = auto()
