"""Healing records what the venue reports and nothing else, and counts it once."""

from datetime import timedelta
from decimal import Decimal as D

import attrs
import pytest

from sot import OrderStatus
from sot.adapters.venues.simulated import SimulatedVenue
from sot.domain.values.vocabulary import Origin, ReconciliationType, Resolution
from sot.ports.venue import ExecutionsPage, FoundOrder, OrderReference
from sot.testing.contract.samples import ACCOUNT, new_order_request, trade_report
from sot.testing.contract.transactions import read_history, run_in_threads, write_history
from sot.testing.fakes import CountedIds, ManualClock
from tests.support.reconciliation_rows import EXECUTIONS_WITHHELD, count_facts, list_rows, mismatches
from tests.support.trading_scenario import MINUTE, REQUEST_LOST, TradingScenario


def test_reports_of_other_accounts_are_kept_where_they_belong(monkeypatch):
    scenario = TradingScenario()
    scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    foreign = trade_report("C1", "E9", "5", "100", account_id="another")
    executions = SimulatedVenue.executions

    def lies(self, scope, since=None, cursor=None):
        page = executions(self, scope, since, cursor)
        return attrs.evolve(page, reports=[*page.reports, foreign])

    monkeypatch.setattr(SimulatedVenue, "executions", lies)
    assert scenario.reconcile(heal=True).agrees
    (waiting,) = read_history(scenario.store, lambda h: list(h.waiting("another")))
    assert waiting.report.exec_id == "E9"


def test_a_report_of_another_account_is_kept_though_nothing_differs(monkeypatch):
    scenario = TradingScenario()
    foreign = trade_report("C1", "E9", "5", "100", account_id="another")
    page = ExecutionsPage(asked_at=scenario.clock.now(), reports=[foreign])
    monkeypatch.setattr(SimulatedVenue, "executions", lambda self, scope, since=None, cursor=None: page)
    assert scenario.reconcile().recorded == 0
    assert scenario.reconcile(heal=True).recorded == 1
    (waiting,) = read_history(scenario.store, lambda h: list(h.waiting("another")))
    assert waiting.report.exec_id == "E9"


@pytest.mark.parametrize(
    "lie",
    [
        {"last_quantity": D(-1)},
        {"last_quantity": D(1000)},
        {"last_price": None},
        {"occurred_at": None},
        {"side": "SELL"},
        {"symbol": "ELSE/WHERE"},
        {"exec_id": None},
        {"venue_order_id": None, "client_order_id": None},
    ],
)
def test_a_venue_that_lies_is_kept_flagged_and_never_counted_twice(monkeypatch, lie):
    scenario = TradingScenario()
    order = scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    executions = SimulatedVenue.executions

    def lies(self, scope, since=None, cursor=None):
        page = executions(self, scope, since, cursor)
        return attrs.evolve(page, reports=[attrs.evolve(report, **lie) for report in page.reports] * 2)

    monkeypatch.setattr(SimulatedVenue, "executions", lies)
    monkeypatch.setattr(SimulatedVenue, "capabilities", attrs.evolve(scenario.venue.capabilities, finds_orders=False))
    first = scenario.reconcile(heal=True)
    recorded = count_facts(scenario)
    second = scenario.reconcile(heal=True)
    assert second.recorded == 0
    assert sorted(mismatches(first)) == sorted(mismatches(second))
    assert count_facts(scenario) - recorded == 2
    assert scenario.order(order).cum_quantity in (0, 10, 1000)


def test_a_time_from_the_future_is_kept():
    scenario = TradingScenario()
    order = scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    report = attrs.evolve(scenario.venue.reports("C1")[-1], occurred_at=scenario.clock.now() + timedelta(days=365))
    write_history(scenario.store, lambda h: h.record(report, Origin.RECONCILIATION))
    assert scenario.order(order).cum_quantity == 10
    assert scenario.reconcile(heal=True).findings == []


def test_an_external_order_that_turns_out_to_be_ours_is_attributed_and_counts_once():
    scenario = TradingScenario()
    request = write_history(scenario.store, lambda h: h.submit(new_order_request("C1", limit_price=D(101))))
    prepared = scenario.executor.prepare(request.request_id)
    scenario.venue.submit(prepared.request)
    nameless = [attrs.evolve(one, client_order_id=None) for one in scenario.venue.reports("C1")]
    for report in nameless:
        write_history(scenario.store, lambda h, report=report: h.adopt(report))
    assert len(read_history(scenario.store, lambda h: h.orders()).items) == 2
    scenario.recover()
    assert scenario.reconcile(heal=True).agrees
    ours, external = sorted(
        read_history(scenario.store, lambda h: h.orders()).items, key=lambda order: order.request_id is None
    )
    assert (ours.cum_quantity, ours.status) == (10, OrderStatus.FILLED)
    assert (external.cum_quantity, external.state.attributed_to) == (0, ours.order_id)
    (position,) = read_history(scenario.store, lambda h: list(h.positions(ACCOUNT)))
    assert position.quantity == 10


