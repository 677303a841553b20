"""Execute requests at a venue: two transactions around one call."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from sot.application.execution.call_outcome import log_outcome, outcome_facts, prepared_facts
from sot.application.execution.conclude import VenueAnswer, conclude
from sot.application.execution.prepare import PreparedRequest, prepare
from sot.application.execution.recovery import RecoveryLimits, RecoveryResult, recover
from sot.application.history import OrderHistory
from sot.application.orders.lookup import get_request
from sot.application.support.progress import Progress
from sot.application.support.retry import run_until_known
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import CommitUnknown, InvalidInput
from sot.domain.values.fields import NUMBER, RATES
from sot.domain.values.given import DecimalGiven
from sot.domain.values.vocabulary import Action
from sot.ports.observer import Fact, Observation, Work, observer_of
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import Replacement, Venue, VenueCapabilities, speaks_for


class Executor:
    """Sends requests to a venue and records what became of them: new orders, cancels and replacements alike.

    1. The first transaction creates the order, CREATED and SUBMITTED (or opens a cancel or replace request on the
       target), under the client order id that the venue will see.
    2. The venue is called, outside any transaction.
    3. The second transaction records what it answered: its reports; a refusal; FAILED, if the call is known to have
       failed before anything was sent; otherwise that the outcome is unknown.

    Executing a request again, from anywhere and at the same time, returns what it did, and never calls the venue again.
    """

    def __init__(self, store: Store, venue: Venue, actor: str | None = None) -> None:
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
        if mark is not None:
            mark = NUMBER.check("mark", mark)
        RATES.check("rates", rates or {})
        with self._observe(Work.EXECUTE, request_id=request_id) as execution:
            prepared = self._prepare(request_id, mark, rates)
            execution.add(**prepared_facts(prepared))
            if not prepared.send:
                execution.add(outcome="REPEATED", status=prepared.order.status)
                return prepared.order
            answer = self._call(prepared)
            execution.add(**outcome_facts(answer))
            order = self.conclude(prepared, answer, mark, rates)
            execution.add(status=order.status)
            return order

    def _observe(self, work: Work, **facts: Fact) -> AbstractContextManager[Observation]:
        return observer_of(self._store).observe(work, None, venue=self._venue.name, **facts)

    def prepare(self, request_id: str) -> PreparedRequest:
        """Run the first transaction alone. If `send` is set on the result, call the venue and then `conclude`.

        Raises the errors of `execute`.
        """
        return self._prepare(request_id, None, None)

    def _prepare(
        self, request_id: str, mark: DecimalGiven | None, rates: Mapping[str, DecimalGiven] | None
    ) -> PreparedRequest:
        attempts: list[PreparedRequest] = []

        def use_case(uow: UnitOfWork, unanswered: Sequence[PreparedRequest] = ()) -> PreparedRequest:
            request = get_request(uow, request_id).request
            if request.venue != self._venue.name:
                raise InvalidInput("request_id", request_id, f"a request for venue {self._venue.name}")
            if not speaks_for(self._venue, request.venue_account):
                raise InvalidInput("request_id", request_id, "a request for an account that the venue speaks for")
            replacement = self._replacement_for(request)
            prepared = prepare(uow, request_id, replacement, self._actor, unanswered)
            attempts.append(prepared)
            if mark is not None and prepared.send:
                # What cannot be valued at this mark is not sent: the venue's answer would be lost with the snapshot.
                OrderHistory(uow).pnl(prepared.order.order_id, mark, rates)
            return prepared

        with self._observe(Work.PREPARE, request_id=request_id):
            try:
                return self._store.run(use_case)
            except CommitUnknown:
                # Attempts before the last one lost a race, and left nothing: what looks like theirs is the winner's.
                return self._store.run(lambda uow: use_case(uow, attempts[-1:]))

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

        def use_case(uow: UnitOfWork) -> Order:
            order = conclude(uow, prepared, answer)
            if mark is None:
                return order
            history = OrderHistory(uow)
            history.mark(order.order_id, mark, rates or {})
            return history.order(order.order_id)

        # Everything that is recorded here is recognised when it is recorded again, so a lost COMMIT is just repeated.
        with self._observe(Work.CONCLUDE, **prepared_facts(prepared)) as conclusion:
            order = run_until_known(self._store, use_case)
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

    def _replacement_for(self, request: OrderRequest) -> Replacement | None:
        """What a replacement is at the venue; raises InvalidInput if the venue does not take such a request."""
        if request.action is Action.NEW:
            return None
        capabilities: VenueCapabilities = getattr(self._venue, "capabilities", _NO_CAPABILITIES)
        if not (capabilities.cancels if request.action is Action.CANCEL else capabilities.replaces):
            allowed = f"a NEW request: venue {self._venue.name} does not take a {request.action}"
            raise InvalidInput("request_id", request.request_id, allowed)
        return capabilities.replaces

    def _call(self, prepared: PreparedRequest) -> VenueAnswer:
        with self._observe(Work.CALL_VENUE, **prepared_facts(prepared)) as call:
            answer = self._answer(prepared)
            call.add(**outcome_facts(answer))
        return answer

    def _answer(self, prepared: PreparedRequest) -> VenueAnswer:
        try:
            answer: list[object] = list(_CALLS[prepared.request.action](self._venue, prepared))
        except Exception as error:  # whatever a venue adapter raises says something about the outcome
            return error
        reports = [report for report in answer if isinstance(report, VenueReport)]
        if len(reports) == len(answer):
            return reports
        types = sorted({type(report).__qualname__ for report in answer})
        return TypeError(f"the venue answered with {', '.join(types)}")


_NO_CAPABILITIES = VenueCapabilities()


def _submit(venue: Venue, prepared: PreparedRequest) -> Sequence[VenueReport]:
    return venue.submit(prepared.request)


def _cancel(venue: Venue, prepared: PreparedRequest) -> Sequence[VenueReport]:
    assert prepared.target is not None
    return venue.cancel(prepared.request, prepared.target)


def _replace(venue: Venue, prepared: PreparedRequest) -> Sequence[VenueReport]:
    assert prepared.target is not None
    return venue.replace(prepared.request, prepared.target)


_CALLS: Mapping[Action, Callable[[Venue, PreparedRequest], Sequence[VenueReport]]] = {
    Action.NEW: _submit,
    Action.CANCEL: _cancel,
    Action.REPLACE: _replace,
}
