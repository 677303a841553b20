"""`sot schema`: the statements that make the tables."""

from enum import StrEnum
from typing import Annotated

import typer

from sot.entrypoints.error_handling import exit_codes


class Database(StrEnum):
    """A kind of database."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Cluster(StrEnum):
    """What spreads the tables of PostgreSQL over several machines."""

    CITUS = "citus"


def schema(
    *,
    database: Annotated[Database, typer.Option("--database", help="The kind of database.")] = Database.POSTGRESQL,
    partitions: Annotated[
        int,
        typer.Option(
            "--partitions", metavar="N", min=0, help="Split tables by account into N partitions, on PostgreSQL."
        ),
    ] = 0,
    distributed: Annotated[
        Cluster | None, typer.Option("--distributed", help="Spread tables by account over the nodes of a cluster.")
    ] = None,
    schema: Annotated[
        str | None, typer.Option("--schema", metavar="NAME", help="The schema of the tables, on PostgreSQL.")
    ] = None,
    prefix: Annotated[
        str, typer.Option("--prefix", metavar="TEXT", help="What the names of the tables begin with.")
    ] = "",
) -> None:
    """Print the statements that make the tables, with indexes, triggers and views.

    A store makes its tables itself when it is opened. Print them to read them, to run them with rights that the
    application does not have, or to split them: `--partitions` for many accounts in one database, `--distributed` for a
    cluster.

    For example:

    ```
    sot schema --partitions 16 | psql --set ON_ERROR_STOP=1 postgresql://owner@host/trading
    sot schema --distributed citus | psql --set ON_ERROR_STOP=1 postgresql://owner@coordinator/trading
    sot schema --database sqlite --prefix sot_
    ```
    """
    with exit_codes():
        from sot.adapters.sqlalchemy.creation import creation_statements
        from sot.adapters.sqlalchemy.place import place_at

        statements = creation_statements(
            database,
            place_at(schema, prefix),
            partition_count=partitions,
            is_on_citus=distributed is Cluster.CITUS,
        )
        typer.echo("\n".join(["BEGIN;", *(f"{statement};" for statement in statements), "COMMIT;"]))
