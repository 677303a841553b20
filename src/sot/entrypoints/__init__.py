"""The command line `sot` (extra `cli`).

Enter at `app`, which registers the commands. `commands` has a module per command; the other modules are shared by
several commands.

What always holds:

1. A command opens a store by its URL (`stores`), does its work in transactions, and closes the store.
2. Results go to the standard output, messages and progress to the standard error. With `--json` results are JSON.
3. An error is one line and an exit code (`error_handling`), never a traceback.
4. Past points in time (`sot as-of`) are read by the same commands as the present (`points_in_time`).
"""
