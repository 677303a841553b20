"""Reading and checking mapping files. Every key of docs/reference/import-mapping.md is read here, and no other one."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sot.adapters.imports.csv_mapping.conditions import Condition, read_condition
from sot.adapters.imports.csv_mapping.expressions import Expression
from sot.adapters.imports.csv_mapping.keys import (
    read_expression,
    read_flag,
    read_number_expression,
    read_pattern,
    read_text,
    read_texts,
    read_time_expression,
    read_word,
    read_words,
    table,
)
from sot.adapters.imports.csv_mapping.sections import (
    CsvMapping,
    EventSection,
    Fees,
    FileFormat,
    IgnoredSection,
    InstrumentTerms,
    LegSection,
    Pair,
    Realized,
    StatedBalance,
    TradeSection,
)
from sot.application.input.time_zones import read_time_zone
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import Method
from sot.ports.readers import StatedFigure

FIGURES = {
    "gross": StatedFigure.REALIZED_GROSS,
    "net": StatedFigure.REALIZED_NET,
    "paid": StatedFigure.REALIZED_PAID,
}

METHODS = {str(method): method for method in Method}

SIGNS = {"cost": False, "cash": True}
"""Whether a fee that was paid is negative in the file: `cost` is positive when paid, `cash` negative."""


def read_mapping(text: str, name: str) -> CsvMapping:
    """Read a mapping.

    Args:
        text: The text of a mapping file.
        name: What errors call it, such as its path.

    Raises:
        InvalidInput: It is no TOML, lacks a key, or has one that is unknown or not allowed.
    """
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(name, text[:40], f"a mapping in TOML ({error})") from None
    mapping = _mapping(document, name)
    if not (mapping.trades or mapping.events or mapping.legs):
        raise InvalidInput(name, "no sections", "at least one section [[trade]], [[event]] or [[leg]]")
    return mapping


def _mapping(document: Mapping[str, Any], name: str) -> CsvMapping:
    with table(document, name) as keys:
        return CsvMapping(
            name=name,
            title=keys.required("title", read_text),
            venue=keys.optional("venue", read_text),
            zone=keys.optional("zone", read_time_zone),
            newest_first=keys.optional("newest_first", read_flag, False),
            finished_orders=keys.optional("finished_orders", read_flag, True),
            ids_ignore=keys.optional("ids_ignore", read_texts, ()),
            file=keys.optional("file", _file_format, FileFormat()),
            quotes=keys.optional("quotes", read_texts, ()),
            assets=keys.optional("assets", read_words, {}),
            ignored=keys.sections("ignore", _ignored),
            trades=keys.sections("trade", _trade),
            events=keys.sections("event", _event),
            legs=keys.sections("leg", _leg),
        )


def _file_format(name: str, value: Any) -> FileFormat:
    with table(value, name) as keys:
        return FileFormat(
            delimiter=keys.optional("delimiter", _character, ","),
            quote=keys.optional("quote", _character, '"'),
            encoding=keys.optional("encoding", _encoding, "utf-8-sig"),
            optional=keys.optional("optional", read_texts, ()),
            header=keys.optional("header", read_texts, ()),
        )


def _character(name: str, value: Any) -> str:
    text = read_text(name, value)
    if len(text) != 1:
        raise InvalidInput(name, value, "one character, such as ; or a tab")
    return text


def _encoding(name: str, value: Any) -> str:
    text = read_text(name, value)
    try:
        "".encode(text)
    except LookupError:
        raise InvalidInput(name, value, "an encoding such as utf-8, utf-16 or cp1252") from None
    return "utf-8-sig" if text.lower().replace("_", "-") in ("utf-8", "utf8") else text


def _ignored(name: str, value: Any) -> IgnoredSection:
    with table(value, name) as keys:
        return IgnoredSection(when=keys.required("when", read_condition), reason=keys.required("reason", read_text))


def _trade(name: str, value: Any) -> TradeSection:
    with table(value, name) as keys:
        section = TradeSection(
            when=keys.optional("when", read_condition, Condition()),
            time=keys.required("time", read_time_expression),
            venue_account=keys.optional("venue_account", read_expression),
            balance=keys.optional("balance", _balance),
            instrument=keys.required("instrument", _instrument),
            quantity=keys.required("quantity", read_number_expression),
            price=keys.optional("price", read_number_expression),
            amount=keys.optional("amount", read_number_expression),
            side=keys.optional("side", read_expression),
            exec_id=keys.optional("exec_id", read_expression),
            order_id=keys.optional("order_id", read_expression),
            client_order_id=keys.optional("client_order_id", read_expression),
            liquidity=keys.optional("liquidity", read_expression),
            position_side=keys.optional("position_side", read_expression),
            text=keys.optional("text", read_expression),
            fees=keys.sections("fee", _fees),
            realized=keys.optional("realized", _realized),
        )
    if section.price is None and section.amount is None:
        raise InvalidInput(f"{name}.price", None, "a price, or an amount from which the price follows")
    return section


def _event(name: str, value: Any) -> EventSection:
    with table(value, name) as keys:
        return EventSection(
            when=keys.optional("when", read_condition, Condition()),
            time=keys.required("time", read_time_expression),
            venue_account=keys.optional("venue_account", read_expression),
            balance=keys.optional("balance", _balance),
            type=keys.required("type", _event_type),
            instrument=keys.optional("instrument", _instrument),
            amount=keys.optional("amount", read_number_expression),
            currency=keys.optional("currency", read_expression),
            symbol=keys.optional("symbol", read_expression),
            quantity=keys.optional("quantity", read_number_expression),
            cost=keys.optional("cost", read_number_expression),
            id=keys.optional("id", read_expression),
            reason=keys.optional("reason", read_expression),
            fees=keys.sections("fee", _fees),
        )


def _event_type(name: str, value: Any) -> Expression:
    """An expression; a plain text is the type itself, not a column."""
    return Expression(name=name, constant=value) if isinstance(value, str) else read_expression(name, value)


def _leg(name: str, value: Any) -> LegSection:
    with table(value, name) as keys:
        return LegSection(
            when=keys.optional("when", read_condition, Condition()),
            time=keys.required("time", read_time_expression),
            venue_account=keys.optional("venue_account", read_expression),
            balance=keys.optional("balance", _balance),
            reference=keys.required("reference", read_expression),
            asset=keys.required("asset", read_expression),
            amount=keys.required("amount", read_number_expression),
            is_fee=keys.optional("is_fee", read_flag, False),
            fees=keys.sections("fee", _fees),
        )


def _fees(name: str, value: Any) -> Fees:
    with table(value, name) as keys:
        return Fees(
            amount=keys.required("amount", read_number_expression),
            currency=keys.optional("currency", read_expression),
            paid_is_negative=keys.required("sign", lambda name, value: read_word(name, value, SIGNS)),
        )


def _realized(name: str, value: Any) -> Realized:
    with table(value, name) as keys:
        return Realized(
            amount=keys.required("amount", read_number_expression),
            figure=keys.required("figure", lambda name, value: read_word(name, value, FIGURES)),
            currency=keys.optional("currency", read_expression),
            digits=keys.optional("digits", _digits),
            method=keys.optional("method", lambda name, value: read_word(name, value, METHODS), Method.AVERAGE),
        )


def _digits(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 18:
        raise InvalidInput(name, value, "a whole number from 0 to 18")
    return value


def _balance(name: str, value: Any) -> StatedBalance:
    with table(value, name) as keys:
        return StatedBalance(
            amount=keys.required("amount", read_number_expression), asset=keys.required("asset", read_expression)
        )


def _instrument(name: str, value: Any) -> InstrumentTerms:
    with table(value, name) as keys:
        terms = InstrumentTerms(
            kind=keys.required("kind", _event_type),
            pair=keys.optional("pair", _pair),
            symbol=keys.optional("symbol", read_expression),
            base=keys.optional("base", read_expression),
            quote=keys.optional("quote", read_expression),
            settle=keys.optional("settle", read_expression),
            multiplier=keys.optional("multiplier", read_number_expression),
            inverse=keys.optional("inverse", read_flag, False),
            underlying=keys.optional("underlying", read_expression),
            strike=keys.optional("strike", read_number_expression),
            right=keys.optional("right", read_expression),
            expires_at=keys.optional("expires_at", read_time_expression),
        )
    if terms.pair is None and terms.quote is None:
        raise InvalidInput(f"{name}.quote", None, "a quote currency, or a pair that names it")
    if terms.pair is None and terms.symbol is None and terms.base is None:
        raise InvalidInput(f"{name}.symbol", None, "a symbol, a pair, or a base")
    return terms


def _pair(name: str, value: Any) -> Pair:
    with table(value, name) as keys:
        separator = keys.optional("separator", read_text, "")
        quotes = keys.optional("quotes", read_texts, ())
        split = keys.optional("split", _split_pattern)
        text = read_expression(name, keys.rest())
    if sum(map(bool, (separator, quotes, split))) != 1:
        raise InvalidInput(name, value, "one of separator, quotes (a list of quote currencies) and split (a pattern)")
    return Pair(text=text, separator=separator, quotes=tuple(sorted(quotes, key=len, reverse=True)), split=split)


def _split_pattern(name: str, value: Any) -> re.Pattern[str]:
    pattern = read_pattern(name, value)
    if not {"base", "quote"} <= set(pattern.groupindex):
        raise InvalidInput(name, value, "a pattern with the groups (?P<base>...) and (?P<quote>...)")
    return pattern
