"""What a reconciliation asks of the venue: answers that are invalid, incomplete or late, and pages that move."""

from datetime import datetime, timedelta
from decimal import Decimal as D

import attrs
import pytest

from sot import InvalidInput, OrderStatus
from sot.adapters.venues.simulated import Behaviour, SimulatedVenue
from sot.ports.venue import ExecutionsPage, FoundOrder, HeldPosition, HeldPositions, OpenOrders, Replacement
from sot.testing.contract.samples import SYMBOL, new_order_request
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.fakes import ManualClock
from tests.support.capabilities import set_capabilities
from tests.support.trading_scenario import ANSWER_LOST, MINUTE, REQUEST_LOST, TradingScenario

NOW = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


def kinds(result):
    return sorted(str(found.row.mismatch) for found in result.findings)


@pytest.mark.parametrize("answer", [None, {}, "text", object()])
@pytest.mark.parametrize("question", ["open_orders", "executions", "positions", "find"])
def test_an_answer_that_is_none_is_a_failure(monkeypatch, question, answer):
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(101))
    scenario.send("C2", limit_price=D(90))
    scenario.venue._books.entries.pop("C2")
    monkeypatch.setattr(SimulatedVenue, question, lambda self, *args, **how: answer)
    result = scenario.reconcile(heal=True)
    assert len(result.failures) == 1
    assert "MISSING_EXECUTION" not in kinds(result)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("positions", lambda: HeldPositions(asked_at=NOW, positions=[HeldPosition(symbol=SYMBOL, quantity=1.5)])),
        ("positions", lambda: HeldPositions(asked_at=NOW, positions=[object()])),
        ("positions", lambda: HeldPositions(asked_at=NOW, positions=None)),
        ("open_orders", lambda: OpenOrders(asked_at=NOW, reports=[object()])),
        ("open_orders", lambda: OpenOrders(asked_at=NOW, reports=None)),
        ("open_orders", lambda: OpenOrders(asked_at=NOW, symbols=[SYMBOL])),
        ("open_orders", lambda: OpenOrders(asked_at=NOW, symbols=SYMBOL)),
        ("executions", lambda: ExecutionsPage(asked_at=NOW, reports=[{"type": "TRADE"}])),
        ("executions", lambda: ExecutionsPage(asked_at=NOW, cursor=7)),
        ("executions", lambda: ExecutionsPage(asked_at=NOW, cursor="x" * 5_000)),
        ("executions", lambda: ExecutionsPage(asked_at=NOW, since=NOW.replace(tzinfo=None))),
        ("find", lambda: FoundOrder(asked_at=NOW.replace(tzinfo=None))),
        ("find", lambda: FoundOrder(asked_at=NOW, reports=["nothing"])),
        ("find", lambda: FoundOrder(asked_at=None)),
    ],
)
def test_an_answer_that_cannot_be_read_is_a_failure(monkeypatch, question, answer):
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(101))
    scenario.send("C2", limit_price=D(90))
    scenario.venue._books.entries.pop("C2")
    monkeypatch.setattr(SimulatedVenue, question, lambda self, *args, **how: answer())
    result = scenario.reconcile(heal=True)
    assert all(question.partition("_")[0] in failure or "order" in failure for failure in result.failures)
    scenario.recover()


def test_a_venue_whose_clock_is_ahead_lists_what_happened_before_the_last_page(monkeypatch):
    scenario = TradingScenario()
    scenario.venue._books._clock = ahead = ManualClock()
    ahead.time = scenario.clock.time + 5 * MINUTE
    scenario.send("C1", limit_price=D(101))
    for minutes in (1, 10, 1):
        ahead.move(minutes * MINUTE)
        assert scenario.reconcile(after=minutes * MINUTE).agrees


def test_what_is_on_the_pages_before_the_place_is_not_missed():
    """The first page agrees, the second does not: the next run begins with the second."""
    scenario = TradingScenario(page_size=1)
    scenario.send("C1", limit_price=D(101))
    scenario.send("C2", Behaviour(answered=1), limit_price=D(101))
    first = scenario.reconcile()
    again = scenario.reconcile()
    assert "MISSING_AT_VENUE" not in kinds(again)
    assert (again.opened, kinds(again)) == (0, kinds(first))
    assert scenario.reconcile(heal=True).agrees


