"""Query parameters of the page: those of the JSON API, read as forms send them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

import attrs

from sot.adapters.http import parameters
from sot.adapters.http.http_errors import InvalidParameter
from sot.adapters.http.parameters import Parameter
from sot.adapters.http.schemas.schema_refs import text_schema
from sot.application.input.days import is_day, read_day, start_of_day
from sot.domain.accounting.rates import Mark
from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import plain
from sot.domain.values.times import time_text

_LONGEST_TIME = 40
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


def _read_day_or_time(field: str, texts: Sequence[str]) -> date | datetime:
    text = in_utc(texts[0].strip())
    if is_day(text):
        return read_day(field, text)
    at: datetime = fields.TIME.check(field, text)
    return at


def day_or_time(name: str, description: str) -> Parameter:
    """Make a parameter that is a time, or a day; see `time_of`."""
    return Parameter(name=name, description=description, schema=text_schema(_LONGEST_TIME), read=_read_day_or_time)


def time_of(name: str, value: date | datetime | None, zone: tzinfo) -> datetime | None:
    """Return the time that a day or a time means: a day is its beginning in a zone."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        return start_of_day(name, value, zone)
    except InvalidInput as error:
        raise InvalidParameter(name, f"give {error.allowed}") from None


def query_texts(value: object) -> str | list[str]:
    """Return a value of a parameter as the text, or the texts, that it is read from."""
    if isinstance(value, tuple):
        return [query_text(item) for item in value]
    if isinstance(value, Mapping):
        return [f"{_name_text(name)}={query_text(item)}" for name, item in value.items()]
    return query_text(value)


def _name_text(name: object) -> str:
    return "/".join(name) if isinstance(name, tuple) else str(name)


def query_text(value: object) -> str:
    """Return a value of a parameter as the text that it is read from."""
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, Mark):
        return f"{plain(value.price)} {value.currency}" if value.currency else plain(value.price)
    if isinstance(value, Decimal):
        return plain(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def without_blanks(query: bytes) -> bytes:
    """Return a query string without the parameters that have no value, as a form sends them for empty fields."""
    return b"&".join(part for part in query.split(b"&") if part.partition(b"=")[2])
