"""What other libraries do for the filled order that `bench.py` records: one module for each.

Everything is made inside the clock, nothing is dropped, and the garbage collector is on, as with `sot`.
"""
