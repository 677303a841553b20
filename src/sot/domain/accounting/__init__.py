"""Accounting: costs of orders, positions, profit and loss.

Enter at `fold.PositionFold`, which folds fills and account events (`account_event`) into a position (`position`), and
at `costs.OrderCosts`, the sums over the executions of one order. `results`, `round_trips` and `cost_analysis` sum over
many; `rates` has the caller's prices and rates. docs/reference/accounting.md and docs/reference/costs-and-pnl.md have
the rules.

1. Entry prices are gross: fees are apart from prices, but for base fees of spot, which are paid in units.
2. Trading results, fees, and results without an order are three figures that are never mixed.
3. A fee or result without a rate is never taken as zero: it is listed as unvalued, and `complete` is False.
4. Amounts of different currencies are never added. Every conversion is listed with its rate.
5. Sums are exact; only `quotient` and `share` round.
6. Fills and account events fold in the order of their `fold_key`: when they happened, not when they were recorded.
"""
