"""The domain: values, rules and calculations. It has no clock, no randomness, and no input or output.

| package | subject |
|---|---|
| `values` | numbers, times, vocabularies, instruments, errors |
| `orders` | requests, reports, events, the state of an order, fills |
| `accounting` | costs, positions, profit and loss |
| `reconciliation` | comparing the history with a venue |
| `audit` | digests, Merkle trees, checkpoints |
| `access` | API keys and recorded responses |

Values are immutable. An order, its state and a fold change; whoever passes them on to others copies them.
"""
