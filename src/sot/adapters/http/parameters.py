"""Query parameters: what there are, and reading them strictly."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from sot.adapters.http.named import DECIMAL, POSITIVE_DECIMAL, Schema, named
from sot.adapters.http.named import text as text_schema
from sot.adapters.http.pages import LONGEST_TOKEN
from sot.adapters.http.refusals import InvalidParameter
from sot.adapters.http.route import Parameter
from sot.adapters.http.schemas import check_decimal, schema_of
from sot.application.input import text_values
from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind
from sot.domain.values.vocabulary import Method
from sot.ports.paging import LARGEST_PAGE

PAGE_SIZE = 50
_FLAGS = {"true": True, "false": False}
_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
_POSITIVE = POSITIVE_DECIMAL.removeprefix("^")
_PRICE = DECIMAL.removeprefix("^")


def one(name: str, kind: Kind, about: str, required: bool = False) -> Parameter:
    """A parameter whose value is of a kind of field."""

    def read(field: str, texts: Sequence[str]) -> Any:
        if kind is fields.NUMBER:
            check_decimal(field, texts[0])
        return kind.check(field, texts[0])

    return Parameter(
        name=name,
        about=about,
        schema=schema_of(kind),
        read=read,
        required=required,
    )


def several(name: str, kind: Kind, about: str) -> Parameter:
    """A parameter that may be given more than once."""
    return Parameter(
        name=name,
        about=about + " Repeatable.",
        schema={"type": "array", "items": schema_of(kind)},
        read=lambda field, texts: tuple(kind.check(field, text) for text in texts),
        many=True,
    )


def flag(name: str, about: str) -> Parameter:
    """`true` or `false`."""

    def read(field: str, texts: Sequence[str]) -> bool:
        if texts[0] not in _FLAGS:
            raise InvalidInput(field, texts[0], "true or false")
        return _FLAGS[texts[0]]

    return Parameter(name=name, about=about, schema={"type": "boolean"}, read=read)


def whole(name: str, about: str, least: int = 0) -> Parameter:
    """A whole number."""

    def read(field: str, texts: Sequence[str]) -> int:
        text = texts[0]
        if not _WHOLE.fullmatch(text) or int(text) < least:
            raise InvalidInput(field, text, f"a whole number of at least {least}, with at most 18 digits")
        return int(text)

    schema: Schema = {"type": "integer", "minimum": least, "maximum": 10**18 - 1}
    return Parameter(name=name, about=about, schema=schema, read=read)


def _page_size(field: str, texts: Sequence[str]) -> int:
    size: int = _SIZE.read(field, texts)
    return min(size, LARGEST_PAGE)


_SIZE = whole(
    "page_size",
    f"How many at most: {PAGE_SIZE} if nothing is said, and never more than {LARGEST_PAGE}; fewer where they are long.",
    1,
)
PAGE_SIZE_PARAMETER = Parameter(name=_SIZE.name, about=_SIZE.about, schema=_SIZE.schema, read=_page_size)


def _page_token(field: str, texts: Sequence[str]) -> str:
    token = texts[0]
    if not 0 < len(token) <= LONGEST_TOKEN or "\0" in token:
        raise InvalidInput(field, token, f"text of 1 to {LONGEST_TOKEN} characters, as it was given")
    return token


PAGE_TOKEN = Parameter(
    name="page_token",
    about="Where to go on: `next_page_token` of the page before.",
    schema=text_schema(LONGEST_TOKEN, 1),
    read=_page_token,
)
PAGING = (PAGE_SIZE_PARAMETER, PAGE_TOKEN)

ACCOUNT = one(
    "account_id",
    fields.NAME,
    "The account; needed where the key has several. Without it, that of the key, or all for a key of all accounts.",
)
VENUE = one("venue", fields.NAME, "The venue.")
SYMBOL = one("symbol", fields.NAME, "The instrument.")
STRATEGY = one("strategy_code", fields.NAME, "The strategy.")
SINCE = one("since", fields.TIME, "What happened at or after this time.")
BEFORE = one("before", fields.TIME, "What happened before this time.")
METHOD = one("method", fields.word(Method), "Which lots a closing trade takes first; AVERAGE if nothing is said.")
MARK = one("mark", fields.NUMBER, "A price to value at, in quote currency per unit.")
MARKET_PRICE = one("market_price", fields.NUMBER, "The same as `mark`, as earlier services called it.")

AS_OF = Parameter(
    name="as_of",
    about="As it was known: up to a cursor of the feed (exact), or by a time, which counts what was recorded by then.",
    schema={"anyOf": [{"type": "string", "pattern": "^[0-9]{1,18}$"}, named("Time")]},
    read=lambda field, texts: text_values.cursor_or_time(field, texts[0]),
)
HAPPENED_BY = one("happened_by", fields.TIME, "As it had happened, by the times that venues told.")
PAST = (AS_OF, HAPPENED_BY)


def _figures(name: str, about: str, pattern: str, read: Callable[[str, Sequence[str]], Any]) -> Parameter:
    """A parameter of the form NAME=FIGURE, given once for each name."""

    def strictly(field: str, texts: Sequence[str]) -> Any:
        for text in texts:
            check_decimal(field, text.rpartition("=")[2])
        return read(field, texts)

    schema: Schema = {"type": "array", "items": {"type": "string", "pattern": pattern}}
    return Parameter(name=name, about=about, schema=schema, read=strictly, many=True)


RATE = _figures(
    "rate",
    "Settlement currency per unit of a fee currency, such as `BNB=612.5`. Repeatable, each currency once.",
    rf"^[^=\u0000]{{1,200}}={_POSITIVE}",
    text_values.rates,
)
PAIR_RATE = _figures(
    "rate",
    "Units of a currency per unit of another, such as `BNB/USDT=612.5`. Repeatable, each pair once.",
    rf"^[^=/\u0000]{{1,100}}/[^=/\u0000]{{1,100}}={_POSITIVE}",
    text_values.pairs,
)
MARKS = _figures(
    "mark",
    "A price to value a symbol at, such as `BTC/USDT=50000`. Repeatable, each symbol once.",
    rf"^[^=\u0000]{{1,200}}={_PRICE}",
    text_values.marks,
)


def read_query(text: bytes, known: Mapping[str, Parameter]) -> dict[str, Any]:
    """The values of a query string, by parameter. Those that are not given are not there.

    Raises: InvalidParameter: an unknown name, one that is given twice, a value that is not allowed, bytes that are no
        UTF-8, or one that is missing.
    """
    given: dict[str, list[str]] = {}
    if text:
        try:
            pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
        except ValueError:
            raise InvalidParameter("query", "give percent-encoded UTF-8, at most 200 parameters") from None
        for name, value in pairs:
            given.setdefault(name, []).append(value)
    values: dict[str, Any] = {}
    for name, texts in given.items():
        parameter = known.get(name)
        if parameter is None:
            raise InvalidParameter("query", "give only these parameters: " + (", ".join(known) or "none"))
        if len(texts) > 1 and not parameter.many:
            raise InvalidParameter(name, "give it once")
        try:
            values[name] = parameter.read(name, texts)
        except InvalidInput as error:
            raise InvalidParameter(name, f"give {error.allowed}") from None
    for name, parameter in known.items():
        if parameter.required and name not in values:
            raise InvalidParameter(name, "give it: it is required")
    return values
