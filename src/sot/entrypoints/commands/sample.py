"""`sot sample`: small files to try the other commands with."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import attrs
import typer

from sot.domain.values.errors import InvalidInput
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.files import binary_output_file, output_file


class SampleName(StrEnum):
    """The samples."""

    JSONL = "jsonl"
    FIX = "fix"
    CSV = "csv"
    RATES = "rates"
    FREQTRADE = "freqtrade"
    IBKR = "ibkr"
    LEDGERS = "ledgers"


@attrs.frozen
class _Sample:
    file: str
    what: str
    command: str
    """What takes it; the samples are of the account `main`."""


SAMPLES: Mapping[SampleName, _Sample] = {
    SampleName.JSONL: _Sample(
        "orders.jsonl", "a month of orders as JSON lines", "sot record orders.jsonl --store orders.db"
    ),
    SampleName.FIX: _Sample(
        "drop-copy.log",
        "a drop copy of FIX messages",
        "sot record --format fix drop-copy.log --account main --adopt --store orders.db",
    ),
    SampleName.CSV: _Sample(
        "trades.csv",
        "trades as Kraken exports them",
        "sot import kraken-trades trades.csv --account main --store orders.db",
    ),
    SampleName.RATES: _Sample(
        "rates.csv",
        "euro rates of the same month",
        "sot pnl --account main --in EUR --rates rates.csv --store orders.db",
    ),
    SampleName.FREQTRADE: _Sample(
        "tradesv3.sqlite",
        "the store of a bot",
        "sot import freqtrade tradesv3.sqlite --account bot --store orders.db",
    ),
    SampleName.IBKR: _Sample(
        "activity.xml",
        "a Flex query of Interactive Brokers",
        "sot import ibkr-flex activity.xml --account broker --zone America/New_York --store orders.db",
    ),
    SampleName.LEDGERS: _Sample(
        "ledgers.csv",
        "a ledger as Kraken exports it",
        "sot import kraken-ledgers ledgers.csv --account exchange --store orders.db",
    ),
}
_SQLITE = ".sqlite"


def sample_bytes(name: SampleName) -> bytes:
    """The bytes of a sample."""
    file = SAMPLES[name].file
    folder = files("sot.entrypoints") / "data" / "samples"
    if not file.endswith(_SQLITE):
        return (folder / file).read_bytes()
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript((folder / "bot.sql").read_text("utf-8"))
        return database.serialize()


def write_sample(name: SampleName, out: Path | None) -> None:
    """Write a sample to a file, or to the standard output.

    Raises:
        InvalidInput: There is a file with another content, or a database would go to a terminal.
        OSError: The file cannot be written.
    """
    content = sample_bytes(name)
    if out is not None:
        _check_free(out, content)
    if SAMPLES[name].file.endswith(_SQLITE):
        with binary_output_file(out) as stream:
            stream.write(content)
    else:
        with output_file(out) as lines:
            lines.write(content.decode("utf-8"))


def sample(
    name: Annotated[
        SampleName | None,
        typer.Argument(case_sensitive=False, help="Which one; without it, they are listed."),
    ] = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to this file, unless another one has its name.")
    ] = None,
) -> None:
    """Write a made-up sample file: orders, FIX messages, trades, rates, a bot's store, a broker's file, a ledger.

    For example:

    ```
    sot sample
    sot sample jsonl --out orders.jsonl
    sot sample jsonl | sot record --store orders.db
    ```
    """
    with exit_codes():
        if name is None:
            if out is not None:
                raise InvalidInput("NAME", None, f"one of {', '.join(SAMPLES)}")
            _list_samples()
            return
        write_sample(name, out)


def _check_free(path: Path, content: bytes) -> None:
    """Check that no file would be replaced by a sample, unless it is the same one.

    Raises:
        InvalidInput: There is a file with another content.
    """
    if path.is_file() and path.read_bytes() != content:
        raise InvalidInput("--out", str(path), "a name that no file has yet")


def _list_samples() -> None:
    for name, each in SAMPLES.items():
        typer.echo(f"sot sample {name} --out {each.file:<16} # {each.what}")
        typer.echo(each.command)
