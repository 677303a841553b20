"""`sot grants`: the least rights of an application on PostgreSQL."""

from typing import Annotated

import typer

from sot.entrypoints.error_handling import exit_codes


def grants(
    role: Annotated[str, typer.Argument(metavar="ROLE", help="The role with which the application connects.")],
    *,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Rights to read only, without API keys and recorded responses.")
    ] = False,
    keys: Annotated[
        bool, typer.Option("--keys", help="Also the rights to make and revoke API keys, for sot keys.")
    ] = False,
    schema: Annotated[str, typer.Option("--schema", metavar="NAME", help="The schema of the tables.")] = "public",
    prefix: Annotated[
        str, typer.Option("--prefix", metavar="TEXT", help="What the names of the tables begin with.")
    ] = "",
) -> None:
    """Print the statements that give a role of PostgreSQL the least rights that an application needs.

    The owner of the tables runs them, once and after each migration. The role can then insert facts, but neither
    change nor delete one, nor create, alter or drop anything: not even whoever steals its password can switch off the
    triggers. The owner's own password is needed for migrations only.

    For example:

    ```
    createuser sot_app
    sot record /dev/null --store postgresql://owner@host/trading # makes the tables
    sot grants sot_app | psql --set ON_ERROR_STOP=1 postgresql://owner@host/trading
    sot grants sot_report --read-only | psql --set ON_ERROR_STOP=1 postgresql://owner@host/trading
    ```
    """
    with exit_codes():
        from sot.adapters.sqlalchemy.grants import grant_statements

        statements = grant_statements(role, read_only=read_only, keys=keys, schema=schema, prefix=prefix)
        typer.echo("\n".join(["BEGIN;", *(f"{statement};" for statement in statements), "COMMIT;"]))
