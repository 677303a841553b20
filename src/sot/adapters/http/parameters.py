"""Query parameters: the ones that routes share, and reading them strictly."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import attrs

from sot.adapters.http.http_errors import InvalidParameter
from sot.adapters.http.pages import MAX_TOKEN_CHARACTERS
from sot.adapters.http.schemas.builders import field_schema
from sot.adapters.http.schemas.decimals import DECIMAL, POSITIVE_DECIMAL, check_decimal
from sot.adapters.http.schemas.schema_refs import Schema, schema_ref, text_schema
from sot.application.input import text_values
from sot.application.input.time_zones import read_time_zone
from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind
from sot.domain.values.vocabulary import Method
from sot.ports.paging import LARGEST_PAGE

PAGE_SIZE = 50
_MAX_PARAMETERS = 200
_BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"[0-9]{1,18}", re.ASCII)


@attrs.frozen(kw_only=True)
class Parameter:
    """A query parameter.

    Attributes:
        schema: The schema of its value.
        read: Reads the values of a parameter, given its name and their texts; raises InvalidInput.
        repeatable: Whether it may occur more than once.
    """

    name: str
    description: str
    schema: Schema
    read: Callable[[str, Sequence[str]], Any]
    repeatable: bool = False
    required: bool = False


def single(name: str, kind: Kind, description: str, required: bool = False) -> Parameter:
    """Make a parameter with one value of a kind of field."""

    def read(field: str, texts: Sequence[str]) -> Any:
        if kind is fields.NUMBER:
            check_decimal(field, texts[0])
        return kind.check(field, texts[0])

    return Parameter(name=name, description=description, schema=field_schema(kind), read=read, required=required)


def repeatable(name: str, kind: Kind, description: str) -> Parameter:
    """Make a parameter that may occur more than once; its value is a tuple."""
    return Parameter(
        name=name,
        description=description + " Repeatable.",
        schema={"type": "array", "items": field_schema(kind)},
        read=lambda field, texts: tuple(kind.check(field, text) for text in texts),
        repeatable=True,
    )


def boolean(name: str, description: str) -> Parameter:
    """Make a parameter that is `true` or `false`."""

    def read(field: str, texts: Sequence[str]) -> bool:
        if texts[0] not in _BOOLEANS:
            raise InvalidInput(field, texts[0], "true or false")
        return _BOOLEANS[texts[0]]

    return Parameter(name=name, description=description, schema={"type": "boolean"}, read=read)


def integer(name: str, description: str, minimum: int = 0) -> Parameter:
    """Make a parameter that is an integer of at least `minimum`."""

    def read(field: str, texts: Sequence[str]) -> int:
        text = texts[0]
        if not _INTEGER.fullmatch(text) or int(text) < minimum:
            raise InvalidInput(field, text, f"an integer of at least {minimum}, with at most 18 digits")
        return int(text)

    schema: Schema = {"type": "integer", "minimum": minimum, "maximum": 10**18 - 1}
    return Parameter(name=name, description=description, schema=schema, read=read)


def _decimals_by_name(
    name: str, description: str, pattern: str, read: Callable[[str, Sequence[str]], Any]
) -> Parameter:
    """Make a parameter of the form NAME=DECIMAL that may occur once for each name."""

    def read_strictly(field: str, texts: Sequence[str]) -> Any:
        for text in texts:
            check_decimal(field, text.rpartition("=")[2])
        return read(field, texts)

    schema: Schema = {"type": "array", "items": {"type": "string", "pattern": pattern}}
    return Parameter(name=name, description=description, schema=schema, read=read_strictly, repeatable=True)


def _read_page_size(field: str, texts: Sequence[str]) -> int:
    size: int = _ANY_PAGE_SIZE.read(field, texts)
    return min(size, LARGEST_PAGE)


def _read_page_token(field: str, texts: Sequence[str]) -> str:
    token = texts[0]
    if not 0 < len(token) <= MAX_TOKEN_CHARACTERS or "\0" in token:
        raise InvalidInput(field, token, f"a page token: text of 1 to {MAX_TOKEN_CHARACTERS} characters")
    return token


# ------------------------------------------------------------------------------------------------------------- paging

_ANY_PAGE_SIZE = integer(
    "page_size",
    f"The largest number of items: {PAGE_SIZE} by default, at most {LARGEST_PAGE}. A page of long items has fewer.",
    minimum=1,
)
PAGE_SIZE_PARAMETER = attrs.evolve(_ANY_PAGE_SIZE, read=_read_page_size)
PAGE_TOKEN = Parameter(
    name="page_token",
    description="The `next_page_token` of the previous page.",
    schema=text_schema(MAX_TOKEN_CHARACTERS, 1),
    read=_read_page_token,
)
PAGING = (PAGE_SIZE_PARAMETER, PAGE_TOKEN)
NEWEST_FIRST = boolean("newest_first", "Whether the newest come first; by default the oldest do.")

# ------------------------------------------------------------------------------------------------------------ filters

ACCOUNT = single(
    "account_id",
    fields.NAME,
    "The account; required if the key has several. By default that of the key, or all for a key of all accounts.",
)
SINGLE_ACCOUNT = attrs.evolve(ACCOUNT, description="The account; by default that of the key, or `default`.")
VENUE = single("venue", fields.NAME, "The venue.")
ASSET = single("asset", fields.NAME, "The asset: a currency, the base of an instrument, or the symbol of a contract.")
SYMBOL = single("symbol", fields.NAME, "The instrument.")
VENUE_ACCOUNT = single("venue_account", fields.SCOPE, "The account at the venue; empty for what names none.")
STRATEGY = single("strategy_code", fields.NAME, "The strategy.")
SINCE = single("since", fields.TIME, "Happened at or after this time.")
BEFORE = single("before", fields.TIME, "Happened before this time.")
IN_CURRENCY = single(
    "in_currency",
    fields.NAME,
    "A reporting currency: each part is valued in it at the rate of its own time, with the gain from the currency "
    "apart. Rates are those of `rate`, else those of the server.",
)
TIME_ZONE = Parameter(
    name="time_zone",
    description="The time zone of days, such as `America/New_York`; UTC by default.",
    schema=text_schema(fields.NAME_LENGTH, 1),
    read=lambda field, texts: read_time_zone(field, texts[0]),
)
RECORDED_FROM = single("recorded_from", fields.TIME, "Recorded at or after this time.")
RECORDED_BEFORE = single("recorded_before", fields.TIME, "Recorded before this time.")

# ---------------------------------------------------------------------------------------------------------- valuation

METHOD = single("method", fields.member_of(Method), "The lot method of closing trades; AVERAGE by default.")
MARK = single("mark", fields.NUMBER, "A price to value at, in quote currency per unit.")
MARKET_PRICE = single("market_price", fields.NUMBER, "The same as `mark`; an alias for older clients.")

_POSITIVE = POSITIVE_DECIMAL.removeprefix("^")
_PRICE = DECIMAL.removeprefix("^")
RATE = _decimals_by_name(
    "rate",
    "Settlement currency per unit of a fee currency, such as `BNB=612.5`. Repeatable, once per currency.",
    rf"^[^=\u0000]{{1,200}}={_POSITIVE}",
    text_values.rates,
)
PAIR_RATE = _decimals_by_name(
    "rate",
    "Units of a currency per unit of another, such as `BNB/USDT=612.5`. Repeatable, once per pair.",
    rf"^[^=/\u0000]{{1,100}}/[^=/\u0000]{{1,100}}={_POSITIVE}",
    text_values.pairs,
)
MARKS = _decimals_by_name(
    "mark",
    "A price to value a symbol at, such as `BTC/USDT=50000`. Repeatable, once per symbol.",
    rf"^[^=\u0000]{{1,200}}={_PRICE}",
    text_values.marks,
)

# ----------------------------------------------------------------------------------------------------------- the past

AS_OF = Parameter(
    name="as_of",
    description="As it was known: up to a cursor of the feed (exact), or by a time of recording.",
    schema={"anyOf": [{"type": "string", "pattern": "^[0-9]{1,18}$"}, schema_ref("Time")]},
    read=lambda field, texts: text_values.cursor_or_time(field, texts[0]),
)
HAPPENED_BY = single("happened_by", fields.TIME, "As it had happened by this time, by the venues' clocks.")
PAST = (AS_OF, HAPPENED_BY)


def read_query(text: bytes, known: Mapping[str, Parameter]) -> dict[str, Any]:
    """Return the values of a query string by parameter. Absent parameters are left out.

    Raises:
        InvalidParameter: A parameter is unknown, repeated, missing or invalid, or the query is not UTF-8.
    """
    texts_by_name: dict[str, list[str]] = {}
    if text:
        try:
            pairs = parse_qsl(
                text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS
            )
        except ValueError:
            allowed = f"give percent-encoded UTF-8, at most {_MAX_PARAMETERS} parameters"
            raise InvalidParameter("query", allowed) from None
        for name, value in pairs:
            texts_by_name.setdefault(name, []).append(value)
    values: dict[str, Any] = {}
    for name, texts in texts_by_name.items():
        parameter = known.get(name)
        if parameter is None:
            raise InvalidParameter("query", "give only these parameters: " + (", ".join(known) or "none"))
        if len(texts) > 1 and not parameter.repeatable:
            raise InvalidParameter(name, "give it once")
        try:
            values[name] = parameter.read(name, texts)
        except InvalidInput as error:
            raise InvalidParameter(name, f"give {error.allowed}") from None
    for name, parameter in known.items():
        if parameter.required and name not in values:
            raise InvalidParameter(name, "give it: it is required")
    return values
