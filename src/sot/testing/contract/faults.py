"""Whatever fails, and wherever: a use case is stored whole or not at all, and done again it comes to the same."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from sot.application.audit.seal import seal
from sot.application.audit.verification import verify
from sot.application.history import OrderHistory
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.values.errors import SotError
from sot.domain.values.vocabulary import AccountEventType, Action, EventType, Side
from sot.ports.store import Store, UnitOfWork
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history
from sot.testing.faults import COMMIT_FAULTS, Fault, FaultAt, FaultyStore, RandomFaults, UnexpectedFault, run_to_the_end

NewStore = Callable[[], Store]
Step = Callable[[OrderHistory], object]
_AT = datetime(2026, 1, 5, 11, tzinfo=UTC)


def _send(client_order_id: str) -> Step:
    def step(history: OrderHistory) -> None:
        request = history.submit(new_order_request(client_order_id))
        history.prepare(request.request_id)

    return step


def _report(type: EventType, client_order_id: str, **fields: Any) -> Step:
    report = VenueReport(account_id=ACCOUNT, venue=VENUE, type=type, client_order_id=client_order_id, **fields)
    return lambda history: history.record(report)


def _cancel(history: OrderHistory) -> None:
    target = history.find_order(ACCOUNT, "C1")
    terms: dict[str, Any] = {"order_type": None, "quantity": None, "limit_price": None}
    request = new_order_request("C1-X", action=Action.CANCEL, target_order_id=target.order_id, **terms)
    history.prepare(history.submit(request).request_id)


def _deposit(history: OrderHistory) -> None:
    history.record_account_event(
        AccountEvent(
            account_id=ACCOUNT,
            venue=VENUE,
            symbol=SYMBOL,
            type=AccountEventType.TRANSFER,
            quantity=Decimal(3),
            cost=Decimal(270),
            occurred_at=_AT,
            external_id="deposit",
        )
    )


def _adopt(history: OrderHistory) -> None:
    fields = {"symbol": SYMBOL, "side": Side.SELL, "venue_order_id": "V9"}
    history.adopt(trade_report("outside", "E9", "1", **fields))


STEPS: Mapping[str, Step] = {
    "register": lambda history: history.register(spot_instrument()),
    "waits": lambda history: history.record(trade_report("C2", "E5", "2")),
    "send": _send("C1"),
    "acknowledge": _report(EventType.NEW, "C1", venue_order_id="V1", occurred_at=_AT),
    "trade": lambda history: history.record(trade_report("C1", "E1", "1", "101", occurred_at=_AT)),
    "another trade": lambda history: history.record(trade_report("C1", "E2", "2", "99")),
    "late fee": lambda history: history.record(trade_report("C1", "E1", "1", "101", fees=[Fee(Decimal(1), "QUOTE")])),
    "correct": _report(
        EventType.TRADE_CORRECT,
        "C1",
        exec_id="E3",
        exec_ref_id="E2",
        last_quantity=Decimal(2),
        last_price=Decimal(98),
    ),
    "bust": _report(EventType.TRADE_CANCEL, "C1", exec_id="E4", exec_ref_id="E1"),
    "cancel": _cancel,
    "canceled": _report(EventType.CANCELED, "C1", occurred_at=_AT),
    "late fill": lambda history: history.record(trade_report("C1", "E6", "1", "97", occurred_at=_AT)),
    "deposit": _deposit,
    "send another": _send("C2"),
    "mark": lambda history: history.mark(history.find_order(ACCOUNT, "C2").order_id, Decimal(105)),
    "adopt": _adopt,
}
"""Use cases that add nothing when they are run twice, in an order in which they follow from one another."""


def run_steps(store: Store) -> None:
    """Run each step in a transaction of its own until it is done, then seal."""
    for step in STEPS.values():
        run_to_the_end(store, lambda uow, step=step: step(OrderHistory(uow)))  # type: ignore[misc]
    run_to_the_end(store, seal)


def figures(history: OrderHistory) -> Mapping[str, Any]:
    """What must be the same, whatever failed on the way: everything but ids and times."""
    orders = list(history.orders())
    return {
        "orders": sorted(
            (order.client_order_id or "", order.status, order.cum_quantity, order.avg_price, order.is_open)
            for order in orders
        ),
        "events": sorted(
            (order.client_order_id or "", event.sequence, event.type, tuple(event.anomalies))
            for order in orders
            for event in history.events(order.order_id)
        ),
        "fees": sorted((order.client_order_id or "", dict(history.costs(order.order_id).fees)) for order in orders),
        "position": [
            (position.quantity, position.realized_gross, position.realized_net, position.entry_value)
            for position in history.positions(ACCOUNT)
        ],
        "waiting": len(list(history.waiting(ACCOUNT))),
        "requests": sorted(request.request.key for request in history.requests()),
        "account events": len(list(history.account_events())),
    }


def _check(store: Store, expected: Mapping[str, Any]) -> None:
    assert read_history(store, figures) == expected
    verification = verify(store)
    assert verification.passed, verification.problems


class FaultContract:
    """Faults at every call. `new_store` is a fixture that returns a function which makes an empty store.

    Attributes:
        stride: Only each how many calls fail, one after another: 1 is all of them. There are few commits, so that more
            of them fail.
    """

    stride = 1

    @pytest.fixture
    def new_store(self) -> NewStore:
        """A function that makes an empty store."""
        raise NotImplementedError("derive from FaultContract and give it a new_store fixture")

    @pytest.fixture
    def expected(self, new_store: NewStore) -> Iterator[Mapping[str, Any]]:
        """What the steps come to where nothing fails."""
        store = new_store()
        run_steps(store)
        yield read_history(store, figures)
        store.close()

    @pytest.mark.parametrize("fault", list(Fault))
    def test_a_fault_at_any_call_changes_nothing(
        self, new_store: NewStore, expected: Mapping[str, Any], fault: Fault
    ) -> None:
        """The fault happens at one call after another. What is run again then comes to the same each time."""
        stride = 1 + self.stride // 50 if fault in COMMIT_FAULTS else self.stride
        number = 1
        while True:
            plan, store = FaultAt(fault, number), new_store()
            run_steps(FaultyStore(store, plan))
            _check(store, expected)
            store.close()
            if plan.point is None:
                break
            number += stride
        assert number > len(STEPS)

    @pytest.mark.parametrize("seed", range(5))
    def test_faults_at_random_change_nothing(self, new_store: NewStore, expected: Mapping[str, Any], seed: int) -> None:
        """Many faults on the way, some of them while another is made good."""
        plan, store = RandomFaults(seed, 40), new_store()
        run_steps(FaultyStore(store, plan))
        _check(store, expected)
        store.close()
        assert sum(plan.fired.values()) > 5

    def test_a_use_case_that_failed_halfway_cannot_be_committed(self, new_store: NewStore) -> None:
        """An application that catches the error of a step and commits keeps nothing of the step."""
        number, failed = 1, 0
        while True:
            plan = FaultAt(Fault.CALL_UNEXPECTED, number)
            store = new_store()
            _run_carelessly(FaultyStore(store, plan))
            verification = verify(store)
            assert verification.passed, (plan.point, verification.problems)
            store.close()
            if plan.point is None:
                break
            number += self.stride * 3
            failed += 1
        assert failed > len(STEPS) // 2


def _run_carelessly(store: Store) -> None:
    """Run all steps in one transaction, each as if the others had worked, and commit what is there."""

    def use_case(uow: UnitOfWork) -> None:
        history = OrderHistory(uow)
        for step in STEPS.values():
            try:
                step(history)
            except (SotError, UnexpectedFault):
                continue

    with store.begin() as uow:
        use_case(uow)
        try:
            uow.commit()
        except SotError:
            uow.rollback()
