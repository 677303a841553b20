"""Archives with their checkpoints, proofs, and what is derived from them.

Each of them is made from bundled vectors in a store in memory, whose clock and ids are the same in every run.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from sot.adapters.memory import MemoryStore
from sot.application.audit.archive import archive
from sot.application.audit.archived_facts import read_fact
from sot.application.audit.restore import restore, restore_checkpoint
from sot.application.audit.seal import proof_document, seal
from sot.application.history import OrderHistory
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.documents import read_document
from sot.ports.store import UnitOfWork
from sot.testing.fakes import CountedIds, ManualClock
from sot.testing.vectors import run_vectors

_SEAL_EVERY = 10
"""After how many vectors a checkpoint is made."""
_PROVE_EVERY = 7

Vectors = Iterable[Mapping[str, Any]]


def archive_files(vectors: Vectors) -> Iterator[tuple[str, str]]:
    """The files of all archives, by their paths."""
    every = list(vectors)
    for name, make in ARCHIVES.items():
        store = make(every)
        with store.begin(read_only=True) as uow:
            yield f"archives/{name}/archive.jsonl", _lines(archive(uow))
            yield f"archives/{name}/checkpoints.jsonl", _lines(each.canonical() for each in uow.checkpoints.all())
            yield f"archives/{name}/proofs.jsonl", _lines(_proofs(uow))
            yield f"archives/{name}/derived.json", json.dumps(_derived(uow), indent=1, ensure_ascii=False) + "\n"


def restored(lines: Iterable[str]) -> MemoryStore:
    """Restore the lines of an archive into a new store."""
    store = MemoryStore(ManualClock(), CountedIds())
    with store.begin() as uow:
        for line in lines:
            ((key, fields),) = read_document(line).items()
            if key == "fact":
                restore(uow, read_fact(fields))
            else:
                restore_checkpoint(uow, Checkpoint.read(fields))
        uow.commit()
    return store


def _every_kind(vectors: Vectors) -> MemoryStore:
    """Every kind of fact, with the hashes that were computed without `sot`."""
    (whole,) = (vector for vector in vectors if vector["id"] == "archive/whole")
    return restored(whole["lines"])


def _recorded(kind: str, prefix: str) -> Callable[[Vectors], MemoryStore]:
    """The facts of the vectors of a kind whose ids begin with a prefix, each in an account of its own."""

    def make(vectors: Vectors) -> MemoryStore:
        clock = ManualClock()
        store = MemoryStore(clock, CountedIds())
        chosen = [vector for vector in vectors if vector["kind"] == kind and vector["id"].startswith(prefix)]
        for first in range(0, len(chosen), _SEAL_EVERY):
            run_vectors(store, chosen[first : first + _SEAL_EVERY], lambda: clock.move(timedelta(seconds=1)))
            store.run(seal)
        return store

    return make


ARCHIVES: Mapping[str, Callable[[Vectors], MemoryStore]] = {
    "every-kind": _every_kind,
    "orders": _recorded("lifecycle", "fix/"),
    "positions": _recorded("accounting", "sot/"),
}
"""How the store of each archive is made."""


def _proofs(uow: UnitOfWork) -> Iterator[str]:
    """Proofs of some of the sealed facts, as `sot prove` writes them."""
    last = uow.checkpoints.last()
    for leaf in islice(uow.feed.leaves(0, 0 if last is None else last.upto), 0, None, _PROVE_EVERY):
        yield json.dumps(proof_document(uow, leaf.kind, leaf.account_id, leaf.key, leaf.number), ensure_ascii=False)


def _derived(uow: UnitOfWork) -> Mapping[str, Any]:
    """What is derived from the facts of all accounts: orders with their executions and costs, positions."""
    history = OrderHistory(uow)
    orders = list(history.orders())
    accounts = sorted({leaf.account_id for leaf in uow.feed.leaves()})
    return {
        "orders": [order.to_dict() for order in orders],
        "fills": [fill.to_dict() for order in orders for fill in history.fills(order.order_id)],
        "positions": [each.to_dict() for account in accounts for each in history.positions(account, include_flat=True)],
    }


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
