"""Values check their fields when they are created, and are read back from their canonical form."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import (
    Action,
    DecisionContext,
    EventType,
    Fee,
    Instrument,
    InstrumentKind,
    InvalidInput,
    OrderRequest,
    OrderType,
    Side,
    VenueReport,
)
from sot.domain.values.documents import checked_document, document_text, read_document
from sot.domain.values.times import EARLIEST, LATEST, day_of, from_microseconds, microseconds, time_text, utc_time
from sot.testing.strategies import reports, utc_times

ORDER = {
    "account_id": "a",
    "client_order_id": "c",
    "venue": "v",
    "symbol": "s",
    "side": Side.BUY,
    "order_type": OrderType.LIMIT,
    "quantity": Decimal(1),
    "limit_price": Decimal(1),
}


@given(reports("a", "v", "s"))
def test_a_report_is_read_back_from_its_canonical_form(report):
    text = report.canonical()
    read = VenueReport.from_canonical(json.loads(text))
    assert read == report
    assert read.canonical() == text
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert text.encode() == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")).encode()


@given(reports("a", "v", "s"), st.integers(0, 59))
def test_the_content_digest_ignores_the_time_of_arrival_and_the_raw_payload(report, second):
    arrived = datetime(2026, 2, 1, 0, 0, second, tzinfo=UTC)
    later = report.changed(received_at=arrived, raw_payload={"other": "x"}, order_id=None)
    assert later.content_digest == report.content_digest
    assert report.changed(text="something else").content_digest != report.content_digest


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account_id", ""),
        ("account_id", "x" * 256),
        ("account_id", "nul\x00"),
        ("client_order_id", "\ud800"),
        ("client_order_id", 7),
        ("side", "LONG"),
        ("side", "buy"),
        ("order_type", "ICEBERG"),
        ("time_in_force", "GOOD_TILL_CANCEL"),
        ("quantity", 1.5),
        ("quantity", "0"),
        ("quantity", "-1"),
        ("quantity", None),
        ("limit_price", None),
        ("limit_price", "1e400"),
        ("expire_at", datetime(2026, 1, 1)),
        ("requested_at", "2026-01-01T00:00:00"),
        ("requested_at", 1767225600),
        ("requested_at", "2026-01-01T00:00:00.1234567Z"),
        ("request_id", "7"),
        ("post_only", "yes"),
        ("tags", {"a": 1}),
        ("tags", ["a"]),
        ("raw_payload", {"price": 1.5}),
        ("raw_payload", {1: "a"}),
        ("raw_payload", object()),
        ("symbol", None),
        ("venue", None),
        ("quote_quantity", Decimal(1)),
        ("target_order_id", "00000000-0000-7000-8000-000000000001"),
    ],
)
def test_intents_that_are_inexact_or_make_no_sense_are_refused(field, value):
    with pytest.raises(InvalidInput) as caught:
        OrderRequest(**{**ORDER, field: value})
    assert field in str(caught.value) or caught.value.field in (field, "quantity")
    assert caught.value.allowed


def test_an_order_type_needs_its_prices():
    for kind in (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_IF_TOUCHED):
        with pytest.raises(InvalidInput, match="limit_price"):
            OrderRequest(**{**ORDER, "order_type": kind, "limit_price": None, "stop_price": Decimal(1)})
    for kind in (OrderType.STOP, OrderType.STOP_LIMIT, OrderType.MARKET_IF_TOUCHED):
        with pytest.raises(InvalidInput, match="stop_price"):
            OrderRequest(**{**ORDER, "order_type": kind})
    with pytest.raises(InvalidInput, match="expire_at"):
        OrderRequest(**{**ORDER, "time_in_force": "GTD"})
    assert OrderRequest(**{**ORDER, "limit_price": Decimal("-37.63")}).limit_price == Decimal("-37.63")


def test_an_intent_needs_a_key():
    with pytest.raises(InvalidInput, match="idempotency_key"):
        OrderRequest(**{**ORDER, "client_order_id": None})
    assert OrderRequest(**ORDER).key == "c"
    assert OrderRequest(**{**ORDER, "idempotency_key": "k"}).key == "k"


def test_amendments_have_targets_and_terms():
    target = {"account_id": "a", "client_order_id": "y", "target_order_id": "00000000-0000-7000-8000-000000000001"}
    assert OrderRequest(action=Action.CANCEL, **target).quantity is None
    with pytest.raises(InvalidInput, match="target_order_id"):
        OrderRequest(action=Action.CANCEL, **{**target, "target_order_id": None})
    with pytest.raises(InvalidInput, match="CANCEL has no terms"):
        OrderRequest(action=Action.CANCEL, **target, quantity=Decimal(1))
    with pytest.raises(InvalidInput, match="at least one new term"):
        OrderRequest(action=Action.REPLACE, **target)


def test_input_fields_are_read_strictly():
    with pytest.raises(InvalidInput, match=r"VenueReport\.prise"):
        VenueReport.read({"account_id": "a", "type": "TRADE", "prise": "1"})
    with pytest.raises(InvalidInput, match=r"VenueReport\.type"):
        VenueReport.read({"account_id": "a"})
    with pytest.raises(InvalidInput, match="type"):
        VenueReport.read({"account_id": "a", "type": "SUBMITTED"})
    report = VenueReport.read({"account_id": "a", "type": "TRADE", "fees": [{"amount": "1", "currency": "U"}]})
    assert report.type is EventType.TRADE
    assert report.fees == (Fee(Decimal(1), "U"),)


def test_values_do_not_change():
    request = OrderRequest(**ORDER)
    with pytest.raises(AttributeError):
        request.quantity = Decimal(2)


@given(utc_times(), st.integers(-720, 720))
def test_times_are_utc_to_the_microsecond(value, minutes):
    in_other_zone = value.astimezone(timezone(timedelta(minutes=minutes))) if value.year > 1900 else value
    assert utc_time("at", in_other_zone) == value
    assert utc_time("at", in_other_zone).tzinfo is UTC
    assert utc_time("at", time_text(value)) == value
    assert from_microseconds(microseconds(value)) == value
    assert len(time_text(value)) == 27
    assert time_text(value.astimezone(timezone(timedelta(hours=2)))) == time_text(value)


@pytest.mark.parametrize("text", ["2026-13-01T00:00:00Z", "2026-01-01", "now", "2026-01-01T00:00:00+25:00", ""])
def test_text_that_is_not_a_time_is_refused(text):
    with pytest.raises(InvalidInput):
        utc_time("at", text)


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', "[NaN]", "[Infinity]", "{", "", "1e999999999", "[" * 5000, "\x00"])
def test_json_that_cannot_be_read_exactly_is_refused(text):
    with pytest.raises(InvalidInput):
        checked_document("raw", read_document(text))


@pytest.mark.parametrize("number", ["0.1", "1e5", "123456789012345678901234567890.000000000000000000000001", "-7"])
def test_json_numbers_in_documents_keep_their_digits(number):
    document = checked_document("raw", read_document(f'{{"n":{number}}}'))
    assert document["n"] == Decimal(number)
    assert Decimal(read_document(document_text(document))["n"]) == Decimal(number)


def test_a_json_fraction_is_not_an_amount():
    with pytest.raises(InvalidInput, match="last_price"):
        VenueReport.read({"account_id": "a", "type": "TRADE", **read_document('{"last_price": 0.1}')})
    assert VenueReport.read({"account_id": "a", "type": "TRADE", **read_document('{"last_price": 3}')}).last_price == 3


def test_inverse_instruments_settle_in_base_currency():
    inverse = Instrument(
        account_id="a",
        venue="v",
        symbol="BTC/USD",
        kind=InstrumentKind.PERPETUAL,
        base="BTC",
        quote="USD",
        inverse=True,
        multiplier=Decimal(100),
    )
    assert inverse.currency == "BTC"
    assert inverse.value(Decimal(3), Decimal(30000)) == Decimal("0.01")
    with pytest.raises(InvalidInput, match="settle"):
        Instrument(
            account_id="a", venue="v", symbol="s", kind="PERPETUAL", base="BTC", quote="USD", settle="USD", inverse=True
        )


def test_a_decision_price_is_exact():
    assert DecisionContext(market_snapshot={"decision_price": "1.50"}).decision_price == Decimal("1.5")
    with pytest.raises(InvalidInput):
        DecisionContext(market_snapshot={"decision_price": "about 1"})
    with pytest.raises(InvalidInput):
        DecisionContext(market_snapshot=["1"])


def test_the_day_of_a_time_is_that_of_the_zone_where_there_is_one():
    evening = datetime(2026, 3, 4, 23, tzinfo=UTC)
    assert str(day_of(evening, UTC)) == "2026-03-04"
    assert str(day_of(evening, timezone(timedelta(hours=9)))) == "2026-03-05"
    assert str(day_of(LATEST, timezone(timedelta(hours=9)))) == "9999-12-31"
    assert str(day_of(EARLIEST, timezone(timedelta(hours=-9)))) == "0001-01-01"
