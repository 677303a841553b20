"""`sot reference`: what another team needs to build the same service in another language."""

from pathlib import Path
from typing import Annotated

import typer

from sot.entrypoints.error_handling import exit_codes

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def reference() -> None:
    """Write down the service for those who build it in another language.

    For example:

    ```
    sot reference export sot-reference
    ```
    """


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Write one bundle from which the same service can be built in another language, with nothing else at hand.

    It has the rules, each with a number; the vectors that show each rule, with their JSON Schema; the canonical bytes;
    the lifecycle table as JSON and CSV; JSON Schemas of all values; the OpenAPI document; the tables as SQL for SQLite
    and PostgreSQL; archives with their checkpoints, proofs and derived rows; and a README that says where to begin, in
    which order to build, and how to run the vectors.

    `manifest.json` lists every file with its SHA-256. The same version of sot writes the same bytes each time.

    For example:

    ```
    sot reference export sot-reference
    less sot-reference/README.md
    ```
    """
    with exit_codes():
        from sot.entrypoints.reference.bundle import write_bundle

        contents = write_bundle(folder)
        size = sum(map(len, contents.values())) / 1e6
        typer.echo(f"{len(contents)} files, {size:.1f} MB in {folder}; begin with {folder / 'README.md'}")
