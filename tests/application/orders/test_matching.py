"""Identifiers that venues share, use again, or make up: which order a report is about."""

import pytest

from sot import Instrument, OrderHistory, OrderRequest, VenueReport
from sot.domain.values.vocabulary import Anomaly, OrderStatus, Outcome

FOREIGN = [Anomaly.UNKNOWN_REFERENCE, Anomaly.AMBIGUOUS_NAME]


@pytest.fixture
def history(store):
    with store.begin() as uow:
        history = OrderHistory(uow)
        for symbol in ("A", "B"):
            history.register(
                Instrument(account_id="main", venue="X", symbol=symbol, kind="PERPETUAL", base=symbol, quote="USD")
            )
        yield history


def report(type="TRADE", **fields):
    return VenueReport(account_id="main", type=type, venue="X", **fields)


def trade(exec_id, quantity="1", **fields):
    return report(exec_id=exec_id, last_quantity=quantity, last_price="10", **fields)


def sent(history, name, **fields):
    fields = {
        "venue": "X",
        "symbol": "A",
        "side": "BUY",
        "order_type": "LIMIT",
        "quantity": "5",
        "limit_price": "9",
        **fields,
    }
    return history.mark_sent(
        history.submit(OrderRequest(account_id="main", client_order_id=name, **fields)).request_id
    ).order_id


def acknowledged(history, name, venue_order_id, **fields):
    order_id = sent(history, name, **fields)
    history.record(report("NEW", client_order_id=name, venue_order_id=venue_order_id))
    return order_id


def order_of(history, one):
    result = history.record(one)
    assert result.outcome is not Outcome.REPEATED
    return result.order_id


def waits(history, one, anomalies=FOREIGN):
    result = history.record(one)
    assert (result.outcome, result.order_id, list(result.anomalies)) == (Outcome.FLAGGED, None, anomalies)


def test_another_venue_id_is_another_order_once_ours_is_over(history):
    order_id = acknowledged(history, "c1", "V1")
    assert order_of(history, trade("e1", client_order_id="c1", venue_order_id="V2")) == order_id  # it is working
    history.record(report("CANCELED", client_order_id="c1", venue_order_id="V1"))
    waits(history, trade("e2", client_order_id="c1", venue_order_id="V3"))
    assert order_of(history, trade("e3", client_order_id="c1", venue_order_id="V1")) == order_id


@pytest.mark.parametrize("type", ["REPLACED", "RESTATED", "TRIGGERED"])
def test_a_report_that_links_two_venue_ids_gives_the_order_both(history, type):
    order_id = acknowledged(history, "c1", "V1")
    history.record(report("EXPIRED", client_order_id="c1", venue_order_id="V1"))
    assert order_of(history, report(type, client_order_id="c1", venue_order_id="V2")) == order_id
    assert order_of(history, trade("e1", venue_order_id="V2")) == order_id
    assert order_of(history, trade("e2", venue_order_id="V1")) == order_id


@pytest.mark.parametrize("against", [{"symbol": "B"}, {"side": "SELL"}])
def test_symbol_or_side_speak_against_an_order_with_another_venue_id(history, against):
    acknowledged(history, "c1", "V1")
    waits(history, trade("e1", client_order_id="c1", venue_order_id="V2", **against))
    waits(history, trade("e2", venue_order_id="V1", **against))


def test_a_client_id_decides_while_its_order_has_no_venue_id(history):
    other = acknowledged(history, "c1", "V1")
    order_id = sent(history, "c2")
    assert order_of(history, report("NEW", client_order_id="c2", venue_order_id="V1")) == order_id
    waits(history, trade("e1", venue_order_id="V1"))
    assert order_of(history, trade("e2", client_order_id="c2", venue_order_id="V1")) == order_id
    assert order_of(history, trade("e3", client_order_id="c1", venue_order_id="V1")) == other


def test_a_venue_id_decides_between_orders_that_have_theirs(history):
    acknowledged(history, "c1", "V1")
    second = acknowledged(history, "c2", "V2")
    assert order_of(history, trade("e1", client_order_id="c1", venue_order_id="V2")) == second


def test_time_tells_which_order_had_an_identifier(history):
    first = sent(history, "c1")
    history.record(report("NEW", client_order_id="c1", venue_order_id="V1", occurred_at="2026-01-05T10:00:00Z"))
    sent(history, "c2", symbol="A")
    history.record(report("NEW", client_order_id="c2", venue_order_id="V1", occurred_at="2026-01-06T10:00:00Z"))
    # Both orders were sent without a time, so that the first reported time counts.
    assert order_of(history, trade("e1", venue_order_id="V1", occurred_at="2026-01-05T18:00:00Z")) == first
    waits(history, trade("e2", venue_order_id="V1", occurred_at="2026-01-06T18:00:00Z"))


