"""Venues that lie, answer nonsense or in pieces, or whose clocks are wrong; requests that cross each other."""

from datetime import datetime, timedelta
from decimal import Decimal as D

import attrs
import pytest

from sot import InvalidInput, OrderRequest, OrderStatus, VenueRefused
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import Answer, Behaviour, SimulatedVenue
from sot.ports.venue import ExecutionsPage, FoundOrder, HeldPosition, HeldPositions, OpenOrders, Replacement
from sot.testing.contract.samples import ACCOUNT, SYMBOL, new_order_request
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.fakes import CountedIds, ManualClock
from tests.support.trading_scenario import ANSWER_LOST, MINUTE, REQUEST_LOST, TradingScenario

DAY = timedelta(days=1)
NOW = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


def able(monkeypatch, scenario, **changes):
    monkeypatch.setattr(SimulatedVenue, "capabilities", attrs.evolve(scenario.venue.capabilities, **changes))


# ------------------------------------------------------------------------------------------------------ executing


class Rivals(MemoryStore):
    """Another process does the same at the same moment, and commits first."""

    rival = None

    def run(self, use_case, read_only=False):
        def overtaken(uow):
            result = use_case(uow)
            rival, self.rival = self.rival, None
            if rival is not None:
                rival()
            return result

        return super().run(overtaken, read_only)


def test_two_who_execute_one_cancel_in_the_same_microsecond_send_it_once():
    scenario = TradingScenario(Rivals(clock=ManualClock(), ids=CountedIds()))
    order = scenario.send("C1", limit_price=D(90))
    said = {"account_id": ACCOUNT, "action": "CANCEL", "target_order_id": order.order_id, "idempotency_key": "K1"}
    cancel = write_history(scenario.store, lambda h: h.submit(OrderRequest(**said)))
    told = []
    scenario.store.rival = lambda: told.append(scenario.executor.prepare(cancel.request_id).send)
    told.append(scenario.executor.prepare(cancel.request_id).send)
    assert told == [True, False]


@pytest.mark.parametrize("replaces", list(Replacement))
@pytest.mark.parametrize("action", ["CANCEL", "REPLACE"])
def test_two_requests_refused_with_the_same_words_are_both_refused(action, replaces):
    scenario = TradingScenario(replaces=replaces)
    order = scenario.send("C1", limit_price=D(90))
    for number in (1, 2):
        names = {"idempotency_key": f"K{number}", "client_order_id": f"X{number}"}
        if not (action == "REPLACE" and replaces is Replacement.NEW_ORDER):
            names["client_order_id"] = None
        terms = {"limit_price": D(91)} if action == "REPLACE" else {}
        said = {"account_id": ACCOUNT, "action": action, "target_order_id": order.order_id, **names, **terms}
        request = write_history(scenario.store, lambda h, said=said: h.submit(OrderRequest(**said)))
        for name in (f"X{number}", f"K{number}"):
            scenario.venue.behave(name, Behaviour(answer=Answer.REFUSED, reason="TOO_MANY_REQUESTS"))
        scenario.executor.execute(request.request_id)
        assert scenario.order(order).status is OrderStatus.NEW, number


def test_a_refusal_refuses_the_request_that_it_was_the_answer_to():
    """Neither cancel has a client order id, by which a venue could tell them apart."""
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    scenario.venue.behave("K1", REQUEST_LOST)
    scenario.venue.behave("K2", Behaviour(answer=Answer.REFUSED))
    for key in ("K1", "K2"):
        said = {"account_id": ACCOUNT, "action": "CANCEL", "target_order_id": order.order_id, "idempotency_key": key}
        request = write_history(scenario.store, lambda h, said=said: h.submit(OrderRequest(**said)))
        scenario.executor.execute(request.request_id)
    assert scenario.order(order).in_doubt


@pytest.mark.parametrize("reason", [429, "a\x00b", "\ud800", "x" * 9_000, None, ""])
def test_a_refusal_is_kept_whatever_its_words_are(monkeypatch, reason):
    scenario = TradingScenario()

    def submit(self, request):
        raise VenueRefused(reason, reason)

    monkeypatch.setattr(SimulatedVenue, "submit", submit)
    assert scenario.send("C1").status is OrderStatus.REJECTED


def test_an_answer_of_something_that_is_only_called_a_report_leaves_the_outcome_unknown(monkeypatch):
    scenario = TradingScenario()
    impostor = type("VenueReport", (), {})()
    monkeypatch.setattr(SimulatedVenue, "submit", lambda self, request: [impostor])
    assert scenario.send("C1").in_doubt


def test_an_exception_that_cannot_be_told_leaves_the_outcome_unknown(monkeypatch):
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("no words")

    scenario = TradingScenario()

    def submit(self, request):
        raise Mute

    monkeypatch.setattr(SimulatedVenue, "submit", submit)
    assert scenario.send("C1").in_doubt


# ------------------------------------------------------------------------------------------------------ recovering


