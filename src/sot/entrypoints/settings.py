"""Settings: defaults of options, in `sot.toml`.

The file is the first that exists: `sot.toml` in the working directory or a folder above it, up to the home folder or
the root; then `sot/sot.toml` in `$XDG_CONFIG_HOME`, which is `~/.config` unless set. No other file is read beside it.

A setting is the default of the options with the variable `SOT_` and its name: an option has precedence over the
variable, the variable over the file.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sot.application.input.time_zones import read_time_zone
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NAME
from sot.entrypoints.stores import MEMORY

FILE_NAME = "sot.toml"
VARIABLE_PREFIX = "SOT_"
_LARGEST_FILE = 100_000
_SQLITE = "sqlite:///"


def find_settings_file() -> Path | None:
    """Return the path of the file of settings; None if there is none."""
    return next((path for path in _places() if path.is_file()), None)


def _places() -> Iterator[Path]:
    home = Path(os.path.expanduser("~"))
    folder = Path.cwd()
    for each in (folder, *folder.parents):
        yield each / FILE_NAME
        if each == home:
            break
    yield Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "sot" / FILE_NAME


def read_settings(path: Path) -> Mapping[str, str]:
    """Read a file of settings. Relative paths in it are taken from its folder.

    Raises:
        InvalidInput: It is no TOML, a key is unknown, or a value is not allowed; the error names the file and the line.
        OSError: It cannot be read.
    """
    if path.stat().st_size > _LARGEST_FILE:
        raise InvalidInput(str(path), path.stat().st_size, f"a file of at most {_LARGEST_FILE} bytes")
    try:
        text = path.read_text("utf-8-sig")
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        raise InvalidInput(str(path), None, "TOML in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(str(path), None, f"TOML: {error}") from None
    return {key: _read_setting(path, text, key, value) for key, value in document.items()}


def _read_setting(path: Path, text: str, key: str, value: object) -> str:
    field = f"{path} line {_line_of(text, key)}: {key}"
    if key not in SETTINGS:
        raise InvalidInput(field, value, f"only the settings {', '.join(SETTINGS)}")
    if not isinstance(value, str):
        raise InvalidInput(field, value, "text in quotes")
    return SETTINGS[key](field, value, path.parent)


def _line_of(text: str, key: str) -> int:
    """The number of the line where a key or a table begins; the first one if it is written in an unusual way."""
    pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[.=\]]")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def _store(field: str, value: str, folder: Path) -> str:
    if not value.strip():
        raise InvalidInput(field, value, "memory, a database URL, or the path of an SQLite file")
    if value.startswith(_SQLITE):
        file = value.removeprefix(_SQLITE)
        is_relative = file and not file.startswith(("/", ":", "file:")) and not Path(file).is_absolute()
        return f"{_SQLITE}{folder.resolve() / file}" if is_relative else value
    return value if value == MEMORY or "://" in value else str(folder.resolve() / value)


def _name(field: str, value: str, folder: Path) -> str:
    checked: str = NAME.check(field, value)
    return checked


def _zone(field: str, value: str, folder: Path) -> str:
    read_time_zone(field, value)
    return value


def _path(field: str, value: str, folder: Path) -> str:
    return str(folder.resolve() / str(NAME.check(field, value)))


SETTINGS: Mapping[str, Callable[[str, str, Path], str]] = {
    "store": _store,
    "account": _name,
    "zone": _zone,
    "currency": _name,
    "rates": _path,
}
"""The settings, and how each is read."""


def setting_of(parameter: Any) -> str | None:
    """The name of the setting that is the default of a parameter, by its variable; None if there is none."""
    variable = getattr(parameter, "envvar", None)
    if not isinstance(variable, str) or not variable.startswith(VARIABLE_PREFIX):
        return None
    name = variable.removeprefix(VARIABLE_PREFIX).lower()
    return name if name in SETTINGS else None


def default_map(command: Any, settings: Mapping[str, str]) -> dict[str, Any]:
    """The defaults of the parameters of a command and its subcommands, as `Context.default_map` has them."""
    values: dict[str, Any] = {
        parameter.name: settings[name]
        for parameter in command.params
        if (name := setting_of(parameter)) is not None and name in settings
    }
    subcommands = getattr(command, "commands", {})
    return {**values, **{name: default_map(each, settings) for name, each in subcommands.items()}}
