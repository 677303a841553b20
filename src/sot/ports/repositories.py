"""Where facts are kept and found again. `account_id` narrows every look-up that can be narrowed."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sot.domain.access import ApiKey, IdempotencyRecord
from sot.domain.account_event import AccountEvent
from sot.domain.costs import OrderCosts
from sot.domain.event import OrderEvent
from sot.domain.fill import Fill
from sot.domain.folding import PositionKey
from sot.domain.instrument import Instrument
from sot.domain.intent import DecisionContext
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl
from sot.domain.position import PositionState
from sot.domain.vocabulary import IdentifierKind
from sot.ports.records import (
    AccountEventFilter,
    Claims,
    Identifier,
    Known,
    OrderFilter,
    Page,
    PageKey,
    Prefix,
    ReconciliationFilter,
    RecordedAccountEvent,
    RecordedCheck,
    RecordedReconciliation,
    RecordedRequest,
    RecordedWithdrawal,
    RequestFilter,
    StateAfter,
    UnattributedReport,
)


class Instruments(Protocol):
    """Append-only versions of instruments."""

    @abstractmethod
    def add(self, instrument: Instrument, hash: str, recorded_at: datetime) -> None:
        """Keep a version. Raises at the latest on commit: ConcurrentUpdate, if its `valid_from` is taken."""
        raise NotImplementedError

    @abstractmethod
    def versions(self, account_id: str, venue: str, symbol: str) -> Sequence[Instrument]:
        """All versions, oldest `valid_from` first; empty for an unknown symbol."""
        raise NotImplementedError


class Requests(Protocol):
    """Intents, with context, checks and withdrawals."""

    @abstractmethod
    def add(self, request: RecordedRequest) -> None:
        """Keep a request with its context and checks.

        Raises at the latest on commit: ConcurrentUpdate, if its key, client order id or request id is taken.
        """
        raise NotImplementedError

    @abstractmethod
    def add_context(self, request: RecordedRequest, context: DecisionContext, hash: str) -> None:
        """Keep the context of a request that was added without it."""
        raise NotImplementedError

    @abstractmethod
    def add_check(self, request: RecordedRequest, check: RecordedCheck) -> None:
        """Keep one more check of a request."""
        raise NotImplementedError

    @abstractmethod
    def add_withdrawal(self, request: RecordedRequest, withdrawal: RecordedWithdrawal) -> None:
        """Keep that a request was withdrawn."""
        raise NotImplementedError

    @abstractmethod
    def get(self, request_id: str, lock: bool = False) -> RecordedRequest | None:
        """The request of this id.

        With `lock`, what was said of it stays as read until the end of the transaction: whoever adds to it or executes
        it at the same time waits, or loses with ConcurrentUpdate.
        """
        raise NotImplementedError

    @abstractmethod
    def by_key(self, account_id: str, key: str, client_order_id: str | None) -> Sequence[RecordedRequest]:
        """The requests that have this idempotency key or this client order id."""
        raise NotImplementedError

    @abstractmethod
    def list(self, filter: RequestFilter, after: PageKey | None, limit: int) -> Page[RecordedRequest]:
        """Requests by (recorded_at, request_id), after a place."""
        raise NotImplementedError


class Orders(Protocol):
    """Orders with the cached fold of their facts."""

    @abstractmethod
    def add(self, order: Order) -> None:
        """Keep a new order.

        Raises at the latest on commit: ConcurrentUpdate, if its request has an order already.
        """
        raise NotImplementedError

    @abstractmethod
    def save(self, order: Order) -> None:
        """Keep the changed state of an order that this unit of work gave out or was given.

        Raises at the latest on commit: ConcurrentUpdate, if somebody else changed it.
        """
        raise NotImplementedError

    @abstractmethod
    def rewrite(self, order: Order) -> None:
        """Write the row of an order anew as its state gives it, without a step of its version.

        Raises at the latest on commit: ConcurrentUpdate, if somebody else changed it.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, order_id: str) -> Order | None:
        """The order of this id; within one unit of work always the same object."""
        raise NotImplementedError

    @abstractmethod
    def by_request(self, account_id: str, request_id: str) -> Order | None:
        """The order that a NEW request made."""
        raise NotImplementedError

    @abstractmethod
    def list(self, filter: OrderFilter, after: PageKey | None, limit: int) -> Page[Order]:
        """Orders by (created_at, order_id), after a place."""
        raise NotImplementedError


