"""Requests of a log become intents, once, and their answers find them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from tests.support.fix_messages import message_of

from sot import Action, Conflict, Instrument, InvalidInput, OrderHistory, OrderRequest
from sot.adapters.fix import FixDecoder, record_request
from sot.domain.values.vocabulary import OrderType, Outcome, PositionEffect, Side, TimeInForce

OURS = FixDecoder(account_id="main", venue="X")
NEW = "55=A|54=1|38=100|40=2|44=10|59=0|60=20260119-10:00:00"


def message(kind, fields, number=1):
    return message_of(f"8=FIX.4.4|35={kind}|34={number}|49=C|56=BRK|52=20260119-10:00:01|{fields}")


def read(kind, fields, decoder=OURS):
    return decoder.decode_request(message(kind, fields))


def report(fields, number=1, kind="8"):
    return OURS.decode(message_of(f"8=FIX.4.4|35={kind}|34={number}|49=BRK|56=C|52=20260119-11:00:00|{fields}"))


@pytest.fixture
def uow(store):
    with store.begin() as uow:
        yield uow
        uow.commit()


@pytest.fixture
def history(uow):
    history = OrderHistory(uow)
    history.register(Instrument(account_id="main", venue="X", symbol="A", kind="PERPETUAL", base="A", quote="USD"))
    history.register(Instrument(account_id="main", venue="X", symbol="EUR/USD", kind="FX", base="EUR", quote="USD"))
    return history


@pytest.fixture
def record(uow):
    return lambda kind, fields: record_request(uow, read(kind, fields))


# -------------------------------------------------------------------------------------------------------- reading


def test_a_new_order_in_all_its_fields():
    fields = "11=c1|" + NEW.replace("59=0", "59=6|126=20260120-17:00:00") + "|99=9|18=6 E|77=C"
    sent = read("D", fields)
    request = sent.request()
    assert request.raw_payload == message("D", fields).wire.decode()
    assert request == OrderRequest(
        account_id="main",
        venue="X",
        client_order_id="c1",
        symbol="A",
        side=Side.BUY,
        order_type=OrderType.LIMIT,
        quantity=Decimal(100),
        limit_price=Decimal(10),
        stop_price=Decimal(9),
        time_in_force=TimeInForce.GTD,
        expire_at=datetime(2026, 1, 20, 17, tzinfo=UTC),
        post_only=True,
        reduce_only=True,
        position_effect=PositionEffect.CLOSE,
        requested_at=datetime(2026, 1, 19, 10, tzinfo=UTC),
        raw_payload=request.raw_payload,
    )
    assert sent.sent_at == request.requested_at


def test_what_has_no_term_becomes_a_tag():
    request = read("D", "11=c1|55=A|54=1|38=1|40=Q|59=6|432=20260131").request()
    assert (request.order_type, request.time_in_force, request.expire_at) == (OrderType.OTHER, None, None)
    assert request.tags == {"OrdType(40)": "Q", "TimeInForce(59)": "6", "ExpireDate(432)": "20260131"}
    assert read("D", "11=c1|55=A|54=1|38=1|40=1|59=8").request().tags == {"TimeInForce(59)": "8"}


def test_a_price_of_zero_of_a_market_order_is_none():
    request = read("D", "11=c1|55=A|54=1|38=1|40=1|44=0|99=0").request()
    assert (request.limit_price, request.stop_price) == (None, None)
    assert read("D", "11=c1|55=A|54=1|38=1|40=2|44=0").request().limit_price == 0


def test_the_sending_time_is_the_time_without_another():
    assert read("D", "11=c1|55=A|54=1|38=1|40=1").sent_at == datetime(2026, 1, 19, 10, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["AB", "D"])
def test_an_amount_instead_of_a_quantity(kind):
    request = read(kind, "11=c1|55=A|54=1|152=5000|40=1").request()
    assert (request.quantity, request.quote_quantity) == (None, 5000)


def test_a_quantity_in_the_quote_currency_is_an_amount_on_the_other_side():
    request = read("D", "11=c1|55=EUR/USD|15=USD|54=2|38=110000|40=1").request()
    assert (request.side, request.quantity, request.quote_quantity) == (Side.BUY, None, 110000)
    request = read("D", "11=c1|55=EUR/USD|15=EUR|54=2|38=110000|40=1").request()
    assert (request.side, request.quantity) == (Side.SELL, 110000)
    with pytest.raises(InvalidInput, match=r"Currency\(15\)"):
        read("D", "11=c1|55=EUR/USD|15=JPY|54=2|38=110000|40=1")


def test_the_venue_of_a_request_is_its_target():
    decoder = FixDecoder(account_id="main", venues={"BRK": "BROKER"}, daily_ids=True)
    fields = read("D", "11=c1|" + NEW, decoder).fields
    assert (fields["venue"], fields["id_scope"], fields["idempotency_key"]) == (
        "BROKER",
        "2026-01-19",
        "2026-01-19 c1",
    )


def test_other_messages_are_no_requests():
    assert [read(kind, "11=c1") for kind in ("8", "E", "V", "0", "H")] == [None] * 5


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (NEW, "ClOrdID"),
        ("11=c1|" + NEW.replace("38=100", "38=1e3"), "OrderQty"),
        ("11=c1|60=x", "TransactTime"),
    ],
)
def test_what_cannot_be_read_is_refused(fields, field):
    with pytest.raises(InvalidInput, match=rf"^{field}\("):
        read("D", fields)


# ------------------------------------------------------------------------------------------------------- recording


def test_requests_come_before_their_answers(history, record):
    new = record("D", "11=c1|" + NEW)
    assert new.outcome is Outcome.RECORDED
    assert history.order(new.order_id).status == "PENDING_NEW"
    history.record(report("37=V1|11=c1|17=e1|150=0|39=0|55=A|54=1|38=100|60=20260119-10:00:02"))
    replaced = record("G", "11=c2|41=c1|55=A|54=1|38=150|40=2|44=11|60=20260119-10:01:00")
    assert (replaced.order_id, history.order(new.order_id).status) == (new.order_id, "PENDING_REPLACE")
    history.record(report("37=V1|11=c2|41=c1|17=e2|150=5|39=0|55=A|54=1|38=150|44=11|60=20260119-10:01:01"))
    cancel = record("F", "11=x1|41=c2|55=A|54=1|60=20260119-10:02:00")
    order = history.order(new.order_id)
    assert (cancel.order_id, order.status, order.order_quantity) == (new.order_id, "PENDING_CANCEL", 150)
    history.record(report("45=9|372=F|379=x1|380=0", kind="j"))
    assert history.order(new.order_id).status == "NEW"
    request = history.request(cancel.request_id).request
    assert (request.action, request.target_order_id) == (Action.CANCEL, new.order_id)
    again = [record("D", "11=c1|" + NEW), record("F", "11=x1|41=c2|55=A|54=1|60=20260119-10:09:00")]
    assert [(one.outcome, one.order_id) for one in again] == [(Outcome.REPEATED, new.order_id)] * 2


def test_a_request_that_the_application_recorded_is_the_same(history, record):
    known = history.submit(
        OrderRequest(
            account_id="main",
            venue="X",
            symbol="A",
            side="BUY",
            order_type="LIMIT",
            quantity=Decimal(100),
            limit_price=Decimal(10),
            client_order_id="c1",
            idempotency_key="my own",
            strategy_code="s",
        )
    )
    sent = record("D", "11=c1|" + NEW)
    assert (sent.outcome, sent.request_id) == (Outcome.RECORDED, known.request_id)
    assert record("D", "11=c1|" + NEW).outcome is Outcome.REPEATED
    with pytest.raises(Conflict, match="different quantity"):
        record("D", "11=c1|" + NEW.replace("38=100", "38=99"))
    with pytest.raises(Conflict, match="different action"):
        record("F", "11=c1|41=c1")


def test_what_had_no_effect_is_not_recorded(history, record):
    assert record("F", "11=x1|41=c1").reason == "CANCEL x1: no order c1 is known"
    new = record("D", "11=c1|" + NEW)
    history.record(report("37=V1|11=c1|17=e1|150=8|39=8|55=A|54=1|60=20260119-10:00:02"))
    late = record("F", "11=x1|41=c1")
    assert (late.outcome, late.reason) == (None, "CANCEL x1: order c1 is REJECTED")
    assert history.order(new.order_id).status == "REJECTED"
    history.adopt(report("37=V9|11=found|17=e9|150=0|39=0|55=A|54=1|60=20260119-10:00:02"))
    assert record("D", "11=found|" + NEW).reason == "order found is known without a request"


def test_a_symbol_that_is_not_registered_is_refused(history, record):
    with pytest.raises(InvalidInput, match="symbol"):
        record("D", "11=c1|" + NEW.replace("55=A", "55=B"))


def test_an_order_in_the_quote_currency_is_filled_in_the_base(history, record):
    new = record("D", "11=c1|55=EUR/USD|15=USD|54=2|38=110000|40=1|60=20260119-10:00:00")
    history.record(
        report("37=V1|11=c1|17=e1|150=F|39=2|55=EUR/USD|15=USD|54=2|38=110000|32=110000|31=1.1|14=110000|151=0|6=1.1")
    )
    order = history.order(new.order_id)
    assert (order.status, order.side, order.cum_quantity) == ("FILLED", "BUY", 100000)
