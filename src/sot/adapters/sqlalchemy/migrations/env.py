"""Run migrations on the connection, and in the transaction, of `schema.migrate`."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="sot_alembic_version")
with context.begin_transaction():
    context.run_migrations()
