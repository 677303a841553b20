"""Fold keys: the order of what happened, as a text that sorts by code point."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sot.domain.values.position_key import Stage, fold_key, moment_key, natural_key, natural_parts, order_marks

T0 = datetime(2026, 1, 5, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=3)
ids = st.text(st.sampled_from("0123456789019a:/ -é"), max_size=14)
times = st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)) | st.just(T0)
numbers = st.integers(0, 2**63 - 1) | st.just(0)
NAMES = ("venue_time_ns", "venue", "venue_sequence", "exec_id", "venue_order_id", "leg")
key_parts = st.tuples(times, st.sampled_from(Stage), numbers, texts, numbers | st.none(), ids, ids, ids, texts, numbers)


def key(parts):
    at, stage, *named, order_id, sequence = parts
    return fold_key(at, stage, order_id, sequence, **dict(zip(NAMES, named, strict=True)))


def natural(text):
    """The tokens of a text: bytes and numbers, each with the byte where it sorts."""
    tokens = re.findall("[0-9]+|[^0-9]", text)
    return [
        (0x30, int(token)) if token[0] in "0123456789" else (byte, 0)
        for token in tokens
        for byte in (token.encode() if token[0] not in "0123456789" else b"0")
    ]


def model(parts):
    at, stage, ns, venue, venue_sequence, *names, order_id, sequence = parts
    number = -1 if venue_sequence is None else venue_sequence
    return at, stage, ns, venue.encode(), number, [natural(name) for name in names], order_id.encode(), sequence


@given(key_parts, key_parts)
def test_a_fold_key_sorts_as_its_parts(one, other):
    assert (key(one) < key(other)) == (model(one) < model(other))
    assert (key(one) == key(other)) == (model(one) == model(other))
    assert key(one).startswith(moment_key(one[0]))


@given(ids, ids)
@example("9", "10")
@example("T-99999999", "T-100000000")
@example("1" * 8, "1" * 9)
@example("1" * 99, "1" * 100)
@example("a9b", "a10")
@example("a/", "a0")
@example("a:", "a9")
def test_ids_sort_naturally(one, other):
    assert (natural_key(one) < natural_key(other)) == (natural(one) < natural(other))


@pytest.mark.parametrize("digits", [1, 8, 9, 10, 99, 100, 255])
def test_numbers_of_any_length_sort_by_value(digits):
    smaller, larger = "9" * digits, "1" + "0" * digits
    assert natural_key(smaller) < natural_key(larger) < natural_key(larger + "x") < natural_key("x")


def test_leading_zeros_do_not_count():
    assert natural_key("T007") == natural_key("T7") < natural_key("T08")
    assert list(natural_parts(natural_key("T007-x"))) == ["54", 7, "2d78"]


@given(ids)
@example("1" * 8)
@example("a" + "1" * 9)
@example("1" * 99 + ":")
@example(":" + "1" * 100)
def test_the_parts_of_a_text_are_read_from_its_key(text):
    parts = [part for part in re.split("([0-9]+)", text) if part]
    assert list(natural_parts(natural_key(text))) == [
        int(part) if part[0] in "0123456789" else part.encode().hex() for part in parts
    ]


@given(key_parts)
def test_a_fold_key_has_what_tells_the_order(parts):
    marks = order_marks(key(parts))
    assert marks == (parts[2], parts[4], tuple(natural_parts(natural_key(parts[5]))))


def test_ids_without_a_running_number_come_first():
    ordered = [None, 0, 1, 10, 2**63 - 1]
    keys = [fold_key(T0, Stage.FILLS, "o", 1, venue_sequence=number) for number in ordered]
    assert keys == sorted(keys)
