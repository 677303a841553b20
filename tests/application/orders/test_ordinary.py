"""The straight way of ordinary reports beside the general way: the same results, events and rows."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import (
    Conflict,
    EventType,
    Fee,
    IllegalTransition,
    Instrument,
    InvalidInput,
    NotFound,
    OrderHistory,
    OrderRequest,
    VenueReport,
)
from sot.adapters.memory import MemoryStore
from sot.application.orders import reports
from sot.application.orders.ordinary import record_ordinary
from sot.testing.fakes import CountedIds, ManualClock

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
ORDINARY = (EventType.NEW, EventType.TRADE, EventType.TRADE)
OTHERS = (
    EventType.PENDING_NEW,
    EventType.TRADE_CORRECT,
    EventType.TRADE_CANCEL,
    EventType.SUPPLEMENTED,
    EventType.REPLACED,
    EventType.RESTATED,
    EventType.ORDER_STATUS,
    EventType.CANCELED,
    EventType.EXPIRED,
    EventType.DONE_FOR_DAY,
)


def maybe(strategy, of=4):
    """A value now and then."""
    return st.integers(1, of).flatmap(lambda number: strategy if number == 1 else st.none())


RARE = {
    "order_quantity": st.sampled_from(["2", "3", "4"]),
    "limit_price": st.sampled_from(["99", "100"]),
    "cum_quantity": st.sampled_from(["1", "2", "3"]),
    "leaves_quantity": st.sampled_from(["0", "1"]),
    "reported_status": st.sampled_from(["NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED"]),
    "reporting_type": st.sampled_from(["LEG", "SUMMARY"]),
    "leg": st.just("1"),
    "exec_ref_id": st.sampled_from(["e1", "e2"]),
    "venue_account": st.just("sub"),
    "id_scope": st.just("day"),
    "last_amount": st.sampled_from(["100", "1"]),
    "position_id": st.just("p"),
    "split_ratio": st.just("2"),
    "orig_client_order_id": st.just("c1"),
}


@st.composite
def venue_reports(draw):
    is_odd = draw(st.integers(0, 2)) == 0
    kind = draw(st.sampled_from(OTHERS if is_odd and draw(st.booleans()) else ORDINARY))
    second = draw(maybe(st.integers(0, 5), of=1 + draw(st.integers(0, 2))))
    fields = {
        "client_order_id": draw(st.sampled_from(["c1", "c1", "c1", "c2", None])),
        "venue_order_id": draw(st.sampled_from(["V1", "V1", "V1", "V2", "NONE", None])),
        "exec_id": draw(st.sampled_from(["e1", "e2", "e3", "e4", "0", None])),
        "side": draw(maybe(st.sampled_from(["BUY", "BUY", "SELL"]))),
        "symbol": draw(maybe(st.sampled_from(["S", "S", "other"]))),
        "occurred_at": None if second is None else T0 + timedelta(seconds=second),
        "venue_sequence": draw(maybe(st.integers(1, 3))),
    }
    if "TRADE" in kind:
        fields["last_quantity"] = draw(st.sampled_from(["1", "1", "0.5", "0"]))
        fields["last_price"] = draw(st.sampled_from(["100", "99", None])) if is_odd else "100"
        fields["fees"] = draw(maybe(st.just([Fee("0.1", "Q")]), of=2)) or ()
        fields["liquidity"] = draw(maybe(st.just("MAKER")))
    if is_odd:
        fields |= {name: draw(maybe(strategy, of=8)) for name, strategy in RARE.items()}
    values = {name: value for name, value in fields.items() if value is not None}
    return VenueReport(account_id="a", venue=draw(st.sampled_from(["V", "V", "V", "W"])), type=kind, **values)


VOIDED, SENT = st.integers(2, 5), st.just("c2")
STEPS = st.lists(st.one_of(*[venue_reports()] * 6, VOIDED, SENT), min_size=1, max_size=12)
"""Reports, a sequence to be voided, and the client order id of another order to be sent."""


def request(name):
    return OrderRequest(
        account_id="a", client_order_id=name, venue="V", symbol="S", side="BUY", order_type="LIMIT", quantity="2",
        limit_price="100", time_in_force="GTC",
    )  # fmt: skip


def new_store():
    store = MemoryStore(ManualClock(T0), CountedIds())
    instrument = Instrument(account_id="a", venue="V", symbol="S", kind="SPOT", base="B", quote="Q")
    store.run(lambda uow: OrderHistory(uow).register(instrument))
    return store


def sent(store, name):
    def use_case(uow):
        history = OrderHistory(uow)
        return history.mark_sent(history.submit(request(name)).request_id, occurred_at=T0).order_id

    return store.run(use_case)


def take(store, order_id, step):
    """Take a step, which may be refused; returns what came of it."""
    store.clock.move(timedelta(seconds=1))
    try:
        if isinstance(step, VenueReport):
            return store.run(lambda uow: OrderHistory(uow).record(step))
        if isinstance(step, int):
            return store.run(lambda uow: OrderHistory(uow).void(order_id, sequence=step, reason="wrong"))
        return sent(store, step)
    except (Conflict, IllegalTransition, InvalidInput, NotFound) as error:
        return type(error), str(error)


def contents(store):
    tables = dict(vars(store._tables))
    feed, orders = tables.pop("feed"), tables.pop("orders")
    rows = {name: sorted(map(repr, table.changes().all())) for name, table in tables.items()}
    parts = [
        (rows.order, rows.costs, list(rows.events), list(rows.fills), sorted(rows.identifiers))
        for rows in orders.changes().all()
    ]
    indexes = {name: repr(entries) for name, entries in orders.indexes.items() if entries}
    return rows, sorted(map(repr, parts)), indexes, [entry.hash for entry in feed if hasattr(entry, "hash")]


@given(steps=STEPS)
def test_both_ways_record_the_same(steps):
    straight, general = new_store(), new_store()
    order_id = sent(straight, "c1")
    assert sent(general, "c1") == order_id
    for step in steps:
        result = take(straight, order_id, step)
        with patch.object(reports, "record_ordinary", return_value=None):
            assert take(general, order_id, step) == result
    assert contents(straight) == contents(general)


def told(kind, exec_id=None, **fields):
    values = {"account_id": "a", "venue": "V", "client_order_id": "c1", "venue_order_id": "V1"}
    values |= {"type": kind, "occurred_at": T0}
    if exec_id is not None:
        values["exec_id"] = exec_id
    if kind == "TRADE":
        values |= {"last_quantity": "1", "last_price": "100"}
    return VenueReport(**values | fields)


@pytest.fixture
def sent_store():
    store = new_store()
    sent(store, "c1")
    return store


def straight_way(store, report):
    return store.run(lambda uow: record_ordinary(uow, report, "VENUE"))


def test_the_reports_of_every_day_are_ordinary(sent_store):
    life = [told("NEW", "n"), told("TRADE", "e1", fees=[Fee("0.1", "Q")], liquidity="MAKER"), told("TRADE", "e2")]
    for sequence, report in enumerate(life, 3):
        result = straight_way(sent_store, report)
        assert (result.outcome, result.sequence) == ("RECORDED", sequence)


@pytest.mark.parametrize("first", [told("NEW", "n"), told("NEW"), told("TRADE", "e1")], ids=lambda r: r.canonical())
def test_the_first_report_told_again_is_a_repeat(sent_store, first):
    assert straight_way(sent_store, first) is not None
    assert straight_way(sent_store, first) is None
    assert sent_store.run(lambda uow: OrderHistory(uow).record(first)).outcome == "REPEATED"


def test_a_trade_may_come_before_the_acknowledgement(sent_store):
    assert straight_way(sent_store, told("TRADE", "e1")) is not None


def test_an_overfill_of_an_ordinary_report_is_flagged(sent_store):
    assert straight_way(sent_store, told("TRADE", "e1", last_quantity="3")).anomalies == ("OVERFILL",)


@pytest.mark.parametrize(
    "odd",
    [
        told("NEW", client_order_id="unknown"),
        told("NEW", client_order_id="NONE"),
        told("NEW", venue="W"),
        told("NEW", venue_order_id="0"),
        told("NEW", symbol="other"),
        told("NEW", side="SELL"),
        told("NEW", order_quantity="2"),
        told("NEW", "n"),
        told("NEW", occurred_at=T0 - timedelta(seconds=1)),
        told("TRADE"),
        told("TRADE", "0"),
        told("TRADE", "e1"),
        told("TRADE", "e2", last_quantity="0"),
        told("TRADE", "e2", last_price=None),
        told("TRADE", "e2", leg="1"),
        told("TRADE", "e2", cum_quantity="2"),
        told("TRADE", "e2", venue_order_id="V2"),
        told("TRADE", "e2", occurred_at=T0 - timedelta(seconds=1)),
        told("ORDER_STATUS", reported_status="NEW"),
    ],
    ids=lambda report: report.canonical(),
)
def test_what_may_be_odd_goes_the_general_way(sent_store, odd):
    for report in (told("NEW", "n"), told("TRADE", "e1")):
        assert straight_way(sent_store, report) is not None
    before = contents(sent_store)
    assert straight_way(sent_store, odd) is None
    assert contents(sent_store) == before


@pytest.mark.parametrize("earlier", [told("TRADE_CANCEL", "b", exec_ref_id="e9"), told("TRADE", "l", leg="1",
                         reporting_type="LEG", symbol="S", side="BUY")], ids=["parked", "legs"])  # fmt: skip
def test_an_open_point_of_the_order_needs_the_general_way(sent_store, earlier):
    sent_store.run(lambda uow: OrderHistory(uow).record(told("NEW", "n")))
    sent_store.run(lambda uow: OrderHistory(uow).record(earlier))
    assert straight_way(sent_store, told("TRADE", "e1")) is None


def test_an_identifier_that_others_have_or_wait_for_needs_the_general_way(sent_store):
    waiting = VenueReport(account_id="a", venue="V", venue_order_id="V1", type="NEW", exec_id="n")
    sent_store.run(lambda uow: OrderHistory(uow).record(waiting))
    assert straight_way(sent_store, told("NEW", "n")) is None
    sent(sent_store, "c2")
    assert straight_way(sent_store, told("NEW", "n", client_order_id="c2", venue_order_id="V2")) is not None
    assert straight_way(sent_store, told("NEW", "n", venue_order_id="V2")) is None
