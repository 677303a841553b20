"""Reconciliation of the history with a venue: compare, keep findings, heal.

Enter at `reconciler.reconcile`. A run asks the venue for its lists (`venue_snapshot`), reads what the history has of
the same account (`history_snapshot`), compares both (`sot.domain.reconciliation`), heals if that is wanted
(`healing`), adds rows (`records`) for the run and its inputs (`run_inputs`), and opens and closes findings
(`findings`).

1. The venue is never called inside a transaction; one transaction stores everything about a run.
2. A query that fails is a failure of the run, and nothing is concluded from it.
3. What a snapshot does not cover is never a difference.
4. Rows are facts: a finding is closed by a row of its own, at most one.
5. Healing records the venue's reports, and nothing else.
"""
