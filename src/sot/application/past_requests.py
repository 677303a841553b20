"""Requests as they were: without the checks, the withdrawal, the context and the order that came later."""

from collections.abc import Callable
from datetime import datetime

import attrs

from sot.domain.errors import NotFound
from sot.domain.vocabulary import FactKind
from sot.ports.records import (
    LARGEST_PAGE,
    Known,
    Page,
    PageKey,
    RecordedCheck,
    RecordedRequest,
    RecordedWithdrawal,
    RequestFilter,
)
from sot.ports.store import UnitOfWork


@attrs.frozen
class PastRequests:
    """The requests of a moment; `had_order` tells whether an order was there then."""

    uow: UnitOfWork
    known: Known
    happened_by: datetime | None
    had_order: Callable[[str], bool]

    def then(self, request: RecordedRequest) -> RecordedRequest | None:
        """A request as it was; None if there was none yet."""
        if not self._holds(request, FactKind.REQUEST, 0, request.recorded_at, request.request.requested_at):
            return None
        has_context = self._holds(request, FactKind.CONTEXT, 0, request.recorded_at, None)
        withdrawal = request.withdrawal
        return attrs.evolve(
            request,
            context=request.context if has_context else None,
            context_hash=request.context_hash if has_context else None,
            checks=tuple(check for check in request.checks if self._was_checked(request, check)),
            withdrawal=withdrawal if withdrawal is not None and self._was_withdrawn(request, withdrawal) else None,
            order_id=request.order_id if request.order_id is not None and self.had_order(request.order_id) else None,
        )

    def list(self, filter: RequestFilter, after: PageKey | None, limit: int) -> Page[RecordedRequest]:
        """A page of the requests that there were, oldest first; each of those that there are now is looked at."""
        found: list[RecordedRequest] = []
        while True:
            page = self.uow.requests.list(filter, after, LARGEST_PAGE)
            for request in page.items:
                then = self.then(request)
                if then is None:
                    continue
                if len(found) == limit:
                    return Page(found, PageKey(found[-1].recorded_at, found[-1].request_id))
                found.append(then)
            after = page.next
            if after is None:
                return Page(found)

    def get(self, request_id: str, words: str) -> RecordedRequest:
        """One of them. Raises: NotFound: it was not known, or nothing of it had happened."""
        request = self.uow.requests.get(request_id)
        then = None if request is None else self.then(request)
        if then is None:
            raise NotFound("request", request_id, f"{words}: it came later, or never")
        return then

    def _was_checked(self, request: RecordedRequest, check: RecordedCheck) -> bool:
        return self._holds(request, FactKind.RISK_CHECK, check.number, check.recorded_at, check.check.checked_at)

    def _was_withdrawn(self, request: RecordedRequest, withdrawal: RecordedWithdrawal) -> bool:
        told_at = withdrawal.withdrawal.occurred_at
        return self._holds(request, FactKind.WITHDRAWAL, 0, withdrawal.recorded_at, told_at)

    def _holds(
        self, request: RecordedRequest, kind: FactKind, number: int, recorded_at: datetime, told_at: datetime | None
    ) -> bool:
        """Whether a fact was known, and what it tells had happened by then."""
        if self.happened_by is not None and (told_at or recorded_at) > self.happened_by:
            return False
        if self.known.position is None:
            return self.known.moment is None or recorded_at <= self.known.moment
        leaf = self.uow.feed.find(kind, request.account_id, request.request_id, number)
        return leaf is not None and self.known.holds(leaf)
