"""The repositories over tables, one module or package per subject.

`sot.ports` says what each method does. Within one unit of work:

1. Requests, orders, identifiers, instruments, positions and costs are cached: each is read once. That there is no row
   is cached, too, where a use case asks twice.
2. Writes wait in the `WriteBuffer` until the commit, or until a query needs a table that has rows waiting. Recording a
   report needs none.
3. Rows that change (`orders`, `order_costs`, `positions`) are written once, at the flush.
4. An id that is no UUID names nothing: the database is not asked, because PostgreSQL would refuse.
"""
