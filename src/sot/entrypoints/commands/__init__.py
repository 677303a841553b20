"""The commands of `sot`, one module each, registered in `sot.entrypoints.app`.

A command reads and checks its options first (exit code 2 if one is wrong), then opens the store. Its docstring is its
`--help`: what it does, the exit codes that are its own, and examples.
"""
