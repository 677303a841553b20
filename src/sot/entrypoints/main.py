"""The console script `sot`."""

import logging
import sys

from sot.domain.values.errors import MissingExtra


def main() -> None:
    """Run the command line, which needs the extra `cli`. Warnings of the log go to the standard error."""
    if logging.lastResort is not None:
        logging.getLogger("sot").addHandler(logging.lastResort)
    try:
        import rich  # noqa: F401
        import typer  # noqa: F401
    except ImportError:
        sys.stderr.write(f"sot: {MissingExtra('cli', 'the command line')}\n")
        raise SystemExit(2) from None
    from sot.entrypoints.app import app

    app()


if __name__ == "__main__":
    main()
