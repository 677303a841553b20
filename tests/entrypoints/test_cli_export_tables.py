"""`sot export fills`, `orders`, `results` and `balances`: tables as CSV, JSON lines and Parquet."""

import csv
import io
import json
import sys
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.support.command_line import sot
from tests.support.sealed_history import one_line_of
from tests.support.tabled_history import record_what_tables_show

from sot import frames
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.testing.contract.samples import ACCOUNT

TABLES = {
    "fills": [],
    "orders": [],
    "results": ["--account", ACCOUNT, "--by", "day", "--by", "order"],
    "balances": ["--account", ACCOUNT],
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("tables") / "orders.db"
    store = SqlAlchemyStore.open(f"sqlite:///{path}")
    record_what_tables_show(store)
    store.close()
    return path


def exported(store, table, *options):
    result = sot("export", table, *TABLES[table], "--store", store, *options)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result


def csv_rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("table", TABLES)
def test_the_formats_have_the_same_rows(store, table, tmp_path):
    lines = [json.loads(line) for line in exported(store, table, "--format", "jsonl").stdout.splitlines()]
    cells = csv_rows(exported(store, table).stdout_bytes.decode())
    path = tmp_path / "table.parquet"
    exported(store, table, "--format", "parquet", "--figures", "text", "--out", path)
    parquet = pq.read_table(path).to_pylist()
    assert len(lines) == len(cells) == len(parquet) > 0
    for line, row, typed in zip(lines, cells, parquet, strict=True):
        assert line.keys() == row.keys() == typed.keys()
        for name, value in line.items():
            if value is None:
                assert row[name] == ""
                assert typed[name] is None
            elif isinstance(value, str):
                assert row[name] == value
            else:
                assert json.loads(row[name]) == value


def test_amounts_are_exact_and_times_end_with_z(store):
    rows = csv_rows(exported(store, "fills").stdout)
    assert [(row["exec_id"], row["quantity"], row["price"]) for row in rows] == [
        ("E1", "1", "100"),
        ("E3", "2", "101"),
        ("E6", "1", "110"),
    ]
    assert rows[0]["occurred_at"] == "2026-01-05T10:00:00.000000Z"
    assert (rows[0]["liquidity"], rows[0]["counts"]) == ("", "true")
    assert json.loads(rows[0]["fees"])[0] == {"amount": "0.5", "currency": "QUOTE", "fee_id": None}
    orders = csv_rows(exported(store, "orders").stdout)
    assert orders[0]["avg_price"] == "100.666666666666666666666666666666666667"


def test_parquet_is_the_table_of_the_library(store, tmp_path):
    history = SqlAlchemyStore.open(f"sqlite:///{store}")
    tables = {
        "fills": frames.fills(history),
        "orders": frames.orders(history),
        "results": frames.realized(history, ACCOUNT, by=["DAY", "ORDER"]),
        "balances": frames.balances(history, ACCOUNT),
    }
    history.close()
    for name, table in tables.items():
        path = tmp_path / f"{name}.parquet"
        result = exported(store, name, "--format", "parquet", "--out", path)
        assert result.stdout == f"{path}: {name} {table.num_rows}\n"
        assert pq.read_table(path) == table
        assert exported(store, name, "--format", "parquet").stdout_bytes == path.read_bytes()
    assert pl.read_parquet(tmp_path / "fills.parquet")["quantity"].to_list() == [Decimal(1), Decimal(2), Decimal(1)]


@pytest.mark.parametrize(
    ("figures", "type"),
    [
        ("exact", pa.string()),
        ("text", pa.string()),
        ("decimal256", pa.decimal256(76, 36)),
        ("rounded", pa.decimal128(38, 18)),
    ],
)
def test_the_type_of_amounts(store, tmp_path, figures, type):
    path = tmp_path / "orders.parquet"
    exported(store, "orders", "--format", "parquet", "--figures", figures, "--out", path)
    assert pq.read_schema(path).field("avg_price").type == type


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--account", ACCOUNT, "--venue", "VENUE", "--symbol", "BASE/QUOTE"], ["E1", "E3", "E6"]),
        (["--symbol", "OTHER"], []),
        (["--venue", "OTHER"], []),
        (["--from", "2026-01-05T10:00:01Z"], ["E3", "E6"]),
        (["--from", "2026-01-05T10:00:01Z", "--before", "2026-01-05T10:00:05Z"], ["E3"]),
    ],
)
def test_filters_of_executions(store, options, expected):
    assert [row["exec_id"] for row in csv_rows(exported(store, "fills", *options).stdout)] == expected


def test_filters_of_orders(store):
    assert csv_rows(exported(store, "orders", "--symbol", "OTHER").stdout) == []
    assert csv_rows(exported(store, "orders", "--before", "2026-01-01T00:00:00Z").stdout) == []
    assert len(csv_rows(exported(store, "orders", "--from", "2026-01-01T00:00:00Z").stdout)) == 2


def test_a_summary_of_the_file(store, tmp_path):
    path = tmp_path / "fills.csv"
    assert json.loads(exported(store, "fills", "--out", path, "--json").stdout) == {"file": str(path), "fills": 3}
    assert exported(store, "fills", "--out", path, "--quiet").stdout == ""
    assert len(csv_rows(path.read_text("utf-8"))) == 3


def test_cells_are_what_was_recorded(store, tmp_path):
    url = tmp_path / "formula.db"
    report = {
        "account_id": "main", "venue": "X", "symbol": "=1+1", "type": "TRADE", "venue_order_id": '-1,"a"',
        "side": "BUY", "exec_id": "@x", "last_quantity": "1", "last_price": "1", "adopt": True,
    }  # fmt: skip
    assert sot("record", "--store", url, lines=json.dumps({"report": report}).encode()).exit_code == 0
    (row,) = csv_rows(sot("export", "fills", "--store", url).stdout)
    assert (row["symbol"], row["venue_order_id"], row["exec_id"]) == ("=1+1", '-1,"a"', "@x")


def test_without_the_extra_text_is_written_and_parquet_says_what_to_install(store, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow" or "adapters.arrow" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for format in ("csv", "jsonl"):
        exported(store, "fills", "--format", format)
    path = tmp_path / "fills.parquet"
    result = sot("export", "fills", "--store", store, "--format", "parquet", "--out", path)
    assert "pip install 'sot-orders[frames]'" in one_line_of(result)
    assert list(tmp_path.iterdir()) == []


LATE_THEN_EARLY = ["--from", "2026-02-01", "--before", "2026-01-01"]


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        *((["export", table], LATE_THEN_EARLY, "a time after --from") for table in ("fills", "orders", "results")),
        (["orders"], LATE_THEN_EARLY, "a time after --from"),
        (["pnl"], LATE_THEN_EARLY, "a time after --from"),
        (["export", "results"], ["--rate", "BNB/XXX=3"], "into a currency of the results"),
        (["export", "orders"], ["--format", "rts24", "--figures", "text"], "it with parquet"),
    ],
)
def test_options_that_have_no_effect_are_refused(store, command, options, words):
    account = ["--account", ACCOUNT] if command[-1] in ("results", "pnl") else []
    result = sot(*command, *account, "--store", store, *options)
    assert result.exit_code == 2
    assert words in result.stderr
