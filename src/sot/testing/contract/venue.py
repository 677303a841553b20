"""The venue suite: what every venue must do so that execution, recovery and reconciliation can rely on it.

Derive a test class from `VenueContract` and give it a `venue` fixture that connects to an empty exchange of your own:

    class TestMyVenue(VenueContract):
        SYMBOL, RESTING_PRICE, FILLING_PRICE = "BTC/USDT", Decimal(90), Decimal(110)

        @pytest.fixture
        def venue(self):
            return MyVenue(...)

        def new_store(self):
            return MemoryStore()

What a venue's capabilities exclude is tested only to be refused. Tests of a bad network need the hooks `lose_answers`,
`lose_requests` and `disconnect`; they are skipped where these are not overridden.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import reduce

import pytest

from sot.application.executor import Executor
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.domain.orders.anomalies import DUPLICATE_ORDER
from sot.domain.values.errors import InvalidInput, VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.vocabulary import Action, EventType, OrderStatus, Side
from sot.ports.venue import UNSUPPORTED, OrderReference, Replacement, Venue, VenueCapabilities
from sot.testing.contract.samples import ACCOUNT
from sot.testing.contract.venue_scenario import VenueScenario


class VenueContract(VenueScenario):
    """Tests for a venue from the fixture `venue`; the attributes and hooks to override are those of `VenueScenario`."""

    # ------------------------------------------------------------------------------------------------- capabilities

    def test_capabilities_are_consistent(self, venue: Venue) -> None:
        """Capabilities are complete, and do not contradict each other."""
        capabilities = venue.capabilities
        assert isinstance(capabilities, VenueCapabilities)
        assert capabilities.time_limit > timedelta(0)
        assert capabilities.history is None or capabilities.history >= timedelta(0)
        assert capabilities.settled_after is None or capabilities.settled_after >= timedelta(0)
        assert capabilities.finds_orders or not (
            capabilities.finds_by_client_order_id or capabilities.executions_by_order
        )
        assert venue.name

    def test_refuses_unsupported_calls(self, venue: Venue) -> None:
        """A call that the capabilities exclude raises VenueRefused, UNSUPPORTED, before anything is sent."""
        capabilities = venue.capabilities
        order, scope = self.resting_order(venue), self.scope()
        calls: dict[str, Callable[[], object]] = {
            "cancels": lambda: venue.cancel(self.amendment(order, Action.CANCEL), order),
            "replaces": lambda: venue.replace(self.amendment(order, Action.REPLACE), order),
            "finds_orders": lambda: venue.find(self.reference(order)),
            "lists_open_orders": lambda: venue.open_orders(scope),
            "lists_executions": lambda: venue.executions(scope),
            "lists_positions": lambda: venue.positions(scope),
            "lists_balances": lambda: venue.balances(scope),
        }
        for name, call in calls.items():
            if not getattr(capabilities, name):
                with pytest.raises(VenueRefused) as refused:
                    call()
                assert refused.value.reason == UNSUPPORTED, name

    # ------------------------------------------------------------------------------------------------- new orders

    def test_accepts_a_resting_order(self, venue: Venue) -> None:
        """The reports are about this order alone, by account, venue, ids and terms, and contain no execution."""
        request = self.new_order_request(venue, self.RESTING_PRICE)
        reports = list(venue.submit(request))
        assert reports
        for report in reports:
            self.assert_about(venue, request, report)
            assert report.type in (EventType.PENDING_NEW, EventType.NEW, EventType.ORDER_STATUS)
        assert reports[-1].venue_order_id is not None

    def test_fills_an_order(self, venue: Venue) -> None:
        """Executions have ids of their own, quantities that add up, and prices not worse than the limit."""
        order = self.execute(venue, self.new_order_request(venue, self.FILLING_PRICE))
        executions = self.executions_of(venue, order)
        if venue.capabilities.executions_by_order or venue.capabilities.lists_executions:
            assert reduce(add, (report.last_quantity or ZERO for report in executions), ZERO) == self.QUANTITY
        assert len({(report.exec_id, report.leg) for report in executions}) == len(executions)
        for report in executions:
            assert report.last_price is not None
            assert report.last_price <= self.FILLING_PRICE
            assert report.side is Side.BUY

    def test_refuses_a_repeated_client_order_id(self, venue: Venue) -> None:
        """A repeat is refused as a duplicate, and makes no second order."""
        self.require(venue, "client_order_ids")
        request = self.new_order_request(venue, self.RESTING_PRICE)
        venue.submit(request)
        with pytest.raises(VenueRefused) as refused:
            venue.submit(request)
        assert refused.value.reason == DUPLICATE_ORDER
        if venue.capabilities.lists_open_orders:
            listed = venue.open_orders(self.scope()).reports
            assert [report.client_order_id for report in listed].count(request.client_order_id) == 1

    # ---------------------------------------------------------------------------------------- cancels and replacements

    def test_cancels_an_order(self, venue: Venue) -> None:
        """The order is cancelled, and the venue reports so."""
        self.require(venue, "cancels")
        order = self.resting_order(venue)
        request = self.amendment(order, Action.CANCEL)
        reports = list(venue.cancel(request, order))
        assert all(report.account_id == ACCOUNT and report.venue == venue.name for report in reports)
        if reports and reports[-1].type is not EventType.PENDING_CANCEL:
            assert reports[-1].reported_status in (None, OrderStatus.CANCELED)
        if venue.capabilities.finds_orders:
            assert self.reported_status(venue, order) in (None, OrderStatus.CANCELED)

    def test_refuses_to_cancel_a_closed_order(self, venue: Venue) -> None:
        """VenueRefused, never an unknown outcome."""
        self.require(venue, "cancels")
        order = self.resting_order(venue)
        venue.cancel(self.amendment(order, Action.CANCEL), order)
        with pytest.raises(VenueRefused):
            venue.cancel(self.amendment(order, Action.CANCEL), order)

    def test_replaces_an_order(self, venue: Venue) -> None:
        """The same order with other terms, or a new one in its place, as the capabilities say."""
        self.require(venue, "replaces")
        order = self.resting_order(venue)
        request = self.amendment(order, Action.REPLACE)
        reports = list(venue.replace(request, order))
        of_request = [report for report in reports if report.client_order_id == request.client_order_id]
        if venue.capabilities.replaces is Replacement.NEW_ORDER:
            assert any(report.type is EventType.CANCELED for report in reports)
            assert all(report.type is not EventType.REPLACED for report in reports)
            assert of_request
        else:
            assert any(report.type in (EventType.REPLACED, EventType.PENDING_REPLACE) for report in reports)

    # ------------------------------------------------------------------------------------------------------- queries

    def test_finds_an_order(self, venue: Venue) -> None:
        """The answer has executions first, then the status as of the time of asking."""
        self.require(venue, "finds_orders")
        order = self.execute(venue, self.new_order_request(venue, self.FILLING_PRICE))
        answer = venue.find(self.reference(order))
        assert answer.reports
        for report in answer.reports:
            assert (report.account_id, report.venue) == (ACCOUNT, venue.name)
        status = answer.reports[-1]
        assert (status.type, status.reported_status) == (EventType.ORDER_STATUS, OrderStatus.FILLED)
        assert status.occurred_at == answer.asked_at
        executions = [report for report in answer.reports if report.type is EventType.TRADE]
        if answer.complete:
            assert reduce(add, (report.last_quantity or ZERO for report in executions), ZERO) == self.QUANTITY

    def test_an_unknown_order_is_an_answer(self, venue: Venue) -> None:
        """An unknown order has no reports; it is no error."""
        self.require(venue, "finds_by_client_order_id")
        unknown = OrderReference(account_id=ACCOUNT, symbol=self.SYMBOL, client_order_id=self.new_client_order_id())
        assert list(venue.find(unknown).reports) == []

    def test_lists_open_orders(self, venue: Venue) -> None:
        """Open orders and no others, of the symbols that were asked for, with one status each."""
        self.require(venue, "lists_open_orders")
        resting, filled = (
            self.resting_order(venue),
            self.execute(venue, self.new_order_request(venue, self.FILLING_PRICE)),
        )
        answer = venue.open_orders(self.scope())
        ids = [report.venue_order_id for report in answer.reports]
        assert resting.venue_order_id in ids
        assert filled.venue_order_id not in ids
        assert {report.type for report in answer.reports} == {EventType.ORDER_STATUS}
        assert {report.occurred_at for report in answer.reports} == {answer.asked_at}
        assert answer.symbols is None or self.SYMBOL in answer.symbols

    def test_lists_executions_from_a_cursor(self, venue: Venue) -> None:
        """All executions by pages; from a cursor on the later ones; an invalid cursor is refused."""
        self.require(venue, "lists_executions")
        first = {
            self.execute(venue, self.new_order_request(venue, self.FILLING_PRICE)).venue_order_id for _ in range(3)
        }
        listed, cursor = self.list_executions(venue, None)
        assert first <= {report.venue_order_id for report in listed}
        if cursor is not None:
            later = self.execute(venue, self.new_order_request(venue, self.FILLING_PRICE))
            listed, _ = self.list_executions(venue, cursor)
            assert later.venue_order_id in {report.venue_order_id for report in listed}
        with pytest.raises(InvalidInput):
            venue.executions(self.scope(), cursor="\N{SNOWMAN} not a cursor of this venue")

    def test_lists_positions(self, venue: Venue) -> None:
        """Positions are signed quantities in units of the instrument."""
        self.require(venue, "lists_positions")
        if not self.keeps_positions(venue):
            pytest.skip(f"this venue keeps no positions of {self.SYMBOL}")
        before = self.position_quantity(venue)
        self.execute(venue, self.new_order_request(venue, self.FILLING_PRICE))
        assert self.position_quantity(venue) - before == self.QUANTITY

    def test_lists_balances(self, venue: Venue) -> None:
        """Balances are exact totals by asset: an execution moves the base by its quantity, less fees in base."""
        self.require(venue, "lists_balances")
        base, quote = self.CURRENCIES
        before = self.balances(venue)
        order = self.execute(venue, self.new_order_request(venue, self.FILLING_PRICE))
        after = self.balances(venue)
        executions = self.executions_of(venue, order)
        if executions:
            spent, fees = self.cash_moved(executions)
            assert after.get(base, ZERO) - before.get(base, ZERO) == self.QUANTITY - fees.get(base, ZERO)
            assert before.get(quote, ZERO) - after.get(quote, ZERO) == spent + fees.get(quote, ZERO)

    # ----------------------------------------------------------------------------------------------------- bad network

    def test_a_lost_answer_leaves_the_outcome_unknown(self, venue: Venue) -> None:
        """A lost answer is neither a refusal nor "not reached"; recovery finds the order, once."""
        store = self.store_with_instrument(venue)
        request_id = self.submit(store, self.new_order_request(venue, self.RESTING_PRICE))
        with self.lose_answers(venue):
            order = Executor(store, venue).execute(request_id)
        assert order.in_doubt
        if venue.capabilities.finds_by_client_order_id:
            self.recover(store, venue)
            assert self.read_order(store, order).status is OrderStatus.NEW

    def test_a_lost_request_leaves_the_outcome_unknown(self, venue: Venue) -> None:
        """The order is in doubt until the venue can say for certain that the request never arrived."""
        store = self.store_with_instrument(venue)
        request_id = self.submit(store, self.new_order_request(venue, self.RESTING_PRICE))
        with self.lose_requests(venue):
            order = Executor(store, venue).execute(request_id)
        assert order.in_doubt
        if venue.capabilities.finds_by_client_order_id:
            self.recover(store, venue)
            assert self.read_order(store, order).status in (OrderStatus.FAILED, OrderStatus.PENDING_NEW)

    def test_a_failed_connection_is_known_for_sure(self, venue: Venue) -> None:
        """A request that was never sent raises VenueNotReached."""
        request = self.new_order_request(venue, self.RESTING_PRICE)
        with self.disconnect(venue), pytest.raises(VenueNotReached):
            venue.submit(request)

    def test_a_failed_query_is_an_error(self, venue: Venue) -> None:
        """A query without an answer raises an error; it never returns an empty answer."""
        capabilities, order, scope = venue.capabilities, self.resting_order(venue), self.scope()
        lists_positions = capabilities.lists_positions and self.keeps_positions(venue)
        with self.disconnect(venue):
            for supported, query in (
                (capabilities.finds_orders, lambda: venue.find(self.reference(order))),
                (capabilities.lists_open_orders, lambda: venue.open_orders(scope)),
                (capabilities.lists_executions, lambda: venue.executions(scope)),
                (lists_positions, lambda: venue.positions(scope)),
                (capabilities.lists_balances, lambda: venue.balances(scope)),
            ):
                if supported:
                    with pytest.raises((VenueNotReached, VenueOutcomeUnknown)):
                        query()

    # ---------------------------------------------------------------------------------------------------- all together

    def test_history_and_venue_agree(self, venue: Venue) -> None:
        """After orders that rest, fill and are cancelled, a reconciliation has no finding and no failure."""
        store = self.store_with_instrument(venue)
        executor = Executor(store, venue)
        orders = [
            executor.execute(self.submit(store, self.new_order_request(venue, self.FILLING_PRICE))) for _ in range(2)
        ]
        resting = executor.execute(self.submit(store, self.new_order_request(venue, self.RESTING_PRICE)))
        if venue.capabilities.cancels:
            executor.execute(self.submit(store, self.amendment(resting, Action.CANCEL)))
        limits = ReconciliationLimits(grace=timedelta(0), pause=timedelta(0))
        result = reconcile(store, venue, ACCOUNT, symbols=[self.SYMBOL], heal=True, limits=limits)
        assert [(finding.row.mismatch, finding.row.reason) for finding in result.findings] == []
        assert not result.failures
        for order in orders:
            assert self.read_order(store, order).status is OrderStatus.FILLED
