"""The requests at a point in time, without the checks, withdrawal, context and order that came later."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import attrs

from sot.application.as_of.orders import PastOrders
from sot.application.as_of.point_in_time import PointInTime
from sot.application.support.paging import past_page
from sot.domain.orders.records import RecordedCheck, RecordedRequest, RecordedWithdrawal
from sot.domain.values.vocabulary import FactKind
from sot.ports.orders import RequestFilter
from sot.ports.paging import Page, PageKey


@attrs.frozen
class PastRequests:
    """The requests at a point in time. What has no time of its own happened when it was recorded.

    A request whose order is included is included, too, with its checks: order and request may have been recorded long
    after the execution, or by clocks that differ.
    """

    point: PointInTime
    orders: PastOrders

    def get(self, request_id: str, lock: bool = False) -> RecordedRequest | None:
        """The request as it was; None if it was not known, or nothing of it had happened."""
        request = self.point.uow.requests.get(request_id)
        return None if request is None else self._as_it_was(request)

    def by_key(self, account_id: str, key: str, client_order_id: str | None) -> Sequence[RecordedRequest]:
        """The requests that had this idempotency key or this client order id."""
        requests = map(self._as_it_was, self.point.uow.requests.by_key(account_id, key, client_order_id))
        return [request for request in requests if request is not None]

    def list(
        self, filter: RequestFilter, after: PageKey | None, limit: int, *, newest_first: bool = False
    ) -> Page[RecordedRequest, PageKey]:
        """A page of the requests that there were."""
        read = partial(self.point.uow.requests.list, filter, newest_first=newest_first)
        return past_page(read, self._as_it_was, _page_key, after, limit)

    def _as_it_was(self, request: RecordedRequest) -> RecordedRequest | None:
        order_id = self._order_of(request)
        was_sent = order_id is not None
        if not (
            was_sent or self._is_included(request, FactKind.REQUEST, request.recorded_at, request.request.requested_at)
        ):
            return None
        has_context = was_sent or self.point.was_known(
            FactKind.CONTEXT, request.account_id, request.request_id, request.recorded_at
        )
        withdrawal = request.withdrawal
        return attrs.evolve(
            request,
            context=request.context if has_context else None,
            context_hash=request.context_hash if has_context else None,
            checks=tuple(check for check in request.checks if self._was_checked(request, check, was_sent)),
            withdrawal=withdrawal if withdrawal is not None and self._was_withdrawn(request, withdrawal) else None,
            order_id=order_id,
        )

    def _order_of(self, request: RecordedRequest) -> str | None:
        """The id of the order that the request had made by then or, for an amendment, had been sent for."""
        if request.order_id is None:
            return None
        candidates = dict.fromkeys((request.order_id, request.request.target_order_id))
        sent = (order_id for order_id in candidates if order_id is not None and self._was_sent(request, order_id))
        return next(sent, None)

    def _was_sent(self, request: RecordedRequest, order_id: str) -> bool:
        order = self.orders.get(order_id)
        if order is None:
            return False
        if order.request_id == request.request_id:
            return True
        events = self.point.uow.events.list(order.account_id, order_id, 0, order.last_sequence)
        return any(event.fact is not None and event.fact.request_id == request.request_id for event in events)

    def _was_checked(self, request: RecordedRequest, check: RecordedCheck, was_sent: bool) -> bool:
        reported_at = check.check.checked_at
        return self._is_included(request, FactKind.RISK_CHECK, check.recorded_at, reported_at, check.number, was_sent)

    def _was_withdrawn(self, request: RecordedRequest, withdrawal: RecordedWithdrawal) -> bool:
        return self._is_included(
            request, FactKind.WITHDRAWAL, withdrawal.recorded_at, withdrawal.withdrawal.occurred_at
        )

    def _is_included(
        self,
        request: RecordedRequest,
        kind: FactKind,
        recorded_at: datetime,
        reported_at: datetime | None,
        number: int = 0,
        was_sent: bool = False,
    ) -> bool:
        """Whether a fact was known, and had happened, which it had if the request was sent."""
        if not (was_sent or self.point.had_happened(reported_at or recorded_at)):
            return False
        return self.point.was_known(kind, request.account_id, request.request_id, recorded_at, number)


def _page_key(request: RecordedRequest) -> PageKey:
    return PageKey(request.recorded_at, request.request_id)
