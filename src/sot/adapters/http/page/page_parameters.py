"""Query parameters of the page: those of the JSON API, read as forms send them."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs

from sot.adapters.http import parameters
from sot.adapters.http.parameters import Parameter
from sot.domain.values.times import time_text

_WITHOUT_ZONE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]{1,6})?)?", re.ASCII
)


def in_utc(text: str) -> str:
    """Return a time without a zone, as a browser's field sends it, as a time in UTC; other texts as they are."""
    match = _WITHOUT_ZONE.fullmatch(text)
    return text if match is None else f"{match[1]}T{match[2]}{match[3] or ':00'}Z"


def from_form(parameter: Parameter) -> Parameter:
    """Return a parameter that takes times without a zone, too; they are in UTC."""

    def read(field: str, texts: Sequence[str]) -> Any:
        return parameter.read(field, [in_utc(text.strip()) for text in texts])

    return attrs.evolve(parameter, read=read)


AS_OF = from_form(parameters.AS_OF)


def query_text(value: object) -> str:
    """Return a value of a parameter as the text that it is read from."""
    if isinstance(value, datetime):
        return time_text(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def without_blanks(query: bytes) -> bytes:
    """Return a query string without the parameters that have no value, as a form sends them for empty fields."""
    return b"&".join(part for part in query.split(b"&") if part.partition(b"=")[2])
