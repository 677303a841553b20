"""Exact numbers: their bounds, their canonical text, and the only rounding rule.

1. A fact has at most 20 integer and 18 fraction digits. Floats, NaN, infinities, stray characters and exponents beyond
   these bounds are refused.
2. Derived sums have no bounds.
3. Nothing rounds but `quotient`.
"""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_05UP,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import cache, reduce
from typing import Any

from sot.domain.values.errors import InvalidInput

INTEGER_DIGITS = 20

FRACTION_DIGITS = 18

QUOTIENT_DIGITS = 36

ZERO = Decimal(0)

ONE = Decimal(1)

_EXACT = Context(
    prec=100_000,
    Emax=MAX_EMAX,
    Emin=MIN_EMIN,
    traps=[Inexact, InvalidOperation, Overflow, DivisionByZero],
)
"""The context of sums, differences and products: what would have to be rounded raises.

Rules: ROUND-1, ROUND-4.
"""


add = _EXACT.add

subtract = _EXACT.subtract

multiply = _EXACT.multiply

_TEXT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)

_TEXT_LENGTH = 400

_ALLOWED_WIDE = f"an exact decimal with at most {INTEGER_DIGITS} integer and {QUOTIENT_DIGITS} fraction digits"

_ALLOWED = f"an exact decimal with at most {INTEGER_DIGITS} integer and {FRACTION_DIGITS} fraction digits"


def _read(field: str, value: Any, allowed: str) -> Decimal:
    kind = type(value)
    if kind is int and value.bit_length() < 4 * _TEXT_LENGTH:
        return Decimal(value)
    if kind is str and len(value) <= _TEXT_LENGTH and _TEXT.fullmatch(value):
        return Decimal(value)
    raise InvalidInput(field, value, f"{allowed}, as Decimal, int or text (never a float: convert one with sot.exact)")


def bounded(field: str, value: object, integer_digits: int, fraction_digits: int, allowed: str) -> Decimal:
    """Read a number within bounds.

    Args:
        field: The name of the field, for the error.
        value: Decimal, int or text.
        integer_digits: The largest number of integer digits.
        fraction_digits: The largest number of fraction digits.
        allowed: What is allowed, for the error.

    Returns:
        The canonical Decimal.

    Raises:
        InvalidInput: The value is not an exact, finite number, or has more digits than allowed.
    """
    number = value if type(value) is Decimal else _read(field, value, allowed)
    text = str(number)
    head, dot, tail = text.partition(".")
    if (
        head.isdigit()
        and (not dot or (tail.isdigit() and tail[-1] != "0"))
        and len(head) <= integer_digits
        and len(tail) <= fraction_digits
    ):
        return number
    if not number.is_finite() or (number and not -integer_digits * 2 <= number.adjusted() < integer_digits):
        raise InvalidInput(field, value, allowed)
    if len(number.as_tuple().digits) > _TEXT_LENGTH + integer_digits + fraction_digits:
        raise InvalidInput(field, value, allowed)
    text = plain(number)
    head, _, tail = text.lstrip("-").partition(".")
    if len(head) > integer_digits or len(tail) > fraction_digits:
        raise InvalidInput(field, value, allowed)
    return Decimal(text)


_PLAIN = re.compile(rf"[0-9]{{1,{INTEGER_DIGITS}}}(?:\.[0-9]{{0,{FRACTION_DIGITS - 1}}}[1-9])?", re.ASCII)

is_plain = _PLAIN.fullmatch
"""Whether the text of a Decimal is its canonical one, within the bounds of facts. Some others are canonical, too."""


def exact(field: str, value: object) -> Decimal:
    """Read a number as a fact may have it. `-0` and trailing zeros are removed.

    Args:
        field: The name of the field, for the error.
        value: Decimal, int or text.

    Raises:
        InvalidInput: A float, NaN, an infinity, stray characters, or too many digits.

    Rules: INPUT-2, REFUSE-6.
    """
    return bounded(field, value, INTEGER_DIGITS, FRACTION_DIGITS, _ALLOWED)


def exact_float(value: float | str | Decimal) -> Decimal:
    """Return a number from a float, by the shortest decimal text that gives the float again: 0.1 for `0.1`.

    `sot` refuses floats, because nobody can see which decimal was meant. Where only floats are to be had, this says so
    in the code. Decimals, whole numbers and text are read, too.

    Raises:
        InvalidInput: The value is NaN or infinite, or has too many digits.
    """
    return exact("value", float.__repr__(value) if isinstance(value, float) else value)


