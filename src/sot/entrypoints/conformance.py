"""`sot conformance`: expectations as data, run on a store."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sot.domain.values.errors import InvalidInput
from sot.entrypoints import failures
from sot.entrypoints.stores import MEMORY, open_store
from sot.entrypoints.terminal import console
from sot.testing import vectors


def conformance(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Vector files or folders; by default those that come with sot."),
    ] = None,
    *,
    store: Annotated[
        str,
        typer.Option("--store", metavar="URL", help="The store to prove; each vector gets its own account in it."),
    ] = MEMORY,
) -> None:
    """Run conformance vectors on a store and say how many of their expectations hold.

    For example:

    ```
    sot conformance
    sot conformance vectors/ --store sqlite:///proof.db
    sot conformance vectors/lifecycle_fix.json --store postgresql://localhost/proof
    ```
    """
    with failures.exit_codes():
        found = [vector for path in paths for vector in vectors.load(path)] if paths else vectors.bundled()
        if not found:
            raise InvalidInput("PATH", ", ".join(map(str, paths or ())), "files or folders that hold vectors")
        kept = open_store(store)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        try:
            with Progress(*columns, console=console(stderr=True), transient=True) as progress:
                task = progress.add_task("vectors", total=len(found))
                result = vectors.run_vectors(kept, found, lambda: progress.advance(task))
        finally:
            kept.close()
        for failure in result.failures:
            typer.echo(failure)
        typer.echo(f"{result.held} of {result.expected} expectations hold")
        if result.failures or result.held != result.expected:
            raise typer.Exit(failures.FINDINGS)
