"""Audit: digests of facts, Merkle trees over them, and checkpoints.

Enter at `checkpoint.next_checkpoint`, which seals the facts of the feed, and at `checkpoint.Proof`, which proves that a
fact is among them. `digests` has the digest of each kind of fact, `chain` the start of an order's chain of events,
`merkle` the trees of RFC 6962, and `known` what was known at a point in time.

1. Every fact has a digest over its canonical form (docs/reference/canonical-bytes.md).
2. Every event has the hash of the event before, and the first one the digest of the intent.
3. Every checkpoint has the hash of the checkpoint before, so that sealed facts cannot be changed, added or removed
   without notice.
4. A proof needs the exported checkpoint only, and no database.
"""
