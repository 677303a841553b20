"""`sot seal`: make a checkpoint over everything that is new."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from sot.application.audit import seal as audit_seal
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.errors import InvalidInput
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.files import append_lines, read_checkpoints
from sot.entrypoints.options import JsonOption, OptionalStoreOption, QuietOption, require_store
from sot.entrypoints.signing_keys import create_key, read_signer
from sot.entrypoints.stores import open_store
from sot.ports.signer import Signer
from sot.ports.store import UnitOfWork


def seal(
    *,
    store_url: OptionalStoreOption = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PEM", help="Sign with this Ed25519 private key.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Append all checkpoints that this file lacks, instead of printing."),
    ] = None,
    list_all: Annotated[bool, typer.Option("--list", help="Seal nothing, and print all checkpoints again.")] = False,
    new_key: Annotated[
        Path | None,
        typer.Option(
            "--new-key",
            metavar="FILE",
            help="Create a private key for --key that only you may read, and print its public key.",
        ),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Seal every fact that is not sealed yet, and print the checkpoint as one JSON line.

    A checkpoint has the root hash of those facts and of the checkpoint before it. Keep the lines where whoever can
    write to the database cannot: `sot verify --against` compares the database with them, and finds facts that were
    removed, added, or changed together with their hashes. Without new facts nothing is printed.

    With `--out` the file gets all checkpoints that it lacks, also those of an earlier run that was interrupted. The
    password of a private key is in the environment: `SOT_KEY_PASSWORD`.

    For example:

    ```
    sot seal --store orders.db                       # prints a line to keep
    sot seal --store orders.db --out /mnt/elsewhere/checkpoints.jsonl --quiet
    sot seal --new-key seal.pem > seal.pub           # once, then
    sot seal --store orders.db --key seal.pem --out checkpoints.jsonl
    sot seal --store orders.db --list
    ```
    """
    with exit_codes(as_json):
        if sum((list_all, new_key is not None, out is not None or key is not None)) > 1:
            raise InvalidInput("seal", "several at once", "either --list, or --new-key, or the options of sealing")
        if new_key is not None:
            typer.echo(create_key(new_key), nl=False)
            return
        signer = read_signer(key)
        exported = read_checkpoints([out]) if out is not None and out.exists() and out.stat().st_size else []
        with closing(open_store(require_store(store_url), create=False)) as store:
            if list_all:
                for checkpoint in store.run(lambda uow: uow.checkpoints.all(), read_only=True):
                    typer.echo(checkpoint.canonical())
                return
            new, missing = store.run(lambda uow: _seal(uow, signer, out, exported))
        if out is not None:
            append_lines(out, [checkpoint.canonical() for checkpoint in missing])
        elif new is not None:
            typer.echo(new.canonical())
        if not quiet:
            typer.echo(_summary(new, len(missing), out), err=True)


def _seal(
    uow: UnitOfWork, signer: Signer | None, out: Path | None, exported: Sequence[Checkpoint]
) -> tuple[Checkpoint | None, Sequence[Checkpoint]]:
    """The new checkpoint, and all that the file lacks. Raises InvalidInput if the file is of another store."""
    stored = list(uow.checkpoints.all())
    if exported and exported != stored[: len(exported)]:
        raise InvalidInput("--out", str(out), "a file of this store's checkpoints; sot verify --against it says more")
    new = audit_seal.seal(uow, signer)
    return new, [*stored[len(exported) :], *([new] if new else [])]


def _summary(new: Checkpoint | None, missing: int, out: Path | None) -> str:
    parts = [
        "nothing new to seal"
        if new is None
        else f"checkpoint {new.number} over {new.count} fact{'s' * (new.count != 1)}"
    ]
    if new is not None:
        parts.append(f"up to cursor {new.upto}" + (f", signed by {new.key_id}" if new.key_id else ""))
    if out is not None and missing:
        parts.append(f"{missing} appended to {out}")
    return ", ".join(parts)
