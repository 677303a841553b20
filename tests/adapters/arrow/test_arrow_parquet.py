"""Parquet files of rows."""

import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sot import InvalidInput
from sot.adapters.arrow import parquet as module
from sot.adapters.arrow import write_parquet
from sot.application.tables.columns import Column
from sot.application.tables.figures import Figures
from sot.domain.values import fields

AMOUNT = [Column("amount", fields.NUMBER, lambda row: row)]


def written(amounts, figures=Figures.EXACT):
    stream = io.BytesIO()
    assert write_parquet(stream, AMOUNT, lambda: amounts, figures) == len(amounts)
    return pq.ParquetFile(io.BytesIO(stream.getvalue()))


def test_a_file_is_written_in_row_groups(monkeypatch):
    monkeypatch.setattr(module, "BATCH_ROWS", 2)
    file = written([Decimal(number) for number in range(5)])
    assert file.num_row_groups == 3
    assert file.read()["amount"].to_pylist() == [0, 1, 2, 3, 4]


def test_a_figure_that_does_not_fit_writes_the_file_anew(monkeypatch):
    monkeypatch.setattr(module, "BATCH_ROWS", 1)
    third = Decimal("0.333333333333333333333333333333333333")
    file = written([Decimal(1), third, Decimal(2)])
    assert file.schema_arrow.field("amount").type == pa.string()
    assert file.read()["amount"].to_pylist() == ["1", str(third), "2"]


def test_no_rows_make_a_file_with_columns():
    assert written([]).read().schema.names == ["amount"]


def test_what_fits_nowhere_is_refused():
    with pytest.raises(InvalidInput, match="'text' holds any"):
        write_parquet(io.BytesIO(), AMOUNT, lambda: [Decimal("1e40")], Figures.DECIMAL256)
