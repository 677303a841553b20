"""`sot conformance`: run conformance vectors on a store."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sot.domain.values.errors import InvalidInput
from sot.entrypoints import error_handling
from sot.entrypoints.stores import MEMORY, open_store
from sot.entrypoints.terminal import console
from sot.testing import vectors


def conformance(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Vector files or folders; by default those that come with sot."),
    ] = None,
    *,
    store_url: Annotated[
        str,
        typer.Option("--store", metavar="URL", help="The store to test; each vector uses an account of its own in it."),
    ] = MEMORY,
) -> None:
    """Run conformance vectors on a store and count the expectations that hold.

    Exit code 0: all expectations hold; 1: some do not; 2: bad input; 3: the store cannot be used.

    For example:

    ```
    sot conformance
    sot conformance vectors/ --store sqlite:///proof.db
    sot conformance vectors/lifecycle_fix.json --store postgresql://localhost/proof
    ```
    """
    with error_handling.exit_codes():
        all_vectors = [vector for path in paths for vector in vectors.load(path)] if paths else vectors.bundled()
        if not all_vectors:
            raise InvalidInput("PATH", ", ".join(map(str, paths or ())), "files or folders that hold vectors")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with (
            closing(open_store(store_url)) as store,
            Progress(*columns, console=console(stderr=True), transient=True) as progress,
        ):
            task = progress.add_task("vectors", total=len(all_vectors))
            result = vectors.run_vectors(store, all_vectors, lambda: progress.advance(task))
        for failure in result.failures:
            typer.echo(failure)
        typer.echo(f"{result.held} of {result.expected} expectations hold")
        if result.failures or result.held != result.expected:
            raise typer.Exit(error_handling.FINDINGS)
