"""The audit trail: verification, checkpoints, archives, rebuilding and the feed.

| subject | enter at | further modules |
|---|---|---|
| verify a store | `verification` | `checkpoint_verification`, `rederive`, `waiting_rows`, `verification_result` |
| seal and prove | `seal` | |
| archive and restore | `archive`, `restore` | `archived_facts`, `archive_verification`, `log_lines` |
| rebuild derived rows | `rebuild` | `rederive`, `waiting_rows` |
| follow events | `feed` | |

1. Verification only reads, and does not trust a derived row: it derives everything again from the facts.
2. Only checkpoints that were exported and kept elsewhere reveal facts that were removed, added or replaced together
   with their hashes.
3. An archive has the canonical form of every fact, so that its hash can be checked without any store.
4. A fact is restored exactly as it was recorded, at its position in the feed; restoring it again adds nothing.
5. Rebuilding gives the same rows that recording gave.
"""
