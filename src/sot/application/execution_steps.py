"""One execution of a request: what runs in the transactions around the call of the venue."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sot.application.execution.conclude import VenueAnswer, conclude
from sot.application.execution.prepare import PreparedRequest, prepare, was_stored
from sot.application.history import OrderHistory
from sot.application.orders.lookup import get_request
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import InvalidInput, VenueNotReached
from sot.domain.values.fields import NUMBER, RATES
from sot.domain.values.given import DecimalGiven
from sot.domain.values.vocabulary import Action
from sot.ports.store import UnitOfWork
from sot.ports.venue import Replacement, VenueCapabilities, VenueProfile, speaks_for


class Execution:
    """One execution of a request at a venue. Each method is a use case, run by an executor.

    Args:
        venue: The venue.
        request_id: The request.
        actor: Who sends it.
        mark: A price at which a snapshot of the order's profit and loss is recorded.
        rates: Settlement currency per unit of each other fee currency, for the snapshot.

    Attributes:
        request_id: The request.

    Raises:
        InvalidInput: The mark or a rate is no number.
    """

    def __init__(
        self,
        venue: VenueProfile,
        request_id: str,
        actor: str | None = None,
        mark: DecimalGiven | None = None,
        rates: Mapping[str, DecimalGiven] | None = None,
    ) -> None:
        self._venue = venue
        self.request_id = request_id
        self._actor = actor
        self._mark = mark if mark is None else NUMBER.check("mark", mark)
        self._rates = RATES.check("rates", rates or {})
        self._attempts: list[PreparedRequest] = []

    def prepare(self, uow: UnitOfWork) -> PreparedRequest:
        """The first transaction: record that the request is handed to its venue.

        Raises:
            InvalidInput: It is a request for another venue or venue account, or of a kind that the venue does not take.
        """
        return self._prepare(uow, ())

    def prepare_again(self, uow: UnitOfWork) -> PreparedRequest:
        """The first transaction once more, since the answer to its COMMIT was lost."""
        # Attempts before the last one lost a race, and left nothing: what looks like theirs is the winner's.
        return self._prepare(uow, self._attempts[-1:])

    @property
    def may_be_prepared(self) -> bool:
        """Whether the first transaction came to its COMMIT."""
        return bool(self._attempts)

    def abandon(self, uow: UnitOfWork) -> None:
        """Record that what was prepared is not sent, if it was stored: the execution ended before the call."""
        for attempt in self._attempts[-1:]:
            if was_stored(uow, attempt):
                conclude(uow, attempt, VenueNotReached("CANCELLED", "the execution was cancelled before the call"))

    def _prepare(self, uow: UnitOfWork, unanswered: Sequence[PreparedRequest]) -> PreparedRequest:
        request = get_request(uow, self.request_id).request
        if request.venue != self._venue.name:
            raise InvalidInput("request_id", self.request_id, f"a request for venue {self._venue.name}")
        if not speaks_for(self._venue, request.venue_account):
            raise InvalidInput("request_id", self.request_id, "a request for an account that the venue speaks for")
        replacement = _replacement_for(self._venue, request)
        prepared = prepare(uow, self.request_id, replacement, self._actor, unanswered)
        self._attempts.append(prepared)
        if self._mark is not None and prepared.send:
            # What cannot be valued at this mark is not sent: the venue's answer would be lost with the snapshot.
            OrderHistory(uow).pnl(prepared.order.order_id, self._mark, self._rates)
        return prepared


def conclude_and_mark(
    uow: UnitOfWork,
    prepared: PreparedRequest,
    answer: VenueAnswer,
    mark: DecimalGiven | None = None,
    rates: Mapping[str, DecimalGiven] | None = None,
) -> Order:
    """Record what the venue answered, and a snapshot of the order's profit and loss if there is a mark."""
    order = conclude(uow, prepared, answer)
    if mark is None:
        return order
    history = OrderHistory(uow)
    history.mark(order.order_id, mark, rates or {})
    return history.order(order.order_id)


def call(venue: Any, prepared: PreparedRequest) -> Any:
    """Call the venue for a request. What it returns is to be awaited, if the venue's methods are."""
    return _CALLS[prepared.request.action](venue, prepared)


def checked_answer(answer: Any) -> VenueAnswer:
    """Return a venue's reports; an exception, if something else is among them, which leaves the outcome unknown."""
    listed: list[object] = list(answer)
    reports = [report for report in listed if isinstance(report, VenueReport)]
    if len(reports) == len(listed):
        return reports
    types = sorted({type(report).__qualname__ for report in listed})
    return TypeError(f"the venue answered with {', '.join(types)}")


_NO_CAPABILITIES = VenueCapabilities()


def capabilities_of(venue: VenueProfile) -> VenueCapabilities:
    """What a venue supports: nothing, if it does not say."""
    capabilities: VenueCapabilities = getattr(venue, "capabilities", _NO_CAPABILITIES)
    return capabilities


def _replacement_for(venue: VenueProfile, request: OrderRequest) -> Replacement | None:
    """What a replacement is at the venue; raises InvalidInput if the venue does not take such a request."""
    if request.action is Action.NEW:
        return None
    capabilities = capabilities_of(venue)
    if not (capabilities.cancels if request.action is Action.CANCEL else capabilities.replaces):
        allowed = f"a NEW request: venue {venue.name} does not take a {request.action}"
        raise InvalidInput("request_id", request.request_id, allowed)
    return capabilities.replaces


_CALLS: Mapping[Action, Callable[[Any, PreparedRequest], Any]] = {
    Action.NEW: lambda venue, prepared: venue.submit(prepared.request),
    Action.CANCEL: lambda venue, prepared: venue.cancel(prepared.request, prepared.target),
    Action.REPLACE: lambda venue, prepared: venue.replace(prepared.request, prepared.target),
}
