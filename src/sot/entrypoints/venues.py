"""Opening a venue by the text of `--venue`: an exchange of ccxt, or a function of the user's own."""

import importlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

from sot.domain.values.documents import check_json_bounds
from sot.domain.values.errors import InvalidInput
from sot.ports.venue import Venue

_FORMS = "ccxt:EXCHANGE such as ccxt:binance, or MODULE:FUNCTION, a function of yours that returns a venue"
_SECRETS = {"api_key": "SOT_VENUE_API_KEY", "secret": "SOT_VENUE_SECRET", "password": "SOT_VENUE_PASSWORD"}

VenueOption = Annotated[
    str,
    typer.Option(
        "--venue",
        metavar="VENUE",
        envvar="SOT_VENUE",
        help="The venue: ccxt:binance and the like, or MODULE:FUNCTION, a function of yours that returns a venue.",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--venue-config", metavar="FILE", help="The arguments of the venue as JSON: name, sandbox, options, ..."
    ),
]


def open_venue(venue_name: str, config: Path | None = None) -> Venue:
    """Open the venue of `--venue`.

    Credentials come from the environment (SOT_VENUE_API_KEY, SOT_VENUE_SECRET, SOT_VENUE_PASSWORD), all other
    arguments from the file.

    Args:
        venue_name: `ccxt:EXCHANGE` or `MODULE:FUNCTION`; the module may be a file in the working directory.
        config: A file with a JSON object of arguments.

    Raises:
        InvalidInput: The text has another form, or an argument is not allowed.
        MissingExtra: The extra `ccxt` is not installed.
        OSError: The file cannot be read.
    """
    adapter, colon, name = venue_name.partition(":")
    if not (adapter and colon and name):
        raise InvalidInput("--venue", venue_name, _FORMS)
    arguments = _read_config(config)
    opener = _OPENERS.get(adapter)
    return _open_by_function(adapter, name, arguments) if opener is None else opener(name, arguments)


def _read_config(config: Path | None) -> dict[str, Any]:
    if config is None:
        return {}
    try:
        text = config.read_text()
        check_json_bounds(text)
        arguments = json.loads(text)
    except ValueError as error:
        raise InvalidInput("--venue-config", str(config), f"a file of JSON ({error})") from None
    if not isinstance(arguments, dict):
        raise InvalidInput("--venue-config", str(config), "a file with one JSON object")
    return arguments


def _open_ccxt(exchange_id: str, arguments: Mapping[str, Any]) -> Venue:
    from sot.adapters.ccxt import CcxtVenue

    secrets = {field: value for field, variable in _SECRETS.items() if (value := os.environ.get(variable))}
    venue: Venue = _call("--venue-config", lambda: CcxtVenue.open(exchange_id, **{**arguments, **secrets}))
    return venue


def _open_by_function(module: str, name: str, arguments: Mapping[str, Any]) -> Venue:
    try:
        function = getattr(_import(module), name)
    except (ImportError, AttributeError) as error:
        raise InvalidInput("--venue", f"{module}:{name}", f"{_FORMS} ({error})") from None
    venue: Venue = _call("--venue", lambda: function(**arguments))
    if not callable(getattr(venue, "submit", None)) or not isinstance(getattr(venue, "name", None), str):
        raise InvalidInput("--venue", f"{module}:{name}", "a function that returns a sot.venue.Venue")
    return venue


def _import(module: str) -> ModuleType:
    """Import a module: an installed one, or a file in the working directory, where the script `sot` does not look."""
    if (folder := os.getcwd()) not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(module)


def _call(option: str, function: Callable[[], Any]) -> Any:
    try:
        return function()
    except TypeError as error:
        raise InvalidInput(option, str(error), "arguments that the venue can be opened with") from None


_OPENERS: Mapping[str, Callable[[str, Mapping[str, Any]], Venue]] = {"ccxt": _open_ccxt}
