"""Exact numbers: what is allowed, the canonical text, and the only rounding rule."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import (
    add,
    canonical,
    exact,
    multiply,
    plain,
    positive,
    quotient,
    shared,
    split_by_weights,
)
from sot.testing.strategies import numbers

REFUSED = [
    1.5,
    float("nan"),
    True,
    None,
    b"1",
    [],
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    "NaN",
    "inf",
    "",
    " 1",
    "1 ",
    "1_000",
    "1,5",
    "+1",
    ".5",
    "5.",
    "0x10",
    "٣",
    "1e",
    "--1",
    "1\n",
    "1e999999999",
    "1E+400",
    Decimal("1e999999"),
    Decimal("1e-999999"),
    10**21,
    10**100_000,
    "100000000000000000000",
    "0.0000000000000000001",
    "123456789012345678901.5",
]


@pytest.mark.parametrize("value", REFUSED, ids=lambda value: repr(value)[:30] if not isinstance(value, int) else "int")
def test_inexact_values_are_refused(value):
    with pytest.raises(InvalidInput) as caught:
        exact("quantity", value)
    assert caught.value.field == "quantity"
    assert "quantity" in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1", "1"),
        (7, "7"),
        ("1.10", "1.1"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("1e3", "1000"),
        ("1E-18", "0.000000000000000001"),
        (Decimal("1E+19"), "10000000000000000000"),
        ("99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999"),
        ("007", "7"),
    ],
)
def test_a_number_is_read_as_its_canonical_form(value, text):
    assert exact("price", value) == Decimal(text)
    assert plain(exact("price", value)) == text


@given(numbers())
def test_no_digit_is_lost(number):
    read = exact("price", number)
    assert read == number
    assert exact("price", plain(read)) == read
    assert plain(read) == plain(canonical(number))
    assert "E" not in plain(read)


@pytest.mark.parametrize("value", ["0", "-1", "-0.000000000000000001"])
def test_a_positive_number_is_greater_than_zero(value):
    with pytest.raises(InvalidInput):
        positive("quantity", value)


@given(numbers(), numbers())
def test_sums_and_products_are_exact(one, other):
    assert Fraction(add(one, other)) == Fraction(one) + Fraction(other)
    assert Fraction(multiply(one, other)) == Fraction(one) * Fraction(other)


@given(numbers(), numbers().filter(bool))
def test_quotients_are_rounded_once_half_even_at_36_digits(one, other):
    result = quotient(one, other)
    expected = Fraction(one) / Fraction(other) * 10**36
    assert Fraction(result) * 10**36 == round(expected)  # Fraction rounds half to even


@pytest.mark.parametrize(("digits", "last"), [("149999", "1"), ("150001", "2"), ("249999", "2"), ("250001", "3")])
def test_a_quotient_beside_the_half_is_not_rounded_to_it_first(digits, last):
    zeros = "0" * 35
    assert quotient(Decimal(f"1.{zeros}{digits}"), Decimal(1)) == Decimal(f"1.{zeros}{last}")


def test_a_quotient_on_the_half_is_rounded_to_the_even_digit():
    half = Decimal("0.5").scaleb(-36, Context(prec=60))
    assert quotient(half, Decimal(1)) == 0
    assert quotient(multiply(half, Decimal(3)), Decimal(1)) == Decimal("2E-36")
    assert Context(prec=36, rounding=ROUND_HALF_EVEN).divide(Decimal(1), Decimal(3)) == quotient(Decimal(1), Decimal(3))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=40, min_value=-(10**10), max_value=10**10))
def test_canonical_changes_only_how_a_number_prints(number):
    assert canonical(number) == number
    text = str(canonical(number))
    assert not (text.endswith("0") and "." in text and "E" not in text)


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        ("10", ["1", "1", "2"], ["2.5", "2.5", "5"]),
        ("1", ["1", "2"], ["0.333333333333333333333333333333333333", "0.666666666666666666666666666666666667"]),
        ("-4", ["1", "3"], ["-1", "-3"]),
        ("7", ["0", "0"], ["0", "7"]),
        ("0", ["1", "3"], ["0", "0"]),
        ("5", ["3"], ["5"]),
        ("5", [], []),
    ],
)
def test_a_total_is_split_by_weights_and_the_last_one_gets_what_is_left(total, weights, shares):
    split = split_by_weights(Decimal(total), [Decimal(weight) for weight in weights])
    assert [plain(part) for part in split] == shares


def test_a_number_that_is_known_is_shared_only_if_it_has_the_same_digits():
    known = Decimal("2.50")
    assert shared(Decimal("2.50"), known) is known
    for other in (Decimal("2.5"), Decimal("2.51"), Decimal("-2.50")):
        assert shared(other, known) is other
        assert shared(other, None) is other
