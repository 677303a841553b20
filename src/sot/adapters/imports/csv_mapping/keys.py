"""Reading the keys of a mapping file, with the name of the key in every error."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeVar, cast, overload

from sot.adapters.imports.csv_mapping.expressions import Expression, NumberExpression, TimeExpression
from sot.adapters.imports.times import UNITS
from sot.application.input.time_zones import read_time_zone
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import plain

T = TypeVar("T")
D = TypeVar("D")

ReadKey = Callable[[str, Any], T]


class _UnknownKeys(InvalidInput):
    """A table has keys that nobody reads: most often one is misspelt, and is what another fault lacks."""


class Keys:
    """The keys of a table, each of which is read once. Faults are raised when all were read, unknown keys first."""

    def __init__(self, values: Mapping[str, Any], name: str) -> None:
        self._values = dict(values)
        self._name = name
        self._given = sorted(values)
        self._known: list[str] = []
        self._faults: list[InvalidInput] = []

    def required(self, key: str, read: ReadKey[T]) -> T:
        """Read a key. It is a fault if it is missing, or not allowed."""
        self._known.append(key)
        if key in self._values:
            return self._read(f"{self._name}.{key}", self._values.pop(key), read)
        self.fault(InvalidInput(self._name, self._given, f"the key {key}, too"))
        return cast("T", None)

    @overload
    def optional(self, key: str, read: ReadKey[T]) -> T | None: ...

    @overload
    def optional(self, key: str, read: ReadKey[T], default: T | D) -> T | D: ...

    def optional(self, key: str, read: ReadKey[T], default: Any = None) -> Any:
        """Read a key that may be missing. It is a fault if it is not allowed."""
        self._known.append(key)
        return self._read(f"{self._name}.{key}", self._values.pop(key), read) if key in self._values else default

    def sections(self, key: str, read: ReadKey[T]) -> Sequence[T]:
        """Read a table, or an array of tables; none if it is missing. It is a fault if one is not allowed."""
        self._known.append(key)
        values = self._values.pop(key, ())
        tables = [values] if isinstance(values, Mapping) else values
        if not isinstance(tables, (list, tuple)):
            self.fault(InvalidInput(f"{self._name}.{key}", values, f"sections [[{key}]]"))
            return ()
        names = (
            f"{self._name}.{key}" + (f" {number}" if len(tables) > 1 else "") for number in range(1, 1 + len(tables))
        )
        return tuple(self._read(name, value, read) for name, value in zip(names, tables, strict=True))

    def fault(self, fault: InvalidInput) -> None:
        """Keep a fault, to be raised when all keys were read. What was read until then is not used."""
        self._faults.append(fault)

    def rest(self) -> Mapping[str, Any]:
        """Take all keys that were not read."""
        taken, self._values = self._values, {}
        return taken

    def check(self) -> None:
        """Raise the first fault, if there is one.

        Raises:
            InvalidInput: A key is unknown, missing, or not allowed.
        """
        if self._values:
            raise _UnknownKeys(self._name, sorted(self._values), f"keys of {', '.join(self._known)}")
        unknown = [fault for fault in self._faults if isinstance(fault, _UnknownKeys)]
        for fault in [*unknown, *self._faults]:
            raise fault

    def _read(self, name: str, value: Any, read: ReadKey[T]) -> T:
        try:
            return read(name, value)
        except InvalidInput as fault:
            self.fault(fault)
            return cast("T", None)


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
        given = {"column": column, "columns": columns, "constant": constant}
        keys.fault(
            InvalidInput(name, sorted(key for key in given if given[key]), "one of column, columns and constant")
        )
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
