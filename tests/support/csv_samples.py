"""The reader suite for formats that are CSV files: their rows, in other orders and in parts that overlap."""

import csv
import io
from pathlib import Path

from sot.adapters.memory import MemoryStore
from sot.entrypoints.readers import open_reader
from sot.ports.readers import ReaderOptions
from sot.testing.contract.reader import ReaderContract

SAMPLES = Path(__file__).parent.parent / "data" / "imports"


class CsvReaderContract(ReaderContract):
    """Tests for a shipped mapping and its sample, which has the header in its first line."""

    FORMAT = ""
    SAMPLE = ""
    ZONE = None
    DELIMITER = ","
    NEWEST_FIRST = False
    CUT = 0.5

    def reader(self):
        return open_reader(self.FORMAT)

    def options(self):
        return ReaderOptions(account_id="main", zone=self.ZONE)

    def source(self, tmp_path):
        return str(SAMPLES / (self.SAMPLE or f"{self.FORMAT}.csv"))

    def new_store(self):
        return MemoryStore()

    def rows(self):
        header, *rows = self._values()
        return [dict(zip(header, (value.strip() for value in row), strict=True)) for row in rows]

    def in_other_order(self, tmp_path):
        header, *rows = self._values()
        return self._write(tmp_path / "shuffled.csv", [header, *rows[1::2], *rows[::2]])

    def overlapping(self, tmp_path):
        header, *rows = self._values()
        middle = int(len(rows) * self.CUT)
        early, late = [header, *rows[: middle + 2]], [header, *rows[middle - 1 :]]
        if self.NEWEST_FIRST:
            early, late = late, early
        return [self._write(tmp_path / "early.csv", early), self._write(tmp_path / "late.csv", late)]

    def _values(self):
        text = Path(self.source(None)).read_text("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=self.DELIMITER) if any(row)]
        header = [name.strip() for name in rows[0]]
        numbered = [name if header.index(name) == place else f"{name} 2" for place, name in enumerate(header)]
        return [numbered, *rows[1:]]

    def _write(self, path, rows):
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=self.DELIMITER).writerows(rows)
        return str(path)
