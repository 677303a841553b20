"""Rows that one unit of work adds and changes."""

from sot.adapters.memory.tables import Changes, Table


class Row:
    """A row whose key reads are counted."""

    def __init__(self, name, text):
        self.reads = 0
        self._name = name
        self.text = text

    @property
    def name(self):
        self.reads += 1
        return self._name


def table_of_names():
    return Table("row", unique={"name": lambda row: row.name})


def test_a_row_that_was_added_and_replaced_is_found_by_its_unique_value_before_and_after_commit():
    table = table_of_names()
    changes = Changes(table)
    for number in range(3):
        changes.add(number, Row(f"n{number}", "added"))
    changes.replace(1, Row("n1", "replaced"))
    assert [changes.one("name", f"n{number}").text for number in range(3)] == ["added", "replaced", "added"]
    changes.check()
    changes.commit()
    assert [table.uniques["name"][f"n{number}"].text for number in range(3)] == ["added", "replaced", "added"]


def test_to_replace_an_added_row_reads_no_other_row():
    changes = Changes(table_of_names())
    rows = [Row(f"n{number}", "added") for number in range(100)]
    for number, row in enumerate(rows):
        changes.add(number, row)
    reads = [row.reads for row in rows]
    changes._uniques["name"] = Watched(changes._uniques["name"])
    changes.replace(99, Row("n99", "replaced"))
    assert [row.reads for row in rows] == reads
    assert changes.one("name", "n99").text == "replaced"


class Watched(dict):
    """Entries that nobody may go through."""

    def items(self):
        raise AssertionError("a scan")

    values = keys = __iter__ = items
