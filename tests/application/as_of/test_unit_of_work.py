"""Every query, as of past moments, gives what was read then."""

from decimal import Decimal as D

import attrs
import pytest

from sot import EventType, Fee, OrderHistory, Side, VenueReport
from sot.accounting import GroupBy, Method
from sot.application.support import paging
from sot.ports.accounting import AccountEventFilter
from sot.queries import OrderFilter
from sot.testing.contract.samples import (
    ACCOUNT,
    SYMBOL,
    VENUE,
    new_order_request,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import read_history, submit_and_send, write_history
from sot.testing.lockstep.comparison import first_difference
from sot.testing.lockstep.observations import observe_history, observe_identifiers
from tests.support.recorded_steps import MINUTE, T0, StepRecorder, buy_report, funding_event, sell_report

pytestmark = pytest.mark.usefixtures("frequent_snapshots")


@pytest.fixture
def story(store):
    """A round trip whose reports came late and were corrected, step by step."""
    recorder = StepRecorder(store)
    recorder.record(lambda h: h.register(spot_instrument()))
    requests = {
        name: recorder.record(
            lambda h, name=name, side=side: h.submit(new_order_request(name, side=side, strategy_code="carry"))
        )
        for name, side in (("C1", Side.BUY), ("C2", Side.SELL))
    }
    orders = {name: recorder.record(lambda h, r=r: h.mark_sent(r.request_id)).order_id for name, r in requests.items()}
    fee = [Fee(D("0.5"), "TOKEN")]
    recorder.record(lambda h: h.record(buy_report("C1", "E1", 1, fees=fee)))
    early = recorder.record(lambda h: h.record_account_event(funding_event("-1", 2)))
    recorder.record(lambda h: h.record(sell_report("C2", "E2", "110", 3)))
    correct = VenueReport(
        account_id=ACCOUNT,
        type=EventType.TRADE_CORRECT,
        venue=VENUE,
        client_order_id="C2",
        exec_id="E3",
        exec_ref_id="E2",
        last_quantity=D(2),
        last_price=D(120),
    )
    recorder.record(lambda h: h.record(correct))
    recorder.record(lambda h: h.record_account_event(funding_event("-3", 2, replaces=early.event_id)))
    recorder.record(lambda h: h.record(buy_report("X", "E4", 4, venue_order_id="V9").changed(client_order_id=None)))
    recorder.record(lambda h: h.mark(orders["C2"], D(90)))
    recorder.record(lambda h: h.adopt(buy_report("C9", "E9", 5, symbol=SYMBOL, side=Side.BUY, venue_order_id="V9")))
    recorder.record(lambda h: h.attribute(h.find_order(ACCOUNT, "C9").order_id, orders["C1"], reason="the same"))
    recorder.record(lambda h: h.register(attrs.evolve(spot_instrument(), multiplier=D(10), valid_from=T0 - MINUTE)))
    return recorder


def test_every_query_at_every_cursor_is_what_was_read_then(story):
    """By cursor, and by time where nobody else writes."""
    with story.store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        for number, (cursor, time, (expected, identifiers)) in enumerate(story.steps):
            for past in (history.as_of(known_at=cursor), history.as_of(known_at=time)):
                actual = observe_history(past)
                assert actual == expected, f"step {number}, {past.words}: {first_difference(actual, expected)}"
                assert observe_identifiers(past) == identifiers, f"step {number}, {past.words}"


def test_now_is_the_last_past_moment(story):
    with story.store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        for past in (history.as_of(), history.as_of(known_at=story.cursor), history.as_of(happened_by=uow.clock.now())):
            assert (observe_history(past), observe_identifiers(past)) == (
                observe_history(history),
                observe_identifiers(history),
            )


def test_results_follow_what_was_known_and_what_had_happened(store):
    recorder = StepRecorder(store)
    for name, side in (("C1", Side.BUY), ("C2", Side.SELL)):
        submit_and_send(store, name, side=side, strategy_code="carry")
    recorder.record(lambda h: h.record(buy_report("C1", "E1", 1)))
    recorder.record(lambda h: h.record(sell_report("C2", "E2", "110", 3)))
    before_correction = recorder.cursor
    event = recorder.record(lambda h: h.record_account_event(funding_event("-1", 2)))
    correct = sell_report("C2", "E3", "120", 3, exec_ref_id="E2").changed(type=EventType.TRADE_CORRECT)
    recorder.record(lambda h: h.record(correct))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)

        def net(by=GroupBy.STRATEGY, **moment):
            rows = history.as_of(**moment).realized(ACCOUNT, by=by)
            return [(row.strategy_code, row.realized_net) for row in rows]

        assert net() == [("", D(-1)), ("carry", D(40))]
        assert net(known_at=before_correction) == [("carry", D(20))]
        assert net(happened_by=T0 + 2 * MINUTE) == [("", D(-1)), ("carry", D(0))]
        assert net(known_at=before_correction, happened_by=T0 + 2 * MINUTE) == [("carry", D(0))]
        assert net(happened_by=T0) == []

        def parts(**moment):
            return [part.entry.happened_at for part in history.as_of(**moment).contributions(ACCOUNT)]

        assert parts() == [T0 + MINUTE, T0 + 2 * MINUTE, T0 + 3 * MINUTE]
        assert parts(known_at=before_correction) == [T0 + MINUTE, T0 + 3 * MINUTE]
        assert parts(happened_by=T0 + 2 * MINUTE) == [T0 + MINUTE, T0 + 2 * MINUTE]

        def trips(**moment):
            return [(trip.closed_at, trip.net) for trip in history.as_of(**moment).round_trips(ACCOUNT)]

        assert trips() == [(T0 + 3 * MINUTE, D(39))]
        assert trips(known_at=before_correction) == [(T0 + 3 * MINUTE, D(20))]
        assert trips(happened_by=T0 + 2 * MINUTE) == [(None, D(-1))]

        def notional(**moment):
            return {row.order_id: row.notional for row in history.as_of(**moment).cost_analysis(ACCOUNT, by="ORDER")}

        orders = [order.order_id for order in history.orders().items]
        assert notional() == dict(zip(orders, (D(200), D(240)), strict=True))
        assert notional(known_at=before_correction) == dict(zip(orders, (D(200), D(220)), strict=True))
        assert notional(happened_by=T0 + 2 * MINUTE) == dict(zip(orders, (D(200), D(0)), strict=True))

        def event_ids(**moment):
            filter = AccountEventFilter(account_id=ACCOUNT)
            return [event.event_id for event in history.as_of(**moment).account_events(filter).items]

        assert event_ids(known_at=before_correction) == []
        assert event_ids(happened_by=T0 + MINUTE) == []
        assert event_ids(happened_by=T0 + 2 * MINUTE) == [event.event_id]


