"""The console script `sot`."""

import sys

from sot.domain.values.errors import MissingExtra


def main() -> None:
    """Run the command line, which needs the extra `cli`."""
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
