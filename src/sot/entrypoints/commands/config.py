"""`sot config`: the settings, and where each comes from."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import (
    AccountOrOnlyOption,
    InCurrencyOption,
    JsonOption,
    OptionalStoreOption,
    RatesFileOption,
    TimeZoneOption,
)
from sot.entrypoints.settings import setting_of
from sot.entrypoints.terminal import console, new_table

SETTINGS_FILE = "sot.settings_file"
"""The key of the path of the file of settings in `Context.meta`."""

_PASSWORD = re.compile(r"(://[^:/@]*:).*(@)")
_PASSWORD_ARGUMENT = re.compile(r"([?&][^=&]*(?:password|passwd|pwd)=)[^&]*", re.IGNORECASE)


def config(
    *,
    store_url: OptionalStoreOption = None,
    account: AccountOrOnlyOption = None,
    time_zone: TimeZoneOption = "UTC",
    in_currency: InCurrencyOption = None,
    rates_file: RatesFileOption = None,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """Show each setting, its value, and where it comes from. Passwords in the address of the store are hidden.

    An option has precedence over a variable, a variable over the file. The file is *sot.toml* in the working directory
    or a folder above it, up to the home folder; else *~/.config/sot/sot.toml*. Its paths are relative to it:

    ```
    store = "orders.db"
    account = "main"
    zone = "Europe/Berlin"
    currency = "EUR"
    rates = "ecb.csv"
    ```

    | setting | option | variable |
    | --- | --- | --- |
    | store | --store | SOT_STORE |
    | account | --account, where a command needs one | SOT_ACCOUNT |
    | zone | --zone | SOT_ZONE |
    | currency | --in | SOT_CURRENCY |
    | rates | --rates | SOT_RATES |

    For example:

    ```
    sot config
    sot config --json
    ```
    """
    with exit_codes(as_json):
        file: Path | None = context.meta.get(SETTINGS_FILE)
        rows = [
            {"setting": name, "value": _shown(context.params[parameter.name]), **_source(context, parameter, file)}
            for parameter in context.command.params
            if (name := setting_of(parameter)) is not None
        ]
        if as_json:
            typer.echo(json.dumps({"file": None if file is None else str(file), "settings": rows}))
            return
        _print(rows, file)


def _print(rows: Sequence[Mapping[str, str | None]], file: Path | None) -> None:
    table = new_table("Settings")
    for name in ("setting", "value", "from"):
        table.add_column(name)
    for row in rows:
        table.add_row(row["setting"], row["value"] or "-", row["where"] or row["source"])
    screen = console()
    screen.print(table)
    screen.print(f"\nFile: {file}" if file is not None else "\nThere is no sot.toml.", style="dim")


def _shown(value: object) -> str | None:
    if value is None:
        return None
    return _PASSWORD_ARGUMENT.sub(r"\1***", _PASSWORD.sub(r"\1***\2", str(value)))


def _source(context: typer.Context, parameter: Any, file: Path | None) -> dict[str, str | None]:
    source = context.get_parameter_source(parameter.name)
    places = {
        "COMMANDLINE": ("option", parameter.opts[0]),
        "ENVIRONMENT": ("variable", parameter.envvar),
        "DEFAULT_MAP": ("file", str(file)),
    }
    kind, where = places.get(source.name if source is not None else "", ("default", None))
    return {"source": kind, "where": where}
