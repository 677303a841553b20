"""`sot prove`: that one fact is under a checkpoint, for somebody who has no database."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import attrs
import typer

from sot.application.audit import archived_facts
from sot.application.audit.archived_facts import ArchivedFact
from sot.application.audit.checkpoint_verification import check_exported
from sot.application.audit.seal import proof_document
from sot.application.history import OrderHistory
from sot.domain.audit.checkpoint import Checkpoint, Proof
from sot.domain.values.errors import InvalidInput, NotFound
from sot.domain.values.fields import HASH, IDENTITY
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import FactKind
from sot.entrypoints import failures
from sot.entrypoints.files import read_checkpoints, whole_file
from sot.entrypoints.keys import verifier_of
from sot.entrypoints.lines import read_object
from sot.entrypoints.naming import order_named
from sot.entrypoints.options import (
    AgainstOption,
    JsonOption,
    OptionalStoreOption,
    OutOption,
    PublicKeyOption,
    given_store,
    read_name,
)
from sot.entrypoints.stores import open_store
from sot.ports.store import UnitOfWork

_NUMBERED = (FactKind.EVENT, FactKind.RISK_CHECK)
_OF_REQUESTS = (FactKind.REQUEST, FactKind.CONTEXT, FactKind.RISK_CHECK, FactKind.WITHDRAWAL)


def prove(
    kind: Annotated[FactKind | None, typer.Argument(case_sensitive=False, help="What kind of fact.")] = None,
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="[KEY]",
            help="Which: an order's name (EVENT), a request's id or key, or the key that an archive's line has.",
        ),
    ] = None,
    *,
    store: OptionalStoreOption = None,
    account: Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Of this account.")] = None,
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", min=1, help="Which event, or risk check, of it.")
    ] = None,
    out: OutOption = None,
    check: Annotated[
        Path | None,
        typer.Option("--check", metavar="PROOF", help="Check this proof by the checkpoints of --against instead."),
    ] = None,
    against: AgainstOption = None,
    public_key: PublicKeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that a fact was sealed; or check such a proof, for which no database is needed.

    A proof is a JSON object: the fact with all that it says, its place among the facts that a checkpoint seals, and
    the hashes from there to the root (RFC 6962). It shows nothing of any other fact. Whoever kept the checkpoint
    checks it: exit code 0 if the fact is under it, 1 if not.

    For example:

    ```
    sot prove event my-order-1 --number 3 --account main --store orders.db --out proof.json
    sot prove request my-order-1 --account main --store orders.db
    sot prove --check proof.json --against checkpoints.jsonl --public-key seal.pub
    ```
    """
    with failures.exit_codes(as_json):
        if check is not None:
            _check(check, against, public_key, as_json)
            return
        if kind is None or key is None:
            raise InvalidInput("KIND KEY", None, "what to prove, e.g. event my-order-1 --number 3, or --check PROOF")
        if (kind in _NUMBERED) != (number is not None):
            allowed = "which one of several it is" if kind in _NUMBERED else f"none: there is one {kind} of a kind"
            raise InvalidInput("--number", number, allowed)
        name = read_name("--account", account)
        if name is None:
            raise InvalidInput("--account", None, "the account of the fact")
        kept = open_store(given_store(store), create=False)
        try:
            said = kept.run(lambda uow: _proof(uow, kind, name, key, number or 0), read_only=True)
        finally:
            kept.close()
        with whole_file(out) as stream:
            stream.write(json.dumps(said) + "\n")


def _proof(uow: UnitOfWork, kind: FactKind, account_id: str, name: str, number: int) -> dict[str, Any]:
    return proof_document(uow, kind, account_id, _key(uow, kind, account_id, name), number)


def _key(uow: UnitOfWork, kind: FactKind, account_id: str, name: str) -> str:
    """The key of a fact in the feed, by which people call it otherwise. Raises: NotFound."""
    history = OrderHistory(uow)
    if kind is FactKind.EVENT:
        return order_named(history, name, account_id).order_id
    if kind not in _OF_REQUESTS:
        return name
    found = history.find_request(account_id, name)
    if found is not None:
        return found.request_id
    try:
        return str(IDENTITY.check("KEY", name))
    except InvalidInput:
        raise NotFound("request", name, f"of account {account_id}") from None


@attrs.frozen
class _Given:
    """A proof as it was read from a file."""

    fact: ArchivedFact
    said: Mapping[str, Any]
    proof: Proof


_FIELDS = ("fact", "leaf", "place", "path", "checkpoint")


def _read(path: Path) -> _Given:
    """Raises: InvalidInput: no proof, or one whose fact was changed. OSError."""
    said = read_object(path.read_bytes())
    if set(said) != set(_FIELDS):
        raise InvalidInput(str(path), sorted(said), f"a proof, which has {', '.join(_FIELDS)}")
    place, steps = said["place"], said["path"]
    if type(place) is not int or not isinstance(steps, list):
        raise InvalidInput(str(path), place, "a proof, with a whole number as place and a list of hashes as path")
    if not isinstance(said["fact"], dict):
        raise InvalidInput(f"{path}: fact", said["fact"], "an object")
    proof = Proof(
        leaf=str(said["leaf"]),
        place=place,
        path=tuple(HASH.check("path", step) for step in steps),
        checkpoint=Checkpoint.read(said["checkpoint"], "checkpoint"),
    )
    return _Given(archived_facts.read_fact(said["fact"]), said["fact"], proof)


def _check(path: Path, against: Sequence[Path] | None, public_keys: Sequence[Path] | None, as_json: bool) -> None:
    if not against:
        raise InvalidInput("--against", None, "the checkpoints that you kept: a proof's own proves nothing")
    kept = read_checkpoints(against)
    check_exported(kept, verifier_of(public_keys))
    given = _read(path)
    problem = _problem(given, kept)
    leaf = given.fact.leaf
    if as_json:
        said = {"holds": problem is None, "problem": problem, "checkpoint": given.proof.checkpoint.number}
        typer.echo(json.dumps({**said, "fact": given.said}, default=str))
    else:
        number = f" {leaf.number}" if leaf.number else ""
        what = f"{leaf.kind}{number} of {leaf.key}, account {leaf.account_id}, recorded {time_text(leaf.recorded_at)}"
        checkpoint = given.proof.checkpoint
        sealed = f"proven: checkpoint {checkpoint.number} sealed it at {time_text(checkpoint.sealed_at)}"
        typer.echo(f"{what}: {problem or sealed}")
    if problem is not None:
        raise typer.Exit(failures.FINDINGS)


def _problem(given: _Given, kept: Sequence[Checkpoint]) -> str | None:
    proof = given.proof
    if proof.leaf != given.fact.leaf.text:
        return "not proven: the proof is about another fact"
    same = [checkpoint for checkpoint in kept if checkpoint == proof.checkpoint]
    if not same:
        return f"not proven: checkpoint {proof.checkpoint.number} of the proof is not among those that were kept"
    if not proof.is_valid_under(same[0]):
        return f"not proven: it is not under the root of checkpoint {proof.checkpoint.number}"
    return None
