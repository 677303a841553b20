"""Write the tables of fields and vocabularies of docs/reference/canonical-bytes.md from the value classes.

`make docs` runs this; the results are committed, so that a change of what is hashed shows as a difference.
"""

import re
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import attrs

from sot.domain.accounting.account_event import TRANSFER_LOTS, AccountEvent, TransferLot
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import LocalFact
from sot.domain.orders.report import FEES, Fee, VenueReport
from sot.domain.orders.request import UNRECORDED, DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values import fields
from sot.domain.values.instrument import Instrument
from sot.domain.values.value import Value
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
    "list of times": fields.TIMES,
    "nanoseconds": fields.NANOSECONDS,
    "count": fields.COUNT,
    "flag": fields.FLAG,
    "document": fields.DOCUMENT,
    "tags": fields.TAGS,
    "rates": fields.RATES,
    "list of fees": FEES,
    "list of lots": TRANSFER_LOTS,
}
CLASSES: Mapping[str, type[Value]] = {
    "Instrument": Instrument,
    "Request": OrderRequest,
    "Context": DecisionContext,
    "Risk check": RiskCheck,
    "Withdrawal": Withdrawal,
    "Report": VenueReport,
    "Fee": Fee,
    "Local fact": LocalFact,
    "Account event": AccountEvent,
    "Transfer lot": TransferLot,
    "Reconciliation": Reconciliation,
    "Checkpoint": Checkpoint,
}


def vocabulary(kind: fields.Kind) -> type[StrEnum] | None:
    """The vocabulary of a field; None if it has none."""
    words: type[StrEnum] | None = kind.names.get("vocabulary")
    return words


def type_of(kind: fields.Kind) -> str:
    """The name of a kind of field on the page."""
    if vocabulary(kind) is not None:
        return "word"
    return next(name for name, named in TYPES.items() if named is kind)


def is_always_present(cls: type[Value], name: str) -> bool:
    """Whether a field is never absent: it is required, or its default is written."""
    return attrs.fields_dict(cls)[name].default not in (None, "", ())


def markdown_name(cls: type[Value], name: str) -> str:
    """A field as the table has it; bold if it is always present."""
    words = vocabulary(cls.KINDS[name])
    text = f"`{name}`" if words is None else f"`{name}` ({words.__name__})"
    return f"**{text}**" if is_always_present(cls, name) else text


def table(title: str, cls: type[Value]) -> list[str]:
    """The fields of a class by type."""
    by_type: dict[str, list[str]] = {}
    for name in sorted(set(cls.KINDS) - set(UNRECORDED)):
        by_type.setdefault(type_of(cls.KINDS[name]), []).append(markdown_name(cls, name))
    rows = [f"| {kind} | {', '.join(by_type[kind])} |" for kind in [*TYPES, "word"] if kind in by_type]
    return [f"### {title}", "", "| type | fields |", "| --- | --- |", *rows, ""]


def vocabularies() -> list[str]:
    """The table of all vocabularies that fields of these classes have."""
    kinds = [kind for cls in CLASSES.values() for kind in cls.KINDS.values()]
    named = {words.__name__: words for kind in kinds if (words := vocabulary(kind)) is not None}
    named |= {"Anomaly": Anomaly, "Origin": Origin}  # of events, which have no table of kinds
    rows = [f"| {name} | {', '.join(named[name])} |" for name in sorted(named)]
    return ["### Words", "", "| vocabulary | words |", "| --- | --- |", *rows, ""]


def all_tables() -> str:
    """All tables of the page."""
    lines = [line for title, cls in CLASSES.items() for line in table(title, cls)] + vocabularies()
    return "\n".join(lines)


START, END = "<!-- written by tools/{} -->", "<!-- end of what is written -->"


def write_section(path: Path, tool: str, text: str) -> int:
    """Write the generated section of a page, between its marks; with --check only report whether it is stale.

    Returns:
        The exit code: 1 if the section is stale and was not written.
    """
    page = path.read_text("utf-8")
    start = START.format(tool)
    section = f"{start}\n\n{text}\n{END}"
    marks = f"{re.escape(start)}.*{re.escape(END)}"
    return write_file(path, re.sub(marks, lambda _: section, page, count=1, flags=re.DOTALL))


def write_file(path: Path, text: str) -> int:
    """Write a generated file; with --check only report whether it is stale.

    Returns:
        The exit code: 1 if the file is stale and was not written.
    """
    if path.exists() and path.read_text("utf-8") == text:
        return 0
    check = "--check" in sys.argv
    if not check:
        path.write_text(text, "utf-8")
    print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}")
    return int(check)


if __name__ == "__main__":
    sys.exit(write_section(PAGE, "field_tables.py", all_tables()))
