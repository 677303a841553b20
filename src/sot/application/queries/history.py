"""Read the history: as it is now, or as it was at a point in time.

`OrderHistory` reads the present and `PastHistory` a past point in time by the same queries. docs/how-to/audit.md says
what the past means for each of them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar, overload

import attrs

from sot.application.accounting import costs, pnl
from sot.application.orders import lookup, matching
from sot.application.orders.explanation import Explanation, explain
from sot.application.orders.waiting import Waiting, why_it_waits
from sot.application.queries import timeline
from sot.application.queries.accounts import AccountQueries
from sot.application.queries.timeline import TimelineEntry
from sot.application.support.paging import page_slice, read_page
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest, UnattributedReport
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values import fields
from sot.domain.values.arguments import checked_arguments
from sot.domain.values.errors import NotFound
from sot.domain.values.given import DecimalGiven
from sot.domain.values.instrument import Instrument, RecordedInstrument
from sot.domain.values.vocabulary import Anomaly, EventType, ReconciliationType
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import UnitOfWork

T = TypeVar("T")


@checked_arguments
class HistoryQueries(AccountQueries):
    """The queries of the history. Nothing here writes.

    List methods return a `Page`: its `items`, and the key of the `next` page to ask for with `after`. Iterating a page
    goes on to the end of the list, in the same unit of work.

    At a past point in time `known_at` and `happened_by` mean the same for every query: a fact that was not known then
    is absent, and so is a fact that was known and states what happened later. What belongs to an order is as old as the
    order's events, of which none shows before those of lower sequence. Positions are made of executions and account
    events, each by its own time.
    """

    # Requests and instruments

    def request(self, request_id: str) -> RecordedRequest:
        """Return a request with its context, checks and status.

        With `happened_by`, these are what was reported by then with a time of its own, or recorded by then without one.

        Raises:
            NotFound: There is no such request.
        """
        return lookup.get_request(self._source, request_id, hint=self._missing_hint)

    def find_request(self, account_id: str, idempotency_key: str) -> RecordedRequest | None:
        """Return the request with an idempotency key; None if there is none."""
        found = self._source.requests.by_key(account_id, idempotency_key, None)
        return found[0] if found else None

    def requests(
        self,
        filter: RequestFilter | None = None,
        after: PageKey | None = None,
        limit: int = 50,
        *,
        newest_first: bool = False,
    ) -> Page[RecordedRequest, PageKey]:
        """List requests in the order of their recording.

        Args:
            filter: Which requests; by default all.
            after: The `next` of the page before, which was read in the same order; None for the first page.
            limit: The largest number of requests of the page.
            newest_first: List the newest first, not the oldest.

        Raises:
            InvalidInput: `limit` is not from 1 to 500.
        """
        wanted = filter or RequestFilter()
        return read_page(partial(self._source.requests.list, wanted, newest_first=newest_first), after, limit)

    def instruments(self, account_id: str, venue: str, symbol: str) -> Sequence[Instrument]:
        """Return the versions of an instrument that hold, oldest `valid_from` first; none for an unknown symbol.

        `happened_by` removes none: each version states itself from when it holds.
        """
        return self._source.instruments.versions(account_id, venue, symbol)

    def recorded_instruments(self, account_id: str, venue: str, symbol: str) -> Sequence[RecordedInstrument]:
        """Return all versions of an instrument by (valid_from, number), those that were corrected too."""
        return self._source.instruments.recorded(account_id, venue, symbol)

    # Orders

    def order(self, order_id: str) -> Order:
        """Return an order.

        Raises:
            NotFound: There is no such order.
        """
        return self._order(self._source, order_id).copy()

    def _order(self, source: UnitOfWork, order_id: str) -> Order:
        return lookup.get_order(source, order_id, self._missing_hint)

    def _page_of_order(
        self, read: Callable[[UnitOfWork, Order, int | None, int], Page[T, int]], order_id: str, after: int, limit: int
    ) -> Page[T, int]:
        source = self._source
        order = self._order(source, order_id)
        return read_page(partial(read, source, order), after, limit)

    def order_of(self, request_id: str) -> Order | None:
        """Return the order that a request made or, for an amendment, worked on; None before the request was sent.

        Raises:
            NotFound: There is no such request.
        """
        request = self.request(request_id)
        return None if request.order_id is None else self.order(request.order_id)

    def find_order(
        self,
        account_id: str,
        client_order_id: str | None = None,
        venue: str | None = None,
        venue_order_id: str | None = None,
    ) -> Order:
        """Return the order with an identifier, present or past.

        At a past point in time, an identifier counts from when the order got it.

        Raises:
            NotFound: No order has the identifier, or several do.
        """
        report = VenueReport(
            account_id=account_id,
            type=EventType.ORDER_STATUS,
            client_order_id=client_order_id,
            venue=venue,
            venue_order_id=venue_order_id,
        )
        order = matching.find_order(self._source, report)
        if order is None:
            hint = self._missing_hint or "or several orders have it: narrow it down by venue"
            raise NotFound("order", client_order_id or venue_order_id or "", hint)
        return order.copy()

    def orders(
        self,
        filter: OrderFilter | None = None,
        after: PageKey | None = None,
        limit: int = 50,
        *,
        newest_first: bool = False,
    ) -> Page[Order, PageKey]:
        """List orders in the order of their recording.

        A page of a past point in time looks at a thousand present orders, and may be short, or empty, while there are
        more.

        Args:
            filter: Which orders; by default all.
            after: The `next` of the page before, which was read in the same order; None for the first page.
            limit: The largest number of orders of the page.
            newest_first: List the newest first, not the oldest.

        Raises:
            InvalidInput: `limit` is not from 1 to 500.
        """
        source, wanted = self._source, filter or OrderFilter()

        def read(after: PageKey | None, limit: int) -> Page[Order, PageKey]:
            page = source.orders.list(wanted, after, limit, newest_first=newest_first)
            return Page([order.copy() for order in page.items], page.next)

        return read_page(read, after, limit)

    def anomalies(self, orders: Sequence[Order]) -> Mapping[str, Sequence[Anomaly]]:
        """Return what is odd about the events of orders, such as those of a page of `orders`, with one query.

        Args:
            orders: The orders, as they were returned here: later events than their last one do not count.

        Returns:
            The anomalies by `order_id`, each once. An order without any may be absent.
        """
        return self._source.events.anomalies(orders)

    def explain(self, order_id: str) -> Explanation:
        """Explain in one sentence how much of an order was executed, and why not more.

        Raises:
            NotFound: There is no such order.
        """
        source = self._source
        return explain(source, self._order(source, order_id))

    def events(self, order_id: str, after: int = 0, limit: int = 50) -> Page[OrderEvent, int]:
        """List the events of an order by sequence, those after a sequence.

        Raises:
            NotFound: There is no such order.
            InvalidInput: `limit` is not from 1 to 500.
        """
        return self._page_of_order(timeline.events, order_id, after, limit)

    def timeline(self, order_id: str, after: int = 0, limit: int = 50) -> Page[TimelineEntry, int]:
        """List the events of an order, those after a sequence, each with what it changed.

        The last events of a long story cost what the first ones do.

        Raises:
            NotFound: There is no such order.
            InvalidInput: `limit` is not from 1 to 500.
        """
        return self._page_of_order(timeline.timeline, order_id, after, limit)

    def fills(self, order_id: str, after: int = 0, limit: int = 50) -> Page[Fill, int]:
        """List the executions of an order that hold, in the order in which they were first reported.

        A page may be short, or empty, while there are more: busted executions count, and are left out.

        Raises:
            NotFound: There is no such order.
            InvalidInput: `limit` is not from 1 to 500.
        """
        return self._page_of_order(timeline.fills, order_id, after, limit)

    def costs(self, order_id: str) -> OrderCosts:
        """Return what the executions of an order cost.

        Raises:
            NotFound: There is no such order.
        """
        source = self._source
        order = self._order(source, order_id)
        return source.costs.get(order.account_id, order_id) or costs.no_costs(source, order)

    @overload
    def pnl(
        self, order_id: str, mark: None = None, rates: Mapping[str, DecimalGiven] | None = None
    ) -> OrderPnl | None: ...

    @overload
    def pnl(self, order_id: str, mark: DecimalGiven, rates: Mapping[str, DecimalGiven] | None = None) -> OrderPnl: ...

    @overload
    def pnl(
        self, order_id: str, mark: DecimalGiven | None, rates: Mapping[str, DecimalGiven] | None = None
    ) -> OrderPnl | None: ...

    def pnl(
        self, order_id: str, mark: DecimalGiven | None = None, rates: Mapping[str, DecimalGiven] | None = None
    ) -> OrderPnl | None:
        """Compute an order's profit and loss at a mark; without one, return the latest recorded snapshot, if any.

        Args:
            order_id: The order.
            mark: A price in quote currency per unit.
            rates: Settlement currency per unit of each other fee currency.

        Raises:
            NotFound: There is no such order.
            InvalidInput: The mark or a rate is not allowed, or the instrument is not registered.
        """
        source = self._source
        order = self._order(source, order_id)
        if mark is None:
            return source.pnl.last(order.account_id, order_id, order.last_sequence)
        return pnl.compute_pnl(source, order, mark, rates or {}, order.last_sequence, source.clock.now())

    def pnl_snapshots(self, order_id: str, after: int = 0, limit: int = 50) -> Page[OrderPnl, int]:
        """List the recorded snapshots of an order's profit and loss, those after a sequence.

        Raises:
            NotFound: There is no such order.
            InvalidInput: `limit` is not from 1 to 500.
        """
        return self._page_of_order(timeline.pnl_snapshots, order_id, after, limit)

    # Reconciliations and checkpoints

    def findings(
        self, filter: ReconciliationFilter | None = None, after: PageKey | None = None, limit: int = 50
    ) -> Page[RecordedReconciliation, PageKey]:
        """List what comparisons with venues found, oldest first; without a filter, what is open.

        At a past point in time a finding is open until the row that closes it. It was found, and closed by a later run,
        at the `checked_at` of the run; closed by a person, when that was recorded.

        Raises:
            InvalidInput: `limit` is not from 1 to 500.
        """
        wanted = attrs.evolve(filter or ReconciliationFilter(is_open=True), types=(ReconciliationType.FINDING,))
        return read_page(partial(self._source.reconciliations.list, wanted), after, limit)

    def finding(self, finding_id: str) -> RecordedReconciliation:
        """Return a finding, with the resolution that closed it, if one did.

        Raises:
            NotFound: There is no such finding.
        """
        found = self._source.reconciliations.get(finding_id)
        if found is None or found.row.type is not ReconciliationType.FINDING:
            raise NotFound("finding", finding_id, self._missing_hint)
        return found

    def waiting(self, account_id: str, after: str | None = None, limit: int = 50) -> Page[UnattributedReport, str]:
        """List the reports of an account whose order is not known, by `report_id`.

        At a past point in time a report waits until the event of its order that states that it waited.

        Raises:
            InvalidInput: `limit` is not from 1 to 500, or `after` is no id.
        """
        source = self._source
        if after is not None:
            fields.IDENTITY.check("after", after)

        def read(after: str | None, limit: int) -> Page[UnattributedReport, str]:
            reports = source.reports.waiting(account_id, after, limit + 1)
            return page_slice(reports, limit, lambda report: report.report_id)

        return read_page(read, after, limit)

    def why_waiting(self, report: UnattributedReport) -> Waiting:
        """Say why a report waits for its order, which orders it may be about, and what would end it."""
        return why_it_waits(self._source, report.report)

    def checkpoints(self, after: int = 0, limit: int = 50) -> Page[Checkpoint, int]:
        """List the checkpoints by number, those after a number.

        A past cursor shows those that seal no fact behind it, whenever they were sealed; a past time, those that were
        sealed by then.

        Raises:
            InvalidInput: `limit` is not from 1 to 500.
        """
        source = self._source

        def read(after: int | None, limit: int) -> Page[Checkpoint, int]:
            checkpoints = source.checkpoints.list(after or 0, limit + 1)
            return page_slice(checkpoints, limit, lambda checkpoint: checkpoint.number)

        return read_page(read, after, limit)
