"""What the units of work that joined one session have in common, for as long as the session's transaction lasts."""

import weakref
from contextlib import suppress
from functools import lru_cache
from threading import RLock
from typing import Any, Protocol

from sqlalchemy import Connection, NestedTransaction, Select, Transaction, bindparam, event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from sot.adapters.sqlalchemy.drivers import check_session_kind
from sot.adapters.sqlalchemy.errors import raise_translated
from sot.adapters.sqlalchemy.isolation import ensure_transaction
from sot.adapters.sqlalchemy.models import OrderRow
from sot.adapters.sqlalchemy.models.audit import FeedRow
from sot.adapters.sqlalchemy.place import Place
from sot.adapters.sqlalchemy.placed_tables import placed
from sot.adapters.sqlalchemy.transaction_state import TransactionState
from sot.application.support.exclusive_use import ExclusiveUse
from sot.domain.values.errors import error_after_failure

_INFO_KEY = "sot_joined"
_FEED_KEY = ("account_id", "kind", "key", "number")
_IS_THERE = select(FeedRow.position).where(*(getattr(FeedRow, name) == bindparam(name) for name in _FEED_KEY))


@lru_cache
def _is_there(place: Place) -> Select[Any]:
    return placed(_IS_THERE, place)


class Member(Protocol):
    """A unit of work that joined a session."""

    def forget(self) -> None:
        """Forget everything that was read."""


class JoinedSession(TransactionState):
    """The state of a session's transaction, as far as `sot` works in it.

    A use case that failed halfway keeps the session from committing: `before_commit` raises, and so does the connection
    beneath. A rollback of the transaction, or to a savepoint that SQLAlchemy made before the use case, ends that.
    """

    def __init__(self, session: Session, lock_timeout: float) -> None:
        super().__init__(ExclusiveUse(), lock_timeout)
        self._session = weakref.ref(session)
        self._members: weakref.WeakSet[Any] = weakref.WeakSet()
        self._failed_in: list[SessionTransaction] = []
        self._failed_savepoint: NestedTransaction | None = None
        self._checked: Transaction | None = None
        self._connecting = RLock()
        self._connections: weakref.WeakSet[Connection] = weakref.WeakSet()
        event.listen(session, "before_commit", self._before_commit)
        event.listen(session, "after_soft_rollback", self._after_rollback)
        event.listen(session, "after_transaction_end", self._after_end)

    def add(self, member: Member) -> None:
        """Let a unit of work join."""
        self._members.add(member)

    @property
    def connection(self) -> Connection:
        """The session's connection to the tables of `sot`, in a transaction that `sot` can take part in.

        Raises:
            InvalidInput: The connection is in AUTOCOMMIT, translates schemas, or its database or driver was not tried.
        """
        session = self._session()
        assert session is not None, "a unit of work holds its session"
        try:
            with self._connecting:  # a session asked by two threads at once makes two connections, and forgets one
                if self._checked is None:
                    check_session_kind(session)
                connection = session.connection(bind_arguments={"mapper": OrderRow})
                transaction = connection.get_transaction()
                if self._checked is not transaction:
                    ensure_transaction(connection)
                    self._checked = transaction
        except Exception as error:
            raise_translated(error, "of the session")
        return connection

    def follow_savepoints(self) -> None:
        """Forget what was read, if the last fact that was written is not there any more.

        A savepoint may be rolled back in ways of which no event tells, such as a statement of SQL. What was written
        last is gone then.
        """
        if self.last_fact is None:
            return
        entry, place = self.last_fact
        parameters = {name: entry[name] for name in _FEED_KEY}
        connection = self.connection
        try:
            row = connection.execute(_is_there(place), parameters).first()
        except Exception as error:
            raise_translated(error, "of the session", in_statement=True)
        if row is None:
            self._forget()

    def fail(self, error: BaseException) -> None:
        """Keep the session and its connection from committing."""
        if self.failure is not None:
            return
        super().fail(error)
        session = self._session()
        if session is None:
            return
        transaction = session.get_nested_transaction() or session.get_transaction()
        while transaction is not None:
            self._failed_in.append(transaction)
            transaction = transaction.parent
        with suppress(SQLAlchemyError):  # a session without a usable connection cannot commit
            self._listen_to(self.connection)

    def _listen_to(self, connection: Connection) -> None:
        """Refuse what the connection commits by itself, and notice that it rolls back to its current savepoint."""
        self._failed_savepoint = connection.get_nested_transaction()
        if connection not in self._connections:
            self._connections.add(connection)
            event.listen(connection, "commit", self._before_connection_commits)
            event.listen(connection, "rollback", self._connection_rolls_back)
            event.listen(connection, "rollback_savepoint", self._connection_rolls_back_savepoint)

    def _before_connection_commits(self, connection: Connection) -> None:
        if self.failure is not None:
            # SQLAlchemy takes a transaction whose COMMIT failed for rolled back, and sends no ROLLBACK.
            connection.connection.rollback()
        self._refuse()

    def _connection_rolls_back(self, connection: Connection) -> None:
        self._undone()

    def _connection_rolls_back_savepoint(self, connection: Connection, name: str, context: object) -> None:
        savepoint = connection.get_nested_transaction()
        if savepoint is not None and savepoint is self._failed_savepoint:
            self._undone()

    def _refuse(self) -> None:
        if self.failure is not None:
            raise error_after_failure(self.failure)

    def _undone(self) -> None:
        """Go on: what the use case wrote was rolled back."""
        self.failure = None
        self._failed_in.clear()
        self._failed_savepoint = None
        self._forget()

    def _forget(self) -> None:
        self.last_fact = None
        self.may_write = False  # a rollback to a savepoint takes the limit back
        for member in list(self._members):
            member.forget()

    def _before_commit(self, session: Session) -> None:
        self._refuse()

    def _after_rollback(self, session: Session, previous: SessionTransaction) -> None:
        if previous.parent is None or previous in self._failed_in:
            self._undone()
        else:
            self._forget()

    def _after_end(self, session: Session, transaction: SessionTransaction) -> None:
        if transaction.parent is None:
            self._undone()


def joined_session(session: Session, lock_timeout: float) -> JoinedSession:
    """Return the state of a session's transaction, the same for all units of work that join the session."""
    joined: JoinedSession | None = session.info.get(_INFO_KEY)
    if joined is None:
        joined = session.info[_INFO_KEY] = JoinedSession(session, lock_timeout)
    joined.lock_timeout = lock_timeout
    return joined
