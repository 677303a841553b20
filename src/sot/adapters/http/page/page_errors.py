"""Errors as pages: what happened, in plain words, and what the reader can do."""

from collections.abc import Mapping

import attrs

from sot.adapters.http.http_errors import (
    IdempotencyKeyReused,
    InvalidPageToken,
    InvalidParameter,
    MalformedBody,
    MethodNotAllowed,
    Misdirected,
    NotAllowed,
    PreconditionFailed,
    RouteNotFound,
    ServerBusy,
    TooManyStreams,
    UnsupportedMediaType,
)
from sot.adapters.http.page.csrf import ForeignForm
from sot.adapters.http.problems import RETRY_AFTER_SECONDS, printable, problem_type_of
from sot.domain.values import errors
from sot.domain.values.errors import InvalidInput, NotFound, SotError


@attrs.frozen(kw_only=True)
class ErrorModel:
    """What the page of an error shows.

    Attributes:
        detail: What is wrong, if the reader can do something about it.
        advice: What the reader can do.
    """

    title: str
    status: int
    detail: str
    advice: str


_FOREIGN_FORM_STATUS = 403
_WORDS: Mapping[type[SotError], tuple[str, str]] = {
    NotFound: (
        "Nothing is known under this name",
        "Check the address. What belongs to an account that your key does not open is not shown either.",
    ),
    RouteNotFound: ("There is no such page", "Check the address, or start from the list of orders."),
    MethodNotAllowed: ("This page cannot be used like that", "Open it by its address."),
    NotAllowed: (
        "Your key does not allow this",
        "Log in with a key that has the scope, or ask whoever made yours: sot keys create --scope read makes one.",
    ),
    ForeignForm: ("The form was not sent from here", "Open the page again, and send its form from there."),
    InvalidParameter: (
        "A filter cannot be read",
        "Change the value that is named here, or remove it from the address.",
    ),
    InvalidInput: ("A value cannot be read", "Change the value that is named here."),
    InvalidPageToken: ("This part of the list has moved", "Start at the first part of the list again."),
    MalformedBody: ("The form cannot be read", "Open the page again, and send its form from there."),
    UnsupportedMediaType: ("The form cannot be read", "Open the page again, and send its form from there."),
    TooManyStreams: (
        "Too many pages of your key are open",
        "Close one of them. This page works, but does not renew itself.",
    ),
    ServerBusy: ("The server has too much to do", "Nothing was changed. Try again in a moment."),
    Misdirected: (
        "The server has another name",
        "A server without keys answers to localhost only. Make a key to use other names: sot keys create.",
    ),
    PreconditionFailed: (
        "The order has changed meanwhile",
        "Nothing was recorded. Look at the order again, and open the form anew if it is still right.",
    ),
    IdempotencyKeyReused: (
        "This form was sent already, with other values",
        "The first ones were recorded. Open the form anew for another record.",
    ),
    errors.IllegalTransition: ("This is not possible any more", "Nothing was recorded. Look at the order again."),
    errors.Conflict: ("Somebody did this already", "Nothing was recorded. Look at the page again."),
    errors.CommitUnknown: (
        "It is unknown whether this was recorded",
        "Send the same form again: what was recorded is recognised, and recorded once.",
    ),
    errors.StoreDamaged: ("The store is damaged", "Run sot verify: it names what does not hold."),
    errors.ConcurrentUpdate: ("Others wrote at the same time", "Nothing was changed. Try again."),
    errors.StoreError: ("The store cannot be reached", "Try again in a moment. If it lasts, look at the database."),
}
_UNEXPECTED = ("Something went wrong", "Try again. The log of the server has the cause under the id of the request.")


def error_model(error: Exception) -> ErrorModel:
    """Return what the page of an error shows. It repeats no value that the browser sent."""
    status = _FOREIGN_FORM_STATUS if isinstance(error, ForeignForm) else problem_type_of(type(error)).status
    title, advice = next((_WORDS[cls] for cls in type(error).__mro__ if cls in _WORDS), _UNEXPECTED)
    return ErrorModel(title=title, status=status, detail=_detail(error, status), advice=advice)


def _detail(error: Exception, status: int) -> str:
    if isinstance(error, InvalidInput):
        return printable(f"{error.field}: give {error.allowed}")
    if isinstance(error, NotFound):
        return f"No {error.kind} is known under this name."
    return "" if status >= 500 else printable(str(error))


def retry_headers(status: int) -> dict[str, str]:
    """The header that says when to try again, for an error that passes."""
    return {"Retry-After": str(RETRY_AFTER_SECONDS)} if status in (429, 503) else {}
