"""Messages in logs: prefixes, delimiters, line breaks, and messages that were cut or changed."""

import re
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.support.fix_encoding import framed, wire

from sot.adapters.fix import FixDecoder, FixLog, read_message
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import InvalidInput, MissingExtra

SOH = b"\x01"
DELIMITERS = [SOH, b"|", b"^A"]


def fill(number):
    fields = {"1": "main", "11": "c1", "17": f"e{number}", "150": "F", "55": "ACME", "32": "5", "31": "10.5"}
    return wire("4.4", "8", [("34", str(number)), *fields.items()])


def printed(message, delimiter):
    return message.replace(SOH, delimiter)


def execs(lines):
    return [message.text(17, "ExecID") for message in FixLog(lines)]


# ------------------------------------------------------------------------------------------------------ properties

PREFIXES = st.sampled_from(
    [b"", b"20260105-10:00:00.120 : ", b"2026-01-05 INFO |in| conn=3 ", b"<- [", b"10:00:00,001 recv 8 bytes: "]
)
SUFFIXES = st.sampled_from([b"", b"]", b" (drop copy)", b" |out|"])
NOISE = st.sampled_from([b"", b"   ", b"Session created", b"2026-01-05 10:00:00 INFO a=b|c", b"# 8 messages"])


@given(
    st.lists(st.tuples(PREFIXES, st.sampled_from(DELIMITERS), SUFFIXES, NOISE), min_size=1, max_size=8),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
)
def test_prefixes_delimiters_and_noise_are_no_obstacle(lines, line_break, last_delimiter):
    log = []
    for number, (prefix, delimiter, suffix, noise) in enumerate(lines, 1):
        message = fill(number) if last_delimiter else fill(number).removesuffix(SOH)
        log += [noise + line_break, prefix + printed(message, delimiter) + suffix + line_break]
    reader = FixLog(log)
    seen = [(reader.line, message.text(17, "ExecID"), message.wire) for message in reader]
    assert seen == [(2 * number, f"e{number}", fill(number)) for number in range(1, len(lines) + 1)]


@given(st.sampled_from(DELIMITERS), PREFIXES, st.integers(0, len(fill(1)) - 1))
def test_what_was_cut_off_at_the_end_is_an_error_with_its_line(delimiter, prefix, kept_bytes):
    message = printed(fill(1), delimiter)
    end = kept_bytes * len(message) // len(fill(1))
    cut = message[:end]
    complete = re.search(rb"10=\d{3}", cut) is not None  # only the last delimiter is missing
    log = [prefix + message + b"\n", prefix + cut + b"\n", prefix + message + b"\n"]
    begins = cut.startswith(b"8=F") or (prefix + cut).startswith(b"8=")  # a tag at the very beginning is one of a part
    if complete or not begins:
        assert execs(log) == ["e1"] * (2 + complete)
        return
    with pytest.raises(InvalidInput, match="^line 2: "):
        execs(log)


@given(st.sampled_from(DELIMITERS), st.integers(1, len(fill(1)) - 1))
def test_what_was_cut_off_at_the_beginning_is_an_error_with_its_line(delimiter, start):
    message = printed(fill(1), delimiter)
    cut = message[start:]
    if not re.search(rb"(^|\x01|\||\^A)[0-9]+=", cut):
        return  # nothing is left by which it could be recognized
    with pytest.raises(InvalidInput, match="^line 2: "):
        execs([message + b"\n", cut + b"\n"])


@given(st.sampled_from(DELIMITERS), st.data())
def test_a_changed_byte_is_an_error_with_its_line(delimiter, data):
    message = printed(fill(1), delimiter)
    index = data.draw(st.integers(0, len(message) - 1 - len(delimiter)))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte not in (message[index], 10)))
    changed = message[:index] + bytes([byte]) + message[index + 1 :]
    if index == 0:
        changed = b"." + changed  # so that it is no shorter tag 8, such as 18
    with pytest.raises(InvalidInput, match="^line 1: "):
        execs([changed])


@given(
    st.lists(
        st.one_of(st.binary(max_size=40), st.sampled_from([fill(1), printed(fill(2), b"|"), b"8=FIX.4.4|9=5|"])),
        max_size=6,
    )
)
@example([b"8=FIX.4.4\x019=9\x0195=x\x0196=a\x0110=082\x01"])
@example([b"8=FIX.4.4\x019=0\x0110=000\x01"])
@example([b"8=FIX.4.4\x019=9999999\x0135=8\x01"])
def test_nothing_but_a_report_or_invalid_input_comes_of_bytes(pieces):
    lines = b"".join(pieces).splitlines(keepends=True)
    assert read_or_refused(lines) <= {VenueReport, "line"}


