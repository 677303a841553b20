"""`sot verify`: finding out whether anything was changed behind the library's back."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import attrs
import typer
from rich.table import Table

from sot.application.audit import verification as verifying
from sot.application.audit.archive_verification import verify_archive
from sot.application.audit.verification_result import Verification, VerificationProblem
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.errors import InvalidInput
from sot.entrypoints import failures, progress
from sot.entrypoints.files import in_line, read_checkpoints
from sot.entrypoints.keys import verifier_of
from sot.entrypoints.lines import read_line
from sot.entrypoints.options import (
    AgainstOption,
    JsonOption,
    OptionalStoreOption,
    PublicKeyOption,
    QuietOption,
    given_store,
)
from sot.entrypoints.order_page import listed
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console
from sot.ports.signer import Verifier

_UNVOUCHED = (
    "Without --against: who changes facts together with their hashes is found out only by checkpoints kept elsewhere."
)


def verify(
    *,
    store: OptionalStoreOption = None,
    against: AgainstOption = None,
    public_key: PublicKeyOption = None,
    offline: Annotated[
        Path | None,
        typer.Option("--offline", metavar="ARCHIVE", help="Verify a file of sot export history, with no store."),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Verify everything that is kept: hashes, chains, sequences, derived figures, checkpoints. Changes nothing.

    Each finding names the first thing of an order, fact, position or checkpoint that does not hold. With `--against`
    the history is held against checkpoints that were kept elsewhere (see `sot seal`): that is what finds facts that
    were removed, added, or changed by somebody who computed their hashes anew. Derived figures that are wrong are made
    right by `sot rebuild`; facts by nobody.

    Exit code 0: everything holds; 1: findings; 2: a file that cannot be read, or of another store; 3: no store.

    For example:

    ```
    sot verify --store orders.db
    sot verify --store orders.db --against checkpoints.jsonl --public-key seal.pub
    sot verify --offline 2026-01.jsonl --against checkpoints.jsonl
    sot verify --store orders.db --json | jq '.findings[]'
    ```
    """
    with failures.exit_codes(as_json):
        kept, verifier = read_checkpoints(against or ()), verifier_of(public_key)
        if offline is not None:
            found = _of_archive(offline, kept, verifier)
        else:
            found = _of_store(given_store(store), kept, verifier)
        unsealed = found.unsealed if offline is not None or kept else None
        if as_json:
            typer.echo(json.dumps(_view(found, unsealed)))
        elif not (quiet and found.passed):
            _show(found, unsealed, vouched=bool(kept))
        if not found.passed:
            raise typer.Exit(failures.FINDINGS)


def _of_store(url: str, kept: Sequence[Checkpoint], verifier: Verifier | None) -> Verification:
    store = open_store(url, create=False)
    try:
        with progress.counting() as tell:
            return verifying.verify(store, kept, verifier, tell)
    finally:
        store.close()


def _of_archive(path: Path, kept: Sequence[Checkpoint], verifier: Verifier | None) -> Verification:
    """What was found.

    Raises: InvalidInput: a line that cannot be read, naming it; an archive without any line. OSError.
    """
    number = 0

    def lines() -> Iterator[tuple[str, dict[str, Any]]]:
        nonlocal number
        done = 0
        for text in opened:
            number += 1
            done += len(text)
            reach(done)
            key, said = read_line(text)
            if key not in ("fact", "checkpoint"):
                raise InvalidInput("line", key, "a fact or a checkpoint: the lines of sot export history")
            yield key, said

    with path.open("rb") as opened, progress.measuring(f"verifying {path.name}", path.stat().st_size) as reach:
        try:
            found = verify_archive(lines(), kept, verifier)
        except InvalidInput as error:
            raise (in_line(path, number, error) if number else error) from None
    if not number:
        raise InvalidInput("--offline", str(path), "an archive; this file is empty")
    return found


def _view(found: Verification, unsealed: int | None) -> dict[str, Any]:
    return {
        "fine": found.passed,
        "counts": found.counts,
        "findings": [attrs.asdict(finding) for finding in found.problems],
        **({} if unsealed is None else {"unsealed": unsealed}),
    }


def _show(found: Verification, unsealed: int | None, vouched: bool) -> None:
    screen = console()
    screen.print(_counts(found))
    if unsealed:
        facts = "1 fact stands" if unsealed == 1 else f"{unsealed} facts stand"
        told = f"\n{facts} behind the last checkpoint: nothing from elsewhere vouches for that."
        screen.print(told, style="yellow")
    if found.problems:
        screen.print(_findings(found.problems))
        screen.print(f"\n{len(found.problems)} findings", style="bold red")
        return
    screen.print("\nEverything holds.", style="bold green")
    if not vouched:
        screen.print(_UNVOUCHED, style="dim")


def _counts(found: Verification) -> Table:
    table = listed("Looked at")
    table.add_column("what")
    table.add_column("how many", justify="right")
    for what, count in found.counts.items():
        table.add_row(what.replace("_", " "), f"{count:,}")
    return table


def _findings(findings: Sequence[VerificationProblem]) -> Table:
    table = listed("What does not hold")
    for name in ("what", "account", "key"):
        table.add_column(name, overflow="fold")
    table.add_column("problem", overflow="fold", style="red")
    for finding in findings:
        table.add_row(finding.what.replace("_", " "), finding.account_id, finding.key, finding.problem)
    return table
