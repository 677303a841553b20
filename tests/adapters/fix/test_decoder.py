"""Messages become reports: fields, codes and numbers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.fix_encoding import (
    EXEC_TYPES,
    ORDER_TYPES,
    STATUSES,
    TIMES_IN_FORCE,
    VERSIONS,
    encoded,
    framed,
    wire,
)

from sot import EventType, Fee, OrderStatus, OrderType, Side, TimeInForce, VenueReport
from sot.adapters.fix import FixDecoder, FixLog, read_message
from sot.adapters.fix.vocabulary import EXEC_TYPES as KNOWN_EXEC_TYPES
from sot.domain.values.errors import InvalidInput
from sot.domain.values.times import EPOCH, microseconds
from sot.domain.values.vocabulary import ReportingType
from sot.testing.strategies import numbers
from sot.venue import Liquidity

OURS = FixDecoder(account_id="main", venue="X")


def message(*fields, type="8", version="4.4"):
    """A message of (tag, text) pairs, or of text such as "32=5|31=10"."""
    pairs = [tuple(pair.split("=", 1)) for text in fields if isinstance(text, str) for pair in text.split("|")]
    pairs += [pair for pair in fields if not isinstance(pair, str)]
    return read_message(wire(version, type, pairs))


def report(*fields, decoder=OURS, **kind):
    return decoder.decode(message(*fields, **kind))


# ------------------------------------------------------------------------------------------------------ properties

PLAIN = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x01|^")


def names(excluded=()):
    return st.text(PLAIN, min_size=1, max_size=20).filter(lambda name: name not in excluded)


def optional(strategy):
    return st.one_of(st.none(), strategy)


TIMES = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))


@st.composite
def timed(draw):
    """A time: absent, to the microsecond, or to the nanosecond if that is a number."""
    at = draw(optional(TIMES))
    finer = draw(optional(st.integers(0, 999)))
    if at is None or finer is None:
        return {"occurred_at": at}
    nanoseconds = microseconds(at) * 1_000 + finer
    return {"occurred_at": at, "venue_time_ns": nanoseconds if 0 <= nanoseconds < 2**63 else None}


NAMED = {
    "account_id": names(),
    "client_order_id": optional(names()),
    "orig_client_order_id": optional(names()),
    "venue_order_id": optional(names({"NONE"})),
    "reported_status": optional(st.sampled_from([*map(OrderStatus, STATUSES)])),
    "text": optional(st.text(PLAIN, min_size=1, max_size=200)),
}
FEES = st.lists(st.builds(Fee, amount=numbers(), currency=names()), max_size=3)
EXECUTED = {
    "type": st.sampled_from([*map(EventType, EXEC_TYPES)]),
    "exec_id": optional(names()),
    "exec_ref_id": optional(names()),
    "symbol": optional(names({"[N/A]"})),
    "side": optional(st.sampled_from(Side)),
    "reporting_type": optional(st.sampled_from(ReportingType)),
    "last_quantity": optional(numbers()),
    "last_price": optional(numbers()),
    "cum_quantity": optional(numbers()),
    "leaves_quantity": optional(numbers()),
    "avg_price": optional(numbers()),
    "order_quantity": optional(numbers()),
    "order_type": optional(st.sampled_from([*map(OrderType, ORDER_TYPES)])),
    "limit_price": optional(numbers()),
    "stop_price": optional(numbers()),
    "time_in_force": optional(st.sampled_from([*map(TimeInForce, TIMES_IN_FORCE)])),
    "fees": FEES,
    "liquidity": optional(st.sampled_from(Liquidity)),
    "reason": optional(st.sampled_from(["DUPLICATE_ORDER", "UNKNOWN_ORDER", "OTHER", "4711"])),
}
REFUSED = {
    "type": st.sampled_from([EventType.CANCEL_REJECTED, EventType.REPLACE_REJECTED]),
    "reason": optional(st.sampled_from(["TOO_LATE_TO_CANCEL", "UNKNOWN_ORDER", "OTHER", "4711"])),
}


@st.composite
def expressible(draw):
    """Any report that FIX has fields and codes for."""
    fields = draw(st.sampled_from([EXECUTED, REFUSED])) | NAMED
    return VenueReport(venue="VENUE", **{name: draw(field) for name, field in fields.items()}, **draw(timed()))


@given(expressible(), st.sampled_from(VERSIONS), st.sampled_from([b"\x01", b"|", b"^A"]))
def test_a_report_survives_every_version_and_delimiter(report, version, delimiter):
    sent = encoded(report, version).replace(b"\x01", delimiter)
    # A text with line breaks continues in the next lines of the log.
    (found,) = FixLog(sent.splitlines(keepends=True))
    again = FixDecoder().decode(found)
    assert again.raw_payload == encoded(report, version).decode()
    assert again.received_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert again.changed(raw_payload=None, received_at=None) == report


FIGURES = {"32": "last_quantity", "31": "last_price", "14": "cum_quantity", "44": "limit_price", "38": "order_quantity"}


@given(st.sampled_from([*FIGURES]), st.text(st.sampled_from("0123456789.-+eE_, NaInf"), min_size=1, max_size=12))
def test_a_number_is_read_exactly_or_refused(tag, text):
    digits = text.removeprefix("-").replace(".", "", 1)
    if digits.isdigit():
        assert getattr(report((tag, text)), FIGURES[tag]) == Decimal(text)
        return
    with pytest.raises(InvalidInput) as refused:
        report((tag, text), ("34", "17"))
    assert f"({tag}) of the message 35=8 34=17" in refused.value.field


# -------------------------------------------------------------------------------------------------------- examples


def test_an_execution_in_all_its_fields():
    read = report(
        "34=7|52=20260105-10:00:00.5|1=broker-1|11=c2|41=c1|37=V1|17=e1|150=F|39=1|55=ACME|54=5|38=100|40=2|44=10.50|59=1"
        "|32=30|31=10.25|151=70|14=30|6=10.25|60=20260105-10:00:00.123456789012|58=a|851=1|12=0.5|13=3|15=USD|442=1"
    )
    payload = read.raw_payload
    assert payload.startswith("8=FIX.4.4\x019=")
    assert read == VenueReport(
        account_id="main",
        venue="X",
        type=EventType.TRADE,
        client_order_id="c2",
        orig_client_order_id="c1",
        venue_order_id="V1",
        exec_id="e1",
        symbol="ACME",
        side=Side.SELL,
        reported_status=OrderStatus.PARTIALLY_FILLED,
        reporting_type=ReportingType.SINGLE,
        order_quantity=Decimal(100),
        order_type=OrderType.LIMIT,
        limit_price=Decimal("10.5"),
        time_in_force=TimeInForce.GTC,
        last_quantity=Decimal(30),
        last_price=Decimal("10.25"),
        leaves_quantity=Decimal(70),
        cum_quantity=Decimal(30),
        avg_price=Decimal("10.25"),
        text="a",
        liquidity=Liquidity.MAKER,
        fees=[Fee(Decimal("0.5"), "USD")],
        occurred_at=datetime(2026, 1, 5, 10, 0, 0, 123456, tzinfo=UTC),
        venue_time_ns=1_767_607_200_123_456_789,
        received_at=datetime(2026, 1, 5, 10, 0, 0, 500000, tzinfo=UTC),
        raw_payload=payload,
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("20=0|150=0", EventType.NEW),
        ("20=0|150=1", EventType.TRADE),
        ("20=0|150=2", EventType.TRADE),
        ("20=1|150=1|19=e1", EventType.TRADE_CANCEL),
        ("20=2|150=2|19=e1", EventType.TRADE_CORRECT),
        ("20=3|150=2", EventType.ORDER_STATUS),
        ("20=3|150=8|39=8|103=5", EventType.ORDER_STATUS),
        ("20=0|150=5", EventType.REPLACED),
    ],
)
def test_exec_trans_type_of_4_2_goes_before_exec_type(fields, expected):
    assert report(fields, version="4.2").type is expected


def test_every_exec_type_has_an_event():
    codes = "0123456789ABCDEFGHIJKLMN"  # all codes of FIX 4.2 to 5.0 SP2
    assert {code: report(("150", code)).type for code in codes} == dict(KNOWN_EXEC_TYPES)


@pytest.mark.parametrize("fields", ["150=Z", "150=", "39=1"])
def test_an_exec_type_without_a_word_moves_nothing(fields):
    read = report(fields + "|14=5|6=10")
    assert (read.type, read.cum_quantity) == (EventType.ORDER_STATUS, 5)


@pytest.mark.parametrize(
    ("tag", "field", "codes", "expected"),
    [
        ("39", "reported_status", "5DZ", None),
        ("54", "side", "789ABCFG", None),
        ("54", "side", "13D", Side.BUY),
        ("54", "side", "2456EH", Side.SELL),
        ("40", "order_type", "56789ABCDEFGHILMQRSZ", OrderType.OTHER),
        ("59", "time_in_force", "589ABCZ", None),
        ("851", "liquidity", "03456789", None),
        ("442", "reporting_type", "4Z", None),
    ],
)
def test_codes_without_a_word_of_their_own(tag, field, codes, expected):
    assert {getattr(report((tag, code)), field) for code in codes} == {expected}


def test_reasons():
    assert report("150=8|103=6").reason == "DUPLICATE_ORDER"
    assert report("150=8|103=4711").reason == "4711"
    assert report("150=D|378=1").reason == "GT_RENEWAL"
    assert report("150=4|378=6|103=99").reason == "OTHER"
    assert report("434=1|102=1", type="9").reason == "UNKNOWN_ORDER"


@pytest.mark.parametrize(("code", "expected"), [("1", EventType.CANCEL_REJECTED), ("2", EventType.REPLACE_REJECTED)])
def test_a_cancel_reject(code, expected):
    read = report(f"37=NONE|11=c2|41=c1|39=8|434={code}|102=0|58=no|60=20260105-10:00:00", type="9")
    assert read.type is expected
    assert (read.venue_order_id, read.client_order_id, read.orig_client_order_id) == (None, "c2", "c1")
    assert (read.reported_status, read.reason, read.text) == (OrderStatus.REJECTED, "TOO_LATE_TO_CANCEL", "no")


def test_a_cancel_reject_that_does_not_say_what_it_refuses():
    for fields in ("11=c", "11=c|434=3"):
        with pytest.raises(InvalidInput, match=r"CxlRejResponseTo\(434\)"):
            report(fields, type="9")


def test_messages_of_other_types_are_no_reports():
    assert [OURS.decode(message(type=kind)) for kind in ("0", "A", "D", "AE", "8X")] == [None] * 5


def test_versions():
    accepted = ("FIX.4.2", "FIX.4.3", "FIX.4.4", "FIX.5.0", "FIX.5.0SP1", "FIX.5.0SP2", "FIXT.1.1")
    assert all(report("150=0", version=version).type is EventType.NEW for version in accepted)
    for version in ("FIX.4.0", "FIX.4.1", "FIX.9"):
        with pytest.raises(InvalidInput, match="BeginString"):
            report("150=0", version=version)


def test_senseless_values_are_kept():
    read = report("150=F|32=-5|31=-1.5|14=-3|38=0|37=V")
    assert (read.last_quantity, read.last_price, read.cum_quantity) == (-5, Decimal("-1.5"), -3)
    assert read.invalid_fields() == {"last_quantity", "cum_quantity", "order_quantity"}


@pytest.mark.parametrize(
    "text", ["NaN", "1e3", "1,5", "+1", " 1", "1.2.3", "-", ".", "inf", "0x1", "1" * 21, "0." + "1" * 19]
)
def test_numbers_that_cannot_be_kept_exactly(text):
    with pytest.raises(InvalidInput) as refused:
        report(("32", text), ("34", "9"))
    assert refused.value.field == "LastQty(32) of the message 35=8 34=9"


@pytest.mark.parametrize(("text", "expected"), [("00023.2300", "23.23"), ("23.", "23"), (".5", "0.5"), ("-.5", "-0.5")])
def test_numbers_as_fix_allows_them(text, expected):
    assert report(("31", text)).last_price == Decimal(expected)


def test_a_field_that_is_there_twice_and_differs():
    with pytest.raises(InvalidInput, match=r"LastQty\(32\) .* several times"):
        report("32=5|31=1|32=6")
    assert report("32=5|31=1|32=5").last_quantity == 5


def test_empty_fields_are_absent():
    read = report("11=|32=|58=|60=")
    assert (read.client_order_id, read.last_quantity, read.text, read.occurred_at) == (None, None, None, None)


# ------------------------------------------------------------------------------------------------------------ fees


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("12=1.5|13=3|479=EUR|15=USD", ["1.5 EUR"]),
        ("12=1.5|13=3|15=USD", ["1.5 USD"]),
        ("12=1.5|13=3", []),
        ("12=1.5|15=USD", []),
        ("12=0.01|13=1|15=USD", []),
        ("12=0.01|13=2|15=USD", []),
        ("12=-2|13=3|15=USD", ["-2 USD"]),
        ("15=USD|136=3|137=1|138=EUR|139=7|137=2|139=4|137=3|138=GBP|139=4|891=1", ["1 EUR", "2 USD"]),
        ("15=USD|12=5|13=3|136=1|137=1|138=EUR|139=7|891=0", ["5 USD", "1 EUR"]),
        ("15=USD|136=1|138=EUR|139=7", []),
    ],
)
def test_only_absolute_amounts_are_fees(fields, expected):
    assert [f"{fee.amount} {fee.currency}" for fee in report(fields).fees] == expected


def test_the_currency_of_fees_can_be_given():
    decoder = FixDecoder(account_id="main", currency="USD")
    assert report("12=1|13=3", decoder=decoder).fees == (Fee(Decimal(1), "USD"),)


def test_a_fee_that_is_no_number():
    with pytest.raises(InvalidInput, match=r"MiscFeeAmt\(137\)"):
        report("15=USD|136=1|137=x")


# ---------------------------------------------------------------------------------------------- accounts and venues


def test_accounts():
    assert report("1=A", decoder=FixDecoder()).account_id == "A"
    assert report("1=A", decoder=FixDecoder(account_id="main")).account_id == "main"
    assert report("1=A").venue_account == ""
    assert report("1=A", decoder=FixDecoder(account_id="main", venue_accounts=True)).venue_account == "A"
    with pytest.raises(InvalidInput, match=r"Account\(1\)"):
        report("11=c", decoder=FixDecoder())


def test_venues():
    named = FixDecoder(account_id="main", venues={"BRK": "BROKER"})
    assert [report(("49", sender), decoder=named).venue for sender in ("BRK", "XYZ")] == ["BROKER", "XYZ"]
    assert report("49=BRK").venue == "X"
    assert report("11=c", decoder=named).venue is None


def test_symbols():
    assert report("55=ACME|48=US1").symbol == "ACME"
    assert report("55=[N/A]|48=US1").symbol == "US1"
    assert report("48=US1").symbol == "US1"
    assert report("55=ACME|48=US1", decoder=FixDecoder(account_id="main", symbol_tag=48)).symbol == "US1"


# ----------------------------------------------------------------------------------------------------------- times


@pytest.mark.parametrize(
    ("text", "since_midnight", "nanoseconds"),
    [
        ("20260105-10:00:00", timedelta(hours=10), None),
        ("20260105-10:00:00.1", timedelta(hours=10, milliseconds=100), None),
        ("20260105-10:00:00.123456", timedelta(hours=10, microseconds=123456), None),
        ("20260105-10:00:00.1234567", timedelta(hours=10, microseconds=123456), 700),
        ("20260105-10:00:00.123456789", timedelta(hours=10, microseconds=123456), 789),
        ("20260105-10:00:00.123456789999", timedelta(hours=10, microseconds=123456), 789),
        ("20260105-23:59:60", timedelta(hours=24), None),
    ],
)
def test_times(text, since_midnight, nanoseconds):
    read = report(("60", text))
    at = datetime(2026, 1, 5, tzinfo=UTC) + since_midnight
    assert read.occurred_at == at
    assert read.venue_time_ns == (
        None if nanoseconds is None else (at - EPOCH) // timedelta(microseconds=1) * 1000 + nanoseconds
    )


@pytest.mark.parametrize(
    "text",
    [
        "20260105",
        "20260230-10:00:00",
        "20260105-24:00:00",
        "20260105-10:00:61",
        "20260105-10:00:00Z",
        "20260105-10:00",
        "now",
        "99991231-23:59:60",
    ],
)
def test_times_that_are_none(text):
    for tag, name in (("60", "TransactTime"), ("52", "SendingTime")):
        with pytest.raises(InvalidInput) as refused:
            report((tag, text))
        assert refused.value.field.startswith(f"{name}({tag})")


def test_when_it_was_sent_is_no_part_of_what_was_said():
    first = report("52=20260105-10:00:00|17=e|11=c|150=4|60=20260105-09:00:00")
    again = report("43=Y|122=20260105-10:00:00|52=20260105-10:07:00|17=e|11=c|150=4|60=20260105-09:00:00")
    resent = report("97=Y|52=20260105-11:00:00|17=e|11=c|150=4|60=20260105-09:00:00")
    assert again.received_at == first.received_at
    assert first.content_digest == again.content_digest == resent.content_digest


@pytest.mark.parametrize(
    ("fields", "zone", "expected"),
    [
        ("75=20260104|60=20260105-10:00:00", UTC, "2026-01-04"),
        ("60=20260105-02:00:00", UTC, "2026-01-05"),
        ("60=20260105-02:00:00", ZoneInfo("America/New_York"), "2026-01-04"),
        ("60=20260104-23:59:00|122=20260105-00:01:00", UTC, "2026-01-04"),
        ("122=20260105-23:59:00|52=20260106-00:01:00", UTC, "2026-01-05"),
        ("52=20260106-00:01:00", UTC, "2026-01-06"),
        ("11=c", UTC, ""),
        ("60=00010101-00:00:00", ZoneInfo("America/New_York"), "0001-01-01"),
    ],
)
def test_daily_ids(fields, zone, expected):
    assert report(fields, decoder=FixDecoder(account_id="a", daily_ids=True, time_zone=zone)).id_scope == expected
    assert report(fields).id_scope == ""


@pytest.mark.parametrize("text", ["2026-01-05", "20260230", "today", "2026010"])
def test_a_trade_date_that_is_none(text):
    with pytest.raises(InvalidInput, match=r"TradeDate\(75\)"):
        report(("75", text), decoder=FixDecoder(account_id="a", daily_ids=True))


# ----------------------------------------------------------------------------------------------------------- texts


def test_texts_in_any_encoding_and_length_are_kept():
    latin = read_message(framed(b"35=8\x011=A\x0158=caf\xe9\x01"))
    read = FixDecoder().decode(latin)
    assert read.text == "caf\\xe9"
    assert set(read.raw_payload) == {"base64"}
    assert report(("58", "é" * 5000)).text == "é" * 4000
    nul = FixDecoder().decode(read_message(framed(b"35=8\x011=A\x0195=3\x0196=a\x00b\x01")))
    assert set(nul.raw_payload) == {"base64"}
