"""Write docs/reference/openapi.json, and the tables of routes and problems, from the tables of the HTTP adapter.

Run by `make docs`; the results are committed, so that a change of what is promised shows as a difference.
"""

import json
import sys
from pathlib import Path

from field_tables import ROOT, keep

from sot.adapters.http.openapi import document
from sot.adapters.http.problems import PROBLEMS
from sot.adapters.http.route import Keyed, Route
from sot.adapters.http.routes import ROUTES

DOCUMENT = ROOT / "docs" / "reference" / "openapi.json"
PAGE = ROOT / "docs" / "reference" / "http.md"
PROBLEMS_PAGE = ROOT / "docs" / "reference" / "problems.md"
HEAD = ("| operation | | scope | answers | `Idempotency-Key` |", "| --- | --- | --- | --- | --- |")
KEYS = {Keyed.NOT: "", Keyed.ALLOWED: "may be", Keyed.INTENT: "the intent's key", Keyed.NEEDED: "needed"}


def document_text() -> str:
    """The OpenAPI document as it is committed."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def keep_document(place: Path) -> int:
    """Write the document; with --check only tell whether it is up to date."""
    wanted = document_text()
    if place.exists() and place.read_text("utf-8") == wanted:
        return 0
    check = "--check" in sys.argv
    if not check:
        place.write_text(wanted, "utf-8")
    print(f"{'stale' if check else 'written'}: {place.relative_to(ROOT)}")
    return int(check)


def routes() -> str:
    """A table of routes per subject."""
    lines = []
    for tag in dict.fromkeys(route.tag for route in ROUTES):
        lines += [
            f"### {tag}",
            "",
            "| operation | | scope | answers | `Idempotency-Key` |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [row(route) for route in ROUTES if route.tag == tag]
        lines.append("")
    return "\n".join(lines)


def row(route: Route) -> str:
    """One route."""
    answers = ", ".join(map(str, route.told)) + (", 304" if route.conditional else "")
    scope = "" if route.scope is None else route.scope.lower()
    return f"| `{route.method} {route.path}` | {route.summary} | {scope} | {answers} | {KEYS[route.keyed]} |"


def problems() -> str:
    """A section per type, whose heading is its anchor."""
    lines = []
    for known in PROBLEMS:
        lines += [f"### {known.slug}", "", f"**{known.status}: {known.title}.** {known.advice}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(
        keep_document(DOCUMENT)
        | keep(PAGE, "http_document.py", routes())
        | keep(PROBLEMS_PAGE, "http_document.py", problems())
    )
