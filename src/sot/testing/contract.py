"""What every store must do: a suite for adapters, ours and others'.

Derive a test class from `StoreContract` and give it a `store` fixture that makes an empty store:

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self):
            return MyStore(...)
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import attrs
import pytest

from sot.application.audit.seal import seal
from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.application.support.record_result import RecordResult
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.position import PositionState
from sot.domain.audit.digests import account_event_digest
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck
from sot.domain.values.canonical import digest
from sot.domain.values.errors import ConcurrentUpdate, Conflict, NotExecutable, ReadOnly
from sot.domain.values.instrument import Instrument
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import (
    AccountEventType,
    Action,
    EventType,
    InstrumentKind,
    Liquidity,
    OrderStatus,
    OrderType,
    Outcome,
    Side,
)
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import PageKey
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import Replacement, Venue, VenueCapabilities
from sot.testing.pages import check_pages
from sot.testing.vectors import bundled, run_vectors

T = TypeVar("T")

ACCOUNT, VENUE, SYMBOL = "account", "VENUE", "BASE/QUOTE"
LARGEST = Decimal("99999999999999999999.999999999999999999")
SMALLEST = Decimal("0.000000000000000001")
THREADS = 6


def instrument(account_id: str = ACCOUNT, symbol: str = SYMBOL) -> Instrument:
    """A spot instrument to trade."""
    return Instrument(
        account_id=account_id, venue=VENUE, symbol=symbol, kind=InstrumentKind.SPOT, base="BASE", quote="QUOTE"
    )


def intent(client_order_id: str, account_id: str = ACCOUNT, **changes: object) -> OrderRequest:
    """An intent to buy ten at a limit of a hundred."""
    fields = {
        "account_id": account_id,
        "client_order_id": client_order_id,
        "venue": VENUE,
        "symbol": SYMBOL,
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "quantity": Decimal(10),
        "limit_price": Decimal(100),
        **changes,
    }
    return OrderRequest(**fields)  # type: ignore[arg-type]


def trade(client_order_id: str, exec_id: str, quantity: str = "1", price: str = "100", **said: object) -> VenueReport:
    """An execution."""
    return VenueReport(
        account_id=str(said.pop("account_id", ACCOUNT)),
        type=EventType.TRADE,
        venue=VENUE,
        client_order_id=client_order_id,
        exec_id=exec_id,
        last_quantity=Decimal(quantity),
        last_price=Decimal(price),
        **said,  # type: ignore[arg-type]
    )


def place(store: Store, client_order_id: str, account_id: str = ACCOUNT, **changes: object) -> str:
    """Register, submit and send in one transaction; returns the order id."""

    def use_case(uow: UnitOfWork) -> str:
        history = OrderHistory(uow)
        history.register(instrument(account_id))
        request = history.submit(intent(client_order_id, account_id, **changes))
        order_id = history.mark_sent(request.request_id).order_id
        assert order_id is not None
        return order_id

    return store.run(use_case)


def read(store: Store, question: Callable[[OrderHistory], T]) -> T:
    """Ask the history something in a read-only unit of work."""
    return store.run(lambda uow: question(OrderHistory(uow)), read_only=True)


def write(store: Store, command: Callable[[OrderHistory], T]) -> T:
    """Tell the history something in a transaction of its own."""
    return store.run(lambda uow: command(OrderHistory(uow)))


def at_once(count: int, action: Callable[[int], T]) -> list[T | BaseException]:
    """Run an action in many threads that start together; what each returned or raised."""
    barrier = threading.Barrier(count)
    results: list[T | BaseException] = [RuntimeError("did not finish")] * count

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = action(number)
        except BaseException as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


class StoreContract:
    """The suite. `store` must be a fixture that gives an empty store, new for each test."""

    @pytest.fixture
    def store(self) -> Store:
        """The store to be proven."""
        raise NotImplementedError("derive from StoreContract and give it a store fixture")

    # ------------------------------------------------------------------------------------------- transactions

    def test_keeps_nothing_without_commit(self, store: Store) -> None:
        """Leaving the block rolls back."""
        with store.begin() as uow:
            OrderHistory(uow).register(instrument())
            OrderHistory(uow).submit(intent("C1"))
        assert read(store, lambda h: h.find_request(ACCOUNT, "C1")) is None
        with store.begin() as uow:
            assert uow.instruments.versions(ACCOUNT, VENUE, SYMBOL) == []

    def test_keeps_nothing_after_an_error(self, store: Store) -> None:
        """An error inside the block rolls back and comes out."""
        with pytest.raises(ZeroDivisionError), store.begin() as uow:
            OrderHistory(uow).register(instrument())
            raise ZeroDivisionError
        with store.begin() as uow:
            assert uow.instruments.versions(ACCOUNT, VENUE, SYMBOL) == []

    def test_rollback_forgets_and_goes_on(self, store: Store) -> None:
        """After a rollback the unit of work can be used again."""
        with store.begin() as uow:
            OrderHistory(uow).register(instrument())
            uow.rollback()
            assert uow.instruments.versions(ACCOUNT, VENUE, SYMBOL) == []
            OrderHistory(uow).register(instrument())
            OrderHistory(uow).submit(intent("C1"))
            uow.commit()
        assert read(store, lambda h: h.find_request(ACCOUNT, "C1")) is not None

    def test_commits_twice(self, store: Store) -> None:
        """What comes after a commit is a transaction of its own."""
        with store.begin() as uow:
            history = OrderHistory(uow)
            history.register(instrument())
            order_id = history.mark_sent(history.submit(intent("C1")).request_id).order_id
            assert order_id is not None
            uow.commit()
            history.record(trade("C1", "E1"))
            uow.commit()
            history.record(trade("C1", "E2"))
        assert read(store, lambda h: h.order(order_id)).cum_quantity == 1

    def test_sees_its_own_writes(self, store: Store) -> None:
        """A unit of work reads what it wrote."""
        with store.begin() as uow:
            history = OrderHistory(uow)
            history.register(instrument())
            request = history.submit(intent("C1"))
            order_id = history.mark_sent(request.request_id).order_id
            assert order_id is not None
            history.record(trade("C1", "E1", "4"))
            assert history.order(order_id).cum_quantity == 4
            assert [fill.quantity for fill in history.fills(order_id)] == [4]
            assert [order.order_id for order in history.orders(OrderFilter(identifier="C1")).items] == [order_id]
            assert history.request(request.request_id).order_id == order_id
            assert len(history.timeline(order_id)) == 3

    def test_does_not_show_what_is_not_committed(self, store: Store) -> None:
        """Another unit of work reads only what is committed."""
        order_id = place(store, "C1")
        with store.begin() as uow:
            OrderHistory(uow).record(trade("C1", "E1"))
            assert read(store, lambda h: h.order(order_id)).cum_quantity == 0
            uow.commit()
        assert read(store, lambda h: h.order(order_id)).cum_quantity == 1

    def test_read_only_refuses_to_write(self, store: Store) -> None:
        """A read-only unit of work writes nothing."""
        with pytest.raises(ReadOnly), store.begin(read_only=True) as uow:
            OrderHistory(uow).register(instrument())
            uow.commit()
        with store.begin() as uow:
            assert uow.instruments.versions(ACCOUNT, VENUE, SYMBOL) == []

    def test_what_is_given_out_is_private(self, store: Store) -> None:
        """Changing a returned order changes nothing else."""
        order_id = place(store, "C1")
        with store.begin() as uow:
            history = OrderHistory(uow)
            history.order(order_id).state.cum_quantity = Decimal(99)
            assert history.order(order_id).cum_quantity == 0
            history.record(trade("C1", "E1"))
            uow.commit()
        assert read(store, lambda h: h.order(order_id)).cum_quantity == 1

    # --------------------------------------------------------------------------------------------- exactly once

    def test_one_intent_is_one_request(self, store: Store) -> None:
        """The same intent from many threads at once is one request; all get it."""
        write(store, lambda h: h.register(instrument()))
        results = at_once(THREADS, lambda _: write(store, lambda h: h.submit(intent("C1"))))
        ids = {result.request_id for result in results if isinstance(result, RecordedRequest)}
        assert len(ids) == 1, results
        assert all(isinstance(result, RecordedRequest) for result in results), results
        assert len(read(store, lambda h: h.requests()).items) == 1

    def test_one_request_is_one_order(self, store: Store) -> None:
        """Many executors on one request: one order, one call to the venue."""
        write(store, lambda h: h.register(instrument()))
        request = write(store, lambda h: h.submit(intent("C1")))
        venue = CountingVenue()
        results = at_once(THREADS, lambda _: Executor(store, venue).execute(request.request_id))
        assert not [result for result in results if isinstance(result, BaseException)], results
        assert venue.calls == 1
        orders = read(store, lambda h: h.orders()).items
        assert [(order.status, order.cum_quantity) for order in orders] == [(OrderStatus.FILLED, Decimal(10))]

    def test_one_amendment_is_one_call(self, store: Store) -> None:
        """Many executors on one cancel or replacement: one call to the venue, whichever kind of replacement it is."""
        write(store, lambda h: h.register(instrument()))
        _amended_at_once(store, "C1", Action.CANCEL, None)
        _amended_at_once(store, "C2", Action.REPLACE, Replacement.AMENDS)
        _amended_at_once(store, "C3", Action.REPLACE, Replacement.NEW_ORDER)

    def test_reports_at_once_are_all_counted_once(self, store: Store) -> None:
        """Each of many executions, told by two threads each, counts once, and the sequence has no gap."""
        order_id = place(store, "C1")
        results = at_once(THREADS, lambda n: write(store, lambda h: h.record(trade("C1", f"E{n // 2}"))))
        outcomes = sorted(result.outcome for result in results if isinstance(result, RecordResult))
        assert outcomes == sorted([Outcome.RECORDED, Outcome.REPEATED] * (THREADS // 2)), results
        assert read(store, lambda h: h.order(order_id)).cum_quantity == THREADS // 2
        events = read(store, lambda h: h.events(order_id))
        assert [event.sequence for event in events] == list(range(1, THREADS // 2 + 3))

    def test_a_check_and_an_execution_at_once(self, store: Store) -> None:
        """A failed check either stops the execution or comes too late; never both."""
        write(store, lambda h: h.register(instrument()))
        for number in range(4):
            request = write(store, lambda h, n=number: h.submit(intent(f"C{n}")))  # type: ignore[misc]
            check = RiskCheck(rule_code="limit", passed=False)

            def act(who: int, request_id: str = request.request_id, check: RiskCheck = check) -> object:
                if who:
                    return write(store, lambda h: h.mark_sent(request_id))
                return write(store, lambda h: h.add_risk_check(request_id, check))

            results = at_once(2, act)
            assert sum(isinstance(result, BaseException) for result in results) == 1, results
            assert not any(isinstance(result, ConcurrentUpdate) for result in results), results

    def test_what_is_said_at_once_is_said_once(self, store: Store) -> None:
        """The same check, withdrawal or void from many at once: one says it, and the others repeat it."""
        write(store, lambda h: h.register(instrument()))
        request_id = write(store, lambda h: h.submit(intent("C1"))).request_id
        order_id = place(store, "C2")
        write(store, lambda h: h.record(trade("C2", "E1")))
        check = RiskCheck(rule_code="limit", passed=True)
        said: list[Callable[[OrderHistory], object]] = [
            lambda h: h.add_risk_check(request_id, check),
            lambda h: h.withdraw(request_id, "the price moved away"),
            lambda h: h.void(order_id, reason="a wrong report", exec_id="E1").outcome,
        ]
        for say in said:
            results = at_once(THREADS, lambda _, say=say: write(store, say))  # type: ignore[misc]
            assert sorted(map(str, results)) == [Outcome.RECORDED] + [Outcome.REPEATED] * (THREADS - 1), results

    # -------------------------------------------------------------------------------------------------- requests

    def test_keeps_a_request_with_all_that_was_said_of_it(self, store: Store) -> None:
        """Context, checks, withdrawal and every field come back as they were."""
        context = DecisionContext(
            indicators={"rsi": Decimal("61.5"), "ünïcode": ["a", None, True]},
            signal_strength=Decimal("0.25"),
            market_snapshot={"decision_price": "99.5"},
        )
        request = intent(
            "C1",
            idempotency_key="key",
            requested_at=datetime(2026, 1, 5, 10, 0, 0, 123456, tzinfo=UTC),
            tags={"desk": "é'\"%s"},
            raw_payload={"nested": {"amount": Decimal("1.10")}},
            strategy_code="s",
        )
        checks = [RiskCheck(rule_code="a", passed=True), RiskCheck(rule_code="b", passed=False, message="no")]
        write(store, lambda h: h.register(instrument()))
        recorded = write(store, lambda h: h.submit(request, context, checks))
        write(store, lambda h: h.add_risk_check(recorded.request_id, RiskCheck(rule_code="b", passed=True)))
        found = read(store, lambda h: h.request(recorded.request_id))
        assert not found.request.differences(recorded.request)
        assert found.request.raw_payload == {"nested": {"amount": Decimal("1.1")}}
        assert found.request.requested_at == request.requested_at
        assert (found.context, found.hash, found.context_hash) == (context, recorded.hash, recorded.context_hash)
        assert [check.rule_code for check in found.risk_checks] == ["a", "b", "b"]
        assert found.status == "PENDING"
        assert read(store, lambda h: h.find_request(ACCOUNT, "key")) == found
        write(store, lambda h: h.withdraw(recorded.request_id, "changed my mind", "me"))
        assert read(store, lambda h: h.request(recorded.request_id)).status == "WITHDRAWN"
        with pytest.raises(NotExecutable):
            write(store, lambda h: h.mark_sent(recorded.request_id))

    def test_refuses_another_intent_under_the_same_key(self, store: Store) -> None:
        """The same key with other terms is a conflict that names them."""
        write(store, lambda h: h.register(instrument()))
        write(store, lambda h: h.submit(intent("C1")))
        with pytest.raises(Conflict) as caught:
            write(store, lambda h: h.submit(intent("C1", quantity=Decimal(11))))
        assert caught.value.differs == ("quantity",)
        with pytest.raises(Conflict):
            write(store, lambda h: h.submit(intent("C1", idempotency_key="another")))

    def test_accounts_are_apart(self, store: Store) -> None:
        """The same ids in two accounts are two orders."""
        first, second = place(store, "C1", "one"), place(store, "C1", "two")
        write(store, lambda h: h.record(trade("C1", "E1", account_id="two")))
        assert read(store, lambda h: h.order(first)).cum_quantity == 0
        assert read(store, lambda h: h.order(second)).cum_quantity == 1
        assert read(store, lambda h: h.find_order("one", "C1")).order_id == first

    # -------------------------------------------------------------------------------------------- exact values

    @pytest.mark.parametrize(
        "price", [LARGEST, SMALLEST, LARGEST.copy_negate(), Decimal(0), Decimal("61234.123456789012345678")]
    )
    def test_keeps_numbers_exactly(self, store: Store, price: Decimal) -> None:
        """No digit is lost, neither in facts nor in sums."""
        order_id = place(store, "C1", quantity=LARGEST)
        fee = Fee(-SMALLEST, "TOKEN")
        report = attrs.evolve(trade("C1", "E1"), last_quantity=LARGEST, last_price=price, fees=(fee,))
        write(store, lambda h: h.record(report))
        order = read(store, lambda h: h.order(order_id))
        fill = read(store, lambda h: h.fills(order_id))[0]
        assert (str(fill.quantity), str(fill.price)) == (str(LARGEST), str(price))
        assert fill.fees == (fee,)
        assert order.avg_price == price
        assert read(store, lambda h: h.events(order_id))[-1].report == report

    def test_keeps_times_to_the_microsecond(self, store: Store) -> None:
        """Times come back aware, in UTC, to the microsecond; what is finer is kept apart."""
        order_id = place(store, "C1")
        moment = datetime(2262, 4, 11, 23, 47, 16, 854775, tzinfo=UTC)
        write(store, lambda h: h.record(trade("C1", "E1", occurred_at=moment, venue_time_ns=9223372036854775807)))
        fill = read(store, lambda h: h.fills(order_id))[0]
        assert (fill.occurred_at, fill.venue_time_ns) == (moment, 9223372036854775807)
        assert fill.recorded_at.tzinfo is UTC

    def test_keeps_any_text(self, store: Store) -> None:
        """Quotes, percent signs, other alphabets and control characters are text like any other."""
        name = "a'\";--%s:x\\\t\n\u202eß漢😀"
        order_id = place(store, name)
        write(store, lambda h: h.record(trade(name, name, text=name)))
        assert read(store, lambda h: h.find_order(ACCOUNT, name)).order_id == order_id
        assert read(store, lambda h: h.events(order_id))[-1].report.text == name  # type: ignore[union-attr]

    def test_every_event_hashes_to_what_it_says(self, store: Store) -> None:
        """Hashes can be computed again from what is read back, and each names the one before."""
        order_id = place(store, "C1")
        write(store, lambda h: h.record(trade("C1", "E1", fees=[Fee(Decimal("0.1"), "QUOTE")], venue_order_id="V1")))
        write(store, lambda h: h.record(trade("C1", "E2", "-1")))
        events = read(store, lambda h: h.events(order_id))
        assert len(events) == 4
        for before, event in zip([None, *events], events, strict=False):
            assert event.hash == digest("event", event.body())
            assert before is None or event.prev_hash == before.hash
            assert OrderEvent.stored(event.body(), event.hash) == event
        assert read(store, lambda h: h.order(order_id)).last_hash == events[-1].hash

    # ------------------------------------------------------------------------------------------------- reports

    def test_a_report_waits_for_its_order(self, store: Store) -> None:
        """A report for no known order is kept, and joins its order when that becomes known."""
        first = write(store, lambda h: h.record(trade("C1", "E1")))
        assert (first.outcome, first.order_id) == (Outcome.FLAGGED, None)
        again = write(store, lambda h: h.record(trade("C1", "E1")))
        assert again.outcome is Outcome.REPEATED
        (waiting,) = read(store, lambda h: h.waiting(ACCOUNT))
        order_id = place(store, "C1")
        assert read(store, lambda h: h.order(order_id)).cum_quantity == 1
        assert read(store, lambda h: h.waiting(ACCOUNT)) == []
        assert write(store, lambda h: h.record(trade("C1", "E1"))).outcome is Outcome.REPEATED
        write(store, lambda h: h.record(trade("C2", "E2")))
        with store.begin() as uow:
            OrderHistory(uow).record(trade("C3", "E3"))
            kept = uow.reports.all(ACCOUNT)
            assert [one.report.client_order_id for one in kept] == ["C1", "C2", "C3"]
            assert (kept[0], uow.reports.all("another")) == (waiting, [])

    def test_a_name_learned_later_finds_waiting_reports(self, store: Store) -> None:
        """A trade under the venue's id waits until an acknowledgement tells that id."""
        order_id = place(store, "C1")
        by_venue_id = attrs.evolve(trade("C1", "E1"), client_order_id=None, venue_order_id="V1")
        assert write(store, lambda h: h.record(by_venue_id)).order_id is None
        acknowledgement = VenueReport(
            account_id=ACCOUNT, type=EventType.NEW, venue=VENUE, client_order_id="C1", venue_order_id="V1"
        )
        write(store, lambda h: h.record(acknowledgement))
        assert read(store, lambda h: h.order(order_id)).cum_quantity == 1
        found = read(store, lambda h: h.find_order(ACCOUNT, venue=VENUE, venue_order_id="V1"))
        assert found.order_id == order_id

    def test_an_ambiguous_report_waits(self, store: Store) -> None:
        """Two orders of the same client id at two venue accounts: a report that does not tell them apart waits."""
        one = place(store, "C1", venue_account="A")
        two = place(store, "C1", venue_account="B", idempotency_key="second")
        assert write(store, lambda h: h.record(trade("C1", "E1"))).order_id is None
        told = write(store, lambda h: h.record(trade("C1", "E2", venue_account="B")))
        assert told.order_id == two
        assert read(store, lambda h: h.order(one)).cum_quantity == 0

    def test_costs_and_snapshots_come_back(self, store: Store) -> None:
        """Derived figures are kept and read back exactly."""
        order_id = place(store, "C1")
        fees = [Fee(Decimal("0.1"), "QUOTE"), Fee(Decimal("0.001"), "BASE"), Fee(Decimal("0.5"), "TOKEN")]
        write(store, lambda h: h.record(trade("C1", "E1", "3", "99.5", fees=fees, liquidity=Liquidity.MAKER)))
        write(store, lambda h: h.record(trade("C1", "E2", "1", "101", liquidity=Liquidity.TAKER)))
        write(store, lambda h: h.mark(order_id, Decimal(110), {"TOKEN": Decimal(2)}))
        costs = read(store, lambda h: h.costs(order_id))
        assert dict(costs.fees) == {fee.currency: fee.amount for fee in fees}
        assert (costs.maker_notional, costs.taker_notional) == (Decimal("298.5"), Decimal(101))
        assert costs.avg_price == Decimal("99.875")
        snapshot = read(store, lambda h: h.pnl(order_id))
        assert snapshot is not None
        assert (snapshot.cost_basis, snapshot.unrealized) == (Decimal("399.5"), Decimal("40.39"))
        assert (snapshot.realized, snapshot.net) == (Decimal("-1.1"), Decimal("39.29"))
        assert snapshot.complete
        assert read(store, lambda h: h.pnl_snapshots(order_id)) == [snapshot]

    # --------------------------------------------------------------------------------------------------- lists

    def test_pages_neither_repeat_nor_skip(self, store: Store) -> None:
        """Pages of any size, put together, are the whole list in order, also while it grows."""
        placed = [place(store, f"C{n}", strategy_code="even" if n % 2 == 0 else "odd") for n in range(11)]
        for size in (1, 3, 11, 20):
            found: list[str] = []
            after: PageKey | None = None
            while True:
                page = read(store, lambda h, a=after, s=size: h.orders(after=a, limit=s))  # type: ignore[misc]
                found += [order.order_id for order in page.items]
                after = page.next
                if after is None:
                    break
            assert found == placed
        evens = read(store, lambda h: h.orders(OrderFilter(strategy_code="even")))
        assert [order.order_id for order in evens.items] == placed[::2]
        requests = read(store, lambda h: h.requests(RequestFilter(strategy_code="odd"), limit=2))
        assert len(requests.items) == 2
        assert requests.next is not None

    def test_every_list_is_its_pages(self, store: Store) -> None:
        """Whatever the size of the pages: of a long story with corrections and voids, of executions, of positions."""
        order_id = place(store, "C1", quantity=Decimal(1000))
        place(store, "C2", position_id="a", position_side="LONG")
        place(store, "C3", position_id="b")
        said = {"account_id": ACCOUNT, "venue": VENUE, "client_order_id": "C1"}
        for number in range(36):
            write(store, lambda h, n=number: h.record(trade("C1", f"E{n}", price=str(100 + n))))  # type: ignore[misc]
        for type, named in ((EventType.TRADE_CANCEL, "E3"), (EventType.TRADE_CORRECT, "E20")):
            told = {"exec_id": f"{named}x", "exec_ref_id": named, "last_quantity": Decimal(2), "last_price": Decimal(9)}
            report = VenueReport(type=type, **said, **told)  # type: ignore[arg-type]
            write(store, lambda h, one=report: h.record(one))  # type: ignore[misc]
        write(store, lambda h: h.void(order_id, exec_id="E30", reason="not ours"))
        write(store, lambda h: h.record(trade("C1", "E99")))
        for name, side in (("C2", Side.BUY), ("C3", Side.BUY), ("C3", Side.SELL)):
            write(store, lambda h, n=name, s=side: h.record(trade(n, f"{n}{s}", side=s)))  # type: ignore[misc]
        for number in range(5):
            write(store, lambda h, n=number: h.record(trade(f"nobody {n}", "E1")))  # type: ignore[misc]
        for size in (1, 2, 7, 50):
            with store.begin(read_only=True) as uow:
                history = OrderHistory(uow)
                check_pages(history, ACCOUNT, size)
                check_pages(history.as_of(known_at=uow.feed.last() - 12), ACCOUNT, size)

    def test_parts_of_lists(self, store: Store) -> None:
        """Ports give what lies behind a place, and nothing for a place behind everything."""
        order_id = place(store, "C1")
        for mark in (1, 2, 3):
            write(store, lambda h, m=mark: h.mark(order_id, Decimal(m)))  # type: ignore[misc]
        for number in range(3):
            write(store, lambda h, n=number: h.record(trade("C1", f"E{n}")))  # type: ignore[misc]
            write(store, lambda h, n=number: h.record(trade("nobody", f"E{n}")))  # type: ignore[misc]
            store.run(seal)
        with store.begin(read_only=True) as uow:
            snapshots = uow.pnl.list(ACCOUNT, order_id)
            first = snapshots[0].sequence
            assert [uow.pnl.last(ACCOUNT, order_id, first + n) for n in (-1, 0, 1, 9)] == [
                None,
                *snapshots[:2],
                snapshots[-1],
            ]
            executions = [fill.execution for fill in uow.fills.list(ACCOUNT, order_id)]
            last = executions[-1]
            held = [
                uow.fills.effective_versions(ACCOUNT, order_id, upto, after, 2)
                for upto, after in ((last, 0), (last, last))
            ]
            assert [[fill.execution for fill in part] for part in held] == [executions[:2], []]
            assert not uow.fills.effective_versions(ACCOUNT, order_id, executions[0] - 1, 0, 2)
            waiting = uow.reports.waiting(ACCOUNT)
            assert uow.reports.waiting(ACCOUNT, waiting[0].report_id, 1) == waiting[1:2]
            assert uow.reports.waiting(ACCOUNT, "any text") == []
            assert uow.reports.waiting("other", limit=1) == []
            assert uow.checkpoints.list(1, 1) == uow.checkpoints.all()[1:2]
            assert uow.checkpoints.list(3, 9) == []

    def test_filters_orders(self, store: Store) -> None:
        """Each filter alone and two together."""
        one, two = place(store, "C1"), place(store, "C2")
        other = place(store, "C1", "other")
        write(store, lambda h: h.record(trade("C1", "E1", "10", venue_order_id="V1")))
        created = read(store, lambda h: h.order(two)).created_at

        def ids(**wanted: object) -> set[str]:
            page = read(store, lambda h: h.orders(OrderFilter(**wanted)))  # type: ignore[arg-type]
            return {order.order_id for order in page.items}

        assert ids() == {one, two, other}
        assert ids(account_id=ACCOUNT) == {one, two}
        assert ids(statuses=[OrderStatus.FILLED]) == {one}
        assert ids(statuses=[OrderStatus.FILLED, OrderStatus.PENDING_NEW]) == {one, two, other}
        assert ids(identifier="V1") == {one}
        assert ids(identifier="C1", account_id="other") == {other}
        assert ids(is_open=True, account_id=ACCOUNT) == {two}
        assert ids(is_open=False) == {one}
        assert ids(in_doubt=True) == set()
        assert ids(symbol="NOTHING") == set()
        assert ids(venue=VENUE, symbol=SYMBOL, created_from=created, created_before=created + timedelta(days=1)) >= {
            two
        }
        assert ids(created_before=created - timedelta(days=1)) == set()

    # ----------------------------------------------------------------------------------------------- positions

    def test_concurrent_fills_of_one_position_all_count(self, store: Store) -> None:
        """A position is the sum of what was recorded, however many wrote at once."""
        for number in range(THREADS):
            place(store, f"C{number}")

        def trade_some(number: int) -> None:
            for part in range(3):
                report = trade(f"C{number}", f"E{number}.{part}", "1", fees=[Fee(Decimal("0.5"), "QUOTE")])
                while True:
                    try:
                        write(store, lambda h, r=report: h.record(r))  # type: ignore[misc]
                    except ConcurrentUpdate:
                        continue
                    break

        assert at_once(THREADS, trade_some) == [None] * THREADS
        held = read(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
        assert held.quantity == 3 * THREADS
        assert held.entry_value == 300 * THREADS
        assert held.open_fees == Decimal("1.5") * THREADS
        assert held.state.entries == 3 * THREADS

    def test_a_position_is_not_kept_without_commit(self, store: Store) -> None:
        """It goes with the fill that moved it."""
        place(store, "C1")
        with store.begin() as uow:
            OrderHistory(uow).record(trade("C1", "E1", "3"))
            assert OrderHistory(uow).position(ACCOUNT, VENUE, SYMBOL).quantity == 3
        assert read(store, lambda h: h.positions(ACCOUNT, include_flat=True)) == []

    def test_a_late_fill_takes_its_place(self, store: Store) -> None:
        """Positions fold by what fills are; what was kept is what a rebuild makes."""
        for number in range(8):
            place(store, f"C{number}", side=Side.SELL if number % 3 == 2 else Side.BUY)
        first = datetime(2026, 1, 5, tzinfo=UTC)
        for number in (1, 2, 3, 5, 6, 7, 4, 0):
            at = first + timedelta(seconds=number)
            report = trade(f"C{number}", f"E{number}", "2", str(100 + number), occurred_at=at)
            write(store, lambda h, r=report: h.record(r))  # type: ignore[misc]
        with store.begin(read_only=True) as uow:
            kept = uow.positions.list(ACCOUNT)
        assert [state.realized_gross for _, state in kept] == [Decimal(8)]
        assert write(store, lambda h: h.rebuild_positions(ACCOUNT)) == 1
        with store.begin(read_only=True) as uow:
            assert uow.positions.list(ACCOUNT) == kept

    def test_checkpoints_are_found_by_place_and_kind(self, store: Store) -> None:
        """The last one, also before a place, or one from which every method can go on; dropping from a place on."""
        key = PositionKey(ACCOUNT, VENUE, SYMBOL)
        first = datetime(2026, 1, 5, tzinfo=UTC)
        states = {
            place_: PositionState(quantity=quantity, entries=number, last_key=place_, last_at=first, carried=carried)
            for number, (place_, quantity, carried) in enumerate(
                [("a", Decimal(0), False), ("b", Decimal(2), False), ("c", Decimal(0), True)], 1
            )
        }
        with store.begin() as uow:
            uow.positions.put(key, states["c"], "QUOTE")
            for state in states.values():
                uow.positions.add_snapshot(key, state)
            uow.commit()
        with store.begin() as uow:
            found = uow.positions
            assert found.get(key) == states["c"]
            assert found.last_snapshot(key) == states["c"]
            assert found.last_snapshot(key, before="c") == states["b"]
            assert found.last_snapshot(key, before="a") is None
            assert found.last_snapshot(key, common=True) == states["a"]
            assert list(found.snapshots(key)) == list(states.values())
            found.drop_snapshots(key, "b")
            found.remove(key)
            assert found.get(key) is None
            assert list(found.snapshots(key)) == [states["a"]]
            found.put(key, states["b"], "QUOTE")
            uow.commit()
        with store.begin() as uow:
            assert uow.positions.list(ACCOUNT) == [(key, states["b"])]
            assert uow.positions.list(ACCOUNT, VENUE, "OTHER") == []

    def test_an_account_event_is_kept_once(self, store: Store) -> None:
        """Told by many at the same time, it counts once and comes back as it was."""
        write(store, lambda h: h.register(instrument()))
        event = AccountEvent(
            account_id=ACCOUNT,
            type=AccountEventType.FUNDING,
            venue=VENUE,
            symbol=SYMBOL,
            amount=Decimal("-0.000000000000000001"),
            currency="QUOTE",
            external_id="X1",
            occurred_at=datetime(2026, 1, 5, tzinfo=UTC),
            raw_payload={"a": [1, "x"]},
        )
        at_once(THREADS, lambda _: write(store, lambda h: h.record_account_event(event)))
        (kept,) = read(store, lambda h: h.account_events()).items
        assert attrs.evolve(kept.event, event_id=None) == event
        assert kept.hash == account_event_digest(kept.event, kept.anomalies)
        held = read(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL))
        assert held.account_results == {"FUNDING": Decimal("-0.000000000000000001")}

    # ------------------------------------------------------------------------------------------------- vectors

    def test_bundled_vectors_hold(self, store: Store) -> None:
        """The lifecycle is the same on this store."""
        result = run_vectors(store, [vector for vector in bundled() if not str(vector["id"]).startswith("cell/")])
        assert not result.failures
        assert result.expected == result.held > 1000


