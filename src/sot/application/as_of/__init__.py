"""The past: the history at a point in time, read by the same queries as the present.

Enter at `history.past_history`. A `PointInTime` limits what was known (by a cursor of the feed, or a time) and what had
happened (by a time), independently. The repositories of `unit_of_work` read the present store and show what there was.

1. Nothing here writes.
2. The queries are those of the present (`sot.application.queries`); only the unit of work differs.
3. By a cursor the answer is exact. By a time, facts are included that were recorded before it and committed after it.
4. Within an order, an event is included only if all events of lower sequence are.
5. A page of the past may be short, or empty, while there are more: the present rows are read in bounded portions.
"""
