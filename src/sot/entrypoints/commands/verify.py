"""`sot verify`: verify that nothing was changed outside of the library."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import attrs
import typer
from rich.table import Table

from sot.application.audit import verification as audit_verification
from sot.application.audit.archive_verification import verify_archive
from sot.application.audit.verification_result import Verification, VerificationProblem
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.errors import InvalidInput
from sot.entrypoints import error_handling, progress
from sot.entrypoints.files import bounded_lines, error_in_line, read_checkpoints
from sot.entrypoints.json_lines import read_line
from sot.entrypoints.options import (
    AgainstOption,
    JobsOption,
    JsonOption,
    OptionalStoreOption,
    PublicKeyOption,
    QuietOption,
    SchedulerOption,
    require_store,
)
from sot.entrypoints.signing_keys import read_verifier
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console, new_table
from sot.entrypoints.workers import few_collections, workers
from sot.ports.signer import Verifier

_WITHOUT_EXPORTED = (
    "Without --against: only checkpoints kept elsewhere show that facts were changed together with their hashes."
)


def verify(
    *,
    store_url: OptionalStoreOption = None,
    against: AgainstOption = None,
    public_key: PublicKeyOption = None,
    offline: Annotated[
        Path | None,
        typer.Option("--offline", metavar="ARCHIVE", help="Verify a file of sot export history, without a store."),
    ] = None,
    jobs: JobsOption = 1,
    scheduler: SchedulerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Verify everything in a store: hashes, chains, sequences, derived figures, checkpoints. It changes nothing.

    Each finding names the first problem of an order, fact, position or checkpoint. With `--against` the history is
    compared with checkpoints that were kept elsewhere (see `sot seal`): only they show that facts were removed, added,
    or changed by somebody who computed their hashes again. `sot rebuild` corrects derived figures; nothing can correct
    facts.

    Exit code 0: everything holds; 1: findings; 2: a file that cannot be read, or of another store; 3: no store.

    For example:

    ```
    sot verify --store orders.db
    sot verify --store orders.db --against checkpoints.jsonl --public-key seal.pub
    sot verify --store orders.db --jobs 4
    sot verify --store postgresql://db/orders --scheduler tcp://10.0.0.5:8786
    sot verify --offline 2026-01.jsonl --against checkpoints.jsonl
    sot verify --store orders.db --json | jq '.findings[]'
    ```
    """
    with error_handling.exit_codes(as_json):
        exported, verifier = read_checkpoints(against or ()), read_verifier(public_key)
        if offline is not None:
            result = _verify_archive(offline, exported, verifier)
        else:
            result = _verify_store(require_store(store_url), exported, verifier, jobs, scheduler)
        unsealed = result.unsealed if offline is not None or exported else None
        if as_json:
            typer.echo(json.dumps(_view(result, unsealed)))
        elif not (quiet and result.passed):
            _print(result, unsealed, has_exported=bool(exported))
        if not result.passed:
            raise typer.Exit(error_handling.FINDINGS)


def _verify_store(
    store_url: str, exported: Sequence[Checkpoint], verifier: Verifier | None, jobs: int, scheduler: str | None
) -> Verification:
    with (
        few_collections(),
        closing(open_store(store_url, create=False)) as store,
        progress.counting() as report,
        workers(jobs, scheduler, store_url) as executor,
    ):
        return audit_verification.verify(store, exported, verifier, report, executor)


def _verify_archive(path: Path, exported: Sequence[Checkpoint], verifier: Verifier | None) -> Verification:
    """Verify an archive. Raises InvalidInput if a line cannot be read, or if there is none; OSError."""
    number = 0

    def read_lines() -> Iterator[tuple[str, dict[str, Any]]]:
        nonlocal number
        done = 0
        for text in bounded_lines(archive):
            number += 1
            done += len(text)
            report(done)
            key, fields = read_line(text)
            if key not in ("fact", "checkpoint"):
                raise InvalidInput("line", key, "a fact or a checkpoint: the lines of sot export history")
            yield key, fields

    with path.open("rb") as archive, progress.measuring(f"verifying {path.name}", path.stat().st_size) as report:
        try:
            result = verify_archive(read_lines(), exported, verifier)
        except InvalidInput as error:
            raise (error_in_line(path, number, error) if number else error) from None
    if not number:
        raise InvalidInput("--offline", str(path), "an archive; this file is empty")
    return result


def _view(result: Verification, unsealed: int | None) -> dict[str, Any]:
    return {
        "fine": result.passed,
        "counts": result.counts,
        "findings": [attrs.asdict(problem) for problem in result.problems],
        **({} if unsealed is None else {"unsealed": unsealed}),
    }


def _print(result: Verification, unsealed: int | None, has_exported: bool) -> None:
    screen = console()
    screen.print(_counts_table(result))
    if unsealed:
        facts = "1 fact stands" if unsealed == 1 else f"{unsealed} facts stand"
        screen.print(f"\n{facts} behind the last checkpoint: no checkpoint proves that.", style="yellow")
    if result.problems:
        screen.print(_problems_table(result.problems))
        screen.print(f"\n{len(result.problems)} findings", style="bold red")
        return
    screen.print("\nEverything holds.", style="bold green")
    if not has_exported:
        screen.print(_WITHOUT_EXPORTED, style="dim")


def _counts_table(result: Verification) -> Table:
    table = new_table("Looked at")
    table.add_column("what")
    table.add_column("how many", justify="right")
    for kind, count in result.counts.items():
        table.add_row(kind.replace("_", " "), f"{count:,}")
    return table


def _problems_table(problems: Sequence[VerificationProblem]) -> Table:
    table = new_table("What does not hold")
    for name in ("what", "account", "key"):
        table.add_column(name)
    table.add_column("problem", style="red")
    for problem in problems:
        table.add_row(problem.what.replace("_", " "), problem.account_id, problem.key, problem.problem)
    return table
