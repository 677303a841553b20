"""The reconciler: what differs is found, once, and kept; healing records what the venue reports and nothing else."""

from datetime import timedelta
from decimal import Decimal as D

import attrs
import pytest

from sot import OrderStatus, VenueOutcomeUnknown, VenueReport
from sot.adapters.venues.simulated import Behaviour, SimulatedVenue
from sot.application.reconciliation.records import iterate_rows
from sot.application.reconciliation.run_inputs import compared_snapshots
from sot.domain.reconciliation.comparison import compare
from sot.domain.values.vocabulary import Mismatch, Origin, ReconciliationType, Resolution
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.venue import FoundOrder, OrderReference, VenueScope
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, trade_report
from sot.testing.contract.transactions import read_history, run_in_threads, write_history
from sot.testing.fakes import CountedIds, ManualClock
from tests.support.trading_scenario import ANSWER_LOST, MINUTE, REQUEST_LOST, TradingScenario

SILENT = Behaviour(answered=1)
"""The order is taken, and its executions are withheld."""


def kinds(result):
    return [str(found.row.mismatch) for found in result.findings]


def rows(scenario, **wanted):
    wanted = ReconciliationFilter(account_id=ACCOUNT, **wanted)
    return read_history(scenario.store, lambda h: list(iterate_rows(h._uow, wanted)))


def facts(scenario):
    return read_history(scenario.store, lambda h: h._uow.feed.last())


def test_nothing_differs():
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(101))
    scenario.send("C2", limit_price=D(90))
    result = scenario.reconcile()
    assert result.agrees
    assert (result.opened, result.closed, result.recorded) == (0, 0, 0)
    assert [row.row.type for row in rows(scenario)] == [ReconciliationType.RUN, ReconciliationType.INPUT]


def test_missing_executions_are_found_and_only_healed_when_that_is_wanted():
    scenario = TradingScenario()
    order = scenario.send("C1", SILENT, limit_price=D(101))
    told = scenario.reconcile()
    assert sorted(kinds(told)) == ["MISSING_EXECUTION", "POSITION_DIFFERS", "STATUS_DIFFERS"]
    assert scenario.order(order).cum_quantity == 0
    again = scenario.reconcile()
    assert (again.opened, sorted(kinds(again))) == (0, sorted(kinds(told)))
    healed = scenario.reconcile(heal=True)
    assert healed.agrees
    assert (scenario.order(order).status, scenario.order(order).cum_quantity) == (OrderStatus.FILLED, 10)
    origins = [str(event.origin) for event in read_history(scenario.store, lambda h: h.events(order.order_id))]
    assert origins == ["LOCAL", "LOCAL", "VENUE", "RECONCILIATION"]
    before = facts(scenario)
    later = scenario.reconcile(heal=True)
    assert (later.agrees, later.recorded) == (True, 0)
    assert facts(scenario) == before + 2  # the run and its input
    closed = [row.row.resolution for row in rows(scenario, types=(ReconciliationType.RESOLUTION,))]
    assert set(closed) == {Resolution.HEALED}


def test_an_order_that_no_request_made_is_taken_in_and_counts_once():
    scenario = TradingScenario()
    other = new_order_request("BY-HAND", limit_price=D(101))
    scenario.venue.submit(other)
    told = scenario.reconcile()
    assert sorted(kinds(told)) == ["MISSING_LOCAL", "POSITION_DIFFERS"]
    assert scenario.reconcile(heal=True).agrees
    (order,) = read_history(scenario.store, lambda h: h.orders()).items
    assert (order.request_id, order.cum_quantity, order.client_order_id) == (None, 10, "BY-HAND")
    for report in scenario.venue.reports("BY-HAND"):
        write_history(scenario.store, lambda h, report=report: h.record(report))
    assert scenario.order(order).cum_quantity == 10
    assert scenario.reconcile(heal=True).agrees


