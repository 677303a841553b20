"""The repositories of the audit: the feed of all facts, everything that is stored, and checkpoints."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import attrs

from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.audit.checkpoint import Checkpoint, Leaf
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier, RecordedRequest, StateAfter
from sot.domain.values.copying import quickly_made
from sot.domain.values.vocabulary import Anomaly, FactKind


class StoredFact(NamedTuple):
    """A fact as it is stored.

    Attributes:
        key: Its key, as in the feed (see `Leaf`).
        number: Its number, as in the feed.
        value: The value; None if it cannot be read.
        body: The canonical form of the value.
        differs: The columns that differ from the canonical form.
        problem: Why it cannot be read; None if it can.
    """

    kind: FactKind
    account_id: str
    key: str
    number: int = 0
    value: Any = None
    body: str = ""
    hash: str = ""
    recorded_at: datetime | None = None
    differs: Sequence[str] = ()
    problem: str | None = None

    @property
    def place(self) -> tuple[str, str, int]:
        """The key by which facts of one kind are sorted."""
        return self.account_id, self.key, self.number


@attrs.frozen
class RowProblem:
    """A row that contradicts itself, or refers to a row that does not exist."""

    table: str
    account_id: str
    key: str
    problem: str


@quickly_made
@attrs.frozen(kw_only=True, weakref_slot=False)
class DerivedOrder:
    """An order and its derived rows, from its events.

    Attributes:
        order: The order.
        fills: Every version of its executions, by execution and version.
        costs: Its costs; None if nothing was ever executed.
        snapshots: Its profit and loss at recorded marks.
        states: Its states after some events.
        identifiers: The identifiers by which it is found.
    """

    order: Order
    fills: Sequence[Fill]
    costs: OrderCosts | None
    snapshots: Sequence[OrderPnl]
    states: Sequence[StateAfter]
    identifiers: frozenset[Identifier]


@attrs.define(slots=False, kw_only=True)
class StoredOrder:
    """Everything that is stored of one order, as far as it can be read.

    Attributes:
        request: The request that it was created for.
        leaves: The entries of its events in the feed, by number.
        facts: Its events, by sequence.
        snapshots: Its profit and loss at recorded marks.
        states: Its states after some events.
        names: The identifiers by which it is found.
        row_problems: The rows that cannot be read, or contradict themselves.
    """

    account_id: str
    order_id: str
    order: Order | None = None
    request: RecordedRequest | None = None
    leaves: list[Leaf] = attrs.field(factory=list)
    facts: list[StoredFact] = attrs.field(factory=list)
    fills: list[Fill] = attrs.field(factory=list)
    costs: OrderCosts | None = None
    snapshots: list[OrderPnl] = attrs.field(factory=list)
    states: list[StateAfter] = attrs.field(factory=list)
    names: list[Identifier] = attrs.field(factory=list)
    row_problems: list[RowProblem] = attrs.field(factory=list)

    @property
    def is_missing(self) -> bool:
        """Whether nothing is stored of it but entries of the feed."""
        return False

    @property
    def is_recorded_exactly(self) -> bool:
        """Whether its entries of the feed are known to be those of its events, in their order.

        Where this is False, `leaves` and `facts` tell more; they may still agree.
        """
        return False

    def is_exactly(self, derived: DerivedOrder) -> bool:
        """Whether its rows are known to be those of an order that was derived, in every column and each in its form.

        A store may answer by comparing rows, which is faster than reading them. Its parts tell more where this is
        False; they may still be equal.
        """
        return False


_LEAST_ID, _GREATEST_ID = ("-".join(digit * count for count in (8, 4, 4, 4, 12)) for digit in "0f")


class OrderRange(NamedTuple):
    """A range of orders by account and id, from the first key on and before another; None sets no limit."""

    first: tuple[str, str] | None = None
    before: tuple[str, str] | None = None

    def holds(self, account_id: str, order_id: str) -> bool:
        """Whether an order is in the range."""
        key = account_id, order_id
        return (self.first is None or key >= self.first) and (self.before is None or key < self.before)

    @classmethod
    def of_account(cls, account_id: str) -> "OrderRange":
        """The range of all ids of an account but the largest one, which no order has."""
        return cls((account_id, _LEAST_ID), (account_id, _GREATEST_ID))


ALL_ORDERS = OrderRange()


class FactBody(NamedTuple):
    """A fact of the feed with its canonical form.

    Attributes:
        leaf: The fact.
        body: Its canonical form.
        anomalies: Its anomalies, where they are stored beside the canonical form.
    """

    leaf: Leaf
    body: str
    anomalies: Sequence[Anomaly] = ()


class Feed(Protocol):
    """The facts of all accounts, in the order in which they were recorded. The store itself appends to it.

    Within an order, positions ascend with the sequence of its events. A rolled back transaction may leave a gap.

    Rules: FEED-1, FEED-2, FEED-3, FEED-6.
    """

    @abstractmethod
    def horizon(self) -> int:
        """Return the position up to which no more facts will appear.

        Call it in a transaction that is not read-only, and begins before the one that reads up to the position.

        Rules: FEED-4.
        """
        raise NotImplementedError

    @abstractmethod
    def last(self) -> int:
        """Return the position of the last fact that this transaction sees; 0 if there is none."""
        raise NotImplementedError

    @abstractmethod
    def earliest_after(self, position: int) -> datetime | None:
        """Return the earliest time at which a fact after a position was recorded; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def leaves(self, after: int = 0, upto: int | None = None) -> Iterator[Leaf]:
        """Iterate over the facts after a position, up to another, by position."""
        raise NotImplementedError

    @abstractmethod
    def bodies(self, after: int = 0, upto: int | None = None) -> Iterator[FactBody]:
        """Iterate over the facts after a position, up to another, with their canonical forms.

        Raises:
            StoreDamaged: A fact of the feed is missing.
        """
        raise NotImplementedError

    @abstractmethod
    def reserve_position(self, position: int) -> bool:
        """Set the position of the next fact; returns False, without effect, if it is not after the last one."""
        raise NotImplementedError

    @abstractmethod
    def by_kind(self, kind: FactKind) -> Iterator[Leaf]:
        """Iterate over all facts of a kind, by account, key and number."""
        raise NotImplementedError

    @abstractmethod
    def find(self, kind: FactKind, account_id: str, key: str, number: int = 0) -> Leaf | None:
        """Return a fact; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def last_sequence(self, account_id: str, order_id: str, upto: int) -> int:
        """Return the sequence of the last event of an order up to a position; 0 if there is none."""
        raise NotImplementedError

    @abstractmethod
    def events(self, after: int, upto: int, limit: int) -> Sequence[tuple[int, OrderEvent]]:
        """Return the events after a position, up to another, by position, each with its position."""
        raise NotImplementedError


class Audit(Protocol):
    """Everything that is stored. No method fails on a damaged row; it is returned as one."""

    @abstractmethod
    def accounts(self) -> Sequence[str]:
        """Return the accounts of positions, executions and account events, sorted."""
        raise NotImplementedError

    @abstractmethod
    def is_known_account(self, account_id: str) -> bool:
        """Whether any fact names an account."""
        raise NotImplementedError

    @abstractmethod
    def known_accounts(self) -> Sequence[str]:
        """Return the accounts that facts name, sorted."""
        raise NotImplementedError

    @abstractmethod
    def facts(self, kind: FactKind) -> Iterator[StoredFact]:
        """Iterate over all facts of a kind, EVENT excepted, by account, key and number."""
        raise NotImplementedError

    @abstractmethod
    def stored_orders(self, within: OrderRange = ALL_ORDERS) -> Iterator[StoredOrder]:
        """Iterate over the orders of a range, and all rows that refer to one, by account and id."""
        raise NotImplementedError

    @abstractmethod
    def order_ranges(self, size: int, account_id: str | None = None) -> Sequence[OrderRange]:
        """Split all orders, or those of an account, into ranges of about a number of orders; by key.

        Together the ranges hold every key, or every id with the account.
        """
        raise NotImplementedError

    @abstractmethod
    def structure_problems(self) -> Iterator[RowProblem]:
        """Iterate over what is wrong with the structure of the store: its file, tables, indexes and triggers.

        A store without such a structure has no problems of it. `table` is the kind of thing, `key` its name.
        """
        raise NotImplementedError

    @abstractmethod
    def row_problems(self) -> Iterator[RowProblem]:
        """Iterate over the rows, without those of orders, that contradict themselves or refer to a missing row."""
        raise NotImplementedError


class Checkpoints(Protocol):
    """The checkpoints: append-only."""

    @abstractmethod
    def add(self, checkpoint: Checkpoint) -> None:
        """Add a checkpoint.

        Raises:
            ConcurrentUpdate: As late as on commit: there is a checkpoint with this number.
        """
        raise NotImplementedError

    @abstractmethod
    def last(self) -> Checkpoint | None:
        """Return the last checkpoint; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def all(self) -> Sequence[Checkpoint]:
        """Return all checkpoints, by number."""
        raise NotImplementedError

    @abstractmethod
    def list(self, after: int, limit: int) -> Sequence[Checkpoint]:
        """Return the checkpoints after a number, by number."""
        raise NotImplementedError