def test_an_execution_that_was_corrected_and_is_listed_under_its_first_id_closes_its_finding(monkeypatch):
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(101))
    was = scenario.venue._books.executions.pop()
    correction = attrs.evolve(
        was, type="TRADE_CORRECT", exec_id="E-corrected", exec_ref_id=was.exec_id, last_price=D(99), fees=()
    )
    write_history(scenario.store, lambda h: h.record(correction))
    assert kinds(scenario.reconcile()) == ["MISSING_AT_VENUE", "POSITION_DIFFERS"]
    scenario.venue._books.executions.append(attrs.evolve(was, last_price=D(99)))
    monkeypatch.setattr(
        scenario.venue, "executions", lambda *args, **how: ExecutionsPage(asked_at=scenario.clock.now())
    )
    assert scenario.reconcile().agrees
    assert scenario.order(order).cum_quantity == 10


def test_a_cursor_that_is_refused_in_the_midst_of_a_list_is_a_failure(monkeypatch):
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(101))
    asked = []

    def executions(self, scope, since=None, cursor=None):
        asked.append(cursor)
        if cursor is not None:
            raise InvalidInput("cursor", cursor, "a cursor of this venue")
        return ExecutionsPage(asked_at=scenario.clock.now(), cursor="1", more=True)

    monkeypatch.setattr(SimulatedVenue, "executions", executions)
    result = scenario.reconcile()
    assert (asked, len(result.failures), kinds(result)) == ([None, "1"], 1, [])


def test_a_cursor_that_the_venue_no_longer_takes_is_given_up(monkeypatch):
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(101))
    assert scenario.reconcile().agrees
    scenario.venue._page_size = 1
    pages = SimulatedVenue.executions

    def executions(self, scope, since=None, cursor=None):
        if cursor is not None and not cursor.startswith("v2:"):
            raise InvalidInput("cursor", cursor, "a cursor of version 2")
        page = pages(self, scope, since, None if cursor is None else cursor[3:])
        return attrs.evolve(page, cursor=f"v2:{page.cursor}")

    monkeypatch.setattr(SimulatedVenue, "executions", executions)
    scenario.send("C2", Behaviour(answered=1), limit_price=D(101))
    results = [scenario.reconcile(heal=True) for _ in range(2)]
    assert results[-1].agrees
    assert [order.cum_quantity for order in read_history(scenario.store, lambda h: h.orders()).items] == [10, 10]


def nameless(report, **changes):
    return attrs.evolve(report, exec_id=None, **changes)


def test_an_execution_without_an_id_is_counted_once_however_it_is_reported():
    """The list leaves out what the stream reported: the total of the order, its status."""
    scenario = TradingScenario(parts=2)
    order = scenario.send("C1", Behaviour(answered=1), limit_price=D(101))
    streamed = scenario.venue.deliver()[0]
    write_history(scenario.store, lambda h: h.record(nameless(streamed)))
    brief = nameless(streamed, cum_quantity=None, leaves_quantity=None, reported_status=None, text="a list")
    scenario.venue._books.executions[:] = [brief]
    entry = scenario.venue._books.entries["C1"]
    entry.reports[:] = [brief]
    entry.status, entry.cum = OrderStatus.CANCELED, D(5)
    assert scenario.reconcile(heal=True).agrees
    assert (scenario.order(order).cum_quantity, scenario.order(order).status) == (5, OrderStatus.CANCELED)


def test_two_executions_without_ids_that_say_the_same_are_two(monkeypatch):
    scenario = TradingScenario(parts=2)
    order = scenario.send("C1", Behaviour(answered=1), limit_price=D(101))
    first, second = (nameless(one, cum_quantity=None) for one in scenario.venue.deliver())
    second = attrs.evolve(second, occurred_at=second.occurred_at + timedelta(seconds=1))
    write_history(scenario.store, lambda h: h.record(first))
    scenario.venue._books.executions[:] = [first, second]
    entry = scenario.venue._books.entries["C1"]
    entry.reports[:] = [first, second]
    result = scenario.reconcile()
    assert "MISSING_EXECUTION" in kinds(result)
    assert scenario.order(order).cum_quantity == 5
    scenario.reconcile(heal=True)
    assert scenario.order(order).cum_quantity == 10