def test_an_open_order_that_no_request_made():
    scenario = TradingScenario()
    scenario.venue.submit(new_order_request("BY-HAND", limit_price=D(90)))
    told = scenario.reconcile()
    assert kinds(told) == ["MISSING_LOCAL"]
    assert told.findings[0].row.exchange_status is OrderStatus.NEW
    healed = scenario.reconcile(heal=True)
    assert healed.agrees
    (order,) = read_history(scenario.store, lambda h: h.orders()).items
    assert (order.status, order.order_quantity) == (OrderStatus.NEW, 10)


def test_an_order_that_ended_at_the_venue_unseen():
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    scenario.venue.cancel(attrs.evolve(new_order_request("X1"), request_id=None), order)
    told = scenario.reconcile()
    assert kinds(told) == ["STATUS_DIFFERS"]
    row = told.findings[0].row
    assert (row.local_status, row.exchange_status, row.order_id) == ("NEW", "CANCELED", order.order_id)
    assert scenario.reconcile(heal=True).agrees
    assert scenario.order(order).status is OrderStatus.CANCELED


def test_an_order_that_the_venue_does_not_have_stays_a_finding_until_a_person_closes_it():
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    del scenario.venue._books.entries["C1"]
    healed = scenario.reconcile(heal=True)
    assert kinds(healed) == ["MISSING_AT_VENUE"]
    assert scenario.order(order).status is OrderStatus.NEW  # no fact was made up
    (finding,) = healed.findings
    write_history(
        scenario.store, lambda h: h.accept_finding(finding.record_id, reason="cancelled by the broker", actor="me")
    )
    again = scenario.reconcile()
    assert (again.opened, kinds(again)) == (0, [])


@pytest.mark.parametrize("question", ["open_orders", "executions", "positions", "find"])
def test_a_failed_question_is_never_nothing_there(monkeypatch, question):
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(101))
    scenario.send("C2", limit_price=D(90))

    def fails(self, *args, **how):
        raise VenueOutcomeUnknown("TIMED_OUT")

    monkeypatch.setattr(SimulatedVenue, question, fails)
    result = scenario.reconcile(heal=True)
    assert result.findings == []
    assert bool(result.failures) == (question != "find") or question == "open_orders"


def test_what_lies_outside_is_never_a_finding():
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(90))
    scenario.venue.submit(new_order_request("BY-HAND", limit_price=D(90)))
    assert scenario.reconcile(symbols=["OTHER"]).findings == []
    incomplete = attrs.evolve(scenario.venue.open_orders(VenueScope(account_id=ACCOUNT)), reports=(), complete=False)

    class Partly(SimulatedVenue):
        def open_orders(self, scope):
            return incomplete

    partly = Partly(VENUE, clock=scenario.clock)
    partly.find = scenario.venue.find
    assert scenario.reconcile(venue=partly).findings == []


def test_what_moves_just_now_is_not_judged():
    scenario = TradingScenario()
    scenario.send("C1", SILENT, limit_price=D(101))
    assert scenario.reconcile(after=timedelta(seconds=9)).findings == []
    assert scenario.reconcile(after=timedelta(seconds=9)).findings != []


def test_in_doubt_is_a_finding_and_healed_by_what_the_venue_reports():
    scenario = TradingScenario()
    lost, unanswered = scenario.send("C1", REQUEST_LOST), scenario.send("C2", ANSWER_LOST, limit_price=D(101))
    told = scenario.reconcile()
    doubts = {found.row.order_id for found in told.findings if found.row.mismatch is Mismatch.IN_DOUBT}
    assert doubts == {lost.order_id, unanswered.order_id}
    healed = scenario.reconcile(heal=True)
    assert [(found.row.mismatch, found.row.order_id) for found in healed.findings] == [("IN_DOUBT", lost.order_id)]
    scenario.recover()
    assert scenario.reconcile().agrees


