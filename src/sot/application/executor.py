"""Execute requests at a venue: two transactions around one call."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from sot.application.execution.call_outcome import log_outcome, outcome_facts, prepared_facts
from sot.application.execution.conclude import VenueAnswer
from sot.application.execution.prepare import PreparedRequest
from sot.application.execution.recovery import RecoveryLimits, RecoveryResult, recover
from sot.application.execution_steps import Execution, call, checked_answer, conclude_and_mark
from sot.application.support.progress import Progress
from sot.application.support.retry import run_until_known
from sot.application.support.venue_calls import check_calls
from sot.domain.orders.order import Order
from sot.domain.values.errors import CommitUnknown
from sot.domain.values.given import DecimalGiven
from sot.ports.observer import Fact, Observation, Operation, observer_of
from sot.ports.store import Store
from sot.ports.venue import Venue


class Executor:
    """Sends requests to a venue and records what became of them: new orders, cancels and replacements alike.

    1. The first transaction creates the order, CREATED and SUBMITTED (or opens a cancel or replace request on the
       target), under the client order id that the venue will see.
    2. The venue is called, outside any transaction.
    3. The second transaction records what it answered: its reports; a refusal; FAILED, if the call is known to have
       failed before anything was sent; otherwise that the outcome is unknown.

    Executing a request again, from anywhere and at the same time, returns what it did, and never calls the venue again.
    A venue whose methods are awaited is for `sot.aio.AsyncExecutor`.

    Raises:
        InvalidInput: One of the venue's methods is awaited.
    """

    def __init__(self, store: Store, venue: Venue, actor: str | None = None) -> None:
        check_calls(venue, are_awaited=False)
        self._store = store
        self._venue = venue
        self._actor = actor

    def execute(
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
            prepared = self._prepare(steps)
            execution.add(**prepared_facts(prepared))
            if not prepared.send:
                execution.add(outcome="REPEATED", status=prepared.order.status)
                return prepared.order
            answer = self._call(prepared)
            execution.add(**outcome_facts(answer))
            order = self.conclude(prepared, answer, mark, rates)
            execution.add(status=order.status)
            return order

    def _observe(self, work: Operation, **facts: Fact) -> AbstractContextManager[Observation]:
        return observer_of(self._store).observe(work, None, venue=self._venue.name, **facts)

    def prepare(self, request_id: str) -> PreparedRequest:
        """Run the first transaction alone. If `send` is set on the result, call the venue and then `conclude`.

        Raises the errors of `execute`.
        """
        return self._prepare(Execution(self._venue, request_id, self._actor))

    def _prepare(self, steps: Execution) -> PreparedRequest:
        with self._observe(Operation.PREPARE, request_id=steps.request_id):
            try:
                return self._store.run(steps.prepare)
            except CommitUnknown:
                return self._store.run(steps.prepare_again)

    def conclude(
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
        # Everything that is recorded here is recognised when it is recorded again, so a lost COMMIT is just repeated.
        with self._observe(Operation.CONCLUDE, **prepared_facts(prepared)) as conclusion:
            order = run_until_known(self._store, lambda uow: conclude_and_mark(uow, prepared, answer, mark, rates))
            conclusion.add(status=order.status)
        log_outcome(prepared, answer)
        return order

    def recover(
        self,
        account_id: str | None = None,
        limits: RecoveryLimits | None = None,
        progress: Progress | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> RecoveryResult:
        """Ask the venue about everything that was sent and has no answer, as after a crash; see `recovery.recover`.

        Raises:
            InvalidInput: The venue cannot be asked for orders.
        """
        return recover(self._store, self._venue, account_id, limits, progress, sleep)

    def _call(self, prepared: PreparedRequest) -> VenueAnswer:
        with self._observe(Operation.CALL_VENUE, **prepared_facts(prepared)) as observation:
            answer = self._answer(prepared)
            observation.add(**outcome_facts(answer))
        return answer

    def _answer(self, prepared: PreparedRequest) -> VenueAnswer:
        try:
            return checked_answer(call(self._venue, prepared))
        except Exception as error:  # whatever a venue adapter raises says something about the outcome
            return error
