"""A finding opens once, and is closed by a later run or by a person, by a row of its own."""

from decimal import Decimal as D

import attrs
import pytest

from sot import OrderStatus, VenueReport
from sot.adapters.venues.simulated import SimulatedVenue
from sot.application.reconciliation.findings import open_findings
from sot.domain.values.identity import deterministic_id
from sot.domain.values.vocabulary import Mismatch, Outcome, ReconciliationType, Resolution
from sot.errors import Conflict, InvalidInput, NotFound
from sot.ports.venue import FoundOrder, OpenOrders, VenueScope
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, trade_report
from sot.testing.contract.transactions import read_history, write_history
from tests.support.capabilities import set_capabilities
from tests.support.reconciliation_rows import EXECUTIONS_WITHHELD, list_rows, mismatches
from tests.support.trading_scenario import REQUEST_LOST, TradingScenario


def forget(scenario, name):
    """Take an order out of the venue's books; returns what puts it back."""
    entries = scenario.venue._books.entries
    entry = entries.pop(name)
    return lambda: entries.update({name: entry})


def accept(scenario, finding, reason="explained", actor="me"):
    """Accept a finding, as a person."""
    return write_history(scenario.store, lambda h: h.accept_finding(finding.record_id, reason=reason, actor=actor))


def resolutions(rows):
    """What closed each row, in order; None for what is open."""
    return [row.resolution and row.resolution.resolution for row in rows]


def test_a_difference_that_comes_again_opens_another_finding():
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(90))
    for _ in range(2):
        put_back = forget(scenario, "C1")
        assert (scenario.reconcile().opened, scenario.reconcile().opened) == (1, 0)
        put_back()
        assert scenario.reconcile().closed == 1
    findings = list_rows(scenario, types=(ReconciliationType.FINDING,))
    subject = findings[0].row.subject
    assert [row.record_id for row in findings] == [deterministic_id(subject, "0"), deterministic_id(subject, "1")]
    assert resolutions(findings) == [Resolution.AGREES, Resolution.AGREES]


def test_an_accepted_difference_opens_again_only_with_other_figures():
    scenario = TradingScenario()
    scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    write_history(scenario.store, lambda h: h.record(trade_report("C1", "MINE", "1", "100")))
    scenario.reconcile()
    (position,) = list_rows(scenario, mismatch=Mismatch.POSITION_DIFFERS)
    accept(scenario, position)
    assert scenario.reconcile().opened == 0
    write_history(scenario.store, lambda h: h.record(trade_report("C1", "MINE-2", "1", "100")))
    assert "POSITION_DIFFERS" in mismatches(scenario.reconcile())
    positions = list_rows(scenario, mismatch=Mismatch.POSITION_DIFFERS)
    assert [found.row.local_quantity for found in positions] == [1, 2]
    assert resolutions(positions) == [Resolution.ACCEPTED, None]


def test_a_finding_is_accepted_once_and_for_a_reason():
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(90))
    forget(scenario, "C1")
    result = scenario.reconcile()
    (finding,) = result.findings
    with pytest.raises(InvalidInput, match="why the finding is closed"):
        accept(scenario, finding, reason="")
    assert accept(scenario, finding) is Outcome.RECORDED
    assert accept(scenario, finding) is Outcome.REPEATED
    for other in ({"reason": "otherwise explained"}, {"actor": "you"}):
        with pytest.raises(Conflict, match="it is closed already: ACCEPTED"):
            accept(scenario, finding, **other)
    (closed,) = list_rows(scenario, is_open=False)
    row = closed.resolution
    assert (row.record_id, row.finding_id) == (deterministic_id("resolution", finding.record_id), finding.record_id)
    assert (row.resolution, row.reason, row.actor, row.run_id) == (Resolution.ACCEPTED, "explained", "me", None)


def test_what_a_run_closed_and_what_is_no_finding_cannot_be_accepted():
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(90))
    put_back = forget(scenario, "C1")
    (finding,) = scenario.reconcile().findings
    put_back()
    scenario.reconcile()
    with pytest.raises(Conflict, match="it is closed already: AGREES"):
        accept(scenario, finding)
    for row in list_rows(scenario, types=set(ReconciliationType) - {ReconciliationType.FINDING}):
        with pytest.raises(NotFound, match="list the open ones"):
            accept(scenario, row)