def test_a_late_replacement_is_recognised_by_its_client_order_id():
    scenario = TradingScenario()
    resting = scenario.send("C1", limit_price=D(90))
    scenario.amend("R1", resting, REQUEST_LOST, action="REPLACE", limit_price=D(95), quantity=D(7))
    scenario.recover()
    assert scenario.order(resting).state.open_requests == ()
    late = read_history(scenario.store, lambda h: h.requests()).items[-1].request
    scenario.venue._behaviours.clear()
    scenario.venue.replace(late, scenario.order(resting))
    result = scenario.reconcile()
    assert mismatches(result) == ["TERMS_DIFFER", "TERMS_DIFFER"]
    assert scenario.reconcile(heal=True).agrees
    found = scenario.order(resting)
    assert (found.order_quantity, found.state.limit_price, found.client_order_id) == (7, 95, "R1")


def test_quantities_without_executions_stay_provisional_until_executions_come(monkeypatch):
    scenario = TradingScenario()
    order = scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    last_report = scenario.venue.find(OrderReference.to(order, order.created_at)).reports[-1]
    able = attrs.evolve(scenario.venue.capabilities, lists_executions=False, executions_by_order=False)
    monkeypatch.setattr(SimulatedVenue, "capabilities", able)
    monkeypatch.setattr(
        SimulatedVenue,
        "find",
        lambda self, reference: FoundOrder(
            asked_at=scenario.clock.now(), reports=[attrs.evolve(last_report, occurred_at=scenario.clock.now())]
        ),
    )
    result = scenario.reconcile(heal=True)
    assert sorted(mismatches(result)) == ["POSITION_DIFFERS", "QUANTITY_DIFFERS"]
    found = scenario.order(order)
    assert (found.status, found.cum_quantity, found.state.provisional_quantity) == (OrderStatus.FILLED, 0, 10)
    for report in scenario.venue.reports("C1"):
        write_history(scenario.store, lambda h, report=report: h.record(report))
    found = scenario.order(order)
    assert (found.cum_quantity, found.state.provisional_quantity) == (10, 0)
    assert scenario.reconcile().findings == []


def test_an_execution_id_that_is_used_again_for_another_trade_is_a_conflict(monkeypatch):
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(101))
    executions = SimulatedVenue.executions

    def reuses(self, scope, since=None, cursor=None):
        page = executions(self, scope)
        again = [attrs.evolve(report, last_quantity=D(3), last_price=D(99)) for report in page.reports]
        return attrs.evolve(page, reports=[*page.reports, *again])

    monkeypatch.setattr(SimulatedVenue, "executions", reuses)
    result = scenario.reconcile(heal=True)
    assert mismatches(result) == ["CONFLICTING_EXECUTION"]
    assert scenario.order(order).cum_quantity == 10
    recorded = count_facts(scenario)
    assert scenario.reconcile(heal=True).recorded == 0
    assert count_facts(scenario) == recorded + 2


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_runs_at_once_find_and_heal_everything_once(make_store, kind):
    scenario = TradingScenario(store=make_store(kind, ManualClock(), CountedIds()))
    for name in ("C1", "C2", "C3"):
        scenario.send(name, EXECUTIONS_WITHHELD, limit_price=D(101))
    scenario.venue.submit(new_order_request("BY-HAND", limit_price=D(101)))
    scenario.store.clock.move(MINUTE)
    results = run_in_threads(4, lambda _: scenario.reconcile(after=timedelta(0), heal=True))
    assert not [result for result in results if isinstance(result, BaseException)], results
    assert sum(result.recorded for result in results) == 5  # three executions, and an external order with one
    findings = list_rows(scenario, types=(ReconciliationType.FINDING,))
    assert len(findings) == len({found.row.subject for found in findings})
    assert {found.resolution.resolution for found in findings} == {Resolution.HEALED}
    orders = read_history(scenario.store, lambda h: h.orders()).items
    assert [order.cum_quantity for order in orders] == [10, 10, 10, 10]
    assert scenario.reconcile().agrees


def test_a_small_budget_reaches_every_order_in_some_run(monkeypatch):
    scenario = TradingScenario()
    orders = {scenario.send(f"C{number}", limit_price=D(90)).order_id for number in range(6)}
    asked = []
    find = SimulatedVenue.find

    def asks(self, reference):
        asked.append(reference.client_order_id)
        return find(self, reference)

    monkeypatch.setattr(SimulatedVenue, "find", asks)
    able = attrs.evolve(scenario.venue.capabilities, lists_open_orders=False)
    monkeypatch.setattr(SimulatedVenue, "capabilities", able)
    for _ in range(20):
        assert len(scenario.reconcile(queries=2).failures) == 1
    assert len(set(asked)) == len(orders)
