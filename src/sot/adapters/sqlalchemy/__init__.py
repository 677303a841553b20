"""Stores in SQLite and PostgreSQL.

`SqlAlchemyStore` begins transactions of its own; `SqlAlchemyUnitOfWork` joins a session that the application owns.
`models` has the tables, and `tables` those with a schema or a prefix, for the application's own queries. `prepare`
makes them.

What always holds:

1. Nothing is committed unless the owner of the transaction commits it.
2. Facts are append-only: triggers refuse UPDATE and DELETE.
3. Writes wait in a buffer until the commit; in a joined session they are written at once.
4. Concurrency rests on unique keys, on the version of an order, and on row locks of PostgreSQL; a lost race raises
   ConcurrentUpdate.
5. The tables are where the application wants them: with a schema of PostgreSQL and a prefix of its choice.
6. Every error of a driver is translated to one of `sot`, if it is a lost race or a condition of the store.
"""

from sot.adapters.sqlalchemy import models
from sot.adapters.sqlalchemy.placed_tables import tables
from sot.adapters.sqlalchemy.schema import prepare
from sot.adapters.sqlalchemy.store import SqlAlchemyStore
from sot.adapters.sqlalchemy.unit_of_work import SqlAlchemyUnitOfWork

__all__ = ["SqlAlchemyStore", "SqlAlchemyUnitOfWork", "models", "prepare", "tables"]
