"""What all tables share: the base class, keys, indexes, and the table of the version."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, String, Table, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sot.adapters.sqlalchemy.types import Amount, CodePointText, Flag, Integer64, UtcTime, Uuid

VERSION = 8
"""The version of the schema; each has a migration."""


def revision_of(version: int) -> str:
    """Return the name of the migration that leads to a version of the schema."""
    return f"{version:04d}"


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""All tables, with the convention by which constraints are named."""


class Base(DeclarativeBase):
    """The base of all models."""

    metadata = metadata
    type_annotation_map: ClassVar = {str: CodePointText, int: Integer64, bool: Flag, Decimal: Amount, datetime: UtcTime}


def key_column(type: Any = CodePointText) -> Any:
    """Return a column of the primary key."""
    return mapped_column(type, primary_key=True, autoincrement=False)


def uuid_column() -> Any:
    """Return a column for a UUID."""
    return mapped_column(Uuid)


def request_foreign_key() -> ForeignKeyConstraint:
    """Return the foreign key to a request."""
    return ForeignKeyConstraint(
        ["account_id", "request_id"], ["order_requests.account_id", "order_requests.request_id"]
    )


def order_foreign_key() -> ForeignKeyConstraint:
    """Return the foreign key to an order."""
    return ForeignKeyConstraint(["account_id", "order_id"], ["orders.account_id", "orders.order_id"])


POSITION_KEY = ("account_id", "venue", "symbol", "position_side", "position_id", "venue_account")
"""The columns that name a position."""


def page_indexes(table: str, time: str, identity: str, *filters: str) -> Iterator[Index]:
    """Yield the indexes in which pages by time and id are read: of an account, of all, and for each filter."""
    yield Index(None, "account_id", time, identity)
    yield Index(f"ix_{table}_all", time, identity)
    for name in filters:
        yield Index(f"ix_{table}_{name}", "account_id", name, time, identity)


def partial_index(name: str, condition: str, *columns: str) -> Index:
    """Return an index of the few rows that meet a condition."""
    return Index(f"ix_{name}", *columns, sqlite_where=text(condition), postgresql_where=text(condition))


STRICT = {"sqlite_strict": True}


WITHOUT_ROWID = {"sqlite_strict": True, "sqlite_with_rowid": False}


def reconciliation_index(name: str, *columns: str) -> Index:
    """Return an index of reconciliation rows by some columns, in the order of their pages."""
    return Index(f"ix_exchange_reconciliation_{name}", "account_id", *columns, "recorded_at", "record_id")


class SchemaRow(Base):
    """The version of the schema: one row."""

    __tablename__ = "sot_schema"
    __table_args__ = (STRICT,)

    version: Mapped[int] = key_column(Integer64)


# Alembic's own table, declared here too, so that a created schema and a migrated one are the same.
revisions = Table("sot_alembic_version", metadata, Column("version_num", String(32), primary_key=True))
"""The table in which Alembic keeps the revision of the schema."""

for _constraint in (revisions.primary_key,):
    _constraint.name = "sot_alembic_version_pkc"
