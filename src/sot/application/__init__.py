"""Use cases: what the history does with facts, in the transaction of the caller or in its own.

The entrances are `history.OrderHistory`, for everything that one transaction can do, and `executor.Executor`, which
calls a venue between two transactions. The packages, by subject:

| package | subject |
|---|---|
| `orders` | record requests, events and reports; match reports with orders |
| `accounting` | positions, costs, account events, results |
| `execution` | send requests to a venue, and recover what has no answer |
| `reconciliation` | compare with a venue, keep findings, heal |
| `as_of` | read the history at a point in time |
| `queries` | read orders and accounts, of the present and of the past |
| `audit` | verify, seal, archive, restore, rebuild, follow |
| `access` | API keys, and units of work that hide other accounts |
| `views` | JSON values for the command line and the HTTP API |
| `input` | commands and texts from outside |
| `support` | pages, retries, results of recording, clock and ids |

1. A use case takes a unit of work and never commits it; whoever began the transaction does.
2. Nothing here imports an adapter: stores, venues, clocks and ids come through the ports.
3. Facts are only added. Derived rows are written in the same transaction as the fact that changes them.
4. Recording the same again adds nothing.
"""
