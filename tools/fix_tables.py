"""Write the tables of fields and codes into docs/reference/fix.md, from the adapter's own tables.

Run by `make docs`; the results are committed, so that a change of what is read shows as a difference.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence

from field_tables import ROOT, keep

from sot.adapters.fix import words
from sot.adapters.fix.fields import EXECUTION_REPORT, ORDER_CANCEL_REJECT, FixField

PAGE = ROOT / "docs" / "reference" / "fix.md"
CODES: Mapping[str, Mapping[str, str]] = {
    "ExecType (150)": words.EXEC_TYPES,
    "ExecTransType (20), FIX 4.2, before ExecType": words.EXEC_TRANS_TYPES,
    "CxlRejResponseTo (434)": words.CANCEL_REJECTS,
    "OrdStatus (39)": words.ORDER_STATUSES,
    "Side (54)": words.SIDES,
    "OrdType (40)": words.ORDER_TYPES,
    "TimeInForce (59)": words.TIMES_IN_FORCE,
    "LastLiquidityInd (851)": words.LIQUIDITY,
    "MultiLegReportingType (442)": words.REPORTING_TYPES,
    "OrdRejReason (103)": words.ORDER_REJECT_REASONS,
    "CxlRejReason (102)": words.CANCEL_REJECT_REASONS,
    "ExecRestatementReason (378)": words.RESTATEMENT_REASONS,
}
VERSIONS = ("4.2", "4.4", "5.0 SP2")


def rows(title: str, columns: Sequence[str], cells: Iterable[Sequence[str]]) -> list[str]:
    """A table with its title."""
    lines = [" | ".join(row) for row in (columns, ["---"] * len(columns), *cells)]
    return [f"### {title}", "", *(f"| {line} |" for line in lines), ""]


def in_version(field: FixField, version: str) -> str:
    """What a version calls the field; nothing where it does not have it in this message."""
    if VERSIONS.index(version) < VERSIONS.index(field.since):
        return ""
    return field.formerly or field.name if version == VERSIONS[0] else field.name


def fields(title: str, known: Iterable[FixField]) -> list[str]:
    """The fields of one message: tag, its name in each version, what it becomes."""
    cells = [[str(f.tag), *(in_version(f, version) for version in VERSIONS), f"`{f.becomes}`"] for f in known]
    return rows(title, ["tag", *(f"FIX {version}" for version in VERSIONS), "becomes"], cells)


def codes() -> list[str]:
    """The words of every code."""
    lists = [", ".join(f"{code} {word}" for code, word in table.items()) for table in CODES.values()]
    return rows("Codes", ["field", "codes"], zip(CODES, lists, strict=True))


def told() -> str:
    """All tables, as the page should have them."""
    return "\n".join(
        [
            *fields("ExecutionReport (35=8)", EXECUTION_REPORT),
            *fields("OrderCancelReject (35=9)", ORDER_CANCEL_REJECT),
            *codes(),
        ]
    )


if __name__ == "__main__":
    sys.exit(keep(PAGE, "fix_tables.py", told()))