def read_or_refused(lines):
    """The kinds of results and errors of a log."""
    seen = set()
    try:
        for message in FixLog(lines):
            seen.add(type(FixDecoder().decode(message)))
    except InvalidInput as error:
        seen.add(error.field[:4])
    return seen


# -------------------------------------------------------------------------------------------------------- examples


def test_several_messages_in_a_line():
    line = fill(1) + fill(2) + b" and " + fill(3)
    assert execs([line]) == ["e1", "e2", "e3"]


def test_a_text_with_line_breaks_goes_on_in_the_next_lines():
    message_bytes = wire("4.4", "8", [("17", "e1"), ("58", "first\nsecond\r\nthird")])
    for delimiter in DELIMITERS:
        log = FixLog((b"in: " + printed(message_bytes, delimiter) + b"\nnoise\n" + fill(2)).splitlines(keepends=True))
        assert [(log.line, message.text(58, "Text")) for message in log] == [(1, "first\nsecond\r\nthird"), (5, None)]


def test_a_delimiter_within_a_text_is_text():
    message_bytes = wire("4.4", "8", [("17", "e1"), ("58", "a|b^A c | 5")])
    assert [message.text(58, "Text") for message in FixLog([printed(message_bytes, b"|")])] == ["a|b^A c | 5"]
    assert [message.text(58, "Text") for message in FixLog([message_bytes])] == ["a|b^A c | 5"]


def test_data_fields_hold_any_byte():
    message_bytes = framed(b"35=8\x0117=e1\x0195=11\x0196=a\x0132=7\x01|10=\x0132=5\x01")
    (message,) = FixLog([message_bytes])
    assert (message.text(32, "LastQty"), message.text(96, "RawData")) == ("5", "a\x0132=7\x01|10=")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (fill(1)[:-4] + b"000\x01", "CheckSum"),
        (fill(1).replace(b"9=", b"9=1", 1), "message"),
        (re.sub(rb"9=\d+", b"9=12", fill(1), count=1), "BodyLength"),
        (re.sub(rb"9=\d+", b"9=x", fill(1), count=1), "message"),
        (framed(b"34=1\x0135=8\x01"), "MsgType"),
        (framed(b"34=1\x01"), "MsgType"),
        (framed(b""), "MsgType"),
        (framed(b"35=\x01"), "MsgType"),
        (framed(b"35=8\x01x=1\x01"), "message"),
        (framed(b"35=8\x01032=1\x01"), "message"),
        (framed(b"35=8\x0195=5\x0196=abc\x01"), "message"),
        (framed(b"35=8\x01nothing\x01"), "message"),
        (b"8=FIX.4.4|35=8|10=000|", "message"),
        (b"35=8|32=5|", "message"),
        (fill(1) + b"|32=5|", "message"),
    ],
)
def test_garbled_messages(line, field):
    with pytest.raises(InvalidInput, match=rf"^line 2: {field}"):
        list(FixLog([b"\n", line]))


# ------------------------------------------------------------------------------------------------ after an error


def entries(lines, **options):
    """The ExecIDs of the messages, and the lines of what cannot be read."""
    log = FixLog(lines, **options)
    return [
        entry.field.split(":")[0] if isinstance(entry, InvalidInput) else entry.text(17, "ExecID")
        for entry in log.entries()
    ]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize(
    "damage",
    [
        lambda message: message.replace(b"32=5", b"32=6"),  # CheckSum
        lambda message: re.sub(rb"9=\d+", b"9=12", message, count=1),  # BodyLength leads nowhere
        lambda message: re.sub(rb"9=\d+", b"9=9999", message, count=1),  # BodyLength leads beyond the line
        lambda message: message[:-9] + b"\n",  # the end is missing
        lambda message: message[20:],  # the beginning is missing
    ],
)
def test_reading_goes_on_after_what_cannot_be_read(damage, delimiter):
    lines = [printed(fill(number), delimiter) + b"\n" for number in range(1, 4)]
    lines[1] = damage(lines[1])
    assert entries(lines) == ["e1", "line 2", "e3"]
    assert entries(lines[:2]) == ["e1", "line 2"]


def test_a_whole_message_after_a_changed_one_in_the_same_line_is_read():
    line = fill(1).replace(b"32=5", b"32=6") + fill(2)
    assert entries([line, fill(3)]) == ["line 1", "e2", "e3"]


