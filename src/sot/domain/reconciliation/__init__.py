"""Reconciliation: compare the history of an account with a venue.

Enter at `comparison.compare`, a pure function of two snapshots (`snapshots`). `record` has the rows that keep a run and
its findings; `resolution` decides which findings of earlier runs a comparison closes.

1. What either snapshot does not cover is never a difference.
2. An order that changed in the history shortly before the venue was asked, or later, is not compared: the venue's
   answer may be older than the change.
3. The order and the repetition of a venue's reports change nothing.
4. The same difference of the same thing has the same `subject`, whatever its figures are.
5. A finding is closed only by a comparison that would have found it again, or by a person.
"""
