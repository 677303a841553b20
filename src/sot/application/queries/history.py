"""Whoever can be asked about the history: as it is, or as it was."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import attrs

from sot.application.accounting import costs, pnl
from sot.application.orders import lookup, matching
from sot.application.queries import timeline
from sot.application.queries.accounts import AccountQueries
from sot.application.queries.timeline import TimelineEntry
from sot.application.support.paging import checked_limit, stretch
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest, UnattributedReport
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.errors import NotFound
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import ReconciliationType
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import Page, PageKey, Stretch
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import UnitOfWork


class HistoryQueries(AccountQueries):
    """Whoever tells of the history: `OrderHistory` as it is, `PastHistory` as it was. Nothing here writes.

    Of a past moment `known_at` and `happened_by` mean the same for all that is told: a fact that was not known then is
    not there, and a fact that was known is not there either, if what it tells happened later. What belongs to an order
    is as old as the order's events, of which none shows before those of lower sequence; what a position is made of are
    executions and account events, each by its own time.
    """

    # -------------------------------------------------------------------------------------------------- requests

    def request(self, request_id: str) -> RecordedRequest:
        """The request with its context, checks and status.

        By `happened_by` they are what was told by then with a time of its own, or recorded by then without one.

        Raises: NotFound.
        """
        return lookup.get_request(self._source, request_id, hint=self._missing_hint)

    def find_request(self, account_id: str, idempotency_key: str) -> RecordedRequest | None:
        """The request of this key, if there is one."""
        found = self._source.requests.by_key(account_id, idempotency_key, None)
        return found[0] if found else None

    def requests(
        self, filter: RequestFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedRequest]:
        """A page of requests, oldest first.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        return self._source.requests.list(filter or RequestFilter(), after, checked_limit(limit))

    def instruments(self, account_id: str, venue: str, symbol: str) -> Sequence[Instrument]:
        """The versions of an instrument, oldest `valid_from` first; none of an unknown symbol.

        `happened_by` leaves them all: from when a version holds, it tells itself.
        """
        return self._source.instruments.versions(account_id, venue, symbol)

    # ---------------------------------------------------------------------------------------------------- orders

    def order(self, order_id: str) -> Order:
        """The order. Raises: NotFound."""
        return self._order(self._source, order_id).copy()

    def _order(self, facts: UnitOfWork, order_id: str) -> Order:
        return lookup.get_order(facts, order_id, self._missing_hint)

    def order_of(self, request_id: str) -> Order | None:
        """The order that a request made or, for an amendment, worked on; None before it was sent. Raises: NotFound."""
        request = self.request(request_id)
        return None if request.order_id is None else self.order(request.order_id)

    def find_order(
        self,
        account_id: str,
        client_order_id: str | None = None,
        venue: str | None = None,
        venue_order_id: str | None = None,
    ) -> Order:
        """The order known by an identifier, present or past; of a past moment, by one that it had been given by then.

        Of a name that only a repeated report gave, no fact tells when that was: the order had it from the first.

        Raises: NotFound: none is, or several are.
        """
        named = VenueReport(
            account_id=account_id,
            type="ORDER_STATUS",  # type: ignore[arg-type]
            client_order_id=client_order_id,
            venue=venue,
            venue_order_id=venue_order_id,
        )
        order = matching.find_order(self._source, named)
        if order is None:
            why = self._missing_hint or "or more than one is: narrow it by venue"
            raise NotFound("order", client_order_id or venue_order_id or "", why)
        return order.copy()

    def orders(self, filter: OrderFilter | None = None, after: PageKey | None = None, limit: int = 50) -> Page[Order]:
        """A page of orders, oldest first, after the place where an earlier page ended.

        Those of a past moment are found by what they were then: a page looks at a thousand of those that there are now,
        and may be short, or empty, while there are more.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        page = self._source.orders.list(filter or OrderFilter(), after, checked_limit(limit))
        return Page([order.copy() for order in page.items], page.next)

    def events(self, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        """The order's events after a sequence. Raises: NotFound."""
        facts = self._source
        order = self._order(facts, order_id)
        return facts.events.list(order.account_id, order_id, after, limit)

    def timeline(self, order_id: str) -> Sequence[TimelineEntry]:
        """The order's story: each event with what it changed. Raises: NotFound."""
        facts = self._source
        return timeline.timeline(facts, self._order(facts, order_id))

    def timeline_page(self, order_id: str, after: int = 0, limit: int = 50) -> Stretch[TimelineEntry, int]:
        """A page of it, after a sequence; the last events of a long story cost what the first ones do.

        Raises: NotFound. InvalidInput: `limit` is not from 1 to 500.
        """
        facts = self._source
        return timeline.timeline_page(facts, self._order(facts, order_id), after, checked_limit(limit))

    def fills(self, order_id: str) -> Sequence[Fill]:
        """The executions that hold. Raises: NotFound."""
        facts = self._source
        return timeline.fills(facts, self._order(facts, order_id))

    def fills_page(self, order_id: str, after: int = 0, limit: int = 50) -> Stretch[Fill, int]:
        """A page of them, after an execution. It may be short, or empty, while there are more: busted ones count.

        Raises: NotFound. InvalidInput: `limit` is not from 1 to 500.
        """
        facts = self._source
        return timeline.fills_page(facts, self._order(facts, order_id), after, checked_limit(limit))

    def costs(self, order_id: str) -> OrderCosts:
        """What the executions cost. Raises: NotFound."""
        facts = self._source
        order = self._order(facts, order_id)
        return facts.costs.get(order.account_id, order_id) or costs.no_costs(facts, order)

    def pnl(
        self, order_id: str, mark: Decimal | None = None, rates: Mapping[str, Decimal] | None = None
    ) -> OrderPnl | None:
        """The order's profit and loss at a mark, only computed; without a mark the latest recorded snapshot, if any.

        Raises: NotFound. InvalidInput: a mark or rate that is not allowed, or an unknown instrument.
        """
        facts = self._source
        order = self._order(facts, order_id)
        if mark is None:
            return facts.pnl.last(order.account_id, order_id, order.last_sequence)
        return pnl.compute_pnl(facts, order, mark, rates or {}, order.last_sequence, facts.clock.now())

    def pnl_snapshots(self, order_id: str) -> Sequence[OrderPnl]:
        """All recorded snapshots. Raises: NotFound."""
        facts = self._source
        order = self._order(facts, order_id)
        return facts.pnl.list(order.account_id, order_id)

    # ------------------------------------------------------------------------------- comparisons and checkpoints

    def findings(
        self, filter: ReconciliationFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedReconciliation]:
        """A page of what comparisons with venues found, oldest first; without a filter, what is still open.

        At a past moment one is open until the row that closes it. They were found, and closed by a later run, at the
        `checked_at` of the run, and closed by a person when that was recorded.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        wanted = attrs.evolve(filter or ReconciliationFilter(is_open=True), types=(ReconciliationType.FINDING,))
        return self._source.reconciliations.list(wanted, after, checked_limit(limit))

    def finding(self, finding_id: str) -> RecordedReconciliation:
        """One of them, with what closed it, if anything did. Raises: NotFound."""
        found = self._source.reconciliations.get(finding_id)
        if found is None or found.row.type is not ReconciliationType.FINDING:
            raise NotFound("finding", finding_id, self._missing_hint)
        return found

    def waiting(self, account_id: str) -> Sequence[UnattributedReport]:
        """The reports of an account whose order is not known.

        At a past moment one waits until the event of its order that says that it waited. One that only repeated what
        its order knew already left none: it waits until it is found by a name of the order (see `find_order`). By
        `happened_by` a report and that event happened when the venue told, or when they were recorded without a time.
        """
        return self._source.reports.waiting(account_id)

    def waiting_page(
        self, account_id: str, after: str | None = None, limit: int = 50
    ) -> Stretch[UnattributedReport, str]:
        """A page of them, after a `report_id`.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        found = self._source.reports.waiting(account_id, after, checked_limit(limit) + 1)
        return stretch(found, limit, lambda report: report.report_id)

    def checkpoints(self) -> Sequence[Checkpoint]:
        """The checkpoints, by number.

        A past cursor leaves those that seal no fact behind it, whenever that was done; times, those sealed by then.
        """
        return self._source.checkpoints.all()

    def checkpoints_page(self, after: int = 0, limit: int = 50) -> Stretch[Checkpoint, int]:
        """A page of them, after a number.

        Raises: InvalidInput: `limit` is not from 1 to 500.
        """
        found = self._source.checkpoints.list(after, checked_limit(limit) + 1)
        return stretch(found, limit, lambda checkpoint: checkpoint.number)
