"""Write the tables of fields and codes into docs/reference/fix.md, from the adapter's own tables.

Run by `make docs`; the page is committed, so that a change of the tables shows as a difference.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence

from field_tables import ROOT, write_section

from sot.adapters.fix import vocabulary
from sot.adapters.fix.fields import EXECUTION_REPORT, ORDER_CANCEL_REJECT, FixField

PAGE = ROOT / "docs" / "reference" / "fix.md"
CODES: Mapping[str, Mapping[str, str]] = {
    "ExecType (150)": vocabulary.EXEC_TYPES,
    "ExecTransType (20), FIX 4.2, before ExecType": vocabulary.EXEC_TRANS_TYPES,
    "CxlRejResponseTo (434)": vocabulary.CANCEL_REJECTS,
    "OrdStatus (39)": vocabulary.ORDER_STATUSES,
    "Side (54)": vocabulary.SIDES,
    "OrdType (40)": vocabulary.ORDER_TYPES,
    "TimeInForce (59)": vocabulary.TIMES_IN_FORCE,
    "LastLiquidityInd (851)": vocabulary.LIQUIDITY,
    "MultiLegReportingType (442)": vocabulary.REPORTING_TYPES,
    "OrdRejReason (103)": vocabulary.ORDER_REJECT_REASONS,
    "CxlRejReason (102)": vocabulary.CANCEL_REJECT_REASONS,
    "ExecRestatementReason (378)": vocabulary.RESTATEMENT_REASONS,
}
VERSIONS = ("4.2", "4.4", "5.0 SP2")


def rows(title: str, columns: Sequence[str], cells: Iterable[Sequence[str]]) -> list[str]:
    """A table with its title."""
    lines = [" | ".join(row) for row in (columns, ["---"] * len(columns), *cells)]
    return [f"### {title}", "", *(f"| {line} |" for line in lines), ""]


def in_version(field: FixField, version: str) -> str:
    """The name of a field in a version; empty if the version does not have it in this message."""
    if VERSIONS.index(version) < VERSIONS.index(field.since):
        return ""
    return field.former_name or field.name if version == VERSIONS[0] else field.name


def fields(title: str, message: Iterable[FixField]) -> list[str]:
    """The fields of a message: tag, name in each version, and the report field."""
    cells = [[str(f.tag), *(in_version(f, version) for version in VERSIONS), f"`{f.report_field}`"] for f in message]
    return rows(title, ["tag", *(f"FIX {version}" for version in VERSIONS), "becomes"], cells)


def codes() -> list[str]:
    """The term of every code."""
    lists = [", ".join(f"{code} {term}" for code, term in table.items()) for table in CODES.values()]
    return rows("Codes", ["field", "codes"], zip(CODES, lists, strict=True))


def tables() -> str:
    """All tables of the page."""
    return "\n".join(
        [
            *fields("ExecutionReport (35=8)", EXECUTION_REPORT),
            *fields("OrderCancelReject (35=9)", ORDER_CANCEL_REJECT),
            *codes(),
        ]
    )


if __name__ == "__main__":
    sys.exit(write_section(PAGE, "fix_tables.py", tables()))
