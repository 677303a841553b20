"""Write the tables of fields and codes into docs/reference/fix.md, from the adapter's own tables.

Run by `make docs`; the page is committed, so that a change of the tables shows as a difference.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence

from field_tables import ROOT, write_section

from sot.adapters.fix import vocabulary
from sot.adapters.fix.fields import (
    EXECUTION_REPORT,
    NEW_ORDER,
    ORDER_CANCEL_REJECT,
    ORDER_CANCEL_REQUEST,
    ORDER_REPLACE_REQUEST,
    REJECT,
    FixField,
    Needed,
)

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
    "BusinessRejectReason (380)": vocabulary.BUSINESS_REJECT_REASONS,
    "SessionRejectReason (373)": vocabulary.SESSION_REJECT_REASONS,
    "PositionEffect (77)": vocabulary.POSITION_EFFECTS,
    "MsgType (35) of requests, RefMsgType (372)": vocabulary.REQUESTS,
    "a reject (35=j, 35=3) of a request": vocabulary.REJECTS,
}
UNREADABLE = {
    Needed.ALWAYS: "refuses the message",
    Needed.BUT_FOR_EXECUTIONS: "of an execution it is left out, else it refuses the message",
    Needed.NEVER: "is left out",
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


def fields(title: str, message: Sequence[FixField], *, is_report: bool = True) -> list[str]:
    """The fields of a message: tag, name in each version, what it becomes; of a report, whether it must be readable."""
    columns = ["tag", *(f"FIX {version}" for version in VERSIONS), "becomes"]
    cells = [[str(f.tag), *(in_version(f, version) for version in VERSIONS), f"`{f.report_field}`"] for f in message]
    if is_report:
        columns.append("if it cannot be read")
        cells = [[*cell, UNREADABLE[f.needed]] for f, cell in zip(message, cells, strict=True)]
    return rows(title, columns, cells)


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
            *fields("BusinessMessageReject (35=j), Reject (35=3)", REJECT),
            *fields("NewOrderSingle (35=D), NewOrderMultileg (35=AB)", NEW_ORDER, is_report=False),
            *fields(
                "OrderCancelReplaceRequest (35=G), MultilegOrderCancelReplace (35=AC)",
                ORDER_REPLACE_REQUEST,
                is_report=False,
            ),
            *fields("OrderCancelRequest (35=F)", ORDER_CANCEL_REQUEST, is_report=False),
            *codes(),
        ]
    )


if __name__ == "__main__":
    sys.exit(write_section(PAGE, "fix_tables.py", tables()))
