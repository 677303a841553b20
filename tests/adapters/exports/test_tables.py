"""Tables as text: the formats that write the same rows to a stream of bytes."""

import io
import json
from decimal import Decimal as D

import pytest

from sot.adapters.exports.tables import CSV, JSON_LINES
from sot.application.tables.columns import Column
from sot.domain.values.fields import NUMBER, TEXT

COLUMNS = [Column("name", TEXT, lambda row: row[0]), Column("price", NUMBER, lambda row: row[1])]
ROWS = [("=1+1", D("10.5")), ('a,"b"\nc', None), ("ä\u202e", D("0.000000000000000001"))]


def written(format, rows=ROWS):
    stream = io.BytesIO()
    assert format.write(stream, COLUMNS, lambda: iter(rows)) == len(rows)
    assert not stream.closed
    return stream.getvalue()


def test_csv_is_utf8_with_names_and_exact_cells():
    assert written(CSV).decode() == ('name,price\r\n=1+1,10.5\r\n"a,""b""\nc",\r\nä\u202e,0.000000000000000001\r\n')


def test_json_lines_have_names():
    lines = [json.loads(line) for line in written(JSON_LINES).decode().split("\n")[:-1]]
    prices = ["10.5", None, "0.000000000000000001"]
    assert lines == [{"name": name, "price": price} for (name, _), price in zip(ROWS, prices, strict=True)]


@pytest.mark.parametrize("format", [CSV, JSON_LINES])
def test_the_stream_stays_open_after_an_error(format):
    def failing():
        yield ROWS[0]
        raise RuntimeError("damaged")

    stream = io.BytesIO()
    with pytest.raises(RuntimeError, match="damaged"):
        format.write(stream, COLUMNS, failing)
    assert not stream.closed