def test_a_cancel_does_not_make_an_order_younger_than_the_venue_remembers(monkeypatch):
    """The order was filled and forgotten; the venue knows it no more, which does not mean that it never arrived."""
    scenario = TradingScenario()
    able(monkeypatch, scenario, history=DAY)
    order = scenario.send("C1", ANSWER_LOST, limit_price=D(101))
    scenario.clock.move(2 * DAY)
    scenario.amend("X1", order, REQUEST_LOST, action="CANCEL")
    scenario.venue._books.entries.clear()
    result = scenario.recover()
    assert scenario.order(order).status is not OrderStatus.FAILED
    assert "forgotten" in result.in_doubt[0].reason


def test_a_venue_whose_clock_is_ahead_settles_nothing_early(monkeypatch):
    scenario = TradingScenario()
    able(monkeypatch, scenario, settled_after=5 * MINUTE)
    order = scenario.send("C1", REQUEST_LOST, limit_price=D(90))
    monkeypatch.setattr(
        SimulatedVenue,
        "find",
        lambda self, order: FoundOrder(asked_at=scenario.clock.now() + 10 * MINUTE, complete=True),
    )
    result = scenario.recover()
    assert scenario.order(order).in_doubt
    assert "may still arrive" in result.in_doubt[0].reason


def test_a_replacement_that_is_a_new_order_is_asked_for_itself(monkeypatch):
    """That its target never arrived says nothing about it: the venue may have taken it alone."""
    scenario = TradingScenario(replaces=Replacement.NEW_ORDER)
    order = scenario.send("C1", REQUEST_LOST, limit_price=D(90))
    new = scenario.amend("R1", order, REQUEST_LOST, action="REPLACE", limit_price=D(91))
    scenario.venue.behave("R1", Behaviour())
    scenario.venue._books.take(new_order_request("R1", limit_price=D(91)), "R1", Behaviour())
    scenario.recover()
    assert scenario.order(order).status is OrderStatus.FAILED
    assert scenario.order(new).status is OrderStatus.NEW


@pytest.mark.parametrize("answer", [None, {}, [], object(), "text"])
def test_an_answer_that_is_none_keeps_nothing_else_from_being_recovered(monkeypatch, answer):
    scenario = TradingScenario()
    first, second = (scenario.send(name, ANSWER_LOST, limit_price=D(90)) for name in ("C1", "C2"))
    find = SimulatedVenue.find
    monkeypatch.setattr(
        SimulatedVenue, "find", lambda self, ref: answer if ref.client_order_id == "C1" else find(self, ref)
    )
    result = scenario.recover()
    assert [left.order_id for left in result.in_doubt] == [first.order_id]
    assert scenario.order(second).status is OrderStatus.NEW


def test_the_answer_about_one_order_may_speak_of_another():
    scenario = TradingScenario()
    first = scenario.send("C1", limit_price=D(101))
    second = scenario.send("C2", ANSWER_LOST, limit_price=D(90))
    strange = attrs.evolve(scenario.venue.reports("C1")[-1], client_order_id=None)
    found = scenario.venue.find

    def find(reference):
        answer = found(reference)
        return attrs.evolve(answer, reports=[strange, *answer.reports])

    scenario.venue.find = find
    scenario.recover()
    assert (scenario.order(first).cum_quantity, scenario.order(second).cum_quantity) == (10, 0)


@pytest.mark.parametrize(
    "terms",
    [{"limit_price": D(90)}, {"quantity": D(10)}, {"expire_at": NOW.replace(year=2030)}],
)
def test_a_status_is_no_answer_to_a_replacement_that_it_does_not_tell_of(terms):
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    scenario.amend("R1", order, REQUEST_LOST, action="REPLACE", **terms)
    scenario.recover()
    assert "REPLACED" not in scenario.types(order)
    assert scenario.order(order).client_order_id == "C1"
    assert scenario.order(order).status is OrderStatus.NEW


def test_a_second_doubt_is_closed_with_the_words_that_closed_the_first(monkeypatch):
    scenario = TradingScenario()
    order = scenario.send("C1", limit_price=D(90))
    for name in ("X1", "X2"):
        scenario.amend(name, order, REQUEST_LOST, action="CANCEL")
        assert scenario.order(order).in_doubt
        write_history(
            scenario.store, lambda h: h.resolve(order.order_id, status="NEW", reason="the broker says so", actor="me")
        )
        assert not scenario.order(order).in_doubt, name


# ------------------------------------------------------------------------------------------------------ reconciling


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


def test_an_execution_without_an_id_is_counted_once_however_it_is_told():
    """The list leaves out what the stream told: the total of the order, its status."""
    scenario = TradingScenario(parts=2)
    order = scenario.send("C1", Behaviour(answered=1), limit_price=D(101))
    told = scenario.venue.deliver()[0]
    write_history(scenario.store, lambda h: h.record(nameless(told)))
    brief = nameless(told, cum_quantity=None, leaves_quantity=None, reported_status=None, text="a list")
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
    told = scenario.reconcile()
    assert "MISSING_EXECUTION" in kinds(told)
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
    fill, _ = read_history(scenario.store, lambda h: h.fills(external.order_id))
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
    able(monkeypatch, scenario, settled_after=10 * MINUTE)
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
