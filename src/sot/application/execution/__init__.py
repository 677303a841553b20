"""Execution of requests at a venue: prepare, call, conclude; and recovery of what has no answer.

`sot.application.executor.Executor` is the entrance for applications; it calls `prepare.prepare` and
`conclude.conclude`, each in a transaction of its own. `recovery.recover` asks about what was left unanswered.

1. The venue is never called inside a transaction.
2. What is sent was recorded as sent before: a crash leaves a request without an answer, never one that is not known.
3. An error that may come after sending leaves the outcome unknown; only `VenueNotReached` means FAILED, and only
   `VenueRefused` is a refusal.
4. An unknown outcome is resolved by asking the venue. "No such order" means FAILED only as far as the venue's
   capabilities make it an answer.
5. Concluding or recovering the same again adds nothing.
"""
