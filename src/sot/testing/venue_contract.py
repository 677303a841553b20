"""What every venue must do so that execution, recovery and reconciliation can rest on it: a suite for adapters.

Derive a test class from `VenueContract` and give it a `venue` fixture that connects to an empty exchange of your own:

    class TestMyVenue(VenueContract):
        SYMBOL, RESTS, FILLS = "BTC/USDT", Decimal(90), Decimal(110)

        @pytest.fixture
        def venue(self):
            return MyVenue(...)

        def new_store(self):
            return MemoryStore()

What a venue says that it cannot do is tested only to refuse. Tests of misfortunes need the hooks `unanswered`, `lost`
and `unreachable`; they are skipped where these are not given.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from itertools import count
from typing import Any, ClassVar

import attrs
import pytest

from sot.application.execution.recovery import RecoveryLimits
from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.domain.orders.anomalies import DUPLICATE_ORDER
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import InvalidInput, VenueError, VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, add
from sot.domain.values.vocabulary import Action, EventType, InstrumentKind, OrderStatus, OrderType, Side
from sot.ports.store import Store
from sot.ports.venue import UNSUPPORTED, OrderReference, Replacement, Venue, VenueCapabilities, VenueScope

ACCOUNT = "account"
_names = count(1)


class VenueContract:
    """Tests for a venue from the fixture `venue`. `RESTS` and `FILLS` are limits of a BUY that rests, or is filled."""

    SYMBOL: ClassVar[str] = "BTC/USDT"
    RESTS: ClassVar[Decimal] = Decimal(90)
    FILLS: ClassVar[Decimal] = Decimal(110)
    QUANTITY: ClassVar[Decimal] = Decimal(2)
    CURRENCIES: ClassVar[tuple[str, str]] = ("BTC", "USDT")

    # ------------------------------------------------------------------------------------------------------- hooks

    def new_store(self) -> Store:
        """An empty store, such as a MemoryStore."""
        raise NotImplementedError("give the suite an empty store: `def new_store(self): return MemoryStore()`")

    def unanswered(self, venue: Venue) -> AbstractContextManager[Any]:
        """Within it, requests arrive and are acted upon, and their answers are lost."""
        pytest.skip("the suite was given no way to lose an answer")

    def lost(self, venue: Venue) -> AbstractContextManager[Any]:
        """Within it, requests are lost on their way."""
        pytest.skip("the suite was given no way to lose a request")

    def unreachable(self, venue: Venue) -> AbstractContextManager[Any]:
        """Within it, the exchange cannot be reached at all, and that is known before anything is sent."""
        pytest.skip("the suite was given no way to cut the connection")

    # ------------------------------------------------------------------------------------------------- what it says

    def test_says_what_it_can_do(self, venue: Venue) -> None:
        """Capabilities are complete, and do not contradict each other."""
        able = venue.capabilities
        assert isinstance(able, VenueCapabilities)
        assert able.time_limit > timedelta(0)
        assert able.history is None or able.history >= timedelta(0)
        assert able.settled_after is None or able.settled_after >= timedelta(0)
        assert able.finds_orders or not (able.finds_by_client_order_id or able.executions_by_order)
        assert venue.name

    def test_refuses_what_it_cannot_do(self, venue: Venue) -> None:
        """A call that it does not have is refused as UNSUPPORTED, before anything is sent."""
        able = venue.capabilities
        order, scope = self.an_order(venue), self.scope()
        calls: dict[str, Callable[[], object]] = {
            "cancels": lambda: venue.cancel(self.amendment(order, Action.CANCEL), order),
            "replaces": lambda: venue.replace(self.amendment(order, Action.REPLACE), order),
            "finds_orders": lambda: venue.find(self.reference(order)),
            "lists_open_orders": lambda: venue.open_orders(scope),
            "lists_executions": lambda: venue.executions(scope),
            "lists_positions": lambda: venue.positions(scope),
        }
        for name, call in calls.items():
            if not getattr(able, name):
                with pytest.raises(VenueRefused) as refused:
                    call()
                assert refused.value.reason == UNSUPPORTED, name

    # ------------------------------------------------------------------------------------------------- new orders

    def test_takes_an_order_that_rests(self, venue: Venue) -> None:
        """Its reports are about it alone: account, venue, ids, terms; and tell no execution."""
        request = self.intent(venue, self.RESTS)
        reports = list(venue.submit(request))
        assert reports
        for report in reports:
            self.is_of(venue, request, report)
            assert report.type in (EventType.PENDING_NEW, EventType.NEW, EventType.ORDER_STATUS)
        assert reports[-1].venue_order_id is not None

    def test_fills_an_order(self, venue: Venue) -> None:
        """Executions have ids of their own, quantities that add up, and the price's side of the limit."""
        order = self.executed(venue, self.intent(venue, self.FILLS))
        executions = self.executions_of(venue, order)
        if venue.capabilities.executions_by_order or venue.capabilities.lists_executions:
            assert reduce(add, (report.last_quantity or ZERO for report in executions), ZERO) == self.QUANTITY
        assert len({(report.exec_id, report.leg) for report in executions}) == len(executions)
        for report in executions:
            assert report.last_price is not None
            assert report.last_price <= self.FILLS
            assert report.side is Side.BUY

    def test_a_client_order_id_stands_for_one_order(self, venue: Venue) -> None:
        """The same again is refused as a duplicate: no second order comes of it."""
        self.needs(venue, "client_order_ids")
        request = self.intent(venue, self.RESTS)
        venue.submit(request)
        with pytest.raises(VenueRefused) as refused:
            venue.submit(request)
        assert refused.value.reason == DUPLICATE_ORDER
        if venue.capabilities.lists_open_orders:
            listed = venue.open_orders(self.scope()).reports
            assert [one.client_order_id for one in listed].count(request.client_order_id) == 1

    # ---------------------------------------------------------------------------------------- cancel and replacement

    def test_cancels_an_order(self, venue: Venue) -> None:
        """It is over, and says so."""
        self.needs(venue, "cancels")
        order = self.an_order(venue)
        request = self.amendment(order, Action.CANCEL)
        reports = list(venue.cancel(request, order))
        assert all(report.account_id == ACCOUNT and report.venue == venue.name for report in reports)
        if reports and reports[-1].type is not EventType.PENDING_CANCEL:
            assert reports[-1].reported_status in (None, OrderStatus.CANCELED)
        if venue.capabilities.finds_orders:
            assert self.status(venue, order) in (None, OrderStatus.CANCELED)

    def test_an_order_that_is_over_is_not_cancelled(self, venue: Venue) -> None:
        """The venue's no is a refusal, never an unknown outcome."""
        self.needs(venue, "cancels")
        order = self.an_order(venue)
        venue.cancel(self.amendment(order, Action.CANCEL), order)
        with pytest.raises(VenueRefused):
            venue.cancel(self.amendment(order, Action.CANCEL), order)

    def test_replaces_an_order(self, venue: Venue) -> None:
        """As the capabilities say: the same order with other terms, or another in its place."""
        self.needs(venue, "replaces")
        order = self.an_order(venue)
        request = self.amendment(order, Action.REPLACE)
        reports = list(venue.replace(request, order))
        mine = [report for report in reports if report.client_order_id == request.client_order_id]
        if venue.capabilities.replaces is Replacement.NEW_ORDER:
            assert any(report.type is EventType.CANCELED for report in reports)
            assert all(report.type is not EventType.REPLACED for report in reports)
            assert mine
        else:
            assert any(report.type in (EventType.REPLACED, EventType.PENDING_REPLACE) for report in reports)

    # ------------------------------------------------------------------------------------------------------ questions

    def test_finds_an_order(self, venue: Venue) -> None:
        """Executions first, then a status that was asked for now: it occurred at the moment of asking."""
        self.needs(venue, "finds_orders")
        order = self.executed(venue, self.intent(venue, self.FILLS))
        found = venue.find(self.reference(order))
        assert found.reports
        for report in found.reports:
            assert (report.account_id, report.venue) == (ACCOUNT, venue.name)
        status = found.reports[-1]
        assert (status.type, status.reported_status) == (EventType.ORDER_STATUS, OrderStatus.FILLED)
        assert status.occurred_at == found.asked_at
        executions = [report for report in found.reports if report.type is EventType.TRADE]
        if found.complete:
            assert reduce(add, (one.last_quantity or ZERO for one in executions), ZERO) == self.QUANTITY

    def test_an_order_that_nobody_knows_is_an_answer(self, venue: Venue) -> None:
        """No reports, and no error."""
        self.needs(venue, "finds_by_client_order_id")
        nobody = OrderReference(account_id=ACCOUNT, symbol=self.SYMBOL, client_order_id=self.name())
        assert list(venue.find(nobody).reports) == []

    def test_lists_the_orders_that_work(self, venue: Venue) -> None:
        """Those and no others, a status each; of other symbols nothing."""
        self.needs(venue, "lists_open_orders")
        resting, filled = self.an_order(venue), self.executed(venue, self.intent(venue, self.FILLS))
        answer = venue.open_orders(self.scope())
        ids = [report.venue_order_id for report in answer.reports]
        assert resting.venue_order_id in ids
        assert filled.venue_order_id not in ids
        assert {report.type for report in answer.reports} == {EventType.ORDER_STATUS}
        assert {report.occurred_at for report in answer.reports} == {answer.asked_at}
        assert answer.symbols is None or self.SYMBOL in answer.symbols

    def test_lists_executions_from_a_place_on(self, venue: Venue) -> None:
        """Every execution, whatever the size of pages; from a cursor on those that came since; another is refused."""
        self.needs(venue, "lists_executions")
        first = {self.executed(venue, self.intent(venue, self.FILLS)).venue_order_id for _ in range(3)}
        seen, cursor = self.pages(venue, None)
        assert first <= {report.venue_order_id for report in seen}
        if cursor is not None:
            later = self.executed(venue, self.intent(venue, self.FILLS))
            seen, _ = self.pages(venue, cursor)
            assert later.venue_order_id in {report.venue_order_id for report in seen}
        with pytest.raises(InvalidInput):
            venue.executions(self.scope(), cursor="\N{SNOWMAN} not a cursor of this venue")

    def test_lists_positions(self, venue: Venue) -> None:
        """In signed units."""
        self.needs(venue, "lists_positions")
        if not self.holds(venue):
            pytest.skip(f"this venue keeps no positions of {self.SYMBOL}")
        before = self.held(venue)
        self.executed(venue, self.intent(venue, self.FILLS))
        assert self.held(venue) - before == self.QUANTITY

    # ---------------------------------------------------------------------------------------------------- misfortunes

    def test_an_answer_that_is_lost_leaves_the_outcome_unknown(self, venue: Venue) -> None:
        """Neither a refusal nor "not reached"; recovery finds the order, once."""
        store = self.store(venue)
        request_id = self.submitted(store, self.intent(venue, self.RESTS))
        with self.unanswered(venue):
            order = Executor(store, venue).execute(request_id)
        assert order.in_doubt
        if venue.capabilities.finds_by_client_order_id:
            self.recover(store, venue)
            assert self.read(store, order).status is OrderStatus.NEW

    def test_a_request_that_is_lost_leaves_the_outcome_unknown(self, venue: Venue) -> None:
        """It is in doubt until the venue can say for certain that it never arrived."""
        store = self.store(venue)
        request_id = self.submitted(store, self.intent(venue, self.RESTS))
        with self.lost(venue):
            order = Executor(store, venue).execute(request_id)
        assert order.in_doubt
        if venue.capabilities.finds_by_client_order_id:
            self.recover(store, venue)
            assert self.read(store, order).status in (OrderStatus.FAILED, OrderStatus.PENDING_NEW)

    def test_what_was_never_sent_has_failed(self, venue: Venue) -> None:
        """A connection that could not be made is known for sure."""
        request = self.intent(venue, self.RESTS)
        with self.unreachable(venue), pytest.raises(VenueNotReached):
            venue.submit(request)

    def test_a_question_without_an_answer_is_an_error(self, venue: Venue) -> None:
        """Never an empty answer."""
        able, order, scope = venue.capabilities, self.an_order(venue), self.scope()
        holds = able.lists_positions and self.holds(venue)
        with self.unreachable(venue):
            for asks, ask in (
                (able.finds_orders, lambda: venue.find(self.reference(order))),
                (able.lists_open_orders, lambda: venue.open_orders(scope)),
                (able.lists_executions, lambda: venue.executions(scope)),
                (holds, lambda: venue.positions(scope)),
            ):
                if asks:
                    with pytest.raises((VenueNotReached, VenueOutcomeUnknown)):
                        ask()

    # ---------------------------------------------------------------------------------------------------- as a whole

    def test_history_and_venue_agree(self, venue: Venue) -> None:
        """Orders that rest, are filled and cancelled: reconciling finds nothing, and nothing is left unanswered."""
        store = self.store(venue)
        executor = Executor(store, venue)
        orders = [executor.execute(self.submitted(store, self.intent(venue, self.FILLS))) for _ in range(2)]
        resting = executor.execute(self.submitted(store, self.intent(venue, self.RESTS)))
        if venue.capabilities.cancels:
            executor.execute(self.submitted(store, self.amendment(resting, Action.CANCEL)))
        limits = ReconciliationLimits(grace=timedelta(0), pause=timedelta(0))
        result = reconcile(store, venue, ACCOUNT, symbols=[self.SYMBOL], heal=True, limits=limits)
        assert [(found.row.mismatch, found.row.reason) for found in result.findings] == []
        assert not result.failures
        for order in orders:
            assert self.read(store, order).status is OrderStatus.FILLED

    # ------------------------------------------------------------------------------------------------------- helpers

    def needs(self, venue: Venue, capability: str) -> None:
        """Skip where the venue does not have it."""
        if not getattr(venue.capabilities, capability):
            pytest.skip(f"this venue has no {capability}")

    def name(self) -> str:
        """A client order id that nobody used before."""
        return f"contract{next(_names)}"

    def intent(self, venue: Venue, limit_price: Decimal) -> OrderRequest:
        """A new order to buy."""
        return OrderRequest(
            account_id=ACCOUNT,
            client_order_id=self.name(),
            venue=venue.name,
            symbol=self.SYMBOL,
            side=Side.BUY,
            order_type=OrderType.LIMIT,
            quantity=self.QUANTITY,
            limit_price=limit_price,
        )

    def amendment(self, order: Order, action: Action) -> OrderRequest:
        """A cancel, or a replacement that lets an order rest with another quantity."""
        said: dict[str, Any] = {"quantity": self.QUANTITY / 2} if action is Action.REPLACE else {}
        return OrderRequest(
            account_id=ACCOUNT,
            action=action,
            client_order_id=self.name(),
            target_order_id=order.order_id,
            venue=order.venue,
            symbol=order.symbol,
            side=order.side,
            **said,
        )

    def scope(self) -> VenueScope:
        """The account and symbol of the suite."""
        return VenueScope(account_id=ACCOUNT, symbols=frozenset({self.SYMBOL}))

    def reference(self, order: Order) -> OrderReference:
        """How the venue is asked about an order."""
        return OrderReference.to(order, order.created_at)

    def store(self, venue: Venue) -> Store:
        """A history in which the suite's instrument is registered."""
        store = self.new_store()
        base, quote = self.CURRENCIES
        spot = Instrument(
            account_id=ACCOUNT, venue=venue.name, symbol=self.SYMBOL, kind=InstrumentKind.SPOT, base=base, quote=quote
        )
        store.run(lambda uow: OrderHistory(uow).register(spot))
        return store

    def submitted(self, store: Store, request: OrderRequest) -> str:
        """The id of a request that was kept."""
        return store.run(lambda uow: OrderHistory(uow).submit(request)).request_id

    def executed(self, venue: Venue, request: OrderRequest) -> Order:
        """The order that a request makes at the venue."""
        store = self.store(venue)
        return Executor(store, venue).execute(self.submitted(store, request))

    def an_order(self, venue: Venue) -> Order:
        """An order that rests."""
        return self.executed(venue, self.intent(venue, self.RESTS))

    def read(self, store: Store, order: Order) -> Order:
        """An order as it is now."""
        return store.run(lambda uow: OrderHistory(uow).order(order.order_id), read_only=True)

    def recover(self, store: Store, venue: Venue) -> None:
        """Ask about everything, however recent."""
        able = attrs.evolve(venue.capabilities, time_limit=timedelta(microseconds=1))
        Executor(store, _Hasty(venue, able)).recover(limits=RecoveryLimits(grace=timedelta(0), pause=timedelta(0)))

    def is_of(self, venue: Venue, request: OrderRequest, report: VenueReport) -> None:
        """Whether a report is about the order of a request."""
        assert isinstance(report, VenueReport)
        assert (report.account_id, report.venue) == (ACCOUNT, venue.name)
        assert report.symbol in (None, self.SYMBOL)
        assert report.side in (None, request.side)
        if venue.capabilities.client_order_ids:
            assert report.client_order_id == request.client_order_id

    def executions_of(self, venue: Venue, order: Order) -> Sequence[VenueReport]:
        """The executions of an order, as far as the venue can be asked for them."""
        if venue.capabilities.executions_by_order:
            reports: Sequence[VenueReport] = venue.find(self.reference(order)).reports
        elif venue.capabilities.lists_executions:
            reports, _ = self.pages(venue, None)
        else:
            reports = ()
        return [
            report
            for report in reports
            if report.type is EventType.TRADE and report.venue_order_id in (None, order.venue_order_id)
        ]

    def pages(self, venue: Venue, cursor: str | None) -> tuple[list[VenueReport], str | None]:
        """All executions from a cursor on, and the cursor behind them."""
        seen: list[VenueReport] = []
        for _ in range(100):
            page = venue.executions(self.scope(), cursor=cursor)
            seen += page.reports
            cursor = page.cursor
            if not page.more:
                return seen, cursor
        raise AssertionError("the pages do not come to an end")

    def status(self, venue: Venue, order: Order) -> OrderStatus | None:
        """What the venue says of an order; None if it knows it no more."""
        reports = venue.find(self.reference(order)).reports
        return reports[-1].reported_status if reports else None

    def holds(self, venue: Venue) -> bool:
        """Whether the venue keeps positions of the suite's symbol: for spot, most do not."""
        covered = venue.positions(self.scope()).symbols
        return covered is None or self.SYMBOL in covered

    def held(self, venue: Venue) -> Decimal:
        """Units of the suite's symbol that are held."""
        positions = venue.positions(self.scope()).positions
        return reduce(add, (one.quantity for one in positions if one.symbol == self.SYMBOL), ZERO)


class _Hasty(Venue):
    """The same venue, which is asked without waiting for what may still be under way."""

    def __init__(self, venue: Venue, able: VenueCapabilities) -> None:
        self.name = venue.name
        self._venue = venue
        self._able = able

    @property
    def capabilities(self) -> VenueCapabilities:
        return self._able

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        raise VenueError("NOT_SENT", "recovery sends nothing")

    def find(self, order: OrderReference):  # type: ignore[no-untyped-def]
        return self._venue.find(order)
