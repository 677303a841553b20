"""Tables of the history in Arrow's memory format, and in Parquet files (extra `frames`).

Applications enter at `sot.frames`. Here `kinds` gives the Arrow type of each kind of field, `batches` makes record
batches of rows, and `parquet` writes them.

What always holds:

1. No figure is rounded, unless the caller asks for `Figures.ROUNDED`.
2. Times are timestamp[us, UTC], the words of vocabularies text, what is absent null.
3. Rows are held as Python values for one batch at a time.
"""

from sot.domain.values.errors import MissingExtra

try:
    from pyarrow import RecordBatchReader, Table
except ModuleNotFoundError as error:
    raise MissingExtra("frames", "making Arrow tables") from error

from sot.adapters.arrow.batches import BATCH_ROWS, batch_reader, make_table
from sot.adapters.arrow.parquet import PARQUET, write_parquet

__all__ = ["BATCH_ROWS", "PARQUET", "RecordBatchReader", "Table", "batch_reader", "make_table", "write_parquet"]