def test_rates_value_the_fees_of_a_past_moment(story):
    """A fee in a third currency is valued by every method, in results and in costs."""
    rates = {("TOKEN", "QUOTE"): D(2)}
    with story.store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        before = history.as_of(known_at=story.steps[7][0])  # the round trip, before it was corrected
        for method in Method:
            (position,) = list(before.positions(ACCOUNT, method=method, rates=rates, include_flat=True))
            assert (position.realized_net, position.complete) == (D(18), True), method
            assert before.position(ACCOUNT, VENUE, SYMBOL, method=method, rates=rates) == position
            assert not before.position(ACCOUNT, VENUE, SYMBOL, method=method).complete
        assert [row.realized_net for row in before.realized(ACCOUNT, rates=rates)] == [D(18)]
        assert [trip.net for trip in before.round_trips(ACCOUNT, rates=rates)] == [D(18)]
        assert [row.fee_total for row in before.cost_analysis(ACCOUNT, rates=rates)] == [D(1)]


def test_a_page_of_the_past_looks_at_a_limited_number_of_rows(store, monkeypatch):
    """A page ends after so many rows, even if none of them matched."""
    monkeypatch.setattr(paging, "PRESENT_ITEMS_PER_PAST_PAGE", 2)
    ids = [submit_and_send(store, f"C{number}") for number in range(5)]
    write_history(store, lambda h: h.record(trade_report("C4", "e1")))

    def pages(filter, limit):
        listed, after = [], None
        while True:
            page = read_history(store, lambda h, a=after: h.as_of(known_at=store.horizon()).orders(filter, a, limit))
            listed.append([order.order_id for order in page.items])
            after = page.next
            if after is None:
                return listed

    assert pages(OrderFilter(account_id=ACCOUNT), 500) == [ids[:2], ids[2:4], ids[4:]]
    assert [order_id for page in pages(OrderFilter(account_id=ACCOUNT), 1) for order_id in page] == ids
    traded = pages(OrderFilter(account_id=ACCOUNT, statuses=("PARTIALLY_FILLED", "FILLED")), 500)
    assert traded == [[], [], [ids[4]]]
