"""The tables, as declarative models that an application may join in its own queries.

Facts have typed columns to search by, their canonical `body` and its `hash`. `account_id` comes first in every key, so
that the schema can be distributed by account; ids that are unique everywhere have a plain index each.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, String, Table, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sot.adapters.sqlalchemy.types import Amount, Count, Flag, Identity, Moment, Words

VERSION = 6


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Base(DeclarativeBase):
    """The base of all models."""

    metadata = metadata
    type_annotation_map: ClassVar = {str: Words, int: Count, bool: Flag, Decimal: Amount, datetime: Moment}


def key_column(type: Any = Words) -> Any:
    """A column of the primary key."""
    return mapped_column(type, primary_key=True, autoincrement=False)


def id_column() -> Any:
    """A column for an id (a UUID)."""
    return mapped_column(Identity)


def request_foreign_key() -> ForeignKeyConstraint:
    """The foreign key to a request."""
    return ForeignKeyConstraint(
        ["account_id", "request_id"], ["order_requests.account_id", "order_requests.request_id"]
    )


def order_foreign_key() -> ForeignKeyConstraint:
    """The foreign key to an order."""
    return ForeignKeyConstraint(["account_id", "order_id"], ["orders.account_id", "orders.order_id"])


POSITION_KEY = ("account_id", "venue", "symbol", "position_side", "position_id")


def page_indexes(table: str, moment: str, identity: str, *common: str) -> Iterator[Index]:
    """Indexes in which pages by a moment and an id are read: of an account, of all, of what has a value in common."""
    yield Index(None, "account_id", moment, identity)
    yield Index(f"ix_{table}_all", moment, identity)
    for name in common:
        yield Index(f"ix_{table}_{name}", "account_id", name, moment, identity)


def partial_index(name: str, condition: str, *columns: str) -> Index:
    """An index of the few rows of which something holds: they are found among however many others."""
    return Index(f"ix_{name}", *columns, sqlite_where=text(condition), postgresql_where=text(condition))


STRICT = {"sqlite_strict": True}


KEYED = {"sqlite_strict": True, "sqlite_with_rowid": False}


def ordered_index(name: str, *columns: str) -> Index:
    """An index of what has these columns, in the order in which pages of it are read."""
    return Index(f"ix_exchange_reconciliation_{name}", "account_id", *columns, "recorded_at", "record_id")


class SchemaRow(Base):
    """The version of this schema: one row."""

    __tablename__ = "sot_schema"
    __table_args__ = (STRICT,)

    version: Mapped[int] = key_column(Count)


# Alembic's own table, made here too so that both ways to a schema give the same one.
revisions = Table("sot_alembic_version", metadata, Column("version_num", String(32), primary_key=True))
for _constraint in (revisions.primary_key,):
    _constraint.name = "sot_alembic_version_pkc"
