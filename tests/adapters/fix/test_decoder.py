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
    "venue_sequence": optional(st.integers(0, 2**63 - 1)),
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
    "last_amount": optional(numbers()),
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


FIGURES = {"32": "last_quantity", "31": "last_price", "99": "stop_price", "44": "limit_price", "38": "order_quantity"}


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
        venue_sequence=7,
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


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("15=USD|136=1|137=x", "MiscFeeAmt(137) is x, not digits"),
        ("15=USD|12=0.0000000000000000001|13=3", "Commission(12) is 0.0000000000000000001, not an exact decimal"),
        ("15=USD|12=1|13=3|12=2", "Commission(12)"),
        ("15=USD|12=0.01|13=1", "Commission(12) is 0.01, no amount of money: CommType(13) is 1"),
        ("12=1|13=3", "Commission(12) is 1, without a currency"),
        ("15=USD|136=1|137=3|138=GBP|891=1", "MiscFeeAmt(137) is 3, no amount of money: MiscFeeBasis(891) is 1"),
    ],
)
def test_a_fee_that_cannot_be_kept_is_left_out(fields, reason):
    read = report("150=F|17=e|32=1|31=1|" + fields)
    assert read.fees == ()
    assert reason in read.left_out["fees"]


def test_a_fee_of_zero_is_no_fee_that_was_left_out():
    assert report("15=USD|12=0|136=1|137=0|891=1").left_out is None
    assert report("12=0|13=3").left_out is None


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
    for fields in ("150=4|17=e", "150=F|11=c"):
        with pytest.raises(InvalidInput) as refused:
            report(fields, ("60", text))
        assert refused.value.field.startswith("TransactTime(60)")
    # The id of an execution tells it from others, whatever its time is.
    read = report("150=F|17=e|32=5|31=2|52=20260105-10:00:00", ("60", text))
    assert (read.occurred_at, read.last_quantity, [*read.left_out]) == (None, 5, ["occurred_at"])
    assert text in read.left_out["occurred_at"]


def test_a_time_of_sending_that_is_none_is_left_out():
    read = report("150=4|17=e|122=now|52=20260105-10:00:00")
    assert read.received_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert read.left_out == {
        "received_at": "OrigSendingTime(122) is now, not a time in UTC such as 20260131-17:00:00.123"
    }
    assert report("150=4|17=e|52=now").received_at is None


# ------------------------------------------------------------------------------------------------ running numbers


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("34=7", 7),
        ("34=0", 0),
        ("34=007", 7),
        ("34=7|43=Y|122=20260105-10:00:00", 7),
        ("34=7|97=N", 7),
        ("34=7|97=Y", None),
        ("34=7|43=Y|97=Y", None),
        ("11=c", None),
        ("34=", None),
        ("34=9223372036854775807", 2**63 - 1),
    ],
)
def test_the_number_of_a_message(fields, expected):
    for kind, rest in (("8", "150=0"), ("9", "434=1"), ("j", "372=D|379=c")):
        read = report(fields + "|" + rest, type=kind)
        assert (read.venue_sequence, read.left_out) == (expected, None)


@pytest.mark.parametrize("text", ["9223372036854775808", "-1", "1.5", "x", "\u0661", "1" * 5000])
def test_a_number_of_a_message_that_is_none_is_left_out(text):
    read = report("150=0", ("34", text))
    assert (read.venue_sequence, [*read.left_out]) == (None, ["venue_sequence"])


# ------------------------------------------------------------------------------------------ figures that are left out

TOO_LONG = "0.012346666666666666667"


@pytest.mark.parametrize("text", [TOO_LONG, "1" * 21, "NaN", "1e3", "x"])
@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("6", "avg_price"),
        ("14", "cum_quantity"),
        ("151", "leaves_quantity"),
        ("381", "last_amount"),
        ("38", "order_quantity"),
        ("44", "limit_price"),
        ("99", "stop_price"),
    ],
)
def test_an_execution_counts_without_the_figures_that_are_not_its_own(tag, name, text):
    read = report("150=F|17=e|32=5|31=2", (tag, text))
    assert (getattr(read, name), read.last_quantity, read.last_price) == (None, 5, 2)
    assert [*read.left_out] == [name]
    assert text[:100] in read.left_out[name]
    assert f"({tag})" in read.left_out[name]
    assert not read.invalid_fields()


def test_figures_at_the_limit_are_kept():
    text = "1" * 20 + "." + "1" * 18
    read = report("150=F|17=e|32=5|31=2", ("6", text), ("14", text))
    assert (read.avg_price, read.cum_quantity, read.left_out) == (Decimal(text), Decimal(text), None)


def test_a_figure_that_is_there_twice_and_differs_is_left_out_if_it_is_not_needed():
    read = report("150=F|17=e|32=5|31=2|6=2|6=3")
    assert (read.avg_price, [*read.left_out]) == (None, ["avg_price"])


@pytest.mark.parametrize(
    ("kind", "tag"), [("F", "32"), ("F", "31"), ("G", "31"), ("0", "38"), ("5", "44"), ("D", "99")]
)
def test_a_report_is_refused_for_its_own_quantity_and_price(kind, tag):
    with pytest.raises(InvalidInput, match=rf"\({tag}\)"):
        report(f"150={kind}|17=e|19=d", (tag, TOO_LONG))


def test_a_status_is_kept_without_its_cumulative_figures():
    read = report("150=I|39=2|37=V", ("14", TOO_LONG), ("6", "NaN"))
    assert (read.reported_status, [*read.left_out]) == (OrderStatus.FILLED, ["cum_quantity", "avg_price"])


def test_what_is_left_out_is_no_part_of_what_was_said():
    first = report("150=0|17=0|37=V|6=NaN|34=1")
    again = report("150=0|17=0|37=V|6=nan|34=2")
    assert first.content_digest == again.content_digest


def test_the_amount_that_moved():
    assert report("150=F|17=e|32=3|31=0.333|381=1.00").last_amount == 1


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
