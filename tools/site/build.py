"""Build the site of the documentation in `build/site`, and check it.

A warning of Sphinx is an error, and so are a link that leads nowhere, something that is loaded from elsewhere (the site
is read without a network), and a public name without an entry.
"""

import argparse
import shutil
import sys
import time
from pathlib import Path

import built_links
import public_names
from sphinx.cmd.build import main as sphinx
from sphinx.util.inventory import InventoryFile

ROOT = Path(__file__).parents[2]
PROCESSES = "2"


def build(source: Path, target: Path) -> int:
    """Build the site.

    Args:
        source: The folder with the Markdown of README and docs.
        target: The folder of the site; what Sphinx keeps for the next build lies beside it.

    Returns:
        The exit code.
    """
    began = time.monotonic()
    shutil.rmtree(target, ignore_errors=True)  # no link may lead to a page of an earlier build
    settings = ["-c", str(Path(__file__).parent), "-d", str(target.with_name("site-cache")), "-j", PROCESSES]
    code = sphinx([*settings, "--quiet", "--fail-on-warning", str(source), str(target)])
    if code:
        return code
    entries = python_entries(target)
    problems = built_links.problems(target)
    problems += [f"{name}: a public name without an entry" for name in public_names.without_entry(source, entries)]
    for problem in problems:
        print(problem, file=sys.stderr)
    pages = sum(1 for _ in target.rglob("*.html"))
    print(f"{target}: {pages} pages, {len(entries)} entries of Python, in {time.monotonic() - began:.0f} s")
    return 1 if problems else 0


def python_entries(target: Path) -> set[str]:
    """The full names of what the pages of a built site describe."""
    inventory = InventoryFile.loads((target / "objects.inv").read_bytes(), uri="").data
    return {name for kind, names in inventory.items() if kind.startswith("py:") for name in names}


def main() -> int:
    """Build the site of this repository, or of another folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=ROOT, help="the folder of the Markdown")
    parser.add_argument("--target", type=Path, default=ROOT / "build" / "site", help="the folder of the site")
    options = parser.parse_args()
    return build(options.source, options.target)


if __name__ == "__main__":
    sys.exit(main())
