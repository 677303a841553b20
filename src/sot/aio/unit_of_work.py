"""A transaction of a store that is awaited."""

from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy.util import greenlet_spawn

from sot.application.support.coroutines import refuse_coroutine
from sot.application.support.exclusive_use import ExclusiveUse
from sot.domain.values.errors import InvalidInput, SotError
from sot.ports.store import UnitOfWork

T = TypeVar("T")

USE_CASE = "a function that is not awaited: it works in the transaction alone"
"""What a use case may be, for errors."""


class AsyncUnitOfWork:
    """One transaction of an `AsyncStore`, for one task at a time. Leaving the block rolls back what is not committed.

    Args:
        uow: The unit of work whose code is run in a greenlet.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._tasks = ExclusiveUse()
        self._is_left = False

    async def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Run a use case in the transaction: `await uow.run(lambda uow: OrderHistory(uow).record(report))`.

        Args:
            use_case: A function of the unit of work, as `Store.run` takes it. Lists that it returns are read there:
                nothing can be read after it.

        Returns:
            What the use case returns.

        Raises:
            InvalidInput: Another task is using the transaction, its block was left, or the use case is a function that
                is awaited.
        """
        result = await self._one_at_a_time(lambda: refuse_coroutine("use_case", use_case(self._uow), USE_CASE))
        self._check_not_left()  # then nothing of it was stored
        return result

    async def commit(self) -> None:
        """Store everything durably.

        Raises:
            ConcurrentUpdate: Another transaction was faster; nothing was stored.
            CommitUnknown: The answer to COMMIT was lost; read what is stored, then decide.
            CancelledError: The task was cancelled. If COMMIT was under way, it was left to finish first: read what is
                stored, then decide.
            ReadOnly: The unit of work was begun with `read_only`.
            UnitOfWorkFailed: A use case failed halfway; nothing was stored.
            InvalidInput: Another task is using the transaction.
        """
        await self._one_at_a_time(self._commit)

    def _commit(self) -> None:
        with suppress(SotError):  # `commit` raises it again
            self._uow.resume()  # this task goes on where another one has ended
        self._uow.commit()

    async def rollback(self) -> None:
        """Discard everything since `begin` or the last commit.

        Raises:
            InvalidInput: Another task is using the transaction.
        """
        await self._one_at_a_time(self._uow.rollback)

    async def _one_at_a_time(self, function: Callable[[], T]) -> T:
        self._check_not_left()
        self._tasks.begin_command()
        try:
            return await greenlet_spawn(function)
        finally:
            if self._is_left:  # meanwhile, by a task that could not roll back beneath this one
                await greenlet_spawn(self._uow.rollback)
            self._tasks.end_command()

    def _check_not_left(self) -> None:
        if self._is_left:
            raise InvalidInput(
                "uow", "one whose block was left", "a unit of work that lasts as long as its tasks use it"
            )

    async def __aenter__(self) -> Self:
        await greenlet_spawn(self._uow.__enter__)
        self._is_left = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_left = True
        try:
            self._tasks.begin_command()
        except InvalidInput as in_use:
            self._uow.fail(in_use)
            if error is None:
                raise
            return
        try:
            await greenlet_spawn(self._uow.__exit__, kind, error, traceback)
        finally:
            self._tasks.end_command()
