"""Every error that `sot` raises, in one tree.

    SotError
    ├── InvalidInput (ValueError)          a value that cannot be read exactly, or an intent that makes no sense
    ├── NotFound (LookupError)             nothing is known under that name
    ├── Conflict                           the same name was used before for something else
    ├── IllegalTransition                  the order's state does not allow this command
    ├── NotExecutable                      a request that was denied or withdrawn
    ├── ConcurrentUpdate                   a lost race: run the use case again
    ├── CommitUnknown                      the answer to COMMIT was lost: read, then decide
    ├── ReadOnly                           a write in a read-only unit of work
    ├── StoreError                         the store cannot be used
    │   ├── StoreUnavailable               missing, locked or out of reach: try again later
    │   ├── StoreDamaged                   what is stored cannot be read
    │   └── SchemaMismatch                 made by another version of `sot`
    ├── MissingExtra (ImportError)         an optional package is not installed
    └── VenueError                         what a venue adapter raises; the three outcomes of a call
        ├── VenueRefused                   the venue said no
        ├── VenueNotReached                known for sure: nothing was sent
        └── VenueOutcomeUnknown            it may or may not have arrived

Each carries its facts as attributes, and its message says what to do.
"""

from collections.abc import Sequence

_SHOWN_AT_MOST = 80


def shown(value: object) -> str:
    """A short, printable form of a value that a caller gave, safe to put into a message."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 4 * _SHOWN_AT_MOST:
        return f"an integer of {value.bit_length()} bits"
    text = ascii(value)
    return text if len(text) <= _SHOWN_AT_MOST else text[:_SHOWN_AT_MOST] + "..."


class SotError(Exception):
    """The root of all errors of this library."""


class InvalidInput(SotError, ValueError):
    """A value that is not allowed. Nothing was written.

    Attributes: `field` (its name), `value` (what was given), `allowed` (what may be given).
    """

    def __init__(self, field: str, value: object, allowed: str) -> None:
        super().__init__(f"{field}: {shown(value)} is not allowed; give {allowed}")
        self.field = field
        self.value = value
        self.allowed = allowed


class NotFound(SotError, LookupError):
    """Nothing of this `kind` is known under this `name`."""

    def __init__(self, kind: str, name: str, hint: str = "") -> None:
        super().__init__(f"no {kind} {shown(name)} is known{'; ' + hint if hint else ''}")
        self.kind = kind
        self.name = name


class Conflict(SotError):
    """`name` already stands for a different `kind`; `differs` lists the fields that are not the same.

    `hint` says what else there is to say, or is empty.
    """

    def __init__(self, kind: str, name: str, differs: Sequence[str] = (), hint: str = "") -> None:
        what = f" with other {', '.join(differs)}" if differs else ""
        super().__init__(f"{kind} {shown(name)} is already recorded{what}{'; ' + hint if hint else ''}")
        self.kind = kind
        self.name = name
        self.differs = tuple(differs)
        self.hint = hint


class IllegalTransition(SotError):
    """The order's `status` does not allow `event`. Nothing was written."""

    def __init__(self, order_id: str, status: str, event: str, hint: str) -> None:
        super().__init__(f"order {order_id} is {status}: {event} is not allowed; {hint}")
        self.order_id = order_id
        self.status = status
        self.event = event


class NotExecutable(SotError):
    """The request is DENIED or WITHDRAWN (`status`) and makes no order; submit a new one."""

    def __init__(self, request_id: str, status: str, reason: str) -> None:
        super().__init__(f"request {request_id} is {status} ({reason}) and cannot be executed; submit a new request")
        self.request_id = request_id
        self.status = status
        self.reason = reason


class ConcurrentUpdate(SotError):
    """Another transaction was faster (`what` tells where). Run the whole use case again, as `store.run` does."""

    def __init__(self, what: str) -> None:
        super().__init__(f"lost a race: {what}; run the use case again (store.run does)")
        self.what = what


class CommitUnknown(SotError):
    """The connection was lost while COMMIT was under way: it may or may not have been stored. Read, then decide."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"the answer to COMMIT was lost ({detail}); read what is stored, then decide")
        self.detail = detail


class ReadOnly(SotError):
    """A write was tried in a unit of work begun with `read_only=True`."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} in a read-only unit of work; begin one without read_only")
        self.what = what


class StoreError(SotError):
    """The store at `url` cannot be used; `detail` says why."""

    def __init__(self, url: str, detail: str) -> None:
        super().__init__(f"store {url}: {detail}")
        self.url = url
        self.detail = detail


class StoreUnavailable(StoreError):
    """The store is missing, locked or out of reach. Nothing was lost; try again later."""


class StoreDamaged(StoreError):
    """What is stored cannot be read."""


class SchemaMismatch(StoreError):
    """The schema was made by another version of `sot` (`found`), this one needs `needed`."""

    def __init__(self, url: str, found: str, needed: str, hint: str) -> None:
        super().__init__(url, f"its schema is version {found}, this sot needs {needed}; {hint}")
        self.found = found
        self.needed = needed


class MissingExtra(SotError, ImportError):
    """An optional package is needed; `extra` names what to install."""

    def __init__(self, extra: str, what: str) -> None:
        super().__init__(f"{what} needs an optional package: pip install 'sot[{extra}]'")
        self.extra = extra


class VenueError(SotError):
    """What a venue adapter raises when a call gave no report; `reason` is the venue's or the adapter's own word."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(f"{reason}: {text}" if text else str(reason))
        self.reason = reason
        self.text = text


class VenueRefused(VenueError):
    """The venue answered and said no."""


class VenueNotReached(VenueError):
    """Known for sure: the call failed before anything was sent."""


class VenueOutcomeUnknown(VenueError):
    """The call may or may not have arrived: a time-out, a lost connection."""
