"""Histories in SQLite and PostgreSQL, in a transaction of the store's own or in one that an application owns."""

from sot.adapters.sqlalchemy import models
from sot.adapters.sqlalchemy.store import SqlAlchemyStore
from sot.adapters.sqlalchemy.unit_of_work import SqlAlchemyUnitOfWork

__all__ = ["SqlAlchemyStore", "SqlAlchemyUnitOfWork", "models"]
