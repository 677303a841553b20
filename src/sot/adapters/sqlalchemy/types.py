"""Column types that keep what they are given exactly, on SQLite and on PostgreSQL alike."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, Numeric, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import canonical, exact, plain
from sot.domain.values.times import EPOCH, microseconds

Processor = Callable[[Any], Any] | None


def _number(value: Any) -> Decimal:
    if type(value) is Decimal:
        if not value.is_finite():
            raise InvalidInput("amount", value, "a finite number")
        return value
    return exact("amount", value)


def _number_text(value: Any) -> str | None:
    return None if value is None else plain(_number(value))


def _number_value(value: Any) -> Decimal | None:
    return None if value is None else canonical(_number(value))


def _number_read(value: Any) -> Decimal | None:
    return None if value is None else canonical(Decimal(value))


def _number_recalled(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)  # canonical text gives a canonical number


def _moment_number(value: Any) -> int | None:
    return None if value is None else microseconds(_aware(value))


def _aware(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InvalidInput("moment", value, "an aware datetime")
    return value


def _moment_utc(value: Any) -> datetime | None:
    return None if value is None else _aware(value).astimezone(UTC)


def _moment_read(value: Any) -> datetime | None:
    return None if value is None else EPOCH + timedelta(0, 0, value)


def _flag_number(value: Any) -> int | None:
    return None if value is None else int(value)


def _flag_read(value: Any) -> bool | None:
    return None if value is None else bool(value)


class _PerDialect(TypeDecorator[Any]):
    """A type with another storage on SQLite.

    The processors are given to SQLAlchemy directly, because they run for every value of every row.
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
        """The type of the column in this database."""
        return self.on_sqlite if dialect.name == "sqlite" else self.on_postgresql

    def bind_processor(self, dialect: Dialect) -> Processor:
        """What turns a value into what the driver stores."""
        return type(self).sqlite_bind if dialect.name == "sqlite" else type(self).postgresql_bind

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """What turns a stored value into ours."""
        return type(self).sqlite_read if dialect.name == "sqlite" else type(self).postgresql_read


class Amount(_PerDialect):
    """An exact decimal of any length: canonical text on SQLite, unconstrained NUMERIC on PostgreSQL.

    Text does not compare or add up as a number does: on SQLite such queries belong into Python.
    Raises InvalidInput for floats, NaN and infinities.
    """

    cache_ok = True
    on_postgresql = Numeric(asdecimal=True)
    sqlite_bind = staticmethod(_number_text)
    sqlite_read = staticmethod(_number_recalled)
    postgresql_bind = staticmethod(_number_value)
    postgresql_read = staticmethod(_number_read)


class Moment(_PerDialect):
    """A moment in UTC: microseconds since 1970 on SQLite, timestamptz on PostgreSQL; `datetime.UTC` in Python.

    Raises InvalidInput for naive times.
    """

    cache_ok = True
    impl = BigInteger
    on_sqlite = sqlite.INTEGER()
    on_postgresql = postgresql.TIMESTAMP(timezone=True)
    sqlite_bind = staticmethod(_moment_number)
    sqlite_read = staticmethod(_moment_read)
    postgresql_bind = staticmethod(_moment_utc)
    postgresql_read = staticmethod(_moment_utc)


class Flag(_PerDialect):
    """True or false: 1 or 0 on SQLite, BOOLEAN on PostgreSQL."""

    cache_ok = True
    impl = Integer
    on_sqlite = sqlite.INTEGER()
    on_postgresql = Boolean()
    sqlite_bind = staticmethod(_flag_number)
    sqlite_read = staticmethod(_flag_read)


def _id_text(value: Any) -> str | None:
    return None if value is None else str(value)


class Identity(_PerDialect):
    """A UUID, in Python its canonical text: TEXT on SQLite, native uuid on PostgreSQL."""

    cache_ok = True
    on_postgresql = postgresql.UUID(as_uuid=False)
    postgresql_bind = staticmethod(_id_text)
    postgresql_read = staticmethod(_id_text)


class Words(_PerDialect):
    """Text, ordered by its code points everywhere. Members of vocabularies are stored as their text."""

    cache_ok = True
    on_postgresql = postgresql.TEXT(collation="C")


class Count(_PerDialect):
    """A whole number of 64 bits."""

    cache_ok = True
    impl = BigInteger
    on_sqlite = sqlite.INTEGER()
    on_postgresql = BigInteger()
