"""Tables of Arrow through other libraries and Parquet, and back."""

import io

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq


def through_parquet(table):
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return pq.read_table(io.BytesIO(stream.getvalue()))


def through_pandas(table):
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def through_polars(table):
    return pl.from_arrow(table).to_arrow()


def through_polars_parquet(table):
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return pl.read_parquet(io.BytesIO(stream.getvalue())).to_arrow()


WAYS = (lambda table: table, through_parquet, through_pandas, through_polars, through_polars_parquet)
"""The ways that a table takes: none of them changes a value."""
