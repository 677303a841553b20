"""Parquet files."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, BinaryIO

import pyarrow.parquet as pq

from sot.adapters.arrow.batches import BATCH_ROWS, BatchMaker, misfit
from sot.application.tables.columns import Column
from sot.application.tables.figures import Figures
from sot.application.tables.file_format import FileFormat


def write_parquet(
    stream: BinaryIO,
    columns: Sequence[Column],
    read_rows: Callable[[], Iterable[Any]],
    figures: Figures,
) -> int:
    """Write a Parquet file, one batch of rows at a time.

    Args:
        stream: Where to write. It is written again from its beginning if a column turns out to have figures that do not
            fit `Figures.EXACT`.
        columns: The columns.
        read_rows: Reads the rows.
        figures: The type of amounts.

    Returns:
        The number of rows.

    Raises:
        InvalidInput: A figure does not fit the type that was asked for.
    """
    as_text: set[str] = set()
    while True:
        stream.seek(0)
        stream.truncate()
        maker, count = BatchMaker(columns, figures, as_text), 0
        with pq.ParquetWriter(stream, maker.schema) as writer:
            for batch in maker.batches(read_rows(), BATCH_ROWS):
                count += batch.num_rows
                writer.write_batch(batch)
        if not maker.misfits:
            return count
        if figures is not Figures.EXACT:
            raise misfit(maker, figures)
        as_text.update(maker.misfits)


PARQUET = FileFormat(
    name="parquet",
    title="Parquet",
    media_type="application/vnd.apache.parquet",
    write=partial(write_parquet, figures=Figures.EXACT),
)
"""Parquet, with amounts as `Figures.EXACT` has them."""
