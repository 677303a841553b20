"""From errors of ccxt to the outcome of a call: refused, not sent, or unknown.

`ERROR_MEANINGS` has a row for every error class of ccxt. Where the class is not certain, the HTTP status decides; where
that is not certain either, the outcome is unknown. An unknown outcome is resolved by a query, while an order that was
wrongly taken as refused would be lost.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, auto

from sot.domain.orders.anomalies import DUPLICATE_ORDER
from sot.domain.values.errors import VenueError, VenueNotReached, VenueOutcomeUnknown, VenueRefused


class ErrorMeaning(Enum):
    """The outcome that the class of an error stands for."""

    REFUSED = auto()
    """The exchange answered and refused the request."""
    BY_STATUS = auto()
    """A refusal if the HTTP status blames the request (4xx), else unknown."""
    UNKNOWN = auto()


ERROR_MEANINGS: Mapping[str, ErrorMeaning] = {
    # Responses of the exchange. If ccxt raises one before anything is sent, it is VenueNotReached.
    "AuthenticationError": ErrorMeaning.REFUSED,
    "PermissionDenied": ErrorMeaning.REFUSED,
    "AccountNotEnabled": ErrorMeaning.REFUSED,
    "AccountSuspended": ErrorMeaning.REFUSED,
    "ArgumentsRequired": ErrorMeaning.REFUSED,
    "BadRequest": ErrorMeaning.REFUSED,
    "BadSymbol": ErrorMeaning.REFUSED,
    "OperationRejected": ErrorMeaning.REFUSED,
    "NoChange": ErrorMeaning.REFUSED,
    "MarginModeAlreadySet": ErrorMeaning.REFUSED,
    "MarketClosed": ErrorMeaning.REFUSED,
    "ManualInteractionNeeded": ErrorMeaning.REFUSED,
    "RestrictedLocation": ErrorMeaning.REFUSED,
    "InsufficientFunds": ErrorMeaning.REFUSED,
    "InvalidAddress": ErrorMeaning.REFUSED,
    "AddressPending": ErrorMeaning.REFUSED,
    "InvalidOrder": ErrorMeaning.REFUSED,
    "OrderNotFound": ErrorMeaning.REFUSED,
    "OrderNotCached": ErrorMeaning.REFUSED,
    "OrderImmediatelyFillable": ErrorMeaning.REFUSED,
    "OrderNotFillable": ErrorMeaning.REFUSED,
    "DuplicateOrderId": ErrorMeaning.REFUSED,
    "ContractUnavailable": ErrorMeaning.REFUSED,
    "NotSupported": ErrorMeaning.REFUSED,
    "InvalidProxySettings": ErrorMeaning.REFUSED,
    "InvalidNonce": ErrorMeaning.REFUSED,
    "ChecksumError": ErrorMeaning.REFUSED,
    # Too many requests: this one was refused before it was processed.
    "RateLimitExceeded": ErrorMeaning.REFUSED,
    "DDoSProtection": ErrorMeaning.REFUSED,
    # For codes that ccxt does not know, for servers between it and the exchange, and for HTML pages.
    "ExchangeError": ErrorMeaning.BY_STATUS,
    "NetworkError": ErrorMeaning.BY_STATUS,
    "ExchangeNotAvailable": ErrorMeaning.BY_STATUS,
    "OnMaintenance": ErrorMeaning.BY_STATUS,
    "BaseError": ErrorMeaning.UNKNOWN,
    "OperationFailed": ErrorMeaning.UNKNOWN,
    "RequestTimeout": ErrorMeaning.UNKNOWN,
    "BadResponse": ErrorMeaning.UNKNOWN,
    "NullResponse": ErrorMeaning.UNKNOWN,
    "CancelPending": ErrorMeaning.UNKNOWN,
    "ExchangeClosedByUser": ErrorMeaning.UNKNOWN,
    "UnsubscribeError": ErrorMeaning.UNKNOWN,
}

_PERHAPS_PROCESSED = frozenset({408, 409, 425, 499})
"""4xx after which something may have happened: time-outs, and a half-done cancel-and-replace of Binance (409)."""
_STATUS_UNKNOWN = re.compile(r"execution status unknown|send status unknown|unknown error", re.IGNORECASE)
_DUPLICATE = re.compile(
    r"duplicate\W+(client|order)|client\W?order\W?id\W+(is\W+)?(a\W+)?(duplicate|already|exist)", re.IGNORECASE
)
_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_QUERY = re.compile(r"(https?://[^\s?]*)\?\S*")
_TEXT_LENGTH = 1_000
_NEVER_CONNECTED = frozenset({"NewConnectionError", "ConnectTimeoutError", "NameResolutionError"})


def venue_error(error: Exception, requests: int, answered: bool, secrets: Iterable[str] = ()) -> VenueError:
    """The error of a venue that an error of a call stands for.

    Args:
        error: The error that the call raised.
        requests: How many requests the call made.
        answered: Whether the last request was answered without an error, so that ccxt failed to read the response.
        secrets: Texts that are removed from the message.
    """
    text = without_secrets(str(error), secrets)
    reason = _reason(error, text)
    if requests == 0 or (requests == 1 and _never_connected(error)):
        return VenueNotReached(reason, text)
    refused = not answered and _is_refused(error, text)
    return (VenueRefused if refused else VenueOutcomeUnknown)(reason, text)


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """A text without credentials, and without the queries of addresses, which are signed."""
    text = _QUERY.sub(r"\1", text)
    for secret in secrets:
        text = text.replace(secret, "***")
    return text[:_TEXT_LENGTH]


def _reason(error: Exception, text: str) -> str:
    name = type(error).__name__
    if name == "DuplicateOrderId" or _DUPLICATE.search(text):
        return DUPLICATE_ORDER
    return _WORD_BOUNDARY.sub("_", name.replace("DDoS", "Ddos")).upper()


def _is_refused(error: Exception, text: str) -> bool:
    names = (cls.__name__ for cls in type(error).__mro__)
    meaning = next((ERROR_MEANINGS[name] for name in names if name in ERROR_MEANINGS), ErrorMeaning.UNKNOWN)
    status = _http_status(error)
    if meaning is ErrorMeaning.UNKNOWN or _STATUS_UNKNOWN.search(text):
        return False
    if status is None:  # HTTP 200 with an error in it, or no answer at all
        return meaning is ErrorMeaning.REFUSED
    return 400 <= status < 500 and status not in _PERHAPS_PROCESSED


def _http_status(error: Exception) -> int | None:
    for cause in _chain(error):
        status = getattr(getattr(cause, "response", None), "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _never_connected(error: Exception) -> bool:
    """Whether the HTTP library had no connection, so that nothing was sent."""
    names = {type(cause).__name__ for cause in _chain(error)}
    if names & {"ConnectTimeout", "InvalidProxySettings"}:
        return True
    return any(
        type(getattr(argument, "reason", None)).__name__ in _NEVER_CONNECTED
        for cause in _chain(error)
        for argument in cause.args
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__
