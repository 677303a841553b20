"""A proof as a document: for whoever kept checkpoints and has no database."""

import json
from typing import Any

import attrs

from sot.application.archive import archive
from sot.application.seal import prove
from sot.domain.vocabulary import FactKind
from sot.ports.store import UnitOfWork


def proof_document(uow: UnitOfWork, kind: FactKind, account_id: str, key: str, number: int = 0) -> dict[str, Any]:
    """The fact with all that it says, and the way from there to a checkpoint's root, as JSON values.

    Raises: NotFound: there is no such fact, or no checkpoint seals it yet.
    """
    proof = prove(uow, kind, account_id, key, number)
    position = json.loads(proof.leaf)["position"]
    fact = json.loads(next(archive(uow, position - 1, position)))["fact"]
    fact.pop("names", None)  # which is beside the fact, and so not proven
    return {"fact": fact, **attrs.asdict(proof, recurse=False), "checkpoint": proof.checkpoint.written()}