@pytest.mark.parametrize("other", [{"account_id": "another"}, {"venue_account": "sub"}, {"venue": "ELSEWHERE"}])
def test_open_findings_are_those_of_one_account_at_one_venue(other):
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(90))
    forget(scenario, "C1")
    result = scenario.reconcile()

    def found(account_id=ACCOUNT, venue=VENUE, venue_account="", symbols=None):
        scope = VenueScope(account_id=account_id, venue_account=venue_account, symbols=symbols)
        return scenario.store.run(lambda uow: open_findings(uow, venue, scope), read_only=True)

    assert found() == found(symbols=frozenset({"OTHER"})) == result.findings
    assert found(**other) == []


def test_figures_that_changed_are_a_new_finding():
    scenario = TradingScenario()
    scenario.send("C1", EXECUTIONS_WITHHELD, limit_price=D(101))
    write_history(scenario.store, lambda h: h.record(trade_report("C1", "MINE", "1", "100")))
    scenario.reconcile()
    write_history(scenario.store, lambda h: h.record(trade_report("C1", "MINE-2", "1", "100")))
    scenario.reconcile()
    positions = list_rows(scenario, mismatch=Mismatch.POSITION_DIFFERS)
    assert [found.row.local_quantity for found in positions] == [1, 2]
    assert resolutions(positions) == [Resolution.SUPERSEDED, None]


def test_an_order_that_the_venue_does_not_have_stays_a_finding_until_a_person_closes_it():
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    forget(scenario, "C1")
    healed = scenario.reconcile(heal=True)
    assert mismatches(healed) == ["MISSING_AT_VENUE"]
    assert scenario.order(order).status is OrderStatus.NEW  # no fact was made up
    (finding,) = healed.findings
    accept(scenario, finding, reason="cancelled by the broker")
    again = scenario.reconcile()
    assert (again.opened, mismatches(again)) == (0, [])


def test_an_execution_that_the_venue_lacks_stays_a_finding_when_its_list_begins_later(monkeypatch):
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(101))
    pages = SimulatedVenue.executions

    def lacks(self, scope, since=None, cursor=None):
        return attrs.evolve(pages(self, scope, since, cursor), reports=[])

    monkeypatch.setattr(SimulatedVenue, "executions", lacks)
    set_capabilities(monkeypatch, scenario, finds_orders=False)
    first = scenario.reconcile()
    assert mismatches(first) == ["MISSING_AT_VENUE"]
    second = scenario.reconcile()
    assert (second.closed, [row.record_id for row in second.findings]) == (0, [row.record_id for row in first.findings])
    exec_id = first.findings[0].row.exec_id
    write_history(scenario.store, lambda h: h.void(order.order_id, exec_id=exec_id, reason="a test"))
    assert exec_id not in [row.row.exec_id for row in scenario.reconcile().findings]


def test_findings_about_an_order_that_turns_out_to_be_ours_are_closed(monkeypatch):
    scenario = TradingScenario()
    ours = scenario.send("C1", REQUEST_LOST, limit_price=D(90))
    named = {"account_id": ACCOUNT, "venue": VENUE, "symbol": SYMBOL, "side": "BUY", "venue_order_id": "V7"}
    write_history(scenario.store, lambda h: h.adopt(VenueReport(type="NEW", **named)))
    monkeypatch.setattr(SimulatedVenue, "find", lambda self, reference: FoundOrder(asked_at=scenario.clock.now()))
    assert sorted(mismatches(scenario.reconcile())) == ["IN_DOUBT", "MISSING_AT_VENUE"]
    status = VenueReport(type="ORDER_STATUS", client_order_id="C1", reported_status="NEW", **named)
    listed = OpenOrders(asked_at=scenario.clock.now(), reports=[status])
    monkeypatch.setattr(SimulatedVenue, "open_orders", lambda self, scope: listed)
    assert scenario.reconcile(heal=True).agrees
    (external,) = read_history(scenario.store, lambda h: [o for o in h.orders().items if o.request_id is None])
    assert external.state.attributed_to == ours.order_id
    assert [row.resolution.resolution for row in list_rows(scenario, is_open=False)] == [Resolution.HEALED] * 2


def test_a_waiting_report_is_a_finding_until_its_order_is_known():
    scenario = TradingScenario()
    report = VenueReport(account_id=ACCOUNT, type="NEW", venue=VENUE, venue_order_id="V7", symbol=SYMBOL)
    write_history(scenario.store, lambda h: h.record(report))
    assert mismatches(scenario.reconcile()) == ["UNKNOWN_ORDER"]
    write_history(scenario.store, lambda h: h.adopt(report))
    order = read_history(scenario.store, lambda h: h.find_order(ACCOUNT, venue=VENUE, venue_order_id="V7"))
    result = scenario.reconcile()
    assert mismatches(result) == ["MISSING_AT_VENUE"]
    assert result.findings[0].row.order_id == order.order_id
    assert result.closed == 1