def test_the_rest_of_an_unreadable_message_is_no_error_of_its_own():
    message = wire("4.4", "8", [("17", "e1"), ("58", "first\nsecond|32=5|third")])
    lines = re.sub(rb"9=\d+", b"9=12", message, count=1).splitlines(keepends=True)
    assert entries([*lines, fill(2), b"|32=5|\n"]) == ["line 1", "e2", "line 4"]


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([fill(1), b"8=FIX.4.4|9=5|", b"\n"])), max_size=8))
def test_every_whole_message_in_lines_of_its_own_is_found(pieces):
    lines = b"".join(pieces).splitlines(keepends=True)
    ends_open = lines and not lines[-1].endswith((b"\n", b"\r"))
    found = entries([*lines, *([b"\n"] if ends_open else []), fill(7) + b"\n", fill(8)])
    assert found[-2:] == ["e7", "e8"]


# ------------------------------------------------------------------------------------------------ damaged messages


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize(
    "damage",
    [
        lambda message: message.replace(b"1=main", b"1=XXXX"),
        lambda message: message.replace(b"1=main", b"1=ANONYMOUS"),
        lambda message: re.sub(rb"9=\d+", b"9=9999", message, count=1),
        lambda message: re.sub(rb"9=\d+", b"9=", message, count=1),
        lambda message: re.sub(rb"9=\d+(\x01|\||\^A)", b"", message, count=1),
        lambda message: re.sub(rb"10=\d{3}", b"10=xxx", message, count=1),
        lambda message: re.sub(rb"10=\d{3}(\x01|\||\^A)", b"", message, count=1),
    ],
)
def test_a_damaged_message_is_read_on_request_and_says_so(damage, delimiter):
    changed = damage(printed(fill(1), delimiter))
    lines = [b"in: " + changed + b"\n", printed(fill(2), delimiter) + b"\n", changed]
    first, second, third = FixLog(lines, ignore_checksums=True)
    assert (first.text(17, "ExecID"), first.text(55, "Symbol"), third.text(17, "ExecID")) == ("e1", "ACME", "e1")
    assert "BodyLength" in first.damage or "CheckSum" in first.damage or "message" in first.damage
    assert (second.text(17, "ExecID"), second.damage) == ("e2", None)
    payload = FixDecoder().decode(first).raw_payload.encode()
    assert payload.rstrip(SOH) == changed.replace(delimiter, SOH).rstrip(SOH)
    with pytest.raises(InvalidInput):
        list(FixLog(lines))


def test_a_whole_message_over_several_lines_is_read_among_damaged_ones():
    message = wire("4.4", "8", [("17", "e1"), ("58", "first\n10=second\r\nthird")])
    lines = [*message.splitlines(keepends=True), b"\n", fill(2).replace(b"10.5", b"11.5")]
    assert entries(lines, ignore_checksums=True) == ["e1", "e2"]


def test_what_is_no_message_is_unreadable_however_little_is_checked():
    assert entries([b"8=FIX.4.4|9=5|nothing|\n", fill(1)], ignore_checksums=True) == ["line 1", "e1"]
    assert entries([b"8=FIX.4.4|9=5|34=1|35=8|\n"], ignore_checksums=True) == ["line 1"]


@given(
    st.lists(
        st.one_of(st.binary(max_size=40), st.sampled_from([fill(1), b"8=FIX.4.4|9=5|35=8|1=a|", b"8=FIX.4.4|35=8|"])),
        max_size=6,
    )
)
def test_nothing_but_messages_and_invalid_input_comes_of_damaged_bytes(pieces):
    lines = b"".join(pieces).splitlines(keepends=True)
    for entry in FixLog(lines, ignore_checksums=True).entries():
        assert isinstance(entry, InvalidInput) or entry.type


def test_a_single_message():
    assert read_message(fill(1)).type == "8"
    assert read_message(fill(1).removesuffix(SOH)) == read_message(fill(1))
    for garbled in (b"", b"x" + fill(1), fill(1) + b"x", fill(1)[:-5], fill(1) + fill(1)):
        with pytest.raises(InvalidInput):
            read_message(garbled)


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "simplefix", None)
    with pytest.raises(MissingExtra, match=r"sot-orders\[fix\]"):
        read_message(fill(1))


@pytest.mark.parametrize("lines", [[b"\n", b"no message here\n", b"nor here\n"], [b'{"report": {}}\n']])
def test_text_without_any_message_is_no_log(lines):
    with pytest.raises(InvalidInput, match=r"^line [12]: log: .*8=FIX"):
        execs(lines)


@pytest.mark.parametrize("lines", [[], [b"\n", b"  \n"], [b"started\n", fill(1)]])
def test_lines_beside_messages_and_nothing_at_all_are_a_log(lines):
    execs(lines)
