"""Vectors: expectations as data, which other implementations can run, too.

The format is `sot-vector/1`: a JSON list of vectors with `kind`, `id` and `source`; amounts are decimal strings
(docs/reference/vectors.md). Load vectors with `bundled` or `load`, and run them on any store with `run_vectors`, which
returns a `Result`. Each vector gets an account of its own, so that a store that is in use will do.

| module | what it has |
|---|---|
| `loading` | reads files of vectors |
| `runner` | runs vectors by their kind |
| `lifecycle`, `orders`, `accounting`, `journal`, `archive`, `reconciliation` | the kinds |
| `accounting_views` | queries whose rows vectors of accounting expect |
| `format` | the keys that vectors may have, also as a JSON Schema |
| `figures` | figures of an order, and its last event, for `lifecycle` and `orders` |
| `instruments` | the instruments of a vector, for the same |
| `digests` | canonical text and digest of each kind of fact, for the journal |
| `result` | counts and compares expectations |
"""

from sot.testing.vectors.loading import FORMAT, bundled, load
from sot.testing.vectors.result import Result
from sot.testing.vectors.runner import RUNNERS, run_vectors

__all__ = ["FORMAT", "RUNNERS", "Result", "bundled", "load", "run_vectors"]
