"""Reading the keys of a mapping file, with the name of the key in every error."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeVar, overload

from sot.adapters.imports.csv_mapping.expressions import Expression, NumberExpression, TimeExpression
from sot.adapters.imports.times import UNITS
from sot.application.input.time_zones import read_time_zone
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import plain

T = TypeVar("T")
D = TypeVar("D")

ReadKey = Callable[[str, Any], T]


class Keys:
    """The keys of a table, each of which is read once."""

    def __init__(self, values: Mapping[str, Any], name: str) -> None:
        self._values = dict(values)
        self._name = name
        self._known: list[str] = []

    def required(self, key: str, read: ReadKey[T]) -> T:
        """Read a key.

        Raises:
            InvalidInput: It is missing, or not allowed.
        """
        self._known.append(key)
        if key not in self._values:
            raise InvalidInput(self._name, sorted(self._values), f"the key {key}, too")
        return read(f"{self._name}.{key}", self._values.pop(key))

    @overload
    def optional(self, key: str, read: ReadKey[T]) -> T | None: ...

    @overload
    def optional(self, key: str, read: ReadKey[T], default: T | D) -> T | D: ...

    def optional(self, key: str, read: ReadKey[T], default: Any = None) -> Any:
        """Read a key that may be missing.

        Raises:
            InvalidInput: It is not allowed.
        """
        self._known.append(key)
        return read(f"{self._name}.{key}", self._values.pop(key)) if key in self._values else default

    def sections(self, key: str, read: ReadKey[T]) -> Sequence[T]:
        """Read a table, or an array of tables; none if it is missing.

        Raises:
            InvalidInput: One is not allowed.
        """
        self._known.append(key)
        values = self._values.pop(key, ())
        tables = [values] if isinstance(values, Mapping) else values
        if not isinstance(tables, (list, tuple)):
            raise InvalidInput(f"{self._name}.{key}", values, f"sections [[{key}]]")
        names = (
            f"{self._name}.{key}" + (f" {number}" if len(tables) > 1 else "") for number in range(1, 1 + len(tables))
        )
        return tuple(read(name, value) for name, value in zip(names, tables, strict=True))

    def rest(self) -> Mapping[str, Any]:
        """Take all keys that were not read."""
        taken, self._values = self._values, {}
        return taken

    def check(self) -> None:
        """Check that no key is left.

        Raises:
            InvalidInput: One is unknown.
        """
        if self._values:
            raise InvalidInput(self._name, sorted(self._values), f"keys of {', '.join(self._known)}")


@contextmanager
def table(value: Any, name: str) -> Iterator[Keys]:
    """Read the keys of a table, and refuse those that nobody read.

    Raises:
        InvalidInput: It is no table, or a key is unknown.
    """
    if not isinstance(value, Mapping):
        raise InvalidInput(name, value, "a table of keys")
    keys = Keys(value, name)
    yield keys
    keys.check()


def read_text(name: str, value: Any) -> str:
    """Read a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise InvalidInput(name, value, "a text")
    return value


def read_flag(name: str, value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise InvalidInput(name, value, "true or false")
    return value


def read_texts(name: str, value: Any) -> Sequence[str]:
    """Read a list of texts, which may be empty texts."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) for text in value):
        raise InvalidInput(name, value, "a list of texts")
    return tuple(value)


def read_words(name: str, value: Any) -> Mapping[str, str]:
    """Read a table from texts to texts or numbers."""
    if not isinstance(value, Mapping):
        raise InvalidInput(name, value, 'a table of texts, such as { B = "BUY", S = "SELL" }')
    return {word: _constant(f"{name}.{word}", meaning) for word, meaning in value.items()}


def read_word(name: str, value: Any, words: Mapping[str, T]) -> T:
    """Read one of several words."""
    if not isinstance(value, str) or value not in words:
        raise InvalidInput(name, value, f"one of {', '.join(words)}")
    return words[value]


def read_pattern(name: str, value: Any) -> re.Pattern[str]:
    """Read a regular expression."""
    try:
        return re.compile(read_text(name, value))
    except re.error as error:
        raise InvalidInput(name, value, f"a regular expression ({error})") from None


def read_expression(name: str, value: Any) -> Expression:
    """Read where a text comes from."""
    with table(_as_table(value), name) as keys:
        return Expression(**_common(name, keys))


def read_number_expression(name: str, value: Any) -> NumberExpression:
    """Read where a number comes from."""
    with table(_as_table(value), name) as keys:
        return NumberExpression(
            decimal=keys.optional("decimal", _decimal_point, "."),
            round=keys.optional("round", read_flag, False),
            negate=keys.optional("negate", read_flag, False),
            **_common(name, keys),
        )


def read_time_expression(name: str, value: Any) -> TimeExpression:
    """Read where a time comes from."""
    with table(_as_table(value), name) as keys:
        return TimeExpression(
            formats=keys.optional("format", _formats, ()),
            unit=keys.optional("unit", lambda name, value: read_word(name, value, UNITS)),
            zone=keys.optional("zone", read_time_zone),
            **_common(name, keys),
        )


def _as_table(value: Any) -> Any:
    """A text names a column."""
    return {"column": value} if isinstance(value, str) else value


def _common(name: str, keys: Keys) -> dict[str, Any]:
    column = keys.optional("column", read_text)
    columns = (column,) if column is not None else keys.optional("columns", read_texts, ())
    constant = keys.optional("constant", _constant)
    if bool(columns) == (constant is not None):
        raise InvalidInput(name, sorted(keys.rest()), "one of column, columns and constant")
    words = keys.optional("words", read_words)
    return {
        "name": name,
        "columns": columns,
        "constant": constant,
        "join": keys.optional("join", _any_text),
        "pattern": keys.optional("pattern", read_pattern),
        "words": None if words is None else {word.casefold(): meaning for word, meaning in words.items()},
        "default": keys.optional("default", _constant),
        "remove": keys.optional("remove", read_text, ""),
    }


def _constant(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise InvalidInput(name, value, "a text or a number")
    return plain(Decimal(value))


def _any_text(name: str, value: Any) -> str:
    return "" if value == "" else read_text(name, value)


def _decimal_point(name: str, value: Any) -> str:
    return read_word(name, value, {".": ".", ",": ","})


def _formats(name: str, value: Any) -> Sequence[str]:
    return (value,) if isinstance(value, str) else read_texts(name, value)
