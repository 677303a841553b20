"""What a command prints about the file that it wrote."""

import json
from collections.abc import Mapping
from pathlib import Path

import typer


def print_summary(counts: Mapping[str, object], out: Path | None, quiet: bool, as_json: bool) -> None:
    """Print what a file contains; nothing without a file, since the standard output then is the file."""
    if out is None:
        return
    if as_json:
        typer.echo(json.dumps({"file": str(out), **counts}))
    elif not quiet:
        typer.echo(f"{out}: " + ", ".join(f"{name} {value}" for name, value in counts.items()))
