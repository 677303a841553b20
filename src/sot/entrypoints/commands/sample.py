"""`sot sample`: small files to try the other commands with."""

from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import attrs
import typer

from sot.domain.values.errors import InvalidInput
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.files import output_file


class SampleName(StrEnum):
    """The samples."""

    JSONL = "jsonl"
    FIX = "fix"
    CSV = "csv"
    RATES = "rates"


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
        "sot record --format fix drop-copy.log --account-id main --adopt --store orders.db",
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
}


def sample_text(name: SampleName) -> str:
    """The text of a sample."""
    return (files("sot.entrypoints") / "data" / "samples" / SAMPLES[name].file).read_text("utf-8")


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
    """Write a sample file: orders as JSON lines, FIX messages, a CSV of trades, rates. All of them are made up.

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
        text = sample_text(name)
        if out is not None:
            _check_free(out, text)
        with output_file(out) as stream:
            stream.write(text)


def _check_free(path: Path, text: str) -> None:
    """Check that no file would be replaced by a sample, unless it is the same one.

    Raises:
        InvalidInput: There is a file with another content.
    """
    if path.is_file() and path.read_bytes() != text.encode():
        raise InvalidInput("--out", str(path), "a name that no file has yet")


def _list_samples() -> None:
    for name, each in SAMPLES.items():
        typer.echo(f"sot sample {name} --out {each.file:<16} # {each.what}")
        typer.echo(each.command)
