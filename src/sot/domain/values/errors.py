"""The errors of `sot`, in one tree.

    SotError
    ├── InvalidInput (ValueError)          a value that is not allowed, or an intent that makes no sense
    ├── NotFound (LookupError)             there is no such thing
    ├── Conflict                           the same key was used before for something else
    ├── IllegalTransition                  the order's state does not allow this command
    ├── NotExecutable                      the request was denied or withdrawn
    ├── ConcurrentUpdate                   another transaction was faster: run the use case again
    ├── CommitUnknown                      the connection was lost during COMMIT: read, then decide
    ├── UnitOfWorkFailed                   a use case failed halfway: roll back
    ├── ReadOnly                           a write in a read-only unit of work
    ├── StoreError                         the store cannot be used
    │   ├── StoreUnavailable               missing, locked or out of reach: try again later
    │   ├── StoreDamaged                   a stored row cannot be read
    │   └── SchemaMismatch                 created by another version of `sot`
    ├── MissingExtra (ImportError)         an optional package is not installed
    └── VenueError                         raised by venue adapters; one for each outcome of a call
        ├── VenueRefused                   the venue refuses
        ├── VenueNotReached                nothing was sent, for certain
        └── VenueOutcomeUnknown            it is not known whether the call arrived

The attributes of an error have the details; its message tells a person what to do.
"""

from collections.abc import Sequence
from typing import Any

_LONGEST_VALUE = 80
_HIDDEN = "raw_payload"
"""Fields that may have a secret of the venue's, so that no message shows their values."""


def _printable(value: object) -> str:
    """A short, printable form of a value of the caller."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 4 * _LONGEST_VALUE:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, (str, bytes)):
        value = value[: _LONGEST_VALUE + 1]
    try:
        text = f"the float {value!r}" if type(value) is float else ascii(value)
    except Exception:  # an object of the caller may raise whatever it likes
        text = f"an object of type {type(value).__name__}"
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "..."


class SotError(Exception):
    """The base of all errors of this library. It can be pickled, to be raised in another process."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(cls: type[SotError], args: tuple[Any, ...], attributes: dict[str, Any]) -> SotError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(attributes)
    return error


class InvalidInput(SotError, ValueError):
    """A value is not allowed. Nothing was written.

    Attributes:
        field: The name of the field.
        value: The value.
        allowed: What is allowed.
    """

    def __init__(self, field: str, value: object, allowed: str) -> None:
        is_hidden = _HIDDEN in field
        shown = f"a value of type {type(value).__name__}" if is_hidden else _printable(value)
        super().__init__(f"{field}: {shown} is not allowed; give {allowed}")
        self.field = field
        self.value = value
        self.allowed = allowed


class NotFound(SotError, LookupError):
    """There is no such thing.

    Attributes:
        kind: What was looked for, such as "order".
        name: Its id or name.
    """

    def __init__(self, kind: str, name: str, hint: str = "") -> None:
        super().__init__(f"no {kind} {_printable(name)} is known{'; ' + hint if hint else ''}")
        self.kind = kind
        self.name = name


class Conflict(SotError):
    """A name was used before for something else. Nothing was written.

    Attributes:
        kind: What the name stands for, such as "request".
        name: The id or name.
        differs: The fields that differ.
        hint: What to do, or more about the conflict; may be empty.
    """

    def __init__(self, kind: str, name: str, differs: Sequence[str] = (), hint: str = "") -> None:
        difference = f" with a different {', '.join(differs)}" if differs else ""
        super().__init__(f"{kind} {_printable(name)} is already recorded{difference}{'; ' + hint if hint else ''}")
        self.kind = kind
        self.name = name
        self.differs = tuple(differs)
        self.hint = hint


class IllegalTransition(SotError):
    """The state of the order does not allow an event. Nothing was written.

    Attributes:
        order_id: The order.
        status: Its status.
        event: The type of the event.
    """

    def __init__(self, order_id: str, status: str, event: str, hint: str) -> None:
        super().__init__(f"order {order_id} is {status}: {event} is not allowed; {hint}")
        self.order_id = order_id
        self.status = status
        self.event = event


