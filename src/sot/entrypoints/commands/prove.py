"""`sot prove`: proofs that a fact was sealed, which are checked without a database."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
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
from sot.domain.values.limits import LINE_BYTES
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import FactKind
from sot.entrypoints import error_handling
from sot.entrypoints.files import output_file, read_checkpoints
from sot.entrypoints.json_lines import read_object
from sot.entrypoints.options import (
    AccountOrOnlyOption,
    AgainstOption,
    JsonOption,
    OptionalStoreOption,
    OutOption,
    PublicKeyOption,
    read_name,
    require_store,
)
from sot.entrypoints.order_ids import find_order
from sot.entrypoints.signing_keys import read_verifier
from sot.entrypoints.stores import account_or_only, open_store
from sot.ports.store import UnitOfWork

_NUMBERED = (FactKind.EVENT, FactKind.RISK_CHECK)
_KEYED_BY_REQUEST = (FactKind.REQUEST, FactKind.CONTEXT, FactKind.RISK_CHECK, FactKind.WITHDRAWAL)


def prove(
    kind: Annotated[FactKind | None, typer.Argument(case_sensitive=False, help="The kind of the fact.")] = None,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[KEY]",
            help="The fact: an order id or client order id (EVENT), a request's id or idempotency key, or else the key "
            "in the fact's line of an archive.",
        ),
    ] = None,
    *,
    store_url: OptionalStoreOption = None,
    account: AccountOrOnlyOption = None,
    number: Annotated[
        int | None,
        typer.Option("--number", metavar="N", min=1, help="Which event of the order, or risk check of the request."),
    ] = None,
    out: OutOption = None,
    check: Annotated[
        Path | None,
        typer.Option("--check", metavar="PROOF", help="Check this proof against the checkpoints of --against."),
    ] = None,
    against: AgainstOption = None,
    public_key: PublicKeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that a fact was sealed; or check such a proof, which needs no database.

    A proof is a JSON object: the fact with its whole content, its position among the facts of a checkpoint, and the
    hashes from there to the root (RFC 6962). It reveals no other fact. Whoever has the checkpoint can check it.

    Exit code 0: the fact is under the checkpoint; 1: it is not; 2: bad input; 3: the store cannot be used.

    For example:

    ```
    sot prove event my-order-1 --number 3 --account main --store orders.db --out proof.json
    sot prove request my-order-1 --account main --store orders.db
    sot prove --check proof.json --against checkpoints.jsonl --public-key seal.pub
    ```
    """
    with error_handling.exit_codes(as_json):
        if check is not None:
            _check(check, against, public_key, as_json)
            return
        if kind is None or name is None:
            raise InvalidInput("KIND KEY", None, "a fact, e.g. event my-order-1 --number 3, or --check PROOF")
        if (kind in _NUMBERED) != (number is not None):
            allowed = "the number of the fact" if kind in _NUMBERED else f"no number: there is one {kind} per key"
            raise InvalidInput("--number", number, allowed)
        account_id = read_name("--account", account)
        with closing(open_store(require_store(store_url), create=False, account_id=account_id)) as store:
            owner = account_or_only(store, account_id)
            document = store.run(lambda uow: _proof(uow, kind, owner, name, number or 0), read_only=True)
        with output_file(out) as stream:
            stream.write(json.dumps(document) + "\n")


def _proof(uow: UnitOfWork, kind: FactKind, account_id: str, name: str, number: int) -> dict[str, Any]:
    return proof_document(uow, kind, account_id, _fact_key(uow, kind, account_id, name), number)


def _fact_key(uow: UnitOfWork, kind: FactKind, account_id: str, name: str) -> str:
    """Find the key of a fact in the feed by a name of its order or request. Raises NotFound."""
    history = OrderHistory(uow)
    if kind is FactKind.EVENT:
        return find_order(uow, name, account_id).order_id
    if kind not in _KEYED_BY_REQUEST:
        return name
    request = history.find_request(account_id, name)
    if request is not None:
        return request.request_id
    try:
        return str(IDENTITY.check("KEY", name))
    except InvalidInput:
        raise NotFound("request", name, f"of account {account_id}") from None


@attrs.frozen
class _ProofFile:
    fact: ArchivedFact
    fact_fields: Mapping[str, Any]
    proof: Proof


_FIELDS = ("fact", "leaf", "place", "path", "checkpoint")


def _read_proof(path: Path) -> _ProofFile:
    """Read a proof. Raises InvalidInput if it is none, or if its fact was changed; OSError."""
    with path.open("rb") as stream:
        document = read_object(stream.read(LINE_BYTES + 1))
    if set(document) != set(_FIELDS):
        raise InvalidInput(str(path), sorted(document), f"a proof, which has {', '.join(_FIELDS)}")
    place, steps = document["place"], document["path"]
    if type(place) is not int or not isinstance(steps, list):
        raise InvalidInput(str(path), place, "a proof, with a whole number as place and a list of hashes as path")
    if not isinstance(document["fact"], dict):
        raise InvalidInput(f"{path}: fact", document["fact"], "an object")
    proof = Proof(
        leaf=str(document["leaf"]),
        place=place,
        path=tuple(HASH.check("path", step) for step in steps),
        checkpoint=Checkpoint.read(document["checkpoint"], "checkpoint"),
    )
    return _ProofFile(archived_facts.read_fact(document["fact"]), document["fact"], proof)


def _check(path: Path, against: Sequence[Path] | None, public_keys: Sequence[Path] | None, as_json: bool) -> None:
    if not against:
        raise InvalidInput("--against", None, "the checkpoints that you exported: the one in a proof proves nothing")
    exported = read_checkpoints(against)
    check_exported(exported, read_verifier(public_keys))
    proof_file = _read_proof(path)
    problem = _problem(proof_file, exported)
    leaf, checkpoint = proof_file.fact.leaf, proof_file.proof.checkpoint
    if as_json:
        view = {"holds": problem is None, "problem": problem, "checkpoint": checkpoint.number}
        typer.echo(json.dumps({**view, "fact": proof_file.fact_fields}, default=str))
    else:
        number = f" {leaf.number}" if leaf.number else ""
        fact = f"{leaf.kind}{number} of {leaf.key}, account {leaf.account_id}, recorded {time_text(leaf.recorded_at)}"
        sealed = f"proven: checkpoint {checkpoint.number} sealed it at {time_text(checkpoint.sealed_at)}"
        typer.echo(f"{fact}: {problem or sealed}")
    if problem is not None:
        raise typer.Exit(error_handling.FINDINGS)


def _problem(proof_file: _ProofFile, exported: Sequence[Checkpoint]) -> str | None:
    proof = proof_file.proof
    if proof.leaf != proof_file.fact.leaf.text:
        return "not proven: the proof is about another fact"
    same = [checkpoint for checkpoint in exported if checkpoint == proof.checkpoint]
    if not same:
        return f"not proven: checkpoint {proof.checkpoint.number} of the proof is not among those that were exported"
    if not proof.is_valid_under(same[0]):
        return f"not proven: it is not under the root of checkpoint {proof.checkpoint.number}"
    return None
