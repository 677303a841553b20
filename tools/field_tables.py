"""Write the tables of fields and words into docs/reference/canonical-bytes.md, from the value classes themselves.

Run by `make docs`; the results are committed, so that a change of what is hashed shows as a difference.
"""

import re
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import attrs

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import LocalFact
from sot.domain.orders.report import FEES, Fee, VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values import fields
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import Anomaly, Origin

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "canonical-bytes.md"
TYPES = {
    "name": fields.NAME,
    "scope": fields.SCOPE,
    "text": fields.TEXT,
    "id": fields.IDENTITY,
    "hash": fields.HASH,
    "amount": fields.NUMBER,
    "positive amount": fields.POSITIVE,
    "time": fields.TIME,
    "nanoseconds": fields.NANOSECONDS,
    "count": fields.COUNT,
    "flag": fields.FLAG,
    "document": fields.DOCUMENT,
    "tags": fields.TAGS,
    "rates": fields.RATES,
    "list of fees": FEES,
}
CLASSES: Mapping[str, type[fields.Value]] = {
    "Instrument": Instrument,
    "Request": OrderRequest,
    "Context": DecisionContext,
    "Risk check": RiskCheck,
    "Withdrawal": Withdrawal,
    "Report": VenueReport,
    "Fee": Fee,
    "Local fact": LocalFact,
    "Account event": AccountEvent,
    "Reconciliation": Reconciliation,
    "Checkpoint": Checkpoint,
}


def vocabulary(kind: fields.Kind) -> type[StrEnum] | None:
    """The words that a field may have; None if it is no word."""
    found: type[StrEnum] | None = kind.names.get("vocabulary")
    return found


def type_of(kind: fields.Kind) -> str:
    """How the page calls a kind of field."""
    words = vocabulary(kind)
    if words is not None:
        return "word"
    return next(name for name, known in TYPES.items() if known is kind)


def always(cls: type[fields.Value], name: str) -> bool:
    """Whether a field is never absent: it is required, or its default says something."""
    return attrs.fields_dict(cls)[name].default not in (None, "", ())


def shown(cls: type[fields.Value], name: str) -> str:
    """A field as the table names it."""
    words = vocabulary(cls.KINDS[name])
    text = f"`{name}`" if words is None else f"`{name}` ({words.__name__})"
    return f"**{text}**" if always(cls, name) else text


def table(title: str, cls: type[fields.Value]) -> list[str]:
    """The fields of a class by type."""
    by_type: dict[str, list[str]] = {}
    for name in sorted(cls.KINDS):
        by_type.setdefault(type_of(cls.KINDS[name]), []).append(shown(cls, name))
    rows = [f"| {kind} | {', '.join(by_type[kind])} |" for kind in [*TYPES, "word"] if kind in by_type]
    return [f"### {title}", "", "| type | fields |", "| --- | --- |", *rows, ""]


def words() -> list[str]:
    """Every vocabulary that a field of these classes has."""
    kinds = [kind for cls in CLASSES.values() for kind in cls.KINDS.values()]
    known = {found.__name__: found for kind in kinds if (found := vocabulary(kind)) is not None}
    known |= {"Anomaly": Anomaly, "Origin": Origin}  # of events, which have no table of kinds
    rows = [f"| {name} | {', '.join(known[name])} |" for name in sorted(known)]
    return ["### Words", "", "| vocabulary | words |", "| --- | --- |", *rows, ""]


def told() -> str:
    """All tables, as the page should have them."""
    lines = [line for title, cls in CLASSES.items() for line in table(title, cls)] + words()
    return "\n".join(lines)


START, END = "<!-- written by tools/{} -->", "<!-- end of what is written -->"


def keep(place: Path, tool: str, told: str) -> int:
    """Write what is told between the marks of a page; with --check only tell whether it is up to date."""
    page = place.read_text("utf-8")
    start = START.format(tool)
    wanted = f"{start}\n\n{told}\n{END}"
    marks = f"{re.escape(start)}.*{re.escape(END)}"
    new = re.sub(marks, lambda _: wanted, page, count=1, flags=re.DOTALL)
    if page == new:
        return 0
    check = "--check" in sys.argv
    if not check:
        place.write_text(new, "utf-8")
    print(f"{'stale' if check else 'written'}: {place.relative_to(ROOT)}")
    return int(check)


if __name__ == "__main__":
    sys.exit(keep(PAGE, "field_tables.py", told()))
