"""Views: what the command line and the HTTP API show, as JSON values.

A view is a function of a value of the domain; nothing here reads from a store, except `orders.full_order_view`, which
puts together what `HistoryQueries` gives.

1. Numbers are exact text without exponent, times are RFC 3339 text in UTC.
2. A field that has no value is null, not absent; only labels of groups and `reported_type` are left out.
3. A raw payload stays text, since reading it as JSON could lose digits.
"""