def test_names_that_repeat_from_day_to_day_are_told_apart():
    scenario = TradingScenario()
    books, kept = scenario.venue._books, {}
    for day in ("2026-01-01", "2026-01-02"):
        books.entries.clear()
        asked = new_order_request("C1", limit_price=D(90), idempotency_key=day, id_scope=day)
        request = write_history(scenario.store, lambda h, asked=asked: h.submit(asked))
        scenario.executor.execute(request.request_id)
        kept[day] = books.entries["C1"]
    books.entries.update(kept)
    assert kinds(scenario.reconcile(heal=True)) == []
    for entry in kept.values():
        books._execute(entry, D(10), D(90), "TAKER")
    assert kinds(scenario.reconcile(heal=True)) == []


def test_a_void_execution_of_an_external_order_stays_void_when_it_is_attributed():
    scenario = TradingScenario(parts=2)
    ours = scenario.send("C1", REQUEST_LOST, limit_price=D(90))
    scenario.venue.submit(new_order_request("H1", limit_price=D(101)))
    scenario.reconcile(heal=True)
    (external,) = [one for one in read_history(scenario.store, lambda h: h.orders()).items if one.request_id is None]
    fill, _ = read_history(scenario.store, lambda h: list(h.fills(external.order_id)))
    write_history(scenario.store, lambda h: h.void(external.order_id, exec_id=fill.exec_id, reason="a test of theirs"))
    assert scenario.order(external).cum_quantity == 5
    write_history(scenario.store, lambda h: h.attribute(external.order_id, ours.order_id, reason="it is ours"))
    assert scenario.order(ours).cum_quantity == 5


def test_what_was_compared_fits_into_rows_however_long_its_names_are(monkeypatch):
    scenario = TradingScenario()
    scenario.send("C1", limit_price=D(90), quantity=D(10_000))
    entry = scenario.venue._books.entries["C1"]
    for number in range(2_500):
        report = attrs.evolve(
            scenario.venue._books._execute(entry, D(1), D(90), "MAKER"), exec_id="\U0001f600" * 250 + f"{number:05}"
        )
        scenario.venue._books.executions[-1] = report
        write_history(scenario.store, lambda h, report=report: h.record(report))
    result = scenario.reconcile()
    assert "MISSING_EXECUTION" not in kinds(result)


def test_healing_does_not_deny_a_cancel_that_may_still_arrive(monkeypatch):
    scenario = TradingScenario()
    set_capabilities(monkeypatch, scenario, settled_after=10 * MINUTE)
    order = scenario.send("C1", limit_price=D(90))
    scenario.amend("X1", order, REQUEST_LOST, action="CANCEL")
    scenario.reconcile(heal=True)
    assert scenario.order(order).in_doubt


def test_an_order_that_goes_by_the_name_of_a_replacement_was_replaced_whatever_its_terms_are_by_now():
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    scenario.amend("R1", order, ANSWER_LOST, action="REPLACE", limit_price=D(91))
    entry = scenario.venue._books.entries["R1"]
    entry.request, entry.leaves = attrs.evolve(entry.request, quantity=D(7), limit_price=D(89)), D(7)
    scenario.recover()
    found = scenario.order(order)
    assert scenario.types(order)[-1] == "REPLACED"
    assert (found.client_order_id, found.order_quantity, found.state.limit_price) == ("R1", 7, 89)


def test_where_a_replacement_is_a_new_order_its_target_does_not_take_its_terms():
    scenario = TradingScenario(replaces=Replacement.NEW_ORDER)
    order = scenario.send("C1", limit_price=D(90))
    new = scenario.amend("R1", order, REQUEST_LOST, action="REPLACE", quantity=D(5))
    entry = scenario.venue._books.entries["C1"]
    entry.request, entry.leaves = attrs.evolve(entry.request, quantity=D(5)), D(5)  # by the venue itself
    scenario.recover()
    assert "REPLACED" not in scenario.types(order)
    assert (scenario.order(order).client_order_id, scenario.order(order).status) == ("C1", OrderStatus.NEW)
    assert scenario.order(new).status is OrderStatus.FAILED
