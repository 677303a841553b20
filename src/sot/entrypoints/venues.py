"""Opening a venue by what a command line says: an exchange of ccxt, or a function of the user's own."""

import importlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

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
        help="Where to ask: ccxt:binance and the like, or MODULE:FUNCTION, a function of yours that returns a venue.",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--venue-config", metavar="FILE", help="What the venue is opened with, as JSON: name, sandbox, options, ..."
    ),
]


def open_venue(spec: str, config: Path | None = None) -> Venue:
    """The venue of a command line.

    Keys come from the environment (SOT_VENUE_API_KEY, SOT_VENUE_SECRET, SOT_VENUE_PASSWORD), all else from the file.

    Raises: InvalidInput: another form, or what the file says is not allowed. MissingExtra. OSError: no such file.
    """
    adapter, colon, name = spec.partition(":")
    if not (adapter and colon and name):
        raise InvalidInput("--venue", spec, _FORMS)
    settings = _settings(config)
    make = _OPENERS.get(adapter)
    return _of_a_function(adapter, name, settings) if make is None else make(name, settings)


def _settings(config: Path | None) -> dict[str, Any]:
    if config is None:
        return {}
    try:
        told = json.loads(config.read_text())
    except ValueError as error:
        raise InvalidInput("--venue-config", str(config), f"a file of JSON ({error})") from None
    if not isinstance(told, dict):
        raise InvalidInput("--venue-config", str(config), "a file with one JSON object")
    return told


def _of_ccxt(name: str, settings: Mapping[str, Any]) -> Venue:
    from sot.adapters.ccxt import CcxtVenue

    secrets = {field: value for field, variable in _SECRETS.items() if (value := os.environ.get(variable))}
    venue: Venue = _called("--venue-config", lambda: CcxtVenue.open(name, **{**settings, **secrets}))
    return venue


def _of_a_function(module: str, name: str, settings: Mapping[str, Any]) -> Venue:
    try:
        function = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise InvalidInput("--venue", f"{module}:{name}", f"{_FORMS} ({error})") from None
    venue: Venue = _called("--venue", lambda: function(**settings))
    if not callable(getattr(venue, "submit", None)) or not isinstance(getattr(venue, "name", None), str):
        raise InvalidInput("--venue", f"{module}:{name}", "a function that returns a sot.Venue")
    return venue


def _called(option: str, make: Callable[[], Any]) -> Any:
    try:
        return make()
    except TypeError as error:
        raise InvalidInput(option, str(error), "what the venue can be opened with") from None


_OPENERS: Mapping[str, Callable[[str, Mapping[str, Any]], Venue]] = {"ccxt": _of_ccxt}
