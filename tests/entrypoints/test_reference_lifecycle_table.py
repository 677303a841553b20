"""The lifecycle table as data says what the page says."""

import csv
import json
import re
from pathlib import Path

import pytest

from sot.entrypoints.reference.lifecycle_table import lifecycle_cells, table_csv, table_json
from sot.testing.vectors import bundled

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "lifecycle-table.md"
OF_DAY_ORDER, REFUSED = " *of a day order*", "*refused*"


def outcomes_of_the_page():
    """The outcomes that the page shows, by status and event."""
    found, event = {}, None
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("### "):
            event = line[4:]
        elif (row := re.fullmatch(r"\| ([A-Z_]+) \| (.+) \|", line)) is not None:
            found[row[1], event] = row[2].split(", ")
    return found


@pytest.fixture(scope="module")
def cells():
    return lifecycle_cells(bundled())


def test_json_has_every_entry_of_the_page(cells):
    shown = {
        (cell["before"], cell["event"]): [
            *cell["after"],
            *(status + OF_DAY_ORDER for status in cell["after_of_day_order"]),
            *([REFUSED] if cell["refused"] else []),
        ]
        for cell in json.loads(table_json(cells))
    }
    page = outcomes_of_the_page()
    assert len(page) > 300
    assert shown == page


def test_csv_has_a_row_for_every_outcome(cells):
    rows = list(csv.DictReader(table_csv(cells).splitlines()))
    words = {"all": "{}", "day": "{}" + OF_DAY_ORDER}
    shown = {}
    for row in rows:
        outcome = REFUSED if row["after"] == "refused" else words[row["orders"]].format(row["after"])
        shown.setdefault((row["before"], row["event"]), []).append(outcome)
    assert shown == outcomes_of_the_page()
