"""Finding a reader by the name of its format: the only place that names several of them.

Third parties ship readers by the entry point group `sot.readers`: the name of an entry point is that of the format,
its object a `Reader`, or a function without arguments that returns one.
"""

from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path

from sot.adapters.ccxt.reader import CcxtReader
from sot.adapters.imports.alpaca import AlpacaReader
from sot.adapters.imports.csv_mapping.mapping import read_mapping
from sot.adapters.imports.csv_mapping.reader import MappingReader
from sot.adapters.imports.freqtrade import FreqtradeReader
from sot.adapters.imports.freqtrade_backtest import FreqtradeBacktestReader
from sot.adapters.imports.hummingbot import HummingbotReader
from sot.adapters.imports.ibkr.activity import IbkrActivityReader
from sot.adapters.imports.ibkr.flex import IbkrFlexReader
from sot.adapters.imports.mappings import mapping_text, shipped_mappings
from sot.adapters.imports.metatrader.reader import MetaTraderReader
from sot.domain.values.errors import InvalidInput
from sot.ports.readers import Reader

GROUP = "sot.readers"

CSV = "csv"
"""The format of a file with a mapping of the user's own."""

_MAPPING_BYTES = 1_000_000

OpenReader = Callable[[], Reader]


def open_reader(format: str, map_file: Path | None = None) -> Reader:
    """Return the reader of a format.

    Args:
        format: The name of the format, or `csv`.
        map_file: The mapping file, which `csv` needs and no other format takes.

    Raises:
        InvalidInput: There is no such format, or the mapping is not allowed.
        OSError: The mapping file cannot be read.
    """
    if format == CSV:
        if map_file is None:
            raise InvalidInput("--map", None, "the mapping file of a CSV (docs: how-to/import)")
        return MappingReader(read_mapping(_mapping_file_text(map_file), str(map_file)))
    if map_file is not None:
        raise InvalidInput("--map", str(map_file), f"it with the format {CSV}: {format} has a mapping of its own")
    formats = reader_formats()
    if format not in formats:
        raise InvalidInput("FORMAT", format, f"one of {', '.join([CSV, *sorted(formats)])}")
    return formats[format]()


def reader_formats() -> Mapping[str, OpenReader]:
    """The formats that need no mapping file; those of `sot` have precedence over installed ones."""
    installed = {entry.name: partial(_load, entry.name) for entry in entry_points(group=GROUP)}
    shipped = {name: partial(_shipped_mapping, name) for name in shipped_mappings()}
    return {**installed, **shipped, **_BUILT_IN}


def _shipped_mapping(name: str) -> Reader:
    return MappingReader(read_mapping(mapping_text(name), name))


def _mapping_file_text(path: Path) -> str:
    size = path.stat().st_size
    if size > _MAPPING_BYTES:
        raise InvalidInput(str(path), size, f"a mapping file of at most {_MAPPING_BYTES} bytes")
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(str(path), str(error), "TOML in UTF-8") from None


def _load(name: str) -> Reader:
    entry = next(iter(entry_points(group=GROUP, name=name)))
    found = entry.load()
    reader = found() if callable(found) else found
    if not isinstance(reader, Reader):
        raise InvalidInput(f"entry point {name}", entry.value, "a Reader, or a function that returns one")
    return reader


_BUILT_IN: Mapping[str, OpenReader] = {
    "alpaca": AlpacaReader,
    "ccxt": CcxtReader,
    "freqtrade": FreqtradeReader,
    "freqtrade-backtest": FreqtradeBacktestReader,
    "hummingbot": HummingbotReader,
    "ibkr-activity": IbkrActivityReader,
    "ibkr-flex": IbkrFlexReader,
    "metatrader5": MetaTraderReader,
}
