"""Helpers that the conversions of all subjects share."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from json.encoder import encode_basestring
from typing import Any, TypeVar

import attrs

from sot.adapters.sqlalchemy.errors import UNREADABLE
from sot.domain.values.canonical import read_canonical
from sot.domain.values.errors import StoreDamaged
from sot.domain.values.numbers import plain
from sot.domain.values.vocabulary import Liquidity, OrderType, PositionSide, ReportingType, Side

Values = dict[str, Any]
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def _members(vocabulary: type[E]) -> Mapping[str | None, E | None]:
    """Return the members of a vocabulary by text: a look-up takes a fifth of the time of a call."""
    return {None: None, **{str(member): member for member in vocabulary}}


SIDES = _members(Side)
POSITION_SIDES = _members(PositionSide)
ORDER_TYPES = _members(OrderType)
LIQUIDITIES = _members(Liquidity)
REPORTING_TYPES = _members(ReportingType)


def read(url: str, name: str, convert: Callable[..., T], *row: Any) -> T:
    """Return what `convert` makes of a row.

    Args:
        url: The address of the store, for the message.
        name: The name of the row, for the message; a template of it, such as `"order {0.order_id}"`, if a row is given.
        convert: A function that converts the row.
        *row: The row, and what else the function takes.

    Raises:
        StoreDamaged: The row cannot be read.
    """
    try:
        return convert(*row)
    except UNREADABLE as error:
        raise StoreDamaged(url, f"{name.format(*row) if row else name} cannot be read ({error})") from error


def amounts_text(amounts: Mapping[str, Decimal]) -> str:
    """Return amounts by currency as JSON."""
    return "{" + ",".join(f'{encode_basestring(key)}:"{plain(amounts[key])}"' for key in sorted(amounts)) + "}"


def read_amounts(text: str) -> dict[str, Decimal]:
    """Return the amounts by currency of a JSON text."""
    return {key: Decimal(value) for key, value in read_canonical(text).items()}


def picker(cls: type[Any], names: str = "") -> Callable[[Any], Values]:
    """Return a function that returns fields of a class by name, from a value or from a row with columns of these names.

    It is generated as straight code, since it runs for every row.

    Args:
        cls: A class of attrs.
        names: The names, separated by spaces; each is a field of the class. None are all.
    """
    existing = [field.name for field in attrs.fields(cls)]
    chosen = names.split() or existing
    assert set(existing).issuperset(chosen), set(chosen) - set(existing)
    code: dict[str, Any] = {}
    fields = ", ".join(f"{name!r}: value.{name}" for name in chosen)
    exec(f"def pick(value): return {{{fields}}}", code)  # the text has nothing but names of fields
    pick: Callable[[Any], Values] = code["pick"]
    return pick
