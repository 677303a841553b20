"""`python -m sot.entrypoints`, the same as `sot`."""

from sot.entrypoints.main import main

main()
