"""What the conversions of all subjects share."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from json.encoder import encode_basestring as quoted
from typing import Any, TypeVar

import attrs

from sot.domain.values.canonical import read_canonical
from sot.domain.values.errors import StoreDamaged
from sot.domain.values.numbers import plain
from sot.domain.values.vocabulary import Liquidity, OrderType, PositionSide, ReportingType, Side

Values = dict[str, Any]


T = TypeVar("T")


E = TypeVar("E", bound=StrEnum)


def _words(vocabulary: type[E]) -> Mapping[str | None, E | None]:
    """The words of a vocabulary by their text: a look-up takes a fifth of a call."""
    return {None: None, **{str(member): member for member in vocabulary}}


SIDES = _words(Side)


POSITION_SIDES = _words(PositionSide)


ORDER_TYPES = _words(OrderType)


LIQUIDITIES = _words(Liquidity)


REPORTING_TYPES = _words(ReportingType)


def read(url: str, what: str, make: Callable[[], T]) -> T:
    """What `make` gives. Raises: StoreDamaged: what is stored cannot be read."""
    try:
        return make()
    except (ValueError, KeyError, TypeError, ArithmeticError, AttributeError) as error:
        raise StoreDamaged(url, f"{what} cannot be read ({error})") from error


def amounts_text(amounts: Mapping[str, Decimal]) -> str:
    """Amounts by currency as JSON text."""
    return "{" + ",".join(f'{quoted(key)}:"{plain(amounts[key])}"' for key in sorted(amounts)) + "}"


def read_amounts(text: str) -> dict[str, Decimal]:
    """Amounts by currency from JSON text."""
    return {key: Decimal(value) for key, value in read_canonical(text).items()}


def field_names(cls: type[Any], names: str) -> tuple[str, ...]:
    """Field names, each checked to exist on the class."""
    fields = tuple(names.split())
    known = {field.name for field in attrs.fields(cls)}
    assert known.issuperset(fields), set(fields) - known
    return fields


def pick(value: Any, names: tuple[str, ...]) -> Values:
    """Attributes of a value, by name."""
    held = value.__dict__
    return {name: held[name] for name in names}
