"""Exact numbers: what may enter, how it is written, and the one rounding rule.

A fact has at most 20 integer and 18 fraction digits. Floats, NaN, infinities, stray characters and exponents beyond
these bounds are refused. Derived sums have no such bound; nothing here ever rounds except `quotient`.
"""

import re
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
from functools import cache
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
    raise InvalidInput(field, value, f"{allowed}, as Decimal, int or text (never a float)")


def bounded(field: str, value: object, integer_digits: int, fraction_digits: int, allowed: str) -> Decimal:
    """`value` as a canonical Decimal within the given numbers of digits.

    Raises: InvalidInput: not an exact, finite number, or with more digits than allowed.
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


def exact(field: str, value: object) -> Decimal:
    """`value` (Decimal, int or str) as the canonical Decimal that a fact may hold; `-0` and trailing zeros go.

    Raises: InvalidInput: floats, NaN, infinities, stray characters, too many digits.
    """
    return bounded(field, value, INTEGER_DIGITS, FRACTION_DIGITS, _ALLOWED)


def exact_wide(field: str, value: object) -> Decimal:
    """`value` as a number to compute with in an answer: like `exact`, with as many fraction digits as a `quotient`.

    Raises: InvalidInput: floats, NaN, infinities, stray characters, too many digits.
    """
    return bounded(field, value, INTEGER_DIGITS, QUOTIENT_DIGITS, _ALLOWED_WIDE)


def positive(field: str, value: object) -> Decimal:
    """Like `exact`, and greater than zero.

    Raises: InvalidInput: not exact, or not positive.
    """
    number = exact(field, value)
    if number <= ZERO:
        raise InvalidInput(field, value, "a number greater than zero")
    return number


def plain(number: Decimal) -> str:
    """The canonical text of a number: no exponent, no trailing zeros, no `-0`."""
    text = str(number)
    if "E" not in text and (text[-1] != "0" or "." not in text):
        return "0" if text == "-0" else text
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def canonical(number: Decimal) -> Decimal:
    """The same number with the digits of its canonical text, so that equal numbers also print alike."""
    text = str(number)
    if "E" in text or text == "-0":
        return Decimal(plain(number))
    if text[-1] == "0" and "." in text:
        return Decimal(plain(number))
    return number


@cache
def _contexts(digits: int) -> tuple[Context, Context]:
    # ROUND_05UP keeps the sticky digit, so that rounding twice cannot differ from rounding once.
    wide = Context(prec=digits, rounding=ROUND_05UP, Emax=MAX_EMAX, Emin=MIN_EMIN)
    whole = Context(prec=digits + QUOTIENT_DIGITS, rounding=ROUND_HALF_EVEN, Emax=MAX_EMAX, Emin=MIN_EMIN)
    return wide, whole


_QUANTUM = Decimal((0, (1,), -QUOTIENT_DIGITS))


def _divided(dividend: Decimal, divisor: Decimal) -> Decimal:
    digits = max(dividend.adjusted() - divisor.adjusted(), 0) + QUOTIENT_DIGITS + 4
    wide, whole = _contexts(digits)
    return wide.divide(dividend, divisor).quantize(_QUANTUM, None, whole)


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """`dividend / divisor`, half-even at 36 fraction digits: the only rounding of derived figures."""
    return canonical(_divided(dividend, divisor))


def share(total: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """What falls to `part` of `whole` when `total` is divided among it: a `quotient`, but all of it exactly.

    What is left is to be found by subtraction. The result may have trailing zeros.
    """
    return total if part == whole else _divided(multiply(total, part), whole)


def exactly() -> AbstractContextManager[Context]:
    """Inside this block `+`, `-` and `*` on Decimals are exact, and anything that would round raises.

    For loops over many amounts, where the operators are twice as fast as `add` and `multiply`. Only our own arithmetic
    belongs inside: the context is the thread's.
    """
    return localcontext(_EXACT)
