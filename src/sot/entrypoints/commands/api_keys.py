"""`sot keys`: the keys of the HTTP server."""

import json
from collections.abc import Sequence
from contextlib import closing
from typing import Annotated, Any

import typer
from rich.table import Table

from sot.application.access import keys
from sot.application.views.values import plain_value
from sot.domain.access.keys import ApiKey
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import AccessScope
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import JsonOption, StoreOption, read_name
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console, new_table, short_time

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Create, list and revoke keys of the HTTP server. The store has only a digest of each.",
)


@app.command("create")
def create(
    *,
    store_url: StoreOption,
    scope: Annotated[
        list[AccessScope],
        typer.Option(
            "--scope", case_sensitive=False, help="What the key allows. Repeatable; no scope includes another."
        ),
    ],
    account: Annotated[
        list[str] | None,
        typer.Option("--account", metavar="ACCOUNT", help="An account that the key gives access to. Repeatable."),
    ] = None,
    all_accounts: Annotated[
        bool, typer.Option("--all-accounts", help="Give access to all accounts, later ones, too.")
    ] = False,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The holder, recorded as the actor of its requests.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Create a key and print its token, which is not shown again.

    | scope | allows |
    | --- | --- |
    | read | reading everything |
    | submit | requests, risk checks, withdrawals |
    | execute | sending requests, reports, marks |
    | reconcile | comparing with the venue, corrections, resolutions, account events |
    | admin | instruments, checkpoints |
    | metrics | the figures of the server at /metrics |

    For example:

    ```
    sot keys create --store orders.db --name dashboard --account main --scope read
    ```
    """
    with exit_codes(as_json):
        if bool(account) == all_accounts:
            raise InvalidInput("--account", account, "--account, once or more, or --all-accounts")
        accounts = None if all_accounts else [str(read_name("--account", text)) for text in account or ()]
        key_name = read_name("--name", name)
        with closing(open_store(store_url)) as store:
            key, token = store.run(lambda uow: keys.make_key(uow, scope, accounts, key_name))
        if as_json:
            typer.echo(json.dumps({**_key_view(key), "token": token}))
            return
        typer.echo(token)
        typer.echo(f"Key {key.key_id}. Keep the token: it is not shown again.", err=True)


@app.command("list")
def list_keys(*, store_url: StoreOption, as_json: JsonOption = False) -> None:
    """List all keys, also the revoked ones.

    For example:

    ```
    sot keys list --store orders.db
    ```
    """
    with exit_codes(as_json):
        with closing(open_store(store_url, create=False)) as store:
            api_keys = store.run(lambda uow: uow.api_keys.list(), read_only=True)
        if as_json:
            typer.echo(json.dumps({"keys": [_key_view(key) for key in api_keys]}))
        elif not api_keys:
            typer.echo("No keys.")
        else:
            console().print(_keys_table(api_keys))


@app.command("revoke")
def revoke(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The id of the key, as `sot keys list` shows it.")],
    *,
    store_url: StoreOption,
    as_json: JsonOption = False,
) -> None:
    """Revoke a key, at once and for good.

    For example:

    ```
    sot keys revoke 0123456789abcdef --store orders.db
    ```
    """
    with exit_codes(as_json):
        key_id = str(read_name("KEY", key))
        with closing(open_store(store_url, create=False)) as store:
            store.run(lambda uow: keys.revoke_key(uow, key_id))
        typer.echo(json.dumps({"key_id": key_id, "revoked": True}) if as_json else f"Key {key_id} is revoked.")


def _key_view(key: ApiKey) -> dict[str, Any]:
    names = ("key_id", "name", "scopes", "accounts", "created_at", "revoked_at")
    return {name: plain_value(getattr(key, name)) for name in names}


def _keys_table(api_keys: Sequence[ApiKey]) -> Table:
    table = new_table("Keys")
    for name in ("key", "name", "scopes", "accounts", "made", "revoked"):
        table.add_column(name, no_wrap=name == "key")
    for key in api_keys:
        table.add_row(
            key.key_id,
            key.name or "",
            ", ".join(scope.lower() for scope in key.scopes),
            "all" if key.accounts is None else ", ".join(key.accounts),
            short_time(key.created_at),
            "" if key.revoked_at is None else short_time(key.revoked_at),
        )
    return table
