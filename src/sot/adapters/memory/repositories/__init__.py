"""The repositories over tables in memory, one module per subject.

`sot.ports` says what each method does. Rows are values and are shared; orders, which change, are copied for each unit
of work.
"""