class Identifiers(Protocol):
    """Every name by which an order is or was known, and the names that waiting reports give."""

    @abstractmethod
    def add(self, identifier: Identifier, order_id: str) -> None:
        """The order goes by this name; telling it twice is no error."""
        raise NotImplementedError

    @abstractmethod
    def of(self, account_id: str, order_id: str) -> Sequence[Identifier]:
        """Every name of an order, in order."""
        raise NotImplementedError

    @abstractmethod
    def claims(self, account_id: str, kind: IdentifierKind, value: str) -> Claims:
        """Who goes by this name in this account, at any venue."""
        raise NotImplementedError


class Events(Protocol):
    """The facts about orders: append-only, gapless per order."""

    @abstractmethod
    def append(self, event: OrderEvent) -> None:
        """Keep the next event of an order; `event.body()` is the canonical form that `event.hash` covers.

        Raises at the latest on commit: ConcurrentUpdate, if its sequence is taken.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        """One event."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        """Events of an order in sequence."""
        raise NotImplementedError

    @abstractmethod
    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        """Events of an order whose report carries this execution id, in sequence."""
        raise NotImplementedError

    @abstractmethod
    def by_said(self, account_id: str, order_id: str, said: str) -> OrderEvent | None:
        """The event of an order that states exactly this."""
        raise NotImplementedError


class Fills(Protocol):
    """Every version of every execution: append-only."""

    @abstractmethod
    def append(self, fill: Fill) -> None:
        """Keep a version."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        """All versions of an order's executions, by (execution, version)."""
        raise NotImplementedError

    @abstractmethod
    def holding(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        """The versions that hold after the event `upto`, busted ones too, of executions behind one, by execution."""
        raise NotImplementedError

    @abstractmethod
    def known_as(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        """All versions of the one execution that is or was known by this id; empty if there is none."""
        raise NotImplementedError

    @abstractmethod
    def of_position(
        self,
        key: PositionKey,
        since: datetime | None = None,
        known: Known | None = None,
        before: datetime | None = None,
    ) -> Sequence[Fill]:
        """The executions that hold and move this position, in no order.

        With `since`, only those that happened then or later, with `before`, earlier; with `known`, as they were known.
        """
        raise NotImplementedError

    @abstractmethod
    def moment_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        """A moment behind `since` before which about so many versions of executions happened, from `since` on.

        None: there are no more than these.
        """
        raise NotImplementedError

    @abstractmethod
    def changed_after(self, key: PositionKey, moment: datetime) -> datetime | None:
        """When the first execution of this position happened of which something was recorded after a moment."""
        raise NotImplementedError

    @abstractmethod
    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        """The positions that executions of an account name, in order."""
        raise NotImplementedError


class Reports(Protocol):
    """Reports for no known order: append-only; which of them still wait is derived."""

    @abstractmethod
    def add(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        """Keep a report, waiting under each of its names (kind, value)."""
        raise NotImplementedError

    @abstractmethod
    def wait(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        """Let a report that is kept, and does not wait, wait under these names."""
        raise NotImplementedError

    @abstractmethod
    def get(self, account_id: str, report_id: str) -> UnattributedReport | None:
        """One report, whether it still waits or not."""
        raise NotImplementedError

    @abstractmethod
    def by_said(self, account_id: str, said: str) -> UnattributedReport | None:
        """The report that states exactly this."""
        raise NotImplementedError

    @abstractmethod
    def waits(self, report: UnattributedReport) -> bool:
        """Whether it still waits."""
        raise NotImplementedError

    @abstractmethod
    def attributed(self, report: UnattributedReport) -> None:
        """It waits no longer."""
        raise NotImplementedError

    @abstractmethod
    def kept(self, account_id: str) -> Sequence[UnattributedReport]:
        """All reports, whether they still wait or not, oldest first."""
        raise NotImplementedError

    @abstractmethod
    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        """The reports that still wait, by `report_id`, which ascends with time; those after one."""
        raise NotImplementedError


class Costs(Protocol):
    """Derived: one row per order."""

    @abstractmethod
    def put(self, costs: OrderCosts) -> None:
        """Keep or replace an order's costs."""
        raise NotImplementedError

    @abstractmethod
    def get(self, account_id: str, order_id: str) -> OrderCosts | None:
        """An order's costs; None before its first execution."""
        raise NotImplementedError

    @abstractmethod
    def drop(self, account_id: str, order_id: str) -> None:
        """Remove an order's costs, which can be made anew."""
        raise NotImplementedError


class PnlSnapshots(Protocol):
    """Derived: one row per mark that was recorded."""

    @abstractmethod
    def add(self, pnl: OrderPnl) -> None:
        """Keep a snapshot."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str) -> Sequence[OrderPnl]:
        """An order's snapshots by sequence."""
        raise NotImplementedError

    @abstractmethod
    def last(self, account_id: str, order_id: str, upto: int) -> OrderPnl | None:
        """The last snapshot up to a sequence."""
        raise NotImplementedError

    @abstractmethod
    def drop(self, account_id: str, order_id: str) -> None:
        """Remove an order's snapshots, which can be made anew."""
        raise NotImplementedError


class AccountEvents(Protocol):
    """What moved positions and results without an order: append-only."""

    @abstractmethod
    def add(self, event: RecordedAccountEvent) -> None:
        """Keep one.

        Raises at the latest on commit: ConcurrentUpdate, if its id, its `said` or its `identity` is taken.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, event_id: str) -> RecordedAccountEvent | None:
        """The event of this id."""
        raise NotImplementedError

    @abstractmethod
    def by_said(self, account_id: str, said: str) -> RecordedAccountEvent | None:
        """The event that says exactly this."""
        raise NotImplementedError

    @abstractmethod
    def by_identity(self, account_id: str, identity: str) -> RecordedAccountEvent | None:
        """The event that the venue knows by this id."""
        raise NotImplementedError

    @abstractmethod
    def replaced(self, account_id: str, event_id: str) -> RecordedAccountEvent | None:
        """The event that counts in the place of this one, if there is one."""
        raise NotImplementedError

    @abstractmethod
    def effective(
        self, account_id: str, venue: str | None = None, symbol: str | None = None, since: datetime | None = None
    ) -> Sequence[AccountEvent]:
        """The events that count, in the order in which they were recorded.

        Of one venue, one symbol, or those that occurred at `since` or later.
        """
        raise NotImplementedError

    @abstractmethod
    def list(self, filter: AccountEventFilter, after: PageKey | None, limit: int) -> Page[RecordedAccountEvent]:
        """Events by (recorded_at, event_id), after a place."""
        raise NotImplementedError


class Reconciliations(Protocol):
    """What comparisons with venues found, and how that was closed: append-only; which findings are open is derived."""

    @abstractmethod
    def add(self, row: RecordedReconciliation) -> None:
        """Keep a row (its `resolution` is not part of it), after the run and the finding that it names.

        Raises at the latest on commit: ConcurrentUpdate, if its id is taken in its account, if its finding is closed
        already, if it is a part of a run that is there, or if what it names is not there in its account.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, record_id: str) -> RecordedReconciliation | None:
        """The row of this id, a finding with its resolution."""
        raise NotImplementedError

    @abstractmethod
    def last_run(self, account_id: str, venue: str, venue_account: str) -> RecordedReconciliation | None:
        """The run of an account at a venue that was recorded last; the last by id of those recorded at once."""
        raise NotImplementedError

    @abstractmethod
    def list(self, filter: ReconciliationFilter, after: PageKey | None, limit: int) -> Page[RecordedReconciliation]:
        """Rows by (recorded_at, record_id), after a place; findings with their resolutions."""
        raise NotImplementedError


class ApiKeys(Protocol):
    """Keys of the API. They are no facts: they can be revoked, and no checkpoint seals them."""

    @abstractmethod
    def add(self, key: ApiKey) -> None:
        """Keep a new key. Raises at the latest on commit: ConcurrentUpdate, if its `key_id` is taken."""
        raise NotImplementedError

    @abstractmethod
    def get(self, key_id: str) -> ApiKey | None:
        """The key of this id, revoked or not."""
        raise NotImplementedError

    @abstractmethod
    def revoke(self, key_id: str, at: datetime) -> None:
        """From now on the key opens nothing; revoking it again, or one that is not there, changes nothing.

        Raises at the latest on commit: ConcurrentUpdate, if somebody else revoked it at the same time.
        """
        raise NotImplementedError

    @abstractmethod
    def list(self) -> Sequence[ApiKey]:
        """All keys, by (created_at, key_id)."""
        raise NotImplementedError


class IdempotencyRecords(Protocol):
    """Answers that are given again to whoever asks the same under the same key: append-only, and no facts."""

    @abstractmethod
    def add(self, record: IdempotencyRecord) -> None:
        """Keep one. Raises at the latest on commit: ConcurrentUpdate, if the owner has one under this key."""
        raise NotImplementedError

    @abstractmethod
    def get(self, owner: str, key: str) -> IdempotencyRecord | None:
        """What was answered under this key."""
        raise NotImplementedError


class Positions(Protocol):
    """Derived: one row per position, as the method AVERAGE sees it, and checkpoints from which a fold can go on."""

    @abstractmethod
    def get(self, key: PositionKey, lock: bool = False) -> PositionState | None:
        """The sums of a position.

        With `lock`, until the end of the transaction: whoever changes it at the same time waits, or loses with
        ConcurrentUpdate.
        """
        raise NotImplementedError

    @abstractmethod
    def put(self, key: PositionKey, state: PositionState, currency: str) -> None:
        """Keep or replace the sums of a position; `currency` is that of its amounts.

        Raises at the latest on commit: ConcurrentUpdate.
        """
        raise NotImplementedError

    @abstractmethod
    def remove(self, key: PositionKey) -> None:
        """Nothing moves this position any more."""
        raise NotImplementedError

    @abstractmethod
    def list(
        self,
        account_id: str,
        venue: str | None = None,
        symbol: str | None = None,
        open_only: bool = False,
        after: PositionKey | None = None,
        limit: int | None = None,
    ) -> Sequence[tuple[PositionKey, PositionState]]:
        """The positions of an account, by key; those after one, or those that are not flat."""
        raise NotImplementedError

    @abstractmethod
    def add_checkpoint(self, key: PositionKey, state: PositionState) -> None:
        """Keep a checkpoint, at the place `state.last_key`."""
        raise NotImplementedError

    @abstractmethod
    def checkpoint(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        """The last checkpoint, or the last one before a place; with `common`, one from which every method can go on.

        Those are flat ones, while no units have left with their cost.
        """
        raise NotImplementedError

    @abstractmethod
    def checkpoints(self, key: PositionKey) -> Sequence[PositionState]:
        """All checkpoints of a position, in order."""
        raise NotImplementedError

    @abstractmethod
    def drop_checkpoints(self, key: PositionKey, since: str) -> None:
        """Remove the checkpoints at this place and behind it."""
        raise NotImplementedError


class States(Protocol):
    """Derived: states of orders after some of their events, from which a past moment is folded on."""

    @abstractmethod
    def add(self, state: StateAfter) -> None:
        """Keep one."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str) -> Sequence[StateAfter]:
        """All of an order, by sequence."""
        raise NotImplementedError

    @abstractmethod
    def last(self, account_id: str, order_id: str, upto: Prefix) -> StateAfter | None:
        """The last one that is not behind a moment."""
        raise NotImplementedError

    @abstractmethod
    def drop(self, account_id: str, order_id: str) -> None:
        """Remove those of an order, which can be made anew."""
        raise NotImplementedError
