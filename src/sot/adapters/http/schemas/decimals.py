"""Decimals as JSON strings."""

import re

from sot.domain.values.errors import InvalidInput

DECIMAL = r"^-?(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,18})?$"
POSITIVE_DECIMAL = r"^(?=.*[1-9])(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,18})?$"

_DECIMAL = re.compile(DECIMAL.replace("$", r"\Z"), re.ASCII)
_ALLOWED = "an exact decimal as a string, with at most 20 integer and 18 fraction digits and no exponent"


def check_decimal(field: str, value: object) -> None:
    """Check that a value is a string in the notation of `DECIMAL`. A JSON number may have been rounded before.

    Raises:
        InvalidInput: It is not.
    """
    if type(value) is not str or not _DECIMAL.fullmatch(value):
        raise InvalidInput(field, value, _ALLOWED)
