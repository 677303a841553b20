"""The tables of `sot` in the Alembic migrations of an application that has them in its own database.

Enter by `with_sot`, in the application's `env.py`. It takes the options of `context.configure` and returns them, with
what keeps autogenerate away from the tables of `sot`; with `migrate=True` the application's revisions make and migrate
these tables.

What always holds:

1. No revision that is generated with these options drops or alters a table of `sot`, upwards or downwards.
2. `op.upgrade_sot` works in the migration's own connection and transaction, and commits nothing.
3. It makes the same schema as `SqlAlchemyStore.open`, triggers included, by the same code.
"""

from sot.domain.values.errors import MissingExtra

try:
    from sot.adapters.sqlalchemy.alembic.autogenerate import compare_version
    from sot.adapters.sqlalchemy.alembic.operations import KeepSot, UpgradeSot
    from sot.adapters.sqlalchemy.alembic.options import with_sot
except ModuleNotFoundError as error:
    raise MissingExtra("migrations", "working in an application's Alembic migrations") from error

__all__ = ["KeepSot", "UpgradeSot", "compare_version", "with_sot"]