def test_an_overfill_and_a_conflict_stay_open_with_their_figures():
    scenario = TradingScenario()
    order = scenario.send("C1", SILENT, limit_price=D(101))
    write_history(scenario.store, lambda h: h.record(trade_report("C1", "MINE", "11", "100")))
    exec_id = scenario.venue.reports("C1")[-1].exec_id
    write_history(scenario.store, lambda h: h.record(trade_report("C1", exec_id, "1", "100")))
    result = scenario.reconcile(heal=True)
    assert sorted(kinds(result)) == [
        "CONFLICTING_EXECUTION",
        "MISSING_AT_VENUE",
        "OVERFILL",
        "POSITION_DIFFERS",
    ]
    scenario.reconcile()  # asks for the order of the findings, too
    (quantity,) = rows(scenario, mismatch=Mismatch.QUANTITY_DIFFERS)
    assert (quantity.row.local_quantity, quantity.row.exchange_quantity) == (12, 10)
    assert scenario.order(order).cum_quantity == 12
    anomalies = [event.anomalies for event in read_history(scenario.store, lambda h: h.events(order.order_id))]
    assert ("DUPLICATE_CONFLICT",) in anomalies


def test_figures_that_changed_are_a_new_finding():
    scenario = TradingScenario()
    scenario.send("C1", SILENT, limit_price=D(101))
    write_history(scenario.store, lambda h: h.record(trade_report("C1", "MINE", "1", "100")))
    scenario.reconcile()
    write_history(scenario.store, lambda h: h.record(trade_report("C1", "MINE-2", "1", "100")))
    scenario.reconcile()
    positions = rows(scenario, mismatch=Mismatch.POSITION_DIFFERS)
    assert [found.row.local_quantity for found in positions] == [1, 2]
    assert positions[0].resolution.resolution is Resolution.SUPERSEDED
    assert positions[1].resolution is None


def test_a_run_can_be_compared_again_from_what_is_kept():
    scenario = TradingScenario(page_size=1)
    scenario.send("C1", SILENT, limit_price=D(101))
    scenario.send("C2", limit_price=D(90))
    scenario.venue.submit(new_order_request("BY-HAND", limit_price=D(101), raw_payload={"big": "x" * 1000}))
    result = scenario.reconcile()
    (run,) = (row.row for row in rows(scenario, types=(ReconciliationType.RUN,)))
    parts = [row.row for row in rows(scenario, types=(ReconciliationType.INPUT,), run_id=run.record_id)]
    history, venue = compared_snapshots(run, parts)
    again = {difference.subject(venue): difference.mismatch for difference in compare(history, venue)}
    assert again == {found.row.subject: found.row.mismatch for found in result.findings}


def test_executions_are_asked_for_from_where_the_history_agreed(monkeypatch):
    scenario = TradingScenario(page_size=2)
    for number in range(5):
        scenario.send(f"C{number}", limit_price=D(101))
    asked = []
    executions = SimulatedVenue.executions

    def asks(self, scope, since=None, cursor=None):
        asked.append(cursor)
        return executions(self, scope, since, cursor)

    monkeypatch.setattr(SimulatedVenue, "executions", asks)
    scenario.reconcile()
    scenario.reconcile()
    assert asked == [None, "2", "4", "5"]
    scenario.send("C5", SILENT, limit_price=D(101))
    scenario.reconcile()
    scenario.reconcile(heal=True)
    assert asked[4:] == ["5", "5"]  # what is missing is listed again
    scenario.reconcile()
    assert asked[6:] == ["6"]


def test_pages_that_go_round_in_circles_come_to_an_end(monkeypatch):
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(101))
    executions = SimulatedVenue.executions

    def circles(self, scope, since=None, cursor=None):
        return attrs.evolve(executions(self, scope), cursor="0", more=True)

    monkeypatch.setattr(SimulatedVenue, "executions", circles)
    result = scenario.reconcile(pages=7)
    assert (result.findings, len(result.failures)) == ([], 1)


