"""Alembic migrations of the schema, run by `SqlAlchemyStore.open` in one transaction.

A revision only adds: facts that were written are never rewritten. Its statements are frozen text per database, so that
an old revision stays what it was when the models change.
"""
