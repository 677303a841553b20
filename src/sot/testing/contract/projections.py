"""The projections level: what is derived from facts is kept up to date, listed, filtered, and read back exactly."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any

import attrs

from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.domain.audit.known import EventPrefix
from sot.domain.orders.order import Order
from sot.domain.orders.records import StateAfter
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.orders.state import OrderState
from sot.domain.values.vocabulary import Action, EventType, Liquidity, OrderStatus, Side
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import Page, PageKey
from sot.ports.store import Store
from sot.ports.venue import Replacement
from sot.testing.contract.counting_venue import CountingVenue
from sot.testing.contract.positions import PositionsContract
from sot.testing.contract.samples import (
    ACCOUNT,
    SYMBOL,
    T0,
    VENUE,
    new_order_request,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import THREADS, read_history, run_in_threads, submit_and_send, write_history
from sot.testing.pages import check_pages, items_of_all_pages

SECOND = timedelta(seconds=1)


def _read_list(store: Store, name: str, size: int, newest_first: bool, after: PageKey | None = None) -> Page[Any, Any]:
    return read_history(store, lambda h: getattr(h, name)(after=after, limit=size, newest_first=newest_first))


def _external_order(order_id: str, created_at: datetime) -> Order:
    return Order(
        account_id=ACCOUNT,
        order_id=order_id,
        request_id=None,
        venue=VENUE,
        venue_account="",
        id_scope="",
        symbol=SYMBOL,
        side=Side.BUY,
        order_type=None,
        strategy_code=None,
        created_at=created_at,
    )


class ProjectionsContract(PositionsContract):
    """Orders, identifiers, fills, costs, positions, results and kept states. `store` makes an empty store."""

    # ----------------------------------------------------------------------------------------------------------- orders

    def test_a_unit_of_work_reads_its_own_writes(self, store: Store) -> None:
        """Orders, fills, lists and timelines show what the unit of work recorded."""
        with store.begin() as uow:
            history = OrderHistory(uow)
            history.register(spot_instrument())
            request = history.submit(new_order_request("C1"))
            order_id = history.mark_sent(request.request_id).order_id
            assert order_id is not None
            history.record(trade_report("C1", "E1", "4"))
            assert history.order(order_id).cum_quantity == 4
            assert [fill.quantity for fill in history.fills(order_id)] == [4]
            assert [order.order_id for order in history.orders(OrderFilter(identifier="C1")).items] == [order_id]
            assert history.request(request.request_id).order_id == order_id
            assert len(list(history.timeline(order_id))) == 3

    def test_returned_orders_are_copies(self, store: Store) -> None:
        """Changing a returned order changes nothing in the store."""
        order_id = submit_and_send(store, "C1")
        with store.begin() as uow:
            history = OrderHistory(uow)
            history.order(order_id).state.cum_quantity = Decimal(99)
            assert history.order(order_id).cum_quantity == 0
            history.record(trade_report("C1", "E1"))
            uow.commit()
        assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1

    def test_a_request_makes_one_order(self, store: Store) -> None:
        """Many executors execute one request: there is one order, and one call to the venue."""
        write_history(store, lambda h: h.register(spot_instrument()))
        request = write_history(store, lambda h: h.submit(new_order_request("C1")))
        venue = CountingVenue()
        results = run_in_threads(THREADS, lambda _: Executor(store, venue).execute(request.request_id))
        assert not [result for result in results if isinstance(result, BaseException)], results
        assert venue.calls == 1
        orders = read_history(store, lambda h: h.orders()).items
        assert [(order.status, order.cum_quantity) for order in orders] == [(OrderStatus.FILLED, Decimal(10))]

    def test_an_amendment_is_one_call(self, store: Store) -> None:
        """Many executors execute one cancel or replacement: there is one call to the venue."""
        write_history(store, lambda h: h.register(spot_instrument()))
        _check_concurrent_amendment(store, "C1", Action.CANCEL, None)
        _check_concurrent_amendment(store, "C2", Action.REPLACE, Replacement.AMENDS)
        _check_concurrent_amendment(store, "C3", Action.REPLACE, Replacement.NEW_ORDER)

    def test_a_waiting_report_is_found_by_a_later_identifier(self, store: Store) -> None:
        """A trade under the venue's order id waits until an acknowledgement links that id to an order."""
        order_id = submit_and_send(store, "C1")
        trade = attrs.evolve(trade_report("C1", "E1"), client_order_id=None, venue_order_id="V1")
        assert write_history(store, lambda h: h.record(trade)).order_id is None
        acknowledgement = VenueReport(
            account_id=ACCOUNT, type=EventType.NEW, venue=VENUE, client_order_id="C1", venue_order_id="V1"
        )
        write_history(store, lambda h: h.record(acknowledgement))
        assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1
        order = read_history(store, lambda h: h.find_order(ACCOUNT, venue=VENUE, venue_order_id="V1"))
        assert order.order_id == order_id

    def test_an_ambiguous_report_waits(self, store: Store) -> None:
        """A report that fits two orders, of two venue accounts, waits."""
        first = submit_and_send(store, "C1", venue_account="A")
        second = submit_and_send(store, "C1", venue_account="B", idempotency_key="second")
        assert write_history(store, lambda h: h.record(trade_report("C1", "E1"))).order_id is None
        result = write_history(store, lambda h: h.record(trade_report("C1", "E2", venue_account="B")))
        assert result.order_id == second
        assert read_history(store, lambda h: h.order(first)).cum_quantity == 0

    def test_costs_and_results_are_exact(self, store: Store) -> None:
        """Costs and profit and loss snapshots are read back exactly."""
        order_id = submit_and_send(store, "C1")
        fees = [Fee(Decimal("0.1"), "QUOTE"), Fee(Decimal("0.001"), "BASE"), Fee(Decimal("0.5"), "TOKEN")]
        write_history(
            store, lambda h: h.record(trade_report("C1", "E1", "3", "99.5", fees=fees, liquidity=Liquidity.MAKER))
        )
        write_history(store, lambda h: h.record(trade_report("C1", "E2", "1", "101", liquidity=Liquidity.TAKER)))
        write_history(store, lambda h: h.mark(order_id, Decimal(110), {"TOKEN": Decimal(2)}))
        costs = read_history(store, lambda h: h.costs(order_id))
        assert dict(costs.fees) == {fee.currency: fee.amount for fee in fees}
        assert (costs.maker_notional, costs.taker_notional) == (Decimal("298.5"), Decimal(101))
        assert costs.avg_price == Decimal("99.875")
        snapshot = read_history(store, lambda h: h.pnl(order_id))
        assert snapshot is not None
        assert (snapshot.cost_basis, snapshot.unrealized) == (Decimal("399.5"), Decimal("40.39"))
        assert (snapshot.realized, snapshot.net) == (Decimal("-1.1"), Decimal("39.29"))
        assert snapshot.complete
        assert read_history(store, lambda h: list(h.pnl_snapshots(order_id))) == [snapshot]

    # ----------------------------------------------------------------------------------------------------------- states

    def test_states_are_found_by_prefix(self, store: Store) -> None:
        """The last state of a prefix of events: by sequence, time of recording, and time of occurrence."""
        order_id = submit_and_send(store, "C1")
        states = [
            StateAfter(
                account_id=ACCOUNT,
                order_id=order_id,
                sequence=sequence,
                recorded_at=T0 + sequence * SECOND,
                happened_at=T0 - seconds_ago * SECOND,
                state=OrderState(cum_quantity=Decimal(sequence)),
            )
            for sequence, seconds_ago in ((16, 30), (32, 20), (48, 10))
        ]
        with store.begin() as uow:
            for state in states:
                uow.states.add(state)
            uow.commit()
        with store.begin() as uow:
            assert list(uow.states.list(ACCOUNT, order_id)) == states
            for prefix, expected in (
                (EventPrefix(), states[2]),
                (EventPrefix(sequence=47), states[1]),
                (EventPrefix(sequence=15), None),
                (EventPrefix(recorded_by=T0 + 16 * SECOND), states[0]),
                (EventPrefix(happened_by=T0 - 20 * SECOND), states[1]),
                (EventPrefix(sequence=40, happened_by=T0 - 25 * SECOND), states[0]),
            ):
                assert uow.states.last(ACCOUNT, order_id, prefix) == expected
            uow.states.drop(ACCOUNT, order_id)
            assert uow.states.last(ACCOUNT, order_id, EventPrefix()) is None

    # ------------------------------------------------------------------------------------------------------------ lists

    def test_pages_neither_repeat_nor_skip(self, store: Store) -> None:
        """Pages of any size together are the whole list, oldest or newest first."""
        order_ids = [submit_and_send(store, f"C{n}", strategy_code="even" if n % 2 == 0 else "odd") for n in range(11)]
        request_ids = [read_history(store, lambda h, o=o: h.order(o)).request_id for o in order_ids]  # type: ignore[misc]
        for size, newest_first in product((1, 3, 11, 20), (False, True)):
            direction = -1 if newest_first else 1
            listed = items_of_all_pages(partial(_read_list, store, "orders", size, newest_first))
            assert [order.order_id for order in listed] == order_ids[::direction]
            recorded = items_of_all_pages(partial(_read_list, store, "requests", size, newest_first))
            assert [request.request_id for request in recorded] == request_ids[::direction]
        evens = read_history(store, lambda h: h.orders(OrderFilter(strategy_code="even")))
        assert [order.order_id for order in evens.items] == order_ids[::2]
        sold = submit_and_send(store, "sold", side=Side.SELL)
        for side, expected in ((Side.SELL, [sold]), (Side.BUY, order_ids)):
            orders = read_history(store, lambda h, s=side: h.orders(OrderFilter(side=s)))  # type: ignore[misc]
            assert [order.order_id for order in orders.items] == expected
        requests = read_history(store, lambda h: h.requests(RequestFilter(strategy_code="odd"), limit=2))
        assert len(requests.items) == 2
        assert requests.next is not None

    def test_orders_of_one_time_are_listed_by_id(self, store: Store) -> None:
        """No page leaves out one of them, oldest or newest first."""
        with store.begin() as uow:
            orders = [_external_order(uow.ids.new_id(), T0 + number // 5 * SECOND) for number in range(10)]
            for order in reversed(orders):
                uow.orders.add(order)
            uow.commit()
        order_ids = [order.order_id for order in sorted(orders, key=lambda order: (order.created_at, order.order_id))]
        for size, newest_first in product((1, 2, 3), (False, True)):
            listed = items_of_all_pages(partial(_read_list, store, "orders", size, newest_first))
            assert [order.order_id for order in listed] == order_ids[:: -1 if newest_first else 1]

    def test_newest_first_a_page_has_what_came_before_its_key(self, store: Store) -> None:
        """Filters hold, further pages are read backwards, and what is added later shifts no page."""
        order_ids = [submit_and_send(store, f"C{n}", strategy_code="even" if n % 2 == 0 else "odd") for n in range(6)]
        even, both = OrderFilter(strategy_code="even"), OrderFilter(statuses=(OrderStatus.PENDING_NEW, OrderStatus.NEW))
        first = read_history(store, lambda h: h.orders(both, limit=2, newest_first=True))
        submit_and_send(store, "later")
        with store.begin(read_only=True) as uow:
            history = OrderHistory(uow)
            following = history.orders(both, first.next, 2, newest_first=True)
            assert [order.order_id for order in (*first.items, *following)] == order_ids[::-1]
            evens = history.orders(even, limit=1, newest_first=True)
            assert [order.order_id for order in evens] == order_ids[4::-2]
            for text, is_after_every_id in (("~", True), ("!", False)):
                start = PageKey(first.items[0].created_at, text)
                listed = [order.order_id for order in history.orders(after=start, newest_first=True)]
                assert (order_ids[-1] in listed) is is_after_every_id

    def test_every_list_equals_its_pages(self, store: Store) -> None:
        """Timelines with corrections and voids, executions and positions, by pages of several sizes."""
        order_id = submit_and_send(store, "C1", quantity=Decimal(1000))
        submit_and_send(store, "C2", position_id="a", position_side="LONG")
        submit_and_send(store, "C3", position_id="b")
        common = {"account_id": ACCOUNT, "venue": VENUE, "client_order_id": "C1"}
        for number in range(36):
            write_history(store, lambda h, n=number: h.record(trade_report("C1", f"E{n}", price=str(100 + n))))  # type: ignore[misc]
        for type, exec_id in ((EventType.TRADE_CANCEL, "E3"), (EventType.TRADE_CORRECT, "E20")):
            fields = {
                "exec_id": f"{exec_id}x",
                "exec_ref_id": exec_id,
                "last_quantity": Decimal(2),
                "last_price": Decimal(9),
            }
            report = VenueReport(type=type, **common, **fields)  # type: ignore[arg-type]
            write_history(store, lambda h, report=report: h.record(report))  # type: ignore[misc]
        write_history(store, lambda h: h.void(order_id, exec_id="E30", reason="not our execution"))
        write_history(store, lambda h: h.record(trade_report("C1", "E99")))
        for name, side in (("C2", Side.BUY), ("C3", Side.BUY), ("C3", Side.SELL)):
            write_history(store, lambda h, n=name, s=side: h.record(trade_report(n, f"{n}{s}", side=s)))  # type: ignore[misc]
        for number in range(5):
            write_history(store, lambda h, n=number: h.record(trade_report(f"unknown {n}", "E1")))  # type: ignore[misc]
        for size in (1, 2, 7, 50):
            with store.begin(read_only=True) as uow:
                history = OrderHistory(uow)
                check_pages(history, ACCOUNT, size)
                check_pages(history.as_of(known_at=uow.feed.last() - 12), ACCOUNT, size)

    def test_snapshots_and_executions_are_listed_in_parts(self, store: Store) -> None:
        """A part ends at a sequence, and is empty where there is nothing."""
        order_id = submit_and_send(store, "C1")
        for mark in (1, 2, 3):
            write_history(store, lambda h, m=mark: h.mark(order_id, Decimal(m)))  # type: ignore[misc]
        for number in range(3):
            write_history(store, lambda h, n=number: h.record(trade_report("C1", f"E{n}")))  # type: ignore[misc]
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
            parts = [
                uow.fills.effective_versions(ACCOUNT, order_id, upto, after, 2)
                for upto, after in ((last, 0), (last, last))
            ]
            assert [[fill.execution for fill in part] for part in parts] == [executions[:2], []]
            assert not uow.fills.effective_versions(ACCOUNT, order_id, executions[0] - 1, 0, 2)

    def test_orders_are_filtered(self, store: Store) -> None:
        """Each condition alone, and some together."""
        first, second = submit_and_send(store, "C1"), submit_and_send(store, "C2")
        other = submit_and_send(store, "C1", "other")
        write_history(store, lambda h: h.record(trade_report("C1", "E1", "10", venue_order_id="V1")))
        created = read_history(store, lambda h: h.order(second)).created_at

        def ids(**conditions: object) -> set[str]:
            page = read_history(store, lambda h: h.orders(OrderFilter(**conditions)))  # type: ignore[arg-type]
            return {order.order_id for order in page.items}

        assert ids() == {first, second, other}
        assert ids(account_id=ACCOUNT) == {first, second}
        assert ids(statuses=[OrderStatus.FILLED]) == {first}
        assert ids(statuses=[OrderStatus.FILLED, OrderStatus.PENDING_NEW]) == {first, second, other}
        assert ids(identifier="V1") == {first}
        assert ids(identifier="C1", account_id="other") == {other}
        assert ids(is_open=True, account_id=ACCOUNT) == {second}
        assert ids(is_open=False) == {first}
        assert ids(in_doubt=True) == set()
        assert ids(symbol="NOTHING") == set()
        assert ids(venue=VENUE, symbol=SYMBOL, created_from=created, created_before=created + timedelta(days=1)) >= {
            second
        }
        assert ids(created_before=created - timedelta(days=1)) == set()

    def test_ids_are_found_by_their_first_digits(self, store: Store) -> None:
        """With and without dashes, in any case, within an account; the whole id names one."""
        orders = {submit_and_send(store, name, account): account for name, account in _SEVERAL}
        assert read_history(store, lambda h: len(list(h.requests()))) == len(orders)

        def found(prefix: str, account: str | None) -> set[str]:
            filter = OrderFilter(order_id_prefix=prefix, account_id=account)
            return {order.order_id for order in read_history(store, lambda h: list(h.orders(filter)))}

        def found_requests(prefix: str, account: str | None) -> set[str]:
            filter = RequestFilter(request_id_prefix=prefix, account_id=account)
            return {request.request_id for request in read_history(store, lambda h: list(h.requests(filter)))}

        requests = {each.request_id: each.account_id for each in read_history(store, lambda h: list(h.requests()))}
        for known, find in ((orders, found), (requests, found_requests)):
            for id in known:
                for prefix, account in product((id[:n] for n in (4, 9, 13, 20, 36)), (None, ACCOUNT, "other")):
                    in_account = [each for each, of in known.items() if account in (None, of)]
                    expected = {each for each in in_account if each.startswith(prefix)}
                    assert find(prefix, account) == expected
                    assert find(prefix.upper().replace("-", ""), account) == expected
                assert find(id, None) == {id}
            assert find("ffff", None) == set()


_SEVERAL = [("C1", ACCOUNT), ("C2", ACCOUNT), ("C3", ACCOUNT), ("C1", "other"), ("C2", "other")]


def _check_concurrent_amendment(
    store: Store, client_order_id: str, action: Action, replaces: Replacement | None
) -> None:
    """Amend an order from many threads, at a venue that is called once."""
    target = submit_and_send(store, client_order_id)
    amendment = OrderRequest(
        account_id=ACCOUNT,
        action=action,
        client_order_id=f"{client_order_id}-amended",
        target_order_id=target,
        quantity=Decimal(5) if action is Action.REPLACE else None,
    )
    request_id = write_history(store, lambda h: h.submit(amendment)).request_id
    venue = CountingVenue(replaces)
    results = run_in_threads(THREADS, lambda _: Executor(store, venue).execute(request_id))
    assert not [result for result in results if isinstance(result, BaseException)], results
    assert venue.calls == 1
    ids = {result.order_id for result in results if isinstance(result, Order)}
    assert len(ids) == 1
    assert (ids == {target}) is (replaces is not Replacement.NEW_ORDER)