def _amended_at_once(store: Store, name: str, action: Action, replaces: Replacement | None) -> None:
    target = place(store, name)
    amendment = OrderRequest(
        account_id=ACCOUNT,
        action=action,
        client_order_id=f"{name}-amended",
        target_order_id=target,
        quantity=Decimal(5) if action is Action.REPLACE else None,
    )
    request_id = write(store, lambda h: h.submit(amendment)).request_id
    venue = CountingVenue(replaces)
    results = at_once(THREADS, lambda _: Executor(store, venue).execute(request_id))
    assert not [result for result in results if isinstance(result, BaseException)], results
    assert venue.calls == 1
    ids = {result.order_id for result in results if isinstance(result, Order)}
    assert len(ids) == 1
    assert (ids == {target}) is (replaces is not Replacement.NEW_ORDER)


class CountingVenue(Venue):
    """Fills new orders, takes cancels and replacements, and counts how often it was called."""

    name = VENUE

    def __init__(self, replaces: Replacement | None = Replacement.AMENDS) -> None:
        self.calls = 0
        self._replaces = replaces

    @property
    def capabilities(self) -> VenueCapabilities:
        """Cancels, and replaces as it was told."""
        return VenueCapabilities(cancels=True, replaces=self._replaces)

    def submit(self, request: OrderRequest) -> list[VenueReport]:
        """Filled at once."""
        self.calls += 1
        assert request.client_order_id is not None
        return [trade(request.client_order_id, "E1", "10")]

    def cancel(self, request: OrderRequest, target: Order) -> list[VenueReport]:
        """Cancelled at once."""
        self.calls += 1
        return [VenueReport(account_id=target.account_id, type=EventType.CANCELED)]

    def replace(self, request: OrderRequest, target: Order) -> list[VenueReport]:
        """Amended, or cancelled and made anew, at once."""
        self.calls += 1
        if self._replaces is Replacement.AMENDS:
            quantity = request.quantity
            return [VenueReport(account_id=target.account_id, type=EventType.REPLACED, order_quantity=quantity)]
        renewed = VenueReport(account_id=target.account_id, type=EventType.NEW, client_order_id=request.client_order_id)
        return [VenueReport(account_id=target.account_id, type=EventType.CANCELED), renewed]
