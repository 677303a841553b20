"""A run finds what differs once, judges only what the venue's answers cover, and keeps what it compared."""

from datetime import timedelta
from decimal import Decimal as D

import attrs
import pytest

from sot import OrderStatus
from sot.adapters.venues.simulated import SimulatedVenue
from sot.application.reconciliation.run_inputs import compared_snapshots
from sot.domain.reconciliation.comparison import compare
from sot.domain.values.vocabulary import Mismatch, ReconciliationType, Resolution
from sot.errors import VenueOutcomeUnknown
from sot.ports.venue import VenueScope
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, trade_report
from sot.testing.contract.transactions import read_history, write_history
from tests.support.reconciliation_rows import EXECUTIONS_WITHHELD, count_facts, list_rows, mismatches
from tests.support.trading_scenario import ANSWER_LOST, REQUEST_LOST, TradingScenario


def test_nothing_differs():
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(101))
    scenario.send("C2", limit_price=D(90))
    result = scenario.reconcile()
    assert result.agrees
    assert (result.opened, result.closed, result.recorded) == (0, 0, 0)
    assert [row.row.type for row in list_rows(scenario)] == [ReconciliationType.RUN, ReconciliationType.INPUT]


def test_missing_executions_are_found_and_only_healed_when_that_is_wanted():
    scenario = TradingScenario()
    order = scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    result = scenario.reconcile()
    assert sorted(mismatches(result)) == ["MISSING_EXECUTION", "POSITION_DIFFERS", "STATUS_DIFFERS"]
    assert scenario.order(order).cum_quantity == 0
    again = scenario.reconcile()
    assert (again.opened, sorted(mismatches(again))) == (0, sorted(mismatches(result)))
    healed = scenario.reconcile(heal=True)
    assert healed.agrees
    assert (scenario.order(order).status, scenario.order(order).cum_quantity) == (OrderStatus.FILLED, 10)
    origins = [str(event.origin) for event in read_history(scenario.store, lambda h: list(h.events(order.order_id)))]
    assert origins == ["LOCAL", "LOCAL", "VENUE", "RECONCILIATION"]
    before = count_facts(scenario)
    later = scenario.reconcile(heal=True)
    assert (later.agrees, later.recorded) == (True, 0)
    assert count_facts(scenario) == before + 2  # the run and its input
    closed = [row.row.resolution for row in list_rows(scenario, types=(ReconciliationType.RESOLUTION,))]
    assert set(closed) == {Resolution.HEALED}


def test_an_order_that_no_request_made_is_taken_in_and_counts_once():
    scenario = TradingScenario()
    other = new_order_request("BY-HAND", limit_price=D(101))
    scenario.venue.submit(other)
    result = scenario.reconcile()
    assert sorted(mismatches(result)) == ["MISSING_LOCAL", "POSITION_DIFFERS"]
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
    result = scenario.reconcile()
    assert mismatches(result) == ["MISSING_LOCAL"]
    assert result.findings[0].row.exchange_status is OrderStatus.NEW
    healed = scenario.reconcile(heal=True)
    assert healed.agrees
    (order,) = read_history(scenario.store, lambda h: h.orders()).items
    assert (order.status, order.order_quantity) == (OrderStatus.NEW, 10)


def test_an_order_that_ended_at_the_venue_unseen():
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    scenario.venue.cancel(attrs.evolve(new_order_request("X1"), request_id=None), order)
    result = scenario.reconcile()
    assert mismatches(result) == ["STATUS_DIFFERS"]
    row = result.findings[0].row
    assert (row.local_status, row.exchange_status, row.order_id) == ("NEW", "CANCELED", order.order_id)
    assert scenario.reconcile(heal=True).agrees
    assert scenario.order(order).status is OrderStatus.CANCELED


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
    scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    assert scenario.reconcile(after=timedelta(seconds=9)).findings == []
    assert scenario.reconcile(after=timedelta(seconds=9)).findings != []


def test_in_doubt_is_a_finding_and_healed_by_what_the_venue_reports():
    scenario = TradingScenario()
    lost, unanswered = scenario.send("C1", REQUEST_LOST), scenario.send("C2", ANSWER_LOST, limit_price=D(101))
    result = scenario.reconcile()
    doubts = {found.row.order_id for found in result.findings if found.row.mismatch is Mismatch.IN_DOUBT}
    assert doubts == {lost.order_id, unanswered.order_id}
    healed = scenario.reconcile(heal=True)
    assert [(found.row.mismatch, found.row.order_id) for found in healed.findings] == [("IN_DOUBT", lost.order_id)]
    scenario.recover()
    assert scenario.reconcile().agrees


def test_an_overfill_and_a_conflict_stay_open_with_their_figures():
    scenario = TradingScenario()
    order = scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    write_history(scenario.store, lambda h: h.record(trade_report("C1", "MINE", "11", "100")))
    exec_id = scenario.venue.reports("C1")[-1].exec_id
    write_history(scenario.store, lambda h: h.record(trade_report("C1", exec_id, "1", "100")))
    result = scenario.reconcile(heal=True)
    assert sorted(mismatches(result)) == [
        "CONFLICTING_EXECUTION",
        "MISSING_AT_VENUE",
        "OVERFILL",
        "POSITION_DIFFERS",
    ]
    scenario.reconcile()  # asks for the order of the findings, too
    (quantity,) = list_rows(scenario, mismatch=Mismatch.QUANTITY_DIFFERS)
    assert (quantity.row.local_quantity, quantity.row.exchange_quantity) == (12, 10)
    assert scenario.order(order).cum_quantity == 12
    anomalies = [event.anomalies for event in read_history(scenario.store, lambda h: list(h.events(order.order_id)))]
    assert ("DUPLICATE_CONFLICT",) in anomalies


def test_a_run_can_be_compared_again_from_what_is_kept():
    scenario = TradingScenario(page_size=1)
    scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    scenario.send("C2", limit_price=D(90))
    scenario.venue.submit(new_order_request("BY-HAND", limit_price=D(101), raw_payload={"big": "x" * 1000}))
    result = scenario.reconcile()
    (run,) = (row.row for row in list_rows(scenario, types=(ReconciliationType.RUN,)))
    parts = [row.row for row in list_rows(scenario, types=(ReconciliationType.INPUT,), run_id=run.record_id)]
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
    scenario.send("C5", EXECUTIONS_WITHHELD, limit_price=D(101))
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
