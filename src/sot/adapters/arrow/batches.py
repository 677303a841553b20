"""Record batches of rows: as a stream, or put together to a table."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from sot.adapters.arrow.kinds import DoesNotFit, arrow_kind
from sot.application.tables.columns import Column
from sot.application.tables.figures import Figures
from sot.domain.values.errors import InvalidInput

BATCH_ROWS = 10_000
"""The rows of a batch, if the caller does not say."""


class BatchMaker:
    """Makes record batches of the rows of one table.

    Attributes:
        schema: The schema of the batches.
        misfits: The columns of which a figure did not fit, with that figure. Their values are null from there on: a
            table with such a column must not be used.
    """

    def __init__(self, columns: Sequence[Column], figures: Figures, as_text: Collection[str] = ()) -> None:
        self._columns = columns
        self._kinds = [
            arrow_kind(column.kind.schema(True), Figures.TEXT if column.name in as_text else figures)
            for column in columns
        ]
        self.schema = pa.schema([(column.name, kind.type) for column, kind in zip(columns, self._kinds, strict=True)])
        self.misfits: dict[str, str] = {}

    def batches(self, rows: Iterable[Any], batch_rows: int) -> Iterator[pa.RecordBatch]:
        """Iterate the batches of rows, each of at most so many."""
        remaining = iter(rows)
        while part := list(islice(remaining, batch_rows)):
            arrays = [self._array(number, part) for number in range(len(self._columns))]
            yield pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _array(self, number: int, rows: Sequence[Any]) -> pa.Array:
        column, kind = self._columns[number], self._kinds[number]
        if column.name not in self.misfits:
            try:
                return pa.array([kind.value(column.json(row)) for row in rows], kind.type)
            except DoesNotFit as error:
                self.misfits[column.name] = error.text
        return pa.nulls(len(rows), kind.type)


def make_table(columns: Sequence[Column], read_rows: Callable[[], Iterable[Any]], figures: Figures) -> pa.Table:
    """Make a table.

    Args:
        columns: Its columns.
        read_rows: Reads the rows; called again if a column turns out to have figures that do not fit.
        figures: The type of amounts.

    Raises:
        InvalidInput: A figure fits neither the type that was asked for nor a wider one.
    """
    as_text: set[str] = set()
    while True:
        maker = BatchMaker(columns, figures, as_text)
        table = pa.Table.from_batches(maker.batches(read_rows(), BATCH_ROWS), maker.schema)
        if not maker.misfits:
            return table
        if figures is not Figures.EXACT:
            raise misfit(maker, figures)
        as_text.update(maker.misfits)


def batch_reader(
    columns: Sequence[Column], rows: Iterable[Any], figures: Figures, batch_rows: int = BATCH_ROWS
) -> pa.RecordBatchReader:
    """Make a stream of batches: only one of them is in memory at a time.

    The stream raises InvalidInput at a figure that does not fit, since its columns cannot change any more.

    Args:
        columns: The columns.
        rows: The rows, read as the stream is.
        figures: The type of amounts.
        batch_rows: How many rows a batch has at most.

    Raises:
        InvalidInput: `batch_rows` is not a positive number.
    """
    if type(batch_rows) is not int or batch_rows < 1:
        raise InvalidInput("batch_rows", batch_rows, "a number of rows, at least 1")
    maker = BatchMaker(columns, figures)
    return pa.RecordBatchReader.from_batches(maker.schema, checked_batches(maker, rows, figures, batch_rows))


def checked_batches(
    maker: BatchMaker, rows: Iterable[Any], figures: Figures, batch_rows: int
) -> Iterator[pa.RecordBatch]:
    """Iterate the batches up to one with a figure that does not fit.

    Raises:
        InvalidInput: There is such a figure.
    """
    for batch in maker.batches(rows, batch_rows):
        if maker.misfits:
            raise misfit(maker, figures)
        yield batch


def misfit(maker: BatchMaker, figures: Figures) -> InvalidInput:
    """The error for the first figure that did not fit."""
    name, text = next(iter(maker.misfits.items()))
    return InvalidInput(name, text, f"a figure that fits the type of figures={figures.value!r}; 'text' holds any")
