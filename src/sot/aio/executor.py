"""Execution, recovery and reconciliation at a venue whose methods are awaited."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from typing import TypeVar

from sot.aio.store import AsyncStore
from sot.aio.venue import AsyncVenue, in_greenlet, sleep_in_greenlet, within_time_limit
from sot.application.execution.call_outcome import log_outcome, outcome_facts, prepared_facts
from sot.application.execution.conclude import VenueAnswer
from sot.application.execution.prepare import PreparedRequest
from sot.application.execution.recovery import RecoveryLimits, RecoveryResult, recover
from sot.application.execution_steps import Execution, call, checked_answer, conclude_and_mark
from sot.application.reconciliation.reconciler import ReconciliationResult, reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.application.support.cancellation import finish
from sot.application.support.progress import Progress
from sot.application.support.venue_calls import check_calls
from sot.domain.orders.order import Order
from sot.domain.values.errors import CommitUnknown, SotError, VenueOutcomeUnknown
from sot.domain.values.given import DecimalGiven
from sot.ports.observer import Fact, Observation, Operation
from sot.ports.store import UnitOfWork

T = TypeVar("T")


class AsyncExecutor:
    """Sends requests to a venue that is awaited, and records what became of them, as `sot.Executor` does.

    1. The first transaction records that the request is sent.
    2. The venue is awaited, outside any transaction, for as long as its `capabilities.time_limit` says.
    3. The second transaction records what it answered.

    A task that is cancelled leaves no request whose state nobody knows: nothing, if it was not recorded yet; FAILED, if
    it was recorded and the venue was not called; else that the outcome is unknown, which `recover` resolves. Then it
    stops. What the venue has answered is recorded first.

    Raises:
        InvalidInput: One of the venue's methods is not awaited; see `threaded`.
    """

    def __init__(self, store: AsyncStore, venue: AsyncVenue, actor: str | None = None) -> None:
        check_calls(venue, are_awaited=True)
        self._store = store
        self._venue = venue
        self._actor = actor

    async def execute(
        self, request_id: str, mark: DecimalGiven | None = None, rates: Mapping[str, DecimalGiven] | None = None
    ) -> Order:
        """Execute a request.

        Args:
            request_id: The request: a new order, a cancel or a replacement.
            mark: A price in quote currency per unit, at which a snapshot of the order's profit and loss is recorded.
            rates: Settlement currency per unit of each other fee currency, for the snapshot.

        Returns:
            The order that the request made or worked on; where a replacement makes a new order, that one.

        Raises:
            NotFound: There is no such request.
            NotExecutable: It was denied or withdrawn.
            IllegalTransition: The target cannot change any more.
            InvalidInput: It is a request for another venue or venue account, or of a kind that the venue does not take.
            CommitUnknown: It is not known what was stored; execute it again to find out.
        """
        steps = Execution(self._venue, request_id, self._actor, mark, rates)
        with self._observe(Operation.EXECUTE, request_id=request_id) as execution:
            prepared = await self._prepare(steps)
            execution.add(**prepared_facts(prepared))
            if not prepared.send:
                execution.add(outcome="REPEATED", status=prepared.order.status)
                return prepared.order
            try:
                answer = await self._call(prepared)
            except asyncio.CancelledError:
                unknown = VenueOutcomeUnknown("CANCELLED", "the call was cancelled before its answer")
                execution.add(**outcome_facts(unknown))
                with suppress(SotError):  # recovery finds what was not recorded
                    await self.conclude(prepared, unknown)
                raise
            execution.add(**outcome_facts(answer))
            order = await self.conclude(prepared, answer, mark, rates)
            execution.add(status=order.status)
            return order

    def _observe(self, work: Operation, **facts: Fact) -> AbstractContextManager[Observation]:
        return self._store.observer.observe(work, None, venue=self._venue.name, **facts)

    async def prepare(self, request_id: str) -> PreparedRequest:
        """Run the first transaction alone. If `send` is set on the result, call the venue and then `conclude`.

        Raises the errors of `execute`.
        """
        return await self._prepare(Execution(self._venue, request_id, self._actor))

    async def _prepare(self, steps: Execution) -> PreparedRequest:
        with self._observe(Operation.PREPARE, request_id=steps.request_id):
            try:
                try:
                    return await self._store.run(steps.prepare)
                except CommitUnknown:
                    return await self._store.run(steps.prepare_again)
            except asyncio.CancelledError:
                if steps.may_be_prepared:  # COMMIT may have been under way
                    with suppress(SotError):  # recovery finds what was not recorded
                        await finish(self._until_known(steps.abandon))
                raise

    async def conclude(
        self,
        prepared: PreparedRequest,
        answer: VenueAnswer,
        mark: DecimalGiven | None = None,
        rates: Mapping[str, DecimalGiven] | None = None,
    ) -> Order:
        """Run the second transaction alone: record the venue's reports, or the exception that calling it raised.

        Raises:
            CommitUnknown: Conclude the same again, which adds nothing.
        """
        with self._observe(Operation.CONCLUDE, **prepared_facts(prepared)) as conclusion:
            order = await finish(self._until_known(lambda uow: conclude_and_mark(uow, prepared, answer, mark, rates)))
            conclusion.add(status=order.status)
        log_outcome(prepared, answer)
        return order

    async def recover(
        self,
        account_id: str | None = None,
        limits: RecoveryLimits | None = None,
        progress: Progress | None = None,
    ) -> RecoveryResult:
        """Ask the venue about everything that was sent and has no answer, as after a crash.

        Args:
            account_id: The account to recover; None means all.
            limits: The extent and the pace.
            progress: Called after each order.

        Raises:
            InvalidInput: The venue cannot be asked for orders.
        """
        venue = in_greenlet(self._venue)
        return await self._store.run_sync(
            lambda store: recover(store, venue, account_id, limits, progress, sleep_in_greenlet)
        )

    async def reconcile(
        self,
        account_id: str,
        *,
        venue_account: str | None = None,
        symbols: Iterable[str] | None = None,
        heal: bool = False,
        limits: ReconciliationLimits | None = None,
        progress: Progress | None = None,
    ) -> ReconciliationResult:
        """Compare the history of an account with the venue, as `sot.venue.reconcile` does.

        Args:
            account_id: The account to reconcile.
            venue_account: The account at the venue, if it is not the one that the venue speaks for.
            symbols: The symbols to reconcile; None means all.
            heal: Whether to record the venue's reports about what differs.
            limits: The extent and the pace of the run.
            progress: Called with what the venue is asked for.

        Raises:
            InvalidInput: A name is not allowed, the venue does not speak for `venue_account`, or balances are to be
                compared and it lists none.
        """
        venue = in_greenlet(self._venue)
        return await self._store.run_sync(
            lambda store: reconcile(
                store,
                venue,
                account_id,
                venue_account=venue_account,
                symbols=symbols,
                heal=heal,
                limits=limits,
                actor=self._actor,
                progress=progress,
                sleep=sleep_in_greenlet,
            )
        )

    async def _call(self, prepared: PreparedRequest) -> VenueAnswer:
        with self._observe(Operation.CALL_VENUE, **prepared_facts(prepared)) as observation:
            answer = await self._answer(prepared)
            observation.add(**outcome_facts(answer))
        return answer

    async def _answer(self, prepared: PreparedRequest) -> VenueAnswer:
        try:
            return checked_answer(await within_time_limit(self._venue, call(self._venue, prepared)))
        except Exception as error:  # whatever a venue adapter raises says something about the outcome
            return error

    async def _until_known(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Run a use case that adds nothing when it is run twice; once more, if the answer to its COMMIT was lost.

        It is for `finish`, where only the shutdown of the event loop cancels: tasks that the driver has made.
        """
        try:
            return await self._store.run(use_case)
        except (CommitUnknown, asyncio.CancelledError):
            return await self._store.run(use_case)