def test_what_waits_is_recorded_with_our_order_id(history):
    acknowledged(history, "c1", "V1")
    order_id = sent(history, "c2")
    history.record(report("NEW", client_order_id="c2", venue_order_id="V1"))
    waits(history, trade("e1", venue_order_id="V1"))
    assert order_of(history, trade("e1", venue_order_id="V1", order_id=order_id)) == order_id


@pytest.mark.parametrize("venue_order_id", ["0", "NONE", "unknown"])
def test_placeholders_of_venues_name_no_order(history, venue_order_id):
    orders = {
        history.adopt(report("REJECTED", client_order_id=name, venue_order_id=venue_order_id, symbol="A")).order_id
        for name in ("c1", "c2", "c3")
    }
    assert len(orders) == 3
    assert {order.venue_order_id for order in history.orders()} == {None}


@pytest.mark.parametrize("name", ["adl_autoclose", "autoclose-1767", "settlement_autoclose", "NONE", "UNKNOWN"])
def test_orders_of_a_venue_with_one_client_id_are_told_apart_by_their_venue_ids(history, name):
    orders = [
        history.adopt(trade(f"e{number}", client_order_id=name, venue_order_id=f"V{number}", symbol="A", side="SELL"))
        for number in range(3)
    ]
    assert len({result.order_id for result in orders}) == 3
    waits(history, trade("e9", client_order_id=name), [Anomaly.UNKNOWN_REFERENCE])


def test_a_venue_id_of_yesterday_is_another_external_order_today(history):
    first = history.adopt(
        trade("e1", client_order_id="a", venue_order_id="1", symbol="A", side="BUY", reported_status="FILLED")
    )
    second = history.adopt(
        report("NEW", client_order_id="b", venue_order_id="1", symbol="A", side="BUY", order_quantity="7")
    )
    assert first.order_id != second.order_id
    assert order_of(history, trade("e2", "7", client_order_id="b", venue_order_id="1", side="BUY")) == second.order_id
    statuses = {order.client_order_id: order.status for order in history.orders()}
    assert statuses == {"a": OrderStatus.FILLED, "b": OrderStatus.FILLED}


def test_an_external_order_with_another_client_id_is_not_made_ours(history):
    order_id = sent(history, "c1")
    external = history.adopt(trade("e1", client_order_id="theirs", venue_order_id="V1", symbol="A", side="BUY"))
    history.record(report("NEW", client_order_id="c1", venue_order_id="V1"))
    assert history.order(external.order_id).state.attributed_to is None
    assert history.order(order_id).cum_quantity == 0


def test_an_external_order_that_nothing_speaks_against_becomes_ours(history):
    order_id = sent(history, "c1")
    external = history.adopt(trade("e1", venue_order_id="V1", symbol="A", side="BUY"))
    history.record(report("NEW", client_order_id="c1", venue_order_id="V1"))
    assert history.order(external.order_id).state.attributed_to == order_id
    assert history.order(order_id).cum_quantity == 1


def test_a_client_id_alone_means_the_order_of_ours(history):
    order_id = acknowledged(history, "c1", "V1")
    history.record(report("CANCELED", client_order_id="c1"))
    history.adopt(trade("e1", client_order_id="c1", venue_order_id="V9", symbol="B", side="SELL"))
    assert order_of(history, trade("e2", client_order_id="c1")) == order_id


def test_statements_that_wait_are_kept_there_and_back(history):
    stream = [
        report("NEW", client_order_id="c1"),
        report("REPLACED", client_order_id="c1", limit_price="10"),
        report("REPLACED", client_order_id="c1", limit_price="11"),
        report("REPLACED", client_order_id="c1", limit_price="10"),
    ]
    for one in stream:
        assert history.record(one).outcome is Outcome.FLAGGED
    assert history.record(stream[-1]).outcome is Outcome.REPEATED
    assert len(history.waiting("main").items) == 4
    order_id = sent(history, "c1")
    assert history.order(order_id).state.limit_price == 10
    assert history.waiting("main").items == []


def test_an_execution_that_waits_is_a_repeat_in_the_same_words(history):
    one = report(client_order_id="c1", last_quantity="1", last_price="10")
    other = report(client_order_id="c1", last_quantity="2", last_price="10")
    outcomes = [history.record(each).outcome for each in (one, other, one)]
    assert outcomes == [Outcome.FLAGGED, Outcome.FLAGGED, Outcome.REPEATED]
    numbered = [history.record(one.changed(venue_sequence=number)).outcome for number in (7, 8, 8)]
    assert numbered == [Outcome.REPEATED, Outcome.REPEATED, Outcome.REPEATED]