def exact_wide(field: str, value: object) -> Decimal:
    """Read a number that is only computed with, and not recorded: as `exact`, with 36 fraction digits.

    Args:
        field: The name of the field, for the error.
        value: Decimal, int or text.

    Raises:
        InvalidInput: A float, NaN, an infinity, stray characters, or too many digits.
    """
    return bounded(field, value, INTEGER_DIGITS, QUOTIENT_DIGITS, _ALLOWED_WIDE)


def positive(field: str, value: object) -> Decimal:
    """Read a number as `exact`, which must be greater than zero.

    Args:
        field: The name of the field, for the error.
        value: Decimal, int or text.

    Raises:
        InvalidInput: The value is not exact or not positive.
    """
    number = exact(field, value)
    if number <= ZERO:
        raise InvalidInput(field, value, "a number greater than zero")
    return number


def plain(number: Decimal) -> str:
    """Return the canonical text of a number: no exponent, no trailing zeros, no `-0`."""
    text = str(number)
    if "E" not in text and (text[-1] != "0" or "." not in text):
        return "0" if text == "-0" else text
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def positive_or_none(number: Decimal | None) -> Decimal | None:
    """Return a number that is above zero; None for any other one."""
    return number if number is not None and number > ZERO else None


def canonical(number: Decimal) -> Decimal:
    """Return the number with the digits of its canonical text, so that equal numbers print alike."""
    if not number:
        return ZERO
    text = str(number)
    if "E" in text or (text[-1] == "0" and "." in text):
        number = number.normalize(_EXACT)
        if "E+" in str(number):  # a whole number with zeros at its end: the canonical text has them
            return Decimal(plain(number))
    return number


def shared(number: Decimal, known: Decimal | None) -> Decimal:
    """Return the known number if it is the same, so that one object is kept of what is stored twice."""
    return known if known is not None and known == number and known.same_quantum(number) else number


@cache
def _contexts(digits: int) -> tuple[Context, Context]:
    """The contexts to divide in, and to round in."""
    # ROUND_05UP keeps the sticky digit, so that rounding twice cannot differ from rounding once.
    dividing = Context(prec=digits, rounding=ROUND_05UP, Emax=MAX_EMAX, Emin=MIN_EMIN)
    rounding = Context(prec=digits + QUOTIENT_DIGITS, rounding=ROUND_HALF_EVEN, Emax=MAX_EMAX, Emin=MIN_EMIN)
    return dividing, rounding


_QUANTUM = Decimal((0, (1,), -QUOTIENT_DIGITS))


def _divided(dividend: Decimal, divisor: Decimal) -> Decimal:
    digits = max(dividend.adjusted() - divisor.adjusted(), 0) + QUOTIENT_DIGITS + 4
    dividing, rounding = _contexts(digits)
    return dividing.divide(dividend, divisor).quantize(_QUANTUM, None, rounding)


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Divide, and round half-even at 36 fraction digits: the only rounding of derived figures.

    Rules: ROUND-2.
    """
    return canonical(_divided(dividend, divisor))


def rounded(number: Decimal, digits: int) -> Decimal:
    """Return a number half-even at a count of fraction digits, to try whether it is the one that was meant.

    Args:
        number: A number with at most 36 fraction digits.
        digits: The fraction digits to keep.
    """
    _, rounding = _contexts(max(number.adjusted(), 0) + QUOTIENT_DIGITS + 4)
    return canonical(number.quantize(Decimal((0, (1,), -digits)), None, rounding))


def share(total: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Return the share of a total that belongs to a part of a whole, rounded as a `quotient`.

    All of the whole has exactly the total. Compute the rest by subtraction, so that the sum stays exact. The result may
    have trailing zeros.

    Args:
        total: The amount to divide.
        part: The part, at most the whole.
        whole: The whole that the total belongs to.

    Rules: ROUND-3.
    """
    return total if part == whole else _divided(multiply(total, part), whole)


def split_by_weights(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split a total by weights, exactly: each gets its `share` of what those before it left, the last one all of that.

    Args:
        total: The amount to split.
        weights: The weights, none below zero.
    """
    shares: list[Decimal] = []
    rest = ZERO if len(weights) < 2 else reduce(add, weights)
    for weight in weights[:-1]:
        part = share(total, weight, rest) if total and rest else ZERO
        shares.append(part)
        total, rest = subtract(total, part), subtract(rest, weight)
    return [*shares, total] if weights else shares


def exactly() -> AbstractContextManager[Context]:
    """Return a context manager in which `+`, `-` and `*` on Decimals are exact, and whatever would round raises.

    It is for loops over many amounts, where the operators are twice as fast as `add` and `multiply`. Do not call code
    of others inside: the context is that of the thread.
    """
    return localcontext(_EXACT)
