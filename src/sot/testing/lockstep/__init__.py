"""Stores in lockstep: a state machine that does the same in several stores and compares every outcome.

    TestLockstep = lockstep({"memory": MemoryStore, "mine": make_my_store}).TestCase

Each entry makes an empty store from a clock and a source of ids. All stores get the same times and ids, so that even
hashes must be equal. What always holds after each step:

1. Every read has the same result in each store, and every refusal the same error.
2. Each order is the fold of its own events, and sums across orders agree, whichever way they are grouped.
3. What was read at a cursor is read again as of that cursor, and from the facts up to it, restored in an empty store.
4. A rebuild changes nothing, and verification finds no problem.

| module | what it has |
|---|---|
| `machine` | the state machine: its rules are the commands and queries of the history |
| `picks` | picks an order, a request or a finding for a step |
| `observations` | everything that a history can be asked, as lists that can be compared |
| `comparison` | the outcome of a use case, and where two outcomes differ first |
"""

from sot.domain.values.errors import MissingExtra

try:
    from sot.testing.lockstep.machine import lockstep
except ModuleNotFoundError as error:
    raise MissingExtra("testing", "the lockstep of stores") from error

__all__ = ["lockstep"]
