"""Why reports wait, and what a person says of one."""

import pytest

from sot import Instrument, InvalidInput, NotFound, OrderHistory, OrderRequest, VenueReport
from sot.application.audit.rebuild import rebuild
from sot.audit import verify
from sot.domain.values.vocabulary import Outcome, WaitingReason, WaitingRemedy

MISSING = "01890a5d-ac96-774b-bcce-b302099a8057"


def instrument(symbol):
    return Instrument(account_id="main", venue="X", symbol=symbol, kind="MARGIN", base=symbol, quote="USD")


def trade(exec_id="e", **fields):
    fields = {"venue": "X", "symbol": "A", "side": "BUY", "last_quantity": 1, "last_price": 10, **fields}
    return VenueReport(account_id="main", type="TRADE", exec_id=exec_id, **fields)


def intent(name, **fields):
    return OrderRequest(
        account_id="main",
        client_order_id=name,
        venue="X",
        symbol="A",
        side="BUY",
        order_type="MARKET",
        quantity=5,
        **fields,
    )


@pytest.fixture
def history(store):
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(instrument("A"))
        history.register(instrument("B"))
        yield history


def sent(history, name, **fields):
    key = f"{name} {fields.get('id_scope', '')}"
    request = history.submit(intent(name, idempotency_key=key, **fields))
    return history.mark_sent(request.request_id).order_id


def only_waiting(history, account="main"):
    (waiting,) = history.waiting(account).items
    return waiting, history.why_waiting(waiting)


def test_no_order_goes_by_its_identifiers(history):
    history.record(trade(client_order_id="c1"))
    _, why = only_waiting(history)
    assert (why.reason, why.candidates, why.request_id) == (WaitingReason.UNKNOWN_REFERENCE, (), None)
    assert why.remedies == [WaitingRemedy.SUBMIT_REQUEST, WaitingRemedy.ADOPT, WaitingRemedy.ATTRIBUTE]
    assert len(why.steps) == 3
    assert all(why.steps)
    assert why.words == "no order goes by its identifiers"


def test_a_request_that_was_not_sent(history):
    request = history.submit(intent("c1"))
    history.record(trade(client_order_id="c1"))
    _, why = only_waiting(history)
    assert (why.reason, why.request_id) == (WaitingReason.UNSENT_REQUEST, request.request_id)
    history.mark_sent(request.request_id)
    assert history.waiting("main").items == []


def test_orders_that_several_days_have_are_all_named(history):
    orders = {sent(history, "c1", id_scope=day) for day in ("2026-01-05", "2026-01-06", "2026-01-07")}
    history.record(trade(client_order_id="c1"))
    _, why = only_waiting(history)
    assert (why.reason, set(why.candidates)) == (WaitingReason.AMBIGUOUS_NAME, orders)
    assert WaitingRemedy.ADOPT not in why.remedies


def test_an_order_that_it_contradicts_is_named(history):
    order_id = sent(history, "c1")
    history.record(trade("e1", client_order_id="c1", venue_order_id="v1"))
    history.record(trade("e2", client_order_id="c1", venue_order_id="v2", symbol="B", side="SELL"))
    _, why = only_waiting(history)
    assert (why.reason, why.candidates) == (WaitingReason.CONTRADICTED_NAME, (order_id,))
    assert why.remedies[0] is WaitingRemedy.ADOPT


def test_what_no_external_order_can_be_made_of_is_not_to_be_adopted(history):
    history.record(trade(client_order_id="c1", symbol=None))
    _, why = only_waiting(history)
    assert WaitingRemedy.ADOPT not in why.remedies


def test_a_report_without_an_identifier_is_attributed_for_good(store):
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(instrument("A"))
        order_id = sent(history, "c1")
        history.record(trade())
        waiting, why = only_waiting(history)
        assert (why.reason, why.remedies) == (WaitingReason.NO_IDENTIFIER, [WaitingRemedy.ATTRIBUTE])
        uow.commit()
    with store.begin() as uow:
        history = OrderHistory(uow)
        result = history.attribute_waiting("main", waiting.report_id, order_id)
        assert (result.outcome, history.order(order_id).cum_quantity) == (Outcome.RECORDED, 1)
        assert history.attribute_waiting("main", waiting.report_id, order_id).outcome is Outcome.REPEATED
        assert uow.events.by_report("main", waiting.report_id).order_id == order_id
        uow.commit()
    rebuild(store)
    assert list(verify(store).problems) == []
    with store.begin() as uow:
        assert OrderHistory(uow).waiting("main").items == []
        past = OrderHistory(uow).as_of(known_at=uow.feed.last() - 1)
        assert [report.report_id for report in past.waiting("main").items] == [waiting.report_id]
        assert past.why_waiting(waiting).reason is WaitingReason.NO_IDENTIFIER


def test_attributing_what_the_order_has_already_ends_the_wait(store):
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(instrument("A"))
        first, _ = (sent(history, "c1", id_scope=day) for day in ("2026-01-05", "2026-01-06"))
        history.record(trade(client_order_id="c1"))
        history.record(trade(client_order_id="c1", order_id=first))
        waiting, _ = only_waiting(history)
        assert history.attribute_waiting("main", waiting.report_id, first).outcome is Outcome.REPEATED
        assert history.waiting("main").items == []
        assert history.order(first).cum_quantity == 1
        uow.commit()
    assert list(verify(store).problems) == []


@pytest.mark.parametrize("method", ["attribute", "adopt"])
def test_what_does_not_wait(history, method):
    order_id = sent(history, "c1")

    def end(account_id, report_id):
        if method == "adopt":
            return history.adopt_waiting(account_id, report_id)
        return history.attribute_waiting(account_id, report_id, order_id)

    for report_id in (MISSING, "no uuid"):
        with pytest.raises(NotFound, match="no waiting report"):
            end("main", report_id)
    history.record(trade(client_order_id="c9"))
    waiting, _ = only_waiting(history)
    with pytest.raises(NotFound, match="no waiting report"):
        end("other", waiting.report_id)


def test_an_order_elsewhere_is_not_what_a_report_is_about(history):
    history.register(Instrument(account_id="main", venue="Y", symbol="A", kind="MARGIN", base="A", quote="USD"))
    history.adopt(trade("e1", venue="Y", client_order_id="c1"))
    (other,) = history.orders().items
    history.record(trade("e2", client_order_id="c2"))
    waiting, _ = only_waiting(history)
    with pytest.raises(InvalidInput, match="an order of account main at venue X"):
        history.attribute_waiting("main", waiting.report_id, other.order_id)
    with pytest.raises(NotFound):
        history.attribute_waiting("main", waiting.report_id, MISSING)


def test_attributing_joins_what_waited_for_the_same_identifier(history):
    order_id = sent(history, "c1")
    for number in (1, 2):
        history.record(trade(f"e{number}", venue_order_id="v9"))
    first = history.waiting("main").items[0]
    history.attribute_waiting("main", first.report_id, order_id)
    assert (history.waiting("main").items, history.order(order_id).cum_quantity) == ([], 2)