def test_reports_of_other_accounts_are_kept_where_they_belong(monkeypatch):
    scenario = TradingScenario()
    scenario.send("C1", SILENT, limit_price=D(101))
    foreign = trade_report("C1", "E9", "5", "100", account_id="another")
    executions = SimulatedVenue.executions

    def lies(self, scope, since=None, cursor=None):
        page = executions(self, scope, since, cursor)
        return attrs.evolve(page, reports=[*page.reports, foreign])

    monkeypatch.setattr(SimulatedVenue, "executions", lies)
    assert scenario.reconcile(heal=True).agrees
    (waiting,) = read_history(scenario.store, lambda h: h.waiting("another"))
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
    order = scenario.send("C1", SILENT, limit_price=D(101))
    executions = SimulatedVenue.executions

    def lies(self, scope, since=None, cursor=None):
        page = executions(self, scope, since, cursor)
        return attrs.evolve(page, reports=[attrs.evolve(report, **lie) for report in page.reports] * 2)

    monkeypatch.setattr(SimulatedVenue, "executions", lies)
    monkeypatch.setattr(SimulatedVenue, "capabilities", attrs.evolve(scenario.venue.capabilities, finds_orders=False))
    first = scenario.reconcile(heal=True)
    recorded = facts(scenario)
    second = scenario.reconcile(heal=True)
    assert second.recorded == 0
    assert sorted(kinds(first)) == sorted(kinds(second))
    assert facts(scenario) - recorded == 2
    assert scenario.order(order).cum_quantity in (0, 10, 1000)


def test_a_time_from_the_future_is_kept():
    scenario = TradingScenario()
    order = scenario.send("C1", SILENT, limit_price=D(101))
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
    (position,) = read_history(scenario.store, lambda h: h.positions(ACCOUNT))
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
    told = scenario.reconcile()
    assert kinds(told) == ["QUANTITY_DIFFERS"]
    assert scenario.reconcile(heal=True).agrees
    found = scenario.order(resting)
    assert (found.order_quantity, found.state.limit_price, found.client_order_id) == (7, 95, "R1")


def test_a_waiting_report_is_a_finding_until_its_order_is_known():
    scenario = TradingScenario()
    report = VenueReport(account_id=ACCOUNT, type="NEW", venue=VENUE, venue_order_id="V7", symbol=SYMBOL)
    write_history(scenario.store, lambda h: h.record(report))
    assert kinds(scenario.reconcile()) == ["UNKNOWN_ORDER"]
    write_history(scenario.store, lambda h: h.adopt(report))
    order = read_history(scenario.store, lambda h: h.find_order(ACCOUNT, venue=VENUE, venue_order_id="V7"))
    result = scenario.reconcile()
    assert kinds(result) == ["MISSING_AT_VENUE"]
    assert result.findings[0].row.order_id == order.order_id
    assert result.closed == 1


def test_quantities_without_executions_stay_provisional_until_executions_come(monkeypatch):
    scenario = TradingScenario()
    order = scenario.send("C1", SILENT, limit_price=D(101))
    told = scenario.venue.find(OrderReference.to(order, order.created_at)).reports[-1]
    able = attrs.evolve(scenario.venue.capabilities, lists_executions=False, executions_by_order=False)
    monkeypatch.setattr(SimulatedVenue, "capabilities", able)
    monkeypatch.setattr(
        SimulatedVenue,
        "find",
        lambda self, reference: FoundOrder(
            asked_at=scenario.clock.now(), reports=[attrs.evolve(told, occurred_at=scenario.clock.now())]
        ),
    )
    result = scenario.reconcile(heal=True)
    assert sorted(kinds(result)) == ["POSITION_DIFFERS", "QUANTITY_DIFFERS"]
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
    assert kinds(result) == ["CONFLICTING_EXECUTION"]
    assert scenario.order(order).cum_quantity == 10
    recorded = facts(scenario)
    assert scenario.reconcile(heal=True).recorded == 0
    assert facts(scenario) == recorded + 2


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_runs_at_once_find_and_heal_everything_once(make_store, kind):
    scenario = TradingScenario(store=make_store(kind, ManualClock(), CountedIds()))
    for name in ("C1", "C2", "C3"):
        scenario.send(name, SILENT, limit_price=D(101))
    scenario.venue.submit(new_order_request("BY-HAND", limit_price=D(101)))
    scenario.store.clock.move(MINUTE)
    results = run_in_threads(4, lambda _: scenario.reconcile(after=timedelta(0), heal=True))
    assert not [result for result in results if isinstance(result, BaseException)], results
    assert sum(result.recorded for result in results) == 5  # three executions, and an external order with one
    findings = rows(scenario, types=(ReconciliationType.FINDING,))
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
