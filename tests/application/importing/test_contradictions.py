"""Rows that contradict what is stored: listed, and corrected where an earlier import read them wrongly."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sot import AccountEvent, Fee, Instrument, OrderHistory, VenueReport
from sot.adapters.memory import MemoryStore
from sot.application.importing import contradictions
from sot.audit import verify
from sot.domain.values.vocabulary import EventType, Origin
from sot.importing import Correction, import_history
from sot.ports.orders import OrderFilter

AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
ABC = Instrument(account_id="main", venue="X", symbol="ABC", kind="EQUITY", base="ABC", quote="USD")
WRONG = Correction(reason="the mapping was wrong", actor="ann")


def trade(id=1, *, row=None, **changes):
    values = {
        "account_id": "main",
        "type": "TRADE",
        "venue": "X",
        "symbol": "ABC",
        "venue_order_id": f"o{id}",
        "exec_id": str(id),
        "side": "BUY",
        "last_quantity": 10,
        "last_price": 5,
        "occurred_at": AT,
        "raw_payload": {"row": str(row or id)},
    }
    return VenueReport(**{**values, **changes})


def fees(amount):
    return [Fee(amount=amount, currency="USD")]


def dividend(amount, external_id="d1"):
    return AccountEvent(
        account_id="main",
        type="DIVIDEND",
        venue="X",
        symbol="ABC",
        amount=amount,
        currency="USD",
        external_id=external_id,
        occurred_at=AT,
        raw_payload={"row": external_id},
    )


def imported(store, *facts, **options):
    return import_history(store, [ABC, *facts], finished_orders=True, **options)


def position(store, symbol="ABC"):
    with store.begin(read_only=True) as uow:
        return OrderHistory(uow).position("main", "X", symbol)


def events(store):
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        orders = list(history.orders(OrderFilter(account_id="main")))
        return [event for order in orders for event in history.events(order.order_id)]


OTHERWISE = [
    ({}, {"side": "SELL"}, {"side": ("BUY", "SELL")}),
    ({}, {"last_price": 6}, {"price": ("5", "6")}),
    ({}, {"last_quantity": 11}, {"quantity": ("10", "11")}),
    ({"fees": fees("-1")}, {"fees": fees("1")}, {"fees": ("-1 USD", "1 USD")}),
    ({"fees": fees("1")}, {}, {"fees": ("1 USD", "none")}),
    (
        {},
        {"occurred_at": AT + timedelta(hours=1)},
        {"occurred_at": ("2026-01-05T10:00:00.000000Z", "2026-01-05T11:00:00.000000Z")},
    ),
]


@pytest.mark.parametrize(("before", "after", "differences"), OTHERWISE)
def test_a_row_that_is_read_otherwise_is_listed_and_changes_nothing(store, before, after, differences):
    imported(store, trade(**before))
    held = position(store)
    for dry_run in (True, False, False):
        summary = imported(store, trade(**after), dry_run=dry_run)
        [contradiction] = summary.contradictions
        assert not summary.agrees
        assert {n: (contradiction.stored[n], contradiction.stated[n]) for n in contradiction.stored} == differences
        assert contradiction.was_imported
        assert contradiction.row == {"row": "1"}
    assert position(store).to_dict() == held.to_dict()


@pytest.mark.parametrize(("before", "after", "differences"), OTHERWISE)
@pytest.mark.parametrize("was_listed_before", [False, True])
def test_a_correction_has_the_position_of_a_right_first_import(store, before, after, differences, was_listed_before):
    right = MemoryStore()
    imported(right, trade(**after))
    imported(store, trade(**before))
    if was_listed_before:
        imported(store, trade(**after))
    dry = imported(store, trade(**after), correction=WRONG, dry_run=True)
    summary = imported(store, trade(**after), correction=WRONG)
    assert summary.agrees and summary.to_dict() == {**dry.to_dict(), "dry_run": False}
    [corrected] = summary.corrected
    assert set(corrected.stored) == set(differences)
    assert _without_key(position(store)) == _without_key(position(right))
    again = imported(store, trade(**after))
    assert again.agrees and again.adds_nothing
    assert imported(store, trade(**before), dry_run=True).contradictions
    assert verify(store).problems == []


def _without_key(position):
    figures = position.to_dict()
    del figures["state"]["last_key"]
    return figures


def test_what_is_corrected_stays_on_record_with_reason_and_actor(store):
    imported(store, trade())
    imported(store, trade(last_price=6), correction=WRONG)
    told = events(store)
    assert [event.type for event in told] == [
        EventType.CREATED,
        EventType.TRADE,
        EventType.ORDER_STATUS,
        EventType.VOIDED,
        EventType.TRADE,
    ]
    void, anew = told[-2:]
    assert (void.fact.target_sequence, void.fact.reason, void.actor) == (2, "the mapping was wrong", "ann")
    assert (anew.origin, anew.fact.reason, anew.actor) == (Origin.IMPORT, "the mapping was wrong", "ann")


def test_a_correction_can_be_corrected_back(store):
    imported(store, trade())
    for side, price in [("SELL", 6), ("BUY", 5), ("SELL", 6), ("BUY", 7)]:
        assert imported(store, trade(side=side, last_price=price), correction=WRONG).agrees
    assert (position(store).quantity, position(store).avg_entry_price) == (10, 7)
    assert verify(store).problems == []


def test_only_the_wrong_executions_of_an_order_are_corrected(store):
    right = trade(2, venue_order_id="o1", occurred_at=AT + timedelta(minutes=1))
    imported(store, trade(), right)
    summary = imported(store, trade(last_price=6), right, correction=WRONG)
    assert len(summary.corrected) == 1
    assert position(store).avg_entry_price == Decimal("5.5")
    assert [event.fact.target_sequence for event in events(store) if event.type is EventType.VOIDED] == [2]


def test_another_symbol_of_the_same_row_moves_the_execution(store):
    other = ABC.changed(symbol="DEF", base="DEF")
    imported(store, trade())
    imported(store, other, trade(symbol="DEF"), correction=WRONG)
    assert position(store, "ABC").quantity == 0
    assert position(store, "DEF").quantity == 10


def test_the_ids_of_another_row_are_not_compared(store):
    """Trade and order ids of exchanges are unique per symbol only."""
    other = ABC.changed(symbol="DEF", base="DEF")
    summary = imported(store, other, trade(), trade(symbol="DEF", row="another"), correction=WRONG)
    assert summary.agrees
    assert position(store, "ABC").quantity == position(store, "DEF").quantity == 10


def test_a_row_of_another_file_with_the_same_id_is_corrected_in_its_figures(store):
    imported(store, trade())
    later = trade(last_price=6, row="as the broker corrected it", occurred_at=AT + timedelta(seconds=1))
    [contradiction] = imported(store, later).contradictions
    assert set(contradiction.stored) == {"price"}
    assert imported(store, later, correction=WRONG).agrees
    assert position(store).avg_entry_price == 6


def test_what_was_recorded_while_trading_is_never_corrected(store):
    imported(store)
    with store.begin() as uow:
        OrderHistory(uow).adopt(trade(), "VENUE")
        uow.commit()
    summary = imported(store, trade(last_price=6), correction=WRONG)
    [contradiction] = summary.contradictions
    assert not contradiction.was_imported and not summary.corrected and not summary.agrees
    assert position(store).avg_entry_price == 5


def test_what_the_venue_corrected_is_no_contradiction(store):
    imported(store, trade())
    with store.begin() as uow:
        correction = trade(type="TRADE_CORRECT", exec_id="1b", exec_ref_id="1", last_price=6)
        OrderHistory(uow).record(correction)
        uow.commit()
    assert imported(store, trade()).agrees


def test_a_source_that_contradicts_itself_corrects_nothing(store):
    rows = [trade(row=1), trade(row=2, last_price=6)]
    for _ in range(2):
        summary = imported(store, *rows, correction=WRONG)
        assert [each.stated for each in summary.contradictions] == [{"price": "6"}]
        assert not summary.corrected
    assert position(store).avg_entry_price == 5


def test_what_only_adds_is_no_contradiction(store):
    imported(store, trade())
    assert imported(store, trade(fees=fees("1"), liquidity="MAKER")).agrees
    assert position(store).fees == {"USD": 1}


def test_account_events_are_replaced(store):
    imported(store, dividend("-1"))
    [contradiction] = imported(store, dividend("1")).contradictions
    assert (contradiction.stored, contradiction.stated) == ({"amount": "-1"}, {"amount": "1"})
    assert imported(store, dividend("1"), correction=WRONG, dry_run=True).agrees
    assert imported(store, dividend("1"), correction=WRONG).agrees
    assert imported(store, dividend("1")).adds_nothing
    assert position(store).realized_net == 1
    assert imported(store, dividend("-1")).contradictions
    assert imported(store, dividend("2"), correction=WRONG).agrees
    assert position(store).realized_net == 2
    assert verify(store).problems == []


def test_an_account_event_of_another_source_is_listed_and_stays(store):
    imported(store, dividend("1").changed(raw_payload={"told": "while trading"}))
    summary = imported(store, dividend("2"), correction=WRONG)
    assert [each.was_imported for each in summary.contradictions] == [False]
    assert position(store).realized_net == 1


def test_terms_of_an_instrument_are_corrected(store):
    imported(store, trade())
    other = ABC.changed(multiplier=Decimal(100))
    assert import_history(store, [other, trade()]).skipped
    assert import_history(store, [other, trade()], correction=WRONG).agrees
    with store.begin(read_only=True) as uow:
        [holding] = uow.instruments.versions("main", "X", "ABC")
    assert holding.multiplier == 100


def test_a_repeat_reads_no_other_events_of_its_order(store, monkeypatch):
    fills = [trade(number, venue_order_id="o1", occurred_at=AT + timedelta(minutes=number)) for number in range(3)]
    imported(store, *fills)
    monkeypatch.setattr(contradictions, "voided", None)
    assert imported(store, *fills).agrees


# ------------------------------------------------------------------------------------------- what stays in agreement


@pytest.mark.parametrize("changes", [{"side": "SELL"}, {"symbol": "XYZ"}])
def test_a_row_of_another_side_or_symbol_is_an_order_of_its_own_also_under_one_client_id(changes):
    store = MemoryStore()
    wrong = trade(client_order_id="c1", **changes)
    imported(
        store, Instrument(account_id="main", venue="X", symbol="XYZ", kind="EQUITY", base="XYZ", quote="USD"), wrong
    )
    summary = imported(store, trade(client_order_id="c1"), correction=WRONG)
    assert (summary.agrees, len(summary.corrected)) == (True, 1)
    assert position(store).quantity == 10
    assert imported(store, trade(client_order_id="c1")).adds_nothing
    assert verify(store).problems == []


@pytest.mark.parametrize("changes", [{"client_order_id": "c1"}, {"venue_account": "a1"}])
def test_what_a_corrected_row_names_besides_is_known(changes):
    store = MemoryStore()
    imported(store, trade())
    assert imported(store, trade(last_price=6, **changes), correction=WRONG).agrees
    assert verify(store).problems == []


def test_another_account_at_the_venue_is_corrected():
    store = MemoryStore()
    imported(store, trade(venue_account="a1"))
    summary = imported(store, trade(venue_account="a2"), correction=WRONG)
    assert [each.stated for each in summary.corrected] == [{"venue_account": "a2"}]
    with store.begin(read_only=True) as uow:
        held = {each.key.venue_account: each.quantity for each in OrderHistory(uow).positions("main")}
    assert held == {"a2": 10}


def test_what_a_venue_corrected_under_an_id_of_its_own_is_not_corrected():
    store = MemoryStore()
    imported(store, trade())
    with store.begin() as uow:
        OrderHistory(uow).record(trade(type="TRADE_CORRECT", exec_id="1b", exec_ref_id="1", last_price=6))
        uow.commit()
    summary = imported(store, trade(last_price=7), correction=WRONG)
    assert ([each.was_imported for each in summary.contradictions], summary.corrected) == ([False], ())
    assert verify(store).problems == []


def test_the_void_of_an_import_that_is_void_itself_does_not_count_an_execution_twice():
    store = MemoryStore()
    imported(store, trade())
    imported(store, trade(last_price=6), correction=WRONG)
    (voided,) = [event for event in events(store) if event.type is EventType.VOIDED]
    with store.begin() as uow:
        OrderHistory(uow).void(voided.order_id, sequence=voided.sequence, reason="it was right", actor="ann")
        uow.commit()
    assert position(store).quantity == 10
    assert verify(store).problems == []


def test_an_account_event_that_a_person_replaced_is_not_corrected():
    store = MemoryStore()
    imported(store, dividend(-1))
    with store.begin() as uow:
        history = OrderHistory(uow)
        (first,) = history.account_events()
        history.record_account_event(
            dividend(2, external_id=None).changed(replaces=first.event_id, reason="by hand", raw_payload=None)
        )
        uow.commit()
    summary = imported(store, dividend(-1), correction=WRONG)
    assert ([each.was_imported for each in summary.contradictions], summary.corrected) == ([False], ())
