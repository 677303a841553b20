"""Write docs/reference/openapi.json, and the tables of routes and problems, from the routes of the HTTP adapter.

Run by `make docs`; the results are committed, so that a change of the interface shows as a difference.
"""

import json
import sys

from field_tables import ROOT, write_file, write_section

from sot.adapters.http.app import openapi_document
from sot.adapters.http.problems import PROBLEMS
from sot.adapters.http.route import IdempotencyUse, Route
from sot.adapters.http.routes import ROUTES

DOCUMENT = ROOT / "docs" / "reference" / "openapi.json"
PAGE = ROOT / "docs" / "reference" / "http.md"
PROBLEMS_PAGE = ROOT / "docs" / "reference" / "problems.md"
IDEMPOTENCY = {
    IdempotencyUse.IGNORED: "",
    IdempotencyUse.OPTIONAL: "optional",
    IdempotencyUse.INTENT: "key of the intent",
    IdempotencyUse.REQUIRED: "required",
}


def document_text() -> str:
    """Return the OpenAPI document as it is committed."""
    return json.dumps(openapi_document(), indent=1, ensure_ascii=False) + "\n"


def route_tables() -> str:
    """Return a table of routes per subject."""
    lines = []
    for tag in dict.fromkeys(route.tag for route in ROUTES):
        lines += [
            f"### {tag}",
            "",
            "| operation | | scope | status | `Idempotency-Key` |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [table_row(route) for route in ROUTES if route.tag == tag]
        lines.append("")
    return "\n".join(lines)


def table_row(route: Route) -> str:
    """Return the row of a route."""
    statuses = ", ".join(map(str, route.responses)) + (", 304" if route.conditional else "")
    scope = "" if route.scope is None else route.scope.lower()
    idempotency = IDEMPOTENCY[route.idempotency]
    return f"| `{route.method} {route.path}` | {route.summary} | {scope} | {statuses} | {idempotency} |"


def problem_sections() -> str:
    """Return a section per type of problem, whose heading is its anchor."""
    lines = []
    for kind in PROBLEMS:
        lines += [f"## {kind.slug}", "", f"**{kind.status}: {kind.title}.** {kind.advice}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(
        write_file(DOCUMENT, document_text())
        | write_section(PAGE, "http_document.py", route_tables())
        | write_section(PROBLEMS_PAGE, "http_document.py", problem_sections())
    )
