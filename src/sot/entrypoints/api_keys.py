"""`sot keys`: who may ask the server, for what, and about which accounts."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from sot.application.access import keys
from sot.application.views.values import plain_value
from sot.domain.access.keys import ApiKey
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import AccessScope
from sot.entrypoints import failures
from sot.entrypoints.options import JsonOption, StoreOption, read_name
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console, short_time

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Keys of the HTTP server: making them, listing them, ending them. Only a digest of each is kept.",
)


@app.command("create")
def create(
    *,
    store: StoreOption,
    scope: Annotated[
        list[AccessScope],
        typer.Option("--scope", case_sensitive=False, help="What it allows, each by itself. Repeatable."),
    ],
    account: Annotated[
        list[str] | None, typer.Option("--account", metavar="ACCOUNT", help="An account that it opens. Repeatable.")
    ] = None,
    all_accounts: Annotated[bool, typer.Option("--all-accounts", help="It opens all accounts, new ones too.")] = False,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Whose it is, as events tell it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key and print its token, which is not shown again.

    Scopes: *read* (look at everything), *submit* (intents, checks, withdrawals), *execute* (send them, report, mark),
    *reconcile* (compare, correct, resolve, account events), *admin* (instruments, checkpoints).

    For example:

    ```
    sot keys create --store orders.db --name dashboard --account main --scope read
    ```
    """
    with failures.exit_codes(as_json):
        if bool(account) == all_accounts:
            raise InvalidInput("--account", account, "--account, once or more, or --all-accounts")
        accounts = None if all_accounts else [str(read_name("--account", one)) for one in account or ()]
        named = read_name("--name", name)
        kept = open_store(store)
        try:
            key, token = kept.run(lambda uow: keys.make_key(uow, scope, accounts, named))
        finally:
            kept.close()
        if as_json:
            typer.echo(json.dumps({**_view(key), "token": token}))
            return
        typer.echo(token)
        typer.echo(f"Key {key.key_id}. Keep the token: it is not shown again.", err=True)


@app.command("list")
def list_keys(*, store: StoreOption, as_json: JsonOption = False) -> None:
    """List the keys, revoked ones too.

    For example:

    ```
    sot keys list --store orders.db
    ```
    """
    with failures.exit_codes(as_json):
        kept = open_store(store, create=False)
        try:
            keys = kept.run(lambda uow: uow.api_keys.list(), read_only=True)
        finally:
            kept.close()
        if as_json:
            typer.echo(json.dumps({"keys": [_view(key) for key in keys]}))
        elif not keys:
            typer.echo("No keys.")
        else:
            console().print(_table(keys))


@app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="The id of the key, as the list shows it.")],
    *,
    store: StoreOption,
    as_json: JsonOption = False,
) -> None:
    """End a key, at once and for good.

    For example:

    ```
    sot keys revoke 0123456789abcdef --store orders.db
    ```
    """
    with failures.exit_codes(as_json):
        named = str(read_name("KEY", key_id))
        kept = open_store(store, create=False)
        try:
            kept.run(lambda uow: keys.revoke_key(uow, named))
        finally:
            kept.close()
        typer.echo(json.dumps({"key_id": named, "revoked": True}) if as_json else f"Key {named} opens nothing now.")


def _view(key: ApiKey) -> dict[str, Any]:
    names = ("key_id", "name", "scopes", "accounts", "created_at", "revoked_at")
    return {name: plain_value(getattr(key, name)) for name in names}


def _table(keys: Sequence[ApiKey]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("key", "name", "scopes", "accounts", "made", "revoked"):
        table.add_column(name, overflow="fold", no_wrap=name == "key")
    for key in keys:
        table.add_row(
            key.key_id,
            key.name or "",
            ", ".join(scope.lower() for scope in key.scopes),
            "all" if key.accounts is None else ", ".join(key.accounts),
            short_time(key.created_at),
            "" if key.revoked_at is None else short_time(key.revoked_at),
        )
    return table
