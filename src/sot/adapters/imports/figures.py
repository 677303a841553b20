"""Figures of sources as exact numbers: from text of any notation, and from floats by their shortest text."""

import re
from decimal import Decimal
from typing import Any

from sot.adapters.imports.row_error import RowError
from sot.application.importing import prices
from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import FRACTION_DIGITS, exact, exact_float, rounded

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)

_LONGEST = 200


def read_number(name: str, text: str) -> Decimal:
    """Read a number as sources write it: with a plus sign, in parentheses if negative, with an exponent.

    Raises:
        RowError: The text is no number.
    """
    text = text.strip()
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1].strip()}"
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        raise RowError(f"{name}: {text[:40]!r} is no number")
    return Decimal(text)


def exact_number(name: str, number: Decimal) -> Decimal:
    """Return a number as a fact may have it.

    Raises:
        RowError: It has too many digits.
    """
    try:
        return exact(name, number)
    except InvalidInput as error:
        raise RowError(str(error)) from None


def rounded_number(number: Decimal) -> Decimal:
    """Round a number half-even to 18 fraction digits."""
    if abs(number.adjusted()) > _LONGEST:
        return number
    return rounded(number, FRACTION_DIGITS)


def fraction_digits(number: Decimal) -> int:
    """How many fraction digits the text of a number has."""
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def document_value(value: Any) -> Any:
    """Return a value of a database or a JSON document as it may be in a raw payload: floats by their shortest text."""
    if isinstance(value, float):
        try:
            return exact_float(value)
        except InvalidInput:
            return repr(value)
    if isinstance(value, dict):
        return {str(key): document_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [document_value(item) for item in value]
    if value is None or isinstance(value, (bool, int, str, Decimal)):
        return value
    return str(value)


def price_of(quantity: Decimal, amount: Decimal, instrument: Instrument) -> Decimal:
    """Compute the price of an execution from its quantity and its money; see `prices.price_of`.

    Raises:
        RowError: No price with 18 fraction digits gives this money.
    """
    try:
        return prices.price_of(quantity, amount, instrument)
    except InvalidInput as error:
        raise RowError(str(error)) from None
