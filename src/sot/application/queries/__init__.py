"""Queries: read orders, requests, findings and accounts.

Enter at `history.HistoryQueries`, which includes `accounts.AccountQueries`; `OrderHistory` inherits it for the present,
`as_of.history.PastHistory` for the past. `timeline` shows the events of an order with what each changed.

1. Nothing here writes.
2. Present and past answer by the same code: a subclass only says which unit of work to read from.
3. What is missing raises NotFound with a hint; an empty list is an answer.
4. A list that may be long comes in pages.
"""
