"""The requests of a moment: without the checks, the withdrawal, the context and the order that came later."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import attrs

from sot.application.as_of.orders import PastOrders
from sot.application.as_of.point_in_time import Moment
from sot.application.support.paging import past_page
from sot.domain.orders.records import RecordedCheck, RecordedRequest, RecordedWithdrawal
from sot.domain.values.vocabulary import FactKind
from sot.ports.orders import RequestFilter
from sot.ports.paging import Page, PageKey


@attrs.frozen
class PastRequests:
    """The requests of a moment. By `happened_by` what is told without a time happened when it was recorded.

    But a request whose order was there was there, too, with its checks: an order may be recorded long after it was
    executed, and so may the intent that made it; and it may be recorded by a clock that is behind the intent's.
    """

    moment: Moment
    orders: PastOrders

    def get(self, request_id: str, lock: bool = False) -> RecordedRequest | None:
        """The request as it was; None if it was not known, or nothing of it had happened."""
        request = self.moment.uow.requests.get(request_id)
        return None if request is None else self._then(request)

    def by_key(self, account_id: str, key: str, client_order_id: str | None) -> Sequence[RecordedRequest]:
        """The requests that had this idempotency key or this client order id."""
        found = map(self._then, self.moment.uow.requests.by_key(account_id, key, client_order_id))
        return [request for request in found if request is not None]

    def list(self, filter: RequestFilter, after: PageKey | None, limit: int) -> Page[RecordedRequest]:
        """A page of the requests that there were, oldest first."""
        return past_page(partial(self.moment.uow.requests.list, filter), self._then, _place, after, limit)

    def _then(self, request: RecordedRequest) -> RecordedRequest | None:
        order_id = self._order_of(request)
        sent = order_id is not None
        if not (sent or self._held(request, FactKind.REQUEST, request.recorded_at, request.request.requested_at)):
            return None
        named = request.account_id, request.request_id
        has_context = sent or self.moment.knew(FactKind.CONTEXT, *named, request.recorded_at)
        withdrawal = request.withdrawal
        return attrs.evolve(
            request,
            context=request.context if has_context else None,
            context_hash=request.context_hash if has_context else None,
            checks=tuple(check for check in request.checks if self._was_checked(request, check, sent)),
            withdrawal=withdrawal if withdrawal is not None and self._was_withdrawn(request, withdrawal) else None,
            order_id=order_id,
        )

    def _order_of(self, request: RecordedRequest) -> str | None:
        """The order that it had made by then or, for an amendment, that was asked to change."""
        if request.order_id is None:
            return None
        candidates = dict.fromkeys((request.order_id, request.request.target_order_id))
        return next((one for one in candidates if one is not None and self._was_sent(request, one)), None)

    def _was_sent(self, request: RecordedRequest, order_id: str) -> bool:
        order = self.orders.get(order_id)
        if order is None:
            return False
        if order.request_id == request.request_id:
            return True
        events = self.moment.uow.events.list(order.account_id, order_id, 0, order.last_sequence)
        return any(event.fact is not None and event.fact.request_id == request.request_id for event in events)

    def _was_checked(self, request: RecordedRequest, check: RecordedCheck, sent: bool) -> bool:
        reported_at = check.check.checked_at
        return self._held(request, FactKind.RISK_CHECK, check.recorded_at, reported_at, check.number, sent)

    def _was_withdrawn(self, request: RecordedRequest, withdrawal: RecordedWithdrawal) -> bool:
        return self._held(request, FactKind.WITHDRAWAL, withdrawal.recorded_at, withdrawal.withdrawal.occurred_at)

    def _held(
        self,
        request: RecordedRequest,
        kind: FactKind,
        recorded_at: datetime,
        reported_at: datetime | None,
        number: int = 0,
        sent: bool = False,
    ) -> bool:
        """Whether a fact was known, and what it tells had happened by then, as it had if the request was sent."""
        if not (sent or self.moment.had(reported_at or recorded_at)):
            return False
        return self.moment.knew(kind, request.account_id, request.request_id, recorded_at, number)


def _place(request: RecordedRequest) -> PageKey:
    return PageKey(request.recorded_at, request.request_id)
