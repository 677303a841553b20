"""A store survives faults at every call: all or nothing is stored, and running the same again completes it."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from sot.application.audit.rebuild import rebuild
from sot.application.audit.verification import verify
from sot.application.history import OrderHistory
from sot.application.support.use_case import REFUSALS
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest, RiskCheck
from sot.domain.values.errors import ConcurrentUpdate, UnitOfWorkFailed
from sot.domain.values.vocabulary import AccountEventType, Action, EventType, OrderStatus
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE
from sot.ports.store import Store, UnitOfWork
from sot.testing.contract.samples import (
    SYMBOL,
    T0,
    VENUE,
    new_order_request,
    reconciliation_row,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import add_reconciliation
from sot.testing.faults import FaultPlan, FaultyStore, StoreFault

UseCase = Callable[[OrderHistory, str], object]

FAULTY, CLEAN = "faulty", "clean"
"""Two accounts of one store, which live the same: one with faults, one without."""

NOTHING_STORED = tuple(
    fault for fault in StoreFault if fault not in (StoreFault.ANSWER_LOST, StoreFault.LOST_RACE, StoreFault.DELAY)
)
"""The faults after which nothing is stored, and the caller has an error."""


def _submit(name: str, **changes: Any) -> UseCase:
    return lambda h, account: h.submit(new_order_request(name, account, **changes))


def _send(name: str) -> UseCase:
    return lambda h, account: h.mark_sent(h.submit(new_order_request(name, account)).request_id, T0)


def _report(type: str, name: str | None = None, **fields: Any) -> UseCase:
    return lambda h, account: h.record(_venue_report(account, type, name, **fields))


def _venue_report(account: str, type: str, name: str | None = None, **fields: Any) -> VenueReport:
    report = {"venue": VENUE, "client_order_id": name, "occurred_at": T0, **fields}
    return VenueReport(account_id=account, type=EventType(type), **report)


def _trade(name: str, exec_id: str, **fields: Any) -> UseCase:
    return lambda h, account: h.record(trade_report(name, exec_id, account_id=account, occurred_at=T0, **fields))


def _order_id(history: OrderHistory, account: str, name: str) -> str:
    return history.find_order(account, name, VENUE).order_id


def _request_id(history: OrderHistory, account: str, name: str) -> str:
    request = history.find_request(account, name)
    assert request is not None
    return request.request_id


def _amend(name: str, target: str, **terms: Any) -> UseCase:
    def run(history: OrderHistory, account: str) -> object:
        target_id = _order_id(history, account, target)
        request = OrderRequest(account_id=account, client_order_id=name, target_order_id=target_id, **terms)
        return history.mark_sent(history.submit(request).request_id, T0)

    return run


_EXTERNAL: Mapping[str, Any] = {
    "symbol": SYMBOL, "side": "BUY", "order_type": "MARKET", "last_quantity": Decimal(1), "last_price": Decimal(105),
}  # fmt: skip


def _adopt(history: OrderHistory, account: str) -> object:
    return history.adopt(_venue_report(account, "TRADE", venue_order_id=f"X-{account}", exec_id="X1", **_EXTERNAL))


def _waiting_id(history: OrderHistory, account: str) -> str | None:
    return next((waiting.report_id for waiting in history.waiting(account)), None)


def _attribute_waiting(history: OrderHistory, account: str) -> object:
    report_id = _waiting_id(history, account)
    return report_id and history.attribute_waiting(account, report_id, _order_id(history, account, "C3"))


def _adopt_waiting(history: OrderHistory, account: str) -> object:
    report_id = _waiting_id(history, account)
    return report_id and history.adopt_waiting(account, report_id)


def _attribute(history: OrderHistory, account: str) -> object:
    external = history.find_order(account, venue=VENUE, venue_order_id=f"X-{account}").order_id
    return history.attribute(external, _order_id(history, account, "C3"), reason="it is ours", occurred_at=T0)


def _account_event(type: str, external_id: str, **fields: Any) -> UseCase:
    values = {"venue": VENUE, "symbol": SYMBOL, "occurred_at": T0, "external_id": external_id, **fields}
    return lambda h, account: h.record_account_event(
        AccountEvent(account_id=account, type=AccountEventType(type), **values)
    )


def _record_finding(uow: UnitOfWork, account: str) -> None:
    if not _findings(OrderHistory(uow), account):
        run = add_reconciliation(uow, reconciliation_row("RUN", account))
        add_reconciliation(uow, reconciliation_row("FINDING", account, run_id=run.record_id))


def _findings(history: OrderHistory, account: str) -> list[Any]:
    return [finding for finding in history.findings(limit=LARGEST_PAGE).items if finding.row.account_id == account]


def _accept_findings(history: OrderHistory, account: str) -> None:
    for finding in _findings(history, account):
        history.accept_finding(finding.row.record_id, reason="looked")


_CHECK = RiskCheck(rule_code="limit", passed=True, checked_at=T0)

USE_CASES: Mapping[str, UseCase] = {
    "register": lambda h, account: h.register(spot_instrument(account)),
    "submit": _submit("C1", strategy_code="s"),
    "add_risk_check": lambda h, account: h.add_risk_check(_request_id(h, account, "C1"), _CHECK),
    "mark_sent": lambda h, account: h.mark_sent(_request_id(h, account, "C1"), T0),
    "record NEW": _report("NEW", "C1", venue_order_id="V1"),
    "record TRADE": _trade("C1", "E1"),
    "record another TRADE": _trade("C1", "E2", quantity="2"),
    "record TRADE_CORRECT": _report(
        "TRADE_CORRECT", "C1", exec_id="E2c", exec_ref_id="E2", last_quantity=Decimal(2), last_price=Decimal(102)
    ),
    "record TRADE_CANCEL": _report("TRADE_CANCEL", "C1", exec_id="E1b", exec_ref_id="E1"),
    "record a report that waits": _trade("C2", "E8", venue_order_id="V2"),
    "send what it waits for": _send("C2"),
    "mark": lambda h, account: h.mark(_order_id(h, account, "C1"), Decimal(110), occurred_at=T0),
    "void": lambda h, account: h.void(_order_id(h, account, "C2"), exec_id="E8", reason="not ours", occurred_at=T0),
    "send another": _send("C3"),
    "record a stranger's report": _report(
        "TRADE", venue_order_id="V9", exec_id="E9", last_quantity=Decimal(1), last_price=Decimal(98)
    ),
    "attribute_waiting": _attribute_waiting,
    "record another stranger's report": _report("TRADE", venue_order_id="W", exec_id="W1", **_EXTERNAL),
    "adopt_waiting": _adopt_waiting,
    "adopt": _adopt,
    "attribute": _attribute,
    "record_account_event": _account_event("FUNDING", "F1", amount=Decimal(-1), currency="QUOTE"),
    "record a transfer": _account_event("TRANSFER", "F2", quantity=Decimal(3), cost=Decimal(290)),
    "send what stays unknown": _send("C4"),
    "mark_unknown": lambda h, account: h.mark_unknown(_request_id(h, account, "C4"), "timed out", T0),
    "resolve": lambda h, account: h.resolve(
        _order_id(h, account, "C4"),
        status=OrderStatus.FAILED,
        reason="asked",
        occurred_at=T0,
    ),
    "cancel": _amend("X1", "C2", action=Action.CANCEL),
    "record CANCELED": _report("CANCELED", "X1", orig_client_order_id="C2"),
    "replace": _amend("R1", "C1", action=Action.REPLACE, quantity=Decimal(12)),
    "record REPLACED": _report("REPLACED", "R1", orig_client_order_id="C1", order_quantity=Decimal(12)),
    "submit what fails": _submit("C5"),
    "mark_failed": lambda h, account: h.mark_failed(_request_id(h, account, "C5"), "no route", T0),
    "submit what is withdrawn": _submit("C6"),
    "withdraw": lambda h, account: h.withdraw(_request_id(h, account, "C6"), "no", occurred_at=T0),
    "find a difference": lambda h, account: _record_finding(h._uow, account),
    "accept_finding": _accept_findings,
}
"""The use cases of `OrderHistory`, in an order in which each can be done. A second time, each adds nothing."""


def do(store: Store, use_case: UseCase, account: str) -> None:
    """Run a use case in a transaction of its own; that it was done before is no error."""
    with suppress(*REFUSALS):
        store.run(lambda uow: use_case(OrderHistory(uow), account))


def stored_facts(store: Store) -> list[tuple[object, ...]]:
    """All facts of a store, and the versions of all orders, to notice anything that changes."""
    with store.begin(read_only=True) as uow:
        orders = OrderHistory(uow).orders(limit=LARGEST_PAGE).items
        facts: list[tuple[object, ...]] = [(leaf.name, leaf.hash) for leaf in uow.feed.leaves()]
        return facts + [(order.order_id, order.version, order.status, order.last_hash) for order in orders]


def summary(store: Store, account: str) -> tuple[object, ...]:
    """What an account looks like without ids and times, to compare two accounts that lived the same."""
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        orders = history.orders(OrderFilter(account_id=account), limit=LARGEST_PAGE).items
        statuses = sorted(
            (order.client_order_id or "", str(order.status), order.cum_quantity, order.last_sequence, order.in_doubt)
            for order in orders
        )
        events = Counter(str(event.type) for order in orders for event in history.events(order.order_id))
        executions = sorted(
            (fill.exec_id or "", fill.quantity, fill.price, fill.busted)
            for order in orders
            for fill in history.fills(order.order_id)
        )
        facts = Counter(str(leaf.kind) for leaf in uow.feed.leaves() if leaf.account_id == account)
        position = history.position(account, VENUE, SYMBOL) if orders else None
        held = position and (position.quantity, position.missing_quantity, position.state.realized_gross)
        return statuses, events, executions, facts, held, len(list(history.waiting(account)))


class FaultContract:
    """Faults at every call of every use case, on any store. `store` is a fixture that makes an empty store.

    Attributes:
        every_nth_call: 1 fails every call; a larger number only some of them, where the store is slow.
    """

    every_nth_call = 1

    @pytest.fixture
    def store(self) -> Store:
        """An empty store, new for each test."""
        raise NotImplementedError("derive from FaultContract and give it a store fixture")

    @pytest.mark.parametrize("fault", NOTHING_STORED, ids=lambda fault: fault.name)
    def test_after_a_fault_at_any_call_nothing_is_stored_and_the_same_can_be_done_again(
        self, store: Store, fault: StoreFault
    ) -> None:
        """A fault at the first call, the second, ... until there are no more calls; then the use case is done."""
        plan = FaultPlan()
        faulty = FaultyStore(store, plan)
        for name, use_case in USE_CASES.items():
            before = stored_facts(store)
            for number in range(1, 10_000, self.every_nth_call):
                plan.once(fault, number)
                with suppress(Exception):
                    do(faulty, use_case, FAULTY)
                if plan.is_pending:
                    break
                assert stored_facts(store) == before, f"{name}: {fault.name} at call {number} left something"
            plan.pause()
            do(store, use_case, FAULTY)
            assert stored_facts(store) != before, f"{name}: without a fault it stores nothing"
            do(store, use_case, CLEAN)
        self._check(store, plan, fault)

    @pytest.mark.parametrize("fault", [StoreFault.LOST_RACE, StoreFault.DELAY], ids=lambda fault: fault.name)
    def test_after_a_lost_race_at_any_call_the_use_case_is_run_again(self, store: Store, fault: StoreFault) -> None:
        """`run` takes lost races and delays in its stride: the use case is done once."""
        plan = FaultPlan()
        faulty = FaultyStore(store, plan)
        for name, use_case in USE_CASES.items():
            done = None
            for number in range(1, 10_000, self.every_nth_call):
                plan.once(fault, number)
                do(faulty, use_case, FAULTY)
                if plan.is_pending:
                    break
                if done is None:
                    done = stored_facts(store)
                assert stored_facts(store) == done, f"{name}: {fault.name} at call {number} did it twice"
            plan.pause()
            do(store, use_case, CLEAN)
        self._check(store, plan, fault)

    def test_after_a_lost_answer_to_commit_everything_is_stored_once(self, store: Store) -> None:
        """What is stored is complete, and running the use case again adds nothing."""
        plan = FaultPlan()
        faulty = FaultyStore(store, plan)
        for name, use_case in USE_CASES.items():
            plan.once(StoreFault.ANSWER_LOST, 1)
            with suppress(Exception):
                do(faulty, use_case, FAULTY)
            plan.pause()
            do(store, use_case, CLEAN)
            assert summary(store, FAULTY) == summary(store, CLEAN), f"{name}: it is not stored whole"
            before = stored_facts(store)
            do(store, use_case, FAULTY)
            assert stored_facts(store) == before, f"{name}: doing it again changed something"
        self._check(store, plan, StoreFault.ANSWER_LOST)

    def test_a_use_case_that_failed_halfway_cannot_be_committed(self, store: Store) -> None:
        """Not even by an application that catches the error."""
        plan = FaultPlan()
        faulty = FaultyStore(store, plan)
        do(store, USE_CASES["register"], FAULTY)
        do(store, USE_CASES["submit"], FAULTY)
        before = stored_facts(store)
        tried = 0
        for number in range(1, 10_000):
            plan.once(StoreFault.ERROR_AFTER, number)
            with faulty.begin() as uow:
                try:
                    USE_CASES["mark_sent"](OrderHistory(uow), FAULTY)
                except RuntimeError:
                    tried += 1
                    with suppress(UnitOfWorkFailed):
                        uow.commit()
            if plan.is_pending:
                break
            assert stored_facts(store) == before, f"an error after call {number} left half of it"
        assert tried > 3

    def test_lost_races_without_end_are_reported(self, store: Store) -> None:
        """`run` gives up after some attempts, and nothing is stored."""
        faulty = FaultyStore(store, FaultPlan(chances={StoreFault.LOST_RACE: 1.0}))
        before = stored_facts(store)
        with pytest.raises(ConcurrentUpdate):
            faulty.run(lambda uow: OrderHistory(uow).register(spot_instrument(FAULTY)))
        assert stored_facts(store) == before

    def _check(self, store: Store, plan: FaultPlan, fault: StoreFault) -> None:
        """Check that the fault occurred, that both accounts are the same, and that `verify` finds no problem."""
        assert plan.counts()[fault] >= len(USE_CASES) // 2
        assert summary(store, FAULTY) == summary(store, CLEAN)
        assert not verify(store).problems
        rebuild(store)
        assert summary(store, FAULTY) == summary(store, CLEAN)
