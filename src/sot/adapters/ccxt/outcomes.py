"""What an error of ccxt says about a call: that the exchange refused it, that nothing was sent, or that nobody knows.

The table goes by the names of ccxt's classes, and has a row for every one of them. Where its answer is not certain, the
HTTP status decides, and where that is not either, the outcome is unknown: that is resolved by asking, while an order
that was wrongly taken as refused is lost.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, auto

from sot.domain.orders.anomalies import DUPLICATE_ORDER
from sot.domain.values.errors import VenueError, VenueNotReached, VenueOutcomeUnknown, VenueRefused


class Says(Enum):
    """What the class of an error says."""

    REFUSED = auto()
    """The exchange answered, and said no."""
    BY_STATUS = auto()
    """A refusal if the HTTP status blames the request (4xx), else unknown."""
    UNKNOWN = auto()


TABLE: Mapping[str, Says] = {
    # Answers of the exchange. Raised by ccxt itself, before anything is sent, they are VenueNotReached.
    "AuthenticationError": Says.REFUSED,
    "PermissionDenied": Says.REFUSED,
    "AccountNotEnabled": Says.REFUSED,
    "AccountSuspended": Says.REFUSED,
    "ArgumentsRequired": Says.REFUSED,
    "BadRequest": Says.REFUSED,
    "BadSymbol": Says.REFUSED,
    "OperationRejected": Says.REFUSED,
    "NoChange": Says.REFUSED,
    "MarginModeAlreadySet": Says.REFUSED,
    "MarketClosed": Says.REFUSED,
    "ManualInteractionNeeded": Says.REFUSED,
    "RestrictedLocation": Says.REFUSED,
    "InsufficientFunds": Says.REFUSED,
    "InvalidAddress": Says.REFUSED,
    "AddressPending": Says.REFUSED,
    "InvalidOrder": Says.REFUSED,
    "OrderNotFound": Says.REFUSED,
    "OrderNotCached": Says.REFUSED,
    "OrderImmediatelyFillable": Says.REFUSED,
    "OrderNotFillable": Says.REFUSED,
    "DuplicateOrderId": Says.REFUSED,
    "ContractUnavailable": Says.REFUSED,
    "NotSupported": Says.REFUSED,
    "InvalidProxySettings": Says.REFUSED,
    "InvalidNonce": Says.REFUSED,
    "ChecksumError": Says.REFUSED,
    # Too many requests: this one was turned away before it was processed.
    "RateLimitExceeded": Says.REFUSED,
    "DDoSProtection": Says.REFUSED,
    # What ccxt raises for codes that it does not know, for what stands between it and the exchange, and for HTML pages.
    "ExchangeError": Says.BY_STATUS,
    "NetworkError": Says.BY_STATUS,
    "ExchangeNotAvailable": Says.BY_STATUS,
    "OnMaintenance": Says.BY_STATUS,
    "BaseError": Says.UNKNOWN,
    "OperationFailed": Says.UNKNOWN,
    "RequestTimeout": Says.UNKNOWN,
    "BadResponse": Says.UNKNOWN,
    "NullResponse": Says.UNKNOWN,
    "CancelPending": Says.UNKNOWN,
    "ExchangeClosedByUser": Says.UNKNOWN,
    "UnsubscribeError": Says.UNKNOWN,
}

_PERHAPS_PROCESSED = frozenset({408, 409, 425, 499})
"""4xx that do not say that nothing happened: time-outs, and Binance's half of a cancel-and-replace (409)."""
_STATUS_UNKNOWN = re.compile(r"execution status unknown|send status unknown|unknown error", re.IGNORECASE)
_DUPLICATE = re.compile(
    r"duplicate\W+(client|order)|client\W?order\W?id\W+(is\W+)?(a\W+)?(duplicate|already|exist)", re.IGNORECASE
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_QUERY = re.compile(r"(https?://[^\s?]*)\?\S*")
_TEXT_LENGTH = 1_000
_NEVER_CONNECTED = frozenset({"NewConnectionError", "ConnectTimeoutError", "NameResolutionError"})


def outcome(error: Exception, requests: int, answered: bool, secrets: Iterable[str] = ()) -> VenueError:
    """What became of a call that raised, with nothing of `secrets` and of signed addresses in its text.

    `requests`: how many requests it made. `answered`: the last of them was answered without an error, so that it was
    ccxt that stumbled over what it read.
    """
    text = scrubbed(str(error), secrets)
    reason = _reason(error, text)
    if requests == 0 or (requests == 1 and _never_connected(error)):
        return VenueNotReached(reason, text)
    refused = not answered and _refused(error, text)
    return (VenueRefused if refused else VenueOutcomeUnknown)(reason, text)


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """A text that can be kept: without credentials and the queries of addresses, which are signed."""
    text = _QUERY.sub(r"\1", text)
    for secret in secrets:
        text = text.replace(secret, "***")
    return text[:_TEXT_LENGTH]


def _reason(error: Exception, text: str) -> str:
    name = type(error).__name__
    if name == "DuplicateOrderId" or _DUPLICATE.search(text):
        return DUPLICATE_ORDER
    return _WORDS.sub("_", name.replace("DDoS", "Ddos")).upper()


def _refused(error: Exception, text: str) -> bool:
    says = next((TABLE[cls.__name__] for cls in type(error).__mro__ if cls.__name__ in TABLE), Says.UNKNOWN)
    status = _http_status(error)
    if says is Says.UNKNOWN or _STATUS_UNKNOWN.search(text):
        return False
    if status is None:  # HTTP 200 with an error in it, or no answer at all
        return says is Says.REFUSED
    return 400 <= status < 500 and status not in _PERHAPS_PROCESSED


def _http_status(error: Exception) -> int | None:
    for behind in _chain(error):
        status = getattr(getattr(behind, "response", None), "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _never_connected(error: Exception) -> bool:
    """Whether there was no connection that anything could have been sent by, as the HTTP library tells."""
    names = {type(behind).__name__ for behind in _chain(error)}
    if names & {"ConnectTimeout", "InvalidProxySettings"}:
        return True
    return any(
        type(getattr(argument, "reason", None)).__name__ in _NEVER_CONNECTED
        for behind in _chain(error)
        for argument in behind.args
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from."""
    seen: set[int] = set()
    behind: BaseException | None = error
    while behind is not None and id(behind) not in seen:
        seen.add(id(behind))
        yield behind
        behind = behind.__cause__ or behind.__context__
