"""The rows of a CSV file, by the names of its header."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import attrs

from sot.adapters.imports.csv_mapping.sections import FileFormat
from sot.domain.values.errors import InvalidInput

_LONGEST_FIELD = 1_000_000


@attrs.frozen
class CsvRow:
    """A row below the header.

    Attributes:
        line: The line of the file where it ends.
        values: The texts by column; those of a row that does not fit the header are numbered.
        fits: Whether it has as many values as the header.
    """

    line: int
    values: dict[str, str]
    fits: bool = True

    @property
    def location(self) -> str:
        """Where it is, for people."""
        return f"line {self.line}"


@attrs.frozen
class CsvFile:
    """The rows of a file: those before its header, and those below."""

    preamble: Sequence[CsvRow]
    rows: Sequence[CsvRow]


def read_csv(path: Path, format: FileFormat, columns: AbstractSet[str]) -> CsvFile:
    """Read a file. Its header is the first row that has all columns; blank rows are left out.

    Raises:
        InvalidInput: No row has all columns, or the file cannot be read as CSV.
        OSError: The file cannot be read.
    """
    preamble: list[CsvRow] = []
    rows: list[CsvRow] = []
    header: list[str] = []
    for line, values in _values(path, format, columns):
        if header:
            rows.append(_row(line, header, values))
            continue
        names = _column_names(values) if len(values) >= len(columns) else []
        if columns <= set(names):
            header = names
        else:
            preamble.append(CsvRow(line, _numbered(values), fits=False))
    if not header:
        allowed = f"a file with the columns {', '.join(sorted(columns))}{_other_format(path, format, columns)}"
        raise InvalidInput(str(path), _missing(preamble, columns), allowed)
    return CsvFile(preamble, rows)


def _values(path: Path, format: FileFormat, columns: AbstractSet[str]) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding=format.encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=format.delimiter, quotechar=format.quote, strict=True)
        try:
            for values in reader:
                if any(value.strip() for value in values):
                    yield reader.line_num, values
        except UnicodeError as error:
            allowed = f"text in {format.encoding}{_other_format(path, format, columns)}"
            raise InvalidInput(f"{path} after line {reader.line_num}", str(error), allowed) from None
        except csv.Error as error:
            allowed = f"CSV in {format.encoding}{_other_format(path, format, columns)}"
            raise InvalidInput(f"{path} line {reader.line_num}", str(error), allowed) from None


_ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "cp1252")
_DELIMITERS = (",", ";", "\t", "|")
_BYTES_TO_HEADER = 64_000


def _other_format(path: Path, format: FileFormat, columns: AbstractSet[str]) -> str:
    """What to write in the mapping, if with another encoding or delimiter a line of the file has all columns."""
    with path.open("rb") as stream:
        start = stream.read(_BYTES_TO_HEADER)
    for encoding in (format.encoding, *_ENCODINGS):
        lines = [line for line in _decoded(start, encoding).splitlines() if all(name in line for name in columns)]
        for delimiter in (format.delimiter, *_DELIMITERS):
            if any(
                columns <= {_text(name.strip().strip(format.quote)) for name in line.split(delimiter)} for line in lines
            ):
                keys = {"encoding": encoding, "delimiter": delimiter}
                other = [f"{key} = {value!r}" for key, value in keys.items() if value != getattr(format, key)]
                return f"; for this one, write in [file]: {', '.join(other)}" if other else ""
    return ""


def _decoded(start: bytes, encoding: str) -> str:
    """The text of the beginning of a file; empty if it has another encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeError:
        return ""


def _column_names(values: Sequence[str]) -> list[str]:
    """The names of the columns; a name that comes again has its number behind it: `Price`, `Price 2`."""
    counts: Counter[str] = Counter()
    names = []
    for value in values:
        name = _text(value)
        counts[name] += 1
        names.append(name if counts[name] == 1 else f"{name} {counts[name]}")
    return names


def _row(line: int, header: Sequence[str], values: Sequence[str]) -> CsvRow:
    count = len(values)
    while count > len(header) and not values[count - 1].strip():
        count -= 1
    values = values[:count]
    if count != len(header):
        return CsvRow(line, _numbered(values), fits=False)
    return CsvRow(line, {name: _text(value) for name, value in zip(header, values, strict=True) if name})


def _text(value: str) -> str:
    """A value without white space around it, and without the byte order mark that some exports put before each line."""
    return value.strip().strip("\ufeff").strip()


def _numbered(values: Sequence[str]) -> dict[str, str]:
    return {str(number): value for number, value in enumerate(values, 1) if value.strip()}


def _missing(preamble: Sequence[CsvRow], columns: AbstractSet[str]) -> str:
    """What the row that is most like the header lacks."""
    if not preamble:
        return "an empty file"
    lacking = [sorted(columns - set(row.values.values())) for row in preamble]
    least = min(len(names) for names in lacking)
    return "no " + ", ".join(next(names for names in lacking if len(names) == least))
