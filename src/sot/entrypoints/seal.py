"""`sot seal`: a checkpoint over everything that is new."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sot.application.audit import seal as sealing
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.errors import InvalidInput
from sot.entrypoints import failures
from sot.entrypoints.files import append_lines, read_checkpoints
from sot.entrypoints.keys import make_key, signer_of
from sot.entrypoints.options import JsonOption, OptionalStoreOption, QuietOption, given_store
from sot.entrypoints.stores import open_store
from sot.ports.signer import Signer
from sot.ports.store import UnitOfWork

Sealed = tuple[Checkpoint | None, Sequence[Checkpoint]]


def seal(
    *,
    store: OptionalStoreOption = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PEM", help="Sign with this Ed25519 private key.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Append to this file instead of printing, with all that it lacks."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Seal nothing: print all checkpoints again.")] = False,
    new_key: Annotated[
        Path | None,
        typer.Option(
            "--new-key", metavar="FILE", help="Make a key for --key, readable by you alone; print its public half."
        ),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Seal every fact that is not sealed yet, and print the checkpoint as one JSON line.

    A checkpoint is a root over all those facts, and follows the checkpoint before it. Keep the lines where whoever
    can write to the database cannot: `sot verify --against` holds the database against them, and finds what was
    removed, added, or changed together with its hashes. Without anything new nothing is printed.

    With `--out` the file gets whatever checkpoints it lacks, so that a run that died half way is made up for by the
    next. A password of the key is taken from `SOT_KEY_PASSWORD`.

    For example:

    ```
    sot seal --store orders.db                       # prints a line to keep
    sot seal --store orders.db --out /mnt/elsewhere/checkpoints.jsonl --quiet
    sot seal --new-key seal.pem > seal.pub           # once, then
    sot seal --store orders.db --key seal.pem --out checkpoints.jsonl
    sot seal --store orders.db --list
    ```
    """
    with failures.exit_codes(as_json):
        if sum((listed, new_key is not None, out is not None or key is not None)) > 1:
            raise InvalidInput("seal", "several at once", "either --list, or --new-key, or what sealing needs")
        if new_key is not None:
            typer.echo(make_key(new_key), nl=False)
            return
        signer = signer_of(key)
        held = read_checkpoints([out]) if out is not None and out.exists() and out.stat().st_size else []
        kept = open_store(given_store(store), create=False)
        try:
            if listed:
                for checkpoint in kept.run(lambda uow: uow.checkpoints.all(), read_only=True):
                    typer.echo(checkpoint.canonical())
                return
            made, lacking = kept.run(lambda uow: _sealed(uow, signer, out, held))
        finally:
            kept.close()
        if out is not None:
            append_lines(out, [checkpoint.canonical() for checkpoint in lacking])
        elif made is not None:
            typer.echo(made.canonical())
        if not quiet:
            typer.echo(_told(made, len(lacking), out), err=True)


def _sealed(uow: UnitOfWork, signer: Signer | None, out: Path | None, held: Sequence[Checkpoint]) -> Sealed:
    """The new checkpoint, and all those that a file lacks. Raises: InvalidInput: the file is of another store."""
    stored = list(uow.checkpoints.all())
    if held and held != stored[: len(held)]:
        raise InvalidInput("--out", str(out), "a file of this store's checkpoints; sot verify --against it tells more")
    made = sealing.seal(uow, signer)
    return made, [*stored[len(held) :], *([made] if made else [])]


def _told(made: Checkpoint | None, lacking: int, out: Path | None) -> str:
    said = [
        "nothing new to seal"
        if made is None
        else f"checkpoint {made.number} over {made.count} fact{'s' * (made.count != 1)}"
    ]
    if made is not None:
        said.append(f"up to cursor {made.upto}" + (f", signed by {made.key_id}" if made.key_id else ""))
    if out is not None and lacking:
        said.append(f"{lacking} appended to {out}")
    return ", ".join(said)
