"""Positions, costs and results of accounts, derived from executions and account events.

Recording code enters at `positions.apply_fills`, `costs.update_costs` and `account_events.record_account_event`;
queries enter at `position_queries`, `results`, `cost_analysis` and `pnl`.

1. Stored positions and costs are updated in the transaction that records the fact which changes them.
2. They are a fold of the facts: rebuilding them from the facts gives the same rows, position snapshots included.
3. Facts fold in the order of their `fold_key`, whenever they were recorded: an earlier one than the latest folds the
   position again from the last snapshot before it.
4. A symbol that is not registered has no positions; registering it values what was recorded before. Answers with
   results name it in `unregistered`.
5. An account event that is flagged has no effect on positions.
"""
