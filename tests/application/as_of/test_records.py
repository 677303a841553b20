"""Everything that can be read, as of past moments: as it was known, and as it had happened."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import attrs
import pytest

from sot import (
    AccountEvent,
    AccountEventType,
    EventType,
    Fee,
    GroupBy,
    Method,
    NotFound,
    OrderFilter,
    OrderHistory,
    OrderRequest,
    RequestStatus,
    Side,
    VenueReport,
)
from sot.adapters.memory import MemoryStore
from sot.application.accounting import positions
from sot.application.audit.archive import archive
from sot.application.audit.seal import seal
from sot.application.orders import state_snapshots
from sot.application.support import paging
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import Action, Mismatch, Resolution
from sot.ports.accounting import AccountEventFilter
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import (
    ACCOUNT,
    SYMBOL,
    VENUE,
    new_order_request,
    reconciliation_row,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import add_reconciliation, read_history, submit_and_send, write_history
from sot.testing.fakes import CountedIds, ManualClock
from sot.testing.lockstep.comparison import first_difference
from sot.testing.lockstep.observations import observe_history, observe_identifiers, restore_lines

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param, ManualClock(), CountedIds())


@pytest.fixture(autouse=True)
def _kept_often(monkeypatch):
    """States and checkpoints are kept so often that short stories go on from them."""
    monkeypatch.setattr(state_snapshots, "STATE_SNAPSHOT_INTERVAL", 2)
    for name in ("FLAT_SNAPSHOT_INTERVAL", "SNAPSHOT_INTERVAL", "FILLS_PER_BATCH"):
        monkeypatch.setattr(positions, name, 1)


class Told:
    """Tells a store one thing after another, a minute apart; `at` gives what was told at each step, and its moments."""

    def __init__(self, store):
        self.store = store
        self.steps = []

    def tell(self, use_case):
        with self.store.begin() as uow:
            found = use_case(uow)
            uow.commit()
        answers = read_history(self.store, lambda h: (observe_history(h), observe_identifiers(h)))
        self.steps.append((self.store.horizon(), self.store.clock.now(), answers))
        self.store.clock.move(MINUTE)
        return found

    def say(self, use_case):
        return self.tell(lambda uow: use_case(OrderHistory(uow)))

    @property
    def cursor(self):
        return self.steps[-1][0]


def bought(name, exec_id, minute, **said):
    return trade_report(name, exec_id, "2", "100", occurred_at=T0 + minute * MINUTE, **said)


def sold(name, exec_id, price, minute, **said):
    return trade_report(name, exec_id, "2", price, side=Side.SELL, occurred_at=T0 + minute * MINUTE, **said)


def funding(amount, minute, **said):
    return AccountEvent(
        account_id=ACCOUNT,
        type=AccountEventType.FUNDING,
        venue=VENUE,
        symbol=SYMBOL,
        amount=D(amount),
        currency="QUOTE",
        occurred_at=T0 + minute * MINUTE,
        **said,
    )


@pytest.fixture
def story(store):
    """A round trip of which everything but the entry was heard of late, and corrected; what it left behind."""
    told = Told(store)
    told.say(lambda h: h.register(spot_instrument()))
    requests = {
        name: told.say(
            lambda h, name=name, side=side: h.submit(new_order_request(name, side=side, strategy_code="carry"))
        )
        for name, side in (("C1", Side.BUY), ("C2", Side.SELL))
    }
    orders = {name: told.say(lambda h, r=r: h.mark_sent(r.request_id)).order_id for name, r in requests.items()}
    fee = [Fee(D("0.5"), "TOKEN")]
    told.say(lambda h: h.record(bought("C1", "E1", 1, fees=fee)))
    early = told.say(lambda h: h.record_account_event(funding("-1", 2)))
    told.say(lambda h: h.record(sold("C2", "E2", "110", 3)))
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
    told.say(lambda h: h.record(correct))
    told.say(lambda h: h.record_account_event(funding("-3", 2, replaces=early.event_id)))
    told.say(lambda h: h.record(bought("X", "E4", 4, venue_order_id="V9").changed(client_order_id=None)))
    told.say(lambda h: h.mark(orders["C2"], D(90)))
    told.say(lambda h: h.adopt(bought("C9", "E9", 5, symbol=SYMBOL, side=Side.BUY, venue_order_id="V9")))
    told.say(lambda h: h.attribute(h.find_order(ACCOUNT, "C9").order_id, orders["C1"], reason="the same"))
    told.say(lambda h: h.register(attrs.evolve(spot_instrument(), multiplier=D(10), valid_from=T0 - MINUTE)))
    return told


def test_every_read_at_every_moment_is_what_was_told_then(story):
    """By a cursor exactly; by a time, too, where nobody else writes."""
    with story.store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        for number, (cursor, moment, (told, named)) in enumerate(story.steps):
            for past in (history.as_of(known_at=cursor), history.as_of(known_at=moment)):
                found = observe_history(past)
                assert found == told, f"step {number}, {past.words}: {first_difference(found, told)}"
                assert observe_identifiers(past) == named, f"step {number}, {past.words}"


def test_now_is_a_moment_like_any_other(story):
    with story.store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        for past in (history.as_of(), history.as_of(known_at=story.cursor), history.as_of(happened_by=uow.clock.now())):
            assert (observe_history(past), observe_identifiers(past)) == (
                observe_history(history),
                observe_identifiers(history),
            )


def test_results_of_a_moment_are_those_of_what_was_known_of_what_had_happened(store):
    told = Told(store)
    for name, side in (("C1", Side.BUY), ("C2", Side.SELL)):
        submit_and_send(store, name, side=side, strategy_code="carry")
    told.say(lambda h: h.record(bought("C1", "E1", 1)))
    told.say(lambda h: h.record(sold("C2", "E2", "110", 3)))
    seen = told.cursor
    event = told.say(lambda h: h.record_account_event(funding("-1", 2)))
    correct = sold("C2", "E3", "120", 3, exec_ref_id="E2").changed(type=EventType.TRADE_CORRECT)
    told.say(lambda h: h.record(correct))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)

        def net(by=GroupBy.STRATEGY, **moment):
            rows = history.as_of(**moment).realized(ACCOUNT, by=by)
            return [(row.strategy_code, row.realized_net) for row in rows]

        assert net() == [("", D(-1)), ("carry", D(40))]
        assert net(known_at=seen) == [("carry", D(20))]
        assert net(happened_by=T0 + 2 * MINUTE) == [("", D(-1)), ("carry", D(0))]
        assert net(known_at=seen, happened_by=T0 + 2 * MINUTE) == [("carry", D(0))]
        assert net(happened_by=T0) == []

        def parts(**moment):
            return [part.entry.happened_at for part in history.as_of(**moment).contributions(ACCOUNT)]

        assert parts() == [T0 + MINUTE, T0 + 2 * MINUTE, T0 + 3 * MINUTE]
        assert parts(known_at=seen) == [T0 + MINUTE, T0 + 3 * MINUTE]
        assert parts(happened_by=T0 + 2 * MINUTE) == [T0 + MINUTE, T0 + 2 * MINUTE]

        def trips(**moment):
            return [(trip.closed_at, trip.net) for trip in history.as_of(**moment).round_trips(ACCOUNT)]

        assert trips() == [(T0 + 3 * MINUTE, D(39))]
        assert trips(known_at=seen) == [(T0 + 3 * MINUTE, D(20))]
        assert trips(happened_by=T0 + 2 * MINUTE) == [(None, D(-1))]

        def notional(**moment):
            return {row.order_id: row.notional for row in history.as_of(**moment).cost_analysis(ACCOUNT, by="ORDER")}

        orders = [order.order_id for order in history.orders().items]
        assert notional() == dict(zip(orders, (D(200), D(240)), strict=True))
        assert notional(known_at=seen) == dict(zip(orders, (D(200), D(220)), strict=True))
        assert notional(happened_by=T0 + 2 * MINUTE) == dict(zip(orders, (D(200), D(0)), strict=True))

        def told_events(**moment):
            wanted = AccountEventFilter(account_id=ACCOUNT)
            return [one.event_id for one in history.as_of(**moment).account_events(wanted).items]

        assert told_events(known_at=seen) == []
        assert told_events(happened_by=T0 + MINUTE) == []
        assert told_events(happened_by=T0 + 2 * MINUTE) == [event.event_id]


def test_a_rate_values_the_fees_of_a_moment(story):
    """A fee in a third currency, by every method, and of costs as of results."""
    rates = {("TOKEN", "QUOTE"): D(2)}
    with story.store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        before = history.as_of(known_at=story.steps[7][0])  # the round trip, before it was corrected
        for method in Method:
            (held,) = before.positions(ACCOUNT, method=method, rates=rates, include_flat=True)
            assert (held.realized_net, held.complete) == (D(18), True), method
            assert before.position(ACCOUNT, VENUE, SYMBOL, method=method, rates=rates) == held
            assert not before.position(ACCOUNT, VENUE, SYMBOL, method=method).complete
        assert [row.realized_net for row in before.realized(ACCOUNT, rates=rates)] == [D(18)]
        assert [trip.net for trip in before.round_trips(ACCOUNT, rates=rates)] == [D(18)]
        assert [row.fee_total for row in before.cost_analysis(ACCOUNT, rates=rates)] == [D(1)]


def test_findings_open_and_close_when_that_was_recorded_and_happen_when_it_was_checked(store):
    submit_and_send(store, "C1")
    told = Told(store)

    def compare(name, minute, *more):
        kept("RUN", record_id=name, checked_at=T0 + minute * MINUTE)
        return [kept(kind, run_id=name, **said) for kind, said in more]

    def kept(kind, **said):
        return told.tell(lambda uow: add_reconciliation(uow, reconciliation_row(kind, **said))).record_id

    first, later = (f"00000000-0000-7000-8000-00000000000{n}" for n in "12")
    store.clock.move(60 * MINUTE)
    before = told.tell(lambda uow: None), store.horizon()
    another = {"subject": "2" * 64, "mismatch": Mismatch.QUANTITY_DIFFERS}
    finding, other = compare(first, 10, ("FINDING", {}), ("FINDING", another))
    opened = told.cursor
    compare(later, 20, ("RESOLUTION", {"finding_id": finding}))
    closed = told.cursor
    at = store.clock.now()
    kept("RESOLUTION", finding_id=other, resolution=Resolution.ACCEPTED, reason="looked", actor="ada")
    everything = ReconciliationFilter(account_id=ACCOUNT)
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)

        def still_open(**moment):
            return sorted(one.record_id for one in history.as_of(**moment).findings().items)

        both = sorted((finding, other))
        assert still_open(known_at=before[1]) == []
        assert still_open(known_at=opened) == both
        assert still_open(known_at=closed) == [other]
        assert still_open() == still_open(known_at=store.horizon()) == []
        assert still_open(happened_by=T0 + 9 * MINUTE) == []
        assert still_open(happened_by=T0 + 10 * MINUTE) == both, "it was found, though it was recorded later"
        assert still_open(happened_by=T0 + 20 * MINUTE) == [other], "a person closed the other one later"
        assert still_open(happened_by=at) == []
        assert still_open(known_at=opened, happened_by=T0 + 20 * MINUTE) == both
        past = history.as_of(known_at=opened)
        assert past.finding(finding).resolution is None
        assert history.finding(finding).resolution is not None
        assert len(past.findings(everything).items) == 2
        page = past.findings(everything, limit=1)
        assert [one.record_id for one in (*page.items, *past.findings(everything, page.next).items)] == both
        with pytest.raises(NotFound, match="it came later, or never"):
            history.as_of(known_at=before[1]).finding(finding)
        with pytest.raises(NotFound):
            history.finding(first)
        with pytest.raises(InvalidInput):
            past.findings(limit=0)


def test_a_report_waited_until_its_order_was_known(store):
    told = Told(store)
    told.tell(lambda uow: None)
    nobody = told.cursor
    told.say(lambda h: h.record(bought("C1", "E1", -5)))
    heard = told.cursor
    submit_and_send(store, "C1")
    joined = store.horizon()
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)

        def waiting(**moment):
            return [one.report.exec_id for one in history.as_of(**moment).waiting(ACCOUNT)]

        assert waiting(known_at=nobody) == []
        assert waiting(known_at=heard) == ["E1"]
        assert waiting(known_at=joined) == waiting() == []
        assert waiting(happened_by=T0 - 6 * MINUTE) == []
        assert waiting(happened_by=T0 - 5 * MINUTE) == [], "as is known today it was of this order"
        assert waiting(known_at=heard, happened_by=T0 - 5 * MINUTE) == ["E1"]
        assert waiting(known_at=heard, happened_by=T0 - 6 * MINUTE) == []


def test_a_report_that_repeats_waited_until_its_order_had_the_name(store):
    """It left no event of its own: what it says came to the order at once with the name. An archive tells the same."""
    told = Told(store)
    order_id = submit_and_send(store, "C1")
    both = trade_report("C1", "E1", "2", "100", venue_order_id="V1")
    by_venue = attrs.evolve(both, client_order_id=None)
    told.say(lambda h: h.record(by_venue))
    heard = told.cursor
    told.say(lambda h: h.record(both))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        assert len(history.events(order_id)) == 3, "the report that waited added nothing"
        assert history.waiting(ACCOUNT) == history.as_of(known_at=told.cursor).waiting(ACCOUNT) == []
        assert [one.report for one in history.as_of(known_at=heard).waiting(ACCOUNT)] == [by_venue]
        lines = list(archive(uow))
    again = MemoryStore(ManualClock(), CountedIds())
    again.run(lambda uow: restore_lines(uow, lines))
    assert read_history(again, lambda h: h.waiting(ACCOUNT)) == []


def test_a_request_to_change_an_order_was_pending_until_it_was_sent(store):
    """The order that it is about was there long before."""
    told = Told(store)
    order_id = submit_and_send(store, "C1")
    cancel = OrderRequest(account_id=ACCOUNT, action=Action.CANCEL, client_order_id="D1", target_order_id=order_id)
    request_id = told.say(lambda h: h.submit(cancel)).request_id
    submitted = told.cursor
    told.say(lambda h: h.mark_sent(request_id))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        then = history.as_of(known_at=submitted)
        assert then.request(request_id).status is RequestStatus.PENDING
        assert then.order_of(request_id) is None
        assert then.find_request(ACCOUNT, "D1") == then.request(request_id)
        assert history.as_of().order_of(request_id).order_id == order_id


def test_an_order_is_found_by_the_names_that_it_had(store):
    told = Told(store)
    order_id = submit_and_send(store, "C1")
    told.tell(lambda uow: None)
    placed = told.cursor
    new = VenueReport(account_id=ACCOUNT, type=EventType.NEW, venue=VENUE, client_order_id="C1", venue_order_id="V1")
    told.say(lambda h: h.record(new))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        past = history.as_of(known_at=placed)
        assert past.find_order(ACCOUNT, "C1").order_id == order_id
        assert past.orders(OrderFilter(identifier="V1")).items == []
        with pytest.raises(NotFound, match="it came later, or never"):
            past.find_order(ACCOUNT, venue=VENUE, venue_order_id="V1")
        found = history.as_of(known_at=told.cursor).find_order(ACCOUNT, venue=VENUE, venue_order_id="V1")
        assert found.order_id == order_id
        with pytest.raises(NotFound):
            history.as_of(known_at=0).find_order(ACCOUNT, "C1")


def test_a_name_that_only_a_repeat_gave_counts_from_the_first(store):
    """No fact tells when it was given; now is a moment like any other nevertheless."""
    told = Told(store)
    order_id = submit_and_send(store, "C1")
    told.say(lambda h: h.record(trade_report("C1", "E1", venue_order_id="V1")))
    told.say(lambda h: h.record(trade_report("C1", "E1", venue_order_id="V1b")))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        assert len(history.events(order_id)) == 3
        for past in (history, history.as_of(), history.as_of(known_at=told.steps[0][0])):
            assert past.find_order(ACCOUNT, venue=VENUE, venue_order_id="V1b").order_id == order_id
            assert len(past.orders(OrderFilter(identifier="V1b")).items) == 1


def test_checkpoints_are_those_that_were_sealed(store):
    submit_and_send(store, "C1")
    told = Told(store)
    one, between, two = told.tell(seal), store.clock.now() - MINUTE, None
    first = store.horizon()
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    store.clock.move(MINUTE)
    two = told.tell(seal)
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        assert history.checkpoints() == history.as_of().checkpoints() == [one, two]
        assert history.as_of(known_at=first).checkpoints() == [one]
        assert history.as_of(known_at=first - 1).checkpoints() == []
        assert history.as_of(known_at=between).checkpoints() == [one]
        assert history.as_of(happened_by=between).checkpoints() == [one]
        assert history.as_of(happened_by=T0 - MINUTE).checkpoints() == []


def test_versions_of_an_instrument_are_those_that_were_known(store):
    submit_and_send(store, "C1")
    first = store.horizon()
    later = attrs.evolve(spot_instrument(), multiplier=D(10), valid_from=T0 + MINUTE)
    write_history(store, lambda h: h.register(later))
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        known = (ACCOUNT, VENUE, SYMBOL)
        assert history.instruments(*known) == history.as_of().instruments(*known) == [spot_instrument(), later]
        assert history.as_of(known_at=first).instruments(*known) == [spot_instrument()]
        assert history.as_of(known_at=0).instruments(*known) == []
        assert history.as_of(happened_by=T0).instruments(*known) == [spot_instrument(), later]


def test_a_page_of_the_past_does_not_look_without_end(store, monkeypatch):
    """An order of long ago that is asked for is not looked for among all others at once."""
    monkeypatch.setattr(paging, "LOOKED_AT", 2)
    ids = [submit_and_send(store, f"C{number}") for number in range(5)]
    write_history(store, lambda h: h.record(trade_report("C4", "e1")))

    def pages(wanted, limit):
        found, after = [], None
        while True:
            page = read_history(store, lambda h, a=after: h.as_of(known_at=store.horizon()).orders(wanted, a, limit))
            found.append([order.order_id for order in page.items])
            after = page.next
            if after is None:
                return found

    assert pages(OrderFilter(account_id=ACCOUNT), 500) == [ids[:2], ids[2:4], ids[4:]]
    assert [one for page in pages(OrderFilter(account_id=ACCOUNT), 1) for one in page] == ids
    traded = pages(OrderFilter(account_id=ACCOUNT, statuses=("PARTIALLY_FILLED", "FILLED")), 500)
    assert traded == [[], [], [ids[4]]]
