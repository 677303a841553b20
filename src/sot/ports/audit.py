"""Everything that is kept: in the order in which it was recorded, by what it is, and under checkpoints."""

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
from sot.domain.values.vocabulary import Anomaly, FactKind


@attrs.frozen(kw_only=True)
class StoredFact:
    """A fact as it is kept. `differs` names the columns that say something else than its body; `problem` tells why
    it cannot be read (`value` is None then). `key` and `number` name it as in the feed; `body` is what the value says,
    in canonical form.
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
        """What facts of one kind are sorted by."""
        return self.account_id, self.key, self.number


@attrs.frozen
class RowProblem:
    """A row that contradicts itself or names one that is not there: in which table, which one, and how."""

    table: str
    account_id: str
    key: str
    problem: str


@attrs.define(kw_only=True)
class StoredOrder:
    """Everything that is kept of one order, as far as it can be read; `row_problems` are the rows that cannot.

    `facts` are its events, by sequence; `request` is what made it; `names` are those by which it is found.
    """

    account_id: str
    order_id: str
    order: Order | None = None
    request: RecordedRequest | None = None
    facts: list[StoredFact] = attrs.field(factory=list)
    fills: list[Fill] = attrs.field(factory=list)
    costs: OrderCosts | None = None
    snapshots: list[OrderPnl] = attrs.field(factory=list)
    states: list[StateAfter] = attrs.field(factory=list)
    names: list[Identifier] = attrs.field(factory=list)
    row_problems: list[RowProblem] = attrs.field(factory=list)


class FactBody(NamedTuple):
    """A fact with what it says: canonical text, and what was odd about it where that is kept beside it."""

    leaf: Leaf
    body: str
    anomalies: Sequence[Anomaly] = ()


class Feed(Protocol):
    """The facts of all accounts in the order in which they were recorded: append-only, kept by the store itself.

    Within an order, positions ascend with the sequence of its events. A rolled back transaction may leave a gap.
    """

    @abstractmethod
    def horizon(self) -> int:
        """The position up to which everything is settled: no fact will appear there any more.

        To be asked in a transaction that begins before the one that reads up to there, and that is not read-only.
        """
        raise NotImplementedError

    @abstractmethod
    def last(self) -> int:
        """The position of the last fact that this transaction sees; 0 if there is none."""
        raise NotImplementedError

    @abstractmethod
    def earliest_after(self, position: int) -> datetime | None:
        """The earliest time at which a fact behind a position was recorded."""
        raise NotImplementedError

    @abstractmethod
    def leaves(self, after: int = 0, upto: int | None = None) -> Iterator[Leaf]:
        """Facts by position, streamed; those after a position, up to another."""
        raise NotImplementedError

    @abstractmethod
    def bodies(self, after: int = 0, upto: int | None = None) -> Iterator[FactBody]:
        """The same with what each fact says.

        Raises: StoreDamaged: a fact of the feed is missing.
        """
        raise NotImplementedError

    @abstractmethod
    def reserve_position(self, position: int) -> bool:
        """Let the next fact that is added have this position; False, and no effect, if it is not behind the last."""
        raise NotImplementedError

    @abstractmethod
    def by_kind(self, kind: FactKind) -> Iterator[Leaf]:
        """All facts of a kind, by account, key and number, streamed."""
        raise NotImplementedError

    @abstractmethod
    def find(self, kind: FactKind, account_id: str, key: str, number: int = 0) -> Leaf | None:
        """One fact."""
        raise NotImplementedError

    @abstractmethod
    def last_sequence(self, account_id: str, order_id: str, upto: int) -> int:
        """The sequence of the last event of an order that was recorded up to a position; 0 if none was."""
        raise NotImplementedError

    @abstractmethod
    def events(self, after: int, upto: int, limit: int) -> Sequence[tuple[int, OrderEvent]]:
        """Events by position, each with its position; those after a position, up to another."""
        raise NotImplementedError


class Audit(Protocol):
    """Everything, streamed. Nothing here fails on a damaged row: it is told as such."""

    @abstractmethod
    def accounts(self) -> Sequence[str]:
        """The accounts that positions, executions or account events name, in order."""
        raise NotImplementedError

    @abstractmethod
    def facts(self, kind: FactKind) -> Iterator[StoredFact]:
        """All facts of a kind but EVENT, by account, key and number."""
        raise NotImplementedError

    @abstractmethod
    def stored_orders(self) -> Iterator[StoredOrder]:
        """All orders, and whatever names one, by account and id."""
        raise NotImplementedError

    @abstractmethod
    def row_problems(self) -> Iterator[RowProblem]:
        """Rows, of no order, whose columns contradict one another, and rows that name others which are not there."""
        raise NotImplementedError


class Checkpoints(Protocol):
    """Checkpoints: append-only."""

    @abstractmethod
    def add(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint. Raises at the latest on commit: ConcurrentUpdate."""
        raise NotImplementedError

    @abstractmethod
    def last(self) -> Checkpoint | None:
        """The last checkpoint."""
        raise NotImplementedError

    @abstractmethod
    def all(self) -> Sequence[Checkpoint]:
        """All checkpoints, by number."""
        raise NotImplementedError

    @abstractmethod
    def list(self, after: int, limit: int) -> Sequence[Checkpoint]:
        """Checkpoints by number, those after one."""
        raise NotImplementedError
