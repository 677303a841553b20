"""Statements of Interactive Brokers: Flex queries in XML, activity statements in CSV.

`flex` and `activity` read the two files into the records of `records`; `facts` makes facts of these. The broker closes
the oldest units first and states results less commissions; both are compared by that method.

An option that is exercised, assigned or expires is an account event, and the trade in its underlying that comes with it
is told by the event. The broker reports it as trades of a kind of their own.
"""
