"""Tests for adapters and applications, to be run by others, too (extra `testing`).

| entry | what for |
|---|---|
| `sot.testing.contract` | suites that prove a log, a store or a venue: `StoreContract`, `VenueContract` ... |
| `sot.testing.lockstep` | a state machine that runs the same in several stores and compares every result |
| `sot.testing.vectors` | expectations as data, on any store: `bundled`, `load`, `run_vectors` |
| `sot.testing.strategies` | Hypothesis strategies for numbers, reports, account events, reconciliation rows |
| `sot.testing.faults` | a store, a venue, a clock and ids that fail on purpose, seeded: `FaultPlan`, `FaultyStore` |
| `sot.testing.fakes` | a clock and ids that a test controls: `ManualClock`, `CountedIds` |
| `sot.testing.pages` | `check_pages`: each list is its pages |

Nothing here imports an adapter: a test passes in the store or the venue that it proves.
"""
