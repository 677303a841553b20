"""Executing requests at a venue: two transactions around one call, and no decision but that."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

import attrs

from sot.application.history import OrderHistory
from sot.domain.errors import CommitUnknown, InvalidInput, VenueNotReached, VenueRefused
from sot.domain.fields import NUMBER, RATES
from sot.domain.intent import OrderRequest
from sot.domain.order import Order
from sot.domain.report import VenueReport
from sot.domain.vocabulary import Action, EventType, Outcome
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import Venue

T = TypeVar("T")


@attrs.frozen
class _Prepared:
    request: OrderRequest
    order_id: str
    ours: bool


class Executor:
    """Sends requests to a venue and records what became of them.

    The first transaction makes the order, CREATED and SUBMITTED, under the client order id that the venue will see.
    Then the venue is called, outside any transaction. The second transaction records what it answered: its reports;
    REJECTED if it refused; FAILED if the call is known to have failed before anything was sent; else
    SUBMISSION_UNKNOWN. Executing a request again returns what it did, and never calls the venue again.
    """

    def __init__(self, store: Store, venue: Venue) -> None:
        self._store = store
        self._venue = venue

    def execute(
        self, request_id: str, mark: Decimal | None = None, rates: Mapping[str, Decimal] | None = None
    ) -> Order:
        """Execute a NEW request; with a `mark` (quote currency per unit) a snapshot of its PnL is recorded, too.

        Raises: NotFound. NotExecutable: denied or withdrawn. InvalidInput: another venue's request, or no NEW one.
            CommitUnknown: what was stored is not known; execute again to find out.
        """
        if mark is not None:
            mark = NUMBER.check("mark", mark)
        RATES.check("rates", rates or {})
        prepared = self._prepare(request_id)
        if not prepared.ours:
            return self._read(prepared.order_id)
        outcome = self._call(prepared.request)
        # Everything that is recorded here is recognised when it is recorded again, so a lost COMMIT is just repeated.
        return self._twice_if_unknown(lambda uow: self._record(uow, prepared, outcome, mark, rates or {}))

    def _prepare(self, request_id: str) -> _Prepared:
        made: list[str] = []

        def prepare(uow: UnitOfWork) -> _Prepared:
            history = OrderHistory(uow)
            request = history.request(request_id)
            self._check(request.request)
            if request.order_id is not None:
                return _Prepared(request.request, request.order_id, request.order_id in made)
            result = history.sent(request_id)
            assert result.order_id is not None
            if result.outcome is not Outcome.REPEATED:  # else somebody else was sending it in between
                made.append(result.order_id)
            return _Prepared(request.request, result.order_id, result.order_id in made)

        # After a lost COMMIT this reads, then decides: only an order that we made ourselves is ours to send.
        return self._twice_if_unknown(prepare)

    def _check(self, request: OrderRequest) -> None:
        if request.action is not Action.NEW:
            raise InvalidInput("request_id", request.request_id, "a NEW request")
        if request.venue != self._venue.name:
            raise InvalidInput("request_id", request.request_id, f"a request for venue {self._venue.name}")

    def _call(self, request: OrderRequest) -> Sequence[VenueReport] | Exception:
        try:
            return list(self._venue.submit(request))
        except Exception as error:  # whatever a venue adapter raises says something about the outcome
            return error

    def _record(
        self,
        uow: UnitOfWork,
        prepared: _Prepared,
        outcome: Sequence[VenueReport] | Exception,
        mark: Decimal | None,
        rates: Mapping[str, Decimal],
    ) -> Order:
        history = OrderHistory(uow)
        request_id = prepared.request.request_id
        assert request_id is not None
        if isinstance(outcome, VenueNotReached) and not history.order(prepared.order_id).state.at_venue:
            history.failed(request_id, str(outcome))
        elif isinstance(outcome, VenueRefused):
            history.record(_refusal(prepared, outcome))
        elif isinstance(outcome, Exception):
            history.unknown(request_id, f"{type(outcome).__name__}: {outcome}"[:1000])
        else:
            for report in outcome:
                history.record(attrs.evolve(report, order_id=prepared.order_id))
        if mark is not None:
            history.mark(prepared.order_id, mark, rates)
        return history.order(prepared.order_id)

    def _twice_if_unknown(self, use_case: Callable[[UnitOfWork], T]) -> T:
        try:
            return self._store.run(use_case)
        except CommitUnknown:
            return self._store.run(use_case)

    def _read(self, order_id: str) -> Order:
        return self._store.run(lambda uow: OrderHistory(uow).order(order_id), read_only=True)


def _refusal(prepared: _Prepared, error: VenueRefused) -> VenueReport:
    request = prepared.request
    return VenueReport(
        account_id=request.account_id,
        type=EventType.REJECTED,
        venue=request.venue,
        order_id=prepared.order_id,
        client_order_id=request.client_order_id,
        reason=error.reason[:1000],
        text=error.text[:1000] or None,
    )