class NotExecutable(SotError):
    """The request was denied or withdrawn. Submit a new one.

    Attributes:
        request_id: The request.
        status: DENIED or WITHDRAWN.
        reason: Why.
    """

    def __init__(self, request_id: str, status: str, reason: str) -> None:
        super().__init__(f"request {request_id} is {status} ({reason}) and cannot be executed; submit a new request")
        self.request_id = request_id
        self.status = status
        self.reason = reason


class ConcurrentUpdate(SotError):
    """Another transaction was faster. Run the whole use case again, as `store.run` does.

    Attributes:
        what: What the other transaction changed.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"another transaction was faster: {what}; run the use case again, as store.run does")
        self.what = what


class CommitUnknown(SotError):
    """The connection was lost during COMMIT: the transaction may or may not be stored. Read, then decide.

    Attributes:
        detail: The error of the connection.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(f"the connection was lost during COMMIT ({detail}); read what is stored, then decide")
        self.detail = detail


class UnitOfWorkFailed(SotError):
    """A use case failed halfway in this unit of work. It is refused until its transaction is rolled back.

    Attributes:
        error: The error with which the use case failed.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(
            f"a use case failed halfway in this unit of work ({type(error).__name__}: {error}); roll back its"
            " transaction, then run the use case again"
        )
        self.error = error


def error_after_failure(error: BaseException) -> SotError:
    """Return the error that a unit of work raises whenever it is used after a failure.

    A lost race stays one, so that the use case is run again, and so does an error of the store.
    """
    if isinstance(error, (ConcurrentUpdate, CommitUnknown, StoreError)):
        return error
    failed = UnitOfWorkFailed(error)
    failed.__cause__ = error
    return failed


class ReadOnly(SotError):
    """A write in a unit of work that was begun with `read_only=True`.

    Attributes:
        what: What was tried.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} in a read-only unit of work; begin one without read_only")
        self.what = what


class StoreError(SotError):
    """The store cannot be used.

    Attributes:
        url: The address of the store.
        detail: Why.
    """

    def __init__(self, url: str, detail: str) -> None:
        super().__init__(f"store {url}: {detail}")
        self.url = url
        self.detail = detail


class StoreUnavailable(StoreError):
    """The store is missing, locked or out of reach. Nothing is lost; try again later."""


class StoreDamaged(StoreError):
    """A stored row cannot be read."""


class SchemaMismatch(StoreError):
    """The schema was created by another version of `sot`.

    Attributes:
        found: The version of the schema.
        needed: The version that this `sot` needs.
    """

    def __init__(self, url: str, found: str, needed: str, hint: str) -> None:
        super().__init__(url, f"its schema is version {found}, this sot needs {needed}; {hint}")
        self.found = found
        self.needed = needed


DISTRIBUTION = "sot-orders"
"""What pip installs; the module that it brings is `sot`."""


class MissingExtra(SotError, ImportError):
    """An optional package is not installed.

    Attributes:
        extra: The extra of `sot-orders` to install.
    """

    def __init__(self, extra: str, what: str) -> None:
        super().__init__(f"{what} needs an optional package: pip install '{DISTRIBUTION}[{extra}]'")
        self.extra = extra


class VenueError(SotError):
    """A venue adapter raises it when a call has no report as its outcome.

    Attributes:
        reason: A short reason, in the words of the venue or the adapter.
        text: More about it; may be empty.
    """

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(f"{reason}: {text}" if text else str(reason))
        self.reason = reason
        self.text = text


class VenueRefused(VenueError):
    """The venue answered that it refuses."""


class VenueNotReached(VenueError):
    """The call failed before anything was sent, for certain."""


class VenueOutcomeUnknown(VenueError):
    """It is not known whether the call arrived, as after a time-out or a lost connection."""
