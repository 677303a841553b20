"""Column types that store values exactly, on SQLite and on PostgreSQL alike."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Boolean, Integer, Numeric, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import canonical, exact, plain
from sot.domain.values.times import EPOCH, MICROSECOND, microseconds

Processor = Callable[[Any], Any] | None


def _checked_number(value: Any) -> Decimal:
    if type(value) is Decimal:
        if not value.is_finite():
            raise InvalidInput("amount", value, "a finite number")
        return value
    return exact("amount", value)


def _decimal_to_text(value: Any) -> str | None:
    if type(value) is Decimal and value.is_finite():  # without a further call, for most values that are written
        return plain(value)
    return None if value is None else plain(_checked_number(value))


def _decimal_to_numeric(value: Any) -> Decimal | None:
    return None if value is None else canonical(_checked_number(value))


def _decimal_from_numeric(value: Any) -> Decimal | None:
    return None if value is None else canonical(Decimal(value))


def _decimal_from_text(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)  # the number of a canonical text is canonical


def _time_to_microseconds(value: Any) -> int | None:
    if type(value) is datetime and value.tzinfo is not None:
        return microseconds(value)
    return None if value is None else microseconds(_checked_aware(value))


def _checked_aware(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InvalidInput("time", value, "an aware datetime")
    return value


def _time_to_utc(value: Any) -> datetime | None:
    return None if value is None else _checked_aware(value).astimezone(UTC)


def _time_from_microseconds(value: Any) -> datetime | None:
    # A product takes two thirds of the time of a timedelta that is made.
    return None if value is None else EPOCH + MICROSECOND * value


def _flag_to_integer(value: Any) -> int | None:
    return None if value is None else int(value)


def _flag_from_integer(value: Any) -> bool | None:
    return None if value is None else bool(value)


class _PerDialect(TypeDecorator[Any]):
    """A type that is stored differently on SQLite.

    SQLAlchemy gets the processors directly, because they run for every value of every row.
    """

    cache_ok = True
    impl: Any = Text
    on_sqlite: TypeEngine[Any] = sqlite.TEXT()
    on_postgresql: TypeEngine[Any] = postgresql.TEXT()
    sqlite_bind: Processor = None
    sqlite_read: Processor = None
    postgresql_bind: Processor = None
    postgresql_read: Processor = None

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the column in a database."""
        return self.on_sqlite if dialect.name == "sqlite" else self.on_postgresql

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return the function that converts a value to what the driver stores."""
        return type(self).sqlite_bind if dialect.name == "sqlite" else type(self).postgresql_bind

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Return the function that converts what the driver returns to a value."""
        return type(self).sqlite_read if dialect.name == "sqlite" else type(self).postgresql_read


class Amount(_PerDialect):
    """An exact decimal of any length: canonical text on SQLite, unconstrained NUMERIC on PostgreSQL.

    On SQLite amounts are compared and added up in Python, because text does neither as numbers do.

    Raises:
        InvalidInput: The value is a float, NaN or infinite.
    """

    cache_ok = True
    on_postgresql = Numeric(asdecimal=True)
    sqlite_bind = staticmethod(_decimal_to_text)
    sqlite_read = staticmethod(_decimal_from_text)
    postgresql_bind = staticmethod(_decimal_to_numeric)
    postgresql_read = staticmethod(_decimal_from_numeric)


def is_stored_form(column_type: TypeEngine[Any], stored: Any, value: Any) -> bool:
    """Whether what the driver returns is the one form in which a value is stored, and not another that reads alike.

    Amounts such as "1.50 " and "+1.5" read as 1.5, and every flag but 0 reads as true.
    """
    if stored is None:
        return True
    if isinstance(column_type, Amount):
        # Decimals that are equal may have other digits: 1.50 and 1.5.
        return str(stored) == (str(value) if isinstance(stored, Decimal) else plain(value))
    return not isinstance(column_type, Flag) or stored in (0, 1)


class Form(NamedTuple):
    """How two values of a column are compared as they are stored: None compares what there is.

    Attributes:
        write: A function that converts a value, never None, to the form.
        read: A function that converts what the driver returns, never None, to the form.
    """

    write: Processor = None
    read: Processor = None


def stored_form(column_type: TypeEngine[Any], dialect: Dialect) -> Form:
    """Return the form in which the values of a column are stored, and in no other (see `is_stored_form`)."""
    if isinstance(column_type, Flag):
        return Form()  # true is equal to 1
    if dialect.name == "sqlite":
        return Form(write=column_type.bind_processor(dialect))
    if isinstance(column_type, Amount):
        return Form(write=lambda value: str(_decimal_to_numeric(value)), read=str)
    if isinstance(column_type, Uuid):
        return Form(write=str, read=str)
    return Form()


_INTEGER_LIMIT = 2**63


def are_storable(values: Iterable[Any]) -> bool:
    """Whether a database can store values: text without NUL and lone surrogates, integers of 64 bits."""
    for value in values:
        if isinstance(value, str):
            if "\x00" in value or not (value.isascii() or _has_only_characters(value)):
                return False
        elif type(value) is int and not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:
            return False
    return True


def _has_only_characters(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class UtcTime(_PerDialect):
    """A time in UTC: microseconds since 1970 on SQLite, timestamptz on PostgreSQL; an aware datetime in Python.

    Raises:
        InvalidInput: The time is naive.
    """

    cache_ok = True
    impl = BigInteger
    on_sqlite = sqlite.INTEGER()
    on_postgresql = postgresql.TIMESTAMP(timezone=True)
    sqlite_bind = staticmethod(_time_to_microseconds)
    sqlite_read = staticmethod(_time_from_microseconds)
    postgresql_bind = staticmethod(_time_to_utc)
    postgresql_read = staticmethod(_time_to_utc)


class Flag(_PerDialect):
    """True or false: 1 or 0 on SQLite, BOOLEAN on PostgreSQL."""

    cache_ok = True
    impl = Integer
    on_sqlite = sqlite.INTEGER()
    on_postgresql = Boolean()
    sqlite_bind = staticmethod(_flag_to_integer)
    sqlite_read = staticmethod(_flag_from_integer)


def _uuid_text(value: Any) -> str | None:
    return None if value is None else str(value)


class Uuid(_PerDialect):
    """A UUID: TEXT on SQLite, native uuid on PostgreSQL; its canonical text in Python."""

    cache_ok = True
    on_postgresql = postgresql.UUID(as_uuid=False)
    postgresql_bind = staticmethod(_uuid_text)
    postgresql_read = staticmethod(_uuid_text)


class CodePointText(_PerDialect):
    """Text, sorted by code points on both databases. Members of vocabularies are stored as their text."""

    cache_ok = True
    on_postgresql = postgresql.TEXT(collation="C")


class Integer64(_PerDialect):
    """An integer of 64 bits."""

    cache_ok = True
    impl = BigInteger
    on_sqlite = sqlite.INTEGER()
    on_postgresql = BigInteger()
