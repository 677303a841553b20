"""Orders: requests, reports, events, and the state that follows from them.

A request (`request`) is an intent. What a venue reports (`report`) and what we do ourselves (`event.LocalFact`) become
events (`event`) of an order (`order`). Enter at `lifecycle.apply`, the effect of one event on an order, and at
`replay`, the state of an order from all its events. `commands` states which of our own events a state allows.

1. The events of an order count from 1 without gaps, and each has the hash of the one before it.
2. The state, and every version of every fill, follows from the events alone. The status follows from the state.
3. A report is never refused for its content: what is wrong with it is an anomaly on its event (`anomalies`).
4. An execution is never changed: a correction is a new version of its fill (`fill`).

The rules are those of FIX 4.4, volume 4, appendix D (order state change matrices), completed for what precedes the
venue. docs/reference/lifecycle.md has them as tables.
"""
