"""Reading a CSV by a mapping."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from sot.adapters.imports.csv_mapping.csv_rows import CsvRow, read_csv
from sot.adapters.imports.csv_mapping.events import read_event
from sot.adapters.imports.csv_mapping.expressions import Remarks
from sot.adapters.imports.csv_mapping.legs import Ledger, read_legs
from sot.adapters.imports.csv_mapping.row_facts import Reading
from sot.adapters.imports.csv_mapping.sections import CsvMapping
from sot.adapters.imports.csv_mapping.trades import read_trade
from sot.adapters.imports.row_error import RowError
from sot.domain.values.errors import InvalidInput
from sot.ports.readers import ImportItem, Reader, ReaderOptions, Remark, Skipped

BEFORE_THE_HEADER = "it is above the header"
NO_SECTION = "no section of the mapping takes the row"


class MappingReader(Reader):
    """Reads a CSV file by a mapping."""

    def __init__(self, mapping: CsvMapping) -> None:
        self._mapping = mapping
        self.title = mapping.title
        self.finished_orders = mapping.finished_orders

    def read(self, source: str, options: ReaderOptions) -> Iterator[ImportItem]:
        """Read a file; see `Reader.read`."""
        mapping = self._mapping
        reading = Reading(mapping, options, _venue(mapping, options))
        if options.zone is not None and mapping.zone is not None:
            raise InvalidInput("--zone", str(options.zone), f"nothing: the mapping says {mapping.zone}")
        file = read_csv(Path(source), mapping.file, mapping.columns)
        for row in file.preamble:
            yield Skipped(reason=BEFORE_THE_HEADER, row=row.values, location=row.location, expected=True)
        ledger = Ledger()
        for row in reversed(file.rows) if mapping.newest_first else file.rows:
            yield from _read_row(reading, ledger, row)
        for reference, legs in ledger.legs.items():
            try:
                yield from reading.without_repeated_instruments(read_legs(reading, reference, legs))
            except RowError as error:
                for leg in legs:
                    yield Skipped(reason=error.reason, row=leg.row.values, location=leg.row.location)
        for _, statement in reading.balances.values():
            yield statement


def _venue(mapping: CsvMapping, options: ReaderOptions) -> str:
    venue = options.venue or mapping.venue
    if venue is None:
        raise InvalidInput("--venue", None, "the name of the venue: the mapping has none")
    return venue


def _read_row(reading: Reading, ledger: Ledger, row: CsvRow) -> Iterable[ImportItem]:
    """What a row states, by each section that takes it."""
    mapping = reading.mapping
    if not row.fits:
        return [Skipped(reason="it has more or fewer values than the header", row=row.values, location=row.location)]
    remarks: Remarks = []
    try:
        for ignored in mapping.ignored:
            if ignored.when.holds(row.values):
                return [Skipped(reason=ignored.reason, row=row.values, location=row.location, expected=True)]
        trades = [section for section in mapping.trades if section.when.holds(row.values)]
        events = [section for section in mapping.events if section.when.holds(row.values)]
        legs = [section for section in mapping.legs if section.when.holds(row.values)]
        if not trades and not events and not legs:
            return [Skipped(reason=NO_SECTION, row=row.values, location=row.location)]
        items = [item for section in trades for item in read_trade(reading, section, row, remarks)]
        items += [item for section in events for item in read_event(reading, section, row, remarks)]
        for section in legs:
            ledger.add(reading, section, row, remarks)
        items = [*reading.without_repeated_instruments(items)]
    except RowError as error:
        return [Skipped(reason=error.reason, row=row.values, location=row.location)]
    return [*items, *(Remark(text=text, row=row.values, location=row.location) for text in remarks)]
